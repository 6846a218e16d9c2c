import { isTracked, readItem, warehousesOf } from '../availability.ts';
import type { Api } from '../define.ts';
import { formatMicro, sumOf } from '../numbers.ts';
import { neededFor, toPack } from '../open-orders.ts';
import { microIn, type Row, readList, textIn } from '../rows.ts';
import type { WaitingOrder } from './review-orders-read.ts';
import type { Claimant, Pool } from './review-sharing.ts';

export interface Stock {
  /** What can be packed now: on hand, less what is packed already. */
  readonly free: Pool;
  /** What nobody was promised: all that a draft may count on. */
  readonly available: Pool;
  readonly rowOf: (key: string) => Row;
  /** Warehouses with some of an item free. */
  readonly elsewhere: (key: string) => readonly Row[];
  readonly complete: boolean;
}

const mostPages = 10;
/** Items looked up one by one at most. */
const mostUnknown = 5;

export const keyOf = (itemId: string, warehouseId: string): string => `${itemId} ${warehouseId}`;

/** What the lines of an order still need, kits as their parts; services need nothing. */
export function claimantOf({ id, lines = [] }: WaitingOrder): Claimant {
  const needs = new Map<string, bigint>();
  for (const line of lines.filter(({ isCarried }) => isCarried))
    for (const { itemId, needed } of neededFor(line, toPack(line))) {
      const key = keyOf(itemId, line.warehouseId);
      if (needed > 0n) needs.set(key, (needs.get(key) ?? 0n) + needed);
    }
  return { id, needs };
}

/**
 * Stock of all by item and warehouse: a call for 200 rows (10 at most), and one for each item that is not among them, 5 at
 * most: the report leaves out what is zero everywhere and what is not tracked, and these two are told apart.
 */
export async function readStock(api: Api, claimants: readonly Claimant[]): Promise<Stock> {
  const needed = new Set(claimants.flatMap(({ needs }) => [...needs.keys()]).map(itemIn));
  if (needed.size === 0) return { free: none, available: none, rowOf: () => ({}), elsewhere: () => [], complete: true };
  const { rows, complete } = await readList(api, 'get_stock_on_hand', 'items', {}, { maxPages: mostPages });
  const byItem = new Map<string, Row[]>();
  for (const row of rows) byItem.set(textIn(row, 'item_id'), [...(byItem.get(textIn(row, 'item_id')) ?? []), row]);
  // Where the reading ended, some of the last item's warehouses may be missing.
  if (!complete) byItem.delete(textIn(rows.at(-1) ?? {}, 'item_id'));
  const unlimited = new Set<string>();
  const unknown = [...needed].filter((itemId) => !byItem.has(itemId));
  for (const itemId of unknown.slice(0, mostUnknown)) {
    const row = (await readItem(api, itemId)) ?? {};
    if (!isTracked(row)) unlimited.add(itemId);
    byItem.set(itemId, splitRows(row));
  }
  // A line that names no warehouse may be served from any, as where there is only one.
  const at = (key: string): Row[] => {
    const own = byItem.get(itemIn(key)) ?? [];
    return placeIn(key) === '' ? own : own.filter((row) => textIn(row, 'warehouse_id') === placeIn(key));
  };
  const pool =
    (figure: (row: Row) => bigint): Pool =>
    (key) =>
      unlimited.has(itemIn(key)) ? undefined : sumOf(at(key).map(figure));
  return {
    free: pool((row) => figure(row, 'on_hand') - figure(row, 'packed')),
    available: pool((row) => figure(row, 'on_hand') - figure(row, 'committed')),
    rowOf: (key) => at(key)[0] ?? byItem.get(itemIn(key))?.[0] ?? {},
    elsewhere: (key) =>
      (byItem.get(itemIn(key)) ?? []).filter(
        (row) => !at(key).includes(row) && figure(row, 'on_hand') > figure(row, 'committed'),
      ),
    complete: unknown.length <= mostUnknown,
  };
}

const figure = (row: Row, key: string): bigint => microIn(row, key) ?? 0n;

/** The split of an item as the report has it. */
const splitRows = (item: Row): Row[] =>
  warehousesOf(item).map(({ warehouseId, warehouseName, onHand, committed, packed = 0n }) => ({
    ...{ item_id: item.item_id, sku: item.sku, name: item.name, warehouse_id: warehouseId },
    ...{ warehouse_name: warehouseName, on_hand: formatMicro(onHand) },
    ...{ committed: formatMicro(committed), packed: formatMicro(packed) },
  }));

const none: Pool = () => undefined;
export const itemIn = (key: string): string => key.split(' ')[0] ?? '';
export const placeIn = (key: string): string => key.split(' ')[1] ?? '';
