import type { Database, Row } from '../sqlite.ts';
import { fromJson, toJson } from './json.ts';
import type { KeptRun, Run, RunStatus, Since, WritesSince } from './state.ts';

function toKeptRun(row: Row): KeptRun {
  const reply = fromJson(row.reply);
  return {
    id: String(row.id),
    organization: String(row.organization),
    caller: String(row.caller),
    tool: String(row.tool),
    fingerprint: String(row.fingerprint),
    arguments: fromJson(row.arguments) as Record<string, unknown>, // parse boundary: our own row, written by beginRun
    plan: fromJson(row.plan),
    isCreate: row.is_create === 1,
    amountMinor: Number(row.amount_minor),
    startedAtMs: Number(row.started_at_ms),
    status: row.status as RunStatus, // parse boundary: our own row, only this file writes the column
    changedAtMs: Number(row.changed_at_ms),
    ...(typeof row.outcome === 'string' ? { outcome: row.outcome } : {}),
    ...(reply === undefined ? {} : { reply }),
  };
}

/** The newest run of a caller is its revision; `seq` is never given out twice, also not after the newest was forgotten. */
const revisionOf = 'coalesce((SELECT max(seq) FROM run WHERE organization = ? AND caller = ?), 0)';

/** Compares and writes at once, so that of all who read the same revision exactly one begins. */
export function beginRun(database: Database, run: Run, revision: number | undefined): boolean {
  return database.transaction(() => {
    // A confirmation that was given back runs under its id again.
    database.prepare(`DELETE FROM run WHERE id = ? AND status = 'failed'`).run(run.id);
    return insertRun(database, run, revision);
  });
}

function insertRun(database: Database, run: Run, revision: number | undefined): boolean {
  const begun = database
    .prepare(
      `INSERT INTO run (id, organization, caller, tool, fingerprint, arguments, plan, is_create, amount_minor,
         started_at_ms, status, changed_at_ms)
       SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ? WHERE ? IS NULL OR ${revisionOf} = ?`,
    )
    .run(
      run.id,
      run.organization,
      run.caller,
      run.tool,
      run.fingerprint,
      toJson(run.arguments),
      toJson(run.plan),
      run.isCreate ? 1 : 0,
      run.amountMinor,
      run.startedAtMs,
      run.startedAtMs,
      revision ?? null,
      run.organization,
      run.caller,
      revision ?? null,
    );
  return begun.changes === 1;
}

export function findRun(database: Database, id: string): KeptRun | undefined {
  const row = database.prepare('SELECT * FROM run WHERE id = ?').get(id);
  return row && toKeptRun(row);
}

export function statusOfRun(database: Database, id: string): RunStatus | undefined {
  const row = database.prepare('SELECT status FROM run WHERE id = ?').get(id);
  return row && (row.status as RunStatus); // parse boundary: our own row, only this file writes the column
}

export function endRun(
  database: Database,
  id: string,
  status: RunStatus,
  { outcome, reply }: { readonly outcome?: string; readonly reply?: unknown },
  nowMs: number,
): void {
  database
    .prepare(
      `UPDATE run SET status = ?, outcome = ?, reply = ?, changed_at_ms = ?
       WHERE id = ? AND status NOT IN ('done', 'failed')`,
    )
    .run(status, outcome ?? null, toJson(reply), nowMs, id);
}

export function reopenRun(database: Database, id: string, nowMs: number): boolean {
  const reopened = database
    .prepare(
      `UPDATE run SET status = 'running', outcome = NULL, reply = NULL, changed_at_ms = ?
       WHERE id = ? AND status IN ('paused', 'running', 'unknown', 'partly_done')`,
    )
    .run(nowMs, id);
  return reopened.changes === 1;
}

/** A run that never ended counts: it may have been carried out. */
export function sumWrites(database: Database, organization: string, caller: string, sinceMs: number): WritesSince {
  const row = database
    .prepare(
      `SELECT coalesce(sum(is_create), 0) AS creates, coalesce(sum(amount_minor), 0) AS amount_minor,
         ${revisionOf} AS revision
       FROM run WHERE organization = ? AND caller = ? AND started_at_ms >= ? AND status <> 'failed'`,
    )
    .get(organization, caller, organization, caller, sinceMs);
  return {
    creates: Number(row?.creates ?? 0),
    amountMinor: Number(row?.amount_minor ?? 0),
    revision: Number(row?.revision ?? 0),
  };
}

const open = `status IN ('running', 'paused', 'unknown', 'partly_done')`;
const newestLike = (which: string, moment: 'started_at_ms' | 'changed_at_ms') =>
  `SELECT * FROM run
   WHERE organization = ? AND caller = ? AND fingerprint = ? AND (${moment} >= ? OR seq > ?)
     AND id NOT IN (SELECT value FROM json_each(?)) AND ${which}
   ORDER BY ${moment} DESC, seq DESC LIMIT 1`;

/** Organization, caller, fingerprint and which of them. */
type Like = readonly [string, string, string, Since];

const boundTo = ([organization, caller, fingerprint, { ms, revision, except }]: Like) =>
  [organization, caller, fingerprint, ms, revision ?? null, JSON.stringify([...(except ?? [])])] as const;

export function lastRunLike(database: Database, ...like: Like): KeptRun | undefined {
  const row = database.prepare(newestLike(`status = 'done'`, 'changed_at_ms')).get(...boundTo(like));
  return row && toKeptRun(row);
}

export function openRunLike(database: Database, ...like: Like): KeptRun | undefined {
  const row = database.prepare(newestLike(open, 'started_at_ms')).get(...boundTo(like));
  return row && toKeptRun(row);
}

export function unfinishedRuns(database: Database, organization: string, caller: string): KeptRun[] {
  return database
    .prepare(
      `SELECT * FROM run WHERE organization = ? AND caller = ? AND ${open}
       ORDER BY started_at_ms DESC, seq DESC`,
    )
    .all(organization, caller)
    .map(toKeptRun);
}

export function recentRuns(
  database: Database,
  organization: string,
  caller: string,
  { sinceMs, most, tool }: { readonly sinceMs: number; readonly most: number; readonly tool?: string },
): KeptRun[] {
  return database
    .prepare(
      `SELECT * FROM run WHERE organization = ? AND caller = ? AND started_at_ms >= ? AND (? IS NULL OR tool = ?)
       ORDER BY started_at_ms DESC, seq DESC LIMIT ?`,
    )
    .all(organization, caller, sinceMs, tool ?? null, tool ?? null, most)
    .map(toKeptRun);
}

/** The journals go with their runs. */
export function forgetRuns(database: Database, changedBeforeMs: number): void {
  database.prepare('DELETE FROM run WHERE changed_at_ms < ?').run(changedBeforeMs);
}
