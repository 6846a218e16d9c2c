import type { CreatedTrace } from '../../operations/trace.ts';
import type { CallOptions } from '../contract.ts';
import type { JsonObject } from '../json.ts';
import { untilCancelled } from '../wait.ts';
import { pathKey, type Traced } from './attempt.ts';
import { type Agreement, agreement, akin, covers, goodsAgree, notShown } from './compare.ts';
import { bears } from './mark.ts';
import { found, type LookParts, type Lost, readOperation, readRecord, unclear, whenIn } from './reading.ts';
import { listRows } from './rows.ts';

/** Records that are read whole. */
const mostCandidates = 10;

/**
 * Looks for a new record: made in the time of the attempt, of the same party and goods, and not known as the work of
 * another write. One that agrees in all it prints is it; one that only comes into question leaves it open.
 */
export async function lookForCreated(
  parts: LookParts,
  lost: Lost,
  trace: CreatedTrace,
  options: CallOptions,
): Promise<Traced> {
  const { free, isWhole, areOthersTold } = await candidates(parts, lost, trace, options);
  // Of two that are the same word for word it is all one which made which; and one that asks for less would have made the
  // very same record. One that asks for more may have made it: this one may be told of it only when that one is known.
  const rivals = parts.rivals(lost).filter(({ input }) => !covers(lost.input, input));
  const exact: JsonObject[] = [];
  const doubtful: string[] = [];
  for (const [id, row] of [...free].slice(0, mostCandidates)) {
    const record = trace.get ? await readRecord(parts, trace.get, id, options) : row;
    // One that is gone since it was listed may have been it.
    const verdict = record ? judge(parts, lost, trace, record) : 'maybe';
    if (verdict === 'not') continue;
    const isSure = record && verdict === 'it' && !rivals.some((other) => judge(parts, other, trace, record) === 'it');
    if (isSure) exact.push({ ...record, [trace.id]: id });
    else doubtful.push(id);
  }
  const one = exact[0];
  const areAllRead = free.size <= mostCandidates;
  if (one && exact.length === 1 && areAllRead && areOthersTold) return found(lost, one, String(one[trace.id]));
  const open = [...exact.map((record) => String(record[trace.id])), ...doubtful];
  if (open.length > 0) return unclear(whyOpen(trace, open.length), { [trace.id]: open });
  if (!isWhole || !areAllRead) return unclear(`${trace.list} is too long to be sure that it is not there`);
  return { kind: 'absent' };
}

const whyOpen = ({ get, list }: CreatedTrace, count: number) =>
  `${count === 1 ? 'a record like it was' : `${count} records like it were`} made meanwhile, and nothing tells whether ${
    count === 1 ? 'it' : 'one'
  } is this one: read ${get ?? list}`;

/** Unclaimed rows that are not provably another record. */
async function candidates(parts: LookParts, lost: Lost, trace: CreatedTrace, options: CallOptions) {
  const { operation, input, attempt } = lost;
  const list = readOperation(trace.list);
  const isEarlier = (row: JsonObject) => whenIn(attempt, row.created_time, parts.skewMs()) === 'before';
  const { rows, isWhole } = await listRows(parts.client, { list, asked: trace.narrow(input), isEarlier }, options);
  const open = rows.filter((row) => judge(parts, lost, trace, row) !== 'not');
  // What another call of ours has made but was not told yet is claimed only then.
  const areOthersTold =
    open.length === 0 || (await untilCancelled(parts.othersLanded(lost, options.signal), options.signal));
  // By id, for a list that grows while its pages are read tells rows twice.
  const free = new Map<string, JsonObject>();
  for (const row of open) {
    const id = String(row[trace.id]);
    if (!(await parts.claims.isClaimed(operation, id, attempt.id, attempt.startedAtMs))) free.set(id, row);
  }
  return { free, isWhole, areOthersTold };
}

function judge(parts: LookParts, lost: Lost, trace: CreatedTrace, record: JsonObject): 'it' | 'maybe' | 'not' {
  const { operation, input, attempt } = lost;
  const mark = attempt.mark ? bears(record, attempt.mark) : undefined;
  if (mark === 'ours') return 'it';
  const when = whenIn(attempt, record.created_time, parts.skewMs());
  const spelled = trace.spell?.(record, input) ?? record;
  const shared = identity(input, spelled, trace);
  if (mark === 'another' || when === 'before' || shared === 'no') return 'not';
  const { [pathKey(operation)]: _, ...given } = input;
  const isSure = mark === undefined && when === 'within' && shared === 'yes' && !isFilledByOthers(given, record);
  return isSure && notShown(given, spelled).length === 0 ? 'it' : 'maybe';
}

/** What no API fills in by itself: where it was left empty and is not, somebody else has made the record, or changed it. */
const ownWords = [
  ...['sku', 'reference_number', 'notes', 'description', 'tracking_number', 'shipping_charge', 'adjustment'],
];

const isBlank = (value: unknown) => value === undefined || value === null || value === '' || Number(value) === 0;

const isFilledByOthers = (given: JsonObject, record: JsonObject) =>
  ownWords.some((key) => isBlank(given[key]) && !isBlank(record[key]));

/** Whether the record shares what makes it one that was asked for; `silent` where it prints too little: rows have no lines. */
function identity(input: JsonObject, record: JsonObject, { same, lines }: CreatedTrace): Agreement {
  const each = same(input)
    .filter((key) => input[key] !== undefined)
    .map((key) => agreement(input[key], record[key], akin));
  if (lines) each.push(goodsAgree(input.line_items, record.line_items, lines));
  return each.includes('no') ? 'no' : each.includes('silent') ? 'silent' : 'yes';
}
