import type { Readable, Writable } from 'node:stream';
import { type JSONRPCMessage, parseJSONRPCMessage, type Transport } from '@modelcontextprotocol/server';

export interface LineTransportOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** Longest line that is read, in bytes; a longer one is answered with an error and skipped. */
  readonly maxLineBytes?: number;
  /** How long requests in flight may still be answered after the input ended. */
  readonly graceMs?: number;
}

const newline = 0x0a;
const defaultMaxLineBytes = 16 * 1024 * 1024;

/**
 * JSON-RPC over lines. The SDK's own stdio transport ends the process on a message over 10 MiB, says nothing to a broken
 * line and drops requests in flight when the input ends; here each of these gets an answer:
 * -32700 for what is no JSON, -32600 for JSON that is no JSON-RPC message and for a line over the limit.
 */
export function createLineTransport(options: LineTransportOptions): Transport {
  const { input, output } = options;
  const maxLineBytes = options.maxLineBytes ?? defaultMaxLineBytes;
  const unanswered = new Set<string | number>();
  let settled: (() => void) | undefined;
  let drained: Promise<void> | undefined; // shared by all who wait for a slow reader
  let ending = false;
  let closed = false;
  let parts: Buffer[] = [];
  let size = 0;
  let head: Buffer | undefined; // of a line over the limit: kept to find its id
  let tail: Buffer = Buffer.alloc(0);

  const transport: Transport = {
    start: async () => {
      input.on('data', onChunk);
      input.on('end', () => void onEnd());
      input.on('close', () => void onEnd());
      input.on('error', (error) => transport.onerror?.(error));
      output.on('error', () => void transport.close());
    },
    send: (message) => {
      if ('id' in message && !('method' in message) && message.id !== undefined) answered(message.id);
      return write(message);
    },
    close: async () => {
      if (closed) return;
      closed = true;
      input.off('data', onChunk);
      input.pause();
      transport.onclose?.();
    },
  };

  function write(message: unknown): Promise<void> {
    if (closed || output.write(`${JSON.stringify(message)}\n`)) return Promise.resolve();
    drained ??= new Promise<void>((resolve) => {
      const events = ['drain', 'error', 'close'] as const;
      const done = () => {
        for (const event of events) output.off(event, done);
        drained = undefined;
        resolve();
      };
      for (const event of events) output.on(event, done);
    });
    return drained;
  }

  function refuse(id: string | number | null, code: number, message: string): void {
    void write({ jsonrpc: '2.0', id, error: { code, message } });
  }

  function answered(id: string | number): void {
    unanswered.delete(id);
    if (unanswered.size === 0) settled?.();
  }

  function onChunk(chunk: Buffer): void {
    let rest = chunk;
    for (let at = rest.indexOf(newline); at >= 0; at = rest.indexOf(newline)) {
      collect(rest.subarray(0, at));
      endLine();
      rest = rest.subarray(at + 1);
    }
    collect(rest);
  }

  function collect(bytes: Buffer): void {
    size += bytes.length;
    if (head === undefined && size <= maxLineBytes) {
      if (bytes.length > 0) parts.push(bytes);
      return;
    }
    head ??= Buffer.concat([...parts, bytes]).subarray(0, 512);
    parts = [];
    tail = Buffer.concat([tail, bytes]).subarray(-512);
  }

  function endLine(): void {
    const overlong = head;
    const line = overlong === undefined ? Buffer.concat(parts).toString('utf8') : '';
    const id = overlong === undefined ? null : idIn(overlong.toString('utf8'), tail.toString('utf8'));
    parts = [];
    size = 0;
    head = undefined;
    tail = Buffer.alloc(0);
    if (overlong !== undefined) {
      refuse(id, -32600, `The message is longer than ${maxLineBytes} bytes and was not read. Send less in one call.`);
    } else {
      const text = line.trim(); // a byte order mark too, which some pipes put first
      if (text !== '') read(text);
    }
  }

  function read(line: string): void {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      refuse(null, -32700, 'Parse error: the line is not JSON. Send one JSON-RPC message a line, in UTF-8.');
      return;
    }
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(json);
    } catch {
      refuse(idOf(json), -32600, 'Invalid request: the line is JSON, but no JSON-RPC 2.0 message.');
      return;
    }
    expectAnswer(message);
    try {
      transport.onmessage?.(message);
    } catch (error) {
      transport.onerror?.(error instanceof Error ? error : new Error('the message was not taken'));
    }
  }

  /** Keeps which requests will be answered: not a subscription, which stays open, and not what was cancelled. */
  function expectAnswer(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    if ('id' in message) {
      if (message.method !== 'subscriptions/listen') unanswered.add(message.id);
    } else if (message.method === 'notifications/cancelled') {
      const id = message.params?.requestId;
      if (typeof id === 'string' || typeof id === 'number') answered(id);
    }
  }

  async function onEnd(): Promise<void> {
    if (closed || ending) return;
    ending = true;
    if (size > 0) endLine();
    if (unanswered.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.graceMs ?? 2_000);
        settled = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    await transport.close();
  }

  return transport;
}

function idOf(json: unknown): string | number | null {
  if (typeof json !== 'object' || json === null || !('id' in json)) return null;
  return typeof json.id === 'string' || typeof json.id === 'number' ? json.id : null;
}

/** The id of a message too long to parse: clients write it within the first or the last keys of the object. */
function idIn(head: string, tail: string): string | number | null {
  const found =
    /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15}|"[^"\\]{1,64}")/.exec(head) ??
    /"id"\s*:\s*(\d{1,15}|"[^"\\]{1,64}")\s*\}\s*$/.exec(tail);
  return found?.[1] === undefined ? null : (JSON.parse(found[1]) as string | number); // parse boundary: digits or a plain string
}
