/** Calls a minute (any 60 s), a day (UTC) and at once. */
export interface CallLimits {
  readonly perMinute: number;
  readonly perDay: number;
  readonly atOnce: number;
}

/** Why a call is turned away, and the whole seconds after which it may be tried again. */
export interface Refusal {
  readonly details: string;
  readonly retryAfterSeconds: number;
}

export interface Limiter {
  /** Counts a call, or says why it may not run; a call that was let in must `leave` when its request is read. */
  enter(): Refusal | undefined;
  leave(): void;
  /** The X-Rate-Limit headers of an answer given now. */
  headers(refusal?: Refusal): Record<string, string>;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

export function createLimiter({ perMinute, perDay, atOnce }: CallLimits, now: () => number): Limiter {
  let lastMinute: number[] = [];
  let day = Math.floor(now() / dayMs);
  let today = 0;
  let running = 0;

  const forgetOld = (at: number) => {
    lastMinute = lastMinute.filter((time) => at - time < minuteMs);
    const current = Math.floor(at / dayMs);
    if (current !== day) today = 0;
    day = current;
  };
  const secondsUntil = (time: number, at: number) => Math.max(1, Math.ceil((time - at) / 1000));

  return {
    enter: () => {
      const at = now();
      forgetOld(at);
      if (running >= atOnce) return { details: `At most ${atOnce} calls may run at once.`, retryAfterSeconds: 1 };
      if (today >= perDay) {
        const retryAfterSeconds = secondsUntil((day + 1) * dayMs, at);
        return { details: `All ${perDay} calls of this day (UTC) are used.`, retryAfterSeconds };
      }
      const oldest = lastMinute[0];
      if (oldest !== undefined && lastMinute.length >= perMinute) {
        const retryAfterSeconds = secondsUntil(oldest + minuteMs, at);
        return { details: `All ${perMinute} calls of a minute are used.`, retryAfterSeconds };
      }
      lastMinute.push(at);
      today += 1;
      running += 1;
      return undefined;
    },
    leave: () => {
      running -= 1;
    },
    headers: (refusal) => {
      const at = now();
      forgetOld(at);
      const resetMs = refusal ? at + refusal.retryAfterSeconds * 1000 : (lastMinute[0] ?? at) + minuteMs;
      return {
        'X-Rate-Limit-Limit': String(perMinute),
        'X-Rate-Limit-Remaining': String(Math.max(0, perMinute - lastMinute.length)),
        'X-Rate-Limit-Reset': String(Math.ceil(resetMs / 1000)),
        'X-Rate-Limit-Day-Limit': String(perDay),
        'X-Rate-Limit-Day-Remaining': String(Math.max(0, perDay - today)),
        ...(refusal ? { 'Retry-After': String(refusal.retryAfterSeconds) } : {}),
      };
    },
  };
}
