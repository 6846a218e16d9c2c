import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Reply } from '../client/client.ts';
import { InventoryError } from '../errors.ts';
import { visible } from '../text.ts';
import { capFacts } from './cap.ts';
import { isPlainKey, isProse, isTyped, isTypedWhole } from './typed.ts';

/**
 * Drops nulls and empty texts and strips invisible characters. `met` gains the keys whose text people outside may have typed:
 * `within` is the one that everything further inside counts to, `under` the one that the value stands under.
 */
function cleaned(value: unknown, met: Set<string>, under = '', within = ''): unknown {
  if (typeof value === 'string') {
    const text = visible(value);
    const key = within === '' && isTyped(under) ? under : within;
    if (key !== '' && isProse(text)) met.add(key);
    return text;
  }
  if (Array.isArray(value)) return value.map((entry) => cleaned(entry, met, under, within));
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === null || entry === undefined || entry === '') continue;
    const owner = within || under;
    if (!isPlainKey(key) && owner !== '') met.add(owner);
    kept[visible(key)] = cleaned(entry, met, key, within || (isTypedWhole(key) ? key : ''));
  }
  return kept;
}

/** No text of a cell can end the cell or the row: a pipe and a backslash are escaped, a line break is a space. */
const cell = (value: unknown): string =>
  value === undefined
    ? ''
    : (typeof value === 'string' ? value : JSON.stringify(value)).replace(/[\\|]/g, '\\$&').replace(/\n/g, ' ');

/**
 * Rows as a table: the header once instead of every key in every row. Cells that hold objects are JSON. No name can pass for
 * a line of ours: where rows would begin with what somebody typed, an id is put before it, or else a bar before every line.
 */
function tableOf(rows: readonly Record<string, unknown>[]): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const [first = ''] = keys;
  const isTold = rows.some((row) => typeof row[first] === 'string' && isProse(row[first]));
  const id = isTold
    ? keys.find((key) => key.endsWith('_id') && rows.every((row) => /^\d+$/.test(String(row[key]))))
    : undefined;
  const columns = id === undefined ? keys : [id, ...keys.filter((key) => key !== id)];
  const line = (cells: readonly string[]) => `${isTold && id === undefined ? '|' : ''}${cells.join('|')}`;
  return [line(columns.map(cell)), ...rows.map((row) => line(columns.map((column) => cell(row[column]))))].join('\n');
}

const isRow = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same facts as the structured content in fewer tokens: lists of rows as tables, the rest as compact JSON. */
export function textOf(reply: Reply): string {
  const tables: string[] = [];
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(reply)) {
    if (key === 'page_context') continue;
    if ((key === 'preview' || key === 'markdown') && Array.isArray(value))
      tables.push(value.map((line) => String(line).replace(/\n/g, ' ')).join('\n'));
    else if (Array.isArray(value) && value.length > 1 && value.every(isRow))
      tables.push(`${key} (${value.length}):\n${tableOf(value)}`);
    else if (Array.isArray(value) && value.length === 0) tables.push(`${key}: none`);
    else rest[key] = value;
  }
  const parts = [Object.keys(rest).length > 0 ? JSON.stringify(rest) : '', ...tables, pageLine(reply)];
  return parts.filter((part) => part !== '').join('\n');
}

/** `25 of 340 rows, page 2 has more`: a capped list says so. */
function pageLine(reply: Reply): string {
  const context = reply.page_context;
  if (!isRow(context)) return '';
  const page = Number(context.page ?? 1);
  const shown = Object.values(reply).find(Array.isArray)?.length ?? 0;
  const total = context.total === undefined ? '' : ` of ${String(context.total)}`;
  if (reply.cut_short !== undefined) return `${shown}${total} rows, the beginning of page ${page}`;
  return `${shown}${total} rows, page ${page}${context.has_more_page === true ? `; page ${page + 1} has more` : ', the last'}`;
}

export interface ChosenFields {
  readonly keys: readonly string[];
  /** The caller named them; else they are the list's own main keys, and one that no row has is no mistake. */
  readonly named: boolean;
}

/** Keeps only the wanted keys of each row of each list; a key that the caller named and no row has is told. */
export function chosen(reply: Reply, fields: ChosenFields | undefined): Reply {
  if (!fields || fields.keys.length === 0) return reply;
  const wanted = new Set(fields.keys);
  const missing = new Set(fields.named ? fields.keys : []);
  const pick = (row: unknown) => {
    if (!isRow(row)) return row;
    for (const key of Object.keys(row)) missing.delete(key);
    return Object.fromEntries(Object.entries(row).filter(([key]) => wanted.has(key)));
  };
  const picked = Object.fromEntries(
    Object.entries(reply).map(([key, value]) => [key, Array.isArray(value) ? value.map(pick) : value]),
  );
  const hasRows = Object.values(reply).some((value) => Array.isArray(value) && value.length > 0);
  return hasRows && missing.size > 0 ? { ...picked, fields_in_no_row: [...missing] } : picked;
}

/** What a reader is given of a reply: nulls dropped, invisible characters out, and which keys other people typed. */
export function factsOf(reply: Reply): Reply {
  const met = new Set<string>();
  const facts = cleaned(reply, met) as Reply; // parse boundary: an object in is an object out
  return met.size > 0 ? { ...facts, typed_by_others: [...met] } : facts;
}

/** A tool's result: text and structured content with the same facts. */
export function toResult(reply: Reply, options: { isError?: boolean; before?: string } = {}): CallToolResult {
  const facts = factsOf(reply);
  capFacts(facts);
  const text = textOf(facts);
  return {
    content: [{ type: 'text', text: options.before ? `${options.before}\n${text}` : text }],
    structuredContent: facts,
    ...(options.isError ? { isError: true } : {}),
  };
}

/** An error as a result: kind, message and facts; never a stack, never a third party's exception text. */
export function toErrorResult(error: unknown): CallToolResult {
  const known = error instanceof InventoryError;
  const kind = known ? error.kind : 'unavailable';
  const message = known
    ? error.message
    : 'The server failed on this call; the log on the host says why. If it was a write, look at the record before you repeat it.';
  const facts = factsOf(known ? error.facts : {});
  const structured = { status: 'error', error: { ...facts, kind, message: visible(message) } };
  const extra = Object.keys(facts).length > 0 ? `\n${JSON.stringify(facts)}` : '';
  return {
    content: [{ type: 'text', text: `${kind}: ${visible(message)}${extra}` }],
    structuredContent: structured,
    isError: true,
  };
}
