import { maxOf, minOf, sumOf } from '../numbers.ts';

/** One item in one warehouse; quantities in 1e-6 units. */
export interface Stand {
  readonly warehouseId: string;
  readonly warehouseName: string;
  readonly onHand: bigint;
  /** Held by open orders there. */
  readonly committed: bigint;
  /** On its way there already. */
  readonly coming: bigint;
}

export interface Move {
  readonly from: Stand;
  readonly to: Stand;
  readonly quantity: bigint;
}

export const freeOf = ({ onHand, committed }: Stand): bigint => onHand - committed;

/** What a warehouse lacks to have `keep` free, goods on their way counted. */
export const lackOf = (stand: Stand, keep: bigint): bigint => maxOf(0n, keep - freeOf(stand) - stand.coming);

interface Open {
  readonly stand: Stand;
  left: bigint;
}

const most = (a: Open, b: Open): number => (a.left > b.left ? -1 : a.left < b.left ? 1 : 0);

/**
 * Moves of one item that give every warehouse of `stands` `keep` free, as far as others have more than that: no source
 * falls below `keep`, nor below what it has promised. Where there is too little for all, promises come first. Few moves:
 * the source with most to spare gives all if it can; else what one can give comes from one, the smallest that can, so that
 * the large ones stay whole for the rest.
 */
export function planMoves(
  stands: readonly Stand[],
  keep: bigint,
  mayReceive: (stand: Stand) => boolean,
): { moves: Move[]; short: { stand: Stand; quantity: bigint }[] } {
  const sources = stands
    .map((stand): Open => ({ stand, left: maxOf(0n, freeOf(stand) - keep) }))
    .filter(({ left }) => left > 0n);
  const lacking = stands.filter((stand) => mayReceive(stand) && lackOf(stand, keep) > 0n);
  const open = lacking.map((stand): Open => ({ stand, left: lackOf(stand, keep) }));
  const isEnough = sumOf(sources.map(({ left }) => left)) >= sumOf(open.map(({ left }) => left));
  const moves: Move[] = [];
  if (!isEnough) {
    const promised = lacking.map((stand): Open => ({ stand, left: lackOf(stand, 0n) }));
    fill(promised, sources, moves);
    for (const [index, { left }] of promised.entries()) {
      const wanted = open[index];
      if (wanted) wanted.left -= lackOf(wanted.stand, 0n) - left;
    }
  }
  fill(open, sources, moves);
  const short = open.filter(({ left }) => left > 0n).map(({ stand, left }) => ({ stand, quantity: left }));
  return { moves: merged(moves), short };
}

function fill(wanting: readonly Open[], sources: readonly Open[], moves: Move[]): void {
  const give = (to: Open, from: Open): void => {
    const quantity = minOf(to.left, from.left);
    if (quantity <= 0n) return;
    to.left -= quantity;
    from.left -= quantity;
    moves.push({ from: from.stand, to: to.stand, quantity });
  };
  const fitting = (to: Open): Open | undefined => {
    const [largest, ...others] = [...sources].sort(most);
    if (!largest || largest.left < to.left) return undefined;
    const all = sumOf(wanting.map(({ left }) => left));
    return largest.left >= all ? largest : (others.findLast(({ left }) => left >= to.left) ?? largest);
  };
  const largestFirst = [...wanting].sort(most);
  for (const to of largestFirst) {
    const from = fitting(to);
    if (from) give(to, from);
  }
  for (const to of largestFirst)
    while (to.left > 0n) {
      const from = fitting(to) ?? [...sources].sort(most)[0];
      if (!from || from.left <= 0n) break;
      give(to, from);
    }
}

/** Two moves on one way are one. */
function merged(moves: readonly Move[]): Move[] {
  const byWay = new Map<string, Move>();
  for (const move of moves) {
    const way = `${move.from.warehouseId} ${move.to.warehouseId}`;
    const earlier = byWay.get(way)?.quantity ?? 0n;
    byWay.set(way, { ...move, quantity: earlier + move.quantity });
  }
  return [...byWay.values()];
}
