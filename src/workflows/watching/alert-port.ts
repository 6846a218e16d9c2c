import * as z from 'zod';
import type { Operation } from '../../operations/define.ts';

// Sending an alert is no call of the API. To the guard, the journal and the audit it is one more operation all the same, so
// that a yes, a crash and a lost answer mean for it what they mean for every write. The composition root has these two
// answered by its outbox; they are in no catalog, and nothing of them reaches the network of the API.

const someText = z.string().min(1);

/** What is sent, the same to all. */
export const alertShape = z.strictObject({
  /** Ours alone: no name of an item stands in a header. */
  subject: someText,
  text: someText,
  html: someText,
  /** For programs: as the API told it. */
  items: z.array(z.record(z.string(), z.unknown())),
});
export type Alert = z.infer<typeof alertShape>;

const earlier = z.object({
  id: z.string(),
  status: z.enum(['sending', 'sent']),
  at_ms: z.number(),
});

/** A way out that the operator set. */
const wayShape = z.object({
  way: z.string(),
  /** For a person: addresses, or the host of a webhook. No secret. */
  to: z.array(z.string()),
  /** In a sentence, behind "sent": `by e-mail to ops@example.com`. */
  words: z.string(),
  /** This very alert, to these very recipients, within the hour. */
  earlier: earlier.optional(),
});
export type AlertWay = z.infer<typeof wayShape>;

export const waysReply = z.object({
  ways: z.array(wayShape),
  /** The stock is that of the embedded demo company. */
  demo: z.boolean(),
});

export const sendInput = z.strictObject({
  way: z.string(),
  to: z.array(z.string()),
  alert: alertShape,
  /** The earlier sending that this one repeats, knowingly. */
  after: z.string().optional(),
});

const shared = { toolset: 'stock', path: '/alerts', scope: 'none', source: 'none' } as const;

/** `{ ways, demo }`; with `alert`, each way tells whether that was sent already. Spends no call. */
export const getAlertWays: Operation = {
  ...shared,
  name: 'get_alert_ways',
  title: 'Get alert ways',
  description: 'Where alerts can be sent, as the operator set it.',
  method: 'GET',
  effect: 'read',
  input: { alert: alertShape.optional() },
};

/** `{ status: sent | already_sent, sent_at, refused? }`. Spends no call. */
export const sendAlert: Operation = {
  ...shared,
  name: 'send_alert',
  title: 'Send alert',
  description: 'Sends an alert one of the ways that the operator set.',
  method: 'POST',
  effect: 'outward',
  input: sendInput.shape,
};

const demoWords = '[sandbox] Demo data, no real stock.';

/** What is sent of the demo company: nobody is to go shopping for it. */
export const asDemo = ({ subject, text, html, items }: Alert): Alert => ({
  subject: `[sandbox] ${subject}`,
  text: `${demoWords}\n${text}`,
  html: html.replace('<h2>', `<p>${demoWords}</p><h2>`),
  items,
});
