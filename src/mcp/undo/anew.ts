import type { Reply } from '../../client/client.ts';
import { NotFound } from '../../errors.ts';
import type { Operation } from '../../operations/define.ts';
import { inWords, sameValue } from '../../workflows/changes.ts';
import type { Api } from '../../workflows/define.ts';
import { idKeyOf, orderKind } from '../../workflows/former.ts';
import { asNamed, isTaken } from '../../workflows/former-parts.ts';
import { isRow, pageSize, type Row, rowIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { sentLines } from '../../workflows/sent-line.ts';
import { counted } from '../../workflows/text.ts';
import { operationNamed } from '../actions.ts';
import { canonical } from '../canonical.ts';
import type { Check, Write } from './write.ts';

/** A reading of a page serves so many rows: half a minute of writing, for two calls in a hundred. */
const mostOfReading = 50;

export const listed = { filter_by: 'Status.All' };

/** The fields as the update would send them. */
export function fieldsOf(operation: Operation, keys: readonly string[], record: Row): Row {
  const kind = orderKind(operation);
  return Object.fromEntries(
    keys.map((key) => [key, key === 'line_items' && kind ? sentLines(record) : (asNamed(key, record[key]) ?? null)]),
  );
}

/** Why a write is not sent after all. */
export interface Left {
  /** One reason for each field that somebody changed. */
  readonly stays?: readonly string[];
  readonly already?: string;
}

/** How the records stand just now: a page of the list serves many rows, one that stands alone is read by itself. */
export function createAnew(api: Api, writes: readonly Write[]) {
  const onPage = countByPage(writes);
  let latest: { readonly page: number; readonly rows: ReadonlyMap<string, Row>; served: number } | undefined;

  async function rowsOf(page: number): Promise<ReadonlyMap<string, Row>> {
    if (latest?.page === page && latest.served < mostOfReading) {
      latest.served += 1;
      return latest.rows;
    }
    const reply = await api.call('list_items', { ...listed, page, per_page: pageSize }, { fresh: true });
    const rows = new Map(rowsIn(reply, 'items').map((row) => [textIn(row, 'item_id'), row]));
    latest = { page, rows, served: 1 };
    return rows;
  }

  async function recordOf(operation: Operation, id: string): Promise<Row | undefined> {
    const get = operationNamed(operation.trace?.kind === 'same' ? operation.trace.get : '');
    try {
      return rowIn(await api.call(get.name, { [idKeyOf(get)]: id }, { fresh: true }), get.reply ?? '');
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  /** Answers where the write is to be left out. */
  return async ({ operation: named, input, check: kept }: Write): Promise<Reply | undefined> => {
    if (!kept) return undefined;
    const operation = operationNamed(named);
    const { [idKeyOf(operation)]: id, ...back } = input;
    const { page } = kept;
    const shared = page !== undefined && (onPage.get(page) ?? 0) > 1 ? await rowsOf(page) : undefined;
    // Items that came or went since the yes move others to the page beside.
    const now = shared?.get(String(id)) ?? (await recordOf(operation, String(id)));
    const left = whyLeft(operation, back, kept, now);
    return left && leftOut(left);
  };
}

function whyLeft(operation: Operation, back: Row, { name, left }: Check, now: Row | undefined): Left | undefined {
  if (!now) return { already: `${name} does not exist any more.` };
  const today = fieldsOf(operation, Object.keys(back), now);
  const isBack = (key: string) => key !== 'line_items' && isTaken(key, today[key], back[key]);
  const stays = Object.keys(back).flatMap((key) => {
    if (isSame(today[key], left[key]) || isBack(key)) return [];
    return [key === 'line_items' ? `lines of ${name}: they were changed since` : changedSince(key, name, today[key])];
  });
  if (stays.length > 0) return { stays };
  return Object.keys(back).every(isBack) ? { already: `${name} is as it was before already.` } : undefined;
}

const isSame = (now: unknown, left: unknown): boolean =>
  Array.isArray(left) ? canonical(now) === canonical(left) : sameValue(now, left);

export const changedSince = (key: string, name: string, now: unknown): string =>
  `${key} of ${name} was changed since, to ${inWords(now, key, '')}`;

export const leftOut = (left: Left): Reply => ({ left_out: left });

/** What came of a write that was left out; nothing of one that was sent. */
export function leftIn(reply: Reply): Left | undefined {
  const left = reply.left_out;
  if (!isRow(left)) return undefined;
  const { stays, already } = left;
  return {
    ...(Array.isArray(stays) ? { stays: stays.map(String) } : {}),
    ...(typeof already === 'string' ? { already } : {}),
  };
}

function countByPage(writes: readonly Write[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { check: kept } of writes)
    if (kept?.page !== undefined) counts.set(kept.page, (counts.get(kept.page) ?? 0) + 1);
  return counts;
}

/** What the undo takes, where records are read again between its writes. */
export function callsLine(writes: readonly Write[]): string[] {
  const checked = writes.filter(({ check: kept }) => kept);
  if (checked.length === 0 && writes.length <= 100) return [];
  const alone = checked.filter(({ check: kept }) => kept?.page === undefined).length;
  const shared = [...countByPage(checked).values()].map((rows) => Math.ceil(rows / mostOfReading));
  const reads = shared.reduce((sum, calls) => sum + calls, alone);
  const minutes = Math.ceil((writes.length + reads) / 100);
  const time = minutes > 1 ? `, at 100 calls a minute about ${counted(minutes, 'minute')}` : '';
  const until = reads > 0 ? ` and ${reads} to read again shortly before` : '';
  const stays = reads > 0 ? ' What somebody changes until then stays.' : '';
  return [`Takes ${counted(writes.length, 'call')} to write${until}${time}.${stays}`];
}
