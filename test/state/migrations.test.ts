import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/sqlite.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import { createStoreFile } from '../../src/state/file.ts';
import { migrate, NewerVersion, stateMigrations } from '../../src/state/migrations.ts';
import { pendingAction, run, start } from './samples.ts';

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

describe('a state folder of version 1', () => {
  const [first = ''] = stateMigrations;
  const organization = '460000000000001';
  let root: string;
  let old: Database;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'state-'));
    old = openDatabase(join(root, 'state.sqlite'), { durable: true });
    migrate(old, [first]);
  });
  afterEach(() => {
    old.close();
    rmSync(root, { recursive: true });
  });

  const open = () => openEmbeddedState({ directory: root, now: () => start });
  const release = (steps: readonly string[]) =>
    createStoreFile({
      directory: root,
      name: 'state.sqlite',
      holds: 'things',
      steps,
      durable: true,
      beforeUse: () => undefined,
    });

  /** As version 1 wrote them: a create had a second note under a caller of its own. */
  function note(id: string, status: string, outcome: string | null, isCreate = true, fingerprint = id) {
    const insert = `INSERT INTO write_note (id, organization, caller, tool, fingerprint, is_create, amount_minor, at_ms,
      status, outcome) VALUES (?, '${organization}', ?, 'create_item', ?, ?, ?, ${start}, ?, ?)`;
    old.prepare(insert).run(id, 'local', fingerprint, isCreate ? 1 : 0, 100, status, outcome);
    if (!isCreate) return;
    const twin = status === 'failed' ? 'failed' : 'running';
    old.prepare(insert).run(`${id}-begun`, `local ${fingerprint}`, fingerprint, 1, 0, twin, null);
  }

  it('is lifted with its pending actions, which can be taken', async () => {
    const action = pendingAction({ id: 'kept' });
    old
      .prepare(
        `INSERT INTO pending_action (id, tool, arguments, organization, caller, via, summary, preview, plan, rests_on,
           created_at_ms, expires_at_ms, status, changed_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?)`,
      )
      .run(
        action.id,
        action.tool,
        JSON.stringify(action.arguments),
        action.organization,
        action.caller,
        action.via,
        action.summary,
        action.preview,
        JSON.stringify(action.plan),
        JSON.stringify(action.restsOn),
        action.createdAtMs,
        action.expiresAtMs,
        action.createdAtMs,
      );
    const state = open();
    expect(await state.find('kept')).toEqual({ ...action, status: 'pending', changedAtMs: start });
    expect(await state.take('kept', start + 1)).toBe(true);
    state.close();
  });

  it('is lifted with what counts towards the limits, each write once', async () => {
    note('done', 'done', 'SO-1');
    note('sent', 'done', 'SO-2 (outcome not certain)');
    note('under-way', 'running', null);
    note('refused', 'failed', null);
    note('change', 'done', 'SO-1', false);
    note('batch', 'done', 'batch allowed', false, 'batch create_item');
    const state = open();
    const sums = await state.writesSince(organization, 'local', start);
    expect(sums).toMatchObject({ creates: 3, amountMinor: 400 });
    expect(await state.writesSince(organization, 'local done', start)).toMatchObject({ creates: 0, revision: 0 });
    const like = (id: string) => [organization, 'local', id, { ms: start }] as const;
    expect(await state.lastLike(...like('done'))).toMatchObject({ status: 'done', outcome: 'SO-1', arguments: {} });
    expect(await state.openLike(...like('sent'))).toMatchObject({ status: 'unknown', outcome: 'SO-2' });
    expect(await state.openLike(...like('under-way'))).toMatchObject({ status: 'running' });
    expect(await state.begin(run(), 0)).toBe(false);
    expect(await state.begin(run(), sums.revision)).toBe(true);
    state.close();
  });

  it('is refused by the older release once a newer one has lifted it', async () => {
    const state = open();
    await state.find('1');
    await expect(release([first]).use(true, () => 'used')).rejects.toMatchObject({
      kind: 'unavailable',
      nothingSent: true,
      facts: { reason: 'newer_version' },
    });
    expect(await state.find('1')).toBeUndefined();
    state.close();
  });

  it('that is lifted while an older process has it open lets that one write nothing it would not count', async () => {
    await open().find('1');
    // Not "no such table", which that release takes for a damaged file and advises to move it away.
    expect(() => note('late', 'running', null)).toThrow('the file has version 2 by now');
    const count = (table: string) => old.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n;
    expect([count('write_note'), count('run')]).toEqual([0, 0]);
  });

  it('that is lifted while it is open is called newer, not damaged, by releases from now on', async () => {
    const older = release([first]);
    await older.use(true, (database) => database.prepare('SELECT 1').get());
    const newer = release([first, 'DROP TABLE write_note']);
    await newer.use(true, () => undefined);
    const sums = older.use(true, (database) => database.prepare('SELECT * FROM write_note').all());
    await expect(sums).rejects.toMatchObject({ facts: { reason: 'newer_version' } });
    newer.close();
  });
});
