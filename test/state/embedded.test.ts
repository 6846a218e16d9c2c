import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InventoryError, Unavailable } from '../../src/errors.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import { migrate, NewerVersion } from '../../src/state/migrations.ts';
import { stateContract } from './contract.ts';
import { pendingAction, writeNote } from './samples.ts';

stateContract('a SQLite file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'state-'));
  return {
    open: (now) => openEmbeddedState({ directory, now }),
    remove: () => rmSync(directory, { recursive: true }),
  };
});

describe('the state file', () => {
  let root: string;
  const now = () => Date.UTC(2026, 10, 23);
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'state-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function failure(work: () => unknown): InventoryError {
    try {
      work();
    } catch (error) {
      if (error instanceof InventoryError) return error;
      throw error;
    }
    throw new Error('nothing was thrown');
  }

  it('is not touched before the first use', () => {
    const directory = join(root, 'later');
    openEmbeddedState({ directory, now }).close();
    expect(() => statSync(directory)).toThrow('ENOENT');
  });

  it('belongs to its user alone, folder and files', () => {
    const directory = join(root, 'a', 'b');
    const state = openEmbeddedState({ directory, now });
    state.keep(pendingAction());
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(directory)).toBe('700');
    for (const file of ['state.sqlite', 'state.sqlite-wal', 'state.sqlite-shm']) {
      expect([file, mode(join(directory, file))]).toEqual([file, '600']);
    }
    state.close();
  });

  it('that cannot be made is Unavailable, names folder and setting, and is tried again at the next call', () => {
    const directory = join(root, 'file', 'sub');
    writeFileSync(join(root, 'file'), '');
    const state = openEmbeddedState({ directory, now });
    const error = failure(() => state.keep(pendingAction()));
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain(directory);
    expect(error.message).toContain('INVENTORY_DATA_DIR');
    expect(error.message).not.toContain('ENOTDIR');
    expect(error.nothingSent).toBe(true);
    expect(error.facts).toEqual({ directory, setting: 'INVENTORY_DATA_DIR', reason: 'unwritable' });

    rmSync(join(root, 'file'));
    state.keep(pendingAction({ id: 'second-try' }));
    expect(state.find('second-try')?.status).toBe('pending');
    state.close();
  });

  it('fails the same way in every method', () => {
    writeFileSync(join(root, 'file'), '');
    const state = openEmbeddedState({ directory: join(root, 'file', 'sub'), now });
    const calls: [() => unknown, boolean][] = [
      [() => state.keep(pendingAction()), true],
      [() => state.find('1'), true],
      [() => state.take('1', 0), true],
      [() => state.writesSince('1', '2', 0), true],
      [() => state.lastLike('1', '2', '3', 0), true],
      [() => state.note(writeNote(), () => true), true],
      [() => state.giveBack('1', 0), false],
      [() => state.settle('1', 'done', null, 0), false],
      [() => state.noteEnd('1', null), false],
    ];
    for (const [call, nothingSent] of calls) {
      expect(failure(call)).toMatchObject({ kind: 'unavailable', nothingSent });
    }
  });

  it('that is no database is Unavailable, is left as it is, and works once it was moved away', () => {
    const path = join(root, 'state.sqlite');
    const junk = 'not a database, but long enough to be read as one. '.repeat(100);
    writeFileSync(path, junk);
    const state = openEmbeddedState({ directory: root, now });
    expect(failure(() => state.find('1'))).toMatchObject({ kind: 'unavailable', facts: { reason: 'damaged' } });
    expect(readFileSync(path, 'utf8')).toBe(junk);
    rmSync(path);
    expect(state.find('1')).toBeUndefined();
    state.close();
  });

  it('with overwritten pages is Unavailable, not an exception of the driver', () => {
    const state = openEmbeddedState({ directory: root, now });
    for (let index = 0; index < 50; index += 1) state.keep(pendingAction({ arguments: { index } }));
    state.close();
    const path = join(root, 'state.sqlite');
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096);
    writeFileSync(path, bytes);
    const again = openEmbeddedState({ directory: root, now });
    expect(failure(() => again.keep(pendingAction()))).toMatchObject({ facts: { reason: 'damaged' } });
    again.close();
  });

  it('of a newer version is Unavailable, says so, and is not changed', () => {
    const path = join(root, 'state.sqlite');
    const database = openDatabase(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const state = openEmbeddedState({ directory: root, now });
    const error = failure(() => state.take('1', 0));
    expect(error).toMatchObject({ kind: 'unavailable', facts: { reason: 'newer_version' } });
    expect(error.message).toContain('newer version');
    const after = openDatabase(path);
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    expect(after.prepare('SELECT count(*) AS n FROM sqlite_master').get()).toEqual({ n: 0 });
    after.close();
  });

  it('locked by another for too long is Unavailable, and works when the lock is gone', () => {
    const state = openEmbeddedState({
      directory: root,
      now,
      openDatabase: (path, options) => {
        const database = openDatabase(path, options);
        database.exec('PRAGMA busy_timeout = 20');
        return database;
      },
    });
    expect(state.find('1')).toBeUndefined();
    const other = openDatabase(join(root, 'state.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    const error = failure(() => state.keep(pendingAction({ id: 'x' })));
    expect(error).toMatchObject({ kind: 'unavailable', nothingSent: true, facts: { reason: 'locked' } });
    other.exec('ROLLBACK');
    other.close();
    state.keep(pendingAction({ id: 'x' }));
    expect(state.find('x')?.status).toBe('pending');
    state.close();
  });

  it('on a full disk is Unavailable and keeps what it had', () => {
    let pages = 1_000_000;
    const state = openEmbeddedState({
      directory: root,
      now,
      openDatabase: (path, options) => {
        const database = openDatabase(path, options);
        database.exec(`PRAGMA max_page_count = ${pages}`);
        return database;
      },
    });
    state.keep(pendingAction({ id: 'x' }));
    state.close();
    pages = 15; // SQLite's own way to be out of space; it never goes below what is used
    const big = pendingAction({ tool: 'other', preview: 'p'.repeat(200_000) });
    expect(failure(() => state.keep(big))).toMatchObject({ kind: 'unavailable', facts: { reason: 'full' } });
    expect(state.find('x')?.status).toBe('pending');
    state.close();
  });

  it('whose folder another program made keeps the mode that program gave', () => {
    const directory = join(root, 'made');
    mkdirSync(directory);
    chmodSync(directory, 0o750);
    const state = openEmbeddedState({ directory, now });
    state.find('1');
    expect(statSync(directory).mode & 0o777).toBe(0o750);
    state.close();
  });
});

describe('migrations', () => {
  const steps = ['CREATE TABLE a (x INTEGER) STRICT', 'ALTER TABLE a ADD COLUMN y INTEGER'];
  const version = (database: ReturnType<typeof openDatabase>) =>
    database.prepare('PRAGMA user_version').get()?.user_version;

  it('run only from the version the file has, and keep its rows', () => {
    const database = openDatabase(':memory:');
    migrate(database, steps.slice(0, 1));
    database.exec('INSERT INTO a VALUES (7)');
    migrate(database, steps);
    migrate(database, steps);
    expect(version(database)).toBe(2);
    expect(database.prepare('SELECT * FROM a').all()).toEqual([{ x: 7, y: null }]);
  });

  it('run whole or not at all', () => {
    const database = openDatabase(':memory:');
    expect(() => migrate(database, [...steps, 'CREATE TABLE oh no'])).toThrow('syntax error');
    expect(version(database)).toBe(0);
    expect(database.prepare('SELECT count(*) AS n FROM sqlite_master').get()).toEqual({ n: 0 });
  });

  it('refuse a file that is ahead of them', () => {
    const database = openDatabase(':memory:');
    migrate(database, steps);
    expect(() => migrate(database, steps.slice(0, 1))).toThrow(NewerVersion);
  });
});
