import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonPieces, rowStream } from '../../src/sandbox/row-stream.ts';
import { answerText } from '../../src/sandbox/spool.ts';
import { type Database, openDatabase } from '../../src/sqlite.ts';

const asText = (body: string | ReadableStream<Uint8Array>) => new Response(body).text();
const numbers = (count: number, start = 0) => Array.from({ length: count }, (_, index) => ({ n: start + index }));
const longBody = (start = 0) => ({
  code: 0,
  rows: rowStream(
    () => numbers(20_000, start),
    (row) => row,
  ),
  after: 'ü😀',
});
const longText = (start = 0) => JSON.stringify({ ...longBody(), rows: numbers(20_000, start) });

describe('the text of an answer', () => {
  it('is what JSON makes of the body, its streams as lists', () => {
    const values = fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), fc.constant(undefined)));
    fc.assert(
      fc.property(values, fc.array(fc.dictionary(fc.string(), fc.jsonValue())), (body, rows) => {
        const streams = {
          ...body,
          rows: rowStream(
            () => rows,
            (row) => row,
          ),
        };
        const expected = JSON.stringify({ ...body, rows });
        expect([...jsonPieces(streams)].join('')).toBe(expected);
        expect(JSON.stringify(streams)).toBe(expected);
        expect([...jsonPieces(body)].join('')).toBe(JSON.stringify(body));
      }),
    );
  });

  it('takes a row only when it is written', () => {
    const taken: number[] = [];
    const rows = rowStream(
      () => numbers(3),
      ({ n }) => {
        taken.push(n);
        return { n };
      },
    );
    const pieces = jsonPieces({ rows });
    expect([pieces.next().value, pieces.next().value, taken]).toEqual(['{"rows":', '[{"n":0}', [0]]);
    expect([pieces.next().value, taken]).toEqual([',{"n":1}', [0, 1]]);
  });
});

describe('a long text', () => {
  let folder: string;
  let database: Database;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spool-'));
    database = openDatabase(join(folder, 'a.db'));
    database.exec('CREATE TABLE t (x)');
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });
  const spool = (start = 0) => database.transaction(() => answerText(database, longBody(start)));
  const waiting = () => database.prepare('SELECT count(*) AS parts FROM temp.spool_part').get();

  it('comes in parts that together are the whole, and leaves nothing behind', async () => {
    const body = spool();
    if (typeof body === 'string') throw new Error('This is not long.');
    const parts: string[] = [];
    const decoder = new TextDecoder();
    for await (const part of body) parts.push(decoder.decode(part, { stream: true }));
    expect(parts.length).toBeGreaterThan(3);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(70_000);
    expect(parts.join('')).toBe(longText());
    expect(waiting()).toEqual({ parts: 0 });
  });

  it('that is short, or has no stream in it, is simply a text', () => {
    const rows = (count: number) =>
      rowStream(
        () => numbers(count),
        (row) => row,
      );
    expect(answerText(database, { code: 0, rows: rows(2) })).toBe('{"code":0,"rows":[{"n":0},{"n":1}]}');
    expect(answerText(database, { code: 0, rows: numbers(20_000) })).toBe(
      JSON.stringify({ code: 0, rows: numbers(20_000) }),
    );
  });

  it('holds nobody up while it waits, not even when another process has written', async () => {
    const body = spool();
    if (typeof body === 'string') throw new Error('This is not long.');
    const reader = body.getReader();
    await reader.read();
    const other = openDatabase(join(folder, 'a.db'));
    other.exec('INSERT INTO t VALUES (1)');
    database.transaction(() => database.exec('INSERT INTO t VALUES (2)'));
    expect(other.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy).toBe(0);
    other.close();
    expect((await reader.read()).done).toBe(false);
  });

  it('is not mixed up with another', async () => {
    const [one, two] = [spool(1), spool(2)];
    expect(await Promise.all([asText(one), asText(two)])).toEqual([longText(1), longText(2)]);
  });

  it('is dropped when its reader goes away', async () => {
    const body = spool();
    if (typeof body === 'string') throw new Error('This is not long.');
    for await (const part of body) if (part.length > 0) break;
    expect(waiting()).toEqual({ parts: 0 });
  });

  it('breaks off, and does not end as if it were whole, when it waits behind twenty newer ones', async () => {
    const bodies = Array.from({ length: 21 }, (_, index) => spool(index));
    expect(await Promise.all(bodies.slice(1).map(asText))).toEqual(
      bodies.slice(1).map((_, index) => longText(index + 1)),
    );
    // Also not once all of those are gone and another has come.
    spool(50);
    await expect(asText(bodies[0] ?? '')).rejects.toThrow('waited too long');
  });

  it('of an act that fails leaves nothing behind', () => {
    const act = () => {
      answerText(database, longBody());
      throw new Error('failed');
    };
    expect(() => database.transaction(act)).toThrow('failed');
    spool();
    expect(database.prepare('SELECT count(DISTINCT text_id) AS texts FROM temp.spool_part').get()).toEqual({
      texts: 1,
    });
  });
});
