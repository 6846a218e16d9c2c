import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ApiResponse, Send } from '../../src/client/compose.ts';
import { createDayCount } from '../../src/client/day-count.ts';
import { createLimiter } from '../../src/client/rate-limit.ts';
import { createShared } from '../../src/client/shared-store.ts';
import { sleep } from '../../src/client/wait.ts';
import { createFakeStore, type FakeStore } from './fake-store.ts';
import { readRequest, writeRequest } from './stub-api.ts';

beforeEach(async () => {
  await Promise.all([import('p-throttle'), import('p-queue')]);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.UTC(2026, 0, 15, 10) });
});
afterEach(() => {
  vi.useRealTimers();
});

const minute = 60_600;
const ok: ApiResponse = { status: 200, headers: {}, text: '{"code":0}' };
const elapse = (ms: number) => vi.advanceTimersByTimeAsync(ms);

interface Figures {
  readonly perMinute?: number;
  readonly perDay?: number;
  readonly atOnce?: number;
  readonly patienceMs?: number;
  readonly answer?: Send;
  readonly organizationId?: string;
}

let ids = 0;

/** One of several processes on the same store, with memory of its own. */
function startProcess(store: FakeStore, figures: Figures = {}) {
  const { perMinute = 100, perDay = 1_000, atOnce = 10, patienceMs = 20_000, answer = async () => ok } = figures;
  const warnings: string[] = [];
  const starts: number[] = [];
  const shared = createShared({
    store,
    organizationId: figures.organizationId ?? '99',
    now: Date.now,
    warn: (message) => warnings.push(message),
  });
  const limiter = createLimiter({
    limits: { perMinute, perDay, atOnce },
    day: createDayCount({ perDay, now: Date.now, shared }),
    shared,
    randomId: () => {
      ids += 1;
      return String(ids);
    },
    patienceMs,
    now: Date.now,
    sleep,
  });
  const send = limiter.layer((request, signal) => {
    starts.push(Date.now());
    return answer(request, signal);
  });
  return { send, starts, warnings, limiter };
}

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

const mostIn = (starts: number[], windowMs: number) =>
  Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + windowMs).length));

describe('the minute of several processes', () => {
  test('holds no more than the limit of them all together, and what waits in one leaves when all have room', async () => {
    const store = createFakeStore();
    const one = startProcess(store, { perMinute: 4, patienceMs: 90_000 });
    const other = startProcess(store, { perMinute: 4, patienceMs: 90_000 });
    for (let call = 0; call < 3; call += 1) watch(one.send(readRequest));
    await elapse(10_000);
    for (let call = 0; call < 3; call += 1) watch(other.send(readRequest));
    await elapse(minute - 10_001);
    expect([one.starts.length, other.starts.length]).toEqual([3, 1]);
    await elapse(1);
    expect([one.starts.length, other.starts.length]).toEqual([3, 3]);
  });

  test('is never over the limit and wastes little of it, however calls come and go', async () => {
    const store = createFakeStore();
    const figures = { perMinute: 10, atOnce: 3, patienceMs: 200_000 };
    const three = [startProcess(store, figures), startProcess(store, figures), startProcess(store, figures)];
    let state = 11;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    for (let step = 0; step < 120; step += 1) {
      const caller = new AbortController();
      watch(three[step % 3]?.send(readRequest, caller.signal) ?? Promise.reject(new Error('no process')));
      await elapse(Math.floor(random() * 6_000));
      if (random() < 0.3) caller.abort();
    }
    const starts = three.flatMap((process) => process.starts);
    expect(mostIn(starts, 60_000)).toBe(10);
    expect(three.every((process) => process.starts.length > 10)).toBe(true);
    const spanMinutes = (Math.max(...starts) - Math.min(...starts)) / 60_000;
    expect(starts.length).toBeGreaterThan(10 * spanMinutes * 0.9);
  });

  test('that others have filled beyond patience is refused at once, with the time to return', async () => {
    const store = createFakeStore();
    const one = startProcess(store, { perMinute: 2 });
    await Promise.all([one.send(readRequest), one.send(readRequest)]);
    await elapse(15_000);
    const other = startProcess(store, { perMinute: 2 });
    const first = watch(other.send(writeRequest));
    await elapse(1);
    expect(first.outcome).toMatchObject({ kind: 'rate_limited', retryAfterSeconds: 46, nothingSent: true });
    const asked = store.asked.length;
    await expect(other.send(writeRequest)).rejects.toMatchObject({ kind: 'rate_limited', nothingSent: true });
    expect(store.asked.slice(asked)).toEqual([]);
    expect(other.starts).toEqual([]);
  });

  test('costs a caller who leaves while others fill it no call, and tells them within 20 ms', async () => {
    const store = createFakeStore();
    const one = startProcess(store, { perMinute: 1 });
    await one.send(readRequest);
    const other = startProcess(store, { perMinute: 1, patienceMs: 200_000 });
    const caller = new AbortController();
    const leaver = watch(other.send(writeRequest, caller.signal));
    await elapse(1_000);
    expect(leaver.outcome).toBeUndefined();
    caller.abort();
    await elapse(20);
    expect(leaver.outcome).toMatchObject({ kind: 'cancelled', nothingSent: true });
    // The room it would have had goes to the next, in whichever process.
    const third = startProcess(store, { perMinute: 1, patienceMs: 60_000 });
    const next = watch(third.send(readRequest));
    await elapse(minute - 1_020);
    expect(next.outcome).toBe('done');
    expect(other.starts).toEqual([]);
    expect((await third.limiter.usage()).day.used).toBe(2);
  });

  test('is another for each organization', async () => {
    const store = createFakeStore();
    await startProcess(store, { perMinute: 1 }).send(readRequest);
    const other = startProcess(store, { perMinute: 1, organizationId: '100' });
    await other.send(readRequest);
    expect(other.starts).toHaveLength(1);
  });

  test('does not stand still when the clock is set back', async () => {
    const store = createFakeStore();
    const one = startProcess(store, { perMinute: 2 });
    await Promise.all([one.send(readRequest), one.send(readRequest)]);
    vi.setSystemTime(Date.now() - 3_600_000);
    const call = watch(one.send(readRequest));
    await elapse(10);
    expect(call.outcome).toBe('done');
  });
});

