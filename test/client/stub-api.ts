import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ApiRequest } from '../../src/client/compose.ts';

export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Respond = (request: SeenRequest, response: ServerResponse) => void;

/** An HTTP server on loopback that answers as the test says; it is closed when the test ends. */
export async function startStub(respond: Respond) {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '/', headers } = incoming;
      const request = { method, url: new URL(url, 'http://stub'), headers, body: Buffer.concat(chunks).toString() };
      seen.push(request);
      respond(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  return { url: `http://127.0.0.1:${port}`, seen, stop };
}

export function reply(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export const readRequest: ApiRequest = {
  operation: 'list_items',
  effect: 'read',
  scope: 'ZohoInventory.items.READ',
  method: 'GET',
  path: '/items',
  query: { page: '1' },
};

export const writeRequest: ApiRequest = {
  operation: 'create_item',
  effect: 'create',
  scope: 'ZohoInventory.items.CREATE',
  method: 'POST',
  path: '/items',
  query: {},
  body: { name: 'Lamp' },
};

/** Until `condition` holds; turns of the event loop pass, no fixed time. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
