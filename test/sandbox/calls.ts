import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';

/** Noon in Oakland on a Monday. */
export const noon = Date.parse('2026-03-16T12:00:00-07:00');

export const organizationId = '460000000000001';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface Caller {
  readonly sandbox: Sandbox;
  /** Moves the sandbox's clock on, milliseconds. */
  pass(ms: number): void;
  /** Sends any request as it is. */
  send(path: string, init?: RequestInit): Promise<Reply>;
  /** An authorized call of the organization; `path` below `/inventory/v1`, with or without a query. */
  call(method: string, path: string, body?: unknown): Promise<Reply>;
}

const origin = 'http://sandbox.test';

/** A fresh world in memory, at noon unless `now` says otherwise, with a token that is good. */
export function startSandbox(options: Partial<SandboxOptions> = {}): Caller {
  let time = noon;
  const sandbox = createSandbox({
    database: openDatabase(':memory:'),
    now: () => time,
    seed: 'empty',
    accessToken: 'good',
    limits: { perMinute: 10_000 },
    ...options,
  });
  const send = async (path: string, init?: RequestInit): Promise<Reply> => {
    const response = await sandbox.handle(new Request(`${origin}${path}`, init));
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null) throw new Error('The answer is no object.');
    return { status: response.status, headers: response.headers, body: { ...body } };
  };
  return {
    sandbox,
    send,
    pass: (ms) => {
      time += ms;
    },
    call: (method, path, body) => {
      const url = new URL(`${origin}/inventory/v1${path}`);
      url.searchParams.set('organization_id', organizationId);
      return send(`${url.pathname}${url.search}`, {
        method,
        headers: { Authorization: 'Zoho-oauthtoken good', 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
  };
}

/** The object under `key` of an answer. */
export function objectAt(reply: Reply, key: string): Record<string, unknown> {
  const value = reply.body[key];
  if (typeof value !== 'object' || value === null)
    throw new Error(`${key} is no object in ${JSON.stringify(reply.body)}`);
  return { ...value };
}

/** The rows under `key` of an answer. */
export function rowsAt(reply: Reply, key: string): Record<string, unknown>[] {
  const value = reply.body[key];
  if (!Array.isArray(value)) throw new Error(`${key} is no list in ${JSON.stringify(reply.body)}`);
  return value.map((row) => ({ ...row }));
}
