import { type ErrorFacts, NotFound } from '../../errors.ts';
import type { Input, Operation } from '../../operations/define.ts';
import { anyOperationByName } from '../../operations/index.ts';
import type { CallOptions, Client, Reply } from '../contract.ts';
import { isObject, type JsonObject } from '../json.ts';
import { type Attempt, type Claims, pathKey, type Traced } from './attempt.ts';

export interface LookParts {
  /** The plain client: what it reads here is not looked for again. */
  readonly client: Client;
  readonly claims: Claims;
  /** The API's clock minus ours, in ms; undefined while no answer has told it. */
  readonly skewMs: () => number | undefined;
  /** True when every write that was under way, and could be taken for this one, has its answer, and so its claim. */
  readonly othersLanded: (lost: Lost, signal: AbortSignal | undefined) => Promise<boolean>;
  /** Other writes of this process whose answer is lost too, and of which it is not known yet, or never was, what they made. */
  readonly rivals: (lost: Lost) => readonly Lost[];
}

/** One write, as it was asked for and begun. */
export interface Lost {
  readonly operation: Operation;
  readonly input: Input;
  readonly attempt: Attempt;
}

const foundNote = 'The answer was lost on the way; the records were read again and show that it was done, once.';

export const found = ({ operation }: Lost, record: unknown, id?: string): Traced => {
  const reply: Reply = { ...(operation.reply === undefined ? {} : { [operation.reply]: record }), note: foundNote };
  return { kind: 'done', reply, ...(id === undefined ? {} : { id }) };
};

export const unclear = (why: string, facts: ErrorFacts = {}): Traced => ({ kind: 'unclear', why, facts });

export function readOperation(name: string): Operation {
  const operation = anyOperationByName.get(name);
  if (!operation) throw new Error(`a trace names ${name}, which is no operation`);
  return operation;
}

/** The record of the write's path, or undefined when the API does not find it. */
export async function readRecord(
  { client }: Pick<LookParts, 'client'>,
  get: string,
  id: string,
  options: CallOptions,
): Promise<JsonObject | undefined> {
  const operation = readOperation(get);
  try {
    const reply = await client.call(operation, { [pathKey(operation)]: id }, { ...options, fresh: true });
    const record = reply[operation.reply ?? ''];
    return isObject(record) ? record : {};
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** `2026-11-23T10:41:39+0530` in ms since 1970; undefined where it is not a moment: a mere day proves nothing. */
export function timeOf(value: unknown): number | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const time = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(time) ? undefined : time;
}

/** The API prints whole seconds, and its Date header, by which its clock is known, does too. */
const slackMs = 2_000;
/** Longest from the moment we send until it is carried out: our own waiting for the limits, its way, the API's work. */
const lateMs = 120_000;

/**
 * Whether a moment that the API prints lies before what we did, in its time, or after it. Undefined where it prints none,
 * or its clock is not known.
 */
export function whenIn(
  { startedAtMs, sentAtMs = startedAtMs, skewMs }: Attempt,
  printed: unknown,
  skewNowMs: number | undefined,
): 'before' | 'within' | 'after' | undefined {
  const time = timeOf(printed);
  const skew = skewMs ?? skewNowMs;
  if (time === undefined || skew === undefined) return undefined;
  if (time < startedAtMs + skew - slackMs) return 'before';
  return time > Math.max(startedAtMs, sentAtMs) + skew + lateMs ? 'after' : 'within';
}
