import type { Database, SqlValue } from '../../sqlite.ts';
import { counted } from '../page.ts';
import type { Call } from '../route.ts';
import { integerOf } from '../row.ts';
import { asked } from './listing.ts';
import { indexedId } from './search-schema.ts';

// A phrase of three characters and more is its own pattern there: the index knows where each of its triples stands.
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const hexadecimal = (text: string) => Buffer.from(text).toString('hex');

/** The text that the query searches for, as texts are kept: in lower case, and without the zero that would end it. */
export const textAsked = (call: Call): string | undefined =>
  asked(call, 'search_text')?.toLowerCase().replaceAll('\0', '\ufffd');

/** Ids of the items whose search text holds `text`, as the query `SELECT id`. `text` is in lower case and not empty. */
export const holding = (text: string): { readonly sql: string; readonly values: readonly SqlValue[] } =>
  [...text].length < 3
    ? {
        sql: `SELECT ${indexedId} AS id FROM item_letters WHERE item_letters MATCH ?`,
        values: [hexadecimal(text)],
      }
    : { sql: `SELECT ${indexedId} AS id FROM item_words WHERE item_words MATCH ?`, values: [quoted(text)] };

const mostCountedAnew = 1000;
const mostCounts = 100;

/** How many items (of a status, '' = any) hold `text`. */
export function holders(db: Database, text: string, status = ''): number {
  const kept = db.prepare('SELECT items FROM search_count WHERE text = ? AND status = ?').get(text, status);
  if (kept) return integerOf(kept, 'items');
  const { sql, values } = holding(text);
  const items =
    status === ''
      ? counted(db, `SELECT count(*) AS total FROM (${sql})`, ...values)
      : counted(
          db,
          `SELECT count(*) AS total FROM (${sql}) AS held CROSS JOIN item ON item_id = held.id WHERE status = ?`,
          ...values,
          status,
        );
  if (items > mostCountedAnew) keepCount(db, text, status, items);
  return items;
}

function keepCount(db: Database, text: string, status: string, items: number): void {
  db.prepare('INSERT INTO search_count (text, status, items) VALUES (?, ?, ?)').run(text, status, items);
  db.prepare('DELETE FROM search_count WHERE count_id <= (SELECT max(count_id) FROM search_count) - ?').run(mostCounts);
}

/**
 * Whether so few items hold a text that reading them all is cheaper than passing over the others in the list's own order
 * until `reach` of them are found. Reading one costs some 25 times what passing over one does; of 100,000.
 */
export const isRare = (found: number, reach: number): boolean => found <= 60 * Math.sqrt(reach);
