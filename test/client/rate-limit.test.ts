import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ApiRequest, ApiResponse, Send } from '../../src/client/compose.ts';
import { createDayCount } from '../../src/client/day-count.ts';
import { createLimiter, type LimiterOptions } from '../../src/client/rate-limit.ts';
import { sleep } from '../../src/client/wait.ts';
import { readRequest, writeRequest } from './stub-api.ts';

// The queues keep time by the global timers, so these are what is faked here.
beforeEach(async () => {
  await Promise.all([import('p-throttle'), import('p-queue')]);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.UTC(2026, 0, 15, 10) });
});
afterEach(() => {
  vi.useRealTimers();
});

/** How long a call counts: a hundredth longer than the API's minute. */
const minute = 60_600;
const ok: ApiResponse = { status: 200, headers: {}, text: '{}' };

function limited(options: Partial<LimiterOptions['limits']> & { patienceMs?: number; answer?: Send } = {}) {
  const { perMinute = 3, perDay = 1000, atOnce = 10, patienceMs = 20_000, answer = async () => ok } = options;
  const starts: number[] = [];
  const day = createDayCount({ perDay, now: Date.now });
  const limits = { perMinute, perDay, atOnce };
  const limiter = createLimiter({ limits, day, patienceMs, now: Date.now, sleep, randomId: () => 'none' });
  const send = limiter.layer((request, signal) => {
    starts.push(Date.now());
    return answer(request, signal);
  });
  return { send, starts, day, limiter };
}

const elapse = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const limitError = (seconds: number) => ({ kind: 'rate_limited', retryAfterSeconds: seconds, nothingSent: true });

/** A call whose outcome can be looked at without waiting. */
function watch(call: Promise<unknown>) {
  const seen: { outcome?: unknown } = {};
  call.then(
    () => {
      seen.outcome = 'done';
    },
    (error: unknown) => {
      seen.outcome = error;
    },
  );
  return seen;
}

describe('calls a minute', () => {
  test('as many as are allowed leave at once, the next when the first is a minute and a hundredth old', async () => {
    const { send, starts } = limited({ patienceMs: 90_000 });
    const began = Date.now();
    for (let call = 0; call < 7; call += 1) watch(send(readRequest));
    await elapse(0);
    expect(starts).toHaveLength(3);
    await elapse(minute - 1);
    expect(starts).toHaveLength(3);
    await elapse(1);
    expect(starts.map((at) => at - began)).toEqual([0, 0, 0, minute, minute, minute]);
  });

  test('no 60 s hold more than the limit, however calls come and go', async () => {
    const perMinute = 10;
    const { send, starts } = limited({ perMinute, patienceMs: 100_000, atOnce: 4 });
    let state = 7;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    for (let step = 0; step < 400; step += 1) {
      const caller = new AbortController();
      watch(send(readRequest, caller.signal));
      if (random() < 0.4) {
        await elapse(Math.floor(random() * 900));
        caller.abort();
      }
      await elapse(random() < 0.05 ? Math.floor(random() * 70_000) : Math.floor(random() * 3_000));
    }
    const worst = Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 60_000).length));
    expect(worst).toBe(perMinute);
  });

  test('a call counts from when it really left, however long it took to get away', async () => {
    const slowToLeave: Send = async (request) => {
      await sleep(3_000);
      request.onSent?.();
      return ok;
    };
    const { send, starts } = limited({ perMinute: 2, patienceMs: 200_000, answer: slowToLeave });
    const began = Date.now();
    for (let call = 0; call < 3; call += 1) watch(send(readRequest));
    await elapse(3_000 + minute - 1);
    expect(starts).toHaveLength(2);
    await elapse(1);
    expect(starts.map((at) => at - began)).toEqual([0, 0, 3_000 + minute]);
  });

  test('a wait that is known to be longer than patience is refused at once and says when to return', async () => {
    const { send, starts } = limited();
    await Promise.all([send(readRequest), send(readRequest), send(readRequest)]);
    await elapse(15_000);
    await expect(send(writeRequest)).rejects.toMatchObject(limitError(46));
    expect(starts).toHaveLength(3);
    await elapse(30_000);
    const call = watch(send(readRequest));
    await elapse(15_600);
    expect(call.outcome).toBe('done');
  });

  test('those who wait count: the fourth behind a full minute is told of the second minute', async () => {
    const { send } = limited({ patienceMs: 70_000 });
    for (let call = 0; call < 6; call += 1) watch(send(readRequest));
    await elapse(10_000);
    await expect(send(readRequest)).rejects.toMatchObject(limitError(112));
  });

  test("the request's own deadline goes before the limiter's patience", async () => {
    const { send } = limited();
    await Promise.all([send(readRequest), send(readRequest), send(readRequest)]);
    await elapse(50_000);
    const hasty: ApiRequest = { ...readRequest, deadlineMs: Date.now() + 9_000 };
    await expect(send(hasty)).rejects.toMatchObject(limitError(11));
  });

  test('a caller who waits is told so, again and again', async () => {
    const { send } = limited({ patienceMs: 61_000 });
    await Promise.all([send(readRequest), send(readRequest), send(readRequest)]);
    const told: string[] = [];
    watch(send({ ...readRequest, onWait: (message) => told.push(message) }));
    await elapse(minute);
    expect(told.length).toBeGreaterThanOrEqual(12);
    expect(told[0]).toMatch(/^Waiting for the call limit, about 61 s\.$/);
    const before = told.length;
    await elapse(60_000);
    expect(told).toHaveLength(before);
  });
});

