import * as z from 'zod';
import { InvalidArguments, Rejected } from '../../errors.ts';
import { getContact, listContacts } from '../../operations/contacts.ts';
import { day, quantity, someText, text } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { listOrganizations } from '../../operations/organizations.ts';
import { createPackage, getPackage, shipPackage } from '../../operations/packages.ts';
import { confirmSalesOrder, createSalesOrder, getSalesOrder, listSalesOrders } from '../../operations/sales-orders.ts';
import { listWarehouseItems, listWarehouses } from '../../operations/warehouses.ts';
import { bindApi } from '../api.ts';
import { readPlaces } from '../availability.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { resolveSalesOrder } from '../resolve-order.ts';
import { parseBy, type Row, textIn } from '../rows.ts';
import { named, plainText } from '../text.ts';
import { choose } from './fulfil-sales-order-choice.ts';
import { linesOfOrder, readOpenPackages, unpackedOf } from './fulfil-sales-order-lines.ts';
import { type NewOrder, prepareNew } from './fulfil-sales-order-new.ts';
import { planOf } from './fulfil-sales-order-plan.ts';
import { runFulfilment } from './fulfil-sales-order-run.ts';
import { withScanned } from './fulfil-sales-order-scanned.ts';
import type { FulfilSteps } from './fulfil-sales-order-steps.ts';
import { needsOf, readStood } from './fulfil-sales-order-stock.ts';
import { orderInput } from './place-sales-order-prepare.ts';

const input = {
  sales_order: someText(100, 'Id or number; or customer and items for a new one').optional(),
  customer: orderInput.customer.optional(),
  items: orderInput.items.optional(),
  lines: z
    .array(
      z.strictObject({
        item: someText(200, 'Id, SKU, barcode or name'),
        quantity: quantity().refine((value) => value > 0, 'must be more than 0'),
      }),
    )
    .min(1)
    .max(100)
    .describe('Only these, else all that is left')
    .optional(),
  carrier: someText(100, 'Without it the job stops at packed').optional(),
  tracking_number: someText(100).optional(),
  date: day().optional(),
  notes: text(5_000).optional(),
};
const schema = z.strictObject(input);
type Wish = z.infer<typeof schema>;

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan<FulfilSteps>> {
  const wish = parseBy(schema, raw);
  refuseUnclear(wish);
  const api = bindApi(given, context);
  const { sales_order, customer, items } = wish;
  if (sales_order !== undefined) return planExisting(api, sales_order, wish, context);
  // Both are there: refuseUnclear saw to it.
  const order = await prepareNew(api, { customer: customer ?? '', items: items ?? [], date: wish.date }, context);
  return planNew(api, order, wish, context);
}

/** Refuses what is neither an order that is there nor a whole new one. */
function refuseUnclear({ sales_order, customer, items, carrier, tracking_number }: Wish): void {
  const refuse = (message: string) => new InvalidArguments(`${message} Nothing was written.`, { nothingSent: true });
  if (sales_order !== undefined && (customer !== undefined || items !== undefined))
    throw refuse('Give sales_order for an order that is there, or customer and items for a new one; not both.');
  if (sales_order === undefined && (customer === undefined || items === undefined))
    throw refuse('Give sales_order (id or number), or customer and items for a new order.');
  if (tracking_number !== undefined && carrier === undefined)
    throw refuse('A tracking_number needs its carrier: without a carrier nothing is shipped.');
}

async function planNew(api: Api, order: NewOrder, wish: Wish, context: WorkflowContext): Promise<Plan<FulfilSteps>> {
  const { lines, rows, place, created, customer } = order;
  const isShipped = wish.carrier !== undefined;
  const choice = choose({ lines, open: [], wanted: await withScanned(api, lines, wish.lines), isShipped });
  const needs = needsOf({ lines, open: [], choice, isShipped, isPromised: false });
  const stood = await readStood(api, needs, place, rows);
  const found = { order: undefined, created, confirm: true, lines, open: [], choice, stood, customer };
  return planOf({ ...found, carriage: wish, notes: wish.notes, today: context.today });
}

async function planExisting(api: Api, term: string, wish: Wish, context: WorkflowContext): Promise<Plan<FulfilSteps>> {
  context.progress('Finding the order');
  const order = await resolveSalesOrder(api, term);
  const lines = linesOfOrder(order);
  const status = textIn(order, 'status').toLowerCase();
  refuseEnded(
    order,
    status,
    lines.some((line) => unpackedOf(line) > 0n),
  );
  const open = await readOpenPackages(api, order, lines);
  const isShipped = wish.carrier !== undefined;
  const choice = choose({ lines, open, wanted: await withScanned(api, lines, wish.lines), isShipped });
  const confirm = status === 'draft';
  context.progress('Checking the stock');
  const needs = needsOf({ lines, open, choice, isShipped, isPromised: !confirm });
  const rows = new Map<string, Row>();
  const place = await readPlaces(
    api,
    needs.filter(({ warehouseId }) => warehouseId !== ''),
    rows,
  );
  const stood = await readStood(api, needs, place, rows);
  const customer = plainText(order.customer_name, 60) || 'no customer name';
  const found = { order, created: undefined, confirm, lines, open, choice, stood, customer };
  return planOf({ ...found, carriage: wish, notes: wish.notes, today: context.today });
}

/** An order that is over takes no more packages. */
function refuseEnded(order: Row, status: string, isLeft: boolean): void {
  const isOver = /^(void|cancelled)$/.test(status) || (status === 'closed' && isLeft);
  if (!isOver) return;
  const number = named(order.salesorder_number, 40);
  throw new Rejected(`${number} is ${status}: nothing of it can be packed or shipped. Nothing was written.`, {
    nothingSent: true,
    facts: { salesorder_id: textIn(order, 'salesorder_id'), status },
  });
}

export const fulfilSalesOrder: WriteWorkflow = {
  name: 'fulfil_sales_order',
  title: 'Fulfil sales order',
  description:
    'Confirms, packs and, with a carrier, ships a sales order, one that is there or a new one, after one yes to the whole plan. Packs per warehouse, checks stock first. Shipping cannot be undone. Spends 5 calls + 1 an item.',
  toolset: 'fulfilment',
  input,
  uses: [
    listSalesOrders,
    getSalesOrder,
    getPackage,
    listContacts,
    getContact,
    listItems,
    getItem,
    listWarehouses,
    listWarehouseItems,
    listOrganizations,
    createSalesOrder,
    confirmSalesOrder,
    createPackage,
    shipPackage,
  ],
  alwaysConfirm: true,
  plan,
  run: runFulfilment,
};
