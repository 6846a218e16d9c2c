import * as z from 'zod';
import { InvalidArguments, Rejected } from '../../errors.ts';
import { getContact, listContacts } from '../../operations/contacts.ts';
import { day, quantity, someText, text } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { listOrganizations } from '../../operations/organizations.ts';
import { getPurchaseOrder, listPurchaseOrders, receivePurchaseOrder } from '../../operations/purchase-orders.ts';
import { listSalesOrders } from '../../operations/sales-orders.ts';
import { listWarehouseItems, listWarehouses } from '../../operations/warehouses.ts';
import { bindApi } from '../api.ts';
import { baseCurrency } from '../currency.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { formatMicro } from '../numbers.ts';
import { noneGiven } from '../record-words.ts';
import { resolveContact, resolveWarehouse } from '../resolve.ts';
import { parseBy, rowsIn, textIn } from '../rows.ts';
import { named, plainText } from '../text.ts';
import { linesOfPurchase, shortWords } from './purchase-lines.ts';
import { type Booking, book, bookAll, countedItems } from './receive-delivery-count.ts';
import { type FoundOrder, findOrder, findOrderOf } from './receive-delivery-find.ts';
import { planReceipt } from './receive-delivery-plan.ts';
import type { Receipt } from './receive-delivery-preview.ts';
import { type ReceiveSteps, runReceive } from './receive-delivery-run.ts';
import { readArrivalStock } from './receive-delivery-stock.ts';

const input = {
  purchase_order: someText(100, 'Id or number').optional(),
  vendor: someText(200, 'Instead: id or exact name').optional(),
  lines: z
    .array(z.strictObject({ item: someText(200, 'Id, SKU, barcode or name'), quantity: quantity() }))
    .min(1)
    .max(100)
    .describe('As counted; else all outstanding')
    .optional(),
  warehouse: someText(200, "Default the lines' own").optional(),
  receive_date: day().optional(),
  notes: text(5_000).optional(),
};
const schema = z.strictObject(input);
type Wish = z.infer<typeof schema>;

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan<ReceiveSteps>> {
  const wish = parseBy(schema, raw);
  refuseUnclear(wish, context);
  const api = bindApi(given, context);
  const place =
    wish.warehouse === undefined ? undefined : await resolveWarehouse(api, wish.warehouse, { forWrite: true });
  const warehouse = place && { id: textIn(place, 'warehouse_id'), name: plainText(place.warehouse_name, 60) };
  context.progress('Finding the order');
  const { found, lines, booking } = await findBooking(api, wish);
  refuseEmpty(found, booking, wish);
  context.progress('Reading the stock');
  const { stood, waiting, tracked } = await readArrivalStock(api, booking.arrivals, warehouse);
  const known = textIn(found.order, 'base_currency_code') || (await baseCurrency(api, context));
  return planReceipt({
    ...{ found, lines, booking, stood, waiting, warehouse },
    // A line may tell it where its item was not read.
    tracked: [...new Set([...tracked, ...rowsIn(found.order, 'line_items').flatMap(noneGiven)])],
    ...{
      isCounted: wish.lines !== undefined,
      base: known,
      date: wish.receive_date,
      notes: wish.notes,
      today: context.today,
    },
  });
}

function refuseUnclear({ purchase_order, vendor, receive_date }: Wish, { today }: WorkflowContext): void {
  const refuse = (message: string) => new InvalidArguments(`${message} Nothing was written.`, { nothingSent: true });
  if ((purchase_order === undefined) === (vendor === undefined))
    throw refuse('Give purchase_order (id or number), or vendor to look through its issued orders; one of the two.');
  if (receive_date !== undefined && receive_date > today)
    throw refuse(`receive_date ${receive_date} lies ahead; today is ${today}. Goods are booked once they are there.`);
}

async function findBooking(api: Api, wish: Wish): Promise<Pick<Receipt, 'found' | 'lines' | 'booking'>> {
  const { purchase_order, vendor, lines: asked } = wish;
  const seek = asked && ((orders: Parameters<typeof countedItems>[2]) => countedItems(api, asked, orders));
  const found =
    purchase_order === undefined
      ? await findOrderOf(api, await resolveContact(api, vendor ?? '', 'vendor', { forWrite: false }), seek)
      : await findOrder(api, purchase_order);
  const lines = linesOfPurchase(found.order);
  return { found, lines, booking: seek ? book(lines, found.goods ?? (await seek([found.order]))) : bookAll(lines) };
}

/** A count of which nothing can be booked is no empty success: somebody stands before the goods. */
function refuseEmpty({ order }: FoundOrder, { arrivals, unbooked }: Booking, { lines }: Wish): void {
  if (arrivals.length > 0 || !lines) return;
  const number = named(order.purchaseorder_number, 40);
  const goods = unbooked.map((one) => `${formatMicro(one.quantity)} ${shortWords(one)} (${one.why})`).join(', ');
  throw new Rejected(
    goods === ''
      ? `The count is 0 throughout: nothing of ${number} can be booked. Nothing was written.`
      : `Nothing of this can be booked on ${number}: ${goods}. Nothing was written. Raise or add the line with amend_order first, or receive it against its own order.`,
    {
      nothingSent: true,
      facts: {
        purchaseorder_id: textIn(order, 'purchaseorder_id'),
        not_booked: unbooked.map(({ itemId, sku, why }) => ({ item_id: itemId, sku, reason: why })),
      },
    },
  );
}

export const receiveDelivery: WriteWorkflow = {
  name: 'receive_delivery',
  title: 'Receive delivery',
  description:
    'Books goods that arrived on an issued purchase order into stock, after a yes. Tells what is short, surplus or not ordered; surplus stays unbooked. Cannot be undone. About 5 calls.',
  toolset: 'purchasing',
  input,
  uses: [
    listPurchaseOrders,
    getPurchaseOrder,
    listContacts,
    getContact,
    listItems,
    getItem,
    listWarehouses,
    listWarehouseItems,
    listSalesOrders,
    listOrganizations,
    receivePurchaseOrder,
  ],
  plan,
  run: runReceive,
};
