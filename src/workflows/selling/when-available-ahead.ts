import { figuresOf, isTracked, type WarehouseFigures, warehousesOf } from '../availability.ts';
import type { Api } from '../define.ts';
import { maxOf, sumOf } from '../numbers.ts';
import { holding, readOpenOrders } from '../open-orders.ts';
import { holdsStock } from '../promises.ts';
import { type Row, readList, rowIn, textIn } from '../rows.ts';
import { linesOfOrder } from './fulfil-sales-order-lines.ts';
import { goodsOf, type Need, type Pool, poolKey } from './when-available-queue.ts';

/** Other sales orders read at most, for all items together; each costs a call. */
const mostOrders = 20;
/** Lists of an item's orders read at most; each costs a call. */
const mostQueues = 8;

interface Asked {
  readonly order: Row;
  readonly needs: readonly Need[];
  readonly rows: ReadonlyMap<string, Row>;
  readonly draft: boolean;
}

/** What an order takes of one item in one warehouse: not yet shipped, and of that packed. */
interface Held {
  readonly open: bigint;
  readonly packed: bigint;
}

/**
 * What is there for this order on each shelf. Older orders that hold stock come first, and what a younger one has packed is
 * gone too. Other orders are read only for a shelf that promises more than it holds: one list an item, and those on it.
 */
export async function readAhead(api: Api, { order, needs, rows, draft }: Asked) {
  const pools = new Map<string, Pool>();
  const notes = new Set<string>();
  const wholes = new Map<string, Row>([[textIn(order, 'salesorder_id'), order]]);
  const queues = new Map<string, Queue>();
  let everyone: Queue | undefined;
  for (const need of needs) {
    const row = rows.get(need.itemId) ?? {};
    if (pools.has(poolKey(need))) continue;
    const { onHand, committed, packed } = shelfOf(row, need.warehouseId);
    const own = draft ? { open: 0n, packed: 0n } : heldBy(order, need);
    const others = committed - own.open;
    let ahead = others;
    // Who stands before it matters only where not all can be served.
    if (!draft && onHand < committed && others > 0n) {
      const known = queues.get(need.itemId);
      const queue = known ?? (queues.size < mostQueues ? await readQueue(api, order, need.itemId) : unread);
      queues.set(need.itemId, queue);
      const shelf = { need, others, packed: maxOf(0n, (packed ?? 0n) - own.packed) };
      let found = await aheadOn(api, queue, shelf, wholes);
      if (found === undefined) {
        everyone ??= await readQueue(api, order);
        found = await aheadAmong(api, everyone, shelf, wholes);
      }
      if (found === undefined)
        notes.add('Not all other orders could be read: where they could not, all count as older than this one.');
      else ahead = found;
    }
    const free = onHand - own.packed - ahead;
    pools.set(poolKey(need), { free, ahead: maxOf(0n, -free), isTracked: isTracked(row) });
  }
  return { pools, notes: [...notes] };
}

interface Shelf {
  readonly need: Need;
  /** What all other orders hold of it. */
  readonly others: bigint;
  /** Of that in packages. */
  readonly packed: bigint;
}

const together = (orders: readonly Row[], need: Need): Held => {
  const held = orders.map((other) => heldBy(other, need));
  return { open: sumOf(held.map(({ open }) => open)), packed: sumOf(held.map(({ packed }) => packed)) };
};

/**
 * By the orders that have the item on a line. Kits that it is a part of hold some too, and the API does not list their
 * orders by it: where these do not add up to all that is held, or are too many, undefined.
 */
async function aheadOn(api: Api, queue: Queue, shelf: Shelf, wholes: Map<string, Row>): Promise<bigint | undefined> {
  const orders = queue.complete ? await readAll(api, [...queue.older, ...queue.younger], wholes) : undefined;
  if (!orders) return undefined;
  const older = together(orders.slice(0, queue.older.length), shelf.need);
  const younger = together(orders.slice(queue.older.length), shelf.need);
  return older.open + younger.open === shelf.others ? older.open + younger.packed : undefined;
}

