import { PassThrough } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import fc from 'fast-check';
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

test('a byte order mark in front of the first message is no fault of the message', async () => {
  const { input, received, written } = started();
  input.write(`\ufeff${ping(1)}\n`);
  await tick();
  expect(received).toHaveLength(1);
  expect(written).toEqual([]);
});

test('when the input ends, a request that was cancelled is not waited for', async () => {
  const { input, transport } = started({ graceMs: 60_000 });
  const closed = new Promise<void>((resolve) => {
    transport.onclose = resolve;
  });
  input.write(`${ping(1)}\n`);
  input.end('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n');
  await closed;
});

test('a receiver that throws at a message gets the next one all the same', async () => {
  const { input, transport, received } = started();
  const errors: Error[] = [];
  const { onmessage } = transport;
  transport.onerror = (error) => void errors.push(error);
  transport.onmessage = (message) => {
    if ('id' in message && message.id === 1) throw new Error('not this one');
    onmessage?.(message);
  };
  input.write(`${ping(1)}\n${ping(2)}\n`);
  await tick();
  expect(errors).toHaveLength(1);
  expect(received).toMatchObject([{ id: 2 }]);
});

test('many answers to a slow reader wait together, and are let go when the reader leaves', async () => {
  const input = new PassThrough();
  const output = new PassThrough({ highWaterMark: 1 });
  const transport = createLineTransport({ input, output });
  await transport.start();
  const sends = Array.from({ length: 50 }, (_, id) => transport.send({ jsonrpc: '2.0', id, result: {} }));
  expect(output.listenerCount('drain')).toBe(1);
  output.destroy();
  await Promise.all(sends);
  expect(output.listenerCount('drain')).toBe(0);
});

/** A line as somebody may send it, and what has to come of it: the message, or the code of the one answer. */
type Line = { readonly text: string; readonly message?: JSONRPCMessage; readonly code?: number };
const limit = 400;

const valid = fc
  .record({
    id: fc.oneof(fc.nat(), fc.string({ minLength: 1, maxLength: 9 })),
    text: fc.string({ unit: 'grapheme', maxLength: 60 }),
  })
  .map(({ id, text }): Line => {
    const message: JSONRPCMessage = { jsonrpc: '2.0', id, method: 'ping', params: { text } };
    return { text: JSON.stringify(message), message };
  })
  .filter(({ text }) => Buffer.byteLength(text) <= limit);
const notJson = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => `{${text.replace(/[\n\r]/g, '')}`)
  .filter((text) => !isJson(text))
  .map((text): Line => ({ text, code: -32700 }));
const notRpc = fc.jsonValue().map((value): Line => ({ text: JSON.stringify({ value }), code: -32600 }));
const overlong = fc
  .integer({ min: limit + 1, max: limit * 4 })
  .map((size): Line => ({ text: 'x'.repeat(size), code: -32600 }));
const blank = fc.constantFrom('', '\r', ' ', '\t').map((text): Line => ({ text }));

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('however the bytes are cut: no valid message is lost, each broken line is answered once, in order', async () => {
  const lines = fc.array(fc.oneof(valid, notJson, notRpc, overlong, blank), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.infiniteStream(fc.integer({ min: 1, max: 300 })),
      fc.boolean(),
      async (sent, sizes, last) => {
        const { input, received, written, isClosed } = started({ maxLineBytes: limit, graceMs: 0 });
        const bytes = Buffer.from(sent.map(({ text }) => `${text}\n`).join(''));
        const whole = last ? bytes : bytes.subarray(0, -1); // the last line without its line break
        for (let at = 0, size = sizes.next().value; at < whole.length; at += size, size = sizes.next().value) {
          input.write(whole.subarray(at, at + size));
        }
        input.end();
        await expect.poll(isClosed, { interval: 1 }).toBe(true);
        expect(received).toEqual(sent.flatMap(({ message }) => (message ? [message] : [])));
        const short = (codes: (number | undefined)[]) => codes.filter((code) => code !== undefined);
        expect(written.map(({ error }) => error?.code)).toEqual(short(sent.map(({ code }) => code)));
      },
    ),
    { numRuns: 300 },
  );
});

test('any bytes at all: nothing is thrown, and the next message is read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), async (chunks) => {
      const { input, received } = started({ maxLineBytes: limit });
      for (const chunk of chunks) input.write(chunk);
      input.write(`\n${ping('after')}\n`);
      await tick();
      expect(received.at(-1)).toMatchObject({ id: 'after' });
    }),
    { numRuns: 300 },
  );
});
