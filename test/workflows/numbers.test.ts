import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  amountMinor,
  divideRounded,
  formatMicro,
  formatMoney,
  formatRate,
  microToNumber,
  minorToBase,
  parseMicro,
  parseScaled,
  rateFromBase,
  sumOf,
} from '../../src/workflows/numbers.ts';

const micro = (value: unknown): bigint => parseMicro(value) ?? -1n;

describe('numbers', () => {
  test('numbers and numeric text are read alike', () => {
    expect(parseMicro(12.99)).toBe(12_990_000n);
    expect(parseMicro('12.99')).toBe(12_990_000n);
    expect(parseMicro(' -0.0125 ')).toBe(-12_500n);
    expect(parseMicro(1e-6)).toBe(1n);
    expect(parseMicro('1e3')).toBe(1_000_000_000n);
  });

  test('what is no plain decimal is not taken for a number', () => {
    for (const value of [
      '',
      'twelve',
      '1,000',
      '0x10',
      Number.NaN,
      Number.POSITIVE_INFINITY,
      null,
      undefined,
      true,
      {},
    ])
      expect(parseMicro(value)).toBeUndefined();
    expect(parseMicro('9'.repeat(40))).toBeUndefined();
  });

  test('more than six places round half away from zero', () => {
    expect(parseMicro('0.0000005')).toBe(1n);
    expect(parseMicro('-0.0000005')).toBe(-1n);
    expect(parseMicro('0.00000049')).toBe(0n);
    expect(divideRounded(-7n, 2n)).toBe(-4n);
  });

  test('ten times 0.1 is 1', () => {
    expect(sumOf(Array.from({ length: 10 }, () => micro(0.1)))).toBe(micro(1));
  });

  test('every quantity of six places survives reading and printing', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -999_999_999_999_999n, max: 999_999_999_999_999n }), (value) => {
        expect(parseMicro(formatMicro(value))).toBe(value);
        expect(parseMicro(microToNumber(value))).toBe(value);
      }),
    );
  });

  test('a line is rounded once, in the minor unit of its currency', () => {
    expect(amountMinor(micro(12), micro(12.99), 'USD')).toBe(15_588n);
    expect(amountMinor(micro(3), micro(0.0125), 'USD')).toBe(4n);
    expect(amountMinor(micro(3), micro(0.5), 'JPY')).toBe(2n);
    expect(amountMinor(micro(2.5), micro(0.1), 'KWD')).toBe(250n);
  });

  test('money prints with the places of its currency, rates with those they have', () => {
    expect(formatMoney(15_588n, 'USD')).toBe('155.88 USD');
    expect(formatMoney(-5n, 'EUR')).toBe('-0.05 EUR');
    expect(formatMoney(1200n, 'JPY')).toBe('1200 JPY');
    expect(formatRate(micro(0.0125))).toBe('0.0125');
    expect(formatRate(micro(12))).toBe('12.00');
  });

  test('50 dollars at 1.10 dollars a euro are 45.454545 euros, and 25 of them cost 1250 dollars again', () => {
    const nano = parseScaled(1.1, 9) ?? 0n;
    const rate = rateFromBase(micro(50), nano);
    expect(formatRate(rate)).toBe('45.454545');
    const cost = amountMinor(micro(25), rate, 'EUR');
    expect(formatMoney(cost, 'EUR')).toBe('1136.36 EUR');
    expect(formatMoney(minorToBase(cost, nano, 'EUR', 'USD'), 'USD')).toBe('1250.00 USD');
  });
});
