import { type Call, invalid } from './route.ts';

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

/** The rows of the page that was asked for. `page` counts from 1, `per_page` is 1 to 200 and 200 if not given. */
export function pageOf<T>(call: Call, rows: readonly T[]): { rows: T[]; page_context: PageContext } {
  const page = wholeNumber(call, 'page', 1, 999_999_999);
  const per_page = wholeNumber(call, 'per_page', 200, 200);
  const from = (page - 1) * per_page;
  const filter = call.query.get('filter_by');
  const column = call.query.get('sort_column');
  const order = call.query.get('sort_order');
  return {
    rows: rows.slice(from, from + per_page),
    page_context: {
      page,
      per_page,
      has_more_page: from + per_page < rows.length,
      total: rows.length,
      ...(filter ? { applied_filter: filter } : {}),
      ...(column ? { sort_column: column } : {}),
      ...(order ? { sort_order: order } : {}),
    },
  };
}

const compare = (a: unknown, b: unknown): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = String(a ?? '').toLowerCase();
  const right = String(b ?? '').toLowerCase();
  return left < right ? -1 : left > right ? 1 : 0;
};

/** Rows by `sort_column` (one of `columns`; else 1002), ascending for `sort_order` A, descending for D. Equal rows keep their order. */
export function sortRows<T extends Readonly<Record<string, unknown>>>(
  call: Call,
  rows: readonly T[],
  columns: readonly string[],
): T[] {
  const column = call.query.get('sort_column');
  const order = call.query.get('sort_order') ?? 'A';
  if (!/^(A|D|asc|desc|ascending|descending)$/i.test(order))
    throw invalid('sort_order', 'sort_order is A (ascending) or D (descending).');
  if (!column) return [...rows];
  if (!columns.includes(column)) throw invalid('sort_column', `sort_column is one of ${columns.join(', ')}.`);
  const sign = /^d/i.test(order) ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(a[column], b[column]));
}
