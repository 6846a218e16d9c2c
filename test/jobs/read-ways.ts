import { expect } from 'vitest';
import { losesAnswer, refuses } from './gate.ts';
import type { ReadRow } from './row.ts';
import { begun, cancelling, plain } from './run.ts';

/** Each of its calls refused in turn is an error, or said to be missing, and never an answer that looks whole. */
export async function readRefused(row: ReadRow): Promise<void> {
  const { calls, text } = await plain(row);
  for (let nth = 1; nth <= calls; nth += 1) {
    const { world, ask, input } = await begun(row.given);
    world.gate.watch({ of: 'calls', nth, act: refuses });
    const told = await ask(row.tool, input);
    const { path = '' } = world.gate.seen[nth - 1] ?? {};
    const about = `call ${nth}, ${path}: ${told.text}`;
    if (row.does_without?.test(path)) expect(told.text === text, about).toBe(false);
    else expect(told.isError, about).toBe(true);
    expect(told.text, about).toContain('Refused by the books of this month');
  }
}

/** Cancelled at its first call and at its last: no call follows. */
export async function readCancelled(row: ReadRow): Promise<void> {
  const { calls } = await plain(row);
  for (const nth of new Set([1, calls])) {
    const { world, ask, input } = await begun(row.given);
    const { signal, meant } = cancelling('calls', nth);
    world.gate.watch(meant);
    await expect(ask(row.tool, input, signal)).rejects.toThrow();
    await world.atRest();
    expect(world.gate.seen.map(({ path }) => path)).toHaveLength(nth);
  }
}

/** Every answer is lost once: what is asked again tells the same. */
export async function readLost(row: ReadRow): Promise<void> {
  const { text, calls } = await plain(row);
  const { world, ask, input } = await begun(row.given);
  world.gate.watch({ of: 'calls', nth: 'anew', act: losesAnswer });
  const told = await ask(row.tool, input);
  expect(told.text).toBe(text);
  expect(world.gate.seen.length).toBeGreaterThan(calls);
}
