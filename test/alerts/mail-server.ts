import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

export interface Mail {
  readonly from: string;
  /** Of the envelope: who really gets it. */
  readonly to: readonly string[];
  readonly raw: string;
}

export interface MailServerOptions {
  readonly login?: { readonly user: string; readonly password: string };
  /** Recipients it does not take. */
  readonly refuses?: readonly string[];
  /** What it does with a message it was given: an error code, or no answer at all. */
  readonly onMessage?: number | 'silence' | 'hang up';
}

/** A mail server on loopback that ends with the test. */
export async function startMailServer(options: MailServerOptions = {}) {
  const { login, refuses = [] } = options;
  const mails: Mail[] = [];
  const given: (() => void)[] = [];
  const said = (code: number) => Object.assign(new Error('refused by the test'), { responseCode: code });
  const sockets = new Set<{ destroy: () => unknown }>();
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', ...(login ? [] : ['AUTH'])],
    authOptional: login === undefined,
    disableReverseLookup: true,
    logger: false,
    onAuth: ({ username, password }, _, done) =>
      username === login?.user && password === login?.password ? done(null, { user: username }) : done(said(535)),
    onRcptTo: ({ address }, _, done) => (refuses.includes(address) ? done(said(550)) : done()),
    onData: (stream, session, done) => {
      let raw = '';
      stream.on('data', (chunk: Buffer) => {
        raw += chunk.toString('latin1');
      });
      stream.on('end', () => {
        const { onMessage } = options;
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw });
        for (const wake of given.splice(0)) wake();
        if (onMessage === 'hang up') for (const socket of sockets) socket.destroy();
        else if (typeof onMessage === 'number') done(said(onMessage));
        else if (onMessage === undefined) done();
      });
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.server.address() as AddressInfo; // it listens on a port
  return {
    mails,
    port,
    url: login ? `smtp://${login.user}:${login.password}@127.0.0.1:${port}` : `smtp://127.0.0.1:${port}`,
    /** Resolves when it has been given a message. */
    message: () => (mails.length > 0 ? Promise.resolve() : new Promise<void>((resolve) => given.push(resolve))),
  };
}

/** Header lines of a message, folded ones put together. */
export const headersOf = ({ raw }: Mail): string[] => {
  const [head = ''] = raw.split('\r\n\r\n');
  return head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
};

/** The part of this type as its reader sees it. */
export function partOf({ raw }: Mail, type: 'text/plain' | 'text/html'): string {
  const part = raw.split(/\r\n--[^\r\n]+/).find((one) => one.includes(`Content-Type: ${type}`)) ?? '';
  const at = part.indexOf('\r\n\r\n');
  const body = part.slice(at + 4);
  if (/base64/i.test(part.slice(0, at))) return Buffer.from(body, 'base64').toString();
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const isQuoted = /quoted-printable/i.test(part.slice(0, at));
  return (isQuoted ? Buffer.from(bytes, 'latin1').toString() : body).replaceAll('\r\n', '\n');
}
