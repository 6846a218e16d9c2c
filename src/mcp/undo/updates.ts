import * as z from 'zod';
import type { Reply } from '../../client/client.ts';
import { NotFound } from '../../errors.ts';
import type { Operation } from '../../operations/define.ts';
import type { KeptRun } from '../../state/state.ts';
import { inWords, sameValue } from '../../workflows/changes.ts';
import type { Plan } from '../../workflows/define.ts';
import { type Former, idKeyOf, orderKind } from '../../workflows/former.ts';
import { asNamed, hasParts, isTaken, overwriting } from '../../workflows/former-parts.ts';
import { formatMicro } from '../../workflows/numbers.ts';
import { floorOf, linesOf } from '../../workflows/order-lines.ts';
import { isRow, type Row, rowIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { sentLines } from '../../workflows/sent-line.ts';
import { named, plainText } from '../../workflows/text.ts';
import { operationNamed } from '../actions.ts';
import { canonical } from '../canonical.ts';
import type { Step } from '../journal.ts';
import { changedSince, fieldsOf } from './anew.ts';
import { type Around, type Reversing, single } from './reverse.ts';

const former = z.object({ fields: z.record(z.string(), z.unknown()), unkept: z.array(z.string()) });
const planned = z.looseObject({ former: former.optional() });
export const isUpdate = (step: Step | undefined): step is Step =>
  step?.status === 'done' && /^update_/.test(step.operation);

/** What stood before the one update of this run, where it was read then. */
export function formerOfRun(run: KeptRun, steps: readonly Step[]): Former | undefined {
  if (run.tool !== 'amend_order' && !/^update_/.test(run.tool)) return undefined;
  if (steps.length !== 1 || !isUpdate(steps[0])) return undefined;
  return planned.safeParse((run.plan as Plan).steps).data?.former; // parse boundary: our own row, written when the run began
}

const names = [
  'name',
  'contact_name',
  'warehouse_name',
  'salesorder_number',
  'purchaseorder_number',
  'package_number',
  'transfer_number',
  'adjustment_number',
];
const nameOf = (record: Row, id: string): string =>
  names.map((key) => named(record[key], 60)).find((name) => name !== '') ?? id;

/** Field by field; what somebody changed since stays as it is. */
export async function reverseUpdate({ fields, unkept }: Former, step: Step, around: Around): Promise<Reversing> {
  const operation = operationNamed(step.operation);
  const get = operationNamed(operation.trace?.kind === 'same' ? operation.trace.get : '');
  const left = rowIn(isRow(step.reply) ? step.reply : {}, operation.reply ?? '');
  const id = textIn(left, idKeyOf(operation)) || textIn(left, `${operation.reply}_id`);
  const base = { writes: [], lines: [], restsOn: [step.fingerprint, id] };
  if (id === '') return { ...base, stays: `${step.operation}: its answer named no record; look with ${get.name}` };
  let now: Row;
  try {
    now = rowIn(await around.api.call(get.name, { [idKeyOf(get)]: id }), get.reply ?? '');
  } catch (error) {
    if (error instanceof NotFound) return { ...base, already: `${nameOf(left, id)} does not exist any more.` };
    throw error;
  }
  const name = nameOf(now, id);
  const status = plainText(now.status, 40);
  if (orderKind(operation) && /^(void|cancelled|closed)$/i.test(status))
    return { ...base, stays: `${name} is ${status} by now and is not changed any more` };
  const found: { lines: string[]; stays: string[]; restsOn: unknown[] } = { lines: [], stays: [], restsOn: [] };
  for (const key of unkept) found.stays.push(`${key} of ${name}: its former value is not kept`);
  const back: Record<string, unknown> = {};
  for (const [key, was] of Object.entries(fields)) {
    if (key === 'line_items') continue;
    const [today, then] = [asNamed(key, now[key]), asNamed(key, left[key])];
    found.restsOn.push([key, today ?? null]);
    if (was === '' && (left[key] ?? '') === '') {
      found.stays.push(`${key} of ${name}: its record does not show it`);
      continue;
    }
    if (sameValue(today, was)) continue;
    if (!sameValue(today, then)) found.stays.push(changedSince(key, name, today));
    else {
      back[key] = overwriting(key, was, today);
      found.lines.push(`${name}: ${key} ${inWords(today, key, '')} -> ${inWords(was, key, '')}`);
    }
  }
  const lines = fields.line_items ? linesBack(operation, rowsIn(fields, 'line_items'), left, now) : undefined;
  if (lines && 'stays' in lines) found.stays.push(`lines of ${name}: ${lines.stays}`);
  if (lines && 'back' in lines) back.line_items = lines.back;
  const stays = found.stays.length > 0 ? { stays: found.stays.join('; ') } : {};
  const restsOn = [base.restsOn, status, now.last_modified_time ?? null, found.restsOn];
  if (Object.keys(back).length === 0) {
    const nothing = found.stays.length === 0 ? { already: `${name} is as it was before already.` } : {};
    return { ...base, restsOn, ...stays, ...nothing };
  }
  const title = `putting ${Object.keys(back).join(', ')} of ${name} back`;
  const write = await single(step.operation, { [idKeyOf(operation)]: id, ...back }, title, around);
  const check = { name, left: fieldsOf(operation, Object.keys(back), now) };
  const why = [...found.stays, ...(write.stays ? [write.stays] : [])];
  return {
    ...write,
    writes: write.writes.map((one) => ({ ...one, check })),
    lines: write.writes.length === 0 ? [] : [...found.lines, ...(back.line_items ? write.lines : [])],
    restsOn: [restsOn, write.restsOn],
    ...(why.length > 0 ? { stays: why.join('; ') } : {}),
  };
}

/** The former list, with ids only of lines that are still there; a line that is gone is written anew. */
function linesBack(
  operation: Operation,
  was: readonly Row[],
  left: Row,
  now: Row,
): { back: Row[] } | { stays: string } | undefined {
  const kind = orderKind(operation) ?? 'sales';
  const current = sentLines(now);
  if (canonical(current) === canonical(was)) return undefined;
  if (canonical(current) !== canonical(sentLines(left))) return { stays: 'they were changed since' };
  const formerly = new Map(linesOf({ line_items: [...was] }).map((line) => [line.lineId, line]));
  const below = linesOf(now).find((line) => {
    const floor = floorOf(line);
    const before = formerly.get(line.lineId);
    const isOther = before !== undefined && before.itemId !== line.itemId;
    return floor > 0n && (isOther || (before?.quantity ?? 0n) < floor);
  });
  if (below) {
    const [sold, bought] =
      floorOf(below) === below.invoiced ? ['are invoiced', 'are billed'] : ['are packed', 'were received'];
    const floor = formatMicro(floorOf(below));
    return { stays: `${floor} of ${below.label} ${kind === 'sales' ? sold : bought} by now` };
  }
  const byId = new Map(current.map((line) => [textIn(line, 'line_item_id'), line]));
  return {
    back: was.map(({ line_item_id, ...line }) => {
      const today = byId.get(String(line_item_id));
      return today ? { line_item_id, ...clearing(today, line), ...line } : line;
    }),
  };
}

/** A line that is kept by its id keeps what is not named: what it had none of is named as none. */
function clearing(today: Row, was: Row): Row {
  const isOff = (line: Row) => line.discount !== undefined || line.discount_amount !== undefined;
  return {
    ...(isOff(today) && !isOff(was) ? { discount: 0 } : {}),
    ...(today.description !== undefined && was.description === undefined ? { description: '' } : {}),
    ...(today.tax_id !== undefined && was.tax_id === undefined ? { tax_id: '' } : {}),
  };
}

/** Fields that the service left as they were though it took the update; an empty text clears not every field. */
export function notTaken(name: string, input: Row, reply: Reply): Reply {
  if (Array.isArray(reply.left)) return reply;
  const record = rowIn(reply, operationNamed(name).reply ?? '');
  const fields = Object.entries(input).filter(
    ([key, value]) => key in record && (typeof value !== 'object' || hasParts(key)),
  );
  const kind = orderKind(operationNamed(name));
  const isOther =
    kind &&
    'line_items' in input &&
    canonical(told(sentLines(record))) !== canonical(told(rowsIn(input, 'line_items')));
  const left = fields.flatMap(([key, value]) => (isTaken(key, record[key], value) ? [] : [key]));
  return { left: [...left, ...(isOther ? ['a part of line_items'] : [])] };
}

/** Without the ids, and without what is named as none. */
const told = (lines: readonly Row[]): Row[] =>
  lines.map(({ line_item_id: _, ...line }) =>
    Object.fromEntries(Object.entries(line).filter(([, value]) => value !== 0 && value !== '')),
  );
