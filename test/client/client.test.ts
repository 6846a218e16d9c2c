import { readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { createInventoryClient, type InventoryClientOptions } from '../../src/client/client.ts';
import { sleep } from '../../src/client/wait.ts';
import { defineOperation } from '../../src/operations/define.ts';
import { eventually, reply, type SeenRequest, startStub } from './stub-api.ts';

const common = {
  toolset: 'catalog',
  source: 'https://www.zoho.com/inventory/api/v1/items/',
  title: 'Items',
  description: 'Items of the test.',
} as const;

const listItems = defineOperation({
  ...common,
  name: 'list_items',
  method: 'GET',
  path: '/items',
  effect: 'read',
  scope: 'ZohoInventory.items.READ',
  input: { name: z.string() },
  reply: 'items',
  paged: true,
});

const getItem = defineOperation({
  ...common,
  name: 'get_item',
  method: 'GET',
  path: '/items/{item_id}',
  effect: 'read',
  scope: 'ZohoInventory.items.READ',
  input: { item_id: z.string() },
});

const createItem = defineOperation({
  ...common,
  name: 'create_item',
  method: 'POST',
  path: '/items',
  effect: 'create',
  effectOf: ({ initial_stock: stock }) => (stock === undefined ? 'create' : 'stock'),
  scope: 'ZohoInventory.items.CREATE',
  input: { name: z.string() },
});

const credentials = { clientId: 'id', clientSecret: 'secret', refreshToken: 'refresh' };
const wide = { perMinute: 1000, perDay: 1000, atOnce: 10 };
const clock = { now: Date.now, sleep, random: () => 0 };

/** A client on a stub that is accounts host and API in one; `api` answers what is not a token request. */
async function connected(
  api: (request: SeenRequest, response: ServerResponse) => void,
  options: Partial<InventoryClientOptions> = {},
) {
  let tokens = 0;
  const stub = await startStub((request, response) => {
    if (request.url.pathname !== '/oauth/v2/token') return api(request, response);
    tokens += 1;
    reply(response, { access_token: `t${tokens}`, expires_in: 3600, api_domain: 'https://www.zohoapis.in' });
  });
  const client = createInventoryClient({
    apiDomain: stub.url,
    accountsUrl: stub.url,
    credentials,
    organizationId: '99',
    limits: wide,
    ...clock,
    ...options,
  });
  onTestFinished(client.close);
  const calls = () => stub.seen.filter(({ url }) => url.pathname !== '/oauth/v2/token');
  return { client, calls, stub, tokens: () => tokens };
}

const found = (_: SeenRequest, response: ServerResponse) => reply(response, { code: 0, item: { item_id: '7' } });

describe('a call', () => {
  test('goes out with token, organization and path, and comes back without the code', async () => {
    const { client, calls } = await connected(found);
    expect(await client.call(getItem, { item_id: '7', fields: ['name'] })).toEqual({ item: { item_id: '7' } });
    const [request] = calls();
    expect(request?.headers.authorization).toBe('Zoho-oauthtoken t1');
    expect(`${request?.url.pathname}${request?.url.search}`).toBe('/inventory/v1/items/7?organization_id=99');
  });

  test('twenty at once fetch one token and never run more than are allowed together', async () => {
    let running = 0;
    let most = 0;
    const { client, tokens } = await connected(
      async (request, response) => {
        running += 1;
        most = Math.max(most, running);
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        found(request, response);
      },
      { limits: { ...wide, atOnce: 3 } },
    );
    await Promise.all(Array.from({ length: 20 }, (_, index) => client.call(getItem, { item_id: String(index) })));
    expect(tokens()).toBe(1);
    expect(most).toBeLessThanOrEqual(3);
    expect(most).toBeGreaterThan(1);
    expect(client.callsSent()).toBe(20);
    expect(client.callsLeft().left).toBe(980);
  });

  test('identical reads are one call, and each gets an object of its own', async () => {
    const { client, calls } = await connected(found);
    const [one, other] = await Promise.all([1, 2].map(() => client.call(getItem, { item_id: '7' })));
    expect(calls()).toHaveLength(1);
    expect(one).toEqual(other);
    expect(one).not.toBe(other);
  });

  test('that is refused with a 401 is repeated with a new token, a write too, and both tries count', async () => {
    const { client, calls, tokens } = await connected((request, response) =>
      request.headers.authorization === 'Zoho-oauthtoken t2'
        ? reply(response, { code: 0, item: {} }, 201)
        : reply(response, { code: 57, message: 'Invalid authentication token' }, 401),
    );
    await client.call(createItem, { name: 'Lamp' });
    expect(calls().map(({ method }) => method)).toEqual(['POST', 'POST']);
    expect(tokens()).toBe(2);
    expect(client.callsSent()).toBe(2);
    expect(client.callsLeft().left).toBe(998);
  });

  test('that stays at 401 with code 57 names the scope', async () => {
    const { client } = await connected((_, response) => reply(response, { code: 57, message: 'no' }, 401));
    await expect(client.call(createItem, {})).rejects.toMatchObject({
      kind: 'missing_scope',
      facts: { scope: 'ZohoInventory.items.CREATE' },
    });
  });

  test('that is refused with a 429 is repeated when the API says', async () => {
    let refused = 0;
    const { client, calls } = await connected((request, response) => {
      refused += 1;
      if (refused > 2) found(request, response);
      else reply(response, { code: 48, message: 'Rate limit exceeded' }, 429, { 'retry-after': '0' });
    });
    await client.call(createItem, { name: 'Lamp' });
    expect(calls()).toHaveLength(3);
  });

  test('with a direct access token asks nobody for another', async () => {
    const { stub, calls, tokens } = await connected((_, response) => reply(response, { code: 57, message: 'no' }, 401));
    const client = createInventoryClient({ accessToken: 'given', apiDomain: stub.url, organizationId: '99', ...clock });
    onTestFinished(client.close);
    await expect(client.call(getItem, { item_id: '7' })).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(calls()).toHaveLength(1);
    expect(calls()[0]?.headers.authorization).toBe('Zoho-oauthtoken given');
    expect(tokens()).toBe(0);
  });
});

describe('a write whose answer is no answer', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ['a broken connection', (response) => response.destroy()],
    ['silence until the timeout', () => {}],
    ['a 503', (response) => reply(response, { code: 6, message: 'Internal error' }, 503)],
    ['a page', (response) => reply(response, '<html>', 200)],
    ['JSON that was cut', (response) => reply(response, '{"code":0,"it')],
  ])('is sent once and its outcome is unknown: %s', async (_, answer) => {
    const { client, calls } = await connected((_, response) => answer(response), { timeoutMs: 40 });
    await expect(client.call(createItem, { name: 'Lamp', initial_stock: 5 })).rejects.toMatchObject({
      kind: 'outcome_unknown',
      facts: { operation: 'create_item', path: '/items' },
    });
    expect(calls()).toHaveLength(1);
  });
});

