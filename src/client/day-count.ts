import type { DayTold } from './call-limit.ts';
import type { Shared } from './shared-store.ts';

/** Calls of the running day (UTC): by this process, by all that share a store, and by programs only the API knows of. */
export interface DayCount {
  /** As far as this process knows. */
  used(): number;
  /** The plan's, or a lower one that the API told. */
  limit(): number;
  /** Looked up in the store the first time on each day and before it is said; else by what this process has heard. */
  isUsedUp(): Promise<boolean>;
  /** Counts one call more; false, and nothing is counted, when the day is used up. */
  take(): Promise<boolean>;
  /** Takes back one that was counted and then not sent. */
  giveBack(): Promise<void>;
  /**
   * The API's own count, as a call sent at `sentAtMs` was told it: ours is raised to it and never lowered. `toldAtMs` is
   * when that was, by the API's clock, where it is known.
   */
  learn(told: DayTold, sentAtMs: number, toldAtMs?: number): Promise<void>;
  /** Looks up what other processes have counted. */
  refresh(): Promise<void>;
}

export interface DayCountOptions {
  readonly perDay: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Absent: counted in this process only, from 0. */
  readonly shared?: Shared | undefined;
}

const dayMs = 86_400_000;
/** Where its clock is not known, what the API says so soon after midnight may still be of the day before. */
const unsureMs = 600_000;

const dayOf = (atMs: number): number => Math.floor(atMs / dayMs);

interface Outside {
  readonly calls: number;
  readonly limit: number;
}

export function createDayCount({ perDay, now, shared }: DayCountOptions): DayCount {
  const nothingOutside: Outside = { calls: 0, limit: perDay };
  let day = dayOf(now());
  let counted = 0;
  /** Counted here while the store could not be used; added to it with the next call. */
  let owed = 0;
  let outside = nothingOutside;
  let isRead = false;

  const roll = () => {
    if (dayOf(now()) === day) return;
    day = dayOf(now());
    counted = 0;
    owed = 0;
    outside = nothingOutside;
    isRead = false;
  };
  const used = () => counted + outside.calls;
  const key = (name: string) => `${shared?.key(name)}/${new Date(day * dayMs).toISOString().slice(0, 10)}`;
  const expiresAtMs = () => (day + 1) * dayMs + unsureMs;
  const add = async (by: number) => shared?.ask((store, nowMs) => store.add(key('day'), by, expiresAtMs(), nowMs));

  const refresh = async () => {
    roll();
    const total = await add(0);
    if (total !== undefined) counted = total + owed;
    const kept = await shared?.ask((store, nowMs) => store.get(key('outside'), nowMs));
    if (isOutside(kept)) outside = { calls: Math.max(kept.calls, outside.calls), limit: Math.min(kept.limit, perDay) };
    isRead = true;
  };

  const isUsedUp = async () => {
    roll();
    if (shared && (!isRead || used() >= outside.limit)) await refresh();
    return used() >= outside.limit;
  };

  return {
    used: () => {
      roll();
      return used();
    },
    limit: () => {
      roll();
      return outside.limit;
    },
    refresh,
    isUsedUp,
    take: async () => {
      if (await isUsedUp()) return false;
      const mine = 1 + owed;
      owed = 0;
      const total = await add(mine);
      if (total === undefined) {
        owed += mine - 1;
        if (used() >= outside.limit) return false;
        owed += 1;
        counted += 1;
        return true;
      }
      if (total + outside.calls <= outside.limit) {
        counted = total + owed;
        return true;
      }
      // Other processes were faster; a call that is not sent is not counted.
      counted = total + owed - 1;
      await add(-1);
      return false;
    },
    giveBack: async () => {
      roll();
      if (counted <= 0) return; // it was of the day before
      const total = await add(-1);
      if (total === undefined) owed -= 1;
      counted = total === undefined ? counted - 1 : total + owed;
    },
    learn: async ({ limit, remaining }, sentAtMs, toldAtMs = now() - unsureMs) => {
      roll();
      if (dayOf(sentAtMs) !== day || dayOf(toldAtMs) !== day) return;
      const lowest = Math.min(outside.limit, limit ?? perDay);
      const told = (limit ?? outside.limit) - remaining;
      if (told <= used() && lowest === outside.limit) return;
      // Others may have counted since: their calls are no calls of strangers.
      if (shared) await refresh();
      outside = { calls: Math.max(outside.calls, told - counted), limit: lowest };
      await shared?.ask((store) => store.put(key('outside'), outside, expiresAtMs()));
    },
  };
}

function isOutside(value: unknown): value is Outside {
  if (typeof value !== 'object' || value === null || !('calls' in value && 'limit' in value)) return false;
  return typeof value.calls === 'number' && typeof value.limit === 'number';
}
