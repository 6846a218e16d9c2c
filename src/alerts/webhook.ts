import { createHash } from 'node:crypto';
import { OutcomeUnknown, Rejected, Unavailable } from '../errors.ts';
import { secondsOf, type Way } from './way.ts';

export interface WebhookOptions {
  /** Whole address, mostly with a token in its path: a secret. */
  readonly url: string;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** What fetch says when no byte of the request can have left: the name, the connection or the certificate failed. */
const beforeSending =
  /^(ENOTFOUND|EAI_|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|EPROTO|CERT_|DEPTH_|SELF_|UNABLE_|ERR_TLS_|ERR_SSL_)/;

/** Chat programs read a mention or a link out of angle brackets. */
const withoutBrackets = (text: string): string => text.replaceAll('<', '‹').replaceAll('>', '›');

/** Posts the alert as JSON; its `text` is what the incoming webhooks of chat programs show. */
export function createWebhook({ url, timeoutMs = 15_000, fetch: ask = fetch }: WebhookOptions): Way {
  const { host } = new URL(url);
  const refused = (words: string) => new Rejected(`The webhook at ${host} ${words}. It did not take the alert.`);
  return {
    way: 'webhook',
    to: [host],
    words: `to the webhook at ${host}`,
    mark: createHash('sha256').update(url).digest('hex'),
    send: async ({ subject, text, items }, id) => {
      const body = JSON.stringify({
        event: 'stock_alert',
        id,
        subject: withoutBrackets(subject),
        text: withoutBrackets(text),
        items,
      });
      const headers = { 'content-type': 'application/json', 'idempotency-key': id };
      let status: number;
      try {
        // Another host was not set by the operator, and the token is not for it.
        const options = { method: 'POST', headers, body, redirect: 'manual' } as const;
        const reply = await ask(url, { ...options, signal: AbortSignal.timeout(timeoutMs) });
        status = reply.status;
        // Whatever it says, the status is the answer. One that cannot be thrown away changes nothing.
        await reply.body?.cancel().catch(() => undefined);
      } catch (error) {
        throw failed(error, host, timeoutMs);
      }
      if (status >= 200 && status < 300) return { refused: [] };
      if (status >= 300 && status < 400)
        throw refused(`answered with a redirect (${status}), which is not followed. Set its new address`);
      if (status === 401 || status === 403 || status === 404 || status === 410)
        throw refused(`answered ${status}. Look whether INVENTORY_ALERT_WEBHOOK is still right`);
      throw refused(`answered ${status}`);
    },
  };
}

function failed(error: unknown, host: string, timeoutMs: number): Error {
  const { cause, name } = error instanceof Error ? error : new Error();
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  // Ports that fetch refuses by itself have no code.
  if (beforeSending.test(code) || (cause instanceof Error && cause.message === 'bad port')) {
    const why = /^(CERT_|DEPTH_|SELF_|UNABLE_|ERR_|EPROTO)/.test(code)
      ? 'has no connection to trust'
      : 'cannot be reached';
    return new Unavailable(`The webhook at ${host} ${why}. Nothing was sent to it.`, { nothingSent: true });
  }
  const why = name === 'TimeoutError' ? `did not answer in ${secondsOf(timeoutMs)}` : 'broke off before it answered';
  return new OutcomeUnknown(`The webhook at ${host} ${why}: the alert may or may not have arrived.`);
}
