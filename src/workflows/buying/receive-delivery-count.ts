import type { Api } from '../define.ts';
import { decide, exactMatches, itemNaming, type Naming, type Problem } from '../match.ts';
import { maxOf, minOf, parseMicro, sumOf } from '../numbers.ts';
import { refuseProblems } from '../resolve.ts';
import { type Row, readList, textIn } from '../rows.ts';
import { plainText } from '../text.ts';
import { linesOfPurchase, type PurchaseLine } from './purchase-lines.ts';

/** Goods as they were counted at the dock, each item once; quantity in 1e-6 units. */
export interface Counted {
  readonly itemId: string;
  readonly name: string;
  readonly sku: string;
  readonly quantity: bigint;
}

/** Of a line, what is booked now. */
export interface Arrival {
  readonly line: PurchaseLine;
  readonly now: bigint;
}

/** What of the count fits no line. */
export interface Unbooked extends Counted {
  readonly why: 'surplus' | 'not on the order';
}

export interface Booking {
  readonly arrivals: readonly Arrival[];
  readonly unbooked: readonly Unbooked[];
}

const barcodes = ['upc', 'ean', 'isbn', 'part_number'];
const scanned: Naming = { ...itemNaming, names: [...itemNaming.names, ...barcodes] };

/**
 * The items counted: by id, SKU or exact name of a line of these orders, else one search of the catalog a term, which
 * knows barcodes and finds what is on no order. Unknown and ambiguous ones throw InvalidArguments with candidates.
 */
export async function countedItems(
  api: Api,
  asked: readonly { readonly item: string; readonly quantity: number }[],
  orders: readonly Row[],
): Promise<Counted[]> {
  const byId = new Map(
    orders.flatMap(linesOfPurchase).map(({ itemId, name, sku }) => [itemId, { item_id: itemId, name, sku }]),
  );
  const rows = [...byId.values()];
  const problems: Problem[] = [];
  const found = new Map<string, Counted>();
  for (const { item, quantity } of asked) {
    const near = exactMatches(rows, item, itemNaming).length > 0 ? rows : await searched(api, item);
    const choice = decide(near, item, scanned, { forWrite: false, near: near.length > 0 ? near : rows });
    if ('problem' in choice) {
      problems.push(choice.problem);
      continue;
    }
    const { row } = choice;
    const itemId = textIn(row, 'item_id');
    const before = found.get(itemId)?.quantity ?? 0n;
    found.set(itemId, {
      itemId,
      name: plainText(row.name),
      sku: plainText(row.sku, 60),
      quantity: before + (parseMicro(quantity) ?? 0n),
    });
  }
  refuseProblems(problems);
  return [...found.values()];
}

async function searched(api: Api, term: string): Promise<Row[]> {
  const search_text = term.replace(/\s+/gu, ' ').trim();
  return (await readList(api, 'list_items', 'items', { filter_by: 'Status.All', search_text }, { maxPages: 1 })).rows;
}

export type Sought = 'full' | 'items';

const leftOf = (lines: readonly PurchaseLine[], itemId: string): bigint =>
  sumOf(lines.filter((line) => line.itemId === itemId).map(({ left }) => left));

/** `full`: all that was counted is still to come; `items`: something of each item is; undefined: not even that. */
export function coverage(lines: readonly PurchaseLine[], goods: readonly Counted[]): Sought | undefined {
  const came = goods.filter(({ quantity }) => quantity > 0n);
  if (came.every(({ itemId, quantity }) => leftOf(lines, itemId) >= quantity)) return 'full';
  return came.every(({ itemId }) => leftOf(lines, itemId) > 0n) ? 'items' : undefined;
}

/** Everything that is still to come. */
export const bookAll = (lines: readonly PurchaseLine[]): Booking => ({
  arrivals: lines.filter(({ left }) => left > 0n).map((line) => ({ line, now: line.left })),
  unbooked: [],
});

/** What was counted, on the lines in their order and up to what is still to come of each; the rest is told, not booked. */
export function book(lines: readonly PurchaseLine[], goods: readonly Counted[]): Booking {
  const arrivals: Arrival[] = [];
  const unbooked: Unbooked[] = [];
  for (const one of goods) {
    let still = one.quantity;
    const own = lines.filter(({ itemId }) => itemId === one.itemId);
    for (const line of own) {
      const now = minOf(still, line.left);
      if (now > 0n) arrivals.push({ line, now });
      still = maxOf(0n, still - now);
    }
    if (still > 0n) unbooked.push({ ...one, quantity: still, why: own.length > 0 ? 'surplus' : 'not on the order' });
  }
  return { arrivals, unbooked };
}
