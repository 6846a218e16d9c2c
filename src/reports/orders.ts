import { exchangeNano, minorDigits, minorToBase, parseMicro, parseScaled } from '../workflows/numbers.ts';
import { rowsIn, textIn } from '../workflows/rows.ts';
import type { Row } from './define.ts';
import { type Reader, record } from './reader.ts';

/** Statuses of orders on which something is still to be done, as the API filters by them. */
const openStatuses = {
  sales: ['Draft', 'Open', 'Confirmed', 'PartiallyPacked', 'Packed', 'PartiallyShipped', 'Shipped'],
  purchase: ['Draft', 'Issued', 'PartiallyReceived'],
} as const;

export type OrderKind = keyof typeof openStatuses;

const names = {
  sales: { list: 'list_sales_orders', get: 'get_sales_order', key: 'salesorder' },
  purchase: { list: 'list_purchase_orders', get: 'get_purchase_order', key: 'purchaseorder' },
} as const;

/** Rows of the orders that are not finished: one call for each status and 200 rows. */
export async function openOrderRows(
  reader: Reader,
  kind: OrderKind,
  statuses: readonly string[] = openStatuses[kind],
): Promise<Row[]> {
  const found = new Map<string, Row>();
  const { list, key } = names[kind];
  for (const status of statuses) {
    const { rows } = await reader.list(list, `${key}s`, { filter_by: `Status.${status}` });
    // The API's filter is not trusted to be exclusive: an order that moved on between two calls is counted once.
    for (const row of rows) found.set(textIn(row, `${key}_id`), row);
  }
  return [...found.values()];
}

/** The orders with their lines, one call each, as many as `share` of the calls allow. */
export async function readOrders(reader: Reader, kind: OrderKind, rows: readonly Row[], share = 1): Promise<Row[]> {
  const { get, key } = names[kind];
  const id = `${key}_id`;
  return reader.each(rows, (row) => record(reader, get, key, { [id]: row[id] }), share);
}

export interface LineFigures {
  readonly row: Row;
  /** False for services: nothing of them is packed or received. */
  readonly isCarried: boolean;
  readonly quantity: bigint;
  readonly packed: bigint;
  readonly shipped: bigint;
  readonly delivered: bigint;
  readonly received: bigint;
  /** Net of its discount, in minor units of the base currency, converted at the order's rate. */
  readonly netMinor: bigint;
}

/** The lines of an order; of one warehouse where it is given. */
export function linesOf(order: Row, base: string, warehouseId?: string): LineFigures[] {
  const currency = textIn(order, 'currency_code') || base;
  const nano = exchangeNano(order.exchange_rate);
  const minor = (value: unknown) => parseScaled(value, minorDigits(currency)) ?? 0n;
  return rowsIn(order, 'line_items')
    .filter((row) => warehouseId === undefined || textIn(row, 'warehouse_id') === warehouseId)
    .map((row) => ({
      row,
      isCarried: row.product_type !== 'service',
      quantity: parseMicro(row.quantity) ?? 0n,
      packed: parseMicro(row.quantity_packed) ?? 0n,
      shipped: parseMicro(row.quantity_shipped) ?? 0n,
      delivered: parseMicro(row.quantity_delivered) ?? 0n,
      received: parseMicro(row.quantity_received) ?? 0n,
      netMinor: minorToBase(minor(row.item_total) - minor(row.discount_total), nano, currency, base),
    }));
}

/** The day a purchase is expected; empty where the order does not say. */
export const expectedOn = (order: Row): string =>
  textIn(order, 'expected_delivery_date') || textIn(order, 'delivery_date');