/** By all orders before this one or all behind it, whichever are fewer: the rest follows from what is held in all. */
async function aheadAmong(api: Api, all: Queue, shelf: Shelf, wholes: Map<string, Row>): Promise<bigint | undefined> {
  const side = all.older.length <= all.younger.length ? 'older' : 'younger';
  const orders = all.complete ? await readAll(api, all[side], wholes) : undefined;
  if (!orders) return undefined;
  const { open, packed } = together(orders, shelf.need);
  return side === 'older' ? open + maxOf(0n, shelf.packed - packed) : shelf.others - (open - packed);
}

/** Where an organization has one place only, items have no split: then all there is stands there. */
function shelfOf(row: Row, warehouseId: string): Pick<WarehouseFigures, 'onHand' | 'committed' | 'packed'> {
  if (warehousesOf(row).length === 0) return { ...figuresOf(row), packed: undefined };
  const here = warehousesOf(row).filter((split) => warehouseId === '' || split.warehouseId === warehouseId);
  return {
    onHand: sumOf(here.map(({ onHand }) => onHand)),
    committed: sumOf(here.map(({ committed }) => committed)),
    packed: sumOf(here.map(({ packed }) => packed ?? 0n)),
  };
}

function heldBy(order: Row, { itemId, warehouseId }: Need): Held {
  const lines = linesOfOrder(order).filter(
    (line) => line.isCarried && (warehouseId === '' || line.warehouseId === '' || line.warehouseId === warehouseId),
  );
  const sum = (quantityOf: (line: (typeof lines)[number]) => bigint): bigint =>
    sumOf(
      lines
        .flatMap((line) => goodsOf(line, maxOf(0n, quantityOf(line))))
        .filter((goods) => goods.itemId === itemId)
        .map(({ quantity }) => quantity),
    );
  return { open: sum((line) => line.quantity - line.shipped), packed: sum((line) => line.packed - line.shipped) };
}

interface Queue {
  readonly older: readonly Row[];
  readonly younger: readonly Row[];
  readonly complete: boolean;
}

const unread: Queue = { older: [], younger: [], complete: false };

/** The other orders that hold stock, of an item or of anything. One call; of anything it may be one more a status. */
async function readQueue(api: Api, order: Row, itemId?: string): Promise<Queue> {
  const listing =
    itemId === undefined
      ? await readOpenOrders(api, holding, {})
      : await readList(api, 'list_sales_orders', 'salesorders', { item_id: itemId }, { maxPages: 1 });
  const waiting = listing.rows.filter(
    (row) => holdsStock(row) && textIn(row, 'status') !== 'shipped' && row.salesorder_id !== order.salesorder_id,
  );
  return {
    older: waiting.filter((row) => isOlder(row, order)),
    younger: waiting.filter((row) => !isOlder(row, order)),
    complete: listing.complete,
  };
}

// By the order's date; of one day the id tells, which grows.
function isOlder(row: Row, order: Row): boolean {
  const [day, own] = [textIn(row, 'date'), textIn(order, 'date')];
  if (day !== own) return day < own;
  const [id, ownId] = [textIn(row, 'salesorder_id'), textIn(order, 'salesorder_id')];
  return id.length === ownId.length ? id < ownId : id.length < ownId.length;
}

/** The orders whole; undefined where that would be too many. */
async function readAll(api: Api, listed: readonly Row[], known: Map<string, Row>): Promise<Row[] | undefined> {
  const ids = listed.map((row) => textIn(row, 'salesorder_id'));
  const unread = ids.filter((id) => !known.has(id));
  if (known.size - 1 + unread.length > mostOrders) return undefined;
  for (const id of unread) known.set(id, rowIn(await api.call('get_sales_order', { salesorder_id: id }), 'salesorder'));
  return ids.map((id) => known.get(id) ?? {});
}
