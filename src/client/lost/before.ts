import { Cancelled, InventoryError, Unavailable } from '../../errors.ts';
import type { Input, Operation } from '../../operations/define.ts';
import { allOperations } from '../../operations/index.ts';
import { rowsOf } from '../../operations/trace.ts';
import type { CallOptions, Client, Reply } from '../contract.ts';
import { isObject, type JsonObject } from '../json.ts';
import { type Before, idOf } from './attempt.ts';
import { readRecord } from './reading.ts';

/** A preview has mostly read the record a moment ago: the write need not read it again. */
const lifeMs = 10_000;
const mostReadings = 50;
const telling: ReadonlySet<string> = new Set(
  allOperations.flatMap(({ trace }) => (trace?.kind === 'grown' || trace?.kind === 'same' ? [trace.get] : [])),
);

/** Keeps what single records showed, and tells of the record of a write what it showed before. */
export function createBefore(client: Client, now: () => number) {
  const kept = new Map<string, { record: JsonObject; atMs: number }>();
  let writes = 0;

  /** A read; kept unless a write of ours left meanwhile, for then it may be older than that write. */
  async function read(operation: Operation, input: Input, given: CallOptions): Promise<Reply> {
    const begun = writes;
    const reply = await client.call(operation, input, given);
    const record = reply[operation.reply ?? ''];
    if (!telling.has(operation.name) || !isObject(record) || begun !== writes) return reply;
    kept.set(`${operation.name} ${idOf(operation, input)}`, { record, atMs: now() });
    const oldest = kept.keys().next().value;
    if (kept.size > mostReadings && oldest !== undefined) kept.delete(oldest);
    return reply;
  }

  function lately(get: string, id: string): JsonObject | undefined {
    const one = kept.get(`${get} ${id}`);
    return one && now() - one.atMs <= lifeMs ? one.record : undefined;
  }

  /** What is known without a call; one reading more for a write that only its quantities can tell. */
  async function of(operation: Operation, input: Input, given: CallOptions): Promise<Before | undefined> {
    const { trace } = operation;
    if (trace?.kind !== 'grown' && trace?.kind !== 'same') return undefined;
    const id = idOf(operation, input);
    const known = lately(trace.get, id);
    if (trace.kind === 'same')
      return typeof known?.last_modified_time === 'string' ? { modified: known.last_modified_time } : undefined;
    const record = known ?? (await readRecord({ client }, trace.get, id, given).catch(nothingWritten));
    if (!record) return undefined;
    const { rows = '', id: key = '' } = trace.made ?? {};
    return {
      counts: trace.counts(record),
      growth: trace.growth(input, record),
      ids: rowsOf(record, rows).map((row) => String(row[key])),
    };
  }

  return {
    read,
    of,
    /** A write leaves, or has ended: what was read before it may not be so any more. */
    forget: () => {
      writes += 1;
      kept.clear();
    },
  };
}

/** The reading stands before the write: when it fails, a confirmation may be given back. */
function nothingWritten(error: unknown): never {
  if (error instanceof Cancelled)
    throw new Cancelled('The call was taken back before anything was written.', { nothingSent: true, cause: error });
  if (error instanceof InventoryError && error.kind === 'unavailable')
    throw new Unavailable(`${error.message} It was read to tell what the write changes; nothing was written.`, {
      nothingSent: true,
      facts: error.facts,
      cause: error,
    });
  throw error;
}