describe('a caller who leaves', () => {
  test('while others hold all places is told within 20 ms, and the API hears nothing of it', async () => {
    const held: (() => void)[] = [];
    const { client, calls } = await connected((request, response) => held.push(() => found(request, response)), {
      limits: { ...wide, atOnce: 1 },
    });
    const first = client.call(getItem, { item_id: '1' });
    await eventually(() => held.length === 1);
    const caller = new AbortController();
    const second = client.call(createItem, { name: 'Lamp' }, { signal: caller.signal });
    await new Promise((resolve) => setImmediate(resolve));
    caller.abort();
    const leftAt = performance.now();
    await expect(second).rejects.toMatchObject({ kind: 'cancelled', nothingSent: true });
    expect(performance.now() - leftAt).toBeLessThan(20);
    held[0]?.();
    await first;
    expect(calls()).toHaveLength(1);
    expect(client.callsSent()).toBe(1);
  });

  test('after a write has left still gets its answer', async () => {
    const held: (() => void)[] = [];
    const { client } = await connected((_, response) => held.push(() => reply(response, { code: 0, item: {} }, 201)));
    const caller = new AbortController();
    const write = client.call(createItem, { name: 'Lamp' }, { signal: caller.signal });
    await eventually(() => held.length === 1);
    caller.abort();
    held[0]?.();
    expect(await write).toEqual({ item: {} });
  });
});

test('pages are walked through the whole stack', async () => {
  const { client, calls } = await connected(({ url }, response) => {
    const page = Number(url.searchParams.get('page'));
    const items = Array.from({ length: 200 }, (_, index) => ({ item_id: String(page * 1000 + index) }));
    reply(response, { code: 0, items, page_context: { page, per_page: 200, has_more_page: page < 3 } });
  });
  const rows: string[] = [];
  for await (const { row } of client.pages(listItems, { name: 'a' })) rows.push(String(row.item_id));
  expect(rows).toHaveLength(600);
  expect(calls().map(({ url }) => url.searchParams.get('per_page'))).toEqual(['200', '200', '200']);
});

describe('the host of the API', () => {
  const hosts = async (options: Partial<InventoryClientOptions>, named: string) => {
    const seen: string[] = [];
    const told: string[] = [];
    const client = createInventoryClient({
      accountsUrl: 'https://accounts.zoho.eu',
      credentials,
      organizationId: '99',
      ...clock,
      log: (message) => told.push(message),
      dispatch: async ({ url }) => {
        seen.push(new URL(url).host);
        return Response.json(url.includes('/oauth/') ? { access_token: 't', api_domain: named } : { code: 0 });
      },
      ...options,
    });
    await client.call(getItem, { item_id: '7' });
    return { seen, told };
  };

  test('that was set is used whatever the token reply names, and the difference is logged', async () => {
    const { seen, told } = await hosts({ apiDomain: 'https://www.zohoapis.eu' }, 'https://www.zohoapis.in');
    expect(seen).toEqual(['accounts.zoho.eu', 'www.zohoapis.eu']);
    expect(told).toHaveLength(1);
  });

  test('that was not set is the one the token reply names, if it is one of Zoho', async () => {
    expect((await hosts({}, 'https://www.zohoapis.in')).seen).toEqual(['accounts.zoho.eu', 'www.zohoapis.in']);
    expect((await hosts({}, 'https://evil.example')).seen).toEqual(['accounts.zoho.eu', 'www.zohoapis.eu']);
  });
});

test('nothing heavy is loaded before the first call', () => {
  const room = new URL('../../src/client/', import.meta.url);
  const heavy = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      /^import (?!type )[^;]*from '(undici|p-queue|p-throttle|zod)'/m.test(readFileSync(new URL(file, room), 'utf8')),
  );
  expect(heavy).toEqual([]);
});

test('a call waits for the limit as long as its own deadline says, and else as long as the client does', async () => {
  const limits = { perMinute: 1, perDay: 1000, atOnce: 10, windowMs: 200 };
  const { client } = await connected((_, response) => reply(response, { items: [] }), { limits, patienceMs: 20 });
  await client.call(listItems, { name: 'first' });
  await expect(client.call(listItems, { name: 'second' })).rejects.toMatchObject({ kind: 'rate_limited' });
  const deadlineMs = Date.now() + 30_000;
  expect(await client.call(listItems, { name: 'second' }, { deadlineMs })).toEqual({ items: [] });
});
