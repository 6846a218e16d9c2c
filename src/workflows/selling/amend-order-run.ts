import * as z from 'zod';
import type { Reply } from '../../client/client.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { formatMoney, minorDigits, parseScaled } from '../numbers.ts';
import { listed } from '../order-rules.ts';
import { createSteps } from '../partly-done.ts';
import { parseBy, type Row, rowIn, rowsIn, textIn } from '../rows.ts';
import { named, plainText } from '../text.ts';
import { keeps, lostOf } from './amend-order-kept.ts';

const steps = z.object({
  kind: z.enum(['sales', 'purchase']),
  /** The very input of the update. */
  update: z.record(z.string(), z.unknown()),
  number: z.string(),
  party: z.string(),
  currency: z.string(),
  /** What changes, in words. */
  changes: z.array(z.string()),
  /** The total as it was. */
  before: z.string(),
  /** What must be found in the answer. */
  keeps: keeps.default({ head: {}, unsent: {} }),
  /** What the update replaces, for an undo. */
  former: z.object({ fields: z.record(z.string(), z.unknown()), unkept: z.array(z.string()) }).optional(),
  /** Why there is nothing to do; absent where there is. */
  nothing: z.string().optional(),
});
export type AmendSteps = z.infer<typeof steps>;

/** Lines told in the result at most; the order is read whole with get_sales_order. */
const mostLines = 50;

/** One write: the update with the whole list. */
export async function runAmended(given: Api, plan: Plan, context: WorkflowContext): Promise<Reply> {
  const todo = parseBy(steps, plan.steps);
  const { kind, number, party, nothing } = todo;
  if (nothing !== undefined) return { message: nothing };
  const api = bindApi(given, context);
  const key = `${kind}order` as const; // literals, so that both keys follow
  const id = String(todo.update[`${key}_id`]);
  const title = `changing ${number}`;
  const step = createSteps({ titles: [title], goOn: () => '', progress: context.progress });
  const reply = await step({
    title,
    write: () => api.call(kind === 'sales' ? 'update_sales_order' : 'update_purchase_order', todo.update),
    told: () => ({ done: `changed ${number}` }),
    look: `Look with get_${kind}_order (${key}_id ${id}) whether its lines are as wanted.`,
  });
  const order = rowIn(reply, key);
  const lines = rowsIn(order, 'line_items');
  const lost = lostOf(todo.keeps, rowsIn(todo.update, 'line_items'), order);
  return {
    message: `${number} for ${named(party)} is changed: ${todo.changes.join('; ')}.${totalWords(order, todo)}${lostWords(lost, kind)}`,
    [key]: {
      [`${key}_id`]: id,
      [`${key}_number`]: textIn(order, `${key}_number`) || number,
      status: textIn(order, 'status'),
      line_items: lines.slice(0, mostLines).map(lineRow),
      ...kept(order, ['shipment_date', 'expected_delivery_date', 'reference_number', 'currency_code', 'total']),
    },
    ...(lost.length > 0 ? { not_as_meant: lost } : {}),
    ...(lines.length > mostLines ? { note: `${mostLines} of ${lines.length} lines; get_${kind}_order has all.` } : {}),
  };
}

const lostWords = (lost: readonly string[], kind: AmendSteps['kind']): string =>
  lost.length === 0
    ? ''
    : ` The service answered otherwise than it was asked: ${listed(lost)}. Look with get_${kind}_order and put it right.`;

const lineRow = (row: Row) => ({
  line_item_id: textIn(row, 'line_item_id'),
  item_id: textIn(row, 'item_id'),
  ...(textIn(row, 'sku') === '' ? { name: plainText(row.name) } : { sku: plainText(row.sku, 60) }),
  ...kept(row, ['quantity', 'rate', 'quantity_packed', 'quantity_shipped', 'quantity_received', 'item_total']),
});

function totalWords(order: Row, { currency, before }: AmendSteps): string {
  const [was, is] = [before, order.total].map((total) => parseScaled(total, minorDigits(currency)));
  if (was === undefined || is === undefined) return '';
  return was === is
    ? ` Its total stays ${formatMoney(is, currency)}.`
    : ` Total ${formatMoney(was, currency)} -> ${formatMoney(is, currency)}.`;
}

const kept = (row: Row, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.filter((key) => row[key] !== undefined && row[key] !== '').map((key) => [key, row[key]]));
