import { formatMicro, maxOf } from '../numbers.ts';

/** All quantities in 1e-6 units, over all warehouses. */
export interface Stock {
  readonly onHand: bigint;
  readonly committed: bigint;
  /** Issued purchase lines not yet received. */
  readonly onOrder: bigint;
  /** In draft purchase orders, whoever wrote them. */
  readonly inDrafts: bigint;
  readonly inTransit: bigint;
  readonly level: bigint;
}

export type ReorderRule = 'position' | 'reference';

export interface Limits {
  /** Fill up to this; 2 x the reorder level where it is not given. */
  readonly target?: bigint | undefined;
  readonly minimum?: bigint | undefined;
  /** Order in whole packs of this many. */
  readonly pack?: bigint | undefined;
}

export interface Reorder {
  readonly position: bigint;
  /** 0: nothing to order. */
  readonly quantity: bigint;
  /** The sum in words and figures. */
  readonly why: string;
}

export const positionOf = (stock: Stock): bigint =>
  stock.onHand - stock.committed + stock.onOrder + stock.inDrafts + stock.inTransit;

function roundedUp(raw: bigint, { minimum = 0n, pack = 0n }: Limits): bigint {
  if (raw <= 0n) return 0n;
  const atLeast = maxOf(raw, minimum);
  return pack > 0n ? ((atLeast + pack - 1n) / pack) * pack : atLeast;
}

/**
 * How many to order. `position` counts what is promised, on its way and already in drafts, and orders up to the target
 * once the position is at or below the level; so a second run orders nothing. `reference` is the API reference's
 * formula, max(2 x level - on hand, level) once what is available is at or below the level: it does not see open orders.
 */
export function reorderOf(rule: ReorderRule, stock: Stock, limits: Limits = {}): Reorder {
  const position = positionOf(stock);
  const { level, onHand, committed } = stock;
  const [has, at] = [formatMicro(position), formatMicro(level)];
  if (rule === 'reference') {
    const available = onHand - committed;
    if (level <= 0n || available > level)
      return { position, quantity: 0n, why: `${formatMicro(available)} available, above level ${at}` };
    const quantity = roundedUp(maxOf(2n * level - onHand, level), limits);
    return { position, quantity, why: `2 x level ${at} - ${formatMicro(onHand)} on hand, at least ${at}` };
  }
  const isLow = (level > 0n && position <= level) || position < 0n;
  if (!isLow) return { position, quantity: 0n, why: `position ${has} is above level ${at}` };
  const target = limits.target ?? 2n * level;
  const raw = target - position;
  const quantity = roundedUp(raw, limits);
  const rounded = quantity === raw ? '' : `, rounded up to ${formatMicro(quantity)} by minimum or pack`;
  return {
    position,
    quantity,
    why:
      quantity === 0n
        ? `position ${has} already reaches target ${formatMicro(target)}`
        : `position ${has} is ${position < 0n && level <= 0n ? 'below 0' : `at or below level ${at}`}; ordered up to ${formatMicro(target)}${rounded}`,
  };
}
