import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../src/sqlite.ts';

describe('openDatabase', () => {
  let directory: string;
  let path: string;
  let database: Database;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sqlite-'));
    path = join(directory, 'a.sqlite');
    database = openDatabase(path);
    database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, blob BLOB, real REAL)');
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });

  const insert = (name: string) => database.prepare('INSERT INTO t (name) VALUES (?)').run(name);
  const names = (from: Database = database) =>
    from
      .prepare('SELECT name FROM t ORDER BY id')
      .all()
      .map((row) => row.name);

  it('answers rows that hold the columns and nothing else', () => {
    database.prepare('INSERT INTO t VALUES (?, ?, ?, ?)').run(2 ** 53 - 1, null, new Uint8Array([1, 2]), 0.5);
    const statement = database.prepare('SELECT id, name, real FROM t');
    expect(statement.get()).toStrictEqual({ id: 2 ** 53 - 1, name: null, real: 0.5 });
    expect(statement.all()).toStrictEqual([{ id: 2 ** 53 - 1, name: null, real: 0.5 }]);
    const blob = database.prepare('SELECT blob FROM t').get()?.blob;
    expect(blob instanceof Uint8Array && [...blob]).toEqual([1, 2]);
  });

  it('answers undefined and no rows where there is nothing', () => {
    expect(database.prepare('SELECT * FROM t').get()).toBeUndefined();
    expect(database.prepare('SELECT * FROM t').all()).toEqual([]);
  });

  it('counts the rows a statement changed', () => {
    insert('a');
    insert('b');
    const update = database.prepare('UPDATE t SET real = 1 WHERE name = ?');
    expect(update.run('a')).toEqual({ changes: 1 });
    expect(update.run('c')).toEqual({ changes: 0 });
    expect(database.prepare('DELETE FROM t').run()).toEqual({ changes: 2 });
  });

  it('takes little space beside a small file, and up to 4 MB beside any other', () => {
    const grown = (name: string, small: boolean) => {
      const other = openDatabase(join(directory, name), { small });
      other.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)');
      for (let n = 0; n < 1_500; n += 1) other.prepare('INSERT INTO t (name) VALUES (?)').run('x'.repeat(100));
      const { size } = statSync(join(directory, `${name}-wal`));
      other.close();
      return size;
    };
    expect(grown('small.sqlite', true)).toBeLessThan(300_000);
    expect(grown('large.sqlite', false)).toBeGreaterThan(3_000_000);
  });

  it('prepares a text once', () => {
    expect(database.prepare('SELECT 1')).toBe(database.prepare('SELECT 1'));
  });

  it('commits a transaction and answers what its work answered', () => {
    expect(database.transaction(() => insert('a'))).toEqual({ changes: 1 });
    const other = openDatabase(path);
    expect(names(other)).toEqual(['a']);
    other.close();
  });

  it('rolls back when the work throws, and throws that on', () => {
    const broken = new RangeError('broken');
    const work = () => {
      insert('a');
      throw broken;
    };
    expect(() => database.transaction(work)).toThrow(broken);
    expect(names()).toEqual([]);
    database.transaction(() => insert('b'));
    expect(names()).toEqual(['b']);
  });

  it('shows the first error when SQLite has rolled back by itself', () => {
    const work = () => {
      insert('a');
      database.prepare("INSERT OR ROLLBACK INTO t (name) VALUES ('a')").run();
    };
    expect(() => database.transaction(work)).toThrow('UNIQUE constraint failed');
    expect(names()).toEqual([]);
    database.transaction(() => insert('b'));
    expect(names()).toEqual(['b']);
  });

  it('joins a transaction inside another: both or none', () => {
    const work = () => {
      database.transaction(() => insert('inner'));
      throw new Error('outer');
    };
    expect(() => database.transaction(work)).toThrow('outer');
    expect(names()).toEqual([]);
  });

  it('holds the write lock for the whole transaction, and readers see the state of before', () => {
    const other = openDatabase(path);
    other.exec('PRAGMA busy_timeout = 10');
    database.transaction(() => {
      insert('a');
      expect(names(other)).toEqual([]);
      expect(() => other.prepare("INSERT INTO t (name) VALUES ('b')").run()).toThrow('locked');
    });
    expect(names(other)).toEqual(['a']);
    other.close();
  });

  describe('iterate', () => {
    const ids = 'SELECT id FROM t WHERE id >= ? ORDER BY id';
    const fill = () =>
      database.exec(`WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1000)
        INSERT INTO t (name) SELECT 'name ' || n FROM counted`);

    it('answers the same rows as all', () => {
      fill();
      expect([...database.prepare(ids).iterate(1)]).toStrictEqual(database.prepare(ids).all(1));
      expect([...database.prepare(ids).iterate(5000)]).toEqual([]);
    });

    it('reads a row when it is asked for, and no sooner', () => {
      // The query alone would take minutes and gigabytes.
      const endless = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';
      const first: unknown[] = [];
      for (const { i } of database.prepare(endless).iterate()) {
        first.push(i);
        if (first.length === 250) break;
      }
      expect(first).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
    });

    it('goes on undisturbed when the same text is run inside its loop', () => {
      fill();
      let seen = 0;
      for (const { id } of database.prepare(ids).iterate(1)) {
        seen += 1;
        expect(id).toBe(seen);
        expect(database.prepare(ids).get(900)).toEqual({ id: 900 });
        if (seen === 3) expect([...database.prepare(ids).iterate(1)]).toHaveLength(1000);
      }
      expect(seen).toBe(1000);
    });

    it.each(['left early', 'thrown out of', 'read to its end'])('holds no lock once its loop is %s', (how) => {
      fill();
      const loop = () => {
        for (const { id } of database.prepare(ids).iterate(1)) {
          if (how === 'left early' && id === 150) break;
          if (how === 'thrown out of' && id === 150) throw new RangeError('enough');
        }
      };
      if (how === 'thrown out of') expect(loop).toThrow('enough');
      else loop();
      const other = openDatabase(path);
      other.prepare("INSERT INTO t (name) VALUES ('other')").run();
      expect(other.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy).toBe(0);
      database.transaction(() => insert('own'));
      database.exec('DROP TABLE t');
      other.close();
    });
  });

  it('checks foreign keys', () => {
    database.exec('CREATE TABLE child (t_id INTEGER REFERENCES t (id))');
    expect(() => database.exec('INSERT INTO child VALUES (5)')).toThrow('FOREIGN KEY');
  });

  it.each([
    [true, 2],
    [false, 1],
  ])('with durable %s syncs at level %i, in WAL mode', (durable, synchronous) => {
    const other = openDatabase(join(directory, 'b.sqlite'), { durable });
    expect(other.prepare('PRAGMA synchronous').get()).toEqual({ synchronous });
    expect(other.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    other.close();
  });

  it('leaves a whole file behind when it is closed', () => {
    insert('a');
    database.close();
    rmSync(`${path}-wal`, { force: true });
    rmSync(`${path}-shm`, { force: true });
    database = openDatabase(path);
    expect(names()).toEqual(['a']);
  });

  it('closes while another still reads, without losing a row or waiting', () => {
    insert('a');
    const other = openDatabase(path);
    other.exec('BEGIN');
    expect(names(other)).toEqual(['a']);
    insert('b');
    database.close();
    other.exec('COMMIT');
    expect(names(other)).toEqual(['a', 'b']);
    other.close();
    database = openDatabase(path);
    expect(names()).toEqual(['a', 'b']);
  });

  it('keeps and finds text that is no Unicode, with a sign in place of each broken character', () => {
    insert('\ud83d half \udc00 \u0000 \u{1f50a}');
    insert('\ud83dx');
    expect(names()).toEqual(['\ufffd half \ufffd \ufffd \u{1f50a}', '\ufffdx']);
    const found = database.prepare('SELECT count(*) AS found FROM t WHERE name = ?').get('\ud83dx');
    expect(found).toEqual({ found: 1 });
    expect([...database.prepare('SELECT id FROM t WHERE name = ?').iterate('\udc00x')]).toEqual([{ id: 2 }]);
  });

  it('throws at once for a file that is no database', () => {
    const junk = join(directory, 'junk');
    writeFileSync(junk, 'x'.repeat(5000));
    expect(() => openDatabase(junk)).toThrow('not a database');
  });

  it('throws for a folder that is not there', () => {
    expect(() => openDatabase(join(directory, 'none', 'a.sqlite'))).toThrow(/unable to open/i);
  });

  it('keeps a database in memory apart from every other', () => {
    const [one, two] = [openDatabase(':memory:'), openDatabase(':memory:')];
    one.exec('CREATE TABLE only_here (x)');
    expect(() => two.prepare('SELECT * FROM only_here').all()).toThrow('no such table');
    one.close();
    two.close();
  });
});
