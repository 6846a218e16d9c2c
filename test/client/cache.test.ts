import { describe, expect, test } from 'vitest';
import { cachedReads, createCache, evicts } from '../../src/client/cache.ts';
import type { ApiRequest, ApiResponse } from '../../src/client/compose.ts';
import { createShared } from '../../src/client/shared-store.ts';
import { effectOf } from '../../src/operations/define.ts';
import { operations } from '../../src/operations/index.ts';
import { createClock } from '../helpers/world.ts';
import { createFakeStore, type FakeStore } from './fake-store.ts';

const warehouses: ApiRequest = {
  operation: 'list_warehouses',
  effect: 'read',
  scope: 'ZohoInventory.settings.READ',
  method: 'GET',
  path: '/warehouses',
  query: { page: '1', per_page: '200' },
};
const warehouse: ApiRequest = { ...warehouses, operation: 'get_warehouse', path: '/warehouses/7', query: {} };
const items: ApiRequest = { ...warehouses, operation: 'list_warehouse_items', path: '/warehouses/7/items' };
const rename: ApiRequest = {
  ...warehouse,
  operation: 'update_warehouse',
  effect: 'update',
  method: 'PUT',
  body: { warehouse_name: 'North' },
};

const minuteMs = 60_000;
let ids = 0;

/** A cache over an API that answers each request with how many it has seen before. */
function cached({ store, clock = createClock() }: { store?: FakeStore; clock?: ReturnType<typeof createClock> } = {}) {
  const sent: ApiRequest[] = [];
  let answer: (request: ApiRequest) => Promise<ApiResponse> | ApiResponse = () => ({
    status: 200,
    headers: {},
    text: JSON.stringify({ code: 0, seen: sent.length }),
  });
  const { now } = clock;
  const randomId = () => {
    ids += 1;
    return String(ids);
  };
  const shared = store && createShared({ store, organizationId: '99', now, warn: () => {} });
  const send = createCache({ now, shared, randomId })(async (request) => {
    sent.push(request);
    return answer(request);
  });
  const answerBy = (by: typeof answer) => {
    answer = by;
  };
  return { send, sent, answerBy, clock };
}

describe('the cache', () => {
  test('answers a read of warehouses again without a call, for ten minutes', async () => {
    const { send, sent, clock } = cached();
    const first = await send(warehouses);
    clock.advance(10 * minuteMs - 1);
    expect(await send({ ...warehouses, query: { per_page: '200', page: '1' } })).toEqual(first);
    expect(sent).toHaveLength(1);
    clock.advance(1);
    await send(warehouses);
    expect(sent).toHaveLength(2);
  });

  test('tells pages, warehouses and lists apart', async () => {
    const { send, sent } = cached();
    for (const request of [warehouses, { ...warehouses, query: { page: '2' } }, warehouse]) await send(request);
    expect(sent).toHaveLength(3);
  });

  test('keeps no stock: what lies in a warehouse is read each time', async () => {
    const { send, sent } = cached();
    await send(items);
    await send(items);
    expect(sent).toHaveLength(2);
  });

  test('is passed by where a fresh answer is asked for, and keeps that one', async () => {
    const { send, sent } = cached();
    await send(warehouses);
    const fresh = await send({ ...warehouses, fresh: true });
    expect(sent).toHaveLength(2);
    expect(await send(warehouses)).toEqual(fresh);
    expect(sent).toHaveLength(2);
  });

  test('keeps no refusal, one that comes with HTTP 200 neither', async () => {
    const { send, sent, answerBy } = cached();
    for (const response of [
      { status: 200, headers: {}, text: '{"code":57,"message":"no"}' },
      { status: 503, headers: {}, text: '{"code":6}' },
      { status: 200, headers: {}, text: '<html>' },
    ]) {
      answerBy(() => response);
      await send(warehouses);
      await send(warehouses);
    }
    expect(sent).toHaveLength(6);
  });

  test('forgets the oldest when it holds a hundred', async () => {
    const { send, sent } = cached();
    const nth = (id: number) => ({ ...warehouse, path: `/warehouses/${id}` });
    for (let id = 0; id <= 100; id += 1) await send(nth(id));
    await send(nth(100));
    await send(nth(1));
    expect(sent).toHaveLength(101);
    await send(nth(0));
    expect(sent).toHaveLength(102);
  });

  test('is not used by a clock that was set back', async () => {
    const { send, sent, clock } = cached();
    await send(warehouses);
    clock.advance(-1);
    await send(warehouses);
    expect(sent).toHaveLength(2);
  });
});

