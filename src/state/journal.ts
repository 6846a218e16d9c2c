import type { Database } from '../sqlite.ts';
import { fromJson, toJson } from './json.ts';
import type { JournalEntry, KeptJournalEntry } from './state.ts';

/** The run must be there: a foreign key sees to it. What has a newer entry is no old run. */
export function appendEntry(database: Database, runId: string, entry: JournalEntry, nowMs: number): void {
  database.transaction(() => {
    database
      .prepare('INSERT INTO journal_entry (run_id, at_ms, entry) VALUES (?, ?, ?)')
      .run(runId, nowMs, toJson(entry));
    database.prepare('UPDATE run SET changed_at_ms = ? WHERE id = ?').run(nowMs, runId);
  });
}

export function entriesOf(database: Database, runId: string): KeptJournalEntry[] {
  return database
    .prepare('SELECT at_ms, entry FROM journal_entry WHERE run_id = ? ORDER BY seq')
    .all(runId)
    .map(({ at_ms, entry }) => ({
      atMs: Number(at_ms),
      entry: fromJson(entry) as JournalEntry, // parse boundary: our own row, written by appendEntry
    }));
}
