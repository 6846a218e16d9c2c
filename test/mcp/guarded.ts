import { expect } from 'vitest';
import type { Client } from '../../src/client/client.ts';
import type { Traced } from '../../src/client/lost/attempt.ts';
import type { CallContext } from '../../src/mcp/caller.ts';
import { type Action, createGuard, type GuardParts, type GuardSettings, type Verdict } from '../../src/mcp/guard.ts';
import type { Effect, Input } from '../../src/operations/define.ts';
import { deleteItem } from '../../src/operations/items.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { State } from '../../src/state/state.ts';
import type { Plan } from '../../src/workflows/define.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';

export const minuteMs = 60_000;

export function aPlan(plan: Partial<Plan> = {}): Plan {
  return {
    summary: 'Delete item Desk Mat (DMAT): 4 on hand',
    preview: ['Cannot be undone.'],
    restsOn: { on_hand: 4 },
    steps: { item_id: '1' },
    documents: 1,
    raises: [],
    amountMinor: 0,
    ...plan,
  };
}

/** What may be done to the store and to the run, to see what a guard makes of it. */
export interface Trouble {
  /** Stands between the guard and its store. */
  readonly store?: (state: State) => State;
  /** The timer of the process. */
  readonly every?: GuardParts['every'];
  /** Between two looks at what another one works at; by default time stands. */
  readonly sleep?: GuardParts['sleep'];
}

/** A guard on a real store, and an action that counts how often it ran. */
export function guarded(
  settings: Partial<GuardSettings> = {},
  directory = temporaryDirectory(),
  { store = (state) => state, every, sleep }: Trouble = {},
) {
  const clock = createClock();
  let ids = 0;
  const warnings: string[] = [];
  const parts = (): GuardParts => ({
    state: store(openEmbeddedState({ directory, now: clock.now })),
    settings: { organization: '1', confirm: 'auto', readOnly: false, ...settings },
    now: clock.now,
    randomId: () => `confirmation-${++ids}-${clock.now()}`,
    warn: (message) => void warnings.push(message),
    ...(every ? { every } : {}),
    ...(sleep ? { sleep } : {}),
  });
  let guard = createGuard(parts());
  const ran: unknown[] = [];
  const world = {
    plan: aPlan() as Plan,
    planError: undefined as Error | undefined,
    runError: undefined as Error | undefined,
    /** What a look for a lost write finds. */
    traced: { kind: 'absent' } as Traced,
    /** Waited for by every run. */
    gate: undefined as Promise<void> | undefined,
  };
  // Only what a write asks of a client.
  const client: Client = {
    call: async (_, input, { onAttempt } = {}) => {
      await onAttempt?.({ id: `attempt-${ran.length}`, startedAtMs: clock.now() });
      ran.push(input);
      const run = ran.length;
      await world.gate;
      if (world.runError) throw world.runError;
      return { message: 'done', run };
    },
    trace: async () => world.traced,
    claim: async () => true,
    callsSent: () => ran.length,
    pages: async function* () {},
  };
  const action = (effect: Effect = 'destroy', more: Partial<Action> = {}): Action => ({
    tool: 'delete_item',
    arguments: { item_id: '1' },
    effect,
    creates: effect === 'create',
    alwaysConfirm: false,
    countsAmount: effect === 'create',
    currency: async () => 'USD',
    plan: async () => {
      if (world.planError) throw world.planError;
      return world.plan;
    },
    run: (plan, through = (client) => client) => through(client).call(deleteItem, plan.steps as Input), // made by aPlan
    ...more,
  });
  return {
    clock,
    ran,
    world,
    warnings,
    action,
    submit: (given: Action = action(), context = caller()) => guard.submit(given, context),
    confirm: (confirmation: string, summary: string, context = caller(), given: Action = action()) =>
      guard.confirm(confirmation, summary, context, () => given),
    resume: (id: string, context = caller(), given: Action = action()) => guard.resume(id, context, () => given),
    restart: () => {
      guard = createGuard(parts());
    },
  };
}

export const caller = (more: Partial<CallContext> = {}): CallContext => ({
  caller: 'local:ann',
  era: 'legacy',
  clientName: 'test',
  declaresForms: false,
  signal: new AbortController().signal,
  progress: () => undefined,
  ...more,
});

export const modern = (more: Partial<CallContext> = {}) => caller({ era: 'modern', declaresForms: true, ...more });

export function issued(verdict: Verdict): { confirmation: string; summary: string; preview: string[] } {
  if (verdict.kind !== 'answer') throw new Error('a form came instead of an answer');
  expect(verdict.reply.status).toBe('confirmation_required');
  return verdict.reply as { confirmation: string; summary: string; preview: string[] };
}

export const replyOf = (verdict: Verdict) => (verdict.kind === 'answer' ? verdict.reply : undefined);
