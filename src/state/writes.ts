import type { Database } from '../sqlite.ts';
import type { WriteNote, WritesSince } from './state.ts';

/** Runs `admit` under the write lock, so that no other process can note a write between its reading and ours. */
export function noteWrite(database: Database, write: WriteNote, admit: () => boolean): boolean {
  return database.transaction(() => {
    if (!admit()) return false;
    database
      .prepare(
        `INSERT INTO write_note (id, organization, caller, tool, fingerprint, is_create, amount_minor, at_ms, status)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running')`,
      )
      .run(
        write.id,
        write.organization,
        write.caller,
        write.tool,
        write.fingerprint,
        write.isCreate ? 1 : 0,
        write.amountMinor,
        write.atMs,
      );
    return true;
  });
}

export function endWrite(database: Database, id: string, outcome: string | null): void {
  database
    .prepare(`UPDATE write_note SET status = ?, outcome = ? WHERE id = ? AND status = 'running'`)
    .run(outcome === null ? 'failed' : 'done', outcome, id);
}

/** A write that never ended counts: it may have been carried out. */
export function sumWrites(database: Database, organization: string, caller: string, sinceMs: number): WritesSince {
  const row = database
    .prepare(
      `SELECT coalesce(sum(is_create), 0) AS creates, coalesce(sum(amount_minor), 0) AS amount_minor
       FROM write_note WHERE organization = ? AND caller = ? AND at_ms >= ? AND status <> 'failed'`,
    )
    .get(organization, caller, sinceMs);
  return { creates: Number(row?.creates ?? 0), amountMinor: Number(row?.amount_minor ?? 0) };
}

export function lastWriteLike(
  database: Database,
  organization: string,
  caller: string,
  fingerprint: string,
  sinceMs: number,
): { atMs: number; outcome: string } | undefined {
  const row = database
    .prepare(
      `SELECT at_ms, outcome FROM write_note
       WHERE organization = ? AND caller = ? AND fingerprint = ? AND at_ms >= ? AND status = 'done'
       ORDER BY at_ms DESC, rowid DESC LIMIT 1`,
    )
    .get(organization, caller, fingerprint, sinceMs);
  return row && { atMs: Number(row.at_ms), outcome: String(row.outcome) };
}

export function forgetWrites(database: Database, beforeMs: number): void {
  database.prepare('DELETE FROM write_note WHERE at_ms < ?').run(beforeMs);
}
