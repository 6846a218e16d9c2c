import { expect } from 'vitest';
import { jobWrites, toolIn } from '../chaos/lost-answers.ts';
import { losesAnswer, refuses } from './gate.ts';
import type { Move, WriteRow } from './row.ts';
import { begun, cancelling, carried, plain, resumed, yesTo } from './run.ts';
import { jobsWorld } from './world.ts';

/** Longer than a run is held for by a process that is gone. */
const leaseMs = 11_000;

/** Each step refused in turn, then no more: what is done stays and is told, and the rest is done once. */
export async function stepRefused(row: WriteRow): Promise<void> {
  const { books } = await plain(row);
  for (let nth = 1; nth <= row.writes; nth += 1) {
    const { world, ask, input, before } = await begun(row.given);
    world.gate.watch({ of: 'writes', nth, act: refuses });
    const told = await carried(ask, row.tool, input);
    const about = `write ${nth}: ${told.text}`;
    expect(told.isError, about).toBe(true);
    expect(told.text, about).toMatch(row.refused ?? 'Refused by the books of this month');
    expect(told.text, about).toMatch(nth > 1 ? /^partly_done/ : /^rejected/);
    expect(world.gate.writes(), about).toHaveLength(nth);
    if (nth === 1) expect(world.books() === before, about).toBe(true);
    else expect(told.text).toContain('resume_workflow');
    world.gate.watch();
    const last = nth > 1 ? await resumed(ask) : await carried(ask, row.tool, input);
    expect(last?.isError, last?.text ?? about).toBe(false);
    expect(world.gate.writes(), about).toHaveLength(row.writes - nth + 1);
    expect(world.books() === books, about).toBe(true);
  }
}

/** Refused with a new preview; the new yes does it, the old one nothing. */
export async function movedBetween(row: WriteRow, { by, given = row.given }: Move): Promise<void> {
  const { world, ask, input } = await begun(given);
  const old = yesTo(await ask(row.tool, input));
  if (!old) throw new Error(`${row.tool} did not ask`);
  await by(world);
  const moved = world.books();
  const anew = await ask('confirm_action', old);
  const yes = yesTo(anew);
  expect(yes, anew.text).toBeDefined();
  expect(yes?.confirmation).not.toBe(old.confirmation);
  expect(anew.text).toContain('What the earlier preview rested on has changed since; this is the new one.');
  expect(world.gate.writes()).toEqual([]);
  expect(world.books()).toBe(moved);
  const last = await ask('confirm_action', { ...yes });
  expect(last, last.text).toMatchObject({ isError: false });
  const written = world.gate.writes().length;
  expect(written).toBeGreaterThan(0);
  for (const again of [old, yes]) await ask('confirm_action', { ...again });
  expect(world.gate.writes()).toHaveLength(written);
}

/** Cancelled while a write is under way: that one is awaited, none follows, and the rest is done once. */
export async function cancelled(row: WriteRow): Promise<void> {
  const { books } = await plain(row);
  for (let nth = 1; nth <= row.writes; nth += 1) {
    const { world, ask, input } = await begun(row.given);
    const { signal, meant } = cancelling('writes', nth);
    world.gate.watch(meant);
    await expect(carried(ask, row.tool, input, signal)).rejects.toThrow();
    await world.atRest();
    expect(world.gate.writes()).toHaveLength(nth);
    const rest = await resumed(ask);
    // With its last write done a job has nothing left.
    if (nth < row.writes || rest) expect(rest?.isError, rest?.text).toBe(false);
    expect(world.gate.writes()).toHaveLength(row.writes);
    expect(world.books() === books).toBe(true);
  }
}

const never = new Promise<never>(() => undefined);

/** Killed when the nth write was carried out and not yet answered; another server goes on. */
export async function killed(row: WriteRow, nth: number): Promise<void> {
  const { books, isGated } = await plain(row);
  const company = jobsWorld();
  const server = await company.startBuilt();
  const { world, input } = await begun(row.given, server.call, company);
  const yes = isGated ? yesTo(await server.call(row.tool, input)) : undefined;
  const written = new Promise<void>((resolve) => {
    const act = async (pass: () => Promise<Response>) => {
      await pass();
      resolve();
      return never;
    };
    world.gate.watch({ of: 'writes', nth, act });
  });
  const work = yes ? server.call('confirm_action', yes) : server.call(row.tool, input);
  const ended = expect(work).rejects.toThrow();
  await written;
  await server.kill();
  await ended;
  world.clock.advance(leaseMs);
  const { call } = await world.startBuilt();
  const rest = await resumed(call);
  expect(rest, 'nothing was left to resume').toBeDefined();
  if (!row.outward) expect(rest, rest?.text).toMatchObject({ isError: false });
  expect(world.gate.writes()).toHaveLength(row.writes);
  expect(world.books() === books).toBe(true);
  if (!row.outward) expect(await resumed(call)).toBeUndefined();
  if (yes) await call('confirm_action', yes);
  expect(world.gate.writes()).toHaveLength(row.writes);
}

/** Jobs of the table of lost answers are run there, at each write; the others here. */
export async function lostAnswer(row: WriteRow): Promise<void> {
  const tables = Object.entries(jobWrites).filter(([named]) => toolIn(named) === row.tool);
  if (tables.length > 0) {
    expect(Math.min(...tables.map(([, count]) => count))).toBeGreaterThan(0);
    return;
  }
  const { books } = await plain(row);
  for (let nth = 1; nth <= row.writes; nth += 1) {
    const { world, ask, input } = await begun(row.given);
    world.gate.watch({ of: 'writes', nth, act: losesAnswer });
    const told = await carried(ask, row.tool, input);
    if (told.isError) expect(told.text).toMatch(/^(outcome_unknown|partly_done|unavailable)/);
    const rest = await resumed(ask);
    if (rest && !row.outward) expect(rest, rest.text).toMatchObject({ isError: false });
    expect(world.books() === books, `${nth}: ${told.text}\n${rest?.text}`).toBe(true);
  }
}
