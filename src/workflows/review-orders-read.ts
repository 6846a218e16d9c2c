import { isTracked, readItem, warehousesOf } from './availability.ts';
import type { Api } from './define.ts';
import { oldestFirst } from './explain-stock-claims.ts';
import { formatMicro, sumOf } from './numbers.ts';
import {
  lineOf,
  neededFor,
  type OpenLine,
  type OpenStatus,
  readOpenOrders,
  readSalesOrder,
  statusOf,
  toPack,
} from './open-orders.ts';
import type { Claimant, Pool } from './review-sharing.ts';
import { microIn, type Row, readList, rowsIn, textIn } from './rows.ts';

const waiting: readonly OpenStatus[] = [
  'Draft',
  ...(['Open', 'Confirmed', 'PartiallyPacked', 'Packed', 'PartiallyShipped', 'Shipped'] as const),
];

export type Step = 'to confirm' | 'to pack' | 'to ship' | 'partially shipped' | 'to deliver';

const steps: Readonly<Record<string, Step>> = {
  draft: 'to confirm',
  packed: 'to ship',
  partiallyshipped: 'partially shipped',
  shipped: 'to deliver',
};

export interface WaitingOrder {
  readonly id: string;
  /** As listed, with what the order itself says where it was read. */
  readonly row: Row;
  readonly step: Step;
  /** Undefined where the order was not read: it is packed or gone whole, or there were too many. */
  readonly lines: readonly OpenLine[] | undefined;
  readonly packages: readonly Row[];
}

/** Orders read at most, each a call. */
export const mostRead = 40;
const atOnce = 4;

const stepOf = (row: Row): Step => steps[statusOf(row)] ?? 'to pack';

/** Confirmed orders are read before drafts: they hold stock. */
const byUrgency = (a: Row, b: Row): number =>
  Number(stepOf(a) === 'to confirm') - Number(stepOf(b) === 'to confirm') || oldestFirst(a, b);

/**
 * Open orders of a day and before, oldest first: 1 list or 8, a call an order of which lines matter (40 at most), up to 3
 * lists of packages.
 */
export async function readWaiting(
  api: Api,
  until: string,
  readsAll: boolean,
): Promise<{ orders: WaitingOrder[]; unread: number; complete: boolean }> {
  const { rows, complete } = await readOpenOrders(api, waiting, { date_end: until });
  const listed = rows.filter((row) => textIn(row, 'date') <= until);
  const isPlain = (row: Row): boolean => stepOf(row) === 'to ship' || stepOf(row) === 'to deliver';
  // What is packed or gone whole needs no lines, unless one wants to know from where it goes.
  const wanted = listed.filter((row) => readsAll || !isPlain(row)).sort(byUrgency);
  const read = await readSome(api, wanted.slice(0, mostRead));
  const packages = await readPackages(
    api,
    listed.filter((row) => isPlain(row)),
  );
  const orders = listed.sort(oldestFirst).map((row): WaitingOrder => {
    const id = textIn(row, 'salesorder_id');
    const order = read.get(id);
    const lines = order && rowsIn(order, 'line_items').map(lineOf);
    const own = packages.filter((one) => textIn(one, 'salesorder_id') === id);
    const known = own.length > 0 ? own : rowsIn(order ?? {}, 'packages');
    return { id, row: { ...row, ...order }, step: stepOf(order ?? row), lines, packages: known };
  });
  return { orders, unread: Math.max(0, wanted.length - mostRead), complete };
}

async function readSome(api: Api, rows: readonly Row[]): Promise<Map<string, Row>> {
  const read = new Map<string, Row>();
  for (let at = 0; at < rows.length; at += atOnce) {
    const some = await Promise.all(rows.slice(at, at + atOnce).map((row) => readSalesOrder(api, row)));
    for (const order of some) read.set(textIn(order, 'salesorder_id'), order);
  }
  return read;
}

/** Packages with their carriers, which an order does not tell: a list a status, of the newest 200. */
async function readPackages(api: Api, rows: readonly Row[]): Promise<Row[]> {
  const has = (step: Step): boolean => rows.some((row) => stepOf(row) === step);
  const filters = [...(has('to ship') ? ['Draft', 'ReadyToShip'] : []), ...(has('to deliver') ? ['Shipped'] : [])];
  const lists = filters.map((status) =>
    readList(api, 'list_packages', 'packages', { filter_by: `Status.${status}` }, { maxPages: 1 }),
  );
  return (await Promise.all(lists)).flatMap((list) => list.rows);
}

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
    complete: complete && unknown.length <= mostUnknown,
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
