import { Rejected } from '../../errors.ts';
import { formatMicro, maxOf, microToNumber, minOf } from '../numbers.ts';
import type { Row } from '../rows.ts';
import { itemWords, named } from '../text.ts';
import type { Level } from './levels.ts';

export interface Warehouse {
  readonly id: string;
  readonly name: string;
}

/** One item on its way; quantities in 1e-6 units. */
export interface Move {
  readonly row: Row;
  readonly itemId: string;
  readonly sku: string;
  readonly name: string;
  readonly unit: string;
  readonly asked: bigint;
  /** What is moved of it. */
  readonly quantity: bigint;
  readonly source: Level;
  readonly destination: Level;
  /** Other warehouses with goods that stand in no package. */
  readonly elsewhere: readonly { readonly name: string; readonly free: bigint }[];
}

/** Goods in a package are set aside: they cannot be sent. */
const freeOf = ({ source }: Move): bigint => maxOf(0n, source.onHand - source.packed);

/** What of it orders are waiting for at the source. */
export const promisedOf = ({ source, quantity }: Move): bigint =>
  maxOf(0n, quantity - maxOf(0n, source.onHand - source.committed));

/** What can be moved and what cannot. Throws Rejected with a table where it is short and `partial` was not asked for. */
export function cutToFree(
  moves: readonly Move[],
  from: Warehouse,
  ifShort: 'refuse' | 'partial',
): { moves: Move[]; cuts: Move[] } {
  const cuts = moves.filter((move) => move.asked > freeOf(move));
  const moved = moves
    .map((move) => ({ ...move, quantity: minOf(move.asked, freeOf(move)) }))
    .filter(({ quantity }) => quantity > 0n);
  if (cuts.length > 0 && (ifShort === 'refuse' || moved.length === 0)) throw tooShort(cuts, from, moved.length > 0);
  return { moves: moved, cuts };
}

function tooShort(cuts: readonly Move[], from: Warehouse, canPart: boolean): Rejected {
  const words = cuts.map((move) => {
    const packed = move.source.packed > 0n ? `, ${formatMicro(move.source.packed)} of them packed` : '';
    const others = move.elsewhere.map(({ name, free }) => `${formatMicro(free)} in ${named(name)}`);
    const where = others.length === 0 ? '' : `; free elsewhere: ${others.join(', ')}`;
    return `${itemWords({ sku: move.sku, item: move.name })}: ${formatMicro(move.asked)} wanted, ${formatMicro(move.source.onHand)} on hand in ${named(from.name)}${packed}${where}`;
  });
  const next = canPart ? 'Move less, or set if_short to partial.' : 'Move less, or from another warehouse.';
  return new Rejected(`Not enough stock to move. Nothing was written.\n${words.join('\n')}\n${next}`, {
    nothingSent: true,
    facts: {
      short: cuts.map((move) => ({
        item_id: move.itemId,
        wanted: microToNumber(move.asked),
        free: microToNumber(freeOf(move)),
        short: microToNumber(move.asked - freeOf(move)),
      })),
    },
  });
}
