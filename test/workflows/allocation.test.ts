import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate, type Supply } from '../../src/workflows/allocation.ts';

const one = 1_000_000n;
const units = (count: number): bigint => BigInt(Math.round(count * 1e6));
const supply = (available: number | undefined, more: Partial<Supply> = {}): Supply => ({
  available: available === undefined ? undefined : units(available),
  places: new Map(),
  parts: [],
  ...more,
});
const refuse = { beyond: false };

describe('allocation', () => {
  test('two lines of one item are counted together', () => {
    const lines = [30, 30].map((count) => ({ itemId: '1', quantity: units(count) }));
    const [first, second] = allocate(lines, new Map([['1', supply(50)]]), refuse);
    expect(first).toMatchObject({ before: units(50), promised: units(30), short: 0n });
    expect(second).toMatchObject({ before: units(20), promised: units(20), short: units(10) });
  });

  test('a warehouse gives what it has, and no more than the item has in all', () => {
    const places = new Map<string, bigint | undefined>([
      ['oakland', units(8)],
      ['newark', units(40)],
    ]);
    const supplies = new Map([['1', supply(10, { places })]]);
    const lines = [
      { itemId: '1', warehouseId: 'oakland', quantity: units(9) },
      { itemId: '1', warehouseId: 'newark', quantity: units(9) },
    ];
    expect(allocate(lines, supplies, refuse).map(({ promised }) => promised)).toEqual([units(8), units(2)]);
  });

  test('what is promised already is not promised again', () => {
    const [line] = allocate([{ itemId: '1', quantity: units(1) }], new Map([['1', supply(-5)]]), refuse);
    expect(line).toMatchObject({ before: units(-5), promised: 0n, short: units(1) });
  });

  test.each([
    ['as much as is free in all', 10, 4, 4],
    ['nothing where all is promised elsewhere', 10, -4, 0],
    ['its own lack where it has promised too much itself', -1, -10, -1],
    ['its own lack where others have more', -1, 10, -1],
  ])('a warehouse can promise %s', (_, there, all, before) => {
    const supplies = new Map([['1', supply(all, { places: new Map([['newark', units(there)]]) })]]);
    const [line] = allocate([{ itemId: '1', warehouseId: 'newark', quantity: units(1) }], supplies, refuse);
    expect(line?.before).toBe(units(before));
  });

  test('services take from nothing', () => {
    const [line] = allocate([{ itemId: '1', quantity: units(1e6) }], new Map([['1', supply(undefined)]]), refuse);
    expect(line).toMatchObject({ before: undefined, promised: units(1e6), short: 0n });
  });

  test('a kit and its own part take from the same stock, and only whole kits are promised', () => {
    const parts = [{ itemId: 'speaker', name: 'Speaker', needed: units(2) }];
    const supplies = new Map([
      ['kit', supply(5, { parts })],
      ['speaker', supply(9)],
    ]);
    const lines = [
      { itemId: 'speaker', quantity: units(4) },
      { itemId: 'kit', quantity: units(4) },
    ];
    const [, kits] = allocate(lines, supplies, refuse);
    expect(kits).toMatchObject({ before: 2n * one, promised: 2n * one, short: 2n * one });
  });

  test('a backorder takes its whole quantity and leaves less than nothing', () => {
    const lines = [6, 6].map((count) => ({ itemId: '1', quantity: units(count) }));
    const [first, second] = allocate(lines, new Map([['1', supply(10)]]), { beyond: true });
    expect(first).toMatchObject({ after: units(4), short: 0n });
    expect(second).toMatchObject({ before: units(4), short: units(2), after: units(-2) });
  });

  test('whatever is asked, no more is promised than there is', () => {
    const line = fc.record({ item: fc.constantFrom('a', 'b', 'kit'), count: fc.integer({ min: 0, max: 40 }) });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.nat(50), fc.nat(50), (wanted, a, b) => {
        const parts = [
          { itemId: 'a', name: 'a', needed: units(1) },
          { itemId: 'b', name: 'b', needed: units(2.5) },
        ];
        const supplies = new Map([
          ['a', supply(a)],
          ['b', supply(b)],
          ['kit', supply(100, { parts })],
        ]);
        const lines = wanted.map(({ item, count }) => ({ itemId: item, quantity: units(count) }));
        let [usedA, usedB] = [0n, 0n];
        for (const [index, { promised, short }] of allocate(lines, supplies, refuse).entries()) {
          expect(promised + short).toBe(lines[index]?.quantity);
          if (lines[index]?.itemId !== 'b') usedA += promised;
          if (lines[index]?.itemId === 'b') usedB += promised;
          if (lines[index]?.itemId === 'kit') usedB += (promised * 5n) / 2n;
        }
        expect(usedA <= units(a)).toBe(true);
        expect(usedB <= units(b)).toBe(true);
      }),
    );
  });
});
