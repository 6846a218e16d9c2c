import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createInventoryClient, type ReadFile } from '../../src/client/client.ts';
import { sleep } from '../../src/client/wait.ts';
import { uploadItemImage } from '../../src/operations/items.ts';

// Every byte there is: what is treated as text on the way does not survive it.
const png = Buffer.concat([
  Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'),
  Buffer.from(Array.from({ length: 256 }, (_, at) => at)),
]);

async function recorder(options: { readFile?: ReadFile; statuses?: number[] } = {}) {
  const seen: { contentType: string; length: string | undefined; body: Buffer }[] = [];
  const statuses = options.statuses ?? [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers } = request;
      seen.push({
        contentType: headers['content-type'] ?? '',
        length: headers['content-length'],
        body: Buffer.concat(chunks),
      });
      const status = statuses.shift() ?? 200;
      const body = status === 200 ? '{"code":0,"message":"done"}' : '{"code":48,"message":"Rate limit exceeded"}';
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createInventoryClient({
    apiDomain: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessToken: 'token-1',
    organizationId: '99',
    now: Date.now,
    sleep,
    random: () => 0,
    readFile: options.readFile,
  });
  onTestFinished(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });
  const parts = async (index: number) => {
    const { contentType = '', body = Buffer.alloc(0) } = seen[index] ?? {};
    const form = await new Response(Uint8Array.from(body), { headers: { 'content-type': contentType } }).formData();
    return Promise.all(
      [...form].map(async ([part, value]) => {
        if (typeof value === 'string') return { part, text: value };
        return { part, name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) };
      }),
    );
  };
  return { client, seen, parts };
}

describe('an upload', () => {
  test('is one part of a multipart form, byte for byte', async () => {
    const { client, seen, parts } = await recorder();
    const input = { item_id: '7', image: png.toString('base64'), file_name: 'Lampe "groß".png' };
    expect(await client.call(uploadItemImage, input)).toEqual({ message: 'done' });
    expect(seen[0]?.contentType).toMatch(/^multipart\/form-data; boundary=/);
    expect(Number(seen[0]?.length)).toBe(seen[0]?.body.length);
    expect(await parts(0)).toEqual([{ part: 'image', name: 'Lampe "groß".png', type: 'image/png', bytes: png }]);
  });

  test('is whole again when it was refused before any work and is sent a second time', async () => {
    const { client, seen, parts } = await recorder({ statuses: [429] });
    await client.call(uploadItemImage, { item_id: '7', image: png.toString('base64') });
    expect(seen).toHaveLength(2);
    expect(await parts(1)).toEqual([{ part: 'image', name: 'image.png', type: 'image/png', bytes: png }]);
  });

  test('may name a file, which is then read and sent under its own name', async () => {
    const { client, seen, parts } = await recorder({ readFile: async () => ({ name: 'lamp.png', bytes: png }) });
    await client.call(uploadItemImage, { item_id: '7', path: 'photos/lamp.png' });
    expect(await parts(0)).toEqual([{ part: 'image', name: 'lamp.png', type: 'image/png', bytes: png }]);
    expect(seen[0]?.body.includes('photos')).toBe(false);
  });

  test('of a file is denied where no folder was allowed, and nothing is sent', async () => {
    const { client, seen } = await recorder();
    const denied = client.call(uploadItemImage, { item_id: '7', path: '/etc/passwd' });
    await expect(denied).rejects.toMatchObject({ kind: 'denied', nothingSent: true });
    expect(seen).toHaveLength(0);
  });
});
