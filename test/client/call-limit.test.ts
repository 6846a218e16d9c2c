import { describe, expect, test } from 'vitest';
import { isDayLimit, limitsTold, refusedByApi, waitAskedFor } from '../../src/client/call-limit.ts';
import type { ApiResponse } from '../../src/client/compose.ts';

const noon = Date.UTC(2026, 0, 15, 12);
const minute = 60_000;

const answer = (headers: Record<string, string>, status = 200, text = '{"code":0}'): ApiResponse => ({
  status,
  headers,
  text,
});

const reference = {
  'x-rate-limit-limit': '100',
  'x-rate-limit-remaining': '87',
  'x-rate-limit-reset': String(noon / 1000 + 42),
  'x-rate-limit-day-limit': '10000',
  'x-rate-limit-day-remaining': '9456',
};

describe('what the headers of an answer tell', () => {
  test("is the window and the day, as the reference's do", () => {
    expect(limitsTold(answer(reference), noon, minute)).toEqual({
      window: { remaining: 87, resetMs: 42_000 },
      day: { limit: 10_000, remaining: 9_456 },
    });
  });

  test('is the day where Reset is hours away, as seen live', () => {
    const live = { 'x-rate-limit-limit': '1000', 'x-rate-limit-remaining': '12', 'x-rate-limit-reset': '34881' };
    expect(limitsTold(answer(live), noon, minute)).toEqual({ day: { limit: 1_000, remaining: 12 } });
  });

  test('is nothing where they are left out, empty or no numbers', () => {
    expect(limitsTold(answer({}), noon, minute)).toEqual({});
    const odd = { 'x-rate-limit-remaining': '', 'x-rate-limit-reset': 'soon', 'x-rate-limit-day-remaining': '-1' };
    expect(limitsTold(answer(odd), noon, minute)).toEqual({});
  });

  test('is told by the clock of the API, where ours is wrong', () => {
    const anHourAgo = noon - 3_600_000;
    const date = new Date(noon).toUTCString();
    expect(limitsTold(answer({ ...reference, date }), anHourAgo, minute).window).toEqual({
      remaining: 87,
      resetMs: 42_000,
    });
    const retryAfter = new Date(noon + 9_000).toUTCString();
    expect(waitAskedFor(answer({ date, 'retry-after': retryAfter }, 429), anHourAgo)).toBe(9_000);
  });
});

describe('a refusal for a limit', () => {
  test.each<[string, ApiResponse]>([
    ['the live code', answer({}, 429, '{"code":45}')],
    ['no call left', answer({ 'x-rate-limit-day-remaining': '0' }, 429, '{"code":48}')],
  ])('is one of the day by %s, and names the moment of the reset', (_, response) => {
    expect(isDayLimit(response)).toBe(true);
    const error = refusedByApi(response, 12 * 3_600_000, noon);
    expect(error).toMatchObject({ kind: 'rate_limited', nothingSent: true, retryAfterSeconds: 43_200 });
    expect(error.message).toContain('2026-01-16T00:00:00Z');
  });

  test('is one of the minute otherwise, and says when to try again', () => {
    const response = answer({ 'x-rate-limit-day-remaining': '8000' }, 429, '{"code":48}');
    expect(isDayLimit(response)).toBe(false);
    expect(refusedByApi(response, 7_100, noon)).toMatchObject({ retryAfterSeconds: 8, facts: { http_status: 429 } });
  });
});
