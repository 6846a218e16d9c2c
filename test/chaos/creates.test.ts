import { describe, expect, test } from 'vitest';
import { broken } from '../sandbox/engine/invariants.ts';
import { type Counts, thousand } from './intents.ts';
import { type Weather, weathered } from './storm.ts';
import { contentMade, contentOf } from './truth.ts';

/** All of it with `npm run chaos`; else one storm of a thousand, and two of a hundred. */
const isWhole = process.env.CHAOS === 'whole';

const hundred: Counts = {
  ...{ coded: 10, named: 10, contacts: 10, warehouses: 2, sales: 20, purchases: 20, packages: 10 },
  ...{ transfers: 6, adjustments: 4, kits: 4, shipments: 4 },
};
/** Mostly pairs of the same content, so that much is in doubt. */
const alike: Counts = { sales: 120, purchases: 80, pairs: 0.4 };

const few = isWhole ? thousand : hundred;
const storms: readonly (Weather & { readonly name: string })[] = [
  { name: 'one after the other', seed: 1, callers: 1, servers: 1, counts: few },
  { name: 'four at once', seed: 2, callers: 4, servers: 1, counts: few },
  { name: 'eight at once', seed: 3, callers: 8, servers: 1, counts: few },
  {
    name: 'eight at once, two mortal processes',
    ...{ seed: 4, callers: 8, servers: 2, deathEveryMs: 15_000, counts: thousand },
  },
  { name: 'eight at once, many alike', seed: 5, callers: 8, servers: 2, counts: alike },
];
const more = [11, 12, 13].flatMap((seed) => storms.map((storm) => ({ ...storm, seed: seed * 10 + storm.seed })));

const tally = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};

describe.each(isWhole ? [...storms, ...more] : storms)('creates of mixed kinds, $name (seed $seed)', (storm) => {
  test('are there once each, and every answer is true, when 30 of 100 are lost after they were carried out', async () => {
    const { ended, truth, meant, committed, lost, added, database } = await weathered(storm);
    const answers = Object.values(truth.heard).reduce((sum, count) => sum + count, 0);
    const unknown = truth.heard.outcome_unknown ?? 0;
    const share = `${((100 * unknown) / answers).toFixed(1)} %`;
    process.stdout.write(
      `${meant.length} creates, ${storm.name}, seed ${storm.seed}: ${lost} answers lost after they were carried out; ` +
        `outcome_unknown ${unknown} of ${answers} answers (${share}). ${JSON.stringify(truth.heard)}\n`,
    );

    expect(truth.untrue).toEqual([]);
    expect(ended.filter(({ how }) => how === 'given up')).toEqual([]);
    expect(tally(committed.map(contentMade))).toEqual(tally(meant.map(contentOf)));
    expect(new Set(ended.map(({ intent, id }) => `${intent.tool} ${id}`)).size).toBe(meant.length);
    expect(added).toBe(meant.length);
    expect(broken(database)).toEqual([]);
    // That the storm was one.
    expect(lost / committed.length).toBeGreaterThan(0.25);
    expect(unknown).toBeGreaterThan(0);
  }, 300_000);
});
