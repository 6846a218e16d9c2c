import type { Input } from '../../operations/define.ts';
import type { Api } from '../../workflows/define.ts';
import { formatMicro, formatMoney, maxOf, minorToBase } from '../../workflows/numbers.ts';
import { exchangeOf, linesOf, type OrderLine, outstanding } from '../../workflows/order-lines.ts';
import { type Row, rowIn, textIn } from '../../workflows/rows.ts';
import { counted, named, plainText } from '../../workflows/text.ts';
import type { Planning } from './planner.ts';
import { minorIn, partyLabel } from './words.ts';

/** Where sales and purchase orders differ on the wire and in words. */
export interface OrderKind {
  readonly noun: string;
  readonly get: string;
  readonly reply: string;
  readonly idKey: string;
  readonly numberKey: string;
  readonly partyKey: string;
  readonly partyWord: string;
}

export const sales: OrderKind = {
  noun: 'sales order',
  get: 'get_sales_order',
  reply: 'salesorder',
  idKey: 'salesorder_id',
  numberKey: 'salesorder_number',
  partyKey: 'customer_id',
  partyWord: 'customer',
};

export const purchase: OrderKind = {
  noun: 'purchase order',
  get: 'get_purchase_order',
  reply: 'purchaseorder',
  idKey: 'purchaseorder_id',
  numberKey: 'purchaseorder_number',
  partyKey: 'vendor_id',
  partyWord: 'vendor',
};

/** An order as read, with what every preview says of it. */
export interface Order {
  readonly kind: OrderKind;
  readonly row: Row;
  readonly lines: readonly OrderLine[];
  readonly number: string;
  readonly status: string;
  readonly party: string;
  readonly currency: string;
  /** Minor units of its currency. */
  readonly total: bigint;
  /** Base units per unit of its currency, in 1e-9. */
  readonly exchange: bigint;
}

/** One call, and one more where the record does not name its currency. Errors go up: no preview, no write. */
export async function readOrder({ api, input, base }: Planning, kind: OrderKind): Promise<Order> {
  return orderOf(await recordOf(api, kind, input), kind, base);
}

const recordOf = async (api: Api, kind: OrderKind, input: Input): Promise<Row> =>
  rowIn(await api.call(kind.get, { [kind.idKey]: input[kind.idKey] }), kind.reply);

async function orderOf(row: Row, kind: OrderKind, base: () => Promise<string>): Promise<Order> {
  const currency = textIn(row, 'currency_code') || (await base());
  return {
    kind,
    row,
    lines: linesOf(row),
    number: named(row[kind.numberKey], 40) || `id ${textIn(row, kind.idKey)}`,
    status: plainText(row.status, 40) || 'unknown',
    party: partyLabel(row),
    currency,
    total: minorIn(row, 'total', currency),
    exchange: exchangeOf(row),
  };
}

const even = 1_000_000_000n;

/** Base currency code, from the record where it says so; else one call. */
export const baseOf = async ({ row }: Order, { base }: Planning): Promise<string> =>
  textIn(row, 'base_currency_code') || base();

/** Minor units of the order's currency in those of the base currency. */
export async function inBase(amount: bigint, order: Order, planning: Planning): Promise<bigint> {
  if (order.exchange === even) return amount;
  return minorToBase(amount, order.exchange, order.currency, await baseOf(order, planning));
}

/**
 * What the order is worth, base currency, minor units: its total, or its goods before discounts where that is more, so
 * that no discount and no negative adjustment takes a large order below the operator's limit.
 */
export async function orderAmount(order: Order, planning: Planning): Promise<bigint> {
  return inBase(maxOf(order.total, minorIn(order.row, 'sub_total', order.currency)), order, planning);
}

/** `1,402.50 EUR`, for a foreign order with its base amount beside. */
export async function totalText(order: Order, planning: Planning): Promise<string> {
  const own = formatMoney(order.total, order.currency);
  if (order.exchange === even) return own;
  const base = await baseOf(order, planning);
  return `${own} (${formatMoney(minorToBase(order.total, order.exchange, order.currency, base), base)})`;
}

/** `sales order SO-00012, Tech Solutions Inc, confirmed`. */
export const orderTitle = ({ kind, number, party, status }: Order): string =>
  `${kind.noun} ${number}, ${party}, ${status}`;

export const linesInWords = ({ lines }: Order): string => counted(lines.length, 'line');

/** Status, age, money and counts of the order, as plain JSON. */
export const restsOnOrder = ({ kind, row, lines }: Order) => ({
  id: textIn(row, kind.idKey),
  status: row.status ?? null,
  last_modified_time: row.last_modified_time ?? null,
  total: row.total ?? null,
  [kind.partyKey]: row[kind.partyKey] ?? null,
  lines: lines.map(({ lineId, itemId, quantity, done, packed, rate }) => ({
    line_item_id: lineId,
    item_id: itemId,
    quantity: formatMicro(quantity),
    done: formatMicro(done),
    packed: formatMicro(packed),
    rate: rate === undefined ? null : formatMicro(rate),
  })),
});

export const isTouched = ({ lines }: Order): boolean => lines.some(({ done, packed }) => done > 0n || packed > 0n);

/** What is not yet shipped or received, lines of which nothing is left out aside. */
export const openLines = ({ lines }: Order): OrderLine[] => lines.filter((line) => outstanding(line) > 0n);
