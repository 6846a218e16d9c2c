import type { Input } from '../../operations/define.ts';
import { isObject } from '../json.ts';
import type { Shared } from '../shared-store.ts';
import type { Sleep } from '../wait.ts';
import type { Lost } from './reading.ts';

/** Creates that are under way in other processes, and may have made a record that nobody has claimed yet. */
export interface Elsewhere {
  /** Does the work of a create, which ends with its claim; other processes see meanwhile that it is under way. */
  readonly tell: <T>(lost: Lost, work: () => Promise<T>) => Promise<T>;
  /** Ends when all of the same content are over that were under way when it was asked. */
  readonly landed: (lost: Lost, signal?: AbortSignal) => Promise<void>;
}

/** For one process that is alone. */
export const nowhereElse: Elsewhere = { tell: (_, work) => work(), landed: async () => {} };

/** Longest that one is under way: it waits for the limits, and then for its answer. That of a dead process lapses so. */
const lifeMs = 60_000;
const lookAgainMs = 250;
/** More than are ever under way. */
const places = 10_000;

/** JSON with sorted keys. */
const sorted = (input: Input): string =>
  JSON.stringify(input, (_, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );

export function createElsewhere(shared: Shared, { now, sleep }: { now: () => number; sleep: Sleep }): Elsewhere {
  /**
   * The same for creates of the same content; undefined for what makes no record. Whoever waited for all creates of a
   * customer would often wait for a minute.
   */
  const nameOf = ({ operation, input }: Lost): string | undefined =>
    operation.trace?.kind === 'created' ? shared.key(`under-way/${operation.name}/${sorted(input)}`) : undefined;

  return {
    tell: async (lost, work) => {
      const name = nameOf(lost);
      if (name === undefined) return work();
      const holder = lost.attempt.id;
      await shared.ask((store, nowMs) => store.lease(name, { holder, places, untilMs: nowMs + lifeMs, nowMs }));
      try {
        return await work();
      } finally {
        await shared.ask((store) => store.release(name, holder));
      }
    },
    landed: async (lost, signal) => {
      const name = nameOf(lost);
      if (name === undefined) return;
      const endMs = now() + lifeMs;
      // A place where there is but one is given only when nobody else holds any.
      const holder = `${lost.attempt.id} looks`;
      const isAlone = async () =>
        (await shared.ask((store, nowMs) => store.lease(name, { holder, untilMs: nowMs + 1, nowMs }))) !== false;
      // Its own, left behind by a process that died, is the very one that is looked for.
      await shared.ask((store) => store.release(name, lost.attempt.id));
      while (now() < endMs && !(await isAlone())) await sleep(lookAgainMs, signal);
      await shared.ask((store) => store.release(name, holder));
    },
  };
}
