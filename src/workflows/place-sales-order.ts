import * as z from 'zod';
import { Rejected } from '../errors.ts';
import { getContact, listContacts } from '../operations/contacts.ts';
import { day, flag, money, quantity, someText, text } from '../operations/fields.ts';
import { getItem, listItems } from '../operations/items.ts';
import { listOrganizations } from '../operations/organizations.ts';
import { getLowStockReport } from '../operations/reports.ts';
import { confirmSalesOrder, createSalesOrder, getSalesOrder, listSalesOrders } from '../operations/sales-orders.ts';
import { listWarehouseItems, listWarehouses } from '../operations/warehouses.ts';
import { type Allocation, allocate } from './allocation.ts';
import { bindApi } from './api.ts';
import { isKit, onOrderOf, promisableMicro } from './availability.ts';
import { baseCurrency, type Exchange, readExchange } from './currency.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from './define.ts';
import { readElsewhere } from './elsewhere.ts';
import { formatMicro, microToNumber, parseMicro, rateFromBase } from './numbers.ts';
import { planOf, type Wanted } from './place-sales-order-plan.ts';
import { runPlaced } from './place-sales-order-run.ts';
import type { PlaceSteps } from './place-sales-order-steps.ts';
import { lookUpItems, lookUpWarehouses, refuseProblems, resolveContact } from './resolve.ts';
import { microIn, parseBy, type Row, textIn } from './rows.ts';
import { buildableTogether, partsOf, readSupplies } from './supply.ts';
import { plainText } from './text.ts';

const input = {
  customer: someText(200, 'Id or exact name'),
  items: z
    .array(
      z.strictObject({
        item: someText(200, 'Id, SKU or exact name'),
        quantity: quantity('In the unit of the item').refine((value) => value > 0, 'must be more than 0'),
        rate: money("Unit price in the customer's currency, else the item's").optional(),
        warehouse: someText(200, 'Id or exact name, else the primary one').optional(),
      }),
    )
    .min(1)
    .max(100)
    .describe('Lines'),
  confirm: flag('Reserve the stock; false leaves a draft, which reserves nothing').default(true),
  if_short: z
    .enum(['refuse', 'partial', 'backorder'])
    .describe('partial orders only what can be promised; backorder orders all, beyond stock')
    .default('refuse'),
  reference_number: text(100, "The customer's own order number").optional(),
  date: day('Order date, default today').optional(),
  shipment_date: day('Expected shipment').optional(),
  notes: text(5_000).optional(),
};
const schema = z.strictObject(input);
type Order = z.infer<typeof schema>;

const ordersOfCustomer = {
  list: 'list_sales_orders',
  key: 'salesorders',
  contactKey: 'customer_id',
  number: 'salesorder_number',
} as const;

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan<PlaceSteps>> {
  const order = parseBy(schema, raw);
  const { confirm, if_short } = order;
  const api = bindApi(given, context);
  context.progress('Finding the customer and the items');
  const customer = await resolveContact(api, order.customer, 'customer', { forWrite: true });
  const terms = order.items.map(({ item }) => item);
  const lookup = await lookUpItems(api, terms, { forWrite: true });
  const named = order.items.flatMap(({ warehouse }) => (warehouse === undefined ? [] : [warehouse]));
  const places = await lookUpWarehouses(api, named, { forWrite: true });
  refuseProblems([...lookup.problems, ...places.problems]);
  const base = await baseCurrency(api, context);
  const exchange = await readExchange(api, customer, base, ordersOfCustomer);
  const lines = wantedLines(order, lookup.found, places.found, exchange);

  context.progress('Checking the stock');
  const rows = new Map(lookup.rows);
  const { supplies } = await readSupplies(api, lines, rows);
  const allocations = allocate(lines, supplies, { beyond: if_short === 'backorder' });
  const whole = lines.flatMap((line, index) => {
    const allocation = allocations[index];
    return allocation ? [{ line, allocation, ordered: line.quantity }] : [];
  });
  const placed =
    if_short === 'partial'
      ? whole.map((one) => ({ ...one, ordered: one.allocation.promised })).filter(({ ordered }) => ordered > 0n)
      : whole;
  if (if_short === 'refuse' || placed.length === 0) refuseShort(lines, allocations, rows);
  const elsewhere = await readElsewhere(
    api,
    placed.map(({ line, ordered }) => ({ ...line, quantity: ordered })),
    rows,
  );
  const cuts = if_short === 'partial' ? whole.map(({ line, allocation }) => ({ line, cut: allocation.short })) : [];
  return planOf({
    header: headerOf(order),
    confirm,
    customer,
    placed,
    cuts: cuts.filter(({ cut }) => cut > 0n),
    elsewhere,
    today: context.today,
    exchange,
    base,
    onePage: lookup.onePage,
  });
}

