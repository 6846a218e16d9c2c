import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectV1 } from '../helpers/clients.ts';
import { type Passed, startHoldingProxy } from '../helpers/holding-proxy.ts';
import { spawnRaw } from '../helpers/raw.ts';
import { startSandbox } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

type Facts = Record<string, unknown>;
type Raw = ReturnType<typeof spawnRaw>;

const isDelete = ({ method }: Passed) => method === 'DELETE';
const seconds = (startedAtMs: number) => (Date.now() - startedAtMs) / 1000;

const factsOf = (reply: { result?: Record<string, unknown> }): Facts =>
  (reply.result?.structuredContent ?? {}) as Facts;

/** An inventory on a port, a proxy that can hold its answers, and servers on one state folder before it. */
async function setUp() {
  const variables = await startSandbox();
  const proxy = await startHoldingProxy(variables.ZOHO_API_DOMAIN ?? '');
  const directory = temporaryDirectory();
  const env = { ...variables, ZOHO_API_DOMAIN: proxy.url, ZOHO_ACCOUNTS_URL: proxy.url };
  const start = async (): Promise<Raw> => {
    const server = spawnRaw({ directory, env });
    await server.initialize();
    return server;
  };
  const deletes = () => proxy.passed.filter(isDelete);
  return { proxy, directory, env, start, deletes };
}

/** Asks to delete the contact that has no documents; the yes is what `confirm_action` needs. */
async function askedToDelete(server: Raw): Promise<{ confirmation: unknown; summary: unknown }> {
  const { contacts } = factsOf(await server.call('list_contacts', { contact_name: 'Test Customer' }));
  const [contact] = contacts as { contact_id: string }[];
  const facts = factsOf(await server.call('delete_contact', { contact_id: contact?.contact_id }));
  expect(facts.status).toBe('confirmation_required');
  return { confirmation: facts.confirmation, summary: facts.summary };
}

const line = (id: number, name: string, args: unknown) =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });

describe('a write in flight', () => {
  test('is finished and its outcome recorded when the input ends, however long past the grace time it takes', async () => {
    const { proxy, start, deletes } = await setUp();
    const server = await start();
    const yes = await askedToDelete(server);
    proxy.hold(isDelete);
    server.line(line(1, 'confirm_action', yes));
    await proxy.holding();
    server.child.stdin.end();
    const startedAtMs = Date.now();
    setTimeout(proxy.release, 3_500);
    expect(await server.exited).toBe(0);
    expect(seconds(startedAtMs)).toBeGreaterThan(3.4);
    expect(server.strayLines).toEqual([]);

    const next = await start();
    expect(factsOf(await next.call('confirm_action', yes))).toMatchObject({ status: 'already_done' });
    expect(deletes()).toHaveLength(1);
  });

  test('is finished and recorded at SIGTERM', async () => {
    const { proxy, start, deletes } = await setUp();
    const server = await start();
    const yes = await askedToDelete(server);
    proxy.hold(isDelete);
    server.line(line(1, 'confirm_action', yes));
    await proxy.holding();
    server.child.kill('SIGTERM');
    setTimeout(proxy.release, 1_000);
    expect(await server.exited).toBe(0);
    expect(server.strayLines).toEqual([]);

    const next = await start();
    expect(factsOf(await next.call('confirm_action', yes))).toMatchObject({ status: 'already_done' });
    expect(deletes()).toHaveLength(1);
  });

  test('whose answer does not come within 10 s of SIGTERM is looked for, and recorded as what was found', async () => {
    const { proxy, start, deletes } = await setUp();
    const server = await start();
    const yes = await askedToDelete(server);
    proxy.hold(isDelete);
    server.line(line(1, 'confirm_action', yes));
    await proxy.holding();
    const startedAtMs = Date.now();
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(seconds(startedAtMs)).toBeGreaterThan(9.5);
    expect(seconds(startedAtMs)).toBeLessThan(20);

    const next = await start();
    expect(factsOf(await next.call('confirm_action', yes))).toMatchObject({
      status: 'already_done',
      outcome: { note: expect.stringContaining('lost') },
    });
    expect(deletes()).toHaveLength(1);
  });

  test('of a process that is killed is neither run again nor called done', async () => {
    const { proxy, start, deletes } = await setUp();
    const server = await start();
    const yes = await askedToDelete(server);
    proxy.hold(isDelete);
    server.line(line(1, 'confirm_action', yes));
    await proxy.holding();
    server.child.kill('SIGKILL');
    await server.exited;
    proxy.release();

    const next = await start();
    expect(factsOf(await next.call('confirm_action', yes))).toMatchObject({ status: 'already_running' });
    expect(deletes()).toHaveLength(1);
  });

  test('of the HTTP server is finished and recorded at SIGTERM', async () => {
    const { proxy, directory, env, start, deletes } = await setUp();
    const child = spawn(process.execPath, ['dist/main.js', 'http', '--port', '0'], {
      env: { PATH: process.env.PATH, HOME: directory, INVENTORY_DATA_DIR: directory, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    onTestFinished(() => void child.kill('SIGKILL'));
    let url = '';
    for await (const text of createInterface({ input: child.stderr })) {
      url = /"url":"([^"]+)"/.exec(text)?.[1] ?? '';
      if (url !== '') break;
    }
    const client = await connectV1({ url });
    const { facts } = await client.call('list_contacts', { contact_name: 'Test Customer' });
    const [contact] = facts.contacts as { contact_id: string }[];
    const asked = await client.call('delete_contact', { contact_id: contact?.contact_id });
    const yes = { confirmation: asked.facts.confirmation, summary: asked.facts.summary };
    proxy.hold(isDelete);
    // The connection may end before the answer is there: it is the record that counts.
    const call = client.call('confirm_action', yes).catch(() => undefined);
    await proxy.holding();
    const startedAtMs = Date.now();
    child.kill('SIGTERM');
    setTimeout(proxy.release, 1_000);
    expect(await exited).toEqual([0, null]);
    expect(seconds(startedAtMs)).toBeLessThan(4);
    await call;

    const next = await start();
    expect(factsOf(await next.call('confirm_action', yes))).toMatchObject({ status: 'already_done' });
    expect(deletes()).toHaveLength(1);
  });
});

describe('a read in flight', () => {
  test.each([
    ['the input ends', (server: Raw) => void server.child.stdin.end()],
    ['SIGTERM comes', (server: Raw) => void server.child.kill('SIGTERM')],
  ])('does not hold the process for long when %s', async (_, stop) => {
    const { proxy, start } = await setUp();
    const server = await start();
    proxy.hold(({ method }) => method === 'GET');
    server.line(line(1, 'list_items', {}));
    await proxy.holding();
    const startedAtMs = Date.now();
    stop(server);
    expect(await server.exited).toBe(0);
    expect(seconds(startedAtMs)).toBeLessThan(6);
  });
});

describe('a cancelled call', () => {
  const cancel = (server: Raw, requestId: number) =>
    server.line(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }));

  test('writes nothing when nothing was sent yet, and its confirmation works later', async () => {
    const { proxy, start, deletes } = await setUp();
    const server = await start();
    const yes = await askedToDelete(server);
    // What the preview rests on is read again before the write: there the call is called back.
    proxy.hold(({ method, path }) => method === 'GET' && path.includes('/contacts/'));
    server.line(line(1, 'confirm_action', yes));
    await proxy.holding();
    cancel(server, 1);
    // The next call is answered after the cancellation has been taken.
    await server.request('tools/list');
    proxy.release();
    expect(deletes()).toEqual([]);
    expect((await server.call('confirm_action', yes)).result?.isError ?? false).toBe(false);
    expect(deletes()).toHaveLength(1);
    expect(server.messages.filter(({ id }) => id === 1)).toEqual([]);
  });

  test('whose write was sent already is awaited and recorded', async () => {
    const { proxy, start, deletes } = await setUp();
    const server = await start();
    const yes = await askedToDelete(server);
    proxy.hold(isDelete);
    server.line(line(1, 'confirm_action', yes));
    await proxy.holding();
    cancel(server, 1);
    expect(factsOf(await server.call('confirm_action', yes))).toMatchObject({ status: 'already_running' });
    proxy.release();
    await expect
      .poll(async () => factsOf(await server.call('confirm_action', yes)).status, { interval: 20, timeout: 10_000 })
      .toBe('already_done');
    expect(deletes()).toHaveLength(1);
  });
});

describe('what the process says', () => {
  test.each([['--help'], ['--version'], ['-h'], ['-v']])(
    '%s prints and ends, with nothing in the log',
    async (flag) => {
      const server = spawnRaw({ args: [flag] });
      expect(await server.exited).toBe(0);
      expect(server.stderr()).toBe('');
      expect(server.messages.length + server.strayLines.length).toBeGreaterThan(0);
    },
  );

  test('an inventory that cannot be opened is told without the words of the driver, and the server lives on', async () => {
    const server = spawnRaw({ env: { INVENTORY_SANDBOX_DATA: '/proc/version/no/sandbox.sqlite' } });
    await server.initialize();
    const { result } = await server.call('list_items', {});
    expect(result).toMatchObject({ isError: true, structuredContent: { error: { kind: 'unavailable' } } });
    expect(JSON.stringify(result)).not.toMatch(/sqlite|proc|ENOTDIR|unable/i);
    expect((await server.request('tools/list')).result).toBeDefined();
    server.child.stdin.end();
    expect(await server.exited).toBe(0);
    expect(server.stderr()).toContain('could not be opened');
    expect(server.strayLines).toEqual([]);
  });
});
