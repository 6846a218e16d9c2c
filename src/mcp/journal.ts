import type { CallOptions, Client, Reply } from '../client/client.ts';
import type { Attempt, Traced } from '../client/lost/attempt.ts';
import { mostLooks } from '../client/lost/settle.ts';
import { InventoryError, OutcomeUnknown, PartlyDone, RateLimited, Unavailable } from '../errors.ts';
import { effectOf, type Input, type Operation } from '../operations/define.ts';
import type { JournalEntry, KeptJournalEntry, State } from '../state/state.ts';
import { fingerprintOf } from './canonical.ts';
import { mayHaveWritten } from './refusals.ts';

/** One write of a run, as its journal tells it. */
export interface Step {
  readonly operation: string;
  /** Of the operation and its input. */
  readonly fingerprint: string;
  /** `left`: by what was read right before it, it was not to be sent any more. */
  readonly status: 'begun' | 'done' | 'refused' | 'left';
  /** Of the newest time it was sent; by it a lost answer is looked for. Of what was left there may be none. */
  readonly attempt?: Attempt;
  readonly reply?: Reply;
  /** Of a refusal. */
  readonly message?: string;
}

/** The steps in the order they were begun; what was refused and sent again counts once. */
export function stepsOf(entries: readonly KeptJournalEntry[]): Step[] {
  const steps: Step[] = [];
  for (const { entry } of entries) {
    const { step, ...rest } = entry as JournalEntry & { step: number } & Step; // parse boundary: our own rows, written below
    steps[step - 1] = { ...steps[step - 1], ...rest };
  }
  return steps;
}

export interface JournalParts {
  readonly state: Pick<State, 'append'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly warn: (message: string) => void;
}

export interface JournalOptions {
  readonly runId: string;
  /** Asked before each step: who stood still for too long may find another at it. */
  readonly held: () => Promise<boolean>;
  /** What is in the journal already; empty for a run that begins. */
  readonly past: readonly Step[];
  /** After this moment no further step is begun, so that the caller hears of the run before it gives up. */
  readonly pauseAtMs?: number;
  /** The call limit is waited for until then, and pauses the run where it takes longer. */
  readonly isLong?: boolean;
  /** What was not done yet is not sent; the look for what was sent goes on. */
  readonly lookOnly?: boolean;
}

export interface Journal {
  /** The client whose writes are the steps of the run. */
  readonly client: Client;
  /** True when the run stopped before a step because its time was up. */
  readonly isPaused: () => boolean;
  /** After how long the call limit lets the next step through, where it is that what the run waits for. */
  readonly retryAfterSeconds: () => number | undefined;
  /** True when another process goes on with the run: how it ends is for that one to say. */
  readonly isTakenOver: () => boolean;
  /** True when a step was not sent because only a look was asked for. */
  readonly isLookOver: () => boolean;
  /** Whether a write was carried out, or may have been, in this run so far. */
  readonly hasWritten: () => boolean;
  /** Whether it is known of every step of before if it was carried out. */
  readonly isDecided: () => boolean;
}

/**
 * The same client with a memory: each write is written down before it leaves and after it ended. A run that goes on
 * later is run again from its start: steps that are done answer from the journal, one that was begun is looked for, and
 * only what is surely not done is sent.
 */