describe('a write to a warehouse', () => {
  test('evicts at once, whatever becomes of it', async () => {
    const { send, sent, answerBy } = cached();
    await send(warehouses);
    answerBy(() => Promise.reject(new Error('the connection broke')));
    await expect(send(rename)).rejects.toThrow('the connection broke');
    answerBy(() => ({ status: 200, headers: {}, text: '{"code":0}' }));
    await send(warehouses);
    expect(sent.map(({ operation }) => operation)).toEqual(['list_warehouses', 'update_warehouse', 'list_warehouses']);
  });

  test('leaves nothing behind of a read that it overtook', async () => {
    const { send, sent, answerBy } = cached();
    const waiting: (() => void)[] = [];
    const old = { status: 200, headers: {}, text: '{"code":0,"name":"old"}' };
    answerBy(() => new Promise((resolve) => waiting.push(() => resolve(old))));
    const read = send(warehouse);
    await new Promise((resolve) => setImmediate(resolve));
    answerBy(() => ({ status: 200, headers: {}, text: '{"code":0,"name":"North"}' }));
    await send(rename);
    for (const answer of waiting) answer();
    expect(await read).toEqual(old);
    expect((await send(warehouse)).text).toContain('North');
    expect(sent).toHaveLength(3);
  });

  test('is known for what it is by every such operation of the catalog, and by no other', () => {
    const writes = operations.filter((operation) =>
      evicts({ operation: operation.name, effect: effectOf(operation, {}) }),
    );
    const meant = operations.filter(({ method, path }) => method !== 'GET' && path.startsWith('/warehouses'));
    expect(writes).toEqual(meant);
    expect(meant.length).toBeGreaterThan(0);
    const reads = operations.filter(({ name }) => cachedReads.has(name));
    expect(reads.map(({ effect }) => effect)).toEqual(['read', 'read', 'read']);
  });
});

describe('other processes on the data folder', () => {
  test('evict here by their writes, at once', async () => {
    const store = createFakeStore();
    const clock = createClock();
    const [here, there] = [cached({ store, clock }), cached({ store, clock })];
    await here.send(warehouses);
    await here.send(warehouses);
    expect(here.sent).toHaveLength(1);
    await there.send(rename);
    await here.send(warehouses);
    expect(here.sent).toHaveLength(2);
  });

  test('leave nothing behind of a read that their write overtook', async () => {
    const store = createFakeStore();
    const clock = createClock();
    const [here, there] = [cached({ store, clock }), cached({ store, clock })];
    here.answerBy(async () => {
      await there.send(rename);
      return { status: 200, headers: {}, text: '{"code":0,"name":"old"}' };
    });
    await here.send(warehouse);
    here.answerBy(() => ({ status: 200, headers: {}, text: '{"code":0,"name":"North"}' }));
    expect((await here.send(warehouse)).text).toContain('North');
  });

  test('that cannot be heard of leave an answer good for a minute only', async () => {
    const store = createFakeStore();
    const { send, sent, clock } = cached({ store });
    store.trouble = new Error('The folder cannot be written.');
    await send(warehouses);
    clock.advance(minuteMs - 1);
    await send(warehouses);
    expect(sent).toHaveLength(1);
    clock.advance(1);
    await send(warehouses);
    expect(sent).toHaveLength(2);
  });
});
