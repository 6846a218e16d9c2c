import type { ApiRequest } from './compose.ts';
import { cancelledUnsent, type Sleep, throwIfCancelled } from './wait.ts';

/** Runs `work` with a signal that ends when the caller leaves or the deadline passes, and tells the caller meanwhile. */
export interface Patience {
  wait<T>(request: ApiRequest, signal: AbortSignal | undefined, work: (until: AbortSignal) => Promise<T>): Promise<T>;
  /** Sends away at once all whose deadline comes before `untilMs`: nothing will be for them before. */
  giveUpBefore(untilMs: number): void;
  /** How many wait now. */
  readonly waiting: () => number;
  /** In ms since 1970. */
  deadlineOf(request: ApiRequest): number;
}

export interface PatienceOptions {
  /** Longest wait of a request that brings no deadline of its own. */
  readonly patienceMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: Sleep;
  /** How long somebody with `ahead` others before them is expected to wait, in ms. */
  readonly expectedMs: (ahead: number) => number;
  readonly refused: (waitMs: number) => Error;
}

/** How often a waiting caller is told again: clients take silence for a hang. */
const announceEveryMs = 1_500;

export function createPatience({ patienceMs, now, sleep, expectedMs, refused }: PatienceOptions): Patience {
  const waiting = new Set<{ deadlineMs: number; giveUp: AbortController }>();
  const deadlineOf = (request: ApiRequest) => request.deadlineMs ?? now() + patienceMs;

  const announce = async ({ onWait }: ApiRequest, leftMs: () => number, over: AbortSignal) => {
    if (!onWait) return;
    try {
      for (let pause = 250; ; pause = announceEveryMs) {
        await sleep(pause, over);
        const seconds = Math.ceil(leftMs() / 1000);
        onWait(seconds > 0 ? `Waiting for the call limit, about ${seconds} s.` : 'Waiting for other calls to finish.');
      }
    } catch {
      // the wait is over
    }
  };

  return {
    waiting: () => waiting.size,
    deadlineOf,
    giveUpBefore: (untilMs) => {
      for (const { deadlineMs, giveUp } of waiting) {
        if (deadlineMs < untilMs) giveUp.abort(refused(untilMs - now()));
      }
    },
    wait: async (request, signal, work) => {
      throwIfCancelled(signal);
      const giveUp = new AbortController();
      const entry = { deadlineMs: deadlineOf(request), giveUp };
      const leftMs = () => expectedMs([...waiting].indexOf(entry));
      const leave = () => giveUp.abort(cancelledUnsent());
      signal?.addEventListener('abort', leave, { once: true });
      const over = new AbortController();
      waiting.add(entry);
      // Also ends waits that nobody foresaw: slow calls ahead, other processes, a clock that was set back.
      sleep(entry.deadlineMs - now(), over.signal).then(
        () => giveUp.abort(refused(leftMs())),
        () => {},
      );
      void announce(request, leftMs, over.signal);
      try {
        return await work(giveUp.signal);
      } finally {
        over.abort();
        waiting.delete(entry);
        signal?.removeEventListener('abort', leave);
      }
    },
  };
}
