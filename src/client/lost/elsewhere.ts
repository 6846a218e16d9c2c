import type { Input } from '../../operations/define.ts';
import type { CreatedTrace } from '../../operations/trace.ts';
import { isObject } from '../json.ts';
import type { Shared } from '../shared-store.ts';
import { type Every, everyUnrefed, type Sleep } from '../wait.ts';
import { core } from './compare.ts';
import type { Lost } from './reading.ts';

/** Creates that are under way in other processes, and may have made a record that nobody has claimed yet. */
export interface Elsewhere {
  /** Does the work of a create, which ends with its claim; other processes see meanwhile that it is under way. */
  readonly tell: <T>(lost: Lost, work: () => Promise<T>) => Promise<T>;
  /** True as soon as none of a like content is under way; false when one still is after 20 s. */
  readonly landed: (lost: Lost, signal?: AbortSignal) => Promise<boolean>;
}

/** For one process that is alone. */
export const nowhereElse: Elsewhere = { tell: (_, work) => work(), landed: async () => true };

/** Renewed as long as one is under way, be it that it waits for the limits or for its answer. That of a dead process lapses so. */
const lifeMs = 60_000;
const renewMs = 20_000;
/** Longest that one waits for others: its caller leaves after a minute, and may look twice. */
const longestMs = 20_000;
const lookAgainMs = 250;
/** More than are ever under way. */
const places = 10_000;

/** By what `judge` tells records apart: writes of other words and other order of lines can be taken for one another. */
function alike(input: Input, { same, lines }: CreatedTrace): string {
  const goods =
    lines && Array.isArray(input.line_items)
      ? input.line_items.filter(isObject).map((line) => String(line[lines.of]))
      : [];
  return JSON.stringify([same(input).map((key) => core(input[key])), [...new Set(goods)].sort()]);
}

export function createElsewhere(
  shared: Shared,
  { sleep, every = everyUnrefed }: { sleep: Sleep; every?: Every | undefined },
): Elsewhere {
  /**
   * The same for creates that could be taken for one another; undefined for what makes no record.
   */
  const nameOf = ({ operation, input }: Lost): string | undefined =>
    operation.trace?.kind === 'created'
      ? shared.key(`under-way/${operation.name}/${alike(input, operation.trace)}`)
      : undefined;

  return {
    tell: async (lost, work) => {
      const name = nameOf(lost);
      if (name === undefined) return work();
      const holder = lost.attempt.id;
      const hold = () =>
        shared.ask((store, nowMs) => store.lease(name, { holder, places, untilMs: nowMs + lifeMs, nowMs }));
      await hold();
      const stop = every(renewMs, () => void hold());
      try {
        return await work();
      } finally {
        stop();
        await shared.ask((store) => store.release(name, holder));
      }
    },
    landed: async (lost, signal) => {
      const name = nameOf(lost);
      if (name === undefined) return true;
      // A place where there is but one is given only when nobody else holds any.
      const holder = `${lost.attempt.id} looks`;
      const isAlone = async () =>
        (await shared.ask((store, nowMs) => store.lease(name, { holder, untilMs: nowMs + 1, nowMs }))) !== false;
      // Its own, left behind by a process that died, is the very one that is looked for.
      await shared.ask((store) => store.release(name, lost.attempt.id));
      // Counted, for a clock may be set back meanwhile.
      let alone = await isAlone();
      for (let waitedMs = 0; waitedMs < longestMs && !alone; waitedMs += lookAgainMs) {
        await sleep(lookAgainMs, signal);
        alone = await isAlone();
      }
      await shared.ask((store) => store.release(name, holder));
      return alone;
    },
  };
}
