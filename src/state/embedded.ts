import type { Database, openDatabase } from '../sqlite.ts';
import { findAction, forgetActions, giveActionBack, keepAction, settleAction, takeAction } from './actions.ts';
import { createStoreFile, type StoreFile } from './file.ts';
import { appendEntry, entriesOf } from './journal.ts';
import { sharedMigrations, stateMigrations } from './migrations.ts';
import * as runs from './runs.ts';
import * as shared from './shared.ts';
import type { ActionStore, RunStore, SharedStore, State } from './state.ts';

const dayMs = 24 * 60 * 60_000;
const cleanEveryMs = 60 * 60_000;
/** A question nobody answered is of no use; an ended one is as long as somebody may come back with its id. */
const expiredKeptMs = dayMs;
const endedKeptMs = 30 * dayMs;

export interface EmbeddedStateOptions {
  /** Folder of `state.sqlite` and `shared.sqlite`; made, for this user alone, when absent. */
  readonly directory: string;
  /** Milliseconds since 1970; decides what is old enough to be forgotten. */
  readonly now: () => number;
  readonly openDatabase?: typeof openDatabase;
}

type Use = <T>(work: (database: Database) => T) => Promise<T>;

/**
 * State in two SQLite files, shared by all processes that name the same folder: one for what a power cut must not take,
 * one for what every call of the API asks, which must not wait for the disk. Neither is opened before its first use, so
 * that a server starts fast. Trouble with a file rejects with `Unavailable` saying what to do, and the next call tries
 * again from the start.
 */
export function openEmbeddedState({ now, ...where }: EmbeddedStateOptions): State {
  const state = createStoreFile({
    ...where,
    name: 'state.sqlite',
    holds: 'open confirmations, their outcomes and what callers wrote',
    steps: stateMigrations,
    durable: true,
    beforeUse: everyHour(now, (database, at) => {
      forgetActions(database, at - expiredKeptMs, at - endedKeptMs);
      runs.forgetRuns(database, at - endedKeptMs);
    }),
  });
  const fast = createStoreFile({
    ...where,
    name: 'shared.sqlite',
    holds: 'counts of calls',
    steps: sharedMigrations,
    durable: false,
    beforeUse: everyHour(now, shared.forgetExpired),
  });
  return {
    ...actionStore(beforeWrite(state), afterWrite(state)),
    ...runStore(beforeWrite(state), afterWrite(state)),
    ...sharedStore(beforeWrite(fast), afterWrite(fast)),
    close: () => {
      state.close();
      fast.close();
    },
  };
}

/** What is asked before a write: trouble then says that nothing was sent. */
const beforeWrite =
  (file: StoreFile): Use =>
  (work) =>
    file.use(true, work);

const afterWrite =
  (file: StoreFile): Use =>
  (work) =>
    file.use(false, work);

function everyHour(now: () => number, clean: (database: Database, atMs: number) => void) {
  let cleanedAtMs = Number.NEGATIVE_INFINITY;
  return (database: Database) => {
    const at = now();
    if (at - cleanedAtMs < cleanEveryMs) return;
    database.transaction(() => clean(database, at));
    cleanedAtMs = at;
  };
}

const actionStore = (ask: Use, tell: Use): ActionStore => ({
  keep: (action) => ask((db) => keepAction(db, action)),
  find: (id) => ask((db) => findAction(db, id)),
  take: (id, nowMs) => ask((db) => takeAction(db, id, nowMs)),
  giveBack: (id, nowMs) => tell((db) => giveActionBack(db, id, nowMs)),
  settle: (id, status, outcome, nowMs) => tell((db) => settleAction(db, id, status, outcome, nowMs)),
});

const runStore = (ask: Use, tell: Use): RunStore => ({
  writesSince: (organization, caller, sinceMs) => ask((db) => runs.sumWrites(db, organization, caller, sinceMs)),
  lastLike: (...like) => ask((db) => runs.lastRunLike(db, ...like)),
  openLike: (...like) => ask((db) => runs.openRunLike(db, ...like)),
  begin: (run, revision) => ask((db) => runs.beginRun(db, run, revision)),
  findRun: (id) => ask((db) => runs.findRun(db, id)),
  statusOf: (id) => ask((db) => runs.statusOfRun(db, id)),
  endRun: (id, status, end, nowMs) => tell((db) => runs.endRun(db, id, status, end, nowMs)),
  reopenRun: (id, nowMs) => ask((db) => runs.reopenRun(db, id, nowMs)),
  unfinishedRuns: (organization, caller) => ask((db) => runs.unfinishedRuns(db, organization, caller)),
  recentRuns: (...of) => ask((db) => runs.recentRuns(db, ...of)),
  // Between two steps: the one before may have written.
  append: (runId, entry, nowMs) => tell((db) => appendEntry(db, runId, entry, nowMs)),
  journal: (runId) => ask((db) => entriesOf(db, runId)),
});

const sharedStore = (ask: Use, tell: Use): SharedStore => ({
  get: (key, nowMs) => ask((db) => shared.getFact(db, key, nowMs)),
  put: (key, value, expiresAtMs, { durable = false } = {}) =>
    tell((db) => (durable ? shared.putFactDurably : shared.putFact)(db, key, value, expiresAtMs)),
  putIfAbsent: (key, value, expiresAtMs, nowMs) =>
    ask((db) => shared.putFactIfAbsent(db, key, value, expiresAtMs, nowMs)),
  remove: (key) => tell((db) => shared.removeFact(db, key)),
  admit: (counter, window) => ask((db) => shared.admitArrival(db, counter, window)),
  add: (counter, by, expiresAtMs, nowMs) =>
    (by === 0 ? ask : tell)((db) => shared.addToCounter(db, counter, by, expiresAtMs, nowMs)),
  lease: (name, lease) => ask((db) => shared.takeLease(db, name, lease)),
  release: (name, holder) => tell((db) => shared.releaseLease(db, name, holder)),
  isHeld: (name, nowMs) => ask((db) => shared.isLeaseHeld(db, name, nowMs)),
});
