import { createHash } from 'node:crypto';
import type { CallOptions, Client, Reply } from '../client/client.ts';
import type { Attempt, Traced } from '../client/lost/attempt.ts';
import { Denied, InventoryError, OutcomeUnknown, Rejected, Unavailable } from '../errors.ts';
import type { Input, Operation } from '../operations/define.ts';
import type { SharedStore } from '../state/state.ts';
import { parseBy } from '../workflows/rows.ts';
import { type Alert, asDemo, getAlertWays, sendAlert, sendInput, waysReply } from '../workflows/watching/alert-port.ts';
import type { Way } from './way.ts';

/** The same alert to the same recipients is not sent twice within it. */
const quietMs = 60 * 60_000;
/** Whoever finds it unheld knows that the process of a sending is gone. Renewed while it lasts. */
const leaseMs = 10_000;
const renewMs = 3_000;

export interface OutboxParts {
  readonly ways: readonly Way[];
  readonly state: Pick<SharedStore, 'get' | 'put' | 'remove' | 'lease' | 'release'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomId: () => string;
  readonly organization: string;
  /** The stock is that of the embedded demo company. */
  readonly demo: boolean;
}

/** Of an alert that was given to a way. Kept before it leaves, so that one whose process died is still known of. */
interface Sending {
  readonly id: string;
  readonly status: 'sending' | 'sent';
  readonly at_ms: number;
}

/** Sends alerts, each at most once within the hour unless somebody knows of the first and wants it again. */
export function createOutbox({ ways, state, now, randomId, organization, demo }: OutboxParts) {
  const keyOf = ({ way, mark }: Way, { subject, text }: Alert): string => {
    const content = JSON.stringify([organization, way, mark, subject, text]);
    return `alert:${createHash('sha256').update(content).digest('hex')}`;
  };

  const earlierOf = async (key: string) => (await state.get(key, now())) as Sending | undefined; // parse boundary: our own value, put below

  async function tellWays(input: Input): Promise<Reply> {
    const alert = input.alert as Alert | undefined; // parse boundary: written by the workflow
    const told = await Promise.all(
      ways.map(async (one) => {
        const earlier = alert && (await earlierOf(keyOf(one, alert)));
        return { way: one.way, to: one.to, words: one.words, ...(earlier ? { earlier } : {}) };
      }),
    );
    return parseBy(waysReply, { ways: told, demo });
  }

  async function send(raw: Input, options: CallOptions): Promise<Reply> {
    const { way: name, to, alert, after } = parseBy(sendInput, raw);
    const way = ways.find((one) => one.way === name && JSON.stringify(one.to) === JSON.stringify(to));
    if (!way)
      throw new Denied('The operator set other recipients meanwhile. Nothing was sent; call again for a new preview.', {
        nothingSent: true,
      });
    const key = keyOf(way, alert);
    const id = randomId();
    const hold = () => state.lease(key, { holder: id, untilMs: now() + leaseMs, nowMs: now() });
    if (!(await hold()))
      throw new Unavailable('This very alert is being sent at this moment. Ask again in a few seconds.', {
        nothingSent: true,
      });
    const timer = setInterval(() => void hold().catch(() => undefined), renewMs).unref();
    try {
      const earlier = await earlierOf(key);
      if (earlier && earlier.id !== after) return told(earlier);
      // The journal writes it down before anything leaves; what it throws keeps it here.
      await options.onAttempt?.({ id, startedAtMs: now() });
      await state.put(key, sending(id, 'sending'), now() + quietMs, { durable: true });
      return await sendNow(way, alert, { key, id, earlier });
    } finally {
      clearInterval(timer);
      await state.release(key, id).catch(() => undefined);
    }
  }

  async function sendNow(
    way: Way,
    alert: Alert,
    { key, id, earlier }: { key: string; id: string; earlier: Sending | undefined },
  ): Promise<Reply> {
    try {
      const { refused } = await way.send(demo ? asDemo(alert) : alert, id);
      const sent = sending(id, 'sent');
      // It is out: a store that fails now costs a doubt within the hour, not the answer.
      await state.put(key, sent, now() + quietMs, { durable: true }).catch(() => undefined);
      return { status: 'sent', sent_at: timeOf(sent), ...(refused.length === 0 ? {} : { refused: [...refused] }) };
    } catch (error) {
      // What surely did not arrive may be sent at once; what was known of before it is known again.
      const isOpen = !(error instanceof InventoryError) || error instanceof OutcomeUnknown;
      if (!isOpen)
        await (earlier ? state.put(key, earlier, earlier.at_ms + quietMs) : state.remove(key)).catch(() => undefined);
      throw error;
    }
  }

  /** A sending that another process began: done where it is known so, and else nobody can tell. */
  async function trace(raw: Input, { id }: Attempt): Promise<Traced> {
    const { way: name, alert } = parseBy(sendInput, raw);
    const way = ways.find((one) => one.way === name);
    const kept = way && (await earlierOf(keyOf(way, alert)));
    if (kept?.id === id && kept.status === 'sent')
      return { kind: 'done', reply: { status: 'sent', sent_at: timeOf(kept) } };
    return { kind: 'unclear', why: 'what left by mail or webhook cannot be looked for', facts: {} };
  }

  const sending = (id: string, status: Sending['status']): Sending => ({ id, status, at_ms: now() });

  return { tellWays, send, trace };
}

function told(earlier: Sending): Reply {
  if (earlier.status === 'sent') return { status: 'already_sent', sent_at: timeOf(earlier) };
  const message =
    'This alert was begun to be sent meanwhile, and nobody knows whether it arrived. Nothing was sent now.';
  throw new Rejected(message, { nothingSent: true });
}

const timeOf = ({ at_ms }: Sending): string => new Date(at_ms).toISOString();

/** The client, with what is no call of the API answered by the outbox. */
export function withOutbox<C extends Client>(client: C, outbox: ReturnType<typeof createOutbox>): C {
  const call = (operation: Operation, input: Input, options: CallOptions = {}): Promise<Reply> => {
    if (operation === getAlertWays) return outbox.tellWays(input);
    if (operation === sendAlert) return outbox.send(input, options);
    return client.call(operation, input, options);
  };
  const trace: Client['trace'] = (operation, input, attempt, options) =>
    operation === sendAlert ? outbox.trace(input, attempt) : client.trace(operation, input, attempt, options);
  return { ...client, call, trace };
}
