import { PassThrough } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';
import { createLineTransport } from '../../src/mcp/stdio.ts';

function started(options: { maxLineBytes?: number; graceMs?: number } = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  const transport = createLineTransport({ input, output, ...options });
  const received: JSONRPCMessage[] = [];
  const written: { id?: unknown; error?: { code: number; message: string } }[] = [];
  let closed = false;
  transport.onmessage = (message) => void received.push(message);
  transport.onclose = () => {
    closed = true;
  };
  output.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n').filter(Boolean)) written.push(JSON.parse(line));
  });
  void transport.start();
  return { input, transport, received, written, isClosed: () => closed };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));
const ping = (id: number | string) => JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' });

test('a message split over chunks arrives once, whole', async () => {
  const { input, received } = started();
  const bytes = Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { a: 'ü€' } })}\n`);
  for (const byte of bytes) input.write(Buffer.from([byte]));
  await tick();
  expect(received).toEqual([{ jsonrpc: '2.0', id: 1, method: 'ping', params: { a: 'ü€' } }]);
});

test('a line that is no JSON is answered with -32700 and the next one is read', async () => {
  const { input, received, written } = started();
  input.write(`{"jsonrpc": oops\n${ping(2)}\n`);
  await tick();
  expect(written).toMatchObject([{ id: null, error: { code: -32700 } }]);
  expect(received).toHaveLength(1);
});

test.each(['42', '[]', '{}', '{"jsonrpc":"1.0","id":7,"method":"ping"}', '{"jsonrpc":"2.0","id":{},"method":"ping"}'])(
  'JSON that is no JSON-RPC message is answered with -32600: %s',
  async (line) => {
    const { input, received, written } = started();
    input.write(`${line}\n`);
    await tick();
    expect(written).toMatchObject([{ error: { code: -32600 } }]);
    expect(received).toEqual([]);
  },
);

test.each([
  ['id among the first keys', `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"x":"${'a'.repeat(5000)}"}}`, 7],
  [
    'id among the last keys',
    `{"method":"tools/call","params":{"x":"${'a'.repeat(5000)}"},"jsonrpc":"2.0","id":"b-1"}`,
    'b-1',
  ],
  ['no id to find', `{"params":{"x":"${'a'.repeat(5000)}"}}`, null],
])('a line over the limit is refused under its own id: %s', async (_, line, id) => {
  const { input, received, written } = started({ maxLineBytes: 1000 });
  for (let at = 0; at < line.length; at += 700) input.write(line.slice(at, at + 700));
  input.write(`\n${ping(8)}\n`);
  await tick();
  expect(written).toMatchObject([{ id, error: { code: -32600 } }]);
  expect(received).toMatchObject([{ id: 8 }]);
});

test('empty lines and carriage returns are no messages', async () => {
  const { input, received, written } = started();
  input.write(`\n\r\n${ping(1)}\r\n`);
  await tick();
  expect(received).toHaveLength(1);
  expect(written).toEqual([]);
});

test('when the input ends, a request in flight is answered before the transport closes', async () => {
  const { input, transport, written, isClosed } = started({ graceMs: 5_000 });
  input.write(`${ping(1)}\n`);
  input.end();
  await tick();
  await tick();
  expect(isClosed()).toBe(false);
  await transport.send({ jsonrpc: '2.0', id: 1, result: {} });
  await tick();
  expect(written).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
  expect(isClosed()).toBe(true);
});

test('when the input ends, a request that is never answered holds the transport only for the grace time', async () => {
  const { input, transport } = started({ graceMs: 10 });
  const closed = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  input.write(`${ping(1)}\n`);
  input.end();
  await closed;
});

test('a last line without a line break is still read', async () => {
  const { input, received } = started();
  input.end(ping(1));
  await tick();
  await tick();
  expect(received).toHaveLength(1);
});
