import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMail, type MailOptions } from '../../src/alerts/mail.ts';
import { anAlert } from './alerts.ts';
import { headersOf, type MailServerOptions, partOf, startMailServer } from './mail-server.ts';

const from = 'stock@meridian.example';
const to = ['ops@meridian.example', 'buyer@meridian.example'];

async function mailed(server: MailServerOptions = {}, change: Partial<MailOptions> = {}) {
  const { mails, port } = await startMailServer(server);
  const mail = createMail({
    ...{ host: '127.0.0.1', port, isSecure: false, isLocal: true, from, to, timeoutMs: 400 },
    ...(server.login ? { login: server.login } : {}),
    ...change,
  });
  return { mails, send: (alert = anAlert()) => mail.send(alert, 'sending-1') };
}

/** A port that takes connections; `onLine` is told of each line that comes. */
async function startLines(onConnect: (socket: Socket) => void, onLine: (line: string, socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) onLine(line, socket);
    });
    onConnect(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port; // it listens on a port
}

test('an alert arrives once, as text and HTML, at all recipients', async () => {
  const { mails, send } = await mailed();
  expect(await send()).toEqual({ refused: [] });
  expect(mails).toHaveLength(1);
  const [mail] = mails;
  if (!mail) throw new Error('no mail came');
  expect(mail).toMatchObject({ from, to });
  expect(headersOf(mail)).toContain('Subject: Low stock alert of 2026-11-23: 1 low, 0 short');
  expect(headersOf(mail)).toContain('Message-ID: <sending-1@meridian.example>');
  expect(partOf(mail, 'text/plain').trim()).toBe(anAlert().text);
  expect(partOf(mail, 'text/html').trim()).toBe(anAlert().html);
});

test('with the user and password of the settings', async () => {
  const { mails, send } = await mailed({ login: { user: 'ada', password: 'p@ss word' } });
  await send();
  expect(mails).toHaveLength(1);
});

test.each([
  ['a subject', { subject: 'Low\r\nBcc: thief@evil.example\r\n\r\nGo' }],
  ['a text', { text: 'Mat\r\nBcc: thief@evil.example\r\n.\r\nMAIL FROM:<x@evil.example>\r\n' }],
  ['HTML', { html: '<p>\r\n.\r\nRCPT TO:<thief@evil.example>\r\n</p>' }],
])('nothing in %s becomes a header, a recipient or a command', async (_, change) => {
  const { mails, send } = await mailed();
  await send(anAlert(change));
  const [mail] = mails;
  if (!mail) throw new Error('no mail came');
  expect(mails).toHaveLength(1);
  expect(mail).toMatchObject({ from, to });
  expect(headersOf(mail).filter((line) => /^bcc:/i.test(line))).toEqual([]);
});

test('recipients who are refused are told, and the others get it', async () => {
  const { mails, send } = await mailed({ refuses: ['buyer@meridian.example'] });
  expect(await send()).toEqual({ refused: ['buyer@meridian.example'] });
  expect(mails[0]?.to).toEqual(['ops@meridian.example']);
});

describe('what the server refuses was surely not sent', () => {
  const login = { user: 'ada', password: 'plantedPassword0123456789' };
  test.each([
    ['all recipients', { refuses: to }, {}, /refused all recipients ops@meridian.example, .* \(550\)/],
    ['the password', { login: { ...login, password: 'other' } }, { login }, /refused the user or password .*\(535\)/],
    ['the message', { onMessage: 552 }, {}, /refused the message \(552\)/],
  ])('%s', async (_, server, change, words) => {
    const { send } = await mailed(server, change);
    const error = await send().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'rejected', nothingSent: true, message: expect.stringMatching(words) });
    expect(String(error)).not.toContain(login.password);
    expect(String(error)).not.toContain('refused by the test');
  });
});

describe('what never began was surely not sent', () => {
  test('to a server that takes the connection and never says a word', async () => {
    const port = await startLines(
      () => undefined,
      () => undefined,
    );
    const { send } = await mailed({}, { port });
    await expect(send()).rejects.toMatchObject({
      kind: 'unavailable',
      nothingSent: true,
      message: expect.stringMatching(/did not answer in 0.4 s\. No mail was sent/),
    });
  });

  test('to a server that talks on and on and comes to nothing', async () => {
    const port = await startLines(
      (socket) => {
        const timer = setInterval(() => socket.write('220-wait\r\n'), 50);
        socket.on('close', () => clearInterval(timer));
      },
      () => undefined,
    );
    const { send } = await mailed({}, { port, timeoutMs: 200 });
    await expect(send()).rejects.toMatchObject({ kind: 'unavailable', nothingSent: true });
  });

  test('to a port where nobody listens', async () => {
    const { send } = await mailed({}, { port: 1 });
    await expect(send()).rejects.toMatchObject({ kind: 'unavailable', nothingSent: true });
  });

  test('beyond this machine to a server without encryption', async () => {
    const { mails, send } = await mailed({}, { isLocal: false });
    await expect(send()).rejects.toMatchObject({
      kind: 'unavailable',
      nothingSent: true,
      message: expect.stringMatching(/no TLS that can be trusted/),
    });
    expect(mails).toEqual([]);
  });
});

test.each(['silence', 'hang up'] as const)(
  'after the message was given, %s means that nobody knows',
  async (onMessage) => {
    const { mails, send } = await mailed({ onMessage });
    await expect(send()).rejects.toMatchObject({
      kind: 'outcome_unknown',
      nothingSent: false,
      message: expect.stringMatching(/may or may not have arrived/),
    });
    expect(mails).toHaveLength(1);
  },
);
