import type { Reply } from '../client/client.ts';
import { InvalidArguments } from '../errors.ts';
import type { Input } from '../operations/define.ts';
import type { Api } from './define.ts';
import { parseMicro } from './numbers.ts';

/** One record of a reply, keys as the reference spells them. */
export type Row = Readonly<Record<string, unknown>>;

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The records under `key`; an empty list where there are none. */
export function rowsIn(reply: Row, key: string): Row[] {
  const list = reply[key];
  return Array.isArray(list) ? list.filter(isRow) : [];
}

/** The record under `key`; an empty one where there is none. */
export function rowIn(reply: Row, key: string): Row {
  const row = reply[key];
  return isRow(row) ? row : {};
}

/** A field as text; ids may arrive as numbers. Empty where it is absent. */
export function textIn(row: Row, key: string): string {
  const value = row[key];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The first of the fields that holds a number, in 1e-6. */
export function microIn(row: Row, ...keys: string[]): bigint | undefined {
  for (const key of keys) {
    const micro = parseMicro(row[key]);
    if (micro !== undefined) return micro;
  }
  return undefined;
}

/** The row with these keys only. */
export const cutTo = (row: Row, keys: readonly string[]): Row =>
  Object.fromEntries(keys.flatMap((key) => (row[key] === undefined ? [] : [[key, row[key]]])));

export const hasMorePages = (reply: Reply): boolean => rowIn(reply, 'page_context').has_more_page === true;

/** API's largest page, per the reference. */
export const pageSize = 200;

/**
 * Pages that a list still has. Where it does not say how long it is: as many as were read, so that who stops for what is
 * cheaper has spent twice the least at most.
 */
export function pagesAfter(page: number, reply: Row): number {
  const total = microIn(rowIn(reply, 'page_context'), 'total');
  return total === undefined ? page : Math.max(0, Math.ceil(Number(total / 1_000_000n) / pageSize) - page);
}

export interface Listing {
  readonly rows: Row[];
  /** False when more rows exist than were read. */
  readonly complete: boolean;
}

/** Reads pages of a list until `enough` says so, the list ends, or `maxPages` were read. One call a page. */
export async function readList(
  api: Api,
  name: string,
  key: string,
  input: Input,
  options: { maxPages: number; enough?: (rows: readonly Row[]) => boolean },
): Promise<Listing> {
  const rows: Row[] = [];
  for (let page = 1; page <= options.maxPages; page += 1) {
    const reply = await api.call(name, { ...input, page, per_page: pageSize });
    rows.push(...rowsIn(reply, key));
    if (!hasMorePages(reply)) return { rows, complete: true };
    if (options.enough?.(rows)) break;
  }
  return { rows, complete: false };
}

interface Parser<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

/** Types an input, or the stored steps of a plan, by its schema. */
export function parseBy<T>(schema: Parser<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const words = parsed.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.map(String).join('.') || 'input'}: ${message}`);
  throw new InvalidArguments(words.join('; '), { nothingSent: true });
}
