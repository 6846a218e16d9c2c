import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase as openSqlite } from '../sqlite.ts';
import type { Link } from './audit-line.ts';

/** Where the chain ends. Kept beside the files, so that lines taken off their end are missed. */
export interface Head extends Link {
  /** Number of the file the last line stands in. */
  readonly file: number;
  /** How long that file was behind it. */
  readonly bytes: number;
}

const headFile = 'head.sqlite';

/** This program's shape of the file; a newer one is left alone. */
const version = 1;

function prepare(database: Database): Database {
  const found = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (found > version) throw new Error(`${headFile} was written by a newer version of this server`);
  if (found < version) {
    database.transaction(() =>
      // Several processes may be first.
      database.exec(`CREATE TABLE IF NOT EXISTS head (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          file INTEGER NOT NULL, bytes INTEGER NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL
        ) STRICT;
        PRAGMA user_version = ${version}`),
    );
  }
  return database;
}

/**
 * Opens the witness, made for this user alone when absent. It is the lock too: SQLite's is let go of by the system when a
 * process is killed. Not durable, for the lines themselves are: a head that a power cut took back is found again.
 */
export function openHead(directory: string, openDatabase = openSqlite): Database {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, headFile);
  // Only a new file: closing one that this process has open would drop SQLite's locks on it.
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  // SQLite opens what it may not write for reading, and libsql then holds on to that after it may.
  accessSync(path, constants.W_OK);
  const database = openDatabase(path, { small: true });
  try {
    return prepare(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

export function readHead(database: Database): Head | undefined {
  const row = database.prepare('SELECT file, bytes, seq, hash FROM head WHERE id = 1').get();
  return row && { file: Number(row.file), bytes: Number(row.bytes), seq: Number(row.seq), hash: String(row.hash) };
}

export function keepHead(database: Database, { file, bytes, seq, hash }: Head): void {
  database
    .prepare('INSERT OR REPLACE INTO head (id, file, bytes, seq, hash) VALUES (1, ?, ?, ?, ?)')
    .run(file, bytes, seq, hash);
}

/** What the witness says, for who only looks: makes nothing. Undefined where there is none; throws where it cannot be read. */
export function lookAtHead(directory: string, openDatabase = openSqlite): Head | undefined {
  const path = join(directory, headFile);
  if (!existsSync(path)) return undefined;
  const database = openDatabase(path);
  try {
    return readHead(database);
  } finally {
    database.close();
  }
}
