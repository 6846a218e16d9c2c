import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bringIn, carry, levelAt, stockValue, takeOut, transit } from '../../../src/sandbox/engine/ledger.ts';
import { createTestWorld, ids, stocked } from './world.ts';

interface Unit {
  readonly date: string;
  readonly cents: number;
}

const places = [ids.main, ids.east] as const;

/** One unit at a time, at whole cents, in lists that are sorted by date: nothing of the engine's way of counting. */
function createBook() {
  const shelves = new Map<string, Unit[]>(places.map((place) => [place, []]));
  return {
    shelves,
    add(place: string, units: readonly Unit[]): void {
      const shelf = [...(shelves.get(place) ?? []), ...units];
      // A stable sort: units of one day stay in the order in which they came.
      const byDate = (a: Unit, b: Unit) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0);
      shelves.set(place, shelf.sort(byDate));
    },
    take: (place: string, count: number): Unit[] => (shelves.get(place) ?? []).splice(0, count),
  };
}

const cents = (units: readonly Unit[]) => units.reduce((sum, unit) => sum + unit.cents, 0);

const step = fc.record({
  kind: fc.constantFrom('in', 'out', 'carry'),
  place: fc.constantFrom(...places),
  count: fc.integer({ min: 1, max: 12 }),
  cents: fc.integer({ min: 0, max: 5000 }),
  day: fc.integer({ min: 1, max: 9 }),
});

test('costs and values are those of a book that keeps every unit by itself', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 120, size: 'max' }), (steps) => {
      const world = createTestWorld();
      const item_id = stocked(world);
      const book = createBook();
      steps.forEach(({ kind, place, count, cents: each, day }, index) => {
        const date = `2025-01-0${day}`;
        const source = { type: 'adjustment', id: `${index}`, number: `${index}`, line_id: `${index}`, date } as const;
        const quantityMicro = count * 1e6;
        if (kind === 'in') {
          const move = {
            item_id,
            from: 'adjustment',
            warehouse_id: place,
            quantityMicro,
            valueMinor: count * each,
          } as const;
          bringIn(world, move, source);
          book.add(place, Array<Unit>(count).fill({ date, cents: each }));
        } else if ((book.shelves.get(place)?.length ?? 0) >= count) {
          if (kind === 'out') {
            const move = { item_id, warehouse_id: place, to: 'customer', quantityMicro } as const;
            expect(takeOut(world, move, source)).toBe(cents(book.take(place, count)));
          } else {
            const other = place === ids.main ? ids.east : ids.main;
            const holder = `${index}`;
            carry(world, { item_id, from: place, to: transit, holder, quantityMicro }, source);
            carry(world, { item_id, from: transit, to: other, holder, quantityMicro }, source);
            book.add(other, book.take(place, count));
          }
        }
        for (const [shelf, units] of book.shelves) {
          expect(stockValue(world.db, item_id, shelf).valueMinor).toBe(cents(units));
          expect(levelAt(world.db, item_id, shelf)).toBe(units.length * 1e6);
        }
      });
      world.db.close();
    }),
    { numRuns: 40, seed: 3 },
  );
});
