import { describe, expect, test } from 'vitest';
import type { ApiRequest, ApiResponse } from '../../src/client/compose.ts';
import { NetworkFailure } from '../../src/client/failures.ts';
import { createRetry } from '../../src/client/retry.ts';
import { Rejected } from '../../src/errors.ts';
import { createFakeClock, instantSleep } from './fake-clock.ts';
import { readRequest, writeRequest } from './stub-api.ts';

type Outcome = ApiResponse | Error;

const answer = (status: number, headers: Record<string, string> = {}, text = '{}'): ApiResponse => ({
  status,
  headers,
  text,
});
const lost = () => new NetworkFailure('lost', 'the connection broke before the answer was whole');
const notSent = () => new NetworkFailure('notSent', 'the host refused the connection');

const nowMs = Date.UTC(2026, 0, 15, 10);

/** Sends through the retry layer; the outcomes come in turn, the last again and again. */
function retried(...outcomes: Outcome[]) {
  const { sleep, asked } = instantSleep();
  const requests: ApiRequest[] = [];
  const layer = createRetry({ now: () => nowMs, sleep, random: () => 0.5, patienceMs: 20_000 });
  const send = layer(async (request) => {
    requests.push(request);
    const outcome = outcomes[requests.length - 1] ?? outcomes.at(-1);
    if (outcome instanceof Error || outcome === undefined) throw outcome;
    return outcome;
  });
  return { send, requests, waits: asked };
}