describe('places among the running calls of several processes', () => {
  const slow = (ms: number): Send => {
    return async () => {
      await sleep(ms);
      return ok;
    };
  };

  test('are no more than the limit together, and each that is freed is taken soon', async () => {
    const store = createFakeStore();
    let running = 0;
    let most = 0;
    const answer: Send = async () => {
      running += 1;
      most = Math.max(most, running);
      await sleep(1_000);
      running -= 1;
      return ok;
    };
    const two = [startProcess(store, { atOnce: 4, answer }), startProcess(store, { atOnce: 4, answer })];
    const calls = two.flatMap(({ send }) => Array.from({ length: 8 }, () => watch(send(readRequest))));
    await elapse(4_000 + 4 * 60);
    expect(calls.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 16 }, () => 'done'));
    expect(most).toBe(4);
  });

  test('of a call that takes long stay its own', async () => {
    const store = createFakeStore();
    const one = startProcess(store, { atOnce: 1, answer: slow(100_000) });
    const other = startProcess(store, { atOnce: 1, patienceMs: 120_000 });
    watch(one.send(writeRequest));
    await elapse(500);
    const second = watch(other.send(readRequest));
    await elapse(98_000);
    expect(other.starts).toEqual([]);
    await elapse(2_000);
    expect(second.outcome).toBe('done');
  });

  test('of a process that was killed come back within 15 s', async () => {
    const store = createFakeStore();
    let isKilled = false;
    // A process that is gone asks the store for nothing any more.
    const lease: FakeStore['lease'] = (...asked) => (isKilled ? new Promise(() => {}) : store.lease(...asked));
    const doomed = startProcess({ ...store, lease }, { atOnce: 1, answer: slow(1_000_000) });
    watch(doomed.send(readRequest));
    await elapse(60_000);
    isKilled = true;
    const other = startProcess(store, { atOnce: 1 });
    const call = watch(other.send(readRequest));
    await elapse(3_000);
    expect(call.outcome).toBeUndefined();
    await elapse(12_000);
    expect(call.outcome).toBe('done');
  });

  test('are left by a caller who leaves while they are all taken, and by one who is answered', async () => {
    const store = createFakeStore();
    const one = startProcess(store, { atOnce: 1, answer: slow(5_000) });
    watch(one.send(readRequest));
    await elapse(100);
    const other = startProcess(store, { atOnce: 1 });
    const caller = new AbortController();
    const leaver = watch(other.send(readRequest, caller.signal));
    await elapse(1_000);
    caller.abort();
    await elapse(20);
    expect(leaver.outcome).toMatchObject({ kind: 'cancelled', nothingSent: true });
    await elapse(5_000);
    expect(store.held('calls/99/running', Date.now())).toBe(0);
  });
});

