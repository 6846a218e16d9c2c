import type { Database } from '../../src/sqlite.ts';

const isClock = (key: string) => /_time$|_at(_ms)?$/.test(key);

/** All rows of all tables, but for clocks and search indexes: equal worlds give equal text. */
export function dumpOf(database: Database): string {
  const tables = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' ORDER BY name")
    .all()
    .map(({ name }) => String(name))
    .filter((name) => !/fts|search/i.test(name));
  const rowsOf = (name: string) =>
    database
      .prepare(`SELECT * FROM "${name}"`)
      .all()
      .map((row) => JSON.stringify(row, (key, value: unknown) => (isClock(key) ? undefined : value)));
  return tables.map((name) => [name, ...rowsOf(name)].join('\n')).join('\n\n');
}
