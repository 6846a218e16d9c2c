import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Unavailable } from '../errors.ts';
import type { Alert } from '../workflows/watching/alert-port.ts';
import { mailFailure } from './mail-failure.ts';
import type { Way } from './way.ts';

export interface MailOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. Else STARTTLS is required, but for `isLocal`. */
  readonly isSecure: boolean;
  /** Never leaves this machine, so that it may stay unencrypted. */
  readonly isLocal: boolean;
  readonly login?: { readonly user: string; readonly password: string };
  readonly from: string;
  readonly to: readonly string[];
  /** A silence of so long is given up, and all of it after twice that. */
  readonly timeoutMs?: number;
}

/** Mails the alert: one message to all recipients, as text and HTML. */
export function createMail(options: MailOptions): Way {
  const { host, port, from, to } = options;
  return {
    way: 'email',
    to,
    words: `by e-mail to ${to.join(', ')}`,
    mark: createHash('sha256')
      .update(JSON.stringify([host, port, from, to]))
      .digest('hex'),
    send: async (alert, id) => {
      const message = await messageOf(alert, id, options).catch(notComposed);
      return { refused: await deliver(message, options) };
    },
  };
}

/** No server was spoken to yet. */
function notComposed(error: unknown): never {
  const message =
    'The mail could not be put together: a part of this installation is missing or broken. No mail was sent.';
  throw new Unavailable(message, { cause: error, nothingSent: true });
}

/** The composer encodes what stands in a header; no name of an item does. */
async function messageOf({ subject, text, html }: Alert, id: string, { from, to }: MailOptions): Promise<Buffer> {
  const { MailComposer } = await import('./mail-library.ts');
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const headers = { 'Auto-Submitted': 'auto-generated' };
  // A mailbox that gets the same sending twice knows it by its id.
  const mail = { from, to: [...to], subject, text, html, headers, messageId: `<${id}@${domain}>` };
  // What an alert says is text: no address in it is opened, no file of that name is read.
  return new MailComposer({ ...mail, disableFileAccess: true, disableUrlAccess: true }).compile().build();
}

/** The recipients who were refused while others were not. Throws where nobody got it. */
async function deliver(message: Buffer, options: MailOptions): Promise<readonly string[]> {
  const { SmtpConnection } = await import('./mail-library.ts');
  const { host, port, isSecure, isLocal, login, from, to, timeoutMs = 15_000 } = options;
  const connection = new SmtpConnection({
    ...{ host, port, secure: isSecure, requireTLS: !isSecure && !isLocal, ignoreTLS: isLocal },
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs },
  });
  let hasLeft = false;
  // Read when the server has said that it takes the message, and not before.
  const body = Readable.from(
    (function* () {
      hasLeft = true;
      yield message;
    })(),
  );
  let timer: NodeJS.Timeout | undefined;
  const delivered = new Promise<readonly string[]>((resolve, reject) => {
    const fail = (error: unknown, afterMs = timeoutMs) => {
      reject(mailFailure(error, { hasLeft, host, port, from, to, timeoutMs: afterMs }));
      connection.close();
    };
    // A server that says a word now and then is never silent for long enough.
    timer = setTimeout(() => fail({ code: 'ETIMEDOUT' }, 2 * timeoutMs), 2 * timeoutMs);
    connection.on('error', fail);
    // Closed from outside in the middle, which is no error to the connection.
    connection.on('end', () => fail(undefined));
    const send = () =>
      connection.send({ from, to: [...to], size: message.length }, body, (error, info) => {
        if (error) return fail(error);
        resolve((info?.rejected ?? []).map(String));
        connection.quit();
      });
    connection.connect((error) => {
      if (error) return fail(error);
      if (!login) return send();
      connection.login({ credentials: { user: login.user, pass: login.password } }, (refused) =>
        refused ? fail(refused) : send(),
      );
    });
  });
  return delivered.finally(() => clearTimeout(timer));
}
