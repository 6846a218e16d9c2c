import * as z from 'zod';
import { getContact, listContacts } from '../../operations/contacts.ts';
import { day, flag, text } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { listOrganizations } from '../../operations/organizations.ts';
import { getLowStockReport } from '../../operations/reports.ts';
import { confirmSalesOrder, createSalesOrder, listSalesOrders } from '../../operations/sales-orders.ts';
import { listWarehouseItems, listWarehouses } from '../../operations/warehouses.ts';
import { allocate } from '../allocation.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { parseBy } from '../rows.ts';
import { readSupplies } from '../supply.ts';
import { readElsewhere } from './elsewhere.ts';
import { planOf } from './place-sales-order-plan.ts';
import { orderInput, prepareOrder, refuseShort } from './place-sales-order-prepare.ts';
import { runPlaced } from './place-sales-order-run.ts';
import { splitOf, splitPlan } from './place-sales-order-split.ts';
import type { PlaceSteps } from './place-sales-order-steps.ts';

const input = {
  ...orderInput,
  confirm: flag('false leaves a draft, which reserves nothing').default(true),
  if_short: z
    .enum(['refuse', 'partial', 'backorder', 'split'])
    .describe('partial: only what can be promised; backorder: all; split: the rest as a second order')
    .default('refuse'),
  reference_number: text(100, "The customer's own order number").optional(),
  date: day().optional(),
  shipment_date: day().optional(),
  notes: text(5_000).optional(),
};
const schema = z.strictObject(input);
type Order = z.infer<typeof schema>;

const ifShort =
  'Order less, or set if_short: partial orders what can be promised, backorder orders all and lets the rest wait, split makes a second order of the rest.';

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan<PlaceSteps>> {
  const order = parseBy(schema, raw);
  const { confirm, if_short } = order;
  const api = bindApi(given, context);
  const { lines, ...prepared } = await prepareOrder(api, order, context);

  context.progress('Checking the stock');
  const rows = new Map(prepared.rows);
  const { supplies } = await readSupplies(api, lines, rows);
  const allocations = allocate(lines, supplies, { beyond: if_short === 'backorder' });
  const whole = lines.flatMap((line, index) => {
    const allocation = allocations[index];
    return allocation ? [{ line, allocation, ordered: line.quantity }] : [];
  });
  const { now, rest } = splitOf(whole, supplies);
  const isSplit = if_short === 'split' && rest.length > 0;
  const placed = isSplit
    ? now
    : if_short === 'partial'
      ? whole.map((one) => ({ ...one, ordered: one.allocation.promised })).filter(({ ordered }) => ordered > 0n)
      : whole;
  if (if_short === 'refuse' || placed.length === 0) refuseShort(lines, allocations, rows, ifShort);
  const elsewhere = await readElsewhere(
    api,
    placed.map(({ line, ordered }) => ({ ...line, quantity: ordered })),
    rows,
  );
  const cuts = if_short === 'partial' ? whole.map(({ line, allocation }) => ({ line, cut: allocation.short })) : [];
  const found = {
    ...prepared,
    rows,
    header: headerOf(order),
    confirm,
    placed,
    cuts: cuts.filter(({ cut }) => cut > 0n),
    elsewhere,
    today: context.today,
  };
  return isSplit ? splitPlan(found, rest) : planOf(found);
}

function headerOf({ reference_number, date, shipment_date, notes }: Order): Record<string, string> {
  const given = { reference_number, date, shipment_date, notes };
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

export const placeSalesOrder: WriteWorkflow = {
  name: 'place_sales_order',
  title: 'Place sales order',
  description:
    'Takes an order: checks all lines, creates the sales order and confirms it, which reserves its stock. Short lines: nothing is written unless if_short says so. Ambiguous names answer with candidates. Spends 13 calls at most for 10 lines.',
  toolset: 'sales',
  input,
  uses: [
    listContacts,
    getContact,
    listItems,
    getItem,
    listWarehouses,
    listWarehouseItems,
    listOrganizations,
    listSalesOrders,
    getLowStockReport,
    createSalesOrder,
    confirmSalesOrder,
  ],
  plan,
  run: runPlaced,
};
