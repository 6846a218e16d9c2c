import * as z from 'zod';
import { InvalidArguments, Rejected } from '../../errors.ts';
import { day, flag, money, quantity, someText, text } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { listOrganizations } from '../../operations/organizations.ts';
import { getPurchaseOrder, listPurchaseOrders, updatePurchaseOrder } from '../../operations/purchase-orders.ts';
import { getSalesOrder, listSalesOrders, updateSalesOrder } from '../../operations/sales-orders.ts';
import { listWarehouseItems, listWarehouses } from '../../operations/warehouses.ts';
import { bindApi } from '../api.ts';
import { baseCurrency } from '../currency.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { exchangeOf } from '../order-lines.ts';
import { earlyRaises } from '../order-rules.ts';
import { type AnyOrder, resolveAnyOrder } from '../resolve-order.ts';
import { parseBy, type Row, textIn } from '../rows.ts';
import { named } from '../text.ts';
import { costRaises } from './amend-order-cost.ts';
import { amendLines } from './amend-order-lines.ts';
import { planOf } from './amend-order-plan.ts';
import { type AmendSteps, runAmended } from './amend-order-run.ts';
import { besideRaises, readEffects } from './amend-order-stock.ts';

const line = z.strictObject({
  item: someText(200, 'Id, SKU, exact name or line_item_id; a new one is added'),
  quantity: quantity('New total; 0 removes').optional(),
  rate: money().optional(),
  warehouse: someText(200, 'Of a new line').optional(),
});

const input = {
  order: someText(100, 'Id or number'),
  lines: z.array(line).min(1).max(100).optional(),
  close_short: flag('All lines, or those named alone, down to what is done').optional(),
  shipment_date: day().optional(),
  expected_delivery_date: day('Purchases').optional(),
  reference_number: text(100).optional(),
  notes: text(5_000).optional(),
};
const schema = z.strictObject(input);
type Wish = z.infer<typeof schema>;

const numberOf = ({ row }: AnyOrder): string => named(row.salesorder_number, 40) || named(row.purchaseorder_number, 40);

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan<AmendSteps>> {
  const wish = parseBy(schema, raw);
  const api = bindApi(given, context);
  context.progress('Finding the order');
  const order = await resolveAnyOrder(api, wish.order);
  refuseEnded(order);
  const header = headerOf(wish, order);
  const { lines = [], close_short: closeShort = false } = wish;
  const amended =
    lines.length > 0 || closeShort
      ? await amendLines(api, order, { lines, closeShort })
      : { sent: [], rows: new Map() };
  context.progress('Checking the stock');
  const effects = await readEffects(api, order, amended);
  const even = exchangeOf(order.row) === 1_000_000_000n;
  const currency = textIn(order.row, 'currency_code');
  const own = textIn(order.row, 'base_currency_code') || (even ? currency : '');
  const base = own || (await baseCurrency(api, context));
  const money = { currency: currency || base, base };
  const raises = [
    ...earlyRaises(order.row, header, context.today),
    ...besideRaises(effects.changes),
    ...(await costRaises(api, order, effects, amended.rows, money)),
  ];
  return planOf({ order, number: numberOf(order), header, effects, raises, ...money });
}

/** The fields of the order itself, as the update takes them; throws for what this kind of order does not have. */
function headerOf({ shipment_date, expected_delivery_date, reference_number, notes }: Wish, order: AnyOrder): Row {
  const strange = order.kind === 'sales' ? expected_delivery_date : shipment_date;
  if (strange !== undefined) {
    const words =
      order.kind === 'sales'
        ? 'a sales order; its date is shipment_date'
        : 'a purchase order; its date is expected_delivery_date';
    throw new InvalidArguments(`${numberOf(order)} is ${words}. Nothing was written.`, { nothingSent: true });
  }
  const fields = { shipment_date, expected_delivery_date, reference_number, notes };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What is over is not changed; a purchase order that came in whole may be raised again. */
function refuseEnded(order: AnyOrder): void {
  const status = textIn(order.row, 'status').toLowerCase();
  const isOver = /^(void|cancelled)$/.test(status) || (order.kind === 'sales' && status === 'closed');
  if (!isOver) return;
  throw new Rejected(`${numberOf(order)} is ${status} and cannot be changed. Nothing was written.`, {
    nothingSent: true,
    facts: { status },
  });
}

export const amendOrder: WriteWorkflow = {
  name: 'amend_order',
  title: 'Amend order',
  description:
    'Changes a sales or purchase order: quantities, rates, new lines, removed ones, closed short, dates. Lines not named stay; none falls below what is packed or received. Spends 4 calls + 1 an item.',
  toolset: 'sales',
  input,
  uses: [
    listSalesOrders,
    getSalesOrder,
    listPurchaseOrders,
    getPurchaseOrder,
    listItems,
    getItem,
    listWarehouses,
    listWarehouseItems,
    listOrganizations,
    updateSalesOrder,
    updatePurchaseOrder,
  ],
  plan,
  run: runAmended,
};
