import type { Admission } from './shared-limits.ts';
import type { Sleep } from './wait.ts';

/** The right to send one call, given in the order of asking, never more than `perWindow` of them in any window. */
export interface Tickets {
  /**
   * Resolves to the function to call when the call really leaves. Rejects at once with the signal's reason when it is
   * aborted; the ticket then goes to the next in line.
   */
  take(signal: AbortSignal): Promise<() => void>;
  /** How long somebody with `ahead` others before them, whether those have asked yet or not, would wait, in ms. */
  expectedWaitMs(ahead: number): number;
  /** Calls in the window now, as far as this process knows. */
  used(): number;
}

export interface TicketOptions {
  readonly perWindow: number;
  readonly windowMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: Sleep;
  /** Asked for each ticket that falls due in this process: whether the other processes leave room for it. */
  readonly admit: () => Promise<Admission>;
  /** Told when they do not. */
  readonly onRefused: (admission: Extract<Admission, { admitted: false }>) => void;
}

/** A call that leaves this soon after its ticket leaves with it. */
const slightMs = 5;
/** A clock may be set back meanwhile, and a pause taken away. */
const askAgainMs = 5_000;

/**
 * p-throttle decides when a ticket falls due, but who gets it is decided then, not when it was asked for: p-throttle
 * cannot cancel one call, so a ticket bound to a caller who has left would be lost and told to nobody until its turn.
 */
export function createTickets({ perWindow, windowMs, now, sleep, admit, onRefused }: TicketOptions): Tickets {
  const line: ((left: () => void) => void)[] = [];
  /** When each call in the window left, or was given its ticket where it has not left; the oldest first. */
  const given: { atMs: number }[] = [];
  let due = 0;
  let throttle: Promise<() => unknown> | undefined;
  let giving = Promise.resolve();
  let roomAtMs = 0;
  let elsewhere = { atMs: 0, used: 0 };

  const forget = () => {
    // The clock was set back: p-throttle would stand still until it has caught up.
    if ((given.at(-1)?.atMs ?? 0) > now()) {
      given.length = 0;
      throttle = undefined;
      roomAtMs = 0;
    }
    while (given[0] !== undefined && now() - given[0].atMs >= windowMs) given.shift();
  };
  /** A connection that was slow to open, or a machine that was busy, holds a call up behind its ticket. */
  const leave = (entry: { atMs: number }) => {
    if (now() - entry.atMs < slightMs) return;
    const place = given.indexOf(entry);
    if (place < 0) return;
    given.splice(place, 1);
    entry.atMs = now();
    given.push(entry);
  };
  const isRoom = async () => {
    forget();
    const oldest = given[0];
    if (!oldest || given.length < perWindow) return true;
    await sleep(Math.min(oldest.atMs + windowMs - now(), askAgainMs));
    return false;
  };
  const give = async () => {
    // Nobody asks the store for a caller who has left: what it admits it has counted.
    while (line.length > 0) {
      if (!(await isRoom())) continue;
      const admission = await admit();
      elsewhere = { atMs: now(), used: admission.used };
      if (admission.admitted) break;
      roomAtMs = now() + admission.waitMs;
      onRefused(admission);
      await sleep(Math.min(admission.waitMs, askAgainMs));
    }
    due -= 1;
    forget();
    const next = line.shift();
    if (!next) return;
    const entry = { atMs: now() };
    given.push(entry);
    next(() => leave(entry));
  };
  const onDue = () => {
    giving = giving.then(give);
  };
  const load = async () => {
    const { default: pThrottle } = await import('p-throttle');
    // With a weight, p-throttle checks the window again when a ticket falls due; without, a timer that is late by a few
    // ms lets one call too many into a window, and calls after a burst are spaced out for nothing.
    return pThrottle({ limit: perWindow, interval: windowMs, strict: true, weight: () => 1 })(onDue);
  };

  return {
    take: async (signal) => {
      forget();
      throttle ??= load();
      const ask = await throttle;
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const onTicket = (left: () => void) => {
          signal.removeEventListener('abort', onAbort);
          resolve(left);
        };
        const onAbort = () => {
          line.splice(line.indexOf(onTicket), 1);
          reject(signal.reason);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        line.push(onTicket);
        // Somebody who has left may have a ticket coming that nobody waits for: it is as good as a new one.
        if (line.length > due) {
          due += 1;
          void ask();
        }
      });
    },
    expectedWaitMs: (ahead) => {
      forget();
      const at = now();
      const roomInMs = Math.max(0, roomAtMs - at);
      if (given.length + ahead < perWindow) return roomInMs;
      const times = given.map(({ atMs }) => atMs);
      for (let place = 0; place <= ahead; place += 1) {
        times.push(Math.max(at, (times[times.length - perWindow] ?? at - windowMs) + windowMs));
      }
      return Math.max(roomInMs, (times.at(-1) ?? at) - at);
    },
    used: () => {
      forget();
      const isNew = now() - elsewhere.atMs < windowMs;
      return Math.max(given.length, isNew ? elsewhere.used : 0);
    },
  };
}
