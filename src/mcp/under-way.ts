import { everyUnrefed } from '../client/wait.ts';
import { Unavailable } from '../errors.ts';
import type { GuardParts } from './action.ts';

/**
 * Not less: a process stands still for as long as SQLite waits for a lock (5 s), on top of the pause between two renewals,
 * and must not be taken for dead meanwhile. And what it had sent when it died is carried out by then, or never will be.
 */
export const leaseMs = 10_000;
const renewMs = 3_000;

/** What a run under way is held by; whoever finds it unheld knows that its process is gone. */
export const runLease = (runId: string) => `run:${runId}`;

/** Holds on; false when another one holds it by now, because this process stood still for longer than a lease. */
export type Held = () => Promise<boolean>;

export const allHeld =
  (...all: readonly Held[]): Held =>
  async () => {
    for (const held of all) if (!(await held())) return false;
    return true;
  };

/** Renews what is held until the returned function is called. A store that fails for a moment is asked again before the lease ends. */
export const keepHolding = ({ every = everyUnrefed }: Pick<GuardParts, 'every'>, hold: Held): (() => void) =>
  every(renewMs, () => void hold().catch(() => undefined));

/**
 * Does the work of a run under a lease, so that other processes can tell a run under way from one whose process is gone.
 * Each attempt holds it in a name of its own: of two that resume the same run, one gets it.
 */
export function createUnderWay(parts: Pick<GuardParts, 'state' | 'now' | 'randomId' | 'every'>) {
  const { state, now, randomId } = parts;
  /** `otherwise` is what is answered where another one holds it; default: throws `Unavailable`. */
  return async function whileHeld<T>(
    runId: string,
    work: (held: Held) => Promise<T>,
    otherwise: () => Promise<T> = refuse,
  ): Promise<T> {
    const name = runLease(runId);
    const holder = randomId();
    const hold = () => state.lease(name, { holder, untilMs: now() + leaseMs, nowMs: now() });
    if (!(await hold())) return otherwise();
    const stop = keepHolding(parts, hold);
    try {
      return await work(hold);
    } finally {
      stop();
      // One that cannot be released ends by itself.
      await state.release(name, holder).catch(() => undefined);
    }
  };
}

async function refuse(): Promise<never> {
  const message = 'This call is under way in another process. Nothing was started here; ask again in a few seconds.';
  throw new Unavailable(message, { nothingSent: true });
}