function headerOf({ reference_number, date, shipment_date, notes }: Order): Record<string, string> {
  const given = { reference_number, date, shipment_date, notes };
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

function wantedLines(
  order: Order,
  items: ReadonlyMap<string, Row>,
  warehouses: ReadonlyMap<string, Row>,
  exchange: Exchange,
): Wanted[] {
  return order.items.flatMap((line) => {
    const row = items.get(line.item);
    if (!row) return [];
    const place = line.warehouse === undefined ? undefined : warehouses.get(line.warehouse);
    if (line.rate === undefined && exchange.nano === undefined) throw unknownExchange(exchange);
    const own = rateFromBase(microIn(row, 'rate') ?? 0n, exchange.nano ?? 1n);
    return {
      row,
      itemId: textIn(row, 'item_id'),
      name: plainText(row.name),
      sku: plainText(row.sku, 60),
      unit: plainText(row.unit, 20),
      quantity: parseMicro(line.quantity) ?? 0n,
      rate: parseMicro(line.rate) ?? own,
      warehouseId: place ? textIn(place, 'warehouse_id') : undefined,
      warehouseName: place ? plainText(place.warehouse_name, 60) : '',
    };
  });
}

const unknownExchange = ({ currency }: Exchange): Rejected =>
  new Rejected(
    `The customer pays in ${currency} and no exchange rate for it is known. Give each line its rate in ${currency}. Nothing was written.`,
    { nothingSent: true, facts: { currency_code: currency } },
  );

/** Throws Rejected with a table of the lines that cannot be promised in full; nothing when there is none. */
function refuseShort(
  lines: readonly Wanted[],
  allocations: readonly Allocation[],
  rows: ReadonlyMap<string, Row>,
): void {
  const short = lines.flatMap((line, index) => {
    const allocation = allocations[index];
    if (!allocation || allocation.short <= 0n) return [];
    const rest = otherwise(line, allocation, rows);
    return {
      item: line.name,
      sku: line.sku,
      item_id: line.itemId,
      ...(line.warehouseName === '' ? {} : { warehouse: line.warehouseName }),
      wanted: microToNumber(line.quantity),
      can_be_promised: microToNumber(allocation.promised),
      short: microToNumber(allocation.short),
      on_order: microToNumber(onOrderOf(line.row)),
      ...(rest === '' ? {} : { note: rest }),
    };
  });
  if (short.length === 0) return;
  const words = short.map((row) => {
    const where = row.warehouse ? ` in ${row.warehouse}` : '';
    const figures = `wanted ${row.wanted}, can be promised ${row.can_be_promised}, short ${row.short}, on its way ${row.on_order}`;
    return `${plainText(`${row.sku} ${row.item}`)}${where}: ${figures}${row.note ? `; ${row.note}` : ''}`;
  });
  throw new Rejected(
    `Not enough stock, nothing was written.\n${words.join('\n')}\nOrder less, or set if_short: partial orders what can be promised, backorder orders all and lets the rest wait. check_stock tells when more arrives.`,
    // The words above hold the same figures: only what a next call needs is said again.
    { nothingSent: true, facts: { short: short.map(({ item: _, note: __, ...row }) => row) } },
  );
}

/** Where the rest of a short line stands: in other warehouses, or as parts that do not lie in one place. */
function otherwise({ row, warehouseId, itemId }: Wanted, { promised }: Allocation, rows: ReadonlyMap<string, Row>) {
  const known = rows.get(itemId) ?? row;
  if (isKit(known)) {
    const together = buildableTogether(partsOf(known), rows);
    return together > promised ? `parts for ${formatMicro(together)} in all, but not in one warehouse` : '';
  }
  const all = promisableMicro(known) ?? 0n;
  return warehouseId !== undefined && all > promised ? `${formatMicro(all - promised)} in other warehouses` : '';
}

export const placeSalesOrder: WriteWorkflow = {
  name: 'place_sales_order',
  title: 'Place sales order',
  description:
    'Takes an order: finds customer and items by id, SKU or exact name, checks all lines first, creates the sales order and confirms it, so that its stock is reserved. Short lines: nothing is written unless if_short says so. Ambiguous names answer with candidates.',
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
    getSalesOrder,
    getLowStockReport,
    createSalesOrder,
    confirmSalesOrder,
  ],
  plan,
  run: runPlaced,
};
