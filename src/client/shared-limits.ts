import type { Shared } from './shared-store.ts';
import type { Sleep } from './wait.ts';

/** Until when the API asked to be left alone. */
export interface Pause {
  readonly untilMs: number;
  /** The day's calls are used up, so that waiting a minute is of no use. */
  readonly ofDay: boolean;
}

export type Admission =
  | { readonly admitted: true; readonly used: number }
  | { readonly admitted: false; readonly waitMs: number; readonly used: number; readonly pause?: Pause };

/**
 * What the processes on one data folder count together. Where the store cannot be used, everything is let through: each
 * process keeps the limits by itself all the same.
 */
export interface SharedLimits {
  /** One call more in the window, unless it is full or a pause is on. */
  admit(): Promise<Admission>;
  /** A place among the calls that run, and the function that frees it; undefined when all are taken. */
  takePlace(): Promise<(() => void) | undefined>;
  pause(pause: Pause): Promise<void>;
  /** Calls in the window now, and the pause that is on; changes nothing. */
  look(): Promise<{ readonly used: number; readonly pause?: Pause }>;
  readonly usable: () => boolean;
}

export interface SharedLimitsOptions {
  readonly shared: Shared;
  readonly limits: { readonly perMinute: number; readonly atOnce: number; readonly windowMs: number };
  readonly sleep: Sleep;
  /** New at each call, and of no other process either. */
  readonly randomId: () => string;
}

/** A process that was killed gives its places back after this long; one that runs renews them three times before. */
const placeLifeMs = 12_000;
const renewEveryMs = 4_000;

const letThrough: Admission = { admitted: true, used: 0 };

export function createSharedLimits({ shared, limits, sleep, randomId }: SharedLimitsOptions): SharedLimits {
  const { perMinute, atOnce, windowMs } = limits;
  const keys = { window: shared.key('window'), running: shared.key('running'), pause: shared.key('pause') };
  const held = new Set<string>();
  let renewing: AbortController | undefined;

  const lease = (holder: string) =>
    shared.ask((store, nowMs) =>
      store.lease(keys.running, { holder, places: atOnce, untilMs: nowMs + placeLifeMs, nowMs }),
    );

  const renew = async (over: AbortSignal) => {
    for (;;) {
      await sleep(renewEveryMs, over);
      for (const holder of held) await lease(holder);
    }
  };

  const keep = (holder: string) => {
    held.add(holder);
    if (renewing) return;
    renewing = new AbortController();
    renew(renewing.signal).catch(() => {}); // ends when the last place is freed
  };

  const free = (holder: string) => {
    if (!held.delete(holder)) return;
    if (held.size === 0) {
      renewing?.abort();
      renewing = undefined;
    }
    void shared.ask((store) => store.release(keys.running, holder));
  };

  return {
    admit: async () => {
      const answer = await shared.ask(async (store, nowMs): Promise<Admission> => {
        const pause = readPause(await store.get(keys.pause, nowMs));
        if (pause) return { admitted: false, waitMs: pause.untilMs - nowMs, used: 0, pause };
        const { admitted, waitMs, used } = await store.admit(keys.window, { limit: perMinute, windowMs, nowMs });
        return admitted ? { admitted, used } : { admitted, waitMs, used };
      });
      return answer ?? letThrough;
    },
    takePlace: async () => {
      const holder = randomId();
      const isTaken = await lease(holder);
      if (isTaken === false) return undefined;
      if (isTaken) keep(holder);
      return () => free(holder);
    },
    pause: async (pause) => {
      await shared.ask(async (store, nowMs) => {
        const known = readPause(await store.get(keys.pause, nowMs));
        if (!known || known.untilMs < pause.untilMs) await store.put(keys.pause, pause, pause.untilMs);
      });
    },
    look: async () => {
      const seen = await shared.ask(async (store, nowMs) => {
        const { used } = await store.admit(keys.window, { limit: 0, windowMs, nowMs });
        const pause = readPause(await store.get(keys.pause, nowMs));
        return pause ? { used, pause } : { used };
      });
      return seen ?? { used: 0 };
    },
    usable: shared.usable,
  };
}

/** For a process that shares its limits with nobody. */
export const unshared: SharedLimits = {
  admit: async () => letThrough,
  takePlace: async () => () => {},
  pause: async () => {},
  look: async () => ({ used: 0 }),
  usable: () => false,
};

function readPause(value: unknown): Pause | undefined {
  if (typeof value !== 'object' || value === null || !('untilMs' in value)) return undefined;
  const untilMs = Number(value.untilMs);
  return Number.isFinite(untilMs) ? { untilMs, ofDay: 'ofDay' in value && value.ofDay === true } : undefined;
}
