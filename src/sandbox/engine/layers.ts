import type { Database } from '../../sqlite.ts';
import { integerOf, textOf } from '../row.ts';
import { divideRounded, exactNumber } from './quantity.ts';

/** What is left of one receipt of goods, or the part of it that a posting takes. */
export interface Slice {
  readonly layerId: number;
  /** The day the goods came in, kept on their way through transit. */
  readonly date: string;
  readonly quantityMicro: number;
  /** Base currency, minor units. */
  readonly valueMinor: number;
}

/** Open layers of an item at a place, in the order in which they are used up: date, then sequence. */
export function openLayers(db: Database, itemId: string, place: string, holder: string): Slice[] {
  return db
    .prepare(
      `SELECT layer_id, layer_date, quantity_micro, value_minor FROM layer
       WHERE item_id = ? AND place = ? AND holder = ? AND quantity_micro > 0 ORDER BY layer_date, layer_id`,
    )
    .all(itemId, place, holder)
    .map((row) => ({
      layerId: integerOf(row, 'layer_id'),
      date: textOf(row, 'layer_date'),
      quantityMicro: integerOf(row, 'quantity_micro'),
      valueMinor: integerOf(row, 'value_minor'),
    }));
}

/**
 * The parts of `layers` that `quantityMicro` uses up. A part costs its share of what is left of the layer; whoever takes
 * the last unit takes the whole remainder, so no cent stays behind. Throws when the layers hold less (the caller looked).
 */
export function slicesOf(layers: readonly Slice[], quantityMicro: number): Slice[] {
  const slices: Slice[] = [];
  let wanted = quantityMicro;
  for (const layer of layers) {
    if (wanted === 0) break;
    const quantity = Math.min(wanted, layer.quantityMicro);
    const share = divideRounded(BigInt(layer.valueMinor) * BigInt(quantity), BigInt(layer.quantityMicro));
    slices.push({ ...layer, quantityMicro: quantity, valueMinor: exactNumber(share) });
    wanted -= quantity;
  }
  if (wanted > 0) throw new Error('The layers hold less than the level says.');
  return slices;
}

/** An empty layer; entries fill it. `holder` is the transfer line that holds it in transit, else ''. */
export function newLayer(
  db: Database,
  { item_id, place, holder, date }: { item_id: string; place: string; holder: string; date: string },
): number {
  const row = db
    .prepare('INSERT INTO layer (item_id, place, holder, layer_date) VALUES (?, ?, ?, ?) RETURNING layer_id')
    .get(item_id, place, holder, date);
  return row ? integerOf(row, 'layer_id') : 0;
}

/** Adds to (or, negative, takes from) a layer on behalf of one posting; a trigger keeps the layer's sums. */
export function enterLayer(
  db: Database,
  layerId: number,
  posting: { readonly moveId: number } | { readonly revaluationId: number },
  quantityMicro: number,
  valueMinor: number,
): void {
  db.prepare(
    'INSERT INTO layer_entry (layer_id, move_id, revaluation_id, quantity_micro, value_minor) VALUES (?, ?, ?, ?, ?)',
  ).run(
    layerId,
    'moveId' in posting ? posting.moveId : null,
    'revaluationId' in posting ? posting.revaluationId : null,
    quantityMicro,
    valueMinor,
  );
}
