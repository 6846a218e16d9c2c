import { expect, test } from 'vitest';
import { createChance } from '../../src/sandbox/faults-choice.ts';
import { lane } from './kill-lane.ts';
import { createHits, createLuck, moments, mostMore } from './kill-luck.ts';

// A server is killed without notice every day: somebody closes the client, a battery is empty. Here it happens in the
// middle of each fulfilment, and to some of them again while they go on.

/** `npm run chaos:kills` does 200. */
const rounds = Number(process.env.KILLS ?? 20);
/** Another one makes other moments. */
const seed = Number(process.env.SEED ?? 1);

test(`of ${rounds} fulfilments each makes one order, one package and one shipment, though the server is killed in the middle`, {
  timeout: 60_000 + (rounds + mostMore) * 10_000,
}, async () => {
  const luckOf = (place: number) => createLuck(createChance(seed * 1_000 + place));
  const hits = createHits();
  const next = moments(rounds, luckOf(0), hits);
  // Two companies side by side, because much of the time is spent waiting.
  await Promise.all([lane(luckOf(1), next, hits), lane(luckOf(2), next, hits)]);
  process.stdout.write(`${hits.lines().join('\n')}\n`);
  expect(hits.missing()).toEqual([]);
});