describe('a read', () => {
  test.each([
    ['a 503', answer(503)],
    ['a broken connection or a timeout', lost()],
    ['a refused connection', notSent()],
  ])('is tried again after %s, waiting longer each time', async (_, outcome) => {
    const { send, requests, waits } = retried(outcome, outcome, answer(200));
    expect((await send(readRequest)).status).toBe(200);
    expect(requests).toHaveLength(3);
    expect(waits).toEqual([500, 1000]);
  });

  test('is tried three times at most', async () => {
    const failing = retried(answer(500));
    expect((await failing.send(readRequest)).status).toBe(500);
    expect(failing.requests).toHaveLength(3);
    const broken = retried(lost());
    await expect(broken.send(readRequest)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(broken.requests).toHaveLength(3);
  });

  test('whose answer is too large is not asked for again', async () => {
    const { send, requests } = retried(new NetworkFailure('unreadable', 'its answer is larger than 16 MiB'));
    await expect(send(readRequest)).rejects.toThrow(/larger than 16 MiB.*fewer rows/);
    expect(requests).toHaveLength(1);
  });
});

describe('a write', () => {
  test.each(['create', 'update', 'stock', 'commit', 'destroy', 'outward'] as const)(
    'with the effect %s is never repeated after its answer was lost',
    async (effect) => {
      const { send, requests } = retried(lost());
      await expect(send({ ...writeRequest, effect })).rejects.toMatchObject({
        kind: 'outcome_unknown',
        nothingSent: false,
      });
      expect(requests).toHaveLength(1);
    },
  );

  test('whose answer was lost says where to look', async () => {
    const confirm: ApiRequest = {
      ...writeRequest,
      operation: 'confirm_sales_order',
      path: '/salesorders/123/status/confirmed',
    };
    await expect(retried(lost()).send(confirm)).rejects.toThrow(
      /confirm_sales_order was sent.*read salesorders 123 as it is now/,
    );
    const create: ApiRequest = { ...writeRequest, operation: 'create_sales_order', path: '/salesorders' };
    await expect(retried(lost()).send(create)).rejects.toThrow(/the newest of salesorders/);
    const remove: ApiRequest = {
      ...writeRequest,
      operation: 'delete_item',
      method: 'DELETE',
      path: '/items/7',
      effect: 'destroy',
    };
    await expect(retried(lost()).send(remove)).rejects.toThrow(/whether items 7 still exists/);
  });

  test('is not repeated after a 5xx, which the envelope judges', async () => {
    const { send, requests } = retried(answer(503, { 'retry-after': '1' }));
    expect((await send(writeRequest)).status).toBe(503);
    expect(requests).toHaveLength(1);
  });

  test('that provably never left is tried again, and in the end nothing was sent', async () => {
    const { send, requests } = retried(notSent(), answer(201));
    expect((await send(writeRequest)).status).toBe(201);
    expect(requests).toHaveLength(2);
    await expect(retried(notSent()).send(writeRequest)).rejects.toMatchObject({
      kind: 'unavailable',
      nothingSent: true,
    });
  });

  test('that was refused by a 429 is repeated', async () => {
    const { send, requests } = retried(answer(429, { 'retry-after': '1' }), answer(201));
    expect((await send(writeRequest)).status).toBe(201);
    expect(requests).toHaveLength(2);
  });
});

describe('what the API asks for', () => {
  test.each([
    ['Retry-After before X-Rate-Limit-Reset', answer(429, { 'retry-after': '3', 'x-rate-limit-reset': '9' }), 3000],
    ['X-Rate-Limit-Reset below 1e9 as seconds', answer(429, { 'x-rate-limit-reset': '9' }), 9000],
    ['X-Rate-Limit-Reset as an epoch', answer(429, { 'x-rate-limit-reset': '1768471205' }), 5000],
    ['Retry-After of a 503 to a read', answer(503, { 'retry-after': '4' }), 4000],
    ['a limit code that comes with HTTP 200', answer(200, { 'retry-after': '2' }, '{"code":48}'), 2000],
    ['a 429 that says nothing: the backoff', answer(429), 500],
  ])('is waited for: %s', async (_, first, waitMs) => {
    const { send, waits } = retried(first, answer(200));
    await send(readRequest);
    expect(waits).toEqual([waitMs]);
  });

  test.each([
    ['Retry-After', answer(429, { 'retry-after': '3600' }, '{"code":43}'), 3600],
    ['X-Rate-Limit-Reset', answer(429, { 'x-rate-limit-reset': '34881' }), 34_881],
    ['the minute', answer(429, {}, '{"code":44}'), 60],
    ['the block', answer(429, {}, '{"code":43}'), 3600],
    ['the day', answer(429, {}, '{"code":45}'), 14 * 3600],
  ])('is not waited for beyond patience: %s', async (_, response, seconds) => {
    const { send, requests, waits } = retried(response);
    await expect(send(writeRequest)).rejects.toMatchObject({
      kind: 'rate_limited',
      retryAfterSeconds: seconds,
      nothingSent: true,
    });
    expect(requests).toHaveLength(1);
    expect(waits).toEqual([]);
  });
});

test('all attempts share one deadline, which the layers below are told', async () => {
  const clock = createFakeClock(0);
  const layer = createRetry({ now: clock.now, sleep: clock.sleep, random: () => 0, patienceMs: 20_000 });
  const deadlines: (number | undefined)[] = [];
  const send = layer(async ({ deadlineMs }) => {
    deadlines.push(deadlineMs);
    await clock.sleep(15_000);
    throw lost();
  });
  const told = expect(send(readRequest)).rejects.toMatchObject({ kind: 'unavailable' });
  await clock.elapse(60_000);
  await told;
  expect(deadlines).toEqual([20_000, 20_000]);
});

test('a call that is taken back while it waits for its next try is told at once', async () => {
  const clock = createFakeClock();
  const layer = createRetry({ now: clock.now, sleep: clock.sleep, random: () => 0, patienceMs: 20_000 });
  let tries = 0;
  const caller = new AbortController();
  const call = layer(async () => {
    tries += 1;
    return answer(429, { 'retry-after': '10' });
  })(writeRequest, caller.signal);
  const told = expect(call).rejects.toMatchObject({ kind: 'cancelled', nothingSent: true });
  await clock.elapse(1_000);
  caller.abort();
  await told;
  expect(tries).toBe(1);
});

test('errors that are ours pass untouched', async () => {
  const { send, requests } = retried(new Rejected('no'));
  await expect(send(readRequest)).rejects.toBeInstanceOf(Rejected);
  expect(requests).toHaveLength(1);
});
