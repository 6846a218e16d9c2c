import { expect, test } from 'vitest';
import type { Round } from '../../src/alerts/round.ts';
import { watchStock } from '../../src/alerts/watch.ts';
import { type InventoryError, RateLimited, Unavailable } from '../../src/errors.ts';

const minuteMs = 60_000;

/** Watches until the looks are used up, and tells how long it paused after each. */
async function watched(looks: readonly (readonly InventoryError[] | Error)[], everyMs = 15 * minuteMs) {
  const stop = new AbortController();
  const pauses: number[] = [];
  const errors: string[] = [];
  let at = 0;
  const round: Round = async () => {
    const next = looks[at] ?? [];
    at += 1;
    if (next instanceof Error) throw next;
    return next;
  };
  const sleep = async (ms: number) => {
    pauses.push(ms / minuteMs);
    if (at >= looks.length) stop.abort();
  };
  const log = { info: () => undefined, error: (message: string) => void errors.push(message) };
  const code = await watchStock({ round, everyMs, once: false, sleep, log, signal: stop.signal });
  return { code, pauses, errors };
}

const down = () => new Unavailable('The API is down.');

test('it looks at its interval until it is stopped, and ends with 0', async () => {
  expect(await watched([[], [], []])).toEqual({ code: 0, pauses: [15, 15, 15], errors: [] });
});

test('no error ends it; it backs off to an hour at most, and is itself again after a look that goes well', async () => {
  const looks = [down(), [down()], new Error('a fault'), ...Array.from({ length: 6 }, down), [], []];
  const { code, pauses, errors } = await watched(looks);
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 15, 15]);
  expect(code).toBe(0);
  expect(errors).toHaveLength(9);
  expect(errors[0]).toBe('The API is down.');
  expect(errors[2]).toContain('a fault');
});

test('it waits as long as the API asks for', async () => {
  const { pauses } = await watched([new RateLimited(7_200)]);
  expect(pauses).toEqual([120]);
});

test.each([
  ['goes well', async () => [], 0],
  ['fails', () => Promise.reject(down()), 1],
  ['could not be told', async () => [down()], 1],
])('--once ends after one look that %s', async (_, round, code) => {
  const sleep = () => Promise.reject(new Error('it waited'));
  const log = { info: () => undefined, error: () => undefined };
  const { signal } = new AbortController();
  expect(await watchStock({ round, everyMs: minuteMs, once: true, sleep, log, signal })).toBe(code);
});

test('a stop during a pause ends it at once', async () => {
  const stop = new AbortController();
  const sleep = (_: number, signal?: AbortSignal) =>
    new Promise<void>((_, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('stopped')));
      stop.abort();
    });
  const log = { info: () => undefined, error: () => undefined };
  const options = { round: async () => [], everyMs: minuteMs, once: false, sleep, log, signal: stop.signal };
  expect(await watchStock(options)).toBe(0);
});
