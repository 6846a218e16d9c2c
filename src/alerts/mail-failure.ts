import { type InventoryError, OutcomeUnknown, Rejected, Unavailable } from '../errors.ts';
import { secondsOf } from './way.ts';

/** What is told of an error of the mail library: never its text, in which the server may repeat what it was sent. */
interface Told {
  readonly code?: unknown;
  /** Of the server: 535, 550. */
  readonly responseCode?: unknown;
  readonly command?: unknown;
}

interface Sending {
  /** The message itself had begun to leave. */
  readonly hasLeft: boolean;
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly timeoutMs: number;
}

/** A server that says no has not taken the message; one that says nothing may have, once it was given it. */
export function mailFailure(error: unknown, sending: Sending): InventoryError {
  const told: Told = typeof error === 'object' && error !== null ? error : {};
  const server = `The mail server ${sending.host}:${sending.port}`;
  if (typeof told.responseCode === 'number' && told.responseCode >= 400 && told.code !== 'ETLS')
    return new Rejected(`${server} ${refusalWords(told, sending)} (${told.responseCode}). No mail was sent.`, {
      nothingSent: true,
    });
  const why = silenceWords(told, sending.timeoutMs);
  if (sending.hasLeft)
    return new OutcomeUnknown(`${server} ${why} after it was given the mail: it may or may not have arrived.`);
  return new Unavailable(`${server} ${why}. No mail was sent.`, { nothingSent: true });
}

function refusalWords({ code, command }: Told, { from, to }: Sending): string {
  if (code === 'EAUTH') return 'refused the user or password of INVENTORY_SMTP_URL';
  if (command === 'MAIL FROM') return `refused the sender ${from} (INVENTORY_ALERT_FROM)`;
  if (command === 'RCPT TO') return `refused ${to.length === 1 ? 'the recipient' : 'all recipients'} ${to.join(', ')}`;
  if (command === 'DATA') return 'refused the message';
  return 'refused the connection';
}

function silenceWords({ code }: Told, timeoutMs: number): string {
  if (code === 'ETIMEDOUT') return `did not answer in ${secondsOf(timeoutMs)}`;
  if (code === 'EDNS') return 'has a name that cannot be found';
  if (code === 'ETLS') return 'offers no TLS that can be trusted, without which nothing is sent beyond this machine';
  if (code === 'EAUTH') return 'takes no user and password';
  return 'cannot be reached or broke off';
}
