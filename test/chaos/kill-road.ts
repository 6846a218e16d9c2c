import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { onTestFinished } from 'vitest';

/** What became of writes whose sender died. */
export interface Orphans {
  /** Died before its write arrived, and it never did. */
  readonly lost: number;
  /** Died before its write arrived, and it did all the same. */
  readonly late: number;
  /** Died before it had the whole answer. */
  readonly unheard: number;
}

/** The network between a server and the API: a write takes its time to arrive. */
export interface Road {
  readonly url: string;
  readonly orphans: Orphans;
  /** Resolves when nothing is on its way any more. */
  readonly empty: () => Promise<void>;
}

const writeTakesMs = 25;
/** Looks at the road: what a process wrote to its socket before it died is read within a few of them. */
const looks = 20;

const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer); // parse boundary: a request's pieces are buffers
  return Buffer.concat(parts);
}

const isWrite = ({ method, url }: IncomingMessage) => method !== 'GET' && !url?.startsWith('/oauth/');

/** Told of each write by method and path. */
export interface RoadWatch {
  /** It is on its way. */
  readonly onLeft?: (write: string) => void;
  readonly onArrived?: (write: string) => void;
}

/** `arrives` decides of a write whose sender died while it was on its way. */
export async function startRoad(
  target: string,
  arrives: () => boolean,
  { onLeft, onArrived }: RoadWatch = {},
): Promise<Road> {
  const orphans = { lost: 0, late: 0, unheard: 0 };
  const trips = new Set<Promise<void>>();

  const passOn = ({ method, url = '/', headers }: IncomingMessage, body: Buffer) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const options = { method, headers: { ...headers, host: new URL(target).host }, agent: false };
      httpRequest(new URL(url, target), options, resolve).on('error', reject).end(body);
    });

  async function carry(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const left = new Promise<void>((resolve) => outgoing.once('close', resolve));
    const body = await bodyOf(incoming);
    const write = isWrite(incoming);
    const name = `${incoming.method} ${new URL(incoming.url ?? '/', target).pathname}`;
    if (write) onLeft?.(name);
    if (write) await Promise.race([pause(writeTakesMs), left]);
    const isOrphan = write && outgoing.destroyed;
    const fate = isOrphan && (arrives() ? 'late' : 'lost');
    if (fate) orphans[fate] += 1;
    if (fate === 'lost') return;
    if (write) onArrived?.(name);
    const reply = await passOn(incoming, body);
    if (!outgoing.destroyed) outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
    await pipeline(reply, outgoing).catch(() => undefined);
    if (write && !isOrphan && !outgoing.writableFinished) orphans.unheard += 1;
  }

  const server = createServer((incoming, outgoing) => {
    const trip = carry(incoming, outgoing).catch(() => void outgoing.destroy());
    trips.add(trip);
    void trip.finally(() => trips.delete(trip));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // it listens on a port
    orphans,
    empty: async () => {
      for (let look = 0; look < looks; look += 1) {
        await Promise.all(trips);
        await turn();
      }
    },
  };
}
