import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpServerFactory } from '@modelcontextprotocol/server';

export interface HttpOptions {
  readonly factory: McpServerFactory;
  /** A loopback address; anything else is refused by the settings. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly onError: (error: Error) => void;
}

export interface HttpListener {
  readonly url: string;
  readonly close: () => Promise<void>;
}

// Pictures travel as base64 in a call: 7 MB become 10 MB.
const maxBodyBytes = 16 * 1024 * 1024;

/** Streamable HTTP at `/mcp`, stateless, for clients of both eras. Host and Origin must be of this machine. */
export async function listenHttp({ factory, host, port, onError }: HttpOptions): Promise<HttpListener> {
  const handler = createMcpHandler(factory, { maxRequestBodySize: maxBodyBytes, onerror: onError });
  const answer = toNodeHandler(handler, { maxRequestBodySize: maxBodyBytes, onerror: onError });
  const hostAllowed = localhostHostValidation();
  const originAllowed = localhostOriginValidation();
  const server = createServer((request, response) => {
    if (!hostAllowed(request, response) || !originAllowed(request, response)) return;
    // Not by `new URL`, which throws at a path like `//` and would end the process.
    if (request.url?.split('?', 1)[0] !== '/mcp') {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"The endpoint is /mcp."}');
      return;
    }
    // The SDK's type of a node request does not allow `undefined` where node's own does.
    answer(request as Parameters<typeof answer>[0], response).catch((error: Error) => {
      onError(error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}/mcp`,
    close: () => stop(server, () => handler.close()),
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port; // a listening TCP server has no other kind of address
}

async function stop(server: Server, closeHandler: () => Promise<void>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Else a connection whose answer is still to come would be kept open for 5 s after it.
  server.keepAliveTimeout = 1;
  await closeHandler();
  server.closeIdleConnections();
  await closed;
}
