import type { Database, Row, SqlValue } from '../sqlite.ts';
import { integerOf } from './row.ts';

interface Kept {
  readonly version: string;
  readonly rows: Map<string, Row>;
}

const kept = new WeakMap<Database, Kept>();
const mostKept = 200;

/** Differs from what it was as soon as this connection or another one has written. */
function versionOf(db: Database): string {
  const own = integerOf(db.prepare('SELECT total_changes() AS changes').get() ?? {}, 'changes');
  const others = integerOf(db.prepare('PRAGMA data_version').get() ?? {}, 'data_version');
  return `${own} ${others}`;
}

/**
 * The one row of a query over a whole table (a count, a total), read again only after something was written: paging
 * through a list would else count it anew for each page.
 */
export function remembered(db: Database, sql: string, values: readonly SqlValue[]): Row {
  const version = versionOf(db);
  const before = kept.get(db);
  const rows = before?.version === version && before.rows.size < mostKept ? before.rows : new Map<string, Row>();
  if (rows !== before?.rows) kept.set(db, { version, rows });
  const key = JSON.stringify([sql, values]);
  const row = rows.get(key) ?? db.prepare(sql).get(...values) ?? {};
  rows.set(key, row);
  return row;
}
