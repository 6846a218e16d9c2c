import { RateLimited } from '../errors.ts';
import { dateOf, dayUsedUp, isCallLimit, isDayLimit, limitsTold, msToUtcMidnight, waitAskedFor } from './call-limit.ts';
import type { ApiRequest, ApiResponse, Layer } from './compose.ts';
import type { DayCount } from './day-count.ts';
import { createPatience } from './patience.ts';
import type { Limits } from './plans.ts';
import { createSharedLimits, type Pause, unshared } from './shared-limits.ts';
import type { Shared } from './shared-store.ts';
import { createSlots } from './slots.ts';
import { createTickets } from './tickets.ts';
import { type Sleep, throwIfCancelled } from './wait.ts';

export interface LimiterOptions {
  readonly limits: Limits;
  readonly day: DayCount;
  /** Where other processes count as well; absent: this one is alone. */
  readonly shared?: Shared | undefined;
  /** New at each call, and of no other process either. */
  readonly randomId: () => string;
  /** Longest wait of a request that brings no deadline of its own. */
  readonly patienceMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: Sleep;
  /** Done before the ticket is taken, so that a call leaves with its ticket and not a token refresh later. */
  readonly prepare?: (signal?: AbortSignal) => Promise<unknown>;
}

/** Of the running day (UTC). */
export interface CallsLeft {
  readonly left: number;
  readonly limit: number;
  readonly resetsAtMs: number;
}

/** Where an organization stands, told without a call. */
export interface ApiUsage {
  readonly day: CallsLeft & { readonly used: number };
  readonly window: { readonly used: number; readonly limit: number };
  /** `running` in this process. */
  readonly atOnce: { readonly running: number; readonly limit: number };
  /** The API asked to be left alone until then. */
  readonly pausedUntilMs?: number;
  /** Whether the figures are those of all processes on the data folder, or of this one alone. */
  readonly shared: boolean;
}

export interface Limiter {
  /** One place among those running and one ticket for each request; gives up where patience cannot suffice. */
  readonly layer: Layer;
  /** A ticket alone, for a request that has its place already and is sent again. */
  readonly ticket: (request: ApiRequest, signal?: AbortSignal) => Promise<void>;
  /** Of this day (UTC), as far as this process knows. */
  readonly callsLeft: () => CallsLeft;
  readonly usage: () => Promise<ApiUsage>;
}

const minuteMs = 60_000;

/**
 * Calls are counted where they arrive, and one that was long under way arrives nearer to those after it than it left: the
 * window is kept a hundredth longer, at least 100 ms, than the API's.
 */
const keptWindowMs = (windowMs = minuteMs): number => windowMs + Math.max(100, windowMs / 100);

/**
 * The CRM counts credits of its own, by edition and users, and tells them nowhere: its calls take a place among those running,
 * and neither count in the inventory's minute and day nor is what they are told of limits taken for the inventory's.
 */
const isCounted = ({ service }: ApiRequest): boolean => service === undefined;

