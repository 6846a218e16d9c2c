import * as z from 'zod';
import { someText, wholeNumber } from '../../operations/fields.ts';
import { getItem } from '../../operations/items.ts';
import { listPackages } from '../../operations/packages.ts';
import { getPurchaseOrder, listPurchaseOrders } from '../../operations/purchase-orders.ts';
import { getStockOnHand } from '../../operations/reports.ts';
import { getSalesOrder, listSalesOrders } from '../../operations/sales-orders.ts';
import { getTransfer, listTransfers } from '../../operations/transfers.ts';
import { listWarehouses } from '../../operations/warehouses.ts';
import { bindApi } from '../api.ts';
import { daysBefore } from '../days.ts';
import type { Api, ReadWorkflow, WorkflowContext } from '../define.ts';
import { nothingComes, readIncoming } from '../incoming.ts';
import { resolveWarehouse } from '../resolve.ts';
import { parseBy, textIn } from '../rows.ts';
import { counted, named } from '../text.ts';
import { arrivalsOf, readTransit } from '../transit.ts';
import { mostRead, readWaiting, type WaitingOrder } from './review-orders-read.ts';
import { orderRow, type Review, scarceRow, shipsWhole } from './review-rows.ts';
import { type SharingRule, scarceKeys, shareOut, sharingRules, wholeOf } from './review-sharing.ts';
import { claimantOf, itemIn, readStock } from './review-stock.ts';

const input = {
  older_than_days: wholeNumber(0, 3_650, 'By order date').default(2),
  warehouse: someText(200, 'Orders with lines from it').optional(),
  sharing: z.enum(sharingRules).describe('Who gets scarce stock first').default('oldest'),
};
const schema = z.strictObject(input);

const mostRows = 20;
const mostScarce = 10;
const mostPurchasesRead = 10;
const mostTransfersRead = 10;

/**
 * Answers `{ message, orders, scarce? }`. Confirmed orders share what is there and not packed; drafts hold nothing, so that
 * only what nobody was promised counts for them. Orders younger than asked for come after all of these and take nothing
 * from them.
 */
async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const wish = parseBy(schema, raw);
  const api = bindApi(given, context);
  const place =
    wish.warehouse === undefined ? undefined : await resolveWarehouse(api, wish.warehouse, { forWrite: false });
  context.progress('Reading open orders');
  const until = daysBefore(context.today, wish.older_than_days + 1);
  const waiting = await readWaiting(api, until, place !== undefined);
  // All of them share; only those asked for are shown.
  const claimants = ofStep(waiting.orders, false);
  const drafts = ofStep(waiting.orders, true);
  const orders = place
    ? waiting.orders.filter((order) => isFrom(order, textIn(place, 'warehouse_id')))
    : waiting.orders;
  context.progress('Reading stock');
  const stock = await readStock(api, [...claimants, ...drafts]);
  const share = (rule: SharingRule) => shareOut(claimants, stock.free, rule);
  const shared = share(wish.sharing);
  const ifConfirmed = shareOut(drafts, stock.available, wish.sharing);
  const lacking = [...ifConfirmed.values()].flatMap(({ lacks }) => [...lacks.keys()]);
  const asked = new Set(orders.map(({ id }) => id));
  const all = [...claimants, ...drafts];
  const scarce = [...new Set([...scarceKeys(claimants, stock.free), ...lacking])].filter((key) =>
    all.some(({ id, needs }) => asked.has(id) && needs.has(key)),
  );
  context.progress('Looking up what is on its way');
  const { purchases, transfers } = await readComing(api, new Set(scarce.map(itemIn)));
  const review: Review = {
    ...{ all: waiting.orders, orders, stock },
    coming: arrivalsOf(purchases, transfers),
    shares: new Map([...shared, ...ifConfirmed]),
    today: context.today,
  };
  const other = sharingRules.find((rule) => rule !== wish.sharing) ?? wish.sharing;
  const gain = scarce.length === 0 ? 0 : wholeOf(share(other)) - wholeOf(shared);
  const notes = [
    ...(waiting.complete ? [] : ['More than 200 orders are in one step: only the oldest 200 of it were listed.']),
    ...(waiting.unread === 0 ? [] : [`${counted(waiting.unread, 'order')} of ${mostRead + waiting.unread} not read.`]),
    ...(stock.complete ? [] : ['Not all stock was read: what is not known counts as none.']),
    ...(purchases.truncated ? [`Only the ${mostPurchasesRead} soonest purchase orders were read.`] : []),
    ...(transfers.truncated ? [`Only the ${mostTransfersRead} newest transfers in transit were read.`] : []),
    ...(orders.length > mostRows ? [`${mostRows} of ${orders.length} orders shown, the oldest.`] : []),
    ...(scarce.length > mostScarce ? [`${mostScarce} of ${scarce.length} scarce items shown.`] : []),
  ];
  return {
    message: messageOf(review, {
      days: wish.older_than_days,
      gain,
      other,
      place: place ? named(place.warehouse_name) : '',
    }),
    orders: orders.slice(0, mostRows).map((order) => orderRow(order, review)),
    ...(scarce.length === 0 ? {} : { scarce: scarce.slice(0, mostScarce).map((key) => scarceRow(key, all, review)) }),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
}