describe('a caller who leaves while waiting', () => {
  test('is told within 20 ms and spends no call; the ticket goes to the next in line', async () => {
    const { send, starts, day } = limited({ perMinute: 1, patienceMs: 200_000 });
    await send(readRequest);
    const caller = new AbortController();
    const leaver = watch(send(writeRequest, caller.signal));
    const next = watch(send(readRequest));
    await elapse(1_000);
    caller.abort();
    await elapse(20);
    expect(leaver.outcome).toMatchObject({ kind: 'cancelled', nothingSent: true });
    await elapse(minute - 1_020);
    expect(next.outcome).toBe('done');
    expect(starts).toHaveLength(2);
    expect(day.used()).toBe(2);
  });

  test('leaves a ticket that somebody who comes later takes', async () => {
    const { send, starts } = limited({ perMinute: 1, patienceMs: 200_000 });
    await send(readRequest);
    const caller = new AbortController();
    watch(send(readRequest, caller.signal));
    await elapse(1_000);
    caller.abort();
    await elapse(1_000);
    const late = watch(send(readRequest));
    await elapse(minute - 2_000);
    expect(late.outcome).toBe('done');
    expect(starts).toHaveLength(2);
    await elapse(65_000);
    const later = watch(send(readRequest));
    await elapse(0);
    expect(later.outcome).toBe('done'); // no third ticket had been asked for, which would now lie unused in the window
  });

  test('for a place among the running is told at once as well', async () => {
    const { send, starts } = limited({ perMinute: 100, atOnce: 1, answer: () => new Promise(() => {}) });
    watch(send(readRequest));
    const caller = new AbortController();
    const leaver = watch(send(writeRequest, caller.signal));
    await elapse(1_000);
    expect(leaver.outcome).toBeUndefined();
    caller.abort();
    await elapse(20);
    expect(leaver.outcome).toMatchObject({ kind: 'cancelled', nothingSent: true });
    expect(starts).toHaveLength(1);
  });

  test('before anything began spends nothing', async () => {
    const { send, starts } = limited();
    await expect(send(readRequest, AbortSignal.abort())).rejects.toMatchObject({
      kind: 'cancelled',
      nothingSent: true,
    });
    expect(starts).toHaveLength(0);
  });
});

