import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createProgress } from '../../src/mcp/progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the last word is said again at least every 2 s for as long as nothing new is told', () => {
  const heard: { atMs: number; message: string }[] = [];
  const began = Date.now();
  const { tell, stop } = createProgress((message) => void heard.push({ atMs: Date.now() - began, message }));
  vi.advanceTimersByTime(1_900);
  tell('1 of 3: creating A');
  vi.advanceTimersByTime(20_000);
  tell('2 of 3: creating B');
  vi.advanceTimersByTime(1_000);
  stop();
  vi.advanceTimersByTime(60_000);
  const times = [0, ...heard.map(({ atMs }) => atMs)];
  expect(Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBeLessThanOrEqual(2_000);
  expect(heard[0]?.message).toBe('Still: under way');
  expect(heard[2]?.message).toBe('Still: 1 of 3: creating A');
  expect(heard.at(-1)?.message).toBe('2 of 3: creating B');
});
