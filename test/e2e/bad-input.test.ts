import { expect, test } from 'vitest';
import { spawnRaw } from '../helpers/raw.ts';

type CallResult = {
  isError?: boolean;
  structuredContent?: { error?: { kind: string; message: string } };
  content?: { text: string }[];
};

async function refusal(name: string, args: unknown) {
  const server = spawnRaw();
  await server.initialize();
  const reply = await server.call(name, args);
  const result = reply.result as CallResult | undefined;
  // The server lives on, and answers the next call.
  const next = await server.call('list_organizations', {});
  expect((next.result as CallResult).isError ?? false).toBe(false);
  expect(server.strayLines).toEqual([]);
  return { reply, result, error: result?.structuredContent?.error, text: result?.content?.[0]?.text ?? '' };
}

test.each([
  ['a wrong type', 'get_item', { item_id: { deep: true } }, /item_id/],
  ['a missing field', 'get_item', {}, /item_id/],
  ['an unknown key', 'get_item', { item_id: '1', itm: 1 }, /itm/],
  ['an id that climbs', 'get_item', { item_id: '../x' }, /item_id.*digits/],
  ['an id with a query', 'get_item', { item_id: '1?x=1' }, /item_id.*digits/],
  ['a number that is none', 'create_item', { name: 'x', rate: 'many' }, /rate/],
  ['a page below one', 'list_items', { page: 0 }, /page/],
  [
    'a date that is none',
    'create_sales_order',
    { customer_id: '1', date: '2026-02-31', line_items: [{ item_id: '1', quantity: 1 }] },
    /date/,
  ],
  ['arguments that are a list', 'list_items', ['x'], /./],
])('%s gets a clear error and the server lives on', async (_, name, args, words) => {
  const { error, reply } = await refusal(name, args);
  const message = error?.message ?? reply.error?.message ?? '';
  expect(message).toMatch(words);
  expect(message.length).toBeLessThan(1_000);
  if (error) expect(error.kind).toBe('invalid_arguments');
  else expect(reply.error?.code).toBe(-32602);
});

test('an unknown key is answered with the nearest right name', async () => {
  const { error } = await refusal('create_sales_order', {
    custmer_id: '1',
    line_items: [{ item_id: '1', quantity: 1 }],
  });
  expect(error).toMatchObject({ kind: 'invalid_arguments', message: expect.stringContaining('customer_id') });
});

test('1e309, which JSON reads as infinity, is refused by field', async () => {
  const server = spawnRaw();
  await server.initialize();
  server.line(
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"create_item","arguments":{"name":"x","rate":1e309}}}',
  );
  const reply = await server.message(({ id }) => id === 7);
  expect(reply.result).toMatchObject({
    isError: true,
    structuredContent: { error: { kind: 'invalid_arguments', message: expect.stringContaining('rate') } },
  });
});

test('a string of 10 MB is refused in few words', async () => {
  const { error } = await refusal('create_item', { name: 'x'.repeat(10 * 1024 * 1024), rate: 1 });
  expect(error).toMatchObject({ kind: 'invalid_arguments', message: expect.stringContaining('name') });
  expect(error?.message.length).toBeLessThan(500);
});

test('a line of 30 MB is answered under its id and the server lives on', async () => {
  const server = spawnRaw();
  await server.initialize();
  server.line(
    JSON.stringify({
      method: 'tools/call',
      params: { name: 'create_item', arguments: { name: 'x'.repeat(30 * 1024 * 1024) } },
      jsonrpc: '2.0',
      id: 9,
    }),
  );
  expect(await server.message(({ id }) => id === 9)).toMatchObject({ error: { code: -32600 } });
  expect((await server.call('list_organizations', {})).result).toBeDefined();
});

test('an unknown tool is a protocol error and the server lives on', async () => {
  const { reply } = await refusal('delete_everything', {});
  expect(reply.error).toMatchObject({ code: -32602 });
});

test('a broken line and a line that is no message are answered, and the server lives on', async () => {
  const server = spawnRaw();
  await server.initialize();
  server.line('{"jsonrpc":"2.0", oops');
  server.line('[1,2]');
  expect(await server.message(({ error }) => error?.code === -32700)).toBeDefined();
  expect(await server.message(({ error }) => error?.code === -32600)).toBeDefined();
  expect((await server.request('tools/list')).result).toBeDefined();
});

test.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])(
  'a client that speaks %s is served',
  async (protocolVersion) => {
    const server = spawnRaw();
    const reply = await server.initialize(protocolVersion);
    expect(reply.result).toMatchObject({ protocolVersion });
    expect((await server.call('list_items', { per_page: 1 })).result).toMatchObject({ content: expect.any(Array) });
  },
);

test('the sandbox is announced in title, instructions and log', async () => {
  const server = spawnRaw({ env: { INVENTORY_LOG_LEVEL: 'info' } });
  const { result } = await server.initialize();
  expect(JSON.stringify(result?.serverInfo)).toMatch(/sandbox/i);
  expect(String(result?.instructions)).toMatch(/sandbox/i);
  await server.request('tools/list');
  server.child.stdin.end();
  await server.exited;
  expect(server.stderr()).toMatch(/sandbox/i);
});

test('what was asked before the input ended is still answered, and the process ends by itself', async () => {
  const server = spawnRaw();
  await server.initialize();
  server.line(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_contact","arguments":{"contact_name":"Late Writer","contact_type":"customer"}}}',
  );
  server.child.stdin.end();
  expect(await server.message(({ id }) => id === 1)).toMatchObject({
    result: { structuredContent: { contact: { contact_name: 'Late Writer' } } },
  });
  expect(await server.exited).toBe(0);
});

test('some credentials but not all stop the start, naming what is missing', async () => {
  const server = spawnRaw({ env: { ZOHO_CLIENT_ID: '1000.X', ZOHO_REFRESH_TOKEN: '1000.Y' } });
  expect(await server.exited).not.toBe(0);
  expect(server.stderr()).toContain('ZOHO_CLIENT_SECRET');
  expect(server.stderr()).toContain('ZOHO_ORGANIZATION_ID');
  expect(server.stderr()).not.toContain('1000.Y');
  expect(server.messages).toEqual([]);
  expect(server.strayLines).toEqual([]);
});

test('a misspelt variable and a misspelt flag stop the start with the right name', async () => {
  const variable = spawnRaw({ env: { INVENTORY_READONLY: '1' } });
  expect(await variable.exited).not.toBe(0);
  expect(variable.stderr()).toContain('INVENTORY_READ_ONLY');
  const flag = spawnRaw({ args: ['--raed-only'] });
  expect(await flag.exited).not.toBe(0);
  expect(flag.stderr()).toContain('--read-only');
});