describe('calls at once', () => {
  test('never exceed the limit, and each that ends lets one in', async () => {
    let running = 0;
    let most = 0;
    const answer: Send = async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(100);
      running -= 1;
      return ok;
    };
    const { send } = limited({ perMinute: 100, atOnce: 4, answer });
    const calls = Array.from({ length: 30 }, () => send(readRequest));
    await elapse(800);
    await Promise.all(calls);
    expect(most).toBe(4);
  });

  test('a write whose caller has left keeps its place until it is answered', async () => {
    const { send, starts } = limited({
      perMinute: 100,
      atOnce: 1,
      answer: async () => {
        await sleep(5_000);
        return ok;
      },
    });
    const caller = new AbortController();
    watch(send(writeRequest, caller.signal));
    await elapse(100);
    caller.abort();
    watch(send(readRequest));
    await elapse(4_800);
    expect(starts).toHaveLength(1);
    await elapse(200);
    expect(starts).toHaveLength(2);
  });

  test('a place that does not come in time is a rate limit, not a hang', async () => {
    const { send } = limited({ perMinute: 100, atOnce: 1, answer: () => new Promise(() => {}) });
    watch(send(readRequest));
    const second = watch(send(readRequest));
    await elapse(20_000);
    expect(second.outcome).toMatchObject({ kind: 'rate_limited', nothingSent: true });
  });

  test('a call that fails frees its place', async () => {
    const { send } = limited({ atOnce: 1, answer: () => Promise.reject(new Error('broken')) });
    await expect(send(readRequest)).rejects.toThrow('broken');
    await expect(send(readRequest)).rejects.toThrow('broken');
  });
});

describe('calls a day', () => {
  test('are refused at the end of the count with the time of the UTC midnight', async () => {
    const { send, starts, limiter } = limited({ perMinute: 100, perDay: 2 });
    await send(readRequest);
    expect(limiter.callsLeft().left).toBe(1);
    await send(readRequest);
    await expect(send(writeRequest)).rejects.toMatchObject({
      ...limitError(14 * 3600),
      facts: { resets_at: '2026-01-16T00:00:00Z' },
    });
    expect(starts).toHaveLength(2);
    await elapse(14 * 3_600_000);
    await send(readRequest);
    expect(limiter.callsLeft().left).toBe(1);
  });

  test('are not exceeded by calls that start together', async () => {
    const { send, starts } = limited({ perMinute: 100, perDay: 5, atOnce: 25 });
    const calls = await Promise.allSettled(Array.from({ length: 20 }, () => send(readRequest)));
    expect(starts).toHaveLength(5);
    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });
});

describe('a 429', () => {
  const tooMany = (headers: Record<string, string>, text = '{"code":48}'): ApiResponse => ({
    status: 429,
    headers,
    text,
  });

  test.each([
    ['Retry-After in seconds', { 'retry-after': '7', 'x-rate-limit-reset': '30' }, 7],
    ['Retry-After as a date', { 'retry-after': 'Thu, 15 Jan 2026 10:00:12 GMT' }, 12],
    ['X-Rate-Limit-Reset below 1e9 as seconds from now', { 'x-rate-limit-reset': '15' }, 15],
    ['X-Rate-Limit-Reset as an epoch', { 'x-rate-limit-reset': String(Date.UTC(2026, 0, 15, 10) / 1000 + 19) }, 19],
  ])('pauses all calls: %s', async (_, headers, seconds) => {
    const answers = [tooMany(headers)];
    const { send, starts } = limited({ perMinute: 100, answer: async () => answers.shift() ?? ok });
    const began = Date.now();
    expect((await send(readRequest)).status).toBe(429);
    watch(send(readRequest));
    watch(send(writeRequest));
    await elapse(seconds * 1000 - 1);
    expect(starts).toHaveLength(1);
    await elapse(1);
    expect(starts.map((at) => at - began)).toEqual([0, seconds * 1000, seconds * 1000]);
  });

  test('that blocks for an hour refuses what comes and what waits at once', async () => {
    const released: ((response: ApiResponse) => void)[] = [];
    const { send, starts } = limited({ perMinute: 1, answer: () => new Promise((resolve) => released.push(resolve)) });
    watch(send(readRequest));
    await elapse(45_000);
    const waiting = watch(send(readRequest));
    await elapse(1_000);
    released[0]?.(tooMany({ 'retry-after': '3600' }, '{"code":43}'));
    await elapse(1);
    expect(waiting.outcome).toMatchObject(limitError(3600));
    await expect(send(writeRequest)).rejects.toMatchObject(limitError(3600));
    expect(starts).toHaveLength(1);
  });

  test('holds back a call whose ticket falls due during the pause', async () => {
    const released: ((response: ApiResponse) => void)[] = [];
    const { send, starts } = limited({
      perMinute: 1,
      patienceMs: 200_000,
      answer: () => new Promise((resolve) => released.push(resolve)),
    });
    watch(send(readRequest));
    watch(send(readRequest));
    await elapse(55_000);
    released[0]?.(tooMany({ 'retry-after': '10' }));
    await elapse(9_999);
    expect(starts).toHaveLength(1);
    await elapse(65_000);
    expect(starts).toHaveLength(2);
  });

  test('starts after a pause still keep the minute', async () => {
    const answers = [tooMany({ 'retry-after': '10' })];
    const { send, starts } = limited({ perMinute: 3, patienceMs: 75_000, answer: async () => answers.shift() ?? ok });
    const began = Date.now();
    await send(readRequest);
    for (let call = 0; call < 4; call += 1) watch(send(readRequest));
    await elapse(10_000 + minute);
    expect(starts.map((at) => at - began)).toEqual([0, 10_000, 10_000, minute, 10_000 + minute]);
  });
});

