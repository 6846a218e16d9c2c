import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionOf, reorderOf, type Stock } from '../../../src/workflows/buying/reorder-rules.ts';

const units = (count: number): bigint => BigInt(Math.round(count * 1e6));
const stock = (figures: Partial<Record<keyof Stock, number>>): Stock => ({
  onHand: units(figures.onHand ?? 0),
  committed: units(figures.committed ?? 0),
  onOrder: units(figures.onOrder ?? 0),
  inDrafts: units(figures.inDrafts ?? 0),
  inTransit: units(figures.inTransit ?? 0),
  level: units(figures.level ?? 0),
});

describe('reordering by position', () => {
  test('3 speakers of which 8 are promised are brought to twice the level of 10', () => {
    const { position, quantity, why } = reorderOf('position', stock({ onHand: 3, committed: 8, level: 10 }));
    expect([position, quantity]).toEqual([units(-5), units(25)]);
    expect(why).toBe('position -5 is at or below level 10; ordered up to 20');
  });

  test('what is on order, in drafts or in transit counts', () => {
    expect(reorderOf('position', stock({ onHand: 4, onOrder: 40, level: 15 })).quantity).toBe(0n);
    expect(reorderOf('position', stock({ onHand: 9, inDrafts: 5, level: 10 })).quantity).toBe(0n);
    expect(reorderOf('position', stock({ onHand: 2, inTransit: 9, level: 10 })).quantity).toBe(0n);
  });

  test('at the level it orders, above it does not', () => {
    expect(reorderOf('position', stock({ onHand: 10, level: 10 })).quantity).toBe(units(10));
    expect(reorderOf('position', stock({ onHand: 10.000001, level: 10 })).quantity).toBe(0n);
  });

  test('without a level only what is promised beyond stock is ordered', () => {
    expect(reorderOf('position', stock({ onHand: 0 })).quantity).toBe(0n);
    expect(reorderOf('position', stock({ onHand: 1, committed: 4 })).quantity).toBe(units(3));
  });

  test('the target, then the minimum, then whole packs', () => {
    const low = stock({ onHand: 8, level: 10 });
    expect(reorderOf('position', low, { target: units(30) }).quantity).toBe(units(22));
    expect(reorderOf('position', low, { minimum: units(15) }).quantity).toBe(units(15));
    expect(reorderOf('position', low, { minimum: units(15), pack: units(12) }).quantity).toBe(units(24));
    expect(reorderOf('position', low, { target: units(5), minimum: units(15) }).quantity).toBe(0n);
  });

  test('whatever the stock, a second run after the first orders nothing', () => {
    const figure = fc.integer({ min: 0, max: 500 });
    const figures = fc.record({
      onHand: figure,
      committed: figure,
      onOrder: figure,
      inDrafts: figure,
      inTransit: figure,
      level: figure,
    });
    fc.assert(
      fc.property(figures, fc.nat(30), fc.nat(30), (given, minimum, pack) => {
        const before = stock(given);
        const limits = { minimum: units(minimum), pack: units(pack) };
        const { quantity } = reorderOf('position', before, limits);
        const after = { ...before, inDrafts: before.inDrafts + quantity };
        expect(reorderOf('position', after, limits).quantity).toBe(0n);
        if (quantity > 0n) expect(positionOf(after) >= 2n * before.level).toBe(true);
      }),
    );
  });
});

describe("reordering by the reference's formula", () => {
  test('it looks at what is on hand and orders at least the level', () => {
    expect(reorderOf('reference', stock({ onHand: 3, committed: 8, level: 10 })).quantity).toBe(units(17));
    expect(reorderOf('reference', stock({ onHand: 15, committed: 5, level: 10 })).quantity).toBe(units(10));
  });

  test('it does not see what is on order', () => {
    expect(reorderOf('reference', stock({ onHand: 4, onOrder: 40, level: 15 })).quantity).toBe(units(26));
  });

  test('above the level, or without one, it orders nothing', () => {
    expect(reorderOf('reference', stock({ onHand: 11, level: 10 })).quantity).toBe(0n);
    expect(reorderOf('reference', stock({ onHand: 0, committed: 5 })).quantity).toBe(0n);
  });
});
