import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenSandbox } from '../../src/sandbox/listen.ts';
import { createSandbox, sandboxOrganizationId } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { spawnRaw } from '../helpers/raw.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// Values that stand nowhere else, so that one byte of them anywhere is a leak.
const secrets = {
  client: 'plantedClientSecret0123456789abcdef',
  refresh: '1000.plantedrefresh0123456789abcdef.0123456789abcdef0123456789abcdef',
  access: '1000.plantedaccess0123456789abcdef.fedcba9876543210fedcba9876543210',
};
const every = Object.values(secrets);

interface Faked {
  /** Answers a call of the API instead of the sandbox; throws to break the connection. */
  readonly api?: (request: Request) => Response | undefined;
  readonly token?: () => Response;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

/** A service on a port that gives out and knows the planted access token, and the settings that point at it. */
async function fakeService({ api, token }: Faked = {}): Promise<Record<string, string>> {
  const database = openDatabase(':memory:');
  const sandbox = createSandbox({ database, now: Date.now, seed: 'demo', accessToken: secrets.access });
  const give = () => json(200, { access_token: secrets.access, expires_in: 3600, token_type: 'Bearer' });
  const handle = async (request: Request): Promise<Response> => {
    if (new URL(request.url).pathname === '/oauth/v2/token') return (token ?? give)();
    return api?.(request) ?? sandbox.handle(request);
  };
  const { url, close } = await listenSandbox({ sandbox: { handle }, port: 0 });
  onTestFinished(async () => {
    await close();
    database.close();
  });
  return {
    ZOHO_CLIENT_ID: '1000.CLIENT',
    ZOHO_CLIENT_SECRET: secrets.client,
    ZOHO_REFRESH_TOKEN: secrets.refresh,
    ZOHO_ORGANIZATION_ID: sandboxOrganizationId,
    ZOHO_API_DOMAIN: url,
    ZOHO_ACCOUNTS_URL: url,
  };
}

type Server = ReturnType<typeof spawnRaw>;
type Facts = Record<string, unknown>;

async function started(env: Record<string, string>, directory = temporaryDirectory()) {
  const server = spawnRaw({ directory, env: { INVENTORY_LOG_LEVEL: 'trace', INVENTORY_CONFIRM: 'token', ...env } });
  await server.initialize();
  const call = async (name: string, args: unknown): Promise<Facts> => {
    const { result = {} } = await server.call(name, args);
    return (result.structuredContent ?? {}) as Facts; // parse boundary: what the wire brought
  };
  return { server, call, directory };
}

const filesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile()
      ? [{ path: join(entry.parentPath, entry.name), text: contents(join(entry.parentPath, entry.name)) }]
      : [],
  );

// Bytes as letters, one each: a text is found whatever else is in the file.
const contents = (path: string): string => readFileSync(path).toString('latin1');

/** Where any of the values was written: protocol, log, or which file. Ends the server first, so that all is written. */
async function leaksOf(server: Server, directory: string, values: readonly string[]): Promise<string[]> {
  server.child.stdin.end();
  await server.exited;
  const places = [
    { path: 'protocol', text: JSON.stringify(server.messages) + server.strayLines.join('\n') },
    { path: 'log', text: server.stderr() },
    ...filesIn(directory).map(({ path, text }) => ({ path: path.slice(directory.length + 1), text })),
  ];
  return places.flatMap(({ path, text }) =>
    values.filter((value) => text.includes(value)).map((value) => `${path}: ${value}`),
  );
}

const said = `Zoho-oauthtoken ${secrets.access}`;
const api = (make: (request: Request) => Response | undefined): Faked => ({ api: make });
const allCalls = (response: () => Response) => api(() => response());

const faults: readonly [string, Faked][] = [
  ['a refused refresh token', { token: () => json(200, { error: 'invalid_code' }) }],
  [
    'a token endpoint that repeats what it was sent',
    { token: () => json(400, { error: `bad ${secrets.client}`, error_description: secrets.refresh }) },
  ],
  ['a token endpoint that repeats it as the error alone', { token: () => json(200, { error: secrets.refresh }) }],
  [
    'a token endpoint that fails with a page',
    { token: () => json(500, `<pre>${secrets.refresh} ${secrets.client}</pre>`) },
  ],
  ['a token reply that was cut', { token: () => json(200, `{"access_token":"${secrets.access}`) }],
  ['a token with a line break', { token: () => json(200, { access_token: `${secrets.access}\nx: y` }) }],
  ['a 401 that repeats the token', allCalls(() => json(401, { code: 14, message: `Invalid value: ${said}` }))],
  ['a missing scope', allCalls(() => json(401, { code: 57, message: secrets.access }))],
  [
    'a refusal with the token in every field',
    allCalls(() => json(400, { code: 1002, message: said, details: secrets.access, field: secrets.access })),
  ],
  ['a 200 with a code and the token', allCalls(() => json(200, { code: 36, message: `${secrets.access} exists` }))],
  ['a 500 that repeats the headers', allCalls(() => json(500, { code: 6, message: said }))],
  ['a page with the token', allCalls(() => json(502, `<html>${said}</html>`))],
  ['a page as success', allCalls(() => json(200, `<html>${said}</html>`))],
  ['JSON that was cut', allCalls(() => json(200, `{"code":0,"items":[{"name":"${secrets.access}`))],
  ['a 429 with the token', allCalls(() => json(429, { code: 44, message: said }, { 'retry-after': '1' }))],
  [
    'a record that holds the token',
    allCalls(() =>
      json(200, { code: 0, item: { item_id: '1', name: said }, items: [{ item_id: '1', name: secrets.access }] }),
    ),
  ],
  [
    'a connection that breaks',
    api(() => {
      throw new Error(said);
    }),
  ],
];

