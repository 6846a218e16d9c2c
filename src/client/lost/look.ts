import { effectOf } from '../../operations/define.ts';
import { type GrownTrace, type ReachedTrace, rowsOf, type SameTrace } from '../../operations/trace.ts';
import type { CallOptions } from '../contract.ts';
import type { JsonObject } from '../json.ts';
import { idOf, pathKey, type Traced } from './attempt.ts';
import { agreement, notShown } from './compare.ts';
import { lookForCreated } from './look-for-created.ts';
import { found, type LookParts, type Lost, readRecord, unclear, whenIn } from './reading.ts';

/** Reads what shows whether the write was done; throws what the readings throw. */
export async function look(parts: LookParts, lost: Lost, options: CallOptions): Promise<Traced> {
  const { operation, input } = lost;
  const trace = operation.trace;
  if (!trace) return unclear(`nothing tells what became of ${operation.name}`);
  if (trace.kind === 'created') return lookForCreated(parts, lost, trace, options);
  if (trace.kind === 'again') return { kind: 'absent' };
  if (trace.kind === 'untraceable') return unclear(`it leaves nothing that can be read: look at ${trace.look}`);
  const record = await readRecord(parts, trace.get, idOf(operation, input), options);
  if (trace.kind === 'gone') return record ? { kind: 'absent' } : found(lost, undefined);
  if (!record) return unclear('the record is not there any more');
  if (trace.kind === 'reached') return reachedOf(lost, trace, record);
  if (trace.kind === 'same') return sameOf(parts, lost, trace, record);
  return grownOf(lost, trace, record);
}

/** The input without the id of the path. */
function givenOf({ operation, input }: Lost): JsonObject {
  const { [pathKey(operation)]: _, ...given } = input;
  return given;
}

/** `partially_received`, `Partially Received` and `PartiallyReceived` name the same status. */
const statusOf = (value: unknown) =>
  String(value ?? '')
    .toLowerCase()
    .replace(/[\s_-]+/g, '');

function reachedOf(lost: Lost, { get, field, is, spell }: ReachedTrace, record: JsonObject): Traced {
  const status = statusOf(record[field]);
  const isThere = is.some((wanted) => statusOf(wanted) === status);
  if (!isThere) return status === '' ? unclear(`${get} does not show its ${field}`) : { kind: 'absent' };
  // Another person may have come first, and shipped it by another carrier.
  const others = notShown(givenOf(lost), spell?.(record, lost.input) ?? record);
  if (others.length === 0) return found(lost, record);
  return unclear(
    `it is ${status}, but does not show the ${others.join(', ')} given, so that others may have done it: read ${get}`,
    {
      differs: others,
    },
  );
}

function sameOf(parts: LookParts, lost: Lost, trace: SameTrace, record: JsonObject): Traced {
  const given = givenOf(lost);
  const spelled = trace.spell?.(record, given) ?? record;
  const keys = Object.keys(given).filter((key) => given[key] !== undefined);
  const says = (key: string) => agreement(given[key], spelled[key]);
  if (keys.length > 0 && keys.every((key) => says(key) === 'yes')) return found(lost, record);
  const others = keys.filter((key) => says(key) === 'no');
  const touched = wasTouched(parts, lost, record);
  if (touched === false) return { kind: 'absent' };
  // Sending it again could undo what somebody changed after it.
  if (touched && others.length > 0)
    return unclear(
      `it was changed since, and shows another ${others.join(', ')}: the API may spell it otherwise, or somebody changed it meanwhile. Read ${trace.get}`,
      { differs: others },
    );
  // A field that is not printed proves nothing. Sent again it leaves the same, but stock may have moved by it.
  if (others.length === 0 && effectOf(lost.operation, lost.input) === 'stock')
    return unclear(`${trace.get} does not show all of it: look at the stock of its lines`);
  return { kind: 'absent' };
}

/** Whether the record was changed since the attempt began; undefined where nothing says so. */
function wasTouched({ skewMs }: LookParts, { attempt }: Lost, { last_modified_time }: JsonObject) {
  const before = attempt.before?.modified;
  if (before !== undefined && last_modified_time !== undefined) return last_modified_time !== before;
  const when = whenIn(attempt, last_modified_time, skewMs());
  return when === undefined ? undefined : when !== 'before';
}

function grownOf(lost: Lost, trace: GrownTrace, record: JsonObject): Traced {
  const { counts, growth, ids } = lost.attempt.before ?? {};
  if (!counts || !growth) return unclear(`the quantities before it are not known: read ${trace.get}`);
  const after = trace.counts(record);
  const isAt = (target: (line: string) => number) =>
    Object.keys(growth).every((line) => Math.abs((after[line] ?? Number.NaN) - target(line)) < 5e-7);
  const was = (line: string) => counts[line] ?? Number.NaN;
  const made = trace.made && Array.isArray(record[trace.made.rows]) ? trace.made : undefined;
  const added = made ? addedRows(record, made, ids ?? []) : [];
  const wouldGrow = Object.values(growth).some((quantity) => quantity !== 0);
  if (wouldGrow && isAt(was) && added.length === 0) return { kind: 'absent' };
  const has = (row: JsonObject) => notShown(givenOf(lost), row).length === 0;
  const isDone = wouldGrow && isAt((line) => was(line) + (growth[line] ?? 0));
  if (isDone && !made) return found(lost, trace.made ? {} : record);
  if (isDone && added.length === 1 && added.every(has)) return found(lost, added[0]);
  return unclear(
    isDone
      ? `the quantities are those that it would have left, but others may have booked them: read ${trace.get}`
      : `the quantities are neither those of before nor those that it would have left: read ${trace.get}`,
    { before: counts, now: after },
  );
}

/** Rows that were not there before. */
const addedRows = (record: JsonObject, { rows, id }: NonNullable<GrownTrace['made']>, before: readonly string[]) =>
  rowsOf(record, rows).filter((row) => !before.includes(String(row[id])));
