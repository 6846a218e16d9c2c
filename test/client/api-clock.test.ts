import { expect, test } from 'vitest';
import { createApiClock } from '../../src/client/api-clock.ts';
import type { ApiRequest } from '../../src/client/compose.ts';

const start = Date.UTC(2026, 10, 23, 18);
const request = { operation: 'list_items', method: 'GET', path: '/items' } as unknown as ApiRequest; // it is only handed on

/** An API whose clock is off; each answer takes its time, of which the Date is told in the middle. */
function api() {
  let nowMs = start;
  let offMs = 0;
  const clock = createApiClock(() => nowMs);
  return {
    skewMs: clock.skewMs,
    set: (ms: number) => {
      offMs = ms;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
    answer: async (tripMs: number, hasDate = true) => {
      const send = clock.layer(async () => {
        nowMs += tripMs / 2;
        const date = new Date(nowMs + offMs).toUTCString();
        nowMs += tripMs / 2;
        return { status: 200, headers: hasDate ? { date } : {}, text: '' };
      });
      await send(request);
    },
  };
}

test('is not known before an answer told it, nor where answers tell no time', async () => {
  const its = api();
  expect(its.skewMs()).toBeUndefined();
  await its.answer(100, false);
  expect(its.skewMs()).toBeUndefined();
});

test('is at most a second and the way of the answer too small, and never too large', async () => {
  for (const off of [0, 300, 3_600_000, -3_599_500]) {
    const its = api();
    its.set(off);
    its.pass(777);
    await its.answer(200);
    expect(its.skewMs()).toBeLessThanOrEqual(off);
    expect(its.skewMs()).toBeGreaterThanOrEqual(off - 1_000 - 200);
  }
});

test('is told by the quickest answer, not by one that was long under way', async () => {
  const its = api();
  await its.answer(100);
  const told = its.skewMs();
  await its.answer(14_000);
  expect(its.skewMs()).toBe(told);
});

test('is told anew when a clock was set', async () => {
  const its = api();
  await its.answer(100);
  its.set(-300_000);
  await its.answer(2_000);
  expect(its.skewMs()).toBeLessThanOrEqual(-300_000);
  expect(its.skewMs()).toBeGreaterThan(-304_000);
});

test('is forgotten after ten minutes without an answer', async () => {
  const its = api();
  await its.answer(100);
  its.pass(600_001);
  expect(its.skewMs()).toBeUndefined();
});