describe('a pause the API asks for', () => {
  const refusedOnce = (headers: Record<string, string>, text = '{"code":44}'): Send => {
    const answers: ApiResponse[] = [{ status: 429, headers, text }];
    return async () => answers.shift() ?? ok;
  };

  test('holds back the calls of the other processes as well', async () => {
    const store = createFakeStore();
    const one = startProcess(store, { answer: refusedOnce({ 'retry-after': '7' }) });
    const other = startProcess(store);
    const began = Date.now();
    await one.send(readRequest);
    watch(other.send(readRequest));
    await elapse(6_999);
    expect(other.starts).toEqual([]);
    await elapse(1);
    expect(other.starts.map((at) => at - began)).toEqual([7_000]);
  });

  test('of an hour is an error at once in a process that begins later', async () => {
    const store = createFakeStore();
    await startProcess(store, { answer: refusedOnce({ 'retry-after': '3600' }, '{"code":43}') }).send(readRequest);
    await elapse(600_000);
    const later = startProcess(store);
    const call = watch(later.send(writeRequest));
    await elapse(1);
    expect(call.outcome).toMatchObject({ kind: 'rate_limited', retryAfterSeconds: 3000, nothingSent: true });
    expect(later.starts).toEqual([]);
  });

  test('for the rest of the day says so, with the time of the reset, in all processes', async () => {
    const store = createFakeStore();
    await startProcess(store, { answer: refusedOnce({}, '{"code":45}') }).send(readRequest);
    const later = startProcess(store);
    expect(await later.limiter.usage()).toMatchObject({ day: { left: 0 }, pausedUntilMs: Date.UTC(2026, 0, 16) });
    const call = watch(later.send(writeRequest));
    await elapse(1);
    expect(call.outcome).toMatchObject({ kind: 'rate_limited', facts: { resets_at: '2026-01-16T00:00:00Z' } });
    expect(String(call.outcome)).toContain('calls of this day are used up');
    expect(later.limiter.callsLeft()).toMatchObject({ left: 0, resetsAtMs: Date.UTC(2026, 0, 16) });
  });

  test('is not shortened by a shorter one that another process is told', async () => {
    const store = createFakeStore();
    const release: (() => void)[] = [];
    const held = (seconds: string): Send => {
      const headers = { 'retry-after': seconds };
      return () => new Promise((resolve) => release.push(() => resolve({ status: 429, headers, text: '{"code":44}' })));
    };
    const two = [startProcess(store, { answer: held('15') }), startProcess(store, { answer: held('1') })];
    for (const { send } of two) watch(send(readRequest));
    await elapse(1);
    for (const answer of release) {
      answer();
      await elapse(0);
    }
    const third = startProcess(store);
    watch(third.send(readRequest));
    await elapse(14_999);
    expect(third.starts).toEqual([]);
    await elapse(1);
    expect(third.starts).toHaveLength(1);
  });
});

describe('a store that cannot be used', () => {
  const full = new Error('There is no space left.');

  test('leaves each process its own limits, and the log hears of it once', async () => {
    const store = createFakeStore();
    store.trouble = full;
    const { send, starts, warnings } = startProcess(store, { perMinute: 3, perDay: 5, patienceMs: 90_000 });
    for (let call = 0; call < 4; call += 1) watch(send(readRequest));
    await elapse(minute - 1);
    expect(starts).toHaveLength(3);
    await elapse(1);
    expect(starts).toHaveLength(4);
    await send(readRequest);
    await expect(send(readRequest)).rejects.toMatchObject({ facts: { limit: '5 calls a day' } });
    expect(warnings).toEqual([expect.stringContaining('There is no space left.')]);
  });

  test('is asked again after half a minute, and what was counted meanwhile is added to its day', async () => {
    const store = createFakeStore();
    const { send, limiter } = startProcess(store);
    await send(readRequest);
    store.trouble = full;
    await Promise.all([send(readRequest), send(readRequest)]);
    expect((await limiter.usage()).shared).toBe(false);
    store.trouble = undefined;
    await elapse(30_000);
    await send(readRequest);
    expect((await limiter.usage()).shared).toBe(true);
    expect((await startProcess(store).limiter.usage()).day.used).toBe(4);
  });
});
