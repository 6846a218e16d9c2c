import { describe, expect, test } from 'vitest';
import { createDayCount } from '../../src/client/day-count.ts';
import { createShared } from '../../src/client/shared-store.ts';
import { createClock } from '../helpers/world.ts';
import { createFakeStore, type FakeStore } from './fake-store.ts';

const morning = Date.UTC(2026, 0, 15, 10);
const hourMs = 3_600_000;

function counting({
  perDay = 100,
  store,
  startMs = morning,
}: {
  perDay?: number;
  store?: FakeStore;
  startMs?: number;
}) {
  const clock = createClock(startMs);
  const { now } = clock;
  const shared = store && createShared({ store, organizationId: '99', now, warn: () => {} });
  const day = createDayCount({ perDay, now, shared });
  const take = async (times: number) => {
    const taken: boolean[] = [];
    for (let call = 0; call < times; call += 1) taken.push(await day.take());
    return taken.filter(Boolean).length;
  };
  return { ...clock, day, take };
}

describe('the count of a day', () => {
  test('goes on where it was after a restart', async () => {
    const store = createFakeStore();
    expect(await counting({ perDay: 5, store }).take(3)).toBe(3);
    const restarted = counting({ perDay: 5, store });
    expect(await restarted.take(4)).toBe(2);
    expect(restarted.day.used()).toBe(5);
    expect(await restarted.day.isUsedUp()).toBe(true);
  });

  test('is one of all processes, to the call', async () => {
    const store = createFakeStore();
    const three = [1, 2, 3].map(() => counting({ perDay: 50, store }));
    const taken = await Promise.all(three.map(({ take }) => take(30)));
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(50);
    const [first] = three;
    await first?.day.refresh();
    expect(first?.day.used()).toBe(50);
  });

  test('does not count what another process took and gave back', async () => {
    const store = createFakeStore();
    const [here, there] = [counting({ store }), counting({ store })];
    await there.take(3);
    await here.take(1);
    await there.day.giveBack();
    await there.day.giveBack();
    await here.day.refresh();
    expect(here.day.used()).toBe(2);
    expect(there.day.used()).toBe(2);
  });

  test('that was used up has room again for what another process gave back', async () => {
    const store = createFakeStore();
    const [here, there] = [counting({ perDay: 3, store }), counting({ perDay: 3, store })];
    await there.take(3);
    expect(await here.day.isUsedUp()).toBe(true);
    await there.day.giveBack();
    expect(await here.take(2)).toBe(1);
  });

  test('begins anew at midnight UTC', async () => {
    const store = createFakeStore();
    const { day, take, advance } = counting({ perDay: 2, store });
    await take(2);
    advance(14 * hourMs - 1);
    expect(await day.take()).toBe(false);
    advance(1);
    expect(await day.take()).toBe(true);
    expect(day.used()).toBe(1);
  });

  test('alone, is not passed by calls that start together', async () => {
    const { day } = counting({ perDay: 5 });
    const taken = await Promise.all(Array.from({ length: 20 }, () => day.take()));
    expect(taken.filter(Boolean)).toHaveLength(5);
  });

  test('holds without the store too, from what was known of it', async () => {
    const store = createFakeStore();
    const { day, take } = counting({ perDay: 10, store });
    await take(6);
    store.trouble = new Error('locked');
    expect(await take(9)).toBe(4);
    expect(day.used()).toBe(10);
  });
});

describe('what the API tells of the day', () => {
  test('raises the count by the calls of other programs', async () => {
    const { day, take, now } = counting({ perDay: 100 });
    await take(10);
    await day.learn({ limit: 100, remaining: 40 }, now());
    expect(day.used()).toBe(60);
    expect(await take(50)).toBe(40);
  });

  test('never lowers it', async () => {
    const { day, take, now } = counting({ perDay: 100 });
    await take(10);
    await day.learn({ limit: 100, remaining: 99 }, now());
    expect(day.used()).toBe(10);
    await day.learn({ limit: 100, remaining: 40 }, now());
    await day.learn({ limit: 100, remaining: 80 }, now());
    expect(day.used()).toBe(60);
  });

  test('lowers the limit where the plan has a smaller one than was set, and never lifts it', async () => {
    const small = counting({ perDay: 10_000 });
    await small.take(1);
    await small.day.learn({ limit: 1_000, remaining: 990 }, small.now());
    expect([small.day.used(), small.day.limit()]).toEqual([10, 1_000]);
    const large = counting({ perDay: 1_000 });
    await large.day.learn({ limit: 50_000, remaining: 49_400 }, large.now());
    expect([large.day.used(), large.day.limit()]).toEqual([600, 1_000]);
  });

  test('does not take the calls of our other processes for those of strangers', async () => {
    const store = createFakeStore();
    const one = counting({ store });
    const other = counting({ store });
    await one.take(1);
    await other.take(30);
    await one.day.learn({ limit: 100, remaining: 69 }, one.now());
    expect(one.day.used()).toBe(31);
    await one.take(1);
    expect(one.day.used()).toBe(32);
  });

  test('is known to the other processes and after a restart', async () => {
    const store = createFakeStore();
    const one = counting({ store });
    await one.take(1);
    await one.day.learn({ limit: 50, remaining: 5 }, one.now());
    const restarted = counting({ store });
    expect(await restarted.take(9)).toBe(5);
    expect([restarted.day.used(), restarted.day.limit()]).toEqual([50, 50]);
  });

  test('around midnight is not taken for the day that has begun', async () => {
    const { day, now, advance } = counting({ startMs: Date.UTC(2026, 0, 15, 23, 59, 59) });
    const sentAtMs = now();
    advance(2_000);
    await day.learn({ limit: 100, remaining: 0 }, sentAtMs);
    await day.learn({ limit: 100, remaining: 0 }, now());
    await day.learn({ limit: 100, remaining: 0 }, now(), now() - 3_000);
    expect(await day.isUsedUp()).toBe(false);
    advance(hourMs);
    await day.learn({ limit: 100, remaining: 0 }, now());
    expect(await day.isUsedUp()).toBe(true);
  });

  test('right after midnight is taken where the clock of the API says that it is of this day', async () => {
    const { day, now } = counting({ startMs: Date.UTC(2026, 0, 15, 0, 0, 5) });
    await day.learn({ limit: 100, remaining: 90 }, now(), now());
    expect(day.used()).toBe(10);
  });
});
