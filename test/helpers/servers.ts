import { spawn } from 'node:child_process';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from './world.ts';

/** Ends with the test; answers once `ready` has said what it was looking for in a line. */
async function served<T>(
  args: string[],
  stream: 'stdout' | 'stderr',
  env: Record<string, string>,
  ready: (lines: string[]) => T | undefined,
): Promise<T> {
  const child = spawn(process.execPath, ['dist/main.js', ...args], {
    env: { PATH: process.env.PATH, HOME: temporaryDirectory(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: child[stream] }).on('line', (line) => {
      lines.push(line);
      const found = ready(lines);
      if (found !== undefined) resolve(found);
    });
    void exited.then(() => reject(new Error(`the server ended early: ${errors.slice(-800)}`)));
  });
}

/** `sandbox --port`: the variables it prints. */
export function startSandbox(args: string[] = [], env: Record<string, string> = {}): Promise<Record<string, string>> {
  return served(['sandbox', '--port', '0', ...args], 'stdout', env, (lines) => {
    const pairs = lines.map((line) => /^([A-Z_]+)=(.*)$/.exec(line)).filter((match) => match !== null);
    const variables = Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
    return Object.keys(variables).length === 6 ? variables : undefined;
  });
}

/** `http --port`: the address of its endpoint. */
export function startHttp(env: Record<string, string> = {}): Promise<string> {
  return served(['http', '--port', '0'], 'stderr', { INVENTORY_DATA_DIR: temporaryDirectory(), ...env }, (lines) =>
    lines.map((line) => /"url":"([^"]+)"/.exec(line)?.[1]).find((url) => url !== undefined),
  );
}

export interface Seen {
  readonly method: string;
  readonly path: string;
}

/** Passes everything on to `target` and keeps what it saw. */
export async function startCountingProxy(target: string): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((incoming, outgoing) => {
    seen.push({ method: incoming.method ?? '', path: (incoming.url ?? '').split('?')[0] ?? '' });
    const { host } = new URL(target);
    const onward = httpRequest(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method, headers: { ...incoming.headers, host } },
      (reply) => {
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}
