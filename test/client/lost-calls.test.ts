import { describe, expect, it } from 'vitest';
import { operations } from '../../src/operations/index.ts';
import { lossyWorld, outcomeOf, reset } from './lossy.ts';
import { company, writes } from './writes.ts';

/** API calls that a lost answer costs: before the write, when it is found, and when it is not there and sent again. */
const most = {
  /** A list and the record; absent, two lists, the second sending, and a look whether there are two now. */
  created: { before: 0, found: 2, absent: 5 },
  reached: { before: 0, found: 1, absent: 3 },
  same: { before: 0, found: 1, absent: 3 },
  gone: { before: 0, found: 1, absent: 3 },
  grown: { before: 1, found: 1, absent: 3 },
  again: { before: 0, found: 1, absent: 1 },
  untraceable: { before: 0, found: 0, absent: 0 },
};

async function callsOf(name: string, ...losses: ReturnType<typeof reset>[]) {
  const world = lossyWorld();
  const its = await company(world.call);
  const input = (await writes[name]?.(its, world.call)) ?? {};
  world.pass(60_000);
  const from = world.seen.length;
  world.lose(...losses);
  await outcomeOf(world.call(name, input));
  return world.seen.length - from;
}

describe('what a lost answer costs in API calls', () => {
  const writing = operations.flatMap(({ name, trace }) => (trace ? [{ name, kind: trace.kind }] : []));

  it.each(writing)('of $name ($kind) is at most what the table says', async ({ name, kind }) => {
    const { before, found, absent } = most[kind];
    expect(await callsOf(name)).toBe(1 + before);
    expect(await callsOf(name, reset('after'))).toBeLessThanOrEqual(1 + before + found);
    expect(await callsOf(name, reset('before'))).toBeLessThanOrEqual(1 + before + absent);
  });
});
