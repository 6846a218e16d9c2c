import type { Database } from '../sqlite.ts';

/**
 * Of `state.sqlite`. Each entry lifts the file by one version; `PRAGMA user_version` says how many were applied. Entries
 * are never edited once released: a change is a new entry.
 */
export const stateMigrations: readonly string[] = [
  `CREATE TABLE pending_action (
     id            TEXT PRIMARY KEY,
     tool          TEXT NOT NULL,
     arguments     TEXT NOT NULL, -- JSON with sorted keys, so that equal arguments are equal text
     organization  TEXT NOT NULL,
     caller        TEXT NOT NULL,
     via           TEXT NOT NULL,
     summary       TEXT NOT NULL,
     preview       TEXT NOT NULL,
     plan          TEXT,          -- JSON
     rests_on      TEXT,          -- JSON
     created_at_ms INTEGER NOT NULL,
     expires_at_ms INTEGER NOT NULL,
     status        TEXT NOT NULL,
     changed_at_ms INTEGER NOT NULL,
     outcome       TEXT           -- JSON
   ) STRICT;
   CREATE INDEX pending_action_open ON pending_action (caller, tool) WHERE status = 'pending';
   CREATE INDEX pending_action_age ON pending_action (status, changed_at_ms);
   CREATE TABLE write_note (
     id           TEXT PRIMARY KEY,
     organization TEXT NOT NULL,
     caller       TEXT NOT NULL,
     tool         TEXT NOT NULL,
     fingerprint  TEXT NOT NULL,
     is_create    INTEGER NOT NULL,
     amount_minor INTEGER NOT NULL,
     at_ms        INTEGER NOT NULL,
     status       TEXT NOT NULL,  -- running, done or failed
     outcome      TEXT
   ) STRICT;
   CREATE INDEX write_note_caller ON write_note (organization, caller, at_ms);
   CREATE INDEX write_note_age ON write_note (at_ms);`,

  // Runs take the place of noted writes. Each create had a second note, its id ending in -begun, which runs do not need.
  `CREATE TABLE run (
     seq           INTEGER PRIMARY KEY AUTOINCREMENT,
     id            TEXT NOT NULL UNIQUE,
     organization  TEXT NOT NULL,
     caller        TEXT NOT NULL,
     tool          TEXT NOT NULL,
     fingerprint   TEXT NOT NULL,
     arguments     TEXT NOT NULL, -- JSON
     plan          TEXT,          -- JSON
     is_create     INTEGER NOT NULL,
     amount_minor  INTEGER NOT NULL,
     started_at_ms INTEGER NOT NULL,
     status        TEXT NOT NULL,
     changed_at_ms INTEGER NOT NULL,
     outcome       TEXT,
     reply         TEXT           -- JSON
   ) STRICT;
   CREATE INDEX run_newest ON run (organization, caller, seq);
   -- Holds all that is summed: a row is as long as its plan and its reply.
   CREATE INDEX run_since ON run (organization, caller, started_at_ms, status, is_create, amount_minor);
   CREATE INDEX run_like ON run (organization, caller, fingerprint, started_at_ms);
   CREATE INDEX run_unfinished ON run (organization, caller) WHERE status IN ('running', 'paused', 'unknown', 'partly_done');
   CREATE INDEX run_age ON run (changed_at_ms);
   CREATE TABLE journal_entry (
     seq    INTEGER PRIMARY KEY,
     run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
     at_ms  INTEGER NOT NULL,
     entry  TEXT NOT NULL         -- JSON
   ) STRICT;
   CREATE INDEX journal_entry_run ON journal_entry (run_id);
   INSERT INTO run (id, organization, caller, tool, fingerprint, arguments, is_create, amount_minor, started_at_ms,
     status, changed_at_ms, outcome)
   SELECT id, organization, caller, tool, fingerprint, '{}', is_create, amount_minor, at_ms,
     CASE WHEN outcome LIKE '% (outcome not certain)' THEN 'unknown' ELSE status END, at_ms,
     CASE WHEN outcome LIKE '% (outcome not certain)' THEN substr(outcome, 1, length(outcome) - 22) ELSE outcome END
   FROM write_note WHERE id NOT LIKE '%-begun' AND fingerprint NOT LIKE 'batch %' ORDER BY rowid;
   -- A process of version 1 that has the file open finds no notes, and is stopped before it writes one: without the table
   -- it would call the file damaged and advise to move it away. When it opens the file anew it sees the version.
   DELETE FROM write_note;
   DROP INDEX write_note_caller;
   DROP INDEX write_note_age;
   CREATE TRIGGER write_note_closed BEFORE INSERT ON write_note
   BEGIN SELECT RAISE(ABORT, 'the file has version 2 by now'); END;`,
];

/** Of `shared.sqlite`. */
export const sharedMigrations: readonly string[] = [
  `CREATE TABLE fact (
     key           TEXT PRIMARY KEY,
     value         TEXT NOT NULL, -- JSON
     expires_at_ms INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX fact_age ON fact (expires_at_ms);
   CREATE TABLE counter (
     name          TEXT PRIMARY KEY,
     count         INTEGER NOT NULL,
     expires_at_ms INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE arrival (
     counter TEXT NOT NULL,
     at_ms   INTEGER NOT NULL,
     calls   INTEGER NOT NULL,
     PRIMARY KEY (counter, at_ms)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE lease (
     name     TEXT NOT NULL,
     holder   TEXT NOT NULL,
     until_ms INTEGER NOT NULL,
     PRIMARY KEY (name, holder)
   ) STRICT, WITHOUT ROWID;`,
];

/** The file was written by a newer program, whose tables this one does not know. */
export class NewerVersion extends Error {
  constructor(
    readonly found: number,
    readonly known: number,
  ) {
    super(`version ${found} is newer than ${known}`);
  }
}

function versionOf(database: Database): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}

/** Throws `NewerVersion` when the file is ahead of these steps; answers its version. */
export function refuseNewer(database: Database, steps: readonly string[]): number {
  const version = versionOf(database);
  if (version > steps.length) throw new NewerVersion(version, steps.length);
  return version;
}

/** Brings the file to the newest version in one transaction; several processes may try at once. Throws `NewerVersion`. */
export function migrate(database: Database, steps: readonly string[]): void {
  if (refuseNewer(database, steps) === steps.length) return;
  database.transaction(() => {
    // Read again under the write lock: another process may have been faster.
    const version = refuseNewer(database, steps);
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}
