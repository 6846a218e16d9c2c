import type { SharedStore } from '../../src/client/shared-store.ts';

export interface FakeStore extends SharedStore {
  /** While set, every method rejects with it. */
  trouble: Error | undefined;
  /** Names of the methods called, in order. */
  readonly asked: string[];
  /** Holders of places that have not lapsed by then. */
  held(name: string, nowMs: number): number;
}

/** A shared store in memory that several clients of one test may hold; what it promises is written out plainly. */
export function createFakeStore(): FakeStore {
  const facts = new Map<string, { value: unknown; expiresAtMs: number }>();
  const counts = new Map<string, { count: number; expiresAtMs: number }>();
  const arrivals = new Map<string, number[]>();
  const leases = new Map<string, Map<string, number>>();
  const heldBy = (name: string, nowMs: number) =>
    [...(leases.get(name) ?? [])].filter(([, untilMs]) => untilMs > nowMs).map(([holder]) => holder);

  const store: FakeStore = {
    trouble: undefined,
    asked: [],
    held: (name, nowMs) => heldBy(name, nowMs).length,
    get: async (key, nowMs) => {
      note('get');
      const fact = facts.get(key);
      return fact && fact.expiresAtMs > nowMs ? fact.value : undefined;
    },
    put: async (key, value, expiresAtMs) => {
      note('put');
      facts.set(key, { value: JSON.parse(JSON.stringify(value)), expiresAtMs });
    },
    putIfAbsent: async (key, value, expiresAtMs, nowMs) => {
      note('putIfAbsent');
      const fact = facts.get(key);
      if (fact && fact.expiresAtMs > nowMs) return fact.value;
      facts.set(key, { value: JSON.parse(JSON.stringify(value)), expiresAtMs });
      return undefined;
    },
    admit: async (counter, { limit, windowMs, nowMs }) => {
      note('admit');
      // Arrivals of more than a minute from now are of a clock that was set back.
      const inWindow = (arrivals.get(counter) ?? []).filter((at) => at > nowMs - windowMs && at <= nowMs + 60_000);
      const used = inWindow.length;
      if (used >= limit) {
        const leaves = inWindow[used - limit] ?? nowMs;
        return { admitted: false, waitMs: leaves + windowMs - nowMs, used };
      }
      arrivals.set(counter, [...inWindow, nowMs]);
      return { admitted: true, waitMs: 0, used: used + 1 };
    },
    add: async (counter, by, expiresAtMs, nowMs) => {
      note('add');
      const known = counts.get(counter);
      const count = (known && known.expiresAtMs > nowMs ? known.count : 0) + by;
      if (by !== 0) counts.set(counter, { count, expiresAtMs });
      return count;
    },
    lease: async (name, { holder, places = 1, untilMs, nowMs }) => {
      note('lease');
      if (heldBy(name, nowMs).filter((other) => other !== holder).length >= places) return false;
      leases.set(name, new Map(leases.get(name)).set(holder, untilMs));
      return true;
    },
    release: async (name, holder) => {
      note('release');
      leases.get(name)?.delete(holder);
    },
  };

  function note(method: string): void {
    if (store.trouble) throw store.trouble;
    store.asked.push(method);
  }

  return store;
}
