import { getItemTransactionHistory } from '../operations/items.ts';
import { listOrganizations } from '../operations/organizations.ts';
import { getPurchaseOrder, listPurchaseOrders } from '../operations/purchase-orders.ts';
import { getInventoryValuation, getStockOnHand } from '../operations/reports.ts';
import { getSalesOrder, listSalesOrders } from '../operations/sales-orders.ts';
import { baseCurrency } from '../workflows/currency.ts';
import { daysBetween } from '../workflows/days.ts';
import { microToNumber, minorDigits, minorToNumber, parseMicro, parseScaled } from '../workflows/numbers.ts';
import { rowsIn, textIn } from '../workflows/rows.ts';
import { counted } from '../workflows/text.ts';
import { agedOrder, type FreeStock } from './aging-orders.ts';
import type { Report, Row } from './define.ts';
import { openOrderRows, readOrders } from './orders.ts';
import { computedHeader, createReader, type Reader } from './reader.ts';

interface Aged {
  readonly item: Row;
  readonly warehouse: string;
  readonly lastSold: string;
  quantity: bigint;
  value: bigint;
  readonly buckets: [bigint, bigint, bigint, bigint];
  /** The value of the buckets, in minor units. */
  readonly values: [bigint, bigint, bigint, bigint];
  oldest: number;
}

const bucketOf = (days: number): 0 | 1 | 2 | 3 => (days <= 30 ? 0 : days <= 60 ? 1 : days <= 90 ? 2 : 3);

/** The open layers of one item, a row for each warehouse and one for what is in transit. */
function agedRows(item: Row, history: Row, today: string, base: string, warehouseId: string | undefined): Aged[] {
  const byPlace = new Map<string, Aged>();
  for (const layer of rowsIn(history, 'layers')) {
    const place = textIn(layer, 'warehouse_id');
    if (warehouseId !== undefined && place !== warehouseId) continue;
    const aged = byPlace.get(place) ?? {
      item,
      warehouse: place === '' ? 'In transit' : textIn(layer, 'warehouse_name'),
      lastSold: textIn(history, 'last_sold'),
      ...{ quantity: 0n, value: 0n, oldest: 0 },
      buckets: [0n, 0n, 0n, 0n],
      values: [0n, 0n, 0n, 0n],
    };
    byPlace.set(place, aged);
    const days = daysBetween(textIn(layer, 'date'), today);
    const quantity = parseMicro(layer.quantity) ?? 0n;
    aged.quantity += quantity;
    const value = parseScaled(layer.value, minorDigits(base)) ?? 0n;
    aged.value += value;
    aged.buckets[bucketOf(days)] += quantity;
    aged.values[bucketOf(days)] += value;
    aged.oldest = Math.max(aged.oldest, days);
  }
  return [...byPlace.values()];
}

const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const oldestFirst = (a: Aged, b: Aged) =>
  b.oldest - a.oldest ||
  text(textIn(a.item, 'sku'), textIn(b.item, 'sku')) ||
  text(textIn(a.item, 'item_id'), textIn(b.item, 'item_id')) ||
  text(a.warehouse, b.warehouse);

const stockRow = ({ item, warehouse, quantity, value, buckets, oldest, lastSold }: Aged, base: string): Row => ({
  item: item.name,
  sku: item.sku,
  warehouse,
  quantity: microToNumber(quantity),
  value: minorToNumber(value, base),
  q_0_30: microToNumber(buckets[0]),
  q_31_60: microToNumber(buckets[1]),
  q_61_90: microToNumber(buckets[2]),
  q_over_90: microToNumber(buckets[3]),
  oldest_days: oldest,
  last_sold: lastSold === '' ? null : lastSold,
});

const chartRow = (aged: Aged, base: string): Row => ({
  ...stockRow(aged, base),
  value_0_30: minorToNumber(aged.values[0], base),
  value_31_60: minorToNumber(aged.values[1], base),
  value_61_90: minorToNumber(aged.values[2], base),
  value_over_90: minorToNumber(aged.values[3], base),
});

