import type { Reply } from '../client/client.ts';
import { ConfirmationInvalid, InventoryError } from '../errors.ts';
import type { KeptAction, KeptRun } from '../state/state.ts';
import type { Plan, Raise } from '../workflows/define.ts';
import type { Action, GuardParts, Verdict } from './action.ts';
import type { createAgain } from './again.ts';
import type { createBefore } from './before.ts';
import type { CallContext } from './caller.ts';
import { canonical } from './canonical.ts';
import { failureOf, statusAfter } from './refusals.ts';
import type { createRuns } from './runs.ts';
import { newestLike } from './store-rules.ts';
import { allHeld, type Held } from './under-way.ts';
import type { createUsed } from './used.ts';

/** Of the same calls, what a preview was made in the knowledge of. */
export interface Known {
  /** When they were looked for. */
  readonly atMs: number;
  /** The caller's newest run at that time; rows of an earlier release have none. */
  readonly revision?: number;
  /** Ids of runs. */
  readonly runs: readonly string[];
}

/** What is kept of it; rows of an earlier release have no `known`. */
export type AgreedPlan = Plan & { readonly fingerprint?: string; readonly known?: Known };

export interface AgreedOptions {
  readonly runs: Pick<
    ReturnType<typeof createRuns>,
    'whileHeld' | 'inItsTurn' | 'runNoted' | 'afterWrite' | 'allowBatch'
  >;
  readonly again: Pick<ReturnType<typeof createAgain>, 'outcomeOf'>;
  readonly used: Pick<ReturnType<typeof createUsed>, 'recorded'>;
  readonly before: ReturnType<typeof createBefore>;
  /** Asks about this plan instead of the one that was agreed to. */
  readonly askAnew: (action: Action, plan: Plan, first: First, context: CallContext) => Promise<Verdict>;
}

/** What the first question knew and asked, that the second one has to know and ask too. */
export interface First {
  readonly doubts: readonly Raise[];
  readonly told: ReadonlySet<string>;
  readonly since: Pick<Known, 'atMs' | 'revision'> | undefined;
}

interface Alike {
  /** Ids of runs whose outcome was asked for, or shown in the preview. */
  readonly told: Set<string>;
  readonly newest: () => Promise<KeptRun | undefined>;
}