describe('an answer that tells of no call left', () => {
  const headers = (remaining: number) => ({
    'x-rate-limit-remaining': String(remaining),
    'x-rate-limit-reset': String(Date.now() / 1000 + 30),
  });

  test('holds calls back until the reset where other programs have used the minute up', async () => {
    const answers = [{ ...ok, headers: headers(0) }];
    const { send, starts } = limited({ patienceMs: 60_000, answer: async () => answers.shift() ?? ok });
    const began = Date.now();
    await send(readRequest);
    watch(send(readRequest));
    await elapse(29_999);
    expect(starts).toHaveLength(1);
    await elapse(1);
    expect(starts.map((at) => at - began)).toEqual([0, 30_000]);
  });

  test('holds nothing back where some are left', async () => {
    const { send, starts } = limited({ answer: async () => ({ ...ok, headers: headers(1) }) });
    await send(readRequest);
    await send(readRequest);
    expect(starts).toHaveLength(2);
  });

  test('of the day refuses the next with the time of the reset', async () => {
    const answer: Send = async () => ({
      ...ok,
      headers: { 'x-rate-limit-day-limit': '1000', 'x-rate-limit-day-remaining': '0' },
    });
    const { send, starts } = limited({ answer });
    await send(readRequest);
    await expect(send(readRequest)).rejects.toMatchObject({ facts: { resets_at: '2026-01-16T00:00:00Z' } });
    expect(starts).toHaveLength(1);
  });
});

test('a clock that is set back does not stop the calls', async () => {
  const { send, starts } = limited({ perMinute: 2 });
  await Promise.all([send(readRequest), send(readRequest)]);
  vi.setSystemTime(Date.now() - 3_600_000);
  const call = watch(send(readRequest));
  await elapse(0);
  expect(call.outcome).toBe('done');
  expect(starts).toHaveLength(3);
});

test('what is prepared comes before the ticket, so that a call leaves with its ticket', async () => {
  const starts: number[] = [];
  const limiter = createLimiter({
    limits: { perMinute: 2, perDay: 100, atOnce: 5 },
    randomId: () => 'none',
    day: createDayCount({ perDay: 100, now: Date.now }),
    patienceMs: 90_000,
    now: Date.now,
    sleep,
    prepare: () => sleep(5_000),
  });
  const send = limiter.layer(async () => {
    starts.push(Date.now());
    return ok;
  });
  const began = Date.now();
  for (let call = 0; call < 3; call += 1) watch(send(readRequest));
  await elapse(5_000 + minute);
  expect(starts.map((at) => at - began)).toEqual([5_000, 5_000, 5_000 + minute]);
});
