import type { Client, Reply } from '../client/client.ts';
import { InventoryError, OutcomeUnknown, PartlyDone, Unavailable } from '../errors.ts';
import type { KeptRun, Run, RunStatus } from '../state/state.ts';
import type { Plan, Raise } from '../workflows/define.ts';
import { type Action, countedMinor, type GuardParts } from './action.ts';
import type { CallContext } from './caller.ts';
import { fingerprintOf } from './canonical.ts';
import { createJournal, hasLeft, type Journal, type Step, stepsOf } from './journal.ts';
import { createOneAtATime, type Turn } from './one-at-a-time.ts';
import { failureOf, statusAfter } from './refusals.ts';
import { batchKey, batchMs, type Judgement } from './store-rules.ts';
import { createTurns } from './turns.ts';
import { allHeld, createUnderWay, type Held } from './under-way.ts';

/** Each attempt that fails is one that another process won; a hundred in a row mean that something else is wrong. */
const mostAttempts = 100;
/** Longer answers are not worth their space; the outcome line still names the record. */
const mostReplyBytes = 200_000;

/** Clients give up on a call after 60 s; a job that would take longer answers its id before. */
const pauseAfterMs = 50_000;

/**
 * How a call ended that was not asked about: with its answer, with reasons to ask after all, or not at all because
 * the same call is under way, or the plan is old.
 */
export type Ran =
  | { readonly reply: Reply }
  | { readonly raises: readonly Raise[] }
  | { readonly open: KeptRun | undefined };

/** A yes covers going on for this long after the last step was sent; after it what is left is shown again. */
const coveredMs = 10 * 60_000;

const mostEnds = 1_000;

interface How {
  readonly held: Held;
  /** What its journal holds already. */
  readonly past?: readonly Step[];
  readonly lookOnly?: boolean;
}

/** A moment of this process, by its clock and by how many runs had ended. */
export interface Moment {
  readonly ended: number;
  readonly atMs: number;
}

/** What a run of before came to: its answer, or that a step is left which a fresh yes is needed for. */
export type Resumed = { readonly reply: Reply } | { readonly isHalfDone: boolean };

/** How what was agreed to is run. */
export interface Agreed {
  /** Of the run: the confirmation's. */
  readonly id: string;
  readonly caller: string;
  readonly held: Held;
  /** The same call, where it began meanwhile: then this one does not begin, and answers nothing. */
  readonly meanwhile: () => Promise<KeptRun | undefined>;
}