/** Runs what was agreed to, once. */
export function createAgreed(parts: Pick<GuardParts, 'state' | 'settings' | 'now'>, options: AgreedOptions) {
  const { state, settings, now } = parts;
  const { askAnew } = options;
  const { whileHeld, inItsTurn, runNoted, afterWrite, allowBatch } = options.runs;
  const { outcomeOf } = options.again;
  const { recorded } = options.used;
  const { lastCall, planned, nothingDone } = options.before;

  /**
   * It is held from before it is taken, so that one which was taken, and is neither held nor kept as a run, is known as
   * that of a process which died before it sent anything: its yes still stands.
   */
  function runKept(row: KeptAction, given: Action, context: CallContext): Promise<Verdict> {
    const work = async (held: Held) => {
      if (row.status === 'running' && !(await state.findRun(row.id))) await state.giveBack(row.id, now());
      const { about = [] } = row.plan as AgreedPlan; // parse boundary: our own row, written by the guard
      // From before what the preview rested on is read again: what it finds then stays so until it has written.
      return inItsTurn(about, context, (turn) => takeAndRun(row, given, context, allHeld(held, turn.held)));
    };
    return whileHeld(row.id, work, async () => {
      const latest = (await state.find(row.id)) ?? row;
      return recorded(latest.status === 'pending' ? { ...latest, status: 'running' } : latest);
    });
  }

  /** Takes the row, reads again what its preview rested on, runs the stored plan, and records how that ended. */
  async function takeAndRun(row: KeptAction, given: Action, context: CallContext, held: Held): Promise<Verdict> {
    if (!(await state.take(row.id, now()))) {
      const latest = await state.find(row.id);
      if (latest && latest.status !== 'pending') return recorded(latest);
      const next = `Call ${row.tool} again for a new preview.`;
      throw new ConfirmationInvalid(`This confirmation expired. Nothing was written. ${next}`, { nothingSent: true });
    }
    const kept = row.plan as AgreedPlan; // parse boundary: our own row, written by the guard
    const action = kept.fingerprint === undefined ? given : { ...given, fingerprint: kept.fingerprint };
    const alike = likeSince(row, kept, action, context);
    for (;;) {
      const verdict = await readAgain(row, action, alike, context).catch(async (error: unknown) => {
        // Only readings were made so far.
        await afterWrite(() => state.giveBack(row.id, now()));
        throw error;
      });
      if (verdict) return verdict;
      // A process that stood still for too long may find another one at it.
      const isOurs = await held().catch(async (error: unknown) => {
        await afterWrite(() => state.giveBack(row.id, now()));
        throw error;
      });
      if (!isOurs) return recorded({ ...row, status: 'running' });
      const reply = await carriedOut(row, action, kept, { context, held, alike });
      if (reply) return { kind: 'answer', reply };
    }
  }

  /**
   * The newest of the same calls that were made since the preview was, and are not in `told` yet. It and the yes are one
   * and the same, as those are that come at the same moment: the preview knew nothing of it.
   */
  function likeSince(row: KeptAction, { known }: AgreedPlan, action: Action, { caller }: CallContext): Alike {
    const told = new Set([row.id, ...(known?.runs ?? [])]);
    const { organization } = settings;
    const newest = async () => {
      const since = known && { ms: known.atMs, revision: known.revision, except: told };
      return since && newestLike({ state, organization, action, caller }, since);
    };
    return { told, newest };
  }

  /** What stands against running it: what became of the same call, or another question. Only reads. */
  async function readAgain(
    row: KeptAction,
    action: Action,
    { told, newest }: Alike,
    context: CallContext,
  ): Promise<Verdict | undefined> {
    const doubts: Raise[] = [];
    for (let like = await newest(); like; like = await newest()) {
      told.add(like.id);
      const outcome = await outcomeOf(like, action, context);
      if (outcome.kind === 'verdict') return settledAs(row, outcome.verdict);
      if (outcome.kind === 'doubt') doubts.push(outcome.raise);
    }
    const fresh = await planned(action, context);
    if (fresh.nothingToDo) {
      const reply = await nothingDone(action, fresh, await lastCall(action, context));
      return settledAs(row, { kind: 'answer', reply });
    }
    if (doubts.length === 0 && canonical(fresh.restsOn) === canonical(row.restsOn)) return undefined;
    const { known, raises } = row.plan as AgreedPlan; // parse boundary: our own row, written by the guard
    const open = raises.filter(({ rule }) => rule === 'outcome_unknown');
    const question = { doubts: [...open, ...doubts], told, since: known };
    // Replaced only once there is another one to say yes to.
    const asked = await askAnew(action, fresh, question, context);
    await state.settle(row.id, 'replaced', null, now());
    return asked;
  }

  async function settledAs(row: KeptAction, verdict: Verdict): Promise<Verdict> {
    const isWhole = verdict.kind === 'answer' && verdict.reply.status !== 'unfinished';
    const outcome = verdict.kind === 'answer' ? verdict.reply : null;
    await afterWrite(() => state.settle(row.id, isWhole ? 'done' : 'replaced', outcome, now()));
    return verdict;
  }

  /** The reply; nothing where the same call began before this one did. */
  async function carriedOut(
    row: KeptAction,
    action: Action,
    kept: AgreedPlan,
    { context, held, alike }: { context: CallContext; held: Held; alike: Alike },
  ): Promise<Reply | undefined> {
    const { caller } = context;
    try {
      // The run bears the confirmation's id, so that a confirmation used again finds it.
      const reply = await (action.goOn?.() ??
        runNoted(action, kept, { id: row.id, caller, held, meanwhile: alike.newest }));
      if (!reply) return undefined;
      await afterWrite(() => state.settle(row.id, 'done', reply, now()));
      if (kept.raises.some(({ rule }) => rule === 'many_creates')) await allowBatch(action, caller);
      return reply;
    } catch (error) {
      await afterWrite(() => recordFailure(row.id, error));
      throw error;
    }
  }

  /** Given back only if provably nothing was sent: what may have been done can never run again. */
  function recordFailure(id: string, error: unknown): Promise<void> {
    if (error instanceof InventoryError && error.nothingSent) return state.giveBack(id, now());
    return state.settle(id, statusAfter(error) === 'unknown' ? 'unknown' : 'failed', failureOf(error), now());
  }

  return runKept;
}
