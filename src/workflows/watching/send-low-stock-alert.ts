import * as z from 'zod';
import { Denied } from '../../errors.ts';
import { getLowStockReport } from '../../operations/reports.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { formatMicro } from '../numbers.ts';
import { parseBy } from '../rows.ts';
import { type Alert, type AlertWay, asDemo, getAlertWays, sendAlert, waysReply } from './alert-port.ts';
import { alertOf, type LowStock, nothingLow, readLowStock } from './low-stock-rows.ts';
import { runSending, type SendingSteps } from './send-alert-run.ts';

const input = {
  again: z.boolean().default(false).describe('Even if it was, or may have been, sent within the hour'),
};
const schema = z.strictObject(input);

/** The settings that name somebody to send to; said to whoever has none. */
export const alertSettings =
  'INVENTORY_ALERT_WEBHOOK, or INVENTORY_SMTP_URL with INVENTORY_ALERT_TO and INVENTORY_ALERT_FROM';

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan<SendingSteps>> {
  const { again } = parseBy(schema, raw);
  const api = bindApi(given, context);
  const readWays = async (about: { alert?: Alert }) => parseBy(waysReply, await api.call('get_alert_ways', about));
  if ((await readWays({})).ways.length === 0)
    throw new Denied(`There is nobody to send to. The operator has to set ${alertSettings}.`, { nothingSent: true });
  const stock = await readLowStock(api);
  const alert = alertOf(stock, context.today);
  if (nothingLow(stock)) return nothing('Nothing is low: there is no alert to send.', alert);
  const { ways, demo } = await readWays({ alert });
  const chosen = again ? ways : ways.filter(({ earlier }) => earlier === undefined);
  const held = again ? [] : ways.filter(({ earlier }) => earlier !== undefined);
  if (chosen.length === 0) return nothing(held.map(heldWords).join(' '), alert);
  const { subject, text } = demo ? asDemo(alert) : alert;
  const to = chosen.map(({ words }) => words).join(', and ');
  return {
    summary: `Send the low stock alert of ${context.today} (${stock.low.length} low, ${stock.short.length} short) ${briefly(chosen)}`,
    preview: [
      `Goes out ${to}.`,
      ...held.map(heldWords),
      ...chosen.flatMap((way) => (way.earlier ? [`${earlierWords(way)} A yes sends it again.`] : [])),
      'It leaves this server and cannot be called back.',
      `Subject: ${subject}`,
      ...text.split('\n'),
    ],
    restsOn: { ways: ways.map(({ way, to, earlier }) => ({ way, to, earlier: earlier?.id })), stock: figuresOf(stock) },
    steps: {
      alert,
      ways: chosen.map(({ way, to, words, earlier }) => ({
        way,
        to,
        words,
        ...(earlier ? { after: earlier.id } : {}),
      })),
      note: held.map(heldWords).join(' '),
    },
    documents: chosen.length,
    raises: [],
    amountMinor: 0,
  };
}

const nothing = (note: string, alert: Alert): Plan<SendingSteps> => ({
  summary: 'Send no low stock alert',
  preview: [note],
  restsOn: {},
  steps: { alert, ways: [], note },
  documents: 0,
  raises: [],
  amountMinor: 0,
  nothingToDo: true,
});

/** Fits a summary, however many addresses there are. */
function briefly(ways: readonly AlertWay[]): string {
  return ways
    .map(({ way, to: [first = '', ...rest] }) => {
      const others = rest.length === 0 ? '' : ` and ${rest.length} more`;
      return way === 'webhook' ? `to the webhook at ${first}` : `to ${first}${others}`;
    })
    .join(' and ');
}

const clock = (ms: number): string => `${new Date(ms).toISOString().slice(11, 16)} UTC`;

function earlierWords({ words, earlier }: AlertWay): string {
  if (!earlier) return '';
  const at = clock(earlier.at_ms);
  return earlier.status === 'sent'
    ? `This very alert was sent ${words} at ${at}.`
    : `This very alert was being sent ${words} at ${at}, and nobody knows whether it arrived.`;
}

const heldWords = (way: AlertWay): string =>
  `${earlierWords(way)} It is not sent again within the hour, unless with again: true.`;

const figuresOf = ({ low, short }: LowStock) =>
  [...low, ...short].map((item) => [item.itemId, ...[item.onHand, item.available, item.level].map(formatMicro)]);

/** Sends what `low_stock_alert` shows. Answers `{ message, sent, already_sent? }`. */
export const sendLowStockAlert: WriteWorkflow = {
  name: 'send_low_stock_alert',
  title: 'Send low stock alert',
  description:
    'Mails low_stock_alert to the recipients the operator set, or posts it to their webhook; the same alert once an hour. 1 call. Cannot be called back.',
  // Not with the reports: a server of reports alone needs no yes and none of its tools.
  toolset: 'stock',
  input,
  uses: [getLowStockReport, getAlertWays, sendAlert],
  plan,
  run: runSending,
};
