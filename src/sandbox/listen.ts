import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { sandboxCredentials, sandboxOrganizationId } from './credentials.ts';
import { ConnectionReset } from './faults-effects.ts';
import type { Sandbox } from './server.ts';

export interface Listening {
  /** Origin without a slash at its end: `http://127.0.0.1:8090`. */
  readonly url: string;
  close(): Promise<void>;
}

interface ListenOptions {
  readonly sandbox: Pick<Sandbox, 'handle'>;
  /** 0 takes any free port. */
  readonly port: number;
}

// The credentials are known to everybody, so the address must not be reachable by a name that a web page chose.
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

function toRequest(incoming: IncomingMessage, host: string, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(`http://${host}${incoming.url ?? '/'}`, {
    method,
    headers,
    signal,
    ...(hasBody ? { body: Readable.toWeb(incoming), duplex: 'half' } : {}),
  });
}

async function respond(sandbox: Pick<Sandbox, 'handle'>, incoming: IncomingMessage, outgoing: ServerResponse) {
  const host = incoming.headers.host ?? '';
  if (!loopbackHost.test(host)) {
    outgoing.writeHead(403, { 'Content-Type': 'application/json' });
    outgoing.end(JSON.stringify({ code: 1010, message: 'Permission denied', details: 'The Host must be loopback.' }));
    return;
  }
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const response = await sandbox.handle(toRequest(incoming, host, gone.signal));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  for await (const piece of response.body ?? []) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(piece)) await once(outgoing, 'drain', { signal: gone.signal });
  }
  outgoing.end();
}

/** Serves the sandbox on 127.0.0.1 and nowhere else. Rejects when the port is taken. */
export function listenSandbox({ sandbox, port }: ListenOptions): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    respond(sandbox, incoming, outgoing).catch((error: unknown) => {
      if (outgoing.destroyed) return;
      // An answer that broke off must not look whole. A turn later, because Node holds the last piece until this one ends.
      if (outgoing.headersSent) setImmediate(() => incoming.socket.resetAndDestroy());
      else if (error instanceof ConnectionReset) incoming.socket.resetAndDestroy();
      // What else ends here is a request that is none: the sandbox answers its own failures.
      else outgoing.writeHead(400).end();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        url: `http://127.0.0.1:${taken}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

/** The settings that point the server at this sandbox, one `NAME=value` each. */
export const environmentLines = (url: string): string[] => [
  `ZOHO_CLIENT_ID=${sandboxCredentials.client_id}`,
  `ZOHO_CLIENT_SECRET=${sandboxCredentials.client_secret}`,
  `ZOHO_REFRESH_TOKEN=${sandboxCredentials.refresh_token}`,
  `ZOHO_ORGANIZATION_ID=${sandboxOrganizationId}`,
  `ZOHO_API_DOMAIN=${url}`,
  `ZOHO_ACCOUNTS_URL=${url}`,
];
