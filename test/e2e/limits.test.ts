import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { environmentLines, listenSandbox } from '../../src/sandbox/listen.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { connectV2, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

type Row = Record<string, unknown>;

/** The sandbox on a port, with the calls it saw, and the variables that point a server at it. */
async function startApi(limits: SandboxOptions['limits'] = {}) {
  const sandbox = createSandbox({ database: openDatabase(':memory:'), now: Date.now, seed: 'demo', limits });
  const { url, close } = await listenSandbox({ sandbox, port: 0 });
  onTestFinished(close);
  const env = Object.fromEntries(environmentLines(url).map((line) => line.split(/=(.*)/s).slice(0, 2)));
  const seen = () => sandbox.log.filter(({ path }) => path.startsWith('/inventory/'));
  return { env: env as Record<string, string>, seen };
}

interface Server extends TestClient {
  readonly log: () => string;
}

async function startServer(env: Record<string, string>, directory = temporaryDirectory()): Promise<Server> {
  let log = '';
  const client = await connectV2({
    env: { INVENTORY_LOG_LEVEL: 'warn', ...env, INVENTORY_DATA_DIR: directory },
    stderr: (text) => {
      log += text;
    },
  });
  onTestFinished(() => client.close());
  return { ...client, log: () => log };
}

const errorOf = ({ facts }: ToolResult): Row => (facts.error ?? {}) as Row; // parse boundary: what the wire brought
const outcomeOf = (result: ToolResult) => (result.isError ? String(errorOf(result).kind) : 'done');
const counted = (words: string[]) =>
  Object.fromEntries([...new Set(words)].sort().map((word) => [word, words.filter((other) => other === word).length]));

/** Reads that are each a call of their own: none is like another, and none is cached. */
const reads = (server: TestClient, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => server.call('list_items', { search_text: `none ${from + index}` }));

describe('two servers on one data folder', () => {
  test('send 100 calls in the minute together, no 429 comes, and who is too many is told when to return', async () => {
    const { env, seen } = await startApi({ perMinute: 100, atOnce: 10 });
    const directory = temporaryDirectory();
    const two = [await startServer(env, directory), await startServer(env, directory)];
    const results = await Promise.all(two.flatMap((server, index) => reads(server, index * 1_000, 65)));
    expect(counted(results.map(outcomeOf))).toEqual({ done: 100, rate_limited: 30 });
    expect(counted(seen().map(({ status }) => String(status)))).toEqual({ 200: 100 });
    for (const result of results.filter(({ isError }) => isError)) {
      expect(errorOf(result).retry_after_seconds).toBeGreaterThan(20);
      expect(errorOf(result).retry_after_seconds).toBeLessThanOrEqual(61);
    }
    for (const server of two) expect(server.log()).toBe('');
    const usage = await Promise.all(two.map((server) => server.call('get_api_usage')));
    for (const { facts } of usage)
      expect(facts).toMatchObject({ used_today: 100, used_in_last_minute: 100, running_now: 0 });
    expect(seen()).toHaveLength(100);
  });
});

describe('get_api_usage', () => {
  test('tells without a call what is used and left by the plan, also after a restart', async () => {
    const { env, seen } = await startApi();
    const directory = temporaryDirectory();
    const plan = { ...env, ZOHO_PLAN: 'free', ZOHO_PLAN_LIMITS: 'live' };
    const first = await startServer(plan, directory);
    await Promise.all(reads(first, 0, 3));
    await first.close();
    const { facts, text } = await (await startServer(plan, directory)).call('get_api_usage');
    const midnight = new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString().replace('.000', '');
    expect(facts).toEqual({
      calls_left_today: 997,
      used_today: 3,
      limit_today: 1_000,
      day_resets_at: midnight,
      used_in_last_minute: 3,
      limit_a_minute: 100,
      running_now: 0,
      limit_at_once: 5,
      plan: 'free, live figures',
      counted: 'by all processes on this data folder',
    });
    expect(JSON.parse(text)).toEqual(facts);
    expect(seen()).toHaveLength(3);
  });

  test('takes no arguments, and says of the sandbox that there is no plan', async () => {
    const server = await startServer({});
    expect(errorOf(await server.call('get_api_usage', { day: 1 })).kind).toBe('invalid_arguments');
    const { facts } = await server.call('get_api_usage');
    expect(facts).toMatchObject({ plan: 'none: the sandbox', counted: 'by this process alone' });
  });
});

