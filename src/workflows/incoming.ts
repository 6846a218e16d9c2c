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
  /** Where it will arrive; empty where the line does not say. */
  readonly warehouseId: string;
}

export interface IncomingByItem {
  readonly byItem: ReadonlyMap<string, Incoming[]>;
  /** True when more orders exist than were read. */
  readonly truncated: boolean;
}

/** Orders read at most; each costs one call. */
export const mostOrders = 50;

const filters = { draft: ['Status.Draft'], issued: ['Status.Issued', 'Status.PartiallyReceived'] };

const expectedOf = (row: Row): string => textIn(row, 'expected_delivery_date') || textIn(row, 'delivery_date') || '';

/**
 * Purchase lines not yet received, of orders with one of these statuses: one call a status and one an order, soonest
 * first. `wanted` limits what is looked for: item_id -> quantity known to be on order, so that the reading ends as soon
 * as all of it is found, or undefined where nobody knows.
 */
export async function readIncoming(
  api: Api,
  stage: 'draft' | 'issued',
  options: { most: number; wanted: ReadonlyMap<string, bigint | undefined> },
): Promise<IncomingByItem> {
  const byItem = new Map<string, Incoming[]>();
  const open = new Map(options.wanted);
  const foundAll = (): boolean => [...open.values()].every((left) => left !== undefined && left <= 0n);
  // Of one item only its own orders are listed, so that no other is read in vain.
  const [only, ...others] = options.wanted.keys();
  const narrowed = only !== undefined && others.length === 0 ? { item_id: only } : {};
  let read = 0;
  let truncated = false;
  for (const filter of filters[stage]) {
    if (foundAll()) break;
    const listing = await readList(
      api,
      'list_purchase_orders',
      'purchaseorders',
      { filter_by: filter, ...narrowed },
      { maxPages: 1 },
    );
    truncated ||= !listing.complete;
    const soonest = [...listing.rows].sort((a, b) => (expectedOf(a) || '9').localeCompare(expectedOf(b) || '9'));
    for (const row of soonest) {
      if (foundAll()) break;
      if (read >= options.most) {
        truncated = true;
        break;
      }
      const input = { purchaseorder_id: textIn(row, 'purchaseorder_id') };
      const order = rowsIn(row, 'line_items').length > 0 ? row : await readOrder(api, input);
      if (order !== row) read += 1;
      for (const line of rowsIn(order, 'line_items')) {
        const itemId = textIn(line, 'item_id');
        const quantity = maxOf(0n, (microIn(line, 'quantity') ?? 0n) - (microIn(line, 'quantity_received') ?? 0n));
        if (quantity === 0n || !options.wanted.has(itemId)) continue;
        const left = open.get(itemId);
        open.set(itemId, left === undefined ? undefined : left - quantity);
        byItem.set(itemId, [...(byItem.get(itemId) ?? []), incomingOf({ ...row, ...order }, line, quantity)]);
      }
    }
  }
  return { byItem, truncated: truncated && !foundAll() };
}

const readOrder = async (api: Api, input: { purchaseorder_id: string }): Promise<Row> =>
  rowIn(await api.call('get_purchase_order', input), 'purchaseorder');

const incomingOf = (order: Row, line: Row, quantity: bigint): Incoming => ({
  purchaseorderId: textIn(order, 'purchaseorder_id'),
  number: plainText(order.purchaseorder_number, 40),
  vendorName: plainText(order.vendor_name, 60),
  expected: expectedOf(order),
  quantity,
  warehouseId: textIn(line, 'warehouse_id') || textIn(line, 'location_id'),
});

/** `PO-00007, due 2026-11-26`; late ones say so. */
export function incomingWords({ number: given, expected }: Incoming, today: string): string {
  const number = named(given, 40);
  if (expected === '') return `${number}, no date given`;
  return expected < today ? `${number}, was due ${expected}` : `${number}, due ${expected}`;
}
