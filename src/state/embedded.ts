import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase as openSqlite, type Database } from '../sqlite.ts';
import { createActions } from './actions.ts';
import { migrate } from './migrations.ts';
import type { State } from './state.ts';
import { troubleWith } from './trouble.ts';
import { createWrites } from './writes.ts';

const dayMs = 24 * 60 * 60_000;
const cleanEveryMs = 60 * 60_000;
/** A question nobody answered is of no use; an answered one is, as long as somebody may come back with its id. */
const expiredKeptMs = dayMs;
const endedKeptMs = 30 * dayMs;

export interface EmbeddedStateOptions {
  /** Made, for this user alone, when absent. Holds `state.sqlite`. */
  readonly directory: string;
  /** Milliseconds since 1970; decides what is old enough to be forgotten. */
  readonly now: () => number;
  readonly openDatabase?: typeof openSqlite;
}

/**
 * State in one SQLite file. Nothing is opened before the first use, so that a server starts fast. Every trouble with
 * the file throws `Unavailable` saying what to do, and the next call tries again from the start. What is asked before a
 * write (`keep`, `find`, `take`, `note` and the sums) throws with `nothingSent`.
 */
export function openEmbeddedState({ directory, now, openDatabase = openSqlite }: EmbeddedStateOptions): State {
  let opened: Database | undefined;
  let cleanedAtMs = Number.NEGATIVE_INFINITY;
  let depth = 0;

  function open(): Database {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, 'state.sqlite');
    // Made here and not by SQLite, which would let others read it; -wal and -shm take the mode of this file.
    closeSync(openSync(path, 'a', 0o600));
    const database = openDatabase(path, { durable: true });
    try {
      migrate(database);
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  }

  function drop(): void {
    const database = opened;
    opened = undefined;
    try {
      database?.close();
    } catch {
      // A file that failed may also fail to close; it is forgotten either way.
    }
  }

  function clean(database: Database): void {
    const at = now();
    if (at - cleanedAtMs < cleanEveryMs) return;
    database.transaction(() => {
      actions.forget(database, at - expiredKeptMs, at - endedKeptMs);
      writes.forget(database, at - endedKeptMs);
    });
    cleanedAtMs = at;
  }

  function attempt<T>(nothingSent: boolean, work: (database: Database) => T): T {
    depth += 1;
    try {
      opened ??= open();
      if (depth === 1) clean(opened);
      return work(opened);
    } catch (error) {
      if (error instanceof Foreign) throw error.original;
      // Inside `note` the outer call still holds its transaction and closes the file itself.
      if (depth === 1) drop();
      throw error;
    } finally {
      depth -= 1;
    }
  }
}
