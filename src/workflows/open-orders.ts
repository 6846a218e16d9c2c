import type { Input } from '../operations/define.ts';
import { isKit } from './availability.ts';
import type { Api } from './define.ts';
import { maxOf } from './numbers.ts';
import { type Listing, microIn, type Row, readList, rowIn, textIn } from './rows.ts';
import { type Part, partsOf } from './supply.ts';

/** Statuses in which something of a sales order is still to be done, as the API filters by them. */
export type OpenStatus = 'Draft' | 'Open' | 'Confirmed' | 'PartiallyPacked' | 'Packed' | 'PartiallyShipped' | 'Shipped';

/** Those that hold stock: what is ordered and has not left. */
export const holding: readonly OpenStatus[] = ['Open', 'Confirmed', 'PartiallyPacked', 'Packed', 'PartiallyShipped'];

// `partially_shipped` of a row and `PartiallyShipped` of a filter are one status.
const folded = (text: string): string => text.replace(/[^a-z]/gi, '').toLowerCase();

export const statusOf = (order: Row): string => folded(textIn(order, 'status'));

// Of more than a page those that have waited longest matter.
const oldestOnTop = { sort_column: 'date', sort_order: 'A' };

/**
 * Orders in these statuses: one call where one page holds all orders that the filter lets through, else one more a status,
 * of each the oldest 200.
 */
export async function readOpenOrders(
  api: Api,
  statuses: readonly OpenStatus[],
  filter: { readonly item_id?: string; readonly date_end?: string },
): Promise<Listing> {
  const wanted = new Set(statuses.map(folded));
  const list = (more: Input): Promise<Listing> =>
    readList(api, 'list_sales_orders', 'salesorders', { ...filter, ...more }, { maxPages: 1 });
  const all = await list({});
  const listings = all.complete
    ? [all]
    : await Promise.all(statuses.map((status) => list({ filter_by: `Status.${status}`, ...oldestOnTop })));
  const rows = new Map<string, Row>();
  // An order that moved on between two calls is counted once.
  for (const listing of listings)
    for (const row of listing.rows) if (wanted.has(statusOf(row))) rows.set(textIn(row, 'salesorder_id'), row);
  return { rows: [...rows.values()], complete: listings.every(({ complete }) => complete) };
}

export const readSalesOrder = async (api: Api, row: Row): Promise<Row> =>
  rowIn(await api.call('get_sales_order', { salesorder_id: textIn(row, 'salesorder_id') }), 'salesorder');

/** A line of an order, in 1e-6 units. */
export interface OpenLine {
  readonly itemId: string;
  readonly sku: string;
  readonly name: string;
  /** Empty where the line names none: the API takes the primary warehouse. */
  readonly warehouseId: string;
  readonly warehouseName: string;
  /** False for services: nothing of them is packed. */
  readonly isCarried: boolean;
  readonly quantity: bigint;
  readonly packed: bigint;
  readonly shipped: bigint;
  readonly delivered: bigint;
  /** The recipe kept on the line of a kit. */
  readonly parts: readonly Part[];
}

export const lineOf = (row: Row): OpenLine => ({
  itemId: textIn(row, 'item_id'),
  sku: textIn(row, 'sku'),
  name: textIn(row, 'name'),
  warehouseId: textIn(row, 'warehouse_id') || textIn(row, 'location_id'),
  warehouseName: textIn(row, 'warehouse_name') || textIn(row, 'location_name'),
  isCarried: row.product_type !== 'service',
  quantity: microIn(row, 'quantity') ?? 0n,
  packed: microIn(row, 'quantity_packed') ?? 0n,
  shipped: microIn(row, 'quantity_shipped') ?? 0n,
  delivered: microIn(row, 'quantity_delivered') ?? 0n,
  parts: isKit(row) ? partsOf(row) : [],
});

/** What `amount` of a line needs of each item: itself, or the parts of a kit. In 1e-6 units. */
export const neededFor = (line: OpenLine, amount: bigint): Part[] =>
  (line.parts.length > 0 ? line.parts : [{ itemId: line.itemId, name: line.sku || line.name, needed: 1_000_000n }]).map(
    (part) => ({ ...part, needed: (part.needed * amount) / 1_000_000n }),
  );

export const toPack = ({ quantity, packed }: OpenLine): bigint => maxOf(0n, quantity - packed);
export const toShip = ({ quantity, shipped }: OpenLine): bigint => maxOf(0n, quantity - shipped);

const sortKey = (order: Row): string => `${textIn(order, 'date')} ${textIn(order, 'salesorder_number')}`;

/** For sorting: by date, then by number. */
export const oldestFirst = (a: Row, b: Row): number => (sortKey(a) < sortKey(b) ? -1 : sortKey(a) > sortKey(b) ? 1 : 0);

/** True for a package that has not left. */
export const isUnsent = (one: Row): boolean =>
  textIn(one, 'shipment_id') === '' && !/shipped|delivered/.test(textIn(one, 'status'));
