import { createRequire } from 'node:module';

/** A value SQLite stores or returns. Integers stay below 2^53. */
export type SqlValue = string | number | null | Uint8Array;
export type Row = Record<string, SqlValue>;

export interface Statement {
  run(...parameters: SqlValue[]): { changes: number };
  get(...parameters: SqlValue[]): Row | undefined;
  all(...parameters: SqlValue[]): Row[];
  /**
   * Row by row, for more rows than should be in memory at once. Read it to its end, or leave the loop, before anything else
   * runs: while it is open, a write of another process makes every write of this one fail.
   */
  iterate(...parameters: SqlValue[]): IterableIterator<Row>;
}

export interface Database {
  exec(sql: string): void;
  /** Prepared once per text and kept: asking again for the same text is free. */
  prepare(sql: string): Statement;
  /** Runs `work` inside BEGIN IMMEDIATE; an exception rolls back and is thrown on. A call inside a transaction joins it. */
  transaction<T>(work: () => T): T;
  close(): void;
}

interface DriverStatement {
  run(...parameters: SqlValue[]): { changes: number | bigint };
  get(...parameters: SqlValue[]): unknown;
  all(...parameters: SqlValue[]): unknown[];
  iterate(...parameters: SqlValue[]): Iterator<unknown>;
}

interface Driver {
  exec(sql: string): unknown;
  prepare(sql: string): DriverStatement;
  close(): void;
}

// What node:sqlite and libsql both offer; which one is there depends on the Node that runs us.
function openDriver(path: string): Driver {
  const require = createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) {
    const { DatabaseSync } = require('node:sqlite') as { DatabaseSync: new (path: string) => Driver }; // parse boundary: absent from Node 20's types
    return new DatabaseSync(path);
  }
  const LibSql = require('libsql') as new (path: string) => Driver; // parse boundary: a CommonJS module without the types we need
  return new LibSql(path);
}

// libsql adds a `_metadata` key to every row; node:sqlite returns rows without a prototype.
function toRow(value: unknown): Row | undefined {
  if (value === undefined || value === null) return undefined;
  const { _metadata, ...row } = value as Row & { _metadata?: unknown }; // parse boundary: what the driver returned
  return row;
}

function* rowsOf(statement: DriverStatement, parameters: SqlValue[]): Generator<Row, undefined> {
  const rows = statement.iterate(...parameters);
  let isOpen = false;
  try {
    for (let next = rows.next(); !next.done; next = rows.next()) {
      isOpen = true;
      const row = toRow(next.value);
      if (row) yield row;
      isOpen = false;
    }
  } finally {
    // libsql's iterators know no return(), and what one reads stays locked; the statement lets go when it begins anew.
    if (isOpen && rows.return) rows.return();
    else if (isOpen) statement.get(...parameters);
  }
}

/**
 * Half of a surrogate pair is no UTF-8: libsql stores it all the same, and ends the process with a panic when it is read.
 * A zero ends a text there. JSON that anybody sends may hold both.
 */
const wellFormed = (value: SqlValue): SqlValue => {
  if (typeof value !== 'string' || !(value.includes('\0') || /[\ud800-\udfff]/.test(value))) return value;
  return value.replaceAll('\0', '\ufffd').replace(/\p{Cs}/gu, '\ufffd');
};

const busyTimeoutMs = 5000;
const pauseMs = 20;
/**
 * SQLite folds the -wal file back at 1,000 pages, 4 MB. A few writes a minute would then need that much of a disk that is
 * nearly full, and when it is full nothing can be folded back any more. 64 pages are 256 KB.
 */
const fewPages = 64;

/**
 * SQLite does not apply its busy timeout to the switch of a new file: two processes that make it at the same moment got
 * `database is locked` at once (2 in 360 openings).
 */
function switchToWal(driver: Driver): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      driver.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      const locked = error instanceof Error && /is locked/.test(error.message);
      if (!locked || attempt * pauseMs > busyTimeoutMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}

/**
 * Opens a SQLite file (or `:memory:`) in WAL mode with a 5 s busy timeout.
 * `durable: true` sets synchronous FULL, for what must survive a power cut; `small: true` is for files of few rows, which
 * then take little space beside themselves.
 */
export function openDatabase(path: string, options: { durable?: boolean; small?: boolean } = {}): Database {
  const driver = openDriver(path);
  try {
    driver.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    switchToWal(driver);
    driver.exec(`PRAGMA synchronous = ${options.durable ? 'FULL' : 'NORMAL'}`);
    driver.exec('PRAGMA foreign_keys = ON');
    // libsql would keep temporary tables, and what it sorts, in memory.
    driver.exec('PRAGMA temp_store = FILE');
    if (options.small) driver.exec(`PRAGMA wal_autocheckpoint = ${fewPages}`);
  } catch (error) {
    // A file that is no database is noticed here first; an open one would stay locked on Windows.
    driver.close();
    throw error;
  }
  const statements = new Map<string, Statement>();
  let depth = 0;

  const prepare = (sql: string): Statement => {
    const kept = statements.get(sql);
    if (kept) return kept;
    const prepared = driver.prepare(sql);
    const statement: Statement = {
      run: (...parameters) => ({ changes: Number(prepared.run(...parameters.map(wellFormed)).changes) }),
      get: (...parameters) => toRow(prepared.get(...parameters.map(wellFormed))),
      all: (...parameters) =>
        prepared
          .all(...parameters.map(wellFormed))
          .map(toRow)
          .filter((row) => row !== undefined),
      // A statement of its own: the kept one would begin anew for whoever runs the same text inside the loop.
      iterate: (...parameters) => rowsOf(driver.prepare(sql), parameters.map(wellFormed)),
    };
    statements.set(sql, statement);
    return statement;
  };

  // After a full disk or an I/O error SQLite has rolled back by itself, and a second ROLLBACK would hide the first error.
  const rollBack = () => {
    try {
      driver.exec('ROLLBACK');
    } catch {
      // Nothing is open any more: that is what was wanted.
    }
  };

  const transaction = <T>(work: () => T): T => {
    if (depth > 0) return work();
    driver.exec('BEGIN IMMEDIATE');
    depth += 1;
    try {
      const result = work();
      driver.exec('COMMIT');
      return result;
    } catch (error) {
      rollBack();
      throw error;
    } finally {
      depth -= 1;
    }
  };

  return {
    exec: (sql) => void driver.exec(sql),
    prepare,
    transaction,
    close: () => {
      statements.clear();
      try {
        // libsql keeps the connection until its statements are collected, and so would leave the rows in the -wal file.
        driver.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)');
      } catch {
        // Another process reads, or the file is damaged: the rows stay where they are, and safe.
      }
      driver.close();
    },
  };
}
