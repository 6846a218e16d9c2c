import type { Database, Row, SqlValue } from '../sqlite.ts';
import { remembered } from './remembered.ts';
import { type Call, invalid } from './route.ts';
import { integerOf } from './row.ts';

export interface PageContext {
  readonly page: number;
  readonly per_page: number;
  readonly has_more_page: boolean;
  /** Rows on all pages together. */
  readonly total: number;
  readonly applied_filter?: string;
  readonly sort_column?: string;
  readonly sort_order?: string;
}

function wholeNumber(call: Call, name: string, fallback: number, most: number): number {
  const text = call.query.get(name);
  if (text === null || text === '') return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw invalid(name, `${name} must be a whole number from 1 to ${most}.`);
  return value;
}

interface Cut {
  readonly from: number;
  readonly page: number;
  readonly per_page: number;
}

/** Where the page that was asked for begins. `page` counts from 1, `per_page` is 1 to 200 and 200 if not given. */
function cutOf(call: Call): Cut {
  const page = wholeNumber(call, 'page', 1, 999_999_999);
  const per_page = wholeNumber(call, 'per_page', 200, 200);
  return { from: (page - 1) * per_page, page, per_page };
}

function contextOf(call: Call, { from, page, per_page }: Cut, total: number): PageContext {
  const filter = call.query.get('filter_by');
  const column = call.query.get('sort_column');
  const order = call.query.get('sort_order');
  return {
    page,
    per_page,
    has_more_page: from + per_page < total,
    total,
    ...(filter ? { applied_filter: filter } : {}),
    ...(column ? { sort_column: column } : {}),
    ...(order ? { sort_order: order } : {}),
  };
}

/** The rows of the page that was asked for. */
export function pageOf<T>(call: Call, rows: readonly T[]): { rows: T[]; page_context: PageContext } {
  const cut = cutOf(call);
  return {
    rows: rows.slice(cut.from, cut.from + cut.per_page),
    page_context: contextOf(call, cut, rows.length),
  };
}

/** A list as SQL, before it is sorted and cut. */
export interface Listing {
  /** The query without its ORDER BY; sortable columns are named as the API names them. */
  readonly sql: string;
  readonly values: readonly SqlValue[];
  /** Terms of ORDER BY, which also decide between rows that are equal in `sort_column`. */
  readonly order: string;
  /** How many rows there are, where that is known without counting those of `sql`. */
  readonly total?: number;
}

/** The one number of a query that counts or adds up: `total`. */
export const counted = (db: Database, sql: string, ...values: readonly SqlValue[]): number =>
  integerOf(db.prepare(sql).get(...values) ?? {}, 'total');

/** How many rows of a list must be passed to reach the end of the page that was asked for. */
export function reachOf(call: Call): number {
  const { from, per_page } = cutOf(call);
  return from + per_page;
}

/**
 * The page that was asked for, cut by SQLite: the rows of other pages are neither read nor kept, only counted.
 * A list without sortable `columns` keeps its order, whatever the query says.
 */
export function pageOfListing(
  call: Call,
  { sql, values, order, ...listing }: Listing,
  columns?: readonly string[],
): { rows: Row[]; page_context: PageContext } {
  const { column, descends } = columns ? sortAsked(call, columns) : { column: undefined, descends: false };
  const cut = cutOf(call);
  const { db } = call.world;
  const first = column === undefined ? '' : `${column} COLLATE NOCASE ${descends ? 'DESC' : 'ASC'}, `;
  const rows = db.prepare(`${sql} ORDER BY ${first}${order} LIMIT ? OFFSET ?`).all(...values, cut.per_page, cut.from);
  const total = listing.total ?? integerOf(remembered(db, `SELECT count(*) AS total FROM (${sql})`, values), 'total');
  return { rows, page_context: contextOf(call, cut, total) };
}

function sortAsked(call: Call, columns: readonly string[]): { column: string | undefined; descends: boolean } {
  const column = call.query.get('sort_column') || undefined;
  const order = call.query.get('sort_order') ?? 'A';
  if (!/^(A|D|asc|desc|ascending|descending)$/i.test(order))
    throw invalid('sort_order', 'sort_order is A (ascending) or D (descending).');
  if (column !== undefined && !columns.includes(column))
    throw invalid('sort_column', `sort_column is one of ${columns.join(', ')}.`);
  return { column, descends: /^d/i.test(order) };
}
