import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createWebhook } from '../../src/alerts/webhook.ts';
import { anAlert } from './alerts.ts';
import { startWebhook } from './webhook-server.ts';

const send = (url: string, alert = anAlert(), timeoutMs = 10_000) =>
  createWebhook({ url, timeoutMs }).send(alert, 'sending-1');

test('the alert is posted as JSON with an id by which a second one is known', async () => {
  const { posted, url } = await startWebhook();
  expect(await send(url)).toEqual({ refused: [] });
  expect(posted).toMatchObject([
    {
      path: '/hook/plantedWebhookToken0123456789',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'sending-1' },
      body: { event: 'stock_alert', id: 'sending-1', subject: anAlert().subject, text: anAlert().text },
    },
  ]);
  expect(posted[0]?.body.items).toEqual(anAlert().items);
});

test('what somebody typed mentions nobody in a chat', async () => {
  const { posted, url } = await startWebhook();
  await send(url, anAlert({ text: 'Mat <!channel> <@U123> <https://evil.example|sale>' }));
  expect(posted[0]?.body.text).not.toMatch(/[<>]/);
});

test.each([500, 503, 400, 404, 429])('an answer of %i is told, and nothing that came with it', async (status) => {
  const { url, host } = await startWebhook((reply) => reply.writeHead(status).end('plantedWebhookToken0123456789'));
  const error = await send(url).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    kind: 'rejected',
    message: expect.stringContaining(`The webhook at ${host} answered ${status}`),
  });
  expect(String(error)).not.toContain('planted');
});

test.each([301, 302, 307, 308])('a redirect (%i) is followed to no other host', async (status) => {
  const other = await startWebhook();
  const { url } = await startWebhook((reply) => reply.writeHead(status, { location: other.url }).end());
  await expect(send(url)).rejects.toMatchObject({
    kind: 'rejected',
    message: expect.stringMatching(/redirect \(30\d\), which is not followed/),
  });
  expect(other.posted).toEqual([]);
});

test('one that never answers may have taken it', async () => {
  const { url, posted } = await startWebhook(() => undefined);
  await expect(send(url, anAlert(), 300)).rejects.toMatchObject({
    kind: 'outcome_unknown',
    message: expect.stringMatching(/did not answer in 0.3 s: the alert may or may not have arrived/),
  });
  expect(posted).toHaveLength(1);
});

test('one that hangs up may have taken it', async () => {
  const { url } = await startWebhook((reply) => reply.destroy());
  await expect(send(url)).rejects.toMatchObject({ kind: 'outcome_unknown' });
});

/** Of a port that was free a moment ago. */
async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/hook/plantedWebhookToken0123456789`;
}

test.each(['a port where nobody listens', 'a port that nobody may ask'])('to %s nothing was sent', async (port) => {
  const url = port.endsWith('ask') ? 'http://127.0.0.1:25/plantedWebhookToken0123456789' : await closedUrl();
  const error = await send(url).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: 'unavailable', nothingSent: true });
  expect(String(error)).not.toContain('planted');
});
