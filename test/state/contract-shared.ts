import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { World } from './contract.ts';
import { mostInAnyWindow, start } from './samples.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export function sharedContract(world: World): void {
  describe('shared facts', () => {
    it('are there until their expiry, also after the store was closed and opened', async () => {
      expect(await world.state.get('k', start)).toBeUndefined();
      await world.state.put('k', { a: [1, 'ä'] }, start + 10);
      expect(await world.state.get('k', start + 9)).toEqual({ a: [1, 'ä'] });
      expect(await world.reopened().get('k', start + 9)).toEqual({ a: [1, 'ä'] });
      expect(await world.state.get('k', start + 10)).toBeUndefined();
      expect(await world.state.get('other', start)).toBeUndefined();
    });

    it('may be any JSON', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string(), fc.jsonValue(), async (key, json) => {
          const value: unknown = JSON.parse(JSON.stringify(json));
          await world.state.put(key, value, start + 10);
          expect(await world.state.get(key, start)).toEqual(value);
        }),
        { numRuns: 30 },
      );
    });

    it('are replaced with their expiry, and removed', async () => {
      await world.state.put('k', 1, start + 10);
      await world.state.put('k', 2, start + 5);
      expect(await world.state.get('k', start)).toBe(2);
      expect(await world.state.get('k', start + 5)).toBeUndefined();
      await world.state.put('k', 3, start + 10);
      await world.state.remove('k');
      expect(await world.state.get('k', start)).toBeUndefined();
      await world.state.remove('k');
    });

    it('are put by the first who tries, and told to all others', async () => {
      expect(await world.state.putIfAbsent('k', 'first', start + 10, start)).toBeUndefined();
      expect(await world.state.putIfAbsent('k', 'second', start + 20, start + 9)).toBe('first');
      expect(await world.state.get('k', start + 9)).toBe('first');
      expect(await world.state.putIfAbsent('k', 'third', start + 20, start + 10)).toBeUndefined();
      expect(await world.state.get('k', start + 19)).toBe('third');
    });

    it.each([null, false, 0, ''])('stand there also as %j', async (value) => {
      expect(await world.state.putIfAbsent('k', value, start + 10, start)).toBeUndefined();
      expect(await world.state.putIfAbsent('k', 'other', start + 10, start)).toBe(value);
    });

    it('of ten who put at the same moment one does', async () => {
      const second = world.open();
      const states = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? world.state : second));
      const there = await Promise.all(states.map((state, who) => state.putIfAbsent('k', { who }, start + 10, start)));
      const winner = there.indexOf(undefined);
      expect(there.filter((value) => value === undefined)).toHaveLength(1);
      expect(there.filter((_, who) => who !== winner)).toEqual(Array.from({ length: 9 }, () => ({ who: winner })));
      second.close();
    });
  });

  describe('counters', () => {
    it('start at 0, add up, and are read by adding 0', async () => {
      const expiry = start + hourMs;
      expect(await world.state.add('day', 0, expiry, start)).toBe(0);
      expect(await world.state.add('day', 1, expiry, start)).toBe(1);
      expect(await world.state.add('day', 41, expiry, start)).toBe(42);
      expect(await world.state.add('day', -2, expiry, start)).toBe(40);
      expect(await world.reopened().add('day', 0, expiry, start)).toBe(40);
      expect(await world.state.add('other', 0, expiry, start)).toBe(0);
    });

    it('start again at their expiry, which each adding sets and reading does not', async () => {
      await world.state.add('day', 5, start + 100, start);
      await world.state.add('day', 1, start + 10, start);
      expect(await world.state.add('day', 0, start + 500, start + 9)).toBe(6);
      expect(await world.state.add('day', 0, start + 500, start + 10)).toBe(0);
      expect(await world.state.add('day', 3, start + 20, start + 10)).toBe(3);
      expect(await world.state.add('day', 0, start + 20, start + 19)).toBe(3);
    });

    it('lose nothing when many add at once', async () => {
      const second = world.open();
      const states = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? world.state : second));
      const counts = await Promise.all(states.map((state) => state.add('day', 1, start + hourMs, start)));
      expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      second.close();
    });
  });

  describe('admission by a sliding window', () => {
    const admit = (nowMs: number, limit = 3, windowMs = 1000) => world.state.admit('calls', { limit, windowMs, nowMs });

    it('admits up to the limit, says how long until one fits, and admits then', async () => {
      expect(await admit(start)).toEqual({ admitted: true, waitMs: 0, used: 1 });
      expect(await admit(start + 100)).toEqual({ admitted: true, waitMs: 0, used: 2 });
      expect(await admit(start + 100)).toEqual({ admitted: true, waitMs: 0, used: 3 });
      expect(await admit(start + 300)).toEqual({ admitted: false, waitMs: 700, used: 3 });
      expect(await admit(start + 999)).toEqual({ admitted: false, waitMs: 1, used: 3 });
      expect(await admit(start + 1000)).toEqual({ admitted: true, waitMs: 0, used: 3 });
      expect(await admit(start + 1000)).toEqual({ admitted: false, waitMs: 100, used: 3 });
    });

    it('counts after the store was closed and opened, and each counter by itself', async () => {
      for (let call = 0; call < 3; call += 1) await admit(start);
      world.reopened();
      expect(await admit(start + 1)).toMatchObject({ admitted: false, used: 3 });
      expect(await world.state.admit('others', { limit: 3, windowMs: 1000, nowMs: start })).toMatchObject({ used: 1 });
    });

    it('only reads with a limit of none', async () => {
      await admit(start);
      expect(await admit(start, 0)).toMatchObject({ admitted: false, used: 1 });
      expect(await admit(start, 0)).toMatchObject({ admitted: false, used: 1 });
    });

    it('waits for as many to leave as a lowered limit asks for', async () => {
      for (let call = 0; call < 5; call += 1) await admit(start + call * 10, 5);
      expect(await admit(start + 100, 2)).toEqual({ admitted: false, waitMs: 930, used: 5 });
    });

    it('is not shut by a clock that was set back by more than a minute', async () => {
      for (let call = 0; call < 3; call += 1) await admit(start + hourMs);
      expect(await admit(start)).toEqual({ admitted: true, waitMs: 0, used: 1 });
      expect(await admit(start + 10)).toMatchObject({ used: 2 });
    });

    it('counts one that read the clock a while ago as if it came now, so that no window is over the limit', async () => {
      await admit(start + 5000);
      expect(await admit(start)).toMatchObject({ admitted: true, used: 2 });
      await admit(start + 5999);
      expect(await admit(start + 5999)).toMatchObject({ admitted: false, waitMs: 1 });
      expect(await admit(start + 4000)).toMatchObject({ admitted: false, waitMs: 2000 });
    });

    it('is like a plain list of arrivals, for any calls, and never over the limit in any window', async () => {
      let counter = 0;
      const calls = fc.array(fc.record({ stepMs: fc.nat(40), lateMs: fc.nat(300) }), { maxLength: 60 });
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 8 }), calls, async (limit, steps) => {
          counter += 1;
          const windowMs = 100;
          const arrivals: number[] = [];
          let clockMs = start;
          for (const { stepMs, lateMs } of steps) {
            clockMs += stepMs;
            const nowMs = clockMs - lateMs;
            const atMs = Math.max(nowMs, ...arrivals);
            const usedAt = (ms: number) => arrivals.filter((arrival) => arrival > ms - windowMs).length;
            const admitted = usedAt(atMs) < limit;
            const answer = await world.state.admit(`calls ${counter}`, { limit, windowMs, nowMs });
            expect(answer).toMatchObject({ admitted, used: usedAt(atMs) + (admitted ? 1 : 0) });
            if (admitted) {
              expect(answer.waitMs).toBe(0);
              arrivals.push(atMs);
            } else {
              expect(usedAt(nowMs + answer.waitMs)).toBeLessThan(limit);
              expect(usedAt(nowMs + answer.waitMs - 1)).toBeGreaterThanOrEqual(limit);
            }
          }
          expect(mostInAnyWindow(arrivals, windowMs)).toBeLessThanOrEqual(limit);
        }),
        { numRuns: 60 },
      );
    });
  });

  describe('leases', () => {
    const lease = (holder: string, nowMs = start, places?: number) =>
      world.state.lease('run:1', { holder, untilMs: nowMs + 10, nowMs, ...(places === undefined ? {} : { places }) });

    it('have one place, which its holder renews and nobody else gets', async () => {
      expect(await lease('a')).toBe(true);
      expect(await lease('b', start + 9)).toBe(false);
      expect(await lease('a', start + 9)).toBe(true);
      expect(await lease('b', start + 18)).toBe(false);
      expect(await world.reopened().isHeld('run:1', start + 18)).toBe(true);
      expect(await world.state.isHeld('run:2', start)).toBe(false);
    });

    it('end by themselves, and then the first to come has the place', async () => {
      await lease('a');
      expect(await world.state.isHeld('run:1', start + 9)).toBe(true);
      expect(await world.state.isHeld('run:1', start + 10)).toBe(false);
      expect(await lease('b', start + 10)).toBe(true);
      expect(await lease('a', start + 10)).toBe(false);
    });

    it('are free at once when released, by their holder only', async () => {
      await lease('a');
      await world.state.release('run:1', 'b');
      expect(await world.state.isHeld('run:1', start)).toBe(true);
      await world.state.release('run:1', 'a');
      expect(await world.state.isHeld('run:1', start)).toBe(false);
      expect(await lease('b')).toBe(true);
    });

    it('have as many places as are asked for, those that ended not among the taken', async () => {
      expect(await lease('a', start, 2)).toBe(true);
      expect(await lease('b', start + 5, 2)).toBe(true);
      expect(await lease('c', start + 9, 2)).toBe(false);
      expect(await lease('c', start + 10, 2)).toBe(true);
      expect(await lease('a', start + 10, 2)).toBe(false);
    });

    it('are renewed by who has one also when there are fewer places by now', async () => {
      for (const holder of ['a', 'b', 'c']) await lease(holder, start, 3);
      expect(await lease('a', start + 1, 1)).toBe(true);
      expect(await lease('d', start + 1, 3)).toBe(false);
    });

    it('of ten who ask at the same moment as many get one as there are places', async () => {
      const second = world.open();
      const got = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? world.state : second).lease('slots', {
            holder: `h${index}`,
            places: 3,
            untilMs: start + 10,
            nowMs: start,
          }),
        ),
      );
      expect(got.filter(Boolean)).toHaveLength(3);
      second.close();
    });
  });

  it('facts, counters, admissions and leases of one name are four different things', async () => {
    await world.state.put('x', 'fact', start + 10);
    await world.state.add('x', 7, start + 10, start);
    await world.state.lease('x', { holder: 'a', untilMs: start + 10, nowMs: start });
    expect(await world.state.admit('x', { limit: 1, windowMs: 10, nowMs: start })).toMatchObject({ used: 1 });
    expect(await world.state.get('x', start)).toBe('fact');
    expect(await world.state.add('x', 0, start + 10, start)).toBe(7);
    expect(await world.state.isHeld('x', start)).toBe(true);
    await world.state.remove('x');
    expect(await world.state.add('x', 0, start + 10, start)).toBe(7);
    expect(await world.state.isHeld('x', start)).toBe(true);
  });
}
