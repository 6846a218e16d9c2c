import type { Sleep } from '../../src/client/wait.ts';

/** A clock that stands still until the test moves it. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 15, 10)) {
  let nowMs = startMs;
  const sleepers = new Set<{ dueMs: number; wake: () => void }>();
  const asked: number[] = [];

  const sleep: Sleep = (ms, signal) =>
    new Promise((resolve, reject) => {
      asked.push(ms);
      if (signal?.aborted) return reject(signal.reason);
      const leave = () => {
        sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const sleeper = { dueMs: nowMs + ms, wake };
      sleepers.add(sleeper);
      signal?.addEventListener('abort', leave);
    });

  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  return {
    now: () => nowMs,
    sleep,
    /** Every wait that was asked for, in ms. */
    asked,
    elapse: async (ms: number) => {
      const endMs = nowMs + ms;
      for (;;) {
        await settle();
        const next = [...sleepers].filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (!next) break;
        sleepers.delete(next);
        nowMs = Math.max(nowMs, next.dueMs);
        next.wake();
      }
      nowMs = endMs;
      await settle();
    },
  };
}

/** A sleep that takes no time, and what it was asked for. */
export function instantSleep() {
  const asked: number[] = [];
  const sleep: Sleep = async (ms, signal) => {
    asked.push(ms);
    if (signal?.aborted) throw signal.reason;
  };
  return { sleep, asked };
}