/** Keeps this process inside the organization's limits. Refusals are RateLimited with nothingSent. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { limits, day, patienceMs, now, sleep, prepare } = options;
  const windowMs = keptWindowMs(limits.windowMs);
  const shared = options.shared
    ? createSharedLimits({ ...options, shared: options.shared, limits: { ...limits, windowMs } })
    : unshared;
  let pause: Pause = { untilMs: 0, ofDay: false };

  const pauseLeftMs = () => Math.max(0, pause.untilMs - now());
  const expectedMs = (ahead: number) => Math.max(pauseLeftMs(), tickets.expectedWaitMs(ahead));
  const midnightMs = () => now() + msToUtcMidnight(now());
  const refused = (waitMs: number) =>
    pause.ofDay && pauseLeftMs() > 0
      ? dayUsedUp(pause.untilMs, now())
      : new RateLimited(Math.max(1, Math.ceil(waitMs / 1000)), { nothingSent: true });
  const dayRefused = () => dayUsedUp(midnightMs(), now(), { limit: day.limit() });

  const patience = createPatience({ patienceMs, now, sleep, expectedMs, refused });
  const slots = createSlots({ atOnce: limits.atOnce, sleep, takeShared: shared.takePlace });
  const tickets = createTickets({
    perWindow: limits.perMinute,
    windowMs,
    now,
    sleep,
    admit: shared.admit,
    onRefused: ({ waitMs, pause: told }) => {
      if (told) notePause(told);
      patience.giveUpBefore(now() + waitMs);
    },
  });

  function notePause(told: Pause): void {
    if (told.untilMs > pause.untilMs) pause = told;
    patience.giveUpBefore(pause.untilMs);
  }

  const takeTicket = async (until: AbortSignal): Promise<() => void> => {
    for (;;) {
      const pauseMs = pauseLeftMs();
      if (pauseMs > 0) await sleep(pauseMs, until);
      const left = await tickets.take(until);
      // A pause that began while this ticket was waited for costs the ticket, not a call.
      if (pauseLeftMs() === 0) return left;
    }
  };
  /** Of the request as it is handed on, which comes back for a second ticket when it is sent again. */
  const departures = new WeakMap<ApiRequest, () => void>();

  const ticket = async (request: ApiRequest, signal?: AbortSignal): Promise<void> => {
    throwIfCancelled(signal);
    if (!isCounted(request)) return;
    if (!(await day.take())) throw dayRefused();
    try {
      // The ticket comes last: whatever else took time now would take it from the space between this call and the next.
      departures.set(request, await patience.wait(request, signal, takeTicket));
    } catch (error) {
      await day.giveBack();
      throw error;
    }
  };

  /** What an answer says of the limits holds for all calls, whatever became of its own. */
  const obey = async (response: ApiResponse, sentAtMs: number): Promise<void> => {
    const refusedMs = isCallLimit(response) ? waitAskedFor(response, now()) : undefined;
    if (refusedMs !== undefined) return begin({ untilMs: now() + refusedMs, ofDay: isDayLimit(response) });
    const told = limitsTold(response, now(), limits.windowMs ?? minuteMs);
    if (told.day && !isCallLimit(response)) await day.learn(told.day, sentAtMs, dateOf(response));
    // Nothing left though we have not used it up: other programs have, and the next call would be refused.
    const isOthers = told.window?.remaining === 0 && tickets.used() < limits.perMinute;
    if (told.window && isOthers) await begin({ untilMs: now() + told.window.resetMs, ofDay: false });
  };

  const begin = (told: Pause): Promise<void> => {
    notePause(told);
    return shared.pause(told);
  };

  const uncounted: Layer = (next) => async (request, signal) => {
    throwIfCancelled(signal);
    const free = await patience.wait(request, signal, (until) => slots.take(until));
    try {
      await prepare?.(signal);
      return await next(request, signal);
    } finally {
      free();
    }
  };

  const layer: Layer = (next) => async (asked, signal) => {
    if (!isCounted(asked)) return uncounted(next)(asked, signal);
    const request: ApiRequest = {
      ...asked,
      onSent: () => {
        departures.get(request)?.();
        asked.onSent?.();
      },
    };
    throwIfCancelled(signal);
    if (await day.isUsedUp()) throw dayRefused();
    const waitMs = expectedMs(patience.waiting());
    if (now() + waitMs > patience.deadlineOf(request)) throw refused(waitMs);
    const free = await patience.wait(request, signal, (until) => slots.take(until));
    try {
      await prepare?.(signal);
      await ticket(request, signal);
      const sentAtMs = now();
      const response = await next(request, signal);
      await obey(response, sentAtMs);
      return response;
    } finally {
      free();
    }
  };

  const usage = async (): Promise<ApiUsage> => {
    await day.refresh();
    const { used, pause: told } = await shared.look();
    if (told) notePause(told);
    const paused = pauseLeftMs() > 0 ? { pausedUntilMs: pause.untilMs } : {};
    return {
      day: { used: day.used(), ...callsLeft() },
      window: { used: Math.max(used, tickets.used()), limit: limits.perMinute },
      atOnce: { running: slots.running(), limit: limits.atOnce },
      ...paused,
      shared: shared.usable(),
    };
  };

  const callsLeft = (): CallsLeft => {
    const isOver = pause.ofDay && pauseLeftMs() > 0;
    return {
      left: isOver ? 0 : Math.max(0, day.limit() - day.used()),
      limit: day.limit(),
      resetsAtMs: isOver ? pause.untilMs : midnightMs(),
    };
  };

  return { layer, ticket, callsLeft, usage };
}
