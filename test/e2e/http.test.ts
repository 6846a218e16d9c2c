import { execFile, spawn } from 'node:child_process';
import { request } from 'node:http';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startHttp } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

const run = promisify(execFile);
const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });

/** A bare POST, because fetch does not let a caller set Host. */
function post(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      },
      (reply) => {
        let body = '';
        reply.on('data', (data: Buffer) => {
          body += data.toString();
        });
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(ping);
  });
}

describe('Streamable HTTP', () => {
  test('a Host or an Origin of another machine is refused, those of this machine are served', async () => {
    const url = await startHttp();
    for (const headers of [
      { host: 'evil.example' },
      { host: 'evil.example:3333' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { host: '127.0.0.1.evil.example' },
    ]) {
      const { status, body } = await post(url, headers as Record<string, string>);
      expect(status, JSON.stringify(headers)).toBe(403);
      expect(body).not.toContain('tools');
    }
    const { port } = new URL(url);
    for (const headers of [{}, { host: `localhost:${port}` }, { origin: `http://localhost:${port}` }]) {
      const { status, body } = await post(url, headers as Record<string, string>);
      expect(status, JSON.stringify(headers)).toBe(200);
      expect(body).toContain('check_stock');
    }
  });

  test('another path is not found, and says where the endpoint is', async () => {
    const url = await startHttp();
    const { status, body } = await post(url.replace('/mcp', '/other'), {});
    expect(status).toBe(404);
    expect(body).toContain('/mcp');
  });

  test('a body that is no JSON gets an error and the server lives on', async () => {
    const url = await startHttp();
    const broken = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: '{oops',
    });
    expect(broken.status).toBe(400);
    expect((await post(url, {})).status).toBe(200);
  });

  test.each(['0.0.0.0', '::', '192.168.1.5', 'example.com'])(
    'anything but loopback is refused with the reason: %s',
    async (host) => {
      const child = spawn(process.execPath, ['dist/main.js', 'http', '--port', '0', '--host', host], {
        env: { PATH: process.env.PATH, HOME: temporaryDirectory() },
      });
      let stderr = '';
      child.stderr.on('data', (data: Buffer) => {
        stderr += data.toString();
      });
      expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(1);
      expect(stderr).toMatch(/must be this machine/);
      expect(stderr).toMatch(/access control/);
    },
  );
});

describe("the Inspector's command line, a client this project did not write", () => {
  const inspector = 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js';
  const inspect = async (target: string[], rest: string[]) => {
    const home = temporaryDirectory();
    const env = { PATH: process.env.PATH ?? '', HOME: home, INVENTORY_DATA_DIR: home };
    const { stdout } = await run(process.execPath, [inspector, '--cli', ...target, ...rest], {
      env,
      maxBuffer: 20_000_000,
    });
    return JSON.parse(stdout);
  };

  test('lists and calls over stdio', async () => {
    const target = [process.execPath, 'dist/main.js'];
    const { tools } = await inspect(target, ['--method', 'tools/list']);
    expect(tools.map(({ name }: { name: string }) => name)).toContain('place_sales_order');
    const answer = await inspect(target, [
      '--method',
      'tools/call',
      '--tool-name',
      'list_items',
      '--tool-arg',
      'sku=WBH-001',
    ]);
    expect(answer.structuredContent.items).toMatchObject([
      { name: 'Wireless Bluetooth Headphones', stock_on_hand: 80 },
    ]);
  });

  test('lists and calls over HTTP', async () => {
    const url = await startHttp();
    const { tools } = await inspect([url], ['--method', 'tools/list']);
    expect(tools.length).toBeGreaterThan(40);
    const answer = await inspect(
      [url],
      [
        '--method',
        'tools/call',
        '--tool-name',
        'check_stock',
        '--tool-arg',
        'items=[{"item":"WBH-001","quantity":10}]',
      ],
    );
    expect(answer.structuredContent.items).toMatchObject([{ verdict: 'enough', can_be_promised: 50 }]);
  });
});
