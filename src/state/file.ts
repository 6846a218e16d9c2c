import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase as openSqlite } from '../sqlite.ts';
import { migrate, refuseNewer } from './migrations.ts';
import { type Place, troubleWith } from './trouble.ts';

export interface StoreFileOptions extends Place {
  /** From an empty file to the newest version; see `migrations.ts`. */
  readonly steps: readonly string[];
  /** For what must survive a power cut: each write waits for the disk. */
  readonly durable: boolean;
  readonly openDatabase?: typeof openSqlite;
  /** Runs after each opening and again before calls, outside any transaction. */
  readonly beforeUse: (database: Database) => void;
}

export interface StoreFile {
  /** Runs `work` on the open file. Any trouble rejects with `Unavailable`, marked with `nothingSent`, and closes the file. */
  use<T>(nothingSent: boolean, work: (database: Database) => T): Promise<T>;
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
export function createStoreFile(options: StoreFileOptions): StoreFile {
  const { directory, name, steps, durable, beforeUse, openDatabase = openSqlite } = options;
  let opened: Database | undefined;

  function open(): Database {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, name);
    createPrivately(path);
    // SQLite opens what it may not write for reading, and libsql then holds on to that after it may.
    for (const place of [directory, path]) accessSync(place, constants.W_OK);
    const database = openDatabase(path, { durable, small: true });
    try {
      migrate(database, steps);
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

  /** A newer release may have lifted the open file: its tables are then not damaged but other ones. */
  function reasonOf(error: unknown): unknown {
    try {
      if (opened) refuseNewer(opened, steps);
      return error;
    } catch (newer) {
      return newer;
    }
  }

  // Every method of the store is asynchronous, so that nothing of this is thrown before there is a promise to reject.
  async function use<T>(nothingSent: boolean, work: (database: Database) => T): Promise<T> {
    try {
      opened ??= open();
      beforeUse(opened);
      return work(opened);
    } catch (error) {
      const trouble = troubleWith(options, reasonOf(error), nothingSent);
      // Waiting for a lock is no fault of the file.
      if (trouble.facts.reason !== 'locked') close();
      throw trouble;
    }
  }

  return { use, close };
}