describe('client secret, refresh token and access token are in nothing that is written', { timeout: 90_000 }, () => {
  test.each(faults)('after %s', async (_, faked) => {
    const { server, call, directory } = await started(await fakeService(faked));
    const results = [await call('list_items', { per_page: 2 }), await call('create_item', { name: 'New', rate: 1 })];
    // Each was really answered, most of them with an error of ours.
    for (const facts of results) expect(Object.keys(facts).length).toBeGreaterThan(0);
    expect(await leaksOf(server, directory, every)).toEqual([]);
  });

  test('of a server that works, with its log at its most and its state and audit on disk', async () => {
    const { server, call, directory } = await started(await fakeService());
    const { items } = await call('list_items', { sku: 'DMAT' });
    const [{ item_id } = { item_id: '' }] = items as { item_id: string }[];
    const asked = await call('delete_item', { item_id });
    expect(asked.status).toBe('confirmation_required');
    await call('confirm_action', { confirmation: asked.confirmation, summary: asked.summary });
    const open = await call('deactivate_item', { item_id });
    expect(open.status).toBe('confirmation_required');
    const [used, unused] = [String(asked.confirmation), String(open.confirmation)];
    const leaks = await leaksOf(server, directory, [...every, used, unused]);
    expect(filesIn(directory).length).toBeGreaterThan(1);
    // The caller is given a confirmation, and the store has to know it; what runs under one holds a lease by its name.
    const places = (value: string) => leaks.filter((leak) => leak.endsWith(value)).map((leak) => leak.split(/[.:]/)[0]);
    expect(new Set(places(unused))).toEqual(new Set(['protocol', 'state']));
    expect(new Set(places(used))).toEqual(new Set(['protocol', 'state', 'shared']));
    expect(leaks.filter((leak) => every.some((value) => leak.endsWith(value)))).toEqual([]);
  });

  test('of a server with a given access token that is refused', async () => {
    const { ZOHO_API_DOMAIN = '' } = await fakeService(allCalls(() => json(401, { code: 57, message: said })));
    const env = { ZOHO_API_DOMAIN, ZOHO_ACCESS_TOKEN: secrets.access, ZOHO_ORGANIZATION_ID: sandboxOrganizationId };
    const { server, call, directory } = await started(env);
    expect(await call('list_items', {})).toMatchObject({ error: { kind: 'unauthorized' } });
    expect(await leaksOf(server, directory, every)).toEqual([]);
  });

  test.each([
    ['thrown', 'throw new Error(words)'],
    ['rejected', 'Promise.reject(new Error(words))'],
    ['thrown with the secrets as fields', 'throw Object.assign(new Error(words), { headers: words })'],
  ])('of a process that an error ends which nobody catches, %s', async (_, act) => {
    const directory = temporaryDirectory();
    const script = join(directory, 'fail.cjs');
    const words =
      "process.env.ZOHO_CLIENT_SECRET + ' ' + process.env.ZOHO_REFRESH_TOKEN + ' Zoho-oauthtoken 1000.abc.def'";
    writeFileSync(script, `process.once('SIGUSR2', () => { const words = 'lost: ' + ${words}; ${act}; });`);
    const server = spawnRaw({ directory, env: { ...(await fakeService()), NODE_OPTIONS: `--require=${script}` } });
    await server.initialize();
    server.child.kill('SIGUSR2');
    expect(await server.exited).toBe(1);
    expect(server.stderr()).toContain('lost: [hidden] [hidden] Zoho-oauthtoken [hidden]');
    for (const value of every) expect(server.stderr()).not.toContain(value);
  });
});

describe('a secret in the wrong place', () => {
  test.each([
    [
      'a misspelt variable',
      { ZOHO_CLIENT_SECERT: secrets.client, ZOHO_REFRESH_TOKEN: secrets.refresh },
      [],
      /ZOHO_CLIENT_SECRET/,
    ],
    [
      'the variable of something else',
      { ZOHO_ORGANIZATION_ID: secrets.refresh, ZOHO_ACCESS_TOKEN: secrets.access },
      [],
      /ZOHO_ORGANIZATION_ID must be/,
    ],
    [
      'a data center',
      { ZOHO_DATA_CENTER: secrets.client, ZOHO_ACCESS_TOKEN: secrets.access },
      [],
      /ZOHO_DATA_CENTER must be/,
    ],
    ['a secret with a space', { ZOHO_CLIENT_SECRET: `${secrets.client} x` }, [], /ZOHO_CLIENT_SECRET must be/],
    ['a flag that there is not', {}, [`--client-secret=${secrets.client}`], /--client-secret is no flag/],
    [
      'a flag that there is not, with its value behind it',
      {},
      ['--refresh-token', secrets.refresh],
      /\[hidden\] is no command/,
    ],
    ['a word too many', {}, ['stdio', secrets.client], /one word too many/],
  ])('is not repeated: %s', async (_, env, args, words) => {
    const server = spawnRaw({ env, args });
    expect(await server.exited).not.toBe(0);
    expect(server.stderr()).toMatch(words);
    for (const value of every) expect(server.stderr() + server.strayLines.join('')).not.toContain(value);
  });

  test.each(['--help', '--version'])('is not shown by %s', async (flag) => {
    const env = {
      ZOHO_CLIENT_SECRET: secrets.client,
      ZOHO_REFRESH_TOKEN: secrets.refresh,
      ZOHO_ACCESS_TOKEN: secrets.access,
    };
    const server = spawnRaw({ env, args: [flag] });
    expect(await server.exited).toBe(0);
    const written = server.stderr() + server.strayLines.join('\n');
    expect(written).not.toBe('');
    for (const value of every) expect(written).not.toContain(value);
  });
});
