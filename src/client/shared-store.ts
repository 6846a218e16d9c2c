/** Small facts that all processes on one data folder see; whoever wires the client hands in a home for them. */
export interface SharedStore {
  /** Undefined at and after the value's expiry. */
  get(key: string, nowMs: number): Promise<unknown>;
  put(key: string, value: unknown, expiresAtMs: number): Promise<void>;
  /** What stood there already, or undefined when `value` was put. */
  putIfAbsent(key: string, value: unknown, expiresAtMs: number, nowMs: number): Promise<unknown>;
  /** Sliding window: counts one more unless `limit` were counted in the `windowMs` before; a limit of 0 only reads. */
  admit(
    counter: string,
    window: { readonly limit: number; readonly windowMs: number; readonly nowMs: number },
  ): Promise<{ readonly admitted: boolean; readonly waitMs: number; readonly used: number }>;
  /** Answers the new count; 0 reads. */
  add(counter: string, by: number, expiresAtMs: number, nowMs: number): Promise<number>;
  /** One of `places` until `untilMs`; a holder that has one renews it. */
  lease(
    name: string,
    lease: { readonly holder: string; readonly places?: number; readonly untilMs: number; readonly nowMs: number },
  ): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}

/** The store of one organization, asked so that its trouble is never the caller's. */
export interface Shared {
  /** Undefined where the store cannot be used: the caller then goes by what this process alone knows. */
  ask<T>(work: (store: SharedStore, nowMs: number) => Promise<T>): Promise<T | undefined>;
  /** A key of this organization's own. */
  key(name: string): string;
  /** Whether the store answered when it was last asked. */
  readonly usable: () => boolean;
}

export interface SharedOptions {
  readonly store: SharedStore;
  readonly organizationId: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly warn: (message: string) => void;
}

// A store behind a lock or a broken disk can take seconds to fail; not every call should pay for that.
const leaveAloneMs = 30_000;
// A full disk fails at every write and works at every read between: told once, not each time it comes and goes.
const tellAgainMs = 3_600_000;

export function createShared({ store, organizationId, now, warn }: SharedOptions): Shared {
  let failedAtMs: number | undefined;
  let toldAtMs: number | undefined;

  const tell = (error: unknown) => {
    if (toldAtMs !== undefined && Math.abs(now() - toldAtMs) < tellAgainMs) return;
    toldAtMs = now();
    const why = error instanceof Error ? error.message : 'it gave no reason';
    warn(`Call limits are counted by this process alone until the shared count can be used: ${why}`);
  };

  const isLeftAlone = () => {
    if (failedAtMs === undefined) return false;
    const sinceMs = now() - failedAtMs;
    return sinceMs >= 0 && sinceMs < leaveAloneMs;
  };

  return {
    ask: async (work) => {
      if (isLeftAlone()) return undefined;
      try {
        const answer = await work(store, now());
        failedAtMs = undefined;
        return answer;
      } catch (error) {
        tell(error);
        failedAtMs = now();
        return undefined;
      }
    },
    key: (name) => `calls/${organizationId}/${name}`,
    usable: () => failedAtMs === undefined,
  };
}
