import type { Part } from '../allocation.ts';
import { maxOf, minOf } from '../numbers.ts';
import type { Row } from '../rows.ts';
import { textIn } from '../rows.ts';
import { named, plainText } from '../text.ts';
import type { Arrival } from '../transit.ts';
import { type Line, linesOfOrder } from './fulfil-sales-order-lines.ts';

const one = 1_000_000n;

/** Goods that somebody waits for, parts instead of kits; quantities in 1e-6 units. */
export interface Need {
  readonly itemId: string;
  readonly name: string;
  readonly sku: string;
  /** Words for the kit it is a part of; empty where it is none. */
  readonly partOf: string;
  /** Empty: all warehouses together. */
  readonly warehouseId: string;
  readonly warehouseName: string;
  /** Neither shipped nor packed. */
  readonly quantity: bigint;
}

/** One shelf: an item in one warehouse, or in all. */
export interface Pool {
  /** What is there for this order after all that come before it; negative where they wait too. */
  readonly free: bigint;
  /** What those before it still wait for. */
  readonly ahead: bigint;
  /** False: nothing limits it. */
  readonly isTracked: boolean;
}

export const poolKey = ({ itemId, warehouseId }: { readonly itemId: string; readonly warehouseId: string }): string =>
  `${itemId} ${warehouseId}`;

/** What a line takes of each item, for a quantity of it. */
export const goodsOf = ({ itemId, parts }: Pick<Line, 'itemId' | 'parts'>, quantity: bigint) =>
  parts.length === 0
    ? [{ itemId, quantity }]
    : parts.map((part) => ({ itemId: part.itemId, quantity: (quantity * part.needed) / one }));

/** What an order still waits for, line by line; `packed` where all the rest of it stands in packages. */
export function needsOfOrder(order: Row): { needs: Need[]; packed: boolean } {
  const lines = linesOfOrder(order).filter(({ isCarried }) => isCarried);
  const open = lines.filter(({ quantity, packed }) => quantity > packed);
  const needs = open.flatMap(({ itemId, name, sku, parts, warehouseId, warehouseName, quantity, packed }) =>
    needsOf({ itemId, name, sku, warehouseId, warehouseName }, parts, quantity - packed),
  );
  return { needs, packed: open.length === 0 && lines.some(({ packed, shipped }) => packed > shipped) };
}

export const needsOfItem = (row: Row, parts: readonly Part[], quantity: bigint): Need[] =>
  needsOf(
    {
      itemId: textIn(row, 'item_id'),
      name: plainText(row.name),
      sku: plainText(row.sku, 60),
      warehouseId: '',
      warehouseName: '',
    },
    parts,
    quantity,
  );

function needsOf(goods: Omit<Need, 'partOf' | 'quantity'>, parts: readonly Part[], quantity: bigint): Need[] {
  if (parts.length === 0) return [{ ...goods, partOf: '', quantity }];
  const partOf = named(goods.sku, 40) || named(goods.name);
  return parts.map(({ itemId, name, needed }) => ({
    ...goods,
    ...{ itemId, name, sku: '', partOf, quantity: (quantity * needed) / one },
  }));
}

/** A part of what is on its way, given to one need. */
export interface Share {
  readonly order: Arrival;
  readonly quantity: bigint;
}

/** What becomes of one need; quantities in 1e-6 units. */
export interface Served {
  readonly need: Need;
  readonly isTracked: boolean;
  readonly now: bigint;
  readonly short: bigint;
  /** What orders before this one still wait for: they take of what comes first. */
  readonly ahead: bigint;
  readonly comes: readonly Share[];
  /** What nothing on order or in transit brings. */
  readonly uncovered: bigint;
}

/**
 * Gives the needs, in their order, what is free, then what comes, soonest first; those before them in the queue take theirs
 * first of both. What comes to another warehouse does not count.
 */
export function serve(
  needs: readonly Need[],
  pools: ReadonlyMap<string, Pool>,
  incoming: ReadonlyMap<string, readonly Arrival[]>,
): Served[] {
  const left = new Map([...pools].map(([key, { free }]) => [key, maxOf(0n, free)]));
  const coming = new Map<string, { order: Arrival; left: bigint }[]>();
  const comingTo = ({ itemId, warehouseId }: Need, { ahead }: Pool) => {
    const key = poolKey({ itemId, warehouseId });
    const known = coming.get(key);
    if (known) return known;
    const orders = (incoming.get(itemId) ?? [])
      .filter((order) => warehouseId === '' || order.warehouseId === '' || order.warehouseId === warehouseId)
      .sort((a, b) => (a.expected || '9').localeCompare(b.expected || '9'))
      .map((order) => ({ order, left: order.quantity }));
    takeOf(orders, ahead);
    coming.set(key, orders);
    return orders;
  };
  return needs.map((need) => {
    const pool = pools.get(poolKey(need)) ?? { free: 0n, ahead: 0n, isTracked: true };
    const isTracked = pool.isTracked;
    if (!isTracked) return { need, isTracked, now: need.quantity, short: 0n, ahead: 0n, comes: [], uncovered: 0n };
    const now = minOf(need.quantity, left.get(poolKey(need)) ?? 0n);
    left.set(poolKey(need), (left.get(poolKey(need)) ?? 0n) - now);
    const short = need.quantity - now;
    const comes = short > 0n ? takeOf(comingTo(need, pool), short) : [];
    const uncovered = comes.reduce((rest, { quantity }) => rest - quantity, short);
    return { need, isTracked, now, short, ahead: pool.ahead, comes, uncovered };
  });
}

function takeOf(orders: { order: Arrival; left: bigint }[], wanted: bigint): Share[] {
  let still = wanted;
  return orders.flatMap((one) => {
    const quantity = minOf(still, one.left);
    one.left -= quantity;
    still -= quantity;
    return quantity > 0n ? [{ order: one.order, quantity }] : [];
  });
}
