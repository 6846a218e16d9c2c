import { AsyncLocalStorage } from 'node:async_hooks';
import { Unavailable } from '../errors.ts';
import type { About } from '../workflows/define.ts';
import type { GuardParts } from './action.ts';
import type { CallContext } from './caller.ts';
import { type Held, keepHolding, leaseMs } from './under-way.ts';

/** As long as one waits for the same call; its caller gives up after a minute. */
const patienceMs = 20_000;
const pollMs = 200;
/** Longer than any plan is in the making. */
const stampMs = 60 * 60_000;

export interface Turn {
  readonly held: Held;
  /** Somebody worked at the same since the plan was begun, or may have: it has to be made again. */
  readonly isOld: boolean;
}

/**
 * Work about the same records runs one after the other, whoever asked for it and in whatever process on the data folder:
 * what one has read then stays so until it has written.
 */
export function createOneAtATime(
  parts: Pick<GuardParts, 'state' | 'settings' | 'now' | 'randomId' | 'sleep' | 'every'>,
) {
  const { state, settings, now, randomId, sleep = realSleep } = parts;
  /** Held by the work that asks: a call that goes on with an earlier one like it must not wait for itself. */
  const own = new AsyncLocalStorage<ReadonlySet<string>>();
  const counter = `about:${settings.organization}`;
  const nameOf = (one: string) => `${counter}:${one}`;

  /** Counted, for clocks are too coarse to tell what was first. Asked before a plan is begun. */
  const turnsSoFar = () => state.add(counter, 0, 0, now());

  async function wasTouched(names: readonly string[], turns: number): Promise<boolean> {
    for (const name of names) {
      const stamp = await state.get(name, now());
      if (typeof stamp === 'number' && stamp > turns) return true;
    }
    return false;
  }

  /** What cannot be told or released now ends by itself, and whoever waits for that plans again. */
  async function end(names: readonly string[], holder: string, isBegun: boolean): Promise<void> {
    const untilMs = now() + stampMs;
    const turn = isBegun ? await state.add(counter, 1, untilMs, now()).catch(() => undefined) : undefined;
    for (const name of names) {
      if (turn !== undefined) await state.put(name, turn, untilMs).catch(() => undefined);
      await state.release(name, holder).catch(() => undefined);
    }
  }

  /** `turns`: how many there had been when the plan was begun; without it what was read is read again in the turn. */
  async function inItsTurn<T>(
    about: About,
    { signal, progress }: CallContext,
    work: (turn: Turn) => Promise<T>,
    turns = Number.POSITIVE_INFINITY,
  ): Promise<T> {
    const mine = own.getStore() ?? new Set<string>();
    // In one order for all, so that no two wait for each other.
    const names = about
      .map(nameOf)
      .filter((name) => !mine.has(name))
      .sort();
    if (names.length === 0) return work({ held: async () => true, isOld: false });
    const holder = randomId();
    const hold = (name: string) => state.lease(name, { holder, untilMs: now() + leaseMs, nowMs: now() });
    const taken: string[] = [];
    const held: Held = async () => {
      for (const name of taken) if (!(await hold(name))) return false;
      return true;
    };
    const stop = keepHolding(parts, held);
    let isBegun = false;
    try {
      let waited = false;
      const untilMs = now() + patienceMs;
      for (const name of names) {
        while (!(await hold(name))) {
          if (signal.aborted || now() > untilMs) throw busy();
          waited = true;
          progress('Another job is at work at the same records; waiting for its end.');
          await sleep(pollMs);
        }
        taken.push(name);
      }
      const isOld = waited || (await wasTouched(names, turns));
      isBegun = true;
      return await own.run(new Set([...mine, ...names]), () => work({ held, isOld }));
    } finally {
      stop();
      await end(taken, holder, isBegun);
    }
  }

  return { inItsTurn, turnsSoFar };
}

const busy = () =>
  new Unavailable(
    'Another job is at work at the same records. Nothing was written; ask again in a few seconds, and it is planned by what that one leaves.',
    { nothingSent: true, facts: { under_way: true } },
  );

const realSleep = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });
