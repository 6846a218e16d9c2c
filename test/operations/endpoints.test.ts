import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createInventoryClient } from '../../src/client/client.ts';
import { sleep } from '../../src/client/wait.ts';
import { publishSchema } from '../../src/mcp/schema.ts';
import type { Input, Operation } from '../../src/operations/define.ts';
import { operations } from '../../src/operations/index.ts';
import { endpoints } from './endpoints.ts';

// Which request each tool makes, recorded by a plain HTTP server that knows nothing of inventories.

const reference = new URL('../../../shared/reference/api-reference.md', import.meta.url);
/** `{so_id}` and `{salesorder_id}` are the same place in a path. */
const shape = (path: string) => path.replace(/\{\w+\}/g, '{id}');
const keyOf = (operation: Operation) =>
  `${operation.method} ${shape(operation.path)}${'accept' in operation && operation.accept ? ' application/pdf' : ''}`;
const byEndpoint = new Map(operations.map((operation) => [keyOf(operation), operation]));

interface Recorded {
  readonly method: string;
  readonly url: URL;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

async function recorder() {
  const seen: Recorded[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '/', headers } = request;
      seen.push({ method, url: new URL(url, 'http://recorder'), headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"code":0,"message":"success"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createInventoryClient({
    apiDomain: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessToken: 'token-1',
    organizationId: '12345000000000099',
    limits: { perMinute: 10_000, perDay: 100_000, atOnce: 5 },
    now: Date.now,
    sleep,
    random: Math.random,
  });
  onTestFinished(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });
  return { client, seen };
}

/** The least input that fills the path and what else must be there. */
function leastInput(operation: Operation): Input {
  const { properties = {}, required = [] } = publishSchema(operation.input);
  const example: Record<string, unknown> = {
    string: '460000000000123',
    number: 1,
    integer: 1,
    boolean: true,
    array: [],
    object: {},
  };
  // An image can come in two ways, so neither of them is required by the schema.
  const image = operation.upload ? { image: 'iVBORw0KGgo=', file_name: 'lamp.png' } : {};
  return {
    ...Object.fromEntries(required.map((name) => [name, example[properties[name]?.type ?? 'string']])),
    ...image,
  };
}

describe('the endpoints of the reference', () => {
  let listed: string[] = [];
  beforeAll(() => {
    listed = endpoints.map(({ method, path, accept }) => `${method} ${shape(path)}${accept ? ` ${accept}` : ''}`);
  });

  test('are 77, each once', () => {
    expect(listed).toHaveLength(77);
    expect(new Set(listed).size).toBe(77);
  });

  test.runIf(existsSync(reference))(
    'are those the reference itself prints, with the two of its common operations',
    () => {
      const text = readFileSync(reference, 'utf8');
      const printed = [...text.matchAll(/^(GET|POST|PUT|DELETE) +\/inventory\/v1(\/[^\s?]*)/gm)].map(
        ([, method, path = '']) => `${method} ${shape(path)}`,
      );
      expect(text).toMatch(/items\/\{item_id\}\/transactionhistory/);
      expect(text).toMatch(/'Accept': 'application\/pdf'/);
      const all = new Set([...printed, 'GET /items/{id}/transactionhistory', 'GET /packages/{id} application/pdf']);
      expect([...all].sort()).toEqual([...listed].sort());
    },
  );

  test('are each reached by one tool, and no tool reaches another one', () => {
    expect([...byEndpoint.keys()].sort()).toEqual([...listed].sort());
    expect(byEndpoint.size).toBe(operations.length);
  });

  test.each(
    endpoints.map(
      (endpoint) =>
        [`${endpoint.method} ${endpoint.path}${endpoint.accept ? ` ${endpoint.accept}` : ''}`, endpoint] as const,
    ),
  )('%s is asked for with that method, path, organization, header and body', async (_, { method, path, accept }) => {
    const operation = byEndpoint.get(`${method} ${shape(path)}${accept ? ` ${accept}` : ''}`);
    if (!operation) throw new Error('no tool reaches it');
    const { client, seen } = await recorder();
    const input = leastInput(operation);
    await client.call(operation, input).catch((error: Error) => {
      // A PDF is expected where the recorder answers JSON: the request is what counts here.
      if (!accept) throw error;
    });
    // A receive is told apart by its quantities, so the document is read before it.
    const readsFirst = operation.trace?.kind === 'grown' ? 1 : 0;
    expect(seen.map((one) => one.method)).toEqual([...Array<string>(readsFirst).fill('GET'), method]);
    const request = seen.at(-1);
    const filled = path.replace(/\{\w+\}/g, '460000000000123');
    expect(request).toMatchObject({ method, url: { pathname: `/inventory/v1${filled}` } });
    expect(request?.url.searchParams.get('organization_id')).toBe(
      path === '/organizations' ? null : '12345000000000099',
    );
    expect(request?.headers.authorization).toBe('Zoho-oauthtoken token-1');
    if (accept) expect(request?.headers.accept).toBe(accept);
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, key = '']) => key);
    const rest = Object.fromEntries(Object.entries(input).filter(([key]) => !inPath.includes(key)));
    if (method === 'GET' || method === 'DELETE') {
      expect(request?.body).toBe('');
      for (const [key, value] of Object.entries(rest)) expect(request?.url.searchParams.get(key)).toBe(String(value));
    } else if (operation.name === 'upload_item_image') {
      expect(String(request?.headers['content-type'])).toMatch(/^multipart\/form-data; boundary=/);
      expect(request?.body).toMatch(/name="image"/);
    } else {
      expect(request?.headers['content-type']).toMatch(/^application\/json/);
      expect(JSON.parse(request?.body ?? '')).toEqual(rest);
    }
  });
});