const isFrom = ({ lines }: WaitingOrder, warehouseId: string): boolean =>
  lines?.some((line) => line.isCarried && line.warehouseId === warehouseId) ?? false;

const ofStep = (orders: readonly WaitingOrder[], isDraft: boolean) =>
  orders.filter(({ step, lines }) => lines !== undefined && (step === 'to confirm') === isDraft).map(claimantOf);

async function readComing(api: Api, itemIds: ReadonlySet<string>) {
  const wanted = new Map([...itemIds].map((itemId) => [itemId, undefined]));
  const purchases =
    itemIds.size === 0 ? nothingComes : await readIncoming(api, 'issued', { most: mostPurchasesRead, wanted });
  return { purchases, transfers: await readTransit(api, { itemIds, most: mostTransfersRead }) };
}

const mostNamed = 10;

function messageOf(
  { orders, shares }: Review,
  about: { days: number; gain: number; other: SharingRule; place: string },
): string {
  const where = about.place === '' ? '' : ` with lines from ${about.place}`;
  const age = counted(about.days, 'day');
  if (orders.length === 0) return `No order${where} has been waiting longer than ${age}.`;
  const counts = new Map<string, number>();
  for (const { step } of orders) counts.set(step, (counts.get(step) ?? 0) + 1);
  const steps = [...counts].map(([step, count]) => `${count} ${step}`).join(', ');
  const whole = orders.filter((order) => shipsWhole(order, shares)).map(({ row }) => named(row.salesorder_number, 40));
  const more = whole.length > mostNamed ? ` and ${whole.length - mostNamed} more` : '';
  const today =
    whole.length === 0
      ? 'None can be shipped whole today.'
      : `Can be shipped whole today (fulfil_sales_order): ${whole.slice(0, mostNamed).join(', ')}${more}.`;
  const gain = about.gain > 0 ? ` sharing ${about.other} would let ${about.gain} more go whole.` : '';
  const waits = orders.length === 1 ? 'waits' : 'wait';
  return `${counted(orders.length, 'order')}${where} ${waits} longer than ${age}: ${steps}. ${today}${gain}`;
}

export const reviewPendingOrders: ReadWorkflow = {
  name: 'review_pending_orders',
  title: 'Review pending orders',
  description:
    'Sales orders that wait too long, by step: age, overdue, what blocks each, who gets scarce stock and what brings more, which can ship whole today. Spends 4 calls and 1 an order (90 at most).',
  toolset: 'sales',
  input,
  uses: [
    ...[listSalesOrders, getSalesOrder, listPackages, getStockOnHand, getItem],
    ...[listPurchaseOrders, getPurchaseOrder, listTransfers, getTransfer, listWarehouses],
  ],
  read,
};
