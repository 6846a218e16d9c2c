import type { Database } from '../sqlite.ts';
import { fromJson, toJson } from './json.ts';
import type { SharedStore } from './state.ts';

export function getFact(database: Database, key: string, nowMs: number): unknown {
  const row = database.prepare('SELECT value FROM fact WHERE key = ? AND expires_at_ms > ?').get(key, nowMs);
  return fromJson(row?.value);
}

export function putFact(database: Database, key: string, value: unknown, expiresAtMs: number): void {
  database
    .prepare(
      `INSERT INTO fact (key, value, expires_at_ms) VALUES (?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at_ms = excluded.expires_at_ms`,
    )
    .run(key, toJson(value), expiresAtMs);
}

/** In WAL mode the disk is waited for by the connection's own level, which one that others use must get back. */
export function putFactDurably(database: Database, key: string, value: unknown, expiresAtMs: number): void {
  const level = Number(database.prepare('PRAGMA synchronous').get()?.synchronous);
  database.exec('PRAGMA synchronous = FULL');
  try {
    putFact(database, key, value, expiresAtMs);
  } finally {
    database.exec(`PRAGMA synchronous = ${level}`);
  }
}

export function putFactIfAbsent(
  database: Database,
  key: string,
  value: unknown,
  expiresAtMs: number,
  nowMs: number,
): unknown {
  return database.transaction(() => {
    const there = getFact(database, key, nowMs);
    if (there === undefined) putFact(database, key, value, expiresAtMs);
    return there;
  });
}

export function removeFact(database: Database, key: string): void {
  database.prepare('DELETE FROM fact WHERE key = ?').run(key);
}

export function addToCounter(
  database: Database,
  counter: string,
  by: number,
  expiresAtMs: number,
  nowMs: number,
): number {
  const row =
    by === 0
      ? database.prepare('SELECT count FROM counter WHERE name = ? AND expires_at_ms > ?').get(counter, nowMs)
      : database
          .prepare(
            `INSERT INTO counter (name, count, expires_at_ms) VALUES (?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET expires_at_ms = excluded.expires_at_ms,
               count = excluded.count + CASE WHEN counter.expires_at_ms > ? THEN counter.count ELSE 0 END
             RETURNING count`,
          )
          .get(counter, by, expiresAtMs, nowMs);
  return Number(row?.count ?? 0);
}

type Window = Parameters<SharedStore['admit']>[1];
type Admission = Awaited<ReturnType<SharedStore['admit']>>;

/** A process may wait 5 s for the lock after it read the clock; what is further ahead was written by a clock since set back. */
const mostAheadMs = 60_000;

/**
 * Time only goes on here: a call is counted no earlier than the newest before it, in whatever order the processes that
 * read the clock come to the lock; else a late one would fall into a window that was forgotten or judged already. Calls
 * of one millisecond share a row.
 */
export function admitArrival(database: Database, counter: string, { limit, windowMs, nowMs }: Window): Admission {
  return database.transaction(() => {
    const newest = database
      .prepare('SELECT max(at_ms) AS at_ms FROM arrival WHERE counter = ? AND at_ms <= ?')
      .get(counter, nowMs + mostAheadMs);
    const atMs = Math.max(nowMs, Number(newest?.at_ms ?? nowMs));
    const window = [counter, atMs - windowMs, atMs] as const;
    const counted = database
      .prepare(`SELECT coalesce(sum(calls), 0) AS used FROM arrival WHERE ${inside}`)
      .get(...window);
    const used = Number(counted?.used ?? 0);
    if (used >= limit) {
      const leaves = leavingLast(database, window, used - limit + 1) ?? atMs;
      return { admitted: false, waitMs: leaves + windowMs - nowMs, used };
    }
    database.prepare(`DELETE FROM arrival WHERE counter = ? AND NOT (at_ms > ? AND at_ms <= ?)`).run(...window);
    database
      .prepare(
        `INSERT INTO arrival (counter, at_ms, calls) VALUES (?, ?, 1)
         ON CONFLICT (counter, at_ms) DO UPDATE SET calls = calls + 1`,
      )
      .run(counter, atMs);
    return { admitted: true, waitMs: 0, used: used + 1 };
  });
}

const inside = 'counter = ? AND at_ms > ? AND at_ms <= ?';

/** When the last of that many oldest arrivals came: with it gone there is room. */
function leavingLast(database: Database, window: readonly [string, number, number], count: number): number | undefined {
  const row = database
    .prepare(
      `SELECT at_ms FROM (
         SELECT at_ms, sum(calls) OVER (ORDER BY at_ms) AS gone FROM arrival WHERE ${inside}
       ) WHERE gone >= ? ORDER BY at_ms LIMIT 1`,
    )
    .get(...window, count);
  return row && Number(row.at_ms);
}

type Lease = Parameters<SharedStore['lease']>[1];

/** One statement decides, so that of any number of processes no more than `places` hold one. */
export function takeLease(database: Database, name: string, { holder, places = 1, untilMs, nowMs }: Lease): boolean {
  const taken = database
    .prepare(
      `INSERT INTO lease (name, holder, until_ms)
       SELECT ?1, ?2, ?3 WHERE
         EXISTS (SELECT 1 FROM lease WHERE name = ?1 AND holder = ?2 AND until_ms > ?5)
         OR ?4 > (SELECT count(*) FROM lease WHERE name = ?1 AND until_ms > ?5)
       ON CONFLICT (name, holder) DO UPDATE SET until_ms = excluded.until_ms`,
    )
    .run(name, holder, untilMs, places, nowMs);
  return taken.changes === 1;
}

export function releaseLease(database: Database, name: string, holder: string): void {
  database.prepare('DELETE FROM lease WHERE name = ? AND holder = ?').run(name, holder);
}

export function isLeaseHeld(database: Database, name: string, nowMs: number): boolean {
  return (
    database.prepare('SELECT 1 AS held FROM lease WHERE name = ? AND until_ms > ? LIMIT 1').get(name, nowMs) !==
    undefined
  );
}

/** The longest window of `admit` is a day. */
const arrivalsKeptMs = 24 * 60 * 60_000;

export function forgetExpired(database: Database, nowMs: number): void {
  database.prepare('DELETE FROM fact WHERE expires_at_ms <= ?').run(nowMs);
  database.prepare('DELETE FROM counter WHERE expires_at_ms <= ?').run(nowMs);
  database.prepare('DELETE FROM lease WHERE until_ms <= ?').run(nowMs);
  database.prepare('DELETE FROM arrival WHERE at_ms <= ?').run(nowMs - arrivalsKeptMs);
}
