/** The right to send one call, given in the order of asking, never more than `perMinute` of them in any 60 s. */
export interface Tickets {
  /** Rejects at once with the signal's reason when it is aborted; the ticket then goes to the next in line. */
  take(signal: AbortSignal): Promise<void>;
  /** How long somebody with `ahead` others before them, whether those have asked yet or not, would wait, in ms. */
  expectedWaitMs(ahead: number): number;
}

export interface TicketOptions {
  readonly perMinute: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const windowMs = 60_000;

/**
 * p-throttle decides when a ticket falls due, but who gets it is decided then, not when it was asked for: p-throttle
 * cannot cancel one call, so a ticket bound to a caller who has left would be lost and told to nobody until its turn.
 */
export function createTickets({ perMinute, now }: TicketOptions): Tickets {
  const line: (() => void)[] = [];
  const given: number[] = [];
  let due = 0;
  let throttle: Promise<() => unknown> | undefined;

  const forget = () => {
    // The clock was set back: p-throttle would stand still until it has caught up.
    if ((given.at(-1) ?? 0) > now()) {
      given.length = 0;
      throttle = undefined;
    }
    while (given[0] !== undefined && now() - given[0] >= windowMs) given.shift();
  };
  const onDue = () => {
    due -= 1;
    forget();
    given.push(now());
    line.shift()?.();
  };
  const load = async () => {
    const { default: pThrottle } = await import('p-throttle');
    // With a weight, p-throttle checks the window again when a ticket falls due; without, a timer that is late by a few
    // ms lets one call too many into a window, and calls after a burst are spaced out for nothing.
    return pThrottle({ limit: perMinute, interval: windowMs, strict: true, weight: () => 1 })(onDue);
  };

  return {
    take: async (signal) => {
      forget();
      throttle ??= load();
      const ask = await throttle;
      await new Promise<void>((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const onTicket = () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
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
      if (given.length + ahead < perMinute) return 0;
      const times = [...given];
      const at = now();
      for (let place = 0; place <= ahead; place += 1) {
        times.push(Math.max(at, (times[times.length - perMinute] ?? at - windowMs) + windowMs));
      }
      return (times.at(-1) ?? at) - at;
    },
  };
}
