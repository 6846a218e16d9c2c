import type { Api } from './define.ts';
import { maxOf } from './numbers.ts';
import { microIn, type Row, readList, rowIn, rowsIn, textIn } from './rows.ts';
import { named, plainText } from './text.ts';

/** Goods that a purchase order will bring; quantity in 1e-6 units. */
export interface Incoming {
  readonly purchaseorderId: string;
  readonly number: string;
  readonly vendorName: string;
  /** yyyy-mm-dd; empty when nobody said. */
  readonly expected: string;
  readonly quantity: bigint;
  /** Where it is to be received; empty where the line does not say. */
  readonly warehouseId: string;
  readonly warehouseName: string;
}

export interface IncomingByItem {
  readonly byItem: ReadonlyMap<string, Incoming[]>;
  /** True when more orders exist than were read. */
  readonly truncated: boolean;
  /** Orders that were read for it, one call each. */
  readonly read: number;
  /** Orders listed and not read: what they bring is not known. */
  readonly unread: readonly Row[];
  /** The base currency, where an order read on the way tells it: that spares a call. */
  readonly base?: string;
}

export interface Wanted {
  /** Orders read at most. */
  readonly most: number;
  /** item_id -> quantity known to be on order, or undefined where nobody knows. */
  readonly wanted: ReadonlyMap<string, bigint | undefined>;
  /** Only lines that go there; a line that names no warehouse counts everywhere. */
  readonly warehouseId?: string | undefined;
  /** Vendors whose orders are read first: most likely they bring what is wanted. */
  readonly vendors?: ReadonlySet<string>;
  /** Lists and orders read at most. */
  readonly mostCalls?: number;
}

export const nothingComes: IncomingByItem = { byItem: new Map(), truncated: false, read: 0, unread: [] };

/** Orders read at most; each costs one call. */
export const mostOrders = 50;

const filters = { draft: ['Status.Draft'], issued: ['Status.Issued', 'Status.PartiallyReceived'] };

export const expectedOf = (row: Row): string =>
  textIn(row, 'expected_delivery_date') || textIn(row, 'delivery_date') || '';

/**
 * Purchase lines not yet received, of orders with one of these statuses: one call a status and one an order, soonest
 * first. `wanted` limits what is looked for, so that the reading ends as soon as all that is known to be on order is found.
 */
export async function readIncoming(api: Api, stage: 'draft' | 'issued', options: Wanted): Promise<IncomingByItem> {
  const byItem = new Map<string, Incoming[]>();
  const open = new Map(options.wanted);
  const foundAll = (): boolean => [...open.values()].every((left) => left !== undefined && left <= 0n);
  // The API finds the orders of one item itself; its lines are looked at all the same.
  const [only] = options.wanted.size === 1 ? options.wanted.keys() : [];
  const ofItem = only === undefined ? {} : { item_id: only };
  let read = 0;
  let truncated = false;
  let base = '';
  let lists = 0;
  const unread: Row[] = [];
  const mayCall = (): boolean => lists + read < (options.mostCalls ?? Number.POSITIVE_INFINITY);
  for (const filter of filters[stage]) {
    if (foundAll()) break;
    if (!mayCall()) {
      truncated = true;
      break;
    }
    lists += 1;
    const listing = await readList(
      api,
      'list_purchase_orders',
      'purchaseorders',
      { filter_by: filter, ...ofItem },
      { maxPages: 1 },
    );
    truncated ||= !listing.complete;
    const isLater = (row: Row): number => (options.vendors?.has(textIn(row, 'vendor_id')) === false ? 1 : 0);
    const soonest = [...listing.rows].sort(
      (a, b) => isLater(a) - isLater(b) || (expectedOf(a) || '9').localeCompare(expectedOf(b) || '9'),
    );
    for (const row of soonest) {
      if (foundAll()) break;
      if (read >= options.most || !mayCall()) {
        truncated = true;
        unread.push(row);
        continue;
      }
      const input = { purchaseorder_id: textIn(row, 'purchaseorder_id') };
      const order = rowsIn(row, 'line_items').length > 0 ? row : await readOrder(api, input);
      if (order !== row) read += 1;
      base ||= textIn(order, 'base_currency_code');
      for (const line of rowsIn(order, 'line_items')) {
        const itemId = textIn(line, 'item_id');
        const quantity = maxOf(0n, (microIn(line, 'quantity') ?? 0n) - (microIn(line, 'quantity_received') ?? 0n));
        if (quantity === 0n || !options.wanted.has(itemId) || !goesTo(line, options.warehouseId)) continue;
        const left = open.get(itemId);
        open.set(itemId, left === undefined ? undefined : left - quantity);
        byItem.set(itemId, [...(byItem.get(itemId) ?? []), incomingOf({ ...row, ...order }, line, quantity)]);
      }
    }
  }
  return { byItem, truncated: truncated && !foundAll(), read, unread, ...(base === '' ? {} : { base }) };
}

const goesTo = (line: Row, warehouseId: string | undefined): boolean =>
  warehouseId === undefined || [warehouseId, ''].includes(textIn(line, 'warehouse_id') || textIn(line, 'location_id'));

const readOrder = async (api: Api, input: { purchaseorder_id: string }): Promise<Row> =>
  rowIn(await api.call('get_purchase_order', input), 'purchaseorder');

const incomingOf = (order: Row, line: Row, quantity: bigint): Incoming => ({
  purchaseorderId: textIn(order, 'purchaseorder_id'),
  number: plainText(order.purchaseorder_number, 40),
  vendorName: plainText(order.vendor_name, 60),
  expected: expectedOf(order),
  quantity,
  warehouseId: textIn(line, 'warehouse_id') || textIn(line, 'location_id'),
  warehouseName: textIn(line, 'warehouse_name') || textIn(line, 'location_name'),
});

/** `PO-00007, due 2026-11-26`; late ones say so. */
export function incomingWords(
  { number: given, expected }: Pick<Incoming, 'number' | 'expected'>,
  today: string,
): string {
  const number = named(given, 40);
  if (expected === '') return `${number}, no date given`;
  return expected < today ? `${number}, was due ${expected}` : `${number}, due ${expected}`;
}
