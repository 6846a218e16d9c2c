import type { Database, openDatabase } from '../sqlite.ts';
import { findAction, forgetActions, giveActionBack, keepAction, settleAction, takeAction } from './actions.ts';
import { createStateFile } from './file.ts';
import type { State } from './state.ts';
import { endWrite, forgetWrites, lastWriteLike, noteWrite, sumWrites } from './writes.ts';

const dayMs = 24 * 60 * 60_000;
const cleanEveryMs = 60 * 60_000;
/** A question nobody answered is of no use; an ended one is as long as somebody may come back with its id. */
const expiredKeptMs = dayMs;
const endedKeptMs = 30 * dayMs;

export interface EmbeddedStateOptions {
  /** Folder of `state.sqlite`; made, for this user alone, when absent. */
  readonly directory: string;
  /** Milliseconds since 1970; decides what is old enough to be forgotten. */
  readonly now: () => number;
  readonly openDatabase?: typeof openDatabase;
}

/**
 * State in one SQLite file, shared by all processes that name the same folder. Nothing is opened before the first
 * use, so that a server starts fast. Trouble with the file throws `Unavailable` saying what to do, and the next call
 * tries again from the start; what is asked before a write carries `nothingSent`.
 */
export function openEmbeddedState({ now, ...where }: EmbeddedStateOptions): State {
  let cleanedAtMs = Number.NEGATIVE_INFINITY;

  const beforeUse = (database: Database) => {
    const at = now();
    if (at - cleanedAtMs < cleanEveryMs) return;
    database.transaction(() => {
      forgetActions(database, at - expiredKeptMs, at - endedKeptMs);
      forgetWrites(database, at - endedKeptMs);
    });
    cleanedAtMs = at;
  };

  const file = createStateFile({ ...where, beforeUse });
  const beforeWrite = <T>(work: (database: Database) => T) => file.use(true, work);
  const afterWrite = <T>(work: (database: Database) => T) => file.use(false, work);

  return {
    keep: (action) => beforeWrite((db) => keepAction(db, action)),
    find: (id) => beforeWrite((db) => findAction(db, id)),
    take: (id, nowMs) => beforeWrite((db) => takeAction(db, id, nowMs)),
    giveBack: (id, nowMs) => afterWrite((db) => giveActionBack(db, id, nowMs)),
    settle: (id, status, outcome, nowMs) => afterWrite((db) => settleAction(db, id, status, outcome, nowMs)),
    writesSince: (organization, caller, sinceMs) => beforeWrite((db) => sumWrites(db, organization, caller, sinceMs)),
    lastLike: (organization, caller, fingerprint, sinceMs) =>
      beforeWrite((db) => lastWriteLike(db, organization, caller, fingerprint, sinceMs)),
    note: (write, admit) => {
      // What `admit` itself throws is no trouble of the file and goes up unchanged.
      let refused: { error: unknown } | undefined;
      const admitOrTell = () => {
        try {
          return admit();
        } catch (error) {
          refused = { error };
          throw error;
        }
      };
      try {
        return beforeWrite((db) => noteWrite(db, write, admitOrTell));
      } catch (error) {
        throw refused ? refused.error : error;
      }
    },
    noteEnd: (id, outcome) => afterWrite((db) => endWrite(db, id, outcome)),
    close: file.close,
  };
}