export function createJournal(client: Client, parts: JournalParts, options: JournalOptions): Journal {
  const { runId, held, past, pauseAtMs = Number.POSITIVE_INFINITY, lookOnly = false, isLong = false } = options;
  const { state, now, warn } = parts;
  let taken = 0;
  let paused = false;
  let retryAfterSeconds: number | undefined;
  let lookOver = false;
  let takenOver = false;
  let wrote = past.some(hasLeft);
  let decided = !past.some(({ status }) => status === 'begun');

  const note = (step: number, entry: JournalEntry) => state.append(runId, { step, ...entry }, now());

  // Told at each step only where it is finite: the client has a patience of its own.
  const patience = isLong && Number.isFinite(pauseAtMs) ? { deadlineMs: pauseAtMs } : {};

  /** The step is over: a store that fails now costs a look later, not the answer. */
  async function noteEnd(step: number, entry: JournalEntry): Promise<void> {
    await note(step, entry).catch((error: unknown) => {
      warn(`A step could not be kept: ${error instanceof InventoryError ? error.message : 'store failed'}`);
    });
  }

  const call: Client['call'] = async (operation, input, given = {}) => {
    if (effectOf(operation, input) === 'read')
      return client.call(operation, input, { ...patience, ...given }).catch(limited);
    taken += 1;
    const step = taken;
    const fingerprint = fingerprintOf(operation.name, input);
    const known = past[step - 1];
    if (known && known.fingerprint !== fingerprint) throw otherwise(operation, known);
    if (known?.status === 'done' || known?.status === 'left') return known.reply ?? {};
    const attempt = known?.status === 'begun' ? known.attempt : undefined;
    if (attempt) {
      const reply = await lookFor(step, operation, input, attempt, given);
      if (reply) return reply;
    }
    await refuseToBegin(operation);
    const instead = await given.unless?.();
    if (instead) {
      await note(step, { operation: operation.name, fingerprint, status: 'left', reply: instead }).catch(notBegun);
      return instead;
    }
    return send(step, fingerprint, operation, input, { ...given, ...(attempt ? { attempt } : {}) });
  };

  /** The reply of a step that was sent before and is done; undefined when it is surely not. */
  async function lookFor(step: number, operation: Operation, input: Input, attempt: Attempt, given: CallOptions) {
    const traced = await traceOwn(operation, input, attempt, given);
    if (traced.kind === 'absent') {
      // One step at a time: what is begun is always the newest.
      decided = true;
      wrote = past.some(({ status }) => status === 'done');
      return undefined;
    }
    if (traced.kind === 'unclear') {
      const why = `${operation.name} was sent before and its answer never came. It was looked for: ${traced.why}.`;
      throw new OutcomeUnknown(why, { facts: { operation: operation.name, ...traced.facts, looked: true } });
    }
    decided = true;
    const reply = given.keep?.(traced.reply) ?? traced.reply;
    await noteEnd(step, { status: 'done', reply });
    return reply;
  }

  /** What is found is taken at once; what another call took for its own in between is none of ours, and is looked past. */
  async function traceOwn(operation: Operation, input: Input, attempt: Attempt, given: CallOptions): Promise<Traced> {
    const taken: string[] = [];
    while (taken.length < mostLooks) {
      const traced = await client.trace(operation, input, attempt, given);
      if (traced.kind !== 'done' || traced.id === undefined) return traced;
      if (await client.claim(operation, traced.id, attempt)) return traced;
      taken.push(traced.id);
    }
    const why = `other calls took the records that were found for their own: look for one of ${operation.name} beside ${taken.join(', ')}`;
    return { kind: 'unclear', why, facts: {} };
  }

  async function refuseToBegin(operation: Operation): Promise<void> {
    if (lookOnly) {
      lookOver = true;
      throw new PartlyDone(`${operation.name} was not done yet, and is not begun without a fresh yes.`, {
        nothingSent: true,
      });
    }
    if (!(await held())) {
      takenOver = true;
      throw new Unavailable(`Another process goes on with this call. Ask again in a few seconds.`, {
        nothingSent: true,
      });
    }
    if (!wrote || now() < pauseAtMs) return;
    paused = true;
    throw new PartlyDone(`The time of this call was up before ${operation.name}.`, { nothingSent: true });
  }

  /** The call limit pauses a long job that has written, at a reading between its writes too. */
  function noteLimit(error: unknown): void {
    if (!isLong || !wrote || !(error instanceof RateLimited) || !error.nothingSent) return;
    paused = true;
    retryAfterSeconds = error.retryAfterSeconds;
  }

  function limited(error: unknown): never {
    noteLimit(error);
    throw error;
  }

  async function send(step: number, fingerprint: string, operation: Operation, input: Input, given: CallOptions) {
    let isBegun = false;
    const onAttempt = async (attempt: Attempt) => {
      await note(step, { operation: operation.name, fingerprint, status: 'begun', attempt }).catch(notBegun);
      isBegun = true;
    };
    try {
      const answer = await client.call(operation, input, { ...given, ...patience, onAttempt });
      wrote = true;
      const reply = given.keep?.(answer) ?? answer;
      await noteEnd(step, { status: 'done', reply });
      return reply;
    } catch (error) {
      noteLimit(error);
      if (mayHaveWritten(error)) wrote = true;
      // What was read before it may have been refused: then the journal has no such step.
      else if (isBegun)
        await noteEnd(step, { status: 'refused', message: error instanceof Error ? error.message : '' });
      throw error;
    }
  }

  return {
    client: { ...client, call },
    isPaused: () => paused,
    retryAfterSeconds: () => retryAfterSeconds,
    isTakenOver: () => takenOver,
    isLookOver: () => lookOver,
    hasWritten: () => wrote,
    isDecided: () => decided,
  };
}

/** Whether it was sent, and may have been carried out. */
export const hasLeft = ({ status }: Step): boolean => status === 'begun' || status === 'done';

/** Nothing leaves that is not kept. The store itself does not know what its entries are about. */
function notBegun(error: unknown): never {
  if (!(error instanceof InventoryError)) throw error;
  throw new Unavailable(error.message, { cause: error, facts: error.facts, nothingSent: true });
}

const otherwise = (operation: Operation, known: Step) =>
  new OutcomeUnknown(
    `The journal says ${known.operation} where the job would now call ${operation.name} with other values. It cannot go on by itself: look at the records.`,
    { facts: { operation: operation.name, journal: known.operation } },
  );
