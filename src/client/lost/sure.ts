import { OutcomeUnknown } from '../../errors.ts';
import { effectOf, type Input, type Operation } from '../../operations/define.ts';
import type { CallOptions, Client, Reply } from '../contract.ts';
import { isObject } from '../json.ts';
import { either, type Sleep, sleepUnlessCancelled, within } from '../wait.ts';
import { type Attempt, type Claims, idOf, type Traced } from './attempt.ts';
import { createBefore } from './before.ts';
import { type Elsewhere, nowhereElse } from './elsewhere.ts';
import { createFlights } from './flights.ts';
import { look } from './look.ts';
import { type MarkPlace, marked, markFor } from './mark.ts';
import type { LookParts, Lost } from './reading.ts';
import { createSettle, settleMs } from './settle.ts';

export interface SureOptions {
  /** Sends once and says `OutcomeUnknown` when the answer of a write never came. */
  readonly client: Client;
  readonly claims: Claims;
  /** Default: this process is alone. */
  readonly elsewhere?: Elsewhere | undefined;
  /** The API's clock minus ours, in ms; undefined while no answer has told it. */
  readonly skewMs: () => number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: Sleep;
  readonly randomId: () => string;
  readonly mark?: MarkPlace | undefined;
}

/** Of a look for a write of before, both readings together: whoever asks may have waited already, and leaves after a minute. */
const lookMs = 40_000;

/**
 * Makes of a write whose answer never came what the records say: done, or sent once more because it is surely not there,
 * or `OutcomeUnknown` with where to look.
 */
export function createSure(options: SureOptions): Client {
  const { client, claims, now, sleep, randomId, mark, elsewhere = nowhereElse } = options;
  const flights = createFlights();
  const before = createBefore(client, now);
  const open = createOpen();
  const parts: LookParts = {
    client,
    claims,
    skewMs: options.skewMs,
    othersLanded: async (lost, signal) => {
      await flights.landed(lost.operation.name);
      return elsewhere.landed(lost, signal);
    },
    rivals: open.others,
  };
  const settle = createSettle({ ...parts, now, sleep });

  async function begin(operation: Operation, input: Input, given: CallOptions): Promise<Attempt> {
    if (given.attempt) return { ...given.attempt, sentAtMs: now() };
    const shown = await before.of(operation, input, given);
    const own = markFor(operation, input, mark, randomId);
    const skewMs = options.skewMs();
    return {
      id: randomId(),
      startedAtMs: now(),
      ...(skewMs === undefined ? {} : { skewMs }),
      ...(shown ? { before: shown } : {}),
      ...(own ? { mark: own } : {}),
    };
  }

  async function write(operation: Operation, input: Input, given: CallOptions): Promise<Reply> {
    const startedMs = now();
    const attempt = await begin(operation, input, given);
    await given.onAttempt?.(attempt);
    const lost: Lost = { operation, input, attempt };
    const send = (signal = given.signal) => {
      before.forget();
      const options = signal ? { ...given, signal } : given;
      const answer = elsewhere.tell(lost, async () =>
        claimed(lost, await client.call(operation, marked(input, attempt), options)),
      );
      return flights.track(operation.name, answer.finally(before.forget));
    };
    try {
      const reply = await send();
      open.close(attempt.id);
      return reply;
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      return open.until(lost, () => settle({ lost, error, send, given, startedMs }));
    }
  }

  async function claimed({ operation, attempt }: Lost, reply: Reply): Promise<Reply> {
    const { trace, reply: key = '' } = operation;
    const record = reply[key];
    const id = trace?.kind === 'created' && isObject(record) ? record[trace.id] : undefined;
    // The write is done: a store that fails now must not turn it into an error.
    if (id !== undefined) await claims.claim(operation, String(id), attempt.id, attempt.startedAtMs).catch(() => false);
    return reply;
  }

  const call: Client['call'] = (operation, input, given = {}) => {
    if (effectOf(operation, input) === 'read' || !operation.trace) return before.read(operation, input, given);
    const { trace } = operation;
    if (trace.kind !== 'grown') return write(operation, input, given);
    return flights.inTurn(`${trace.get} ${idOf(operation, input)}`, () => write(operation, input, given));
  };

  /** Of a write that another call, or another process, began. One that left a moment ago may still be on its way. */
  async function lookTwice(lost: Lost, options: CallOptions): Promise<Traced> {
    const { operation, attempt } = lost;
    const traced = await look(parts, lost, options);
    const isEarly = now() - (attempt.sentAtMs ?? attempt.startedAtMs) < settleMs;
    if (traced.kind !== 'absent' || operation.trace?.kind === 'again' || !isEarly) return traced;
    options.onWait?.('It is not there yet; it is looked for once more in a few seconds.');
    await sleepUnlessCancelled(sleep, settleMs, options.signal);
    return look(parts, lost, options);
  }

  const trace: Client['trace'] = (operation, input, attempt, { signal, onWait, onSent } = {}) =>
    within(sleep, lookMs, async (late) => {
      const told = { ...(onWait ? { onWait } : {}), ...(onSent ? { onSent } : {}) };
      try {
        return await lookTwice({ operation, input, attempt }, { ...told, signal: either(signal, late) });
      } catch (error) {
        if (late.aborted && !signal?.aborted) throw notLookedFor(operation, error);
        throw error;
      }
    });

  return {
    ...client,
    call,
    trace,
    claim: async (operation, id, { id: owner, startedAtMs }) => {
      const isOurs = await claims.claim(operation, id, owner, startedAtMs);
      if (isOurs) open.close(owner);
      return isOurs;
    },
  };
}

const mostOpen = 1_000;

/** Writes of which it is not known what they made, by their attempts; also after their callers were told so. */
function createOpen() {
  const open = new Map<string, Lost>();
  return {
    others: ({ operation, attempt }: Lost) =>
      [...open.values()].filter((other) => other.operation.name === operation.name && other.attempt.id !== attempt.id),
    close: (id: string) => void open.delete(id),
    /** Open while the work goes on, and after it when that did not tell either. */
    until: async <T>(lost: Lost, work: () => Promise<T>): Promise<T> => {
      open.set(lost.attempt.id, lost);
      const oldest = open.keys().next().value;
      if (open.size > mostOpen && oldest !== undefined) open.delete(oldest);
      try {
        const reply = await work();
        open.delete(lost.attempt.id);
        return reply;
      } catch (error) {
        if (!(error instanceof OutcomeUnknown)) open.delete(lost.attempt.id);
        throw error;
      }
    },
  };
}

/** What shows it to whoever cannot wait. */
function placeOf({ trace }: Operation): string {
  switch (trace?.kind) {
    case 'created':
      return `; ${trace.list} shows it too`;
    case 'reached':
    case 'same':
    case 'gone':
    case 'grown':
      return `; ${trace.get} shows it too`;
    case 'untraceable':
      return `; ${trace.look} may show it`;
    default:
      return '';
  }
}

const notLookedFor = (operation: Operation, cause: unknown) =>
  new OutcomeUnknown(
    `${operation.name} was sent before, and its answer never came. Looking for it took longer than ${lookMs / 1000} s, so that it is still not known whether it was done. Nothing was sent again. Ask again in a minute, and it is looked for first${placeOf(operation)}.`,
    { cause, facts: { operation: operation.name } },
  );
