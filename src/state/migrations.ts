import type { Database } from '../sqlite.ts';

/**
 * Each entry lifts the file by one version; `PRAGMA user_version` says how many were applied. Entries are never edited
 * once released: a change is a new entry.
 */
export const migrations: readonly string[] = [
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

/** Brings the file to the newest version in one transaction; several processes may try at once. Throws `NewerVersion`. */
export function migrate(database: Database, steps: readonly string[] = migrations): void {
  const refuseNewer = (version: number) => {
    if (version > steps.length) throw new NewerVersion(version, steps.length);
  };
  const before = versionOf(database);
  refuseNewer(before);
  if (before === steps.length) return;
  database.transaction(() => {
    // Read again under the write lock: another process may have been faster.
    const version = versionOf(database);
    refuseNewer(version);
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}
