import { afterEach, describe, expect, test, vi } from 'vitest';
import { createInventoryClient } from '../../src/client/client.ts';
import type { Limits } from '../../src/client/plans.ts';
import { sleep } from '../../src/client/wait.ts';
import { getWarehouse } from '../../src/operations/warehouses.ts';
import { sandboxCredentials, sandboxOrganizationId } from '../../src/sandbox/credentials.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A client over a sandbox that keeps limits of its own, and the moments at which its calls arrived there. */
async function connected(limits: Limits, sandboxLimits: Limits) {
  const sandbox = createSandbox({
    database: openDatabase(':memory:'),
    now: Date.now,
    seed: 'empty',
    limits: sandboxLimits,
  });
  // Seeding and what Node loads with the first request would hold up the calls behind it.
  await sandbox.handle(new Request('http://sandbox.test/inventory/v1/warehouses'));
  sandbox.database.exec('SELECT 1');
  const arrivals: number[] = [];
  const statuses = new Map<number, number>();
  const client = createInventoryClient({
    apiDomain: 'http://sandbox.test',
    accountsUrl: 'http://sandbox.test',
    credentials: {
      clientId: sandboxCredentials.client_id,
      clientSecret: sandboxCredentials.client_secret,
      refreshToken: sandboxCredentials.refresh_token,
    },
    organizationId: sandboxOrganizationId,
    limits,
    now: Date.now,
    sleep,
    random: Math.random,
    patienceMs: 600_000,
    timeoutMs: 600_000,
    dispatch: async (request) => {
      const isCall = new URL(request.url).pathname.startsWith('/inventory/');
      if (isCall) arrivals.push(Date.now());
      const response = await sandbox.handle(request);
      if (isCall) statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      return response;
    },
  });
  // No such warehouse: a call like any other, and the cheapest to answer.
  const call = (id: number) => client.call(getWarehouse, { warehouse_id: String(id) }).catch(() => undefined);
  return { call, arrivals, statuses };
}

/** The most arrivals in any window of that length that begins with one. */
function mostIn(arrivals: readonly number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  for (const [index, at] of arrivals.entries()) {
    while (at - (arrivals[first] ?? at) >= windowMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** How long a busy machine held up this whole process, in ms: no limiter can be faster than that. */
function watchStalls(): () => number {
  let last = performance.now();
  let stalledMs = 0;
  const timer = setInterval(() => {
    stalledMs += Math.max(0, performance.now() - last - 40);
    last = performance.now();
  }, 20);
  return () => {
    clearInterval(timer);
    return stalledMs;
  };
}

describe('a client before an API that counts for itself', () => {
  test('sends 6,000 calls at 100 a minute without one 429, and uses 98 % of the limit', async () => {
    await Promise.all([import('p-throttle'), import('p-queue')]);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.UTC(2026, 0, 15, 10) });
    const limits = { perMinute: 100, perDay: 100_000, atOnce: 10 };
    const { call, arrivals, statuses } = await connected(limits, limits);
    const total = 6_000;
    let asked = 0;
    let done = 0;
    const worker = async () => {
      while (asked < total) {
        asked += 1;
        await call(asked);
        done += 1;
      }
    };
    for (let count = 0; count < 20; count += 1) void worker();
    while (done < total) {
      // The clock stands while anything still moves, and jumps to the next timer when all of it waits.
      const before = done;
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      if (done === before) await vi.advanceTimersToNextTimerAsync();
    }
    expect(statuses).toEqual(new Map([[404, total]]));
    expect(mostIn(arrivals, 60_000)).toBe(100);
    const [first = 0] = arrivals;
    // The last burst needs no minute of its own.
    const minutes = ((arrivals.at(-1) ?? 0) - first) / 60_000 + 1;
    expect(total / (minutes * 100)).toBeGreaterThanOrEqual(0.98);
  });

  test('in real time sends 250 calls at 50 a second, no second over 50, within a second of the least time', async () => {
    const wide = { perMinute: 100_000, perDay: 100_000, atOnce: 100 };
    const { call, arrivals, statuses } = await connected({ ...wide, perMinute: 50, windowMs: 1_000, atOnce: 10 }, wide);
    const stalled = watchStalls();
    await Promise.all(Array.from({ length: 250 }, (_, index) => call(index + 1)));
    const stalledMs = stalled();
    expect(statuses).toEqual(new Map([[404, 250]]));
    expect(mostIn(arrivals, 1_000)).toBeLessThanOrEqual(50);
    // Five bursts of 50: the least is four windows.
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0) - stalledMs).toBeLessThan(5_000);
  });
});
