import { Cancelled, type ErrorFacts, InventoryError, OutcomeUnknown } from '../../errors.ts';
import type { CallOptions, Reply } from '../contract.ts';
import { either, type Sleep, within } from '../wait.ts';
import type { Traced } from './attempt.ts';
import { look } from './look.ts';
import type { LookParts, Lost } from './reading.ts';

export interface SettleParts extends LookParts {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: Sleep;
}

/** A write whose answer never came. */
export interface LostCall {
  readonly lost: Lost;
  readonly error: OutcomeUnknown;
  /** Sends it once more. */
  readonly send: (signal?: AbortSignal) => Promise<Reply>;
  readonly given: CallOptions;
  readonly startedMs: number;
}

/** A request that broke off may still be carried out: absent counts only when it is so this long after. */
export const settleMs = 5_000;
/** Later than this after the call began nothing is sent again in it: clients give up at 60 s. */
const resendWithinMs = 20_000;
/** From the beginning of the call: when the last look ends, and when a second answer is no longer awaited. */
const wholeMs = 57_000;
const secondAnswerMs = 40_000;

/** Each look but the last lost what it found to another call. */
export const mostLooks = 3;

const callAgain =
  'Call it again with the same arguments: it is looked for first, and sent only if it is surely not there.';

const notFound = ({ operation }: Lost) =>
  operation.trace?.kind === 'again'
    ? 'Nothing tells whether it was done; called again it leaves the same.'
    : `It was looked for, and not found yet. ${callAgain}`;

/** What became of it: the reply when it was done, or is now; throws `OutcomeUnknown`, or why the second was refused. */
export function createSettle(parts: SettleParts) {
  const { now, sleep, claims } = parts;
  const until = <T>(endMs: number, work: (late: AbortSignal) => Promise<T>) => within(sleep, endMs - now(), work);

  async function settle(call: LostCall): Promise<Reply> {
    const { lost, error, given, startedMs } = call;
    given.onWait?.('The answer was lost; the records are read to see whether it was done.');
    const first = await lookTwice(call, error);
    if (first) return first;
    if (now() - startedMs > resendWithinMs || given.signal?.aborted) throw stillUnknown(error, notFound(lost));
    let reply: Reply;
    try {
      reply = await until(startedMs + secondAnswerMs, (late) => call.send(either(given.signal, late)));
    } catch (second) {
      return afterSecond(call, second);
    }
    return lost.operation.trace?.kind === 'created' ? withTwin(call, reply) : reply;
  }

  /** Of a second sending that failed too: it may be owed to the first, which was only late. */
  async function afterSecond(call: LostCall, second: unknown): Promise<Reply> {
    const { error, lost } = call;
    if (second instanceof InventoryError && second.nothingSent) throw stillUnknown(error, notFound(lost));
    const late = await lookTwice(call, second instanceof OutcomeUnknown ? second : error);
    if (late) return late;
    throw second instanceof OutcomeUnknown ? stillUnknown(second, notFound(lost)) : second;
  }

  /** The reply if it is found at once or after a pause; undefined when it is surely absent. */
  async function lookTwice(call: LostCall, error: OutcomeUnknown): Promise<Reply | undefined> {
    const first = await looked(call, error);
    // What leaves the same when it is sent again needs no second look.
    if (first || call.lost.operation.trace?.kind === 'again') return first;
    if (now() + settleMs > call.startedMs + wholeMs) return undefined;
    await sleep(settleMs);
    return looked(call, error);
  }

  /** Undefined when it is absent; throws when nobody can tell. */
  async function looked(call: LostCall, error: OutcomeUnknown): Promise<Reply | undefined> {
    const { operation, attempt } = call.lost;
    for (let looks = 1; looks <= mostLooks; looks += 1) {
      const traced = await lookIn(call).catch((failure: unknown) => {
        const why =
          failure instanceof InventoryError && !(failure instanceof Cancelled) ? failure.message : 'the time was up.';
        throw stillUnknown(error, `It could not be looked for: ${why} ${callAgain}`);
      });
      if (traced.kind === 'absent') return undefined;
      if (traced.kind === 'unclear') throw stillUnknown(error, `It was looked for: ${traced.why}.`, traced.facts);
      const { id, reply } = traced;
      if (id === undefined) return reply;
      if (await claims.claim(operation, id, attempt.id, attempt.startedAtMs).catch(() => false)) return reply;
      // Another call took that record for its own between the look and now, so it is none of ours.
    }
    throw stillUnknown(error, `Other calls took the records that were found for their own. ${callAgain}`);
  }

  /** The look goes on when the caller has left: somebody must know what became of the write. */
  const lookIn = ({ lost, given: { onWait, onSent }, startedMs }: LostCall): Promise<Traced> =>
    until(startedMs + wholeMs, (signal) =>
      look(parts, lost, { signal, ...(onWait ? { onWait } : {}), ...(onSent ? { onSent } : {}) }),
    );

  /** Done by the second sending. If the first came after all, there are two now: that is said. */
  async function withTwin(call: LostCall, reply: Reply): Promise<Reply> {
    const traced = await lookIn(call).catch(() => undefined);
    const ids = traced?.kind === 'unclear' ? Object.values(traced.facts).flat().join(', ') : '';
    if (ids === '') return reply;
    const note = `It was sent a second time, because the first was not there after ${settleMs / 1000} s. More than one record like it is there now (${ids}): one may be too many.`;
    return { ...reply, note };
  }

  return settle;
}

const stillUnknown = (error: OutcomeUnknown, words: string, facts: ErrorFacts = {}) =>
  new OutcomeUnknown(`${error.message} ${words}`, { cause: error, facts: { ...error.facts, ...facts } });
