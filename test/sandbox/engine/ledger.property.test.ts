import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../../../src/sandbox/route.ts';
import { acts, createScene, type Draw, type Scene } from './acts.ts';
import { broken } from './invariants.ts';
import { createTestWorld, dump } from './world.ts';

const free = fc.nat({ max: 9999 });
const draw: fc.Arbitrary<Draw> = fc.record({ act: fc.nat({ max: acts.length - 1 }), a: free, b: free, c: free });

/** Does one act; true when it was accepted, false when it was refused for a stated reason. Anything else is thrown. */
function perform(scene: Scene, one: Draw): boolean {
  try {
    acts[one.act]?.(scene, one);
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

describe('the invariants', () => {
  // Each tampers with a table behind the engine's back, as a fault in it would.
  test.each([
    ['the level cache is the ledger', "UPDATE level SET quantity_micro = quantity_micro + 1 WHERE place = '31'"],
    [
      'layers hold what the level says',
      'UPDATE layer SET quantity_micro = quantity_micro + 1 WHERE quantity_micro > 0',
    ],
    [
      'the value is opening + receipts + adjustments - issues',
      'UPDATE layer SET value_minor = value_minor + 1 WHERE quantity_micro > 0',
    ],
    [
      'committed is ordered less shipped of open and confirmed orders, kits by their recipe',
      "UPDATE open_quantity SET quantity_micro = quantity_micro + 1 WHERE kind = 'committed'",
    ],
    ["an order line's packed is what its packages hold", 'UPDATE order_line SET packed_micro = quantity_micro'],
    ["an item's places sum to zero", "DELETE FROM level WHERE place = '31'"],
  ])('see it when "%s" is broken', (rule, tampering) => {
    const scene = createScene(createTestWorld());
    acts[0]?.(scene, { act: 0, a: 1, b: 1, c: 2 });
    expect(broken(scene.world.db)).toEqual([]);
    scene.world.db.exec(tampering);
    expect(broken(scene.world.db)).toContain(rule);
  });
});

describe('random documents', () => {
  // Looked at more often than below, so that what breaks an invariant is among the last few documents.
  test('2,000 of them in small companies keep every invariant of the ledger', () => {
    const accepted = acts.map(() => 0);
    let refused = 0;
    const sequence = fc.array(draw, { minLength: 1, maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(sequence, (draws) => {
        const scene = createScene(createTestWorld());
        draws.forEach((one, index) => {
          if (perform(scene, one)) accepted[one.act] = (accepted[one.act] ?? 0) + 1;
          else refused += 1;
          if (index % 25 === 0) expect(broken(scene.world.db)).toEqual([]);
        });
        expect(broken(scene.world.db)).toEqual([]);
        scene.world.db.close();
      }),
      { numRuns: 25, seed: 20250315, endOnFailure: true },
    );
    expect(accepted.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2000);
    expect(Math.min(...accepted)).toBeGreaterThan(0); // no act is refused always
    expect(refused).toBeGreaterThan(500);
  }, 30_000);

  test('10,000 of them in one company, through the API, keep every invariant after each hundred', () => {
    const scene = createScene(createTestWorld());
    const accepted = acts.map(() => 0);
    let done = 0;
    for (const one of fc.sample(draw, { numRuns: 40_000, seed: 42 })) {
      if (done === 10_000) break;
      if (!perform(scene, one)) continue;
      accepted[one.act] = (accepted[one.act] ?? 0) + 1;
      done += 1;
      if (done % 100 === 0) expect({ done, broken: broken(scene.world.db) }).toEqual({ done, broken: [] });
    }
    expect(done).toBe(10_000);
    expect(Math.min(...accepted)).toBeGreaterThan(0); // every act is among them
    scene.world.db.close();
  }, 60_000);

  test('a refused document leaves no trace', () => {
    const sequence = fc.array(draw, { minLength: 1, maxLength: 120, size: 'max' });
    let compared = 0;
    fc.assert(
      fc.property(sequence, (draws) => {
        const scene = createScene(createTestWorld());
        for (const one of draws) {
          const before = dump(scene.world);
          if (perform(scene, one)) continue;
          expect(dump(scene.world)).toBe(before);
          compared += 1;
        }
        scene.world.db.close();
      }),
      { numRuns: 10, seed: 7 },
    );
    expect(compared).toBeGreaterThan(100);
  });

  test('the same calls make the same database', () => {
    const sequence = fc.array(draw, { minLength: 1, maxLength: 240, size: 'max' });
    fc.assert(
      fc.property(sequence, (draws) => {
        const [first, second] = [1, 2].map(() => {
          const scene = createScene(createTestWorld());
          for (const one of draws) perform(scene, one);
          const text = dump(scene.world);
          scene.world.db.close();
          return text;
        });
        expect(first).toBe(second);
      }),
      { numRuns: 5, seed: 11 },
    );
  });
});
