import { expect, test } from 'vitest';
import { createSharedClaims } from '../../src/client/lost/shared-claims.ts';
import { createShared } from '../../src/client/shared-store.ts';
import { createItem } from '../../src/operations/items.ts';
import { createFakeStore } from './fake-store.ts';

const start = Date.UTC(2026, 10, 23, 18);

/** Two processes on one store. */
function processes() {
  const store = createFakeStore();
  const clock = { nowMs: start };
  const now = () => clock.nowMs;
  const open = () => createSharedClaims(createShared({ store, organizationId: '1', now, warn: () => undefined }), now);
  return { store, clock, one: open(), other: open() };
}

test('what one process has claimed is claimed to the other, but not to its own attempt', async () => {
  const { one, other } = processes();
  expect(await one.claim(createItem, '7', 'a', start)).toBe(true);
  expect(await other.isClaimed(createItem, '7', 'b', start)).toBe(true);
  expect(await other.claim(createItem, '7', 'b', start)).toBe(false);
  expect(await other.isClaimed(createItem, '7', 'a', start)).toBe(false);
  expect(await other.claim(createItem, '7', 'a', start)).toBe(true);
});

test('a record that another process made a moment before is still its own', async () => {
  const { one, other, clock } = processes();
  await one.claim(createItem, '7', 'a', start);
  clock.nowMs += 1_500;
  expect(await other.isClaimed(createItem, '7', 'b', clock.nowMs)).toBe(true);
});

test('a claim of long before the attempt is of another record that had the same id', async () => {
  const { one, other, clock } = processes();
  await one.claim(createItem, '7', 'a', start);
  clock.nowMs += 60_000;
  expect(await other.isClaimed(createItem, '7', 'b', clock.nowMs)).toBe(false);
  expect(await other.claim(createItem, '7', 'b', clock.nowMs)).toBe(true);
  expect(await processes().one.isClaimed(createItem, '7', 'b', start)).toBe(false);
});

test('without the store a process goes by its own claims', async () => {
  const { one, store } = processes();
  store.trouble = new Error('no store');
  expect(await one.claim(createItem, '7', 'a', start)).toBe(true);
  expect(await one.claim(createItem, '7', 'b', start)).toBe(false);
});

test('a claim is gone after 25 hours', async () => {
  const { one, other, clock } = processes();
  await one.claim(createItem, '7', 'a', start);
  clock.nowMs += 25 * 3_600_000;
  expect(await other.isClaimed(createItem, '7', 'b', start)).toBe(false);
});
