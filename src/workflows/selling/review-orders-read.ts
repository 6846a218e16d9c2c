import type { Api } from '../define.ts';
import {
  lineOf,
  type OpenLine,
  type OpenStatus,
  oldestFirst,
  readOpenOrders,
  readSalesOrder,
  statusOf,
} from '../open-orders.ts';
import { type Row, readList, rowsIn, textIn } from '../rows.ts';

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
