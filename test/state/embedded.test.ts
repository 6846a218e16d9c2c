import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InventoryError, Unavailable } from '../../src/errors.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { State } from '../../src/state/state.ts';
import { stateContract } from './contract.ts';
import { pendingAction, run } from './samples.ts';

stateContract('a folder of SQLite files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'state-'));
  return {
    open: (now) => openEmbeddedState({ directory, now }),
    remove: () => rmSync(directory, { recursive: true }),
  };
});

const minuteMs = 60_000;

describe('the state folder', () => {
  let root: string;
  const now = () => Date.UTC(2026, 10, 23);
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'state-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Called without waiting: what is thrown at once is no rejection, and fails the test. */
  function failure(call: Promise<unknown>): Promise<InventoryError> {
    return call.then(
      () => Promise.reject(new Error('nothing was rejected')),
      (error: unknown) => (error instanceof InventoryError ? error : Promise.reject(error)),
    );
  }

  it('is not touched before the first use', async () => {
    const directory = join(root, 'later');
    openEmbeddedState({ directory, now }).close();
    expect(() => statSync(directory)).toThrow('ENOENT');
  });

  it('belongs to its user alone, folder and files', async () => {
    const directory = join(root, 'a', 'b');
    const state = openEmbeddedState({ directory, now });
    await state.keep(pendingAction());
    await state.put('k', 1, now() + 1);
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(directory)).toBe('700');
    for (const file of ['state.sqlite', 'shared.sqlite'].flatMap((name) => [name, `${name}-wal`, `${name}-shm`])) {
      expect([file, mode(join(directory, file))]).toEqual([file, '600']);
    }
    state.close();
  });

  it('that cannot be made is Unavailable, names folder and setting, and is tried again at the next call', async () => {
    const directory = join(root, 'file', 'sub');
    writeFileSync(join(root, 'file'), '');
    const state = openEmbeddedState({ directory, now });
    const error = await failure(state.keep(pendingAction()));
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain(directory);
    expect(error.message).toContain('INVENTORY_DATA_DIR');
    expect(error.message).not.toContain('ENOTDIR');
    expect(error.nothingSent).toBe(true);
    expect(error.facts).toEqual({ directory, setting: 'INVENTORY_DATA_DIR', reason: 'unwritable' });

    rmSync(join(root, 'file'));
    await state.keep(pendingAction({ id: 'second-try' }));
    expect((await state.find('second-try'))?.status).toBe('pending');
    state.close();
  });

  /** Every method of the store, and whether its trouble says that nothing was sent. */
  const calls: Record<Exclude<keyof State, 'close'>, [(state: State) => Promise<unknown>, boolean]> = {
    keep: [(state) => state.keep(pendingAction()), true],
    find: [(state) => state.find('1'), true],
    take: [(state) => state.take('1', 0), true],
    giveBack: [(state) => state.giveBack('1', 0), false],
    settle: [(state) => state.settle('1', 'done', null, 0), false],
    writesSince: [(state) => state.writesSince('1', '2', 0), true],
    lastLike: [(state) => state.lastLike('1', '2', '3', { ms: 0 }), true],
    openLike: [(state) => state.openLike('1', '2', '3', { ms: 0 }), true],
    begin: [(state) => state.begin(run()), true],
    findRun: [(state) => state.findRun('1'), true],
    statusOf: [(state) => state.statusOf('1'), true],
    endRun: [(state) => state.endRun('1', 'done', {}, 0), false],
    reopenRun: [(state) => state.reopenRun('1', 0), true],
    unfinishedRuns: [(state) => state.unfinishedRuns('1', '2'), true],
    recentRuns: [(state) => state.recentRuns('1', '2', { sinceMs: 0, most: 1 }), true],
    append: [(state) => state.append('1', {}, 0), false],
    journal: [(state) => state.journal('1'), true],
    get: [(state) => state.get('k', 0), true],
    put: [(state) => state.put('k', 1, 10), false],
    putIfAbsent: [(state) => state.putIfAbsent('k', 1, 10, 0), true],
    remove: [(state) => state.remove('k'), false],
    admit: [(state) => state.admit('k', { limit: 1, windowMs: 1, nowMs: 0 }), true],
    add: [(state) => state.add('k', 1, 10, 0), false],
    lease: [(state) => state.lease('k', { holder: 'h', untilMs: 10, nowMs: 0 }), true],
    release: [(state) => state.release('k', 'h'), false],
    isHeld: [(state) => state.isHeld('k', 0), true],
  };

  it('waits for the disk with a fact that must survive a power cut, and with no other', async () => {
    const levels: unknown[] = [];
    const watching: typeof openDatabase = (path, options) => {
      const database = openDatabase(path, options);
      const level = () => database.prepare('PRAGMA synchronous').get()?.synchronous;
      const prepare: typeof database.prepare = (sql) => {
        const statement = database.prepare(sql);
        const run: typeof statement.run = (...parameters) => {
          levels.push(level());
          return statement.run(...parameters);
        };
        return sql.includes('INTO fact') ? { ...statement, run } : statement;
      };
      return { ...database, prepare };
    };
    const state = openEmbeddedState({ directory: root, now, openDatabase: watching });
    await state.put('a', 1, 10);
    await state.put('b', 1, 10, { durable: true });
    await state.put('a', 2, 10);
    // 1 is NORMAL, 2 is FULL.
    expect(levels).toEqual([1, 2, 1]);
    expect(await state.get('b', 0)).toBe(1);
    state.close();
  });

  it.each(Object.entries(calls))(
    '%s rejects, and throws nothing at once, where no file can be made',
    async (_, row) => {
      const [call, nothingSent] = row;
      writeFileSync(join(root, 'file'), '');
      const state = openEmbeddedState({ directory: join(root, 'file', 'sub'), now });
      expect(await failure(call(state))).toMatchObject({
        kind: 'unavailable',
        nothingSent,
        message: expect.stringContaining('cannot be written'),
      });
    },
  );

  it('that is no database is Unavailable, is left as it is, and works once it was moved away', async () => {
    const path = join(root, 'state.sqlite');
    const junk = 'not a database, but long enough to be read as one. '.repeat(100);
    writeFileSync(path, junk);
    const state = openEmbeddedState({ directory: root, now });
    expect(await failure(state.find('1'))).toMatchObject({ kind: 'unavailable', facts: { reason: 'damaged' } });
    expect(readFileSync(path, 'utf8')).toBe(junk);
    rmSync(path);
    expect(await state.find('1')).toBeUndefined();
    state.close();
  });

  it('with overwritten pages is Unavailable, not an exception of the driver', async () => {
    const state = openEmbeddedState({ directory: root, now });
    for (let index = 0; index < 50; index += 1) await state.keep(pendingAction({ arguments: { index } }));
    state.close();
    const path = join(root, 'state.sqlite');
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 4096);
    writeFileSync(path, bytes);
    const again = openEmbeddedState({ directory: root, now });
    expect(await failure(again.keep(pendingAction()))).toMatchObject({ facts: { reason: 'damaged' } });
    again.close();
  });

  it.each([
    ['state.sqlite', (state: State) => state.take('1', 0)],
    ['shared.sqlite', (state: State) => state.get('k', 0)],
  ])('with a %s of a newer version is Unavailable, says so, and is not changed', async (file, call) => {
    const path = join(root, file);
    const database = openDatabase(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const error = await failure(call(openEmbeddedState({ directory: root, now })));
    expect(error).toMatchObject({ kind: 'unavailable', facts: { reason: 'newer_version' } });
    expect(error.message).toMatch(`${file} in ${root} was written by a newer version`);
    const after = openDatabase(path);
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    expect(after.prepare('SELECT count(*) AS n FROM sqlite_master').get()).toEqual({ n: 0 });
    after.close();
  });

  const withPragma = (pragma: () => string) => ({
    directory: root,
    now,
    openDatabase: (...[path, options]: Parameters<typeof openDatabase>) => {
      const database = openDatabase(path, options);
      database.exec(`PRAGMA ${pragma()}`);
      return database;
    },
  });

  it.each([
    ['state.sqlite', (state: State) => state.keep(pendingAction({ id: 'x' }))],
    ['shared.sqlite', (state: State) => state.lease('x', { holder: 'h', untilMs: 10, nowMs: 0 })],
  ])('with a %s locked by another for too long is Unavailable, and works when the lock is gone', async (file, call) => {
    const state = openEmbeddedState(withPragma(() => 'busy_timeout = 20'));
    await state.find('1');
    await state.get('1', 0);
    const other = openDatabase(join(root, file));
    other.exec('BEGIN IMMEDIATE');
    const error = await failure(call(state));
    expect(error).toMatchObject({ kind: 'unavailable', nothingSent: true, facts: { reason: 'locked' } });
    expect(error.message).not.toContain('database is locked');
    other.exec('ROLLBACK');
    other.close();
    await call(state);
    state.close();
  });

  it('on a full disk is Unavailable and keeps what it had', async () => {
    let pages = 1_000_000;
    const state = openEmbeddedState(withPragma(() => `max_page_count = ${pages}`));
    await state.keep(pendingAction({ id: 'x' }));
    await state.put('x', 'kept', now() + 1);
    state.close();
    pages = 1; // SQLite's own way to be out of space; it never goes below what is used
    const full = { kind: 'unavailable', facts: { reason: 'full' } };
    const preview = 'p'.repeat(200_000);
    expect(await failure(state.keep(pendingAction({ tool: 'other', preview })))).toMatchObject(full);
    expect(await failure(state.begin(run({ plan: preview })))).toMatchObject(full);
    expect(await failure(state.put('y', preview, now() + 1))).toMatchObject(full);
    expect((await state.find('x'))?.status).toBe('pending');
    expect(await state.get('x', now())).toBe('kept');
    state.close();
  });

  it('forgets what expired from the shared file by the hour, so that it does not grow', async () => {
    let atMs = now();
    const state = openEmbeddedState({ directory: root, now: () => atMs });
    const rows = () => {
      const database = openDatabase(join(root, 'shared.sqlite'));
      const tables = ['fact', 'counter', 'lease', 'arrival'];
      const counts = tables.map((name) => database.prepare(`SELECT count(*) AS n FROM ${name}`).get()?.n);
      database.close();
      return counts;
    };
    await state.put('old', 1, atMs + 10);
    await state.put('young', 1, atMs + 7 * 60 * minuteMs);
    await state.add('old', 1, atMs + 10, atMs);
    await state.lease('old', { holder: 'gone', untilMs: atMs + 10, nowMs: atMs });
    await state.admit('old', { limit: 1, windowMs: 1000, nowMs: atMs - 2 * 24 * 60 * minuteMs });
    expect(rows()).toEqual([2, 1, 1, 1]);
    atMs += 61 * minuteMs;
    expect(await state.get('young', atMs)).toBe(1);
    expect(rows()).toEqual([1, 0, 0, 0]);
    state.close();
  });

  it('whose folder another program made keeps the mode that program gave', async () => {
    const directory = join(root, 'made');
    mkdirSync(directory);
    chmodSync(directory, 0o750);
    const state = openEmbeddedState({ directory, now });
    await state.find('1');
    expect(statSync(directory).mode & 0o777).toBe(0o750);
    state.close();
  });
});
