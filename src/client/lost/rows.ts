import { Rejected } from '../../errors.ts';
import type { Input, Operation } from '../../operations/define.ts';
import { newestFirst } from '../../operations/trace.ts';
import type { CallOptions, Client, Reply } from '../contract.ts';
import { isObject, type JsonObject } from '../json.ts';
import { timeOf } from './reading.ts';

const rowsPerPage = 200;
/** A list that has more pages proves nothing by silence. */
const mostPages = 3;

export interface Listed {
  readonly rows: readonly JsonObject[];
  /** All that could come into question is among the rows. */
  readonly isWhole: boolean;
}

interface Question {
  readonly list: Operation;
  readonly asked: Input;
  /** Made before what is looked for. */
  readonly isEarlier: (row: JsonObject) => boolean;
}

/**
 * Rows of a list, newest first, down to the first page that ends with an earlier one. An API may ignore a filter or an
 * order without a word, so an order counts only when the answer says so and its rows keep it; else pages are read to the end.
 */
export async function listRows(client: Client, question: Question, options: CallOptions): Promise<Listed> {
  const { list, asked, isEarlier } = question;
  const rows: JsonObject[] = [];
  const starts = new Set<string>();
  for (let page = 1; page <= mostPages; page += 1) {
    const reply = await readPage(client, list, list.paged ? { ...asked, page, per_page: rowsPerPage } : asked, options);
    const more = rowsIn(reply, list);
    const start = JSON.stringify(more[0]);
    if (more.length === 0) return { rows, isWhole: true };
    // A list that begins anew knows no pages.
    if (starts.has(start)) return { rows, isWhole: false };
    starts.add(start);
    rows.push(...more);
    if (!mayHaveMore(list, reply, more)) return { rows, isWhole: true };
    const last = rows.at(-1);
    if (last && isEarlier(last) && isNewestFirst(reply, rows)) return { rows, isWhole: true };
  }
  return { rows, isWhole: false };
}

/** Without the order where the API refuses it: that list is only longer. */
async function readPage(client: Client, list: Operation, asked: Input, options: CallOptions): Promise<Reply> {
  try {
    return await client.call(list, asked, { ...options, fresh: true });
  } catch (error) {
    if (!(error instanceof Rejected) || asked.sort_column === undefined) throw error;
    const { sort_column: _column, sort_order: _order, ...unsorted } = asked;
    return client.call(list, unsorted, { ...options, fresh: true });
  }
}

function rowsIn(reply: Reply, { reply: key = '' }: Operation): JsonObject[] {
  const list = reply[key];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function mayHaveMore({ paged }: Operation, { page_context }: Reply, rows: readonly JsonObject[]): boolean {
  if (!paged) return false;
  const told = isObject(page_context) ? page_context.has_more_page : undefined;
  return typeof told === 'boolean' ? told : rows.length >= rowsPerPage;
}

function isNewestFirst({ page_context }: Reply, rows: readonly JsonObject[]): boolean {
  if (!isObject(page_context) || page_context.sort_column !== newestFirst.sort_column) return false;
  const times = rows.map((row) => timeOf(row.created_time));
  return times.every((time, index) => time !== undefined && time <= (times[index - 1] ?? Number.POSITIVE_INFINITY));
}
