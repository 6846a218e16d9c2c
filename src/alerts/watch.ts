import type { Sleep } from '../client/wait.ts';
import { InventoryError, RateLimited } from '../errors.ts';
import type { Round } from './round.ts';

const minuteMs = 60_000;
const longestPauseMs = 60 * minuteMs;

export interface WatchOptions {
  readonly round: Round;
  readonly everyMs: number;
  readonly once: boolean;
  readonly sleep: Sleep;
  readonly log: {
    readonly info: (message: string) => void;
    readonly error: (message: string) => void;
  };
  readonly signal: AbortSignal;
}

/**
 * Looks, waits and looks again until it is stopped. No error of the API, of mail or of the store ends it: after one it
 * looks again in a minute, then in two, in four, and in an hour at most. Answers the exit code.
 */
export async function watchStock({ round, everyMs, once, sleep, log, signal }: WatchOptions): Promise<number> {
  if (!once) log.info(`Watching: low stock and shortages every ${everyMs / minuteMs} min, late purchases once a day.`);
  let failures = 0;
  while (!signal.aborted) {
    const errors = await look(round, signal);
    if (signal.aborted) break;
    failures = errors.length === 0 ? 0 : failures + 1;
    for (const error of errors) log.error(wordsOf(error));
    if (once) return errors.length === 0 ? 0 : 1;
    const pause = failures === 0 ? everyMs : pauseAfter(failures, errors);
    if (failures > 0) log.info(`Looking again in ${Math.ceil(pause / minuteMs)} min.`);
    await sleep(pause, signal).catch(() => undefined);
  }
  log.info('Stopped watching.');
  return 0;
}

/** One that failed for a reason nobody thought of is told with its stack, and the next may go well. */
const look = async (round: Round, signal: AbortSignal): Promise<readonly unknown[]> =>
  round(signal).catch((error: unknown) => [error]);

function pauseAfter(failures: number, errors: readonly unknown[]): number {
  const asked = errors.map((error) => (error instanceof RateLimited ? error.retryAfterSeconds * 1000 : 0));
  const backOff = Math.min(minuteMs * 2 ** Math.min(failures - 1, 10), longestPauseMs);
  return Math.max(backOff, ...asked);
}

function wordsOf(error: unknown): string {
  if (error instanceof InventoryError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : 'The look failed without an error.';
}
