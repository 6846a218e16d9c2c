import * as z from 'zod';
import { InvalidArguments } from '../../errors.ts';
import { quantity, someText } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { getPurchaseOrder, listPurchaseOrders } from '../../operations/purchase-orders.ts';
import { getSalesOrder, listSalesOrders } from '../../operations/sales-orders.ts';
import { getTransfer, listTransfers } from '../../operations/transfers.ts';
import { bindApi } from '../api.ts';
import { figuresOf, isKit, isTracked, onOrderOf, readItem } from '../availability.ts';
import type { Api, ReadWorkflow, WorkflowContext } from '../define.ts';
import { nothingComes, readIncoming } from '../incoming.ts';
import { maxOf, parseMicro } from '../numbers.ts';
import { resolveItem } from '../resolve.ts';
import { resolveSalesOrder } from '../resolve-order.ts';
import { microIn, parseBy, type Row, textIn } from '../rows.ts';
import { readKits } from '../supply.ts';
import { counted, named, plainText } from '../text.ts';
import { arrivalsOf, readTransit } from '../transit.ts';
import { readAhead } from './when-available-ahead.ts';
import { type Need, needsOfItem, needsOfOrder, type Pool, poolKey, serve } from './when-available-queue.ts';
import { answerOf } from './when-available-rows.ts';

const input = {
  sales_order: someText(100, 'Id or number; or an item').optional(),
  item: someText(200, 'Id, SKU or name').optional(),
  quantity: quantity().optional(),
};
const schema = z.strictObject(input);

/** Purchase orders read at most; each costs a call. */
const mostPurchases = 15;
/** Transfers read at most; each costs a call. */
const mostTransfers = 8;
/** Items of one order looked up at most; each costs a call. */
const mostItems = 40;

/** Answers `{ message, lines, all_by? }`: a row for each line that waits, with what brings it. */
async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const wish = parseBy(schema, raw);
  if ((wish.sales_order === undefined) === (wish.item === undefined))
    throw new InvalidArguments('Give a sales_order, or an item and its quantity; one of the two.', {
      nothingSent: true,
    });
  const api = bindApi(given, context);
  const rows = new Map<string, Row>();
  if (wish.item !== undefined) {
    const row = await resolveItem(api, wish.item, { forWrite: false });
    const itemId = textIn(row, 'item_id');
    rows.set(itemId, row);
    const recipe = isKit(row) ? ((await readKits(api, [itemId], rows, { split: false })).get(itemId) ?? []) : [];
    const needs = needsOfItem(row, recipe, parseMicro(wish.quantity ?? 1) ?? 0n);
    const pools = new Map(needs.map((need) => [poolKey(need), poolOfItem(rows.get(need.itemId) ?? row)]));
    return answer(api, { needs, pools, rows, subject: named(row.name), draft: false, packed: false }, context);
  }
  context.progress('Finding the order');
  const order = await resolveSalesOrder(api, wish.sales_order ?? '');
  const status = textIn(order, 'status').toLowerCase();
  const number = plainText(order.salesorder_number, 40);
  const subject = `${named(number)} for ${named(order.customer_name)}`;
  if (/^(void|cancelled|closed|shipped|delivered|fulfilled)$/.test(status))
    return { message: `${subject} is ${status}: it waits for nothing.`, lines: [] };
  const { needs: all, packed } = needsOfOrder(order);
  context.progress('Reading the stock');
  const itemIds = [...new Set(all.map(({ itemId }) => itemId))];
  await readShelves(api, itemIds.slice(0, mostItems), rows);
  // Of what was not looked up nothing can be said.
  const needs = all.filter(({ itemId }) => rows.has(itemId));
  const unread = itemIds.filter((itemId) => !rows.has(itemId)).length;
  const draft = status === 'draft';
  const { pools, notes } = await readAhead(api, { order, needs, rows, draft });
  return answer(api, { needs, pools, rows, subject, draft, packed, notes, unread }, context);
}

const atOnce = 4;

/** Each by itself: only an item tells what of it is packed, on order and in transit, and where. */
async function readShelves(api: Api, itemIds: readonly string[], rows: Map<string, Row>): Promise<void> {
  for (let at = 0; at < itemIds.length; at += atOnce)
    await Promise.all(
      itemIds.slice(at, at + atOnce).map(async (itemId) => {
        const row = await readItem(api, itemId);
        if (row) rows.set(itemId, row);
      }),
    );
}

/** All warehouses together, behind all that is promised. */
function poolOfItem(row: Row): Pool {
  const { onHand, committed } = figuresOf(row);
  return { free: onHand - committed, ahead: maxOf(0n, committed - onHand), isTracked: isTracked(row) };
}

interface Found {
  readonly needs: readonly Need[];
  readonly pools: ReadonlyMap<string, Pool>;
  readonly rows: ReadonlyMap<string, Row>;
  readonly subject: string;
  readonly draft: boolean;
  /** All of the order that is not shipped is packed. */
  readonly packed: boolean;
  readonly notes?: readonly string[];
  /** Items of the order that were not looked up. */
  readonly unread?: number;
}

async function answer(api: Api, found: Found, context: WorkflowContext) {
  const { needs, pools, rows, notes = [], unread = 0 } = found;
  const short = serve(needs, pools, new Map()).filter((one) => one.short > 0n);
  const wanted = new Map(short.map(({ need }) => [need.itemId, onOrderOf(rows.get(need.itemId) ?? {})]));
  for (const [itemId, onOrder] of wanted) if (onOrder <= 0n) wanted.delete(itemId);
  // Where an item does not tell what of it is in transit, the list does.
  const isMoving = (itemId: string): boolean => microIn(rows.get(itemId) ?? {}, 'quantity_in_transit') !== 0n;
  const itemIds = new Set(short.map(({ need }) => need.itemId).filter(isMoving));
  if (wanted.size > 0 || itemIds.size > 0) context.progress('Looking up what is on its way');
  const incoming =
    wanted.size === 0 ? nothingComes : await readIncoming(api, 'issued', { most: mostPurchases, wanted });
  const transit = await readTransit(api, { itemIds, most: mostTransfers });
  return answerOf({
    ...found,
    served: serve(needs, pools, arrivalsOf(incoming, transit)),
    unread,
    today: context.today,
    notes: [
      ...notes,
      ...(incoming.truncated ? [`Only the ${mostPurchases} soonest purchase orders were read.`] : []),
      ...(transit.truncated ? [`Only the ${mostTransfers} newest transfers in transit were read.`] : []),
      ...(unread > 0 ? [`${counted(unread, 'item')} of the order not looked up.`] : []),
    ],
  });
}

export const whenAvailable: ReadWorkflow = {
  name: 'when_available',
  title: 'When available',
  description:
    'What a sales order or an item waits for, which purchase order or transfer brings it, by when; older confirmed orders first. Spends 3 calls + 1 an item, if short at most 60 more.',
  toolset: 'sales',
  input,
  uses: [
    ...[listSalesOrders, getSalesOrder, listItems, getItem],
    ...[listPurchaseOrders, getPurchaseOrder, listTransfers, getTransfer],
  ],
  read,
};