/** Keeps each writing call as a run before it leaves, and how it ended. */
export function createRuns(parts: GuardParts) {
  const { state, settings, now, randomId, warn } = parts;
  const whileHeld = createUnderWay(parts);
  const { inItsTurn, turnsSoFar } = createOneAtATime(parts);
  const inTurn = createTurns();
  /** Ends of this process's runs in their order; clocks are too coarse to tell what was at the same time. */
  const ends = new Map<string, number>();
  let ended = 0;

  function noteEnded(runId: string): void {
    ended += 1;
    ends.set(runId, ended);
    const oldest = ends.keys().next().value;
    if (ends.size > mostEnds && oldest !== undefined) ends.delete(oldest);
  }

  const moment = (): Moment => ({ ended, atMs: now() });

  const endedSince = ({ id, status, changedAtMs }: KeptRun, since: Moment): boolean => {
    const place = ends.get(id);
    return status === 'done' && (place === undefined ? changedAtMs > since.atMs : place > since.ended);
  };

  const runOf = (action: Action, plan: Plan, caller: string, id = randomId()): Run => ({
    id,
    organization: settings.organization,
    caller,
    tool: action.tool,
    fingerprint: action.fingerprint ?? fingerprintOf(action.tool, action.arguments),
    arguments: action.arguments,
    plan,
    isCreate: action.creates,
    amountMinor: countedMinor(action, plan),
    startedAtMs: now(),
  });

  /** The write is over: a store that fails now must not turn a done write into an error. */
  async function afterWrite(keepRecord: () => Promise<void>): Promise<void> {
    try {
      await keepRecord();
    } catch (error) {
      const why = error instanceof InventoryError ? error.message : 'store failed';
      warn(`The outcome of a write could not be kept: ${why}`);
    }
  }

  /** Runs the action as a kept run of this id, which is held already, so that none under way is found unheld. */
  async function runNoted(
    action: Action,
    plan: Plan,
    { id, caller, held, meanwhile }: Agreed,
  ): Promise<Reply | undefined> {
    // The yes was given back because nothing was sent, and that its run failed could not be kept.
    const unkept = await state.findRun(id);
    if (unkept?.status === 'running') await state.endRun(id, 'failed', {}, now());
    const run = runOf(action, plan, caller, id);
    const judge = async (): Promise<Judgement> => {
      const { revision } = await state.writesSince(settings.organization, caller, now());
      const open = await meanwhile();
      return { raises: [], revision, ...(open ? { open } : {}) };
    };
    const against = await inTurn(caller, () => beginUnlessRaised(run, judge));
    return against ? undefined : carryOut(id, action, plan, { held });
  }

  /**
   * Runs it only if `judge` finds no reason to ask, also by the time the run is kept, and only if nobody worked at the same
   * since the plan was begun.
   */
  function runUnlessRaised(
    action: Action,
    plan: Plan,
    context: CallContext,
    { judge, turns }: { judge: () => Promise<Judgement>; turns: number },
  ): Promise<Ran> {
    const work = async (turn: Turn): Promise<Ran> => {
      if (turn.isOld) return { open: (await judge()).open };
      const run = runOf(action, plan, context.caller);
      return whileHeld(run.id, async (held) => {
        const against = await inTurn(context.caller, () => beginUnlessRaised(run, judge));
        return against ?? { reply: await carryOut(run.id, action, plan, { held: allHeld(held, turn.held) }) };
      });
    };
    return inItsTurn(plan.about ?? [], context, work, turns);
  }

  /**
   * Goes on with a run whose process is gone, or whose outcome is not known: what is done answers from its journal,
   * what was begun is looked for. Without a fresh yes nothing more is sent when the last one was long ago. Throws what the
   * rest throws.
   */
  function resume(run: KeptRun, action: Action, context: CallContext, { freshYes = false } = {}): Promise<Resumed> {
    const { about = [] } = run.plan as Plan; // parse boundary: our own row, written by `runOf`
    const work = async (held: Held): Promise<Resumed> => {
      // Read whole only where it is another by now: the plan of a long job is megabytes, and is in memory already.
      const isAsItWas = (await state.statusOf(run.id)) === run.status;
      const latest = isAsItWas ? run : ((await state.findRun(run.id)) ?? run);
      if (latest.status === 'done') return { reply: replyOf(latest) };
      if (!(await state.reopenRun(run.id, now()))) return { isHalfDone: false };
      const past = stepsOf(await state.journal(run.id));
      const lookOnly = !freshYes && now() - lastSentMs(latest, past) > coveredMs;
      return carryOnWith(latest, action, { held, past, lookOnly });
    };
    // Its turn first: one that has it may wait for this very run to end.
    return inItsTurn(about, context, (turn) => whileHeld(run.id, (held) => work(allHeld(held, turn.held))));
  }

  async function carryOnWith(run: KeptRun, action: Action, how: How): Promise<Resumed> {
    const plan = run.plan as Plan; // parse boundary: our own row, written by `runOf`
    try {
      return { reply: await carryOut(run.id, action, plan, how) };
    } catch (error) {
      if (error instanceof LookOver) return { isHalfDone: error.isHalfDone };
      throw error;
    }
  }

  /** What began since `judge` looked makes it look again. */
  async function beginUnlessRaised(run: Run, judge: () => Promise<Judgement>): Promise<Ran | undefined> {
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const { raises, revision, open } = await judge();
      if (open) return { open };
      if (raises.length > 0) return { raises };
      // Begun now, not when it was thought of: who looks for what began since a moment goes by it.
      if (await state.begin({ ...run, startedAtMs: now() }, revision)) return undefined;
    }
    const message = 'Too many writes of this caller begin at once. Nothing was written; try again in a few seconds.';
    throw new Unavailable(message, { nothingSent: true });
  }

  async function carryOut(
    runId: string,
    action: Action,
    plan: Plan,
    { held, past = [], lookOnly = false }: How,
  ): Promise<Reply> {
    const end = (status: Exclude<RunStatus, 'running'>, reply: unknown) =>
      afterWrite(() => state.endRun(runId, status, { outcome: plan.summary, ...keptReply(reply) }, now()));
    const steps: { journal?: Journal } = {};
    const journaled = (client: Client): Client => {
      const pauseAtMs = now() + pauseAfterMs;
      const isLong = action.isLong ?? false;
      const options = { runId, held: () => isOurs(runId, held), past, lookOnly, isLong, pauseAtMs };
      const journal = createJournal(client, { state, now, warn }, options);
      steps.journal = journal;
      return journal.client;
    };
    let reply: Reply;
    try {
      reply = await action.run(plan, journaled);
    } catch (error) {
      const { journal } = steps;
      if (journal?.isTakenOver()) throw error;
      if (journal?.isLookOver()) {
        // By what was found now: the very step that the look was for may be the first one done.
        if (journal.hasWritten()) await end('paused', failureOf(error));
        else await end('failed', noneOf(action.tool));
        throw new LookOver(journal.hasWritten());
      }
      if (journal?.isPaused()) {
        const answer = unfinished(runId, action.tool, journal.retryAfterSeconds());
        await end('paused', answer);
        return answer;
      }
      const wrote = journal?.hasWritten() ?? past.some(hasLeft);
      const told = withWayOn(error, action, runId, wrote);
      const isDecided = journal?.isDecided() ?? past.length === 0;
      await end(isDecided ? statusAfter(told) : 'unknown', failureOf(told));
      throw told;
    }
    await end('done', reply);
    noteEnded(runId);
    return reply;
  }

  /** Not when another process has held the run meanwhile, and may have ended it. */
  const isOurs = async (runId: string, held: Held) => (await held()) && (await state.statusOf(runId)) === 'running';

  /** Keeps that a yes covers the batch which was announced. */
  async function allowBatch(action: Action, caller: string): Promise<void> {
    const at = now();
    await afterWrite(() => state.put(batchKey(settings.organization, caller, action.tool), at, at + batchMs));
  }

  return {
    whileHeld,
    inItsTurn,
    turnsSoFar,
    runNoted,
    runUnlessRaised,
    resume,
    afterWrite,
    allowBatch,
    moment,
    endedSince,
  };
}

