import { vi } from 'vitest';

const startMs = Date.UTC(2026, 10, 23, 18, 0, 0);
/** So many turns of the event loop without anything under way mean that all wait for a timer. */
const calmTurns = 4;
/** By the real clock: reading a file is no timer, and a busy machine is slow at it. */
const mostStillMs = 30_000;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Timers and Date that jump to whatever is due next as soon as nothing else is left to do: waiting costs nothing, and what
 * happens side by side in life happens side by side here.
 */
export function createRunningClock() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'], now: startMs });
  let atWork = 0;

  /** Ends early when the work does. */
  async function calm(isOver: () => boolean): Promise<void> {
    for (let turns = 0; turns < calmTurns && !isOver(); turns = atWork > 0 ? 0 : turns + 1) await turn();
  }

  return {
    now: () => Date.now(),
    /** Work that waits for no timer: time stands while it is done. */
    atWork: async <T>(work: () => Promise<T>): Promise<T> => {
      atWork += 1;
      try {
        return await work();
      } finally {
        atWork -= 1;
      }
    },
    /** Lets time run until the work has ended. */
    run: async <T>(work: Promise<T>): Promise<T> => {
      let isOver = false;
      const over = () => {
        isOver = true;
      };
      work.then(over, over);
      for (let stillSince = performance.now(); !isOver; ) {
        await calm(() => isOver);
        if (vi.getTimerCount() > 0) {
          if (!isOver) vi.advanceTimersToNextTimer();
          stillSince = performance.now();
        } else if (performance.now() - stillSince > mostStillMs)
          throw new Error('everything waits for what never comes');
      }
      return work;
    },
    stop: (): void => void vi.useRealTimers(),
  };
}

export type RunningClock = ReturnType<typeof createRunningClock>;
