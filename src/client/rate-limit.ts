import { RateLimited } from '../errors.ts';
import { isCallLimit, msToUtcMidnight, waitAskedFor } from './call-limit.ts';
import type { ApiRequest, ApiResponse, Layer } from './compose.ts';
import type { DayCount } from './day-count.ts';
import type { Limits } from './plans.ts';
import { createSlots } from './slots.ts';
import { createTickets } from './tickets.ts';
import { cancelledUnsent, type Sleep, throwIfCancelled } from './wait.ts';

export interface LimiterOptions {
  readonly limits: Limits;
  readonly day: DayCount;
  /** Longest wait of a request that brings no deadline of its own. */
  readonly patienceMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: Sleep;
  /** Done before the ticket is taken, so that a call leaves with its ticket and not a token refresh later. */
  readonly prepare?: (signal?: AbortSignal) => Promise<unknown>;
}

export interface Limiter {
  /** One place among those running and one ticket for each request; gives up where patience cannot suffice. */
  readonly layer: Layer;
  /** A ticket alone, for a request that has its place already and is sent again. */
  readonly ticket: (request: ApiRequest, signal?: AbortSignal) => Promise<void>;
  /** Calls left of this day (UTC). */
  readonly dayLeft: () => number;
}

/** How often a waiting caller is told again: clients take silence for a hang. */
const announceEveryMs = 5_000;

/** Keeps this process inside the organization's limits. Refusals are RateLimited with nothingSent. */
export function createLimiter({ limits, day, patienceMs, now, sleep, prepare }: LimiterOptions): Limiter {
  const tickets = createTickets({ perMinute: limits.perMinute, now });
  const slots = createSlots(limits.atOnce);
  const waiting = new Set<{ deadlineMs: number; giveUp: AbortController }>();
  let pausedUntilMs = 0;

  const refused = (ms: number) => new RateLimited(Math.max(1, Math.ceil(ms / 1000)), { nothingSent: true });
  const pauseLeftMs = () => Math.max(0, pausedUntilMs - now());
  const expectedMs = (ahead: number) => Math.max(pauseLeftMs(), tickets.expectedWaitMs(ahead));
  const refuseWhenDayIsUsed = () => {
    if (day.used() < limits.perDay) return;
    const ms = msToUtcMidnight(now());
    throw new RateLimited(Math.ceil(ms / 1000), {
      nothingSent: true,
      facts: { limit: `${limits.perDay} calls a day`, resets_at: new Date(now() + ms).toISOString() },
    });
  };
  const deadlineOf = (request: ApiRequest) => request.deadlineMs ?? now() + patienceMs;

  /** Runs `work` with a signal that ends when the caller leaves or the deadline passes, and tells the caller meanwhile. */
  const patiently = async <T>(request: ApiRequest, signal: AbortSignal | undefined, work: Work<T>): Promise<T> => {
    throwIfCancelled(signal);
    const giveUp = new AbortController();
    const entry = { deadlineMs: deadlineOf(request), giveUp };
    const leftMs = () => expectedMs([...waiting].indexOf(entry));
    const leave = () => giveUp.abort(cancelledUnsent());
    signal?.addEventListener('abort', leave, { once: true });
    const over = new AbortController();
    waiting.add(entry);
    // Also ends waits that nobody foresaw: slow calls ahead, a clock that was set back.
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
  };

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

  const ticket = async (request: ApiRequest, signal?: AbortSignal): Promise<void> => {
    refuseWhenDayIsUsed();
    await patiently(request, signal, async (until) => {
      do {
        const pauseMs = pauseLeftMs();
        if (pauseMs > 0) await sleep(pauseMs, until);
        await tickets.take(until);
        // A pause that began while this ticket was waited for costs the ticket, not a call.
      } while (pauseLeftMs() > 0);
    });
    refuseWhenDayIsUsed();
    day.add();
  };

  const obey = (response: ApiResponse) => {
    if (!isCallLimit(response)) return;
    const waitMs = waitAskedFor(response, now());
    if (waitMs === undefined) return;
    pausedUntilMs = Math.max(pausedUntilMs, now() + waitMs);
    for (const { deadlineMs, giveUp } of waiting) {
      if (deadlineMs < pausedUntilMs) giveUp.abort(refused(pauseLeftMs()));
    }
  };

  const layer: Layer = (next) => async (request, signal) => {
    throwIfCancelled(signal);
    refuseWhenDayIsUsed();
    const waitMs = expectedMs(waiting.size);
    if (now() + waitMs > deadlineOf(request)) throw refused(waitMs);
    const free = await patiently(request, signal, (until) => slots.take(until));
    try {
      await prepare?.(signal);
      await ticket(request, signal);
      const response = await next(request, signal);
      obey(response);
      return response;
    } finally {
      free();
    }
  };

  return { layer, ticket, dayLeft: () => Math.max(0, limits.perDay - day.used()) };
}

type Work<T> = (until: AbortSignal) => Promise<T>;