describe('the day', () => {
  test('when a tenth is left is told with every result, once, and when it is used up no call is sent, nor later', async () => {
    const { env, seen } = await startApi({ perDay: 30 });
    const directory = temporaryDirectory();
    const server = await startServer(env, directory);
    const plenty = await Promise.all(reads(server, 0, 26));
    expect(plenty.every(({ facts }) => !('calls_left_today' in facts))).toBe(true);

    await server.call('list_items', { search_text: 'a' });
    const few = await server.call('list_items', { search_text: 'b' });
    expect(few.facts).toMatchObject({ calls_left_today: 2, day_resets_at: expect.stringMatching(/T00:00:00Z$/) });
    expect(few.text.match(/calls_left_today: 2 of 30, day_resets_at: \S+T00:00:00Z/g)).toHaveLength(1);
    const missing = await server.call('get_item', { item_id: '1' });
    expect(errorOf(missing).kind).toBe('not_found');
    expect(missing.facts).not.toHaveProperty('calls_left_today');
    await server.call('list_items', { search_text: 'c' });

    const refused = await server.call('list_items', { search_text: 'd' });
    expect(errorOf(refused)).toMatchObject({
      kind: 'rate_limited',
      limit: '30 calls a day',
      resets_at: expect.stringMatching(/T00:00:00Z$/),
      message: expect.stringContaining('calls of this day are used up'),
    });
    expect(refused.facts.calls_left_today).toBe(0);
    const again = await startServer(env, directory);
    expect(errorOf(await again.call('list_items', { search_text: 'e' })).kind).toBe('rate_limited');
    expect(seen()).toHaveLength(30);
  });
});

describe('a data folder that cannot be used', () => {
  test('lets reads through under the limits of each process, and the log says so once', async () => {
    const { env, seen } = await startApi();
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    onTestFinished(() => rmSync(file, { force: true }));
    const server = await startServer(env, join(file, 'folder'));
    const results = [...(await Promise.all(reads(server, 0, 5))), ...(await Promise.all(reads(server, 9, 5)))];
    expect(counted(results.map(outcomeOf))).toEqual({ done: 10 });
    expect(seen()).toHaveLength(10);
    expect(server.log().match(/Call limits are counted by this process alone/g)).toHaveLength(1);
    const { facts } = await server.call('get_api_usage');
    expect(facts).toMatchObject({ used_today: 10, counted: 'by this process alone' });
  });
});

describe('warehouses', () => {
  test('are asked for once, until one is written, by this server or by another on the folder', async () => {
    const { env, seen } = await startApi();
    const directory = temporaryDirectory();
    const two = [await startServer(env, directory), await startServer(env, directory)];
    const [here, there] = two as [Server, Server]; // two were started
    const names = async () => {
      const { facts } = await here.call('list_warehouses', { fields: ['warehouse_name'] });
      return (facts.warehouses as Row[]).map(({ warehouse_name }) => warehouse_name); // parse boundary: what the wire brought
    };
    const before = await names();
    expect(await names()).toEqual(before);
    const listed = () => seen().filter(({ method, path }) => method === 'GET' && path.endsWith('/warehouses')).length;
    expect(listed()).toBe(1);
    expect((await there.call('create_warehouse', { warehouse_name: 'Harbour' })).isError).toBe(false);
    expect((await names()).sort()).toEqual([...before, 'Harbour'].sort());
    expect((await here.call('create_warehouse', { warehouse_name: 'Attic' })).isError).toBe(false);
    expect(await names()).toContain('Attic');
    expect(listed()).toBe(3);
  });
});
