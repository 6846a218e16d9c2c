import { maxOf, minOf } from './numbers.ts';

/** A part of a kit: `needed` for one kit, in 1e-6 units. */
export interface Part {
  readonly itemId: string;
  readonly name: string;
  readonly needed: bigint;
}

/** What can be promised of one item, in 1e-6 units; undefined where nothing limits it. */
export interface Supply {
  readonly available: bigint | undefined;
  /** In the warehouses that lines name. */
  readonly places: ReadonlyMap<string, bigint | undefined>;
  /** Parts of a kit, which lines for the parts themselves also take from. */
  readonly parts: readonly Part[];
}

export interface DemandLine {
  readonly itemId: string;
  readonly warehouseId?: string | undefined;
  /** In 1e-6 units. */
  readonly quantity: bigint;
}

/** What becomes of one line; quantities in 1e-6 units. */
export interface Allocation {
  /** What could be promised before this line, earlier lines counted; undefined where nothing limits it. */
  readonly before: bigint | undefined;
  /** What of the line can be promised. */
  readonly promised: bigint;
  /** What cannot. */
  readonly short: bigint;
  /** What can be promised after it; negative when it takes more than there is. */
  readonly after: bigint | undefined;
}

const one = 1_000_000n;
const wholeKits = (micro: bigint): bigint => (micro < 0n ? micro : micro - (micro % one));
const lesser = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  a === undefined ? b : b === undefined ? a : minOf(a, b);

/**
 * What one warehouse can promise: no more than the item has free in all, for elsewhere it may be promised already; what the
 * warehouse itself lacks is its own.
 */
export const atPlace = (there: bigint | undefined, all: bigint | undefined): bigint | undefined =>
  lesser(there, all === undefined ? undefined : maxOf(0n, all));

/**
 * Gives the lines what there is, in their order, so that lines of one item, one warehouse or one kit's parts are counted
 * together. `beyond` lets every line take its whole quantity, whatever there is.
 */
export function allocate(
  lines: readonly DemandLine[],
  supplies: ReadonlyMap<string, Supply>,
  options: { beyond: boolean },
): Allocation[] {
  const left = new Map<string, bigint | undefined>();
  for (const [itemId, { available, places }] of supplies) {
    left.set(itemId, available);
    for (const [warehouseId, there] of places) left.set(`${itemId} ${warehouseId}`, there);
  }
  const take = (key: string, quantity: bigint): void => {
    const stock = left.get(key);
    if (stock !== undefined) left.set(key, stock - quantity);
  };
  const inReach = ({ itemId, warehouseId }: DemandLine): bigint | undefined => {
    const parts = supplies.get(itemId)?.parts ?? [];
    const all = left.get(itemId);
    let reach = warehouseId === undefined ? all : atPlace(left.get(`${itemId} ${warehouseId}`), all);
    for (const part of parts) {
      const stock = left.get(part.itemId);
      if (stock !== undefined && part.needed > 0n) reach = lesser(reach, (stock * one) / part.needed);
    }
    return parts.length > 0 && reach !== undefined ? wholeKits(reach) : reach;
  };
  return lines.map((line) => {
    const { itemId, warehouseId, quantity } = line;
    const before = inReach(line);
    const promised = before === undefined ? quantity : maxOf(0n, minOf(before, quantity));
    const taken = options.beyond ? quantity : promised;
    take(itemId, taken);
    if (warehouseId !== undefined) take(`${itemId} ${warehouseId}`, taken);
    for (const part of supplies.get(itemId)?.parts ?? []) take(part.itemId, (part.needed * taken) / one);
    return {
      before,
      promised,
      short: quantity - promised,
      after: before === undefined ? undefined : before - taken,
    };
  });
}