/** Not by the run's last change: a look changes it too, and covers nothing. */
const lastSentMs = ({ startedAtMs }: KeptRun, past: readonly Step[]): number =>
  Math.max(startedAtMs, ...past.flatMap(({ attempt }) => attempt?.sentAtMs ?? attempt?.startedAtMs ?? []));

function keptReply(reply: unknown): { reply?: unknown } {
  try {
    return Buffer.byteLength(JSON.stringify(reply)) < mostReplyBytes ? { reply } : {};
  } catch {
    return {}; // what JSON cannot hold must not cost the status its keeping
  }
}

/** What is left of a run needs a fresh yes. Never leaves this room. */
class LookOver extends Error {
  constructor(readonly isHalfDone: boolean) {
    super('a step is left that was not begun');
  }
}

/** Kept for who says yes to it once more. */
const noneOf = (tool: string) => ({
  kind: 'rejected',
  message: `Nothing of this ${tool} was carried out. Call ${tool} again for a new preview.`,
});

/** The answer of a run that is done, where it was short enough to be kept. */
export const replyOf = ({ reply, outcome }: KeptRun): Reply =>
  typeof reply === 'object' && reply !== null ? { ...reply } : { message: outcome ?? 'done' };

const unfinished = (workflow_id: string, tool: string, retry_after_seconds?: number): Reply => ({
  status: 'unfinished',
  message: `${tool} takes longer than one call may. What is done is kept.`,
  workflow_id,
  ...(retry_after_seconds === undefined ? {} : { retry_after_seconds }),
  next: `Call resume_workflow with this workflow_id to go on${retry_after_seconds === undefined ? '' : `, in ${retry_after_seconds} s: the call limit is used up until then`}.`,
});

/**
 * "Nothing was sent" is said of one request; of a job that has written before, it would give its confirmation back. A job
 * that stopped half way says how to go on.
 */
function withWayOn(error: unknown, { isJob }: Action, workflow_id: string, hasWritten: boolean): unknown {
  if (!(error instanceof InventoryError)) return error;
  const isHalf = error instanceof PartlyDone || error instanceof OutcomeUnknown;
  if (!isJob || !(isHalf || hasWritten)) return error;
  const facts = { ...error.facts, workflow_id };
  const way = 'resume_workflow with this workflow_id goes on where it stopped.';
  if (error instanceof OutcomeUnknown) return new OutcomeUnknown(`${error.message} ${way}`, { cause: error, facts });
  const message = error instanceof PartlyDone ? error.message : `A part was written before this: ${error.message}`;
  return new PartlyDone(`${message} ${way}`, { cause: error, facts });
}
