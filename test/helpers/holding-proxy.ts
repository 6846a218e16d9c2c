import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Passed {
  readonly method: string;
  readonly path: string;
}

export interface HoldingProxy {
  readonly url: string;
  /** Requests that `target` has carried out, held or not. */
  readonly passed: readonly Passed[];
  /** From now on the answers to these stay here until `release`; `target` has done what they ask all the same. */
  readonly hold: (fits: (request: Passed) => boolean) => void;
  readonly release: () => void;
  /** Resolves when an answer is held. */
  readonly holding: () => Promise<void>;
}

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

/** Passes everything on to `target` at once, and the answers back when the test says so. */
export async function startHoldingProxy(target: string): Promise<HoldingProxy> {
  const passed: Passed[] = [];
  const held: (() => void)[] = [];
  const watching: (() => void)[] = [];
  let fits: (request: Passed) => boolean = () => false;
  const forward = async (incoming: IncomingMessage): Promise<{ reply: IncomingMessage; body: Buffer }> => {
    const sent = await bodyOf(incoming);
    const headers = { ...incoming.headers, host: new URL(target).host };
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { method: incoming.method, headers };
      httpRequest(new URL(incoming.url ?? '/', target), options, resolve)
        .on('error', reject)
        .end(sent);
    });
    return { reply, body: await bodyOf(reply) };
  };
  const server = createServer(async (incoming, outgoing) => {
    const { reply, body } = await forward(incoming);
    const request = { method: incoming.method ?? '', path: (incoming.url ?? '').split('?')[0] ?? '' };
    passed.push(request);
    const answer = () => void outgoing.writeHead(reply.statusCode ?? 502, reply.headers).end(body);
    if (!fits(request)) return answer();
    held.push(answer);
    for (const wake of watching.splice(0)) wake();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    hold: (given) => {
      fits = given;
    },
    release: () => {
      fits = () => false;
      for (const answer of held.splice(0)) answer();
    },
    holding: async () => {
      if (held.length === 0) await new Promise<void>((resolve) => watching.push(resolve));
    },
  };
}