/** `unread`: items in stock for which no call was left. */
async function readAged(
  reader: Reader,
  about: { today: string; base: string; warehouseId: string | undefined; share: number },
): Promise<{ aged: Aged[]; unread: number }> {
  const { today, base, warehouseId, share } = about;
  const asked = warehouseId === undefined ? {} : { warehouse_id: warehouseId };
  const { rows } = await reader.list('get_inventory_valuation', 'items', asked);
  // An item with goods in transit has two rows; the most valuable come first, so that a cap leaves out what matters least.
  const held = new Map(
    rows.filter((row) => (parseMicro(row.quantity) ?? 0n) !== 0n).map((row) => [textIn(row, 'item_id'), row]),
  );
  const items = [...held.values()];
  const read = ({ item_id }: Row) => reader.call('get_item_transaction_history', { item_id, per_page: 1 });
  const histories = await reader.each(items, read, share);
  const aged = histories
    .flatMap((history, index) => agedRows(items[index] ?? {}, history, today, base, warehouseId))
    .sort(oldestFirst);
  return { aged, unread: items.length - histories.length };
}

/** What can be packed: on hand less what is packed already, by item and warehouse. */
async function readFree(reader: Reader): Promise<FreeStock> {
  const { rows } = await reader.list('get_stock_on_hand', 'items', {});
  return new Map(
    rows.map((row) => [
      `${textIn(row, 'item_id')} ${textIn(row, 'warehouse_id')}`,
      { row, free: (parseMicro(row.on_hand) ?? 0n) - (parseMicro(row.packed) ?? 0n) },
    ]),
  );
}

export const aging: Report = {
  name: 'aging',
  title: 'Aging',
  description:
    'How long stock has lain, and open orders have waited and for what. One call for each item in stock, most valuable first, and each open order, about 12 beside.',
  columns: 'item sku warehouse quantity value q_0_30 q_31_60 q_61_90 q_over_90 oldest_days last_sold'.split(' '),
  sectionColumns: { orders: 'number kind party date age_days bucket step open_amount blocked_by'.split(' ') },
  uses: [
    ...[listOrganizations, getInventoryValuation, getItemTransactionHistory, getStockOnHand],
    ...[listSalesOrders, getSalesOrder, listPurchaseOrders, getPurchaseOrder],
  ],
  parameters: ['warehouse_id'],
  read: async (api, { warehouse_id: warehouseId }, context) => {
    const reader = createReader(api, context);
    const { today } = context;
    const base = await baseCurrency({ call: reader.call, pages: api.pages }, context);
    const free = await readFree(reader);
    const waiting = {
      sales: await openOrderRows(reader, 'sales'),
      purchase: await openOrderRows(reader, 'purchase'),
    };
    // Half of the calls at least, and all that the orders do not need.
    const spare = (needed: number): number => Math.max(0.5, 1 - needed / Math.max(1, reader.left()));
    // One call more is the valuation's.
    const share = spare(waiting.sales.length + waiting.purchase.length + 1);
    const { aged, unread } = await readAged(reader, { today, base, warehouseId, share });
    const about = { today, base, free, warehouseId };
    const sales = await readOrders(reader, 'sales', waiting.sales, spare(waiting.purchase.length));
    const purchases = await readOrders(reader, 'purchase', waiting.purchase);
    const orders = [
      ...sales.flatMap((order) => agedOrder('sales', order, about)),
      ...purchases.flatMap((order) => agedOrder('purchase', order, about)),
    ].sort((a, b) => Number(b.age_days) - Number(a.age_days) || text(textIn(a, 'number'), textIn(b, 'number')));
    const most = context.mostRows ?? 200;
    const truncated = reader.cut() || aged.length > most || orders.length > most;
    const value = aged.reduce((sum, one) => sum + one.value, 0n);
    const header = computedHeader(
      'aging',
      { ...context, currency: base },
      {
        as_of: today,
        ...(warehouseId === undefined ? {} : { filter: { warehouse_id: warehouseId } }),
        row_count: aged.length,
        truncated,
        basis: `physical book, FIFO; stock by the day it came in, orders by their date, purchases by the day expected${unread > 0 ? `; ${counted(unread, 'item')} worth least not read, to spare calls: no row and no total counts them` : ''}`,
      },
    );
    return {
      header,
      rows: aged.slice(0, most).map((one) => stockRow(one, base)),
      chart: { header: { ...header, truncated: unread > 0 }, rows: aged.map((one) => chartRow(one, base)) },
      totals: { value: minorToNumber(value, base), order_count: orders.length },
      sections: { orders: orders.slice(0, most) },
      truncated,
      calls: reader.calls(),
    };
  },
};
