import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase as openSqlite } from '../sqlite.ts';
import { migrate } from './migrations.ts';
import { troubleWith } from './trouble.ts';

export interface StateFileOptions {
  /** Made, for this user alone, when absent. Holds `state.sqlite`. */
  readonly directory: string;
  readonly openDatabase?: typeof openSqlite;
  /** Runs once after each opening and again before calls, outside any transaction. */
  readonly beforeUse: (database: Database) => void;
}

export interface StateFile {
  /** Runs `work` on the open file. Any trouble throws `Unavailable`, marked with `nothingSent`, and closes the file. */
  use<T>(nothingSent: boolean, work: (database: Database) => T): T;
  close(): void;
}

/**
 * Makes the file before SQLite does, which would let others read it; -wal and -shm take its mode. A file that is there
 * is not touched: closing it here would drop the locks that SQLite holds on it for this whole process, after which
 * another process deleted the -wal file and with it a committed row.
 */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** A SQLite file that is opened at its first use and, after any trouble, opened anew at the next. */
export function createStateFile({ directory, beforeUse, openDatabase = openSqlite }: StateFileOptions): StateFile {
  let opened: Database | undefined;
  let depth = 0;

  function open(): Database {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, 'state.sqlite');
    createPrivately(path);
    const database = openDatabase(path, { durable: true });
    try {
      migrate(database);
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  }

  function close(): void {
    const database = opened;
    opened = undefined;
    try {
      database?.close();
    } catch {
      // A file that failed may also fail to close; it is let go of either way.
    }
  }

  function use<T>(nothingSent: boolean, work: (database: Database) => T): T {
    depth += 1;
    try {
      opened ??= open();
      if (depth === 1) beforeUse(opened);
      return work(opened);
    } catch (error) {
      const trouble = troubleWith(directory, error, nothingSent);
      // Waiting for a lock is no fault of the file; a call inside another's transaction leaves the closing to that one.
      if (depth === 1 && trouble.facts.reason !== 'locked') close();
      throw trouble;
    } finally {
      depth -= 1;
    }
  }

  return { use, close };
}
