import { expect } from 'vitest';
import type { ToolResult } from '../helpers/clients.ts';
import type { Meant } from './gate.ts';
import type { Given, ReadRow, WriteRow } from './row.ts';
import { type Call, type JobsWorld, jobsWorld } from './world.ts';

export type Yes = { readonly confirmation: unknown; readonly summary: unknown };

export const yesTo = ({ facts }: ToolResult): Yes | undefined =>
  facts.status === 'confirmation_required' ? { confirmation: facts.confirmation, summary: facts.summary } : undefined;

/** A fresh company with a server, and what the row's arguments are there. */
export async function begun(given: Given, call?: Call, world: JobsWorld = jobsWorld()) {
  const ask = call ?? (await world.start());
  const input = typeof given === 'function' ? await given(world, ask) : given;
  world.gate.watch();
  return { world, ask, input, before: world.books() };
}

/** Asks, and says yes where it is asked. */
export async function carried(ask: Call, tool: string, input: Record<string, unknown>, signal?: AbortSignal) {
  const first = await ask(tool, input, signal);
  const yes = yesTo(first);
  return yes ? ask('confirm_action', yes, signal) : first;
}

/** Goes on with whatever is left half way; undefined where nothing is. */
export async function resumed(ask: Call): Promise<ToolResult | undefined> {
  const { facts } = await ask('list_unfinished_workflows');
  const [left] = facts.workflows as { workflow_id: string }[]; // parse boundary: what the wire brought
  return left && carried(ask, 'resume_workflow', { workflow_id: left.workflow_id });
}

export interface Plain {
  readonly books: string;
  readonly isGated: boolean;
  readonly text: string;
  readonly calls: number;
}

const plains = new Map<string, Promise<Plain>>();

/** The world in which all goes well, run once for all ways that are compared with it. */
export function plain(row: WriteRow | ReadRow): Promise<Plain> {
  const known = plains.get(row.tool) ?? runPlainly(row);
  plains.set(row.tool, known);
  return known;
}

async function runPlainly(row: WriteRow | ReadRow): Promise<Plain> {
  const { world, ask, input, before } = await begun(row.given);
  const first = await ask(row.tool, input);
  const yes = yesTo(first);
  if (yes) expect(world.books(), 'written before the yes').toBe(before);
  const last = yes ? await ask('confirm_action', yes) : first;
  expect(last, last.text).toMatchObject({ isError: false });
  expect(last.text).toMatch(row.well);
  const made = 'writes' in row ? row.writes : 0;
  expect(world.gate.writes(), last.text).toHaveLength(made);
  expect(world.books() === before).toBe(made === 0);
  expect(await resumed(ask)).toBeUndefined();
  expect(world.warnings).toEqual([]);
  return { books: world.books(), isGated: yes !== undefined, text: last.text, calls: world.gate.seen.length };
}

/** A request of a call that is cancelled while this one is under way. */
export function cancelling(of: Meant['of'], nth: number) {
  const controller = new AbortController();
  const meant: Meant = {
    ...{ of, nth },
    act: async (pass) => {
      controller.abort();
      // The notice has come to the server before the API answers.
      await new Promise<void>((resolve) => setImmediate(resolve));
      return pass();
    },
  };
  return { signal: controller.signal, meant };
}
