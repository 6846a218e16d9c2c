import { Unavailable } from '../errors.ts';
import type { Input, Operation } from '../operations/define.ts';
import type { CallOptions, Client, Reply } from './contract.ts';
import { isObject, type JsonObject } from './json.ts';

/** Rows asked for at once: the most the API gives, so that a walk spends the fewest calls. */
const rowsPerPage = 200;

/**
 * Walks the pages of a list until the API says there are no more, a page is empty, or `cap` rows were given. `truncated`
 * is true on the last row given when more were there. A list that begins a page with a row that began another one
 * is an Unavailable: it would go round for ever, and what it holds cannot be counted.
 */
export async function* walkPages(
  call: Client['call'],
  operation: Operation,
  input: Input,
  { cap = Number.POSITIVE_INFINITY, ...options }: CallOptions & { cap?: number } = {},
): AsyncGenerator<{ row: JsonObject; truncated: boolean }> {
  const starts = new Set<string>();
  let given = 0;
  for (let page = 1; given < cap; page += 1) {
    const asked = operation.paged ? { ...input, page, per_page: rowsPerPage } : input;
    const reply = await call(operation, asked, options);
    const rows = rowsOf(operation, reply);
    const first = rows[0];
    if (first === undefined) return;
    const start = identityOf(operation, first);
    if (starts.has(start)) {
      throw new Unavailable(
        `${operation.name} repeats its pages (page ${page}), so its rows cannot be counted. Narrow the list with a filter.`,
      );
    }
    starts.add(start);
    const hasMore = operation.paged === true && saysMore(reply);
    for (const [index, row] of rows.entries()) {
      given += 1;
      yield { row, truncated: given >= cap && (hasMore || index < rows.length - 1) };
      if (given >= cap) return;
    }
    if (!hasMore) return;
  }
}

function saysMore(reply: Reply): boolean {
  const context = reply.page_context;
  return isObject(context) && context.has_more_page === true;
}

function rowsOf({ reply: key }: Operation, reply: Reply): JsonObject[] {
  const list = key === undefined ? Object.values(reply).find(Array.isArray) : reply[key];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** `salesorders` -> the row's `salesorder_id`; a row without such an id is told by all it holds. */
function identityOf({ reply: key = '' }: Operation, row: JsonObject): string {
  const id = row[`${key.replace(/s$/, '')}_id`];
  return id === undefined ? JSON.stringify(row) : String(id);
}
