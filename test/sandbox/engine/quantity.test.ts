import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  amountMinor,
  convertMinor,
  divideRounded,
  fromMicro,
  fromMinor,
  multiplyRounded,
  toMicro,
} from '../../../src/sandbox/engine/quantity.ts';

describe('toMicro', () => {
  test.each([
    [79.99, 79_990_000],
    ['79.99', 79_990_000],
    [0.0125, 12_500],
    [0.1 + 0.2, 300_000],
    [1e-6, 1],
    [4e-7, 0],
    [5e-7, 1],
    [-5e-7, -1],
    ['  12 ', 12_000_000],
    ['.5', 500_000],
    ['5.', 5_000_000],
    ['1e3', 1_000_000_000],
    [1_000_000_000, 1_000_000_000_000_000],
    [-0, 0],
  ])('reads %s as %d millionths', (value, expected) => {
    expect(toMicro(value)).toBe(expected);
  });

  test.each([
    [Number.POSITIVE_INFINITY],
    [Number.NaN],
    ['abc'],
    [''],
    ['.'],
    ['1,000'],
    ['0x10'],
    [1_000_000_001],
    ['1e99'],
    [true],
    [null],
    [[1]],
  ])('refuses %s', (value) => {
    expect(toMicro(value)).toBeUndefined();
  });

  test('reads back every decimal of six places that it printed', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e15, max: 1e15 }), (value) => toMicro(fromMicro(value)) === value),
      { numRuns: 2000, seed: 1 },
    );
  });
});

describe('rounding', () => {
  test.each([
    [5n, 10n, 1n],
    [-5n, 10n, -1n],
    [4n, 10n, 0n],
    [15n, 10n, 2n],
    [-15n, 10n, -2n],
    [25n, 10n, 3n],
    [5n, -10n, -1n],
  ])('goes half away from zero: %d / %d = %d', (top, bottom, expected) => {
    expect(divideRounded(top, bottom)).toBe(expected);
  });

  test('happens once in a product, whatever its size', () => {
    expect(amountMinor(10_000_000_000, 12_500, 2)).toBe(12_500); // 10,000 screws at 0.0125
    expect(amountMinor(1_000_000, 12_500, 2)).toBe(1); // one of them: 1.25 cents
    expect(amountMinor(3_000_000, 12_500, 2)).toBe(4); // 3.75 cents
    expect(amountMinor(2_000_000, 1_005_000, 2)).toBe(201); // 1.005 twice; floats say 2.0099999
    expect(multiplyRounded(999_999_999_999, 999_999_999_999, 1_000_000_000_000)).toBe(999_999_999_998);
  });

  test('refuses an amount that a number cannot carry', () => {
    expect(() => amountMinor(1e15, 1e15, 2)).toThrow('Invalid field value');
  });

  test('converts amounts between currencies of different minor units', () => {
    expect(convertMinor(125_000, 2, 1_100_000, 2)).toBe(137_500); // 1,250.00 EUR at 1.10
    expect(convertMinor(10_000, 0, 6_700, 2)).toBe(6_700); // 10,000 JPY at 0.0067 = 67.00
  });

  test('prints minor units as the number that shows them', () => {
    expect(fromMinor(288_944, 2)).toBe(2889.44);
    expect(fromMinor(1_000, 0)).toBe(1000);
  });
});
