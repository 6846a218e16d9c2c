import type { Database, Row } from '../../sqlite.ts';
import type { World } from '../route.ts';
import { integerOf, textOf } from '../row.ts';
import { insufficientStock, refused } from './fields.ts';
import { enterLayer, newLayer, openLayers, type Slice, slicesOf } from './layers.ts';
import { divideRounded, exactNumber, fromMicro } from './quantity.ts';

/** Goods between two warehouses: in no warehouse, still owned. */
export const transit = 'transit';
/** Places outside: stock comes from and goes to them without limit. */
export type OutsidePlace = 'vendor' | 'customer' | 'adjustment' | 'opening';

/** The document line a posting belongs to. `date` is the day it takes effect. */
export interface Source {
  readonly type: 'opening_stock' | 'receive' | 'package' | 'transfer' | 'adjustment';
  readonly id: string;
  readonly number: string;
  readonly line_id: string;
  readonly date: string;
}

interface Move {
  readonly item_id: string;
  readonly from: string;
  readonly to: string;
  readonly quantityMicro: number;
  readonly costMinor: number;
  readonly reverses?: number;
}

function insertMove(world: World, move: Move, source: Source): number {
  const row = world.db
    .prepare(
      `INSERT INTO stock_move (item_id, from_place, to_place, quantity_micro, cost_minor, document_type, document_id,
         document_number, line_id, effective_date, posted_at, reverses)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING move_id`,
    )
    .get(
      move.item_id,
      move.from,
      move.to,
      move.quantityMicro,
      move.costMinor,
      source.type,
      source.id,
      source.number,
      source.line_id,
      source.date,
      world.timestamp(),
      move.reverses ?? null,
    );
  return row ? integerOf(row, 'move_id') : 0;
}

/** Ledger balance of an item at a place, in millionths. */
export function levelAt(db: Database, itemId: string, place: string): number {
  const row = db.prepare('SELECT quantity_micro FROM level WHERE item_id = ? AND place = ?').get(itemId, place);
  return row ? integerOf(row, 'quantity_micro') : 0;
}

/**
 * What of an item stood at a place at the end of `date` and on every day after it, the least of them: so much could have
 * left it then. In millionths.
 */
export function leastSince(db: Database, itemId: string, place: string, date: string): number {
  const row = db
    .prepare(
      `WITH moved AS (
         SELECT effective_date AS day, iif(to_place = ?1, quantity_micro, -quantity_micro) AS change FROM stock_move
           WHERE item_id = ?2 AND (to_place = ?1) <> (from_place = ?1)
         UNION ALL SELECT ?3, 0),
       ended AS (SELECT day, sum(sum(change)) OVER (ORDER BY day) AS quantity_micro FROM moved GROUP BY day)
       SELECT min(quantity_micro) AS least FROM ended WHERE day >= ?3`,
    )
    .get(place, itemId, date);
  return row ? integerOf(row, 'least') : 0;
}

/** Quantity and FIFO value (base currency, minor units) of an item at a place. */
export function stockValue(db: Database, itemId: string, place: string): { quantityMicro: number; valueMinor: number } {
  const row = db
    .prepare(
      `SELECT coalesce(sum(quantity_micro), 0) AS quantity_micro, coalesce(sum(value_minor), 0) AS value_minor
       FROM layer WHERE item_id = ? AND place = ? AND quantity_micro > 0`,
    )
    .get(itemId, place);
  return row
    ? { quantityMicro: integerOf(row, 'quantity_micro'), valueMinor: integerOf(row, 'value_minor') }
    : { quantityMicro: 0, valueMinor: 0 };
}

/** Stock comes into a warehouse from outside, as a new layer of `valueMinor`. Returns the move's id. */
export function bringIn(
  world: World,
  {
    item_id,
    from,
    warehouse_id,
    quantityMicro,
    valueMinor,
  }: { item_id: string; from: OutsidePlace; warehouse_id: string; quantityMicro: number; valueMinor: number },
  source: Source,
): number {
  const move = { item_id, from, to: warehouse_id, quantityMicro, costMinor: valueMinor };
  const moveId = insertMove(world, move, source);
  const layer = newLayer(world.db, { item_id, place: warehouse_id, holder: '', date: source.date });
  enterLayer(world.db, layer, { moveId }, quantityMicro, valueMinor);
  return moveId;
}

function needLevel(world: World, itemId: string, place: string, wantedMicro: number): void {
  const there = levelAt(world.db, itemId, place);
  if (there < wantedMicro)
    throw insufficientStock(`${fromMicro(wantedMicro)} of item ${itemId} wanted, ${fromMicro(there)} on hand.`);
}

const total = (slices: readonly Slice[]) =>
  exactNumber(slices.reduce((sum, slice) => sum + BigInt(slice.valueMinor), 0n));

/** Stock leaves a warehouse for outside, oldest layers first. Returns what it had cost, in minor units. */
export function takeOut(
  world: World,
  {
    item_id,
    warehouse_id,
    to,
    quantityMicro,
  }: { item_id: string; warehouse_id: string; to: OutsidePlace; quantityMicro: number },
  source: Source,
): number {
  needLevel(world, item_id, warehouse_id, quantityMicro);
  const slices = slicesOf(openLayers(world.db, item_id, warehouse_id, ''), quantityMicro);
  const costMinor = total(slices);
  const moveId = insertMove(world, { item_id, from: warehouse_id, to, quantityMicro, costMinor }, source);
  for (const slice of slices) enterLayer(world.db, slice.layerId, { moveId }, -slice.quantityMicro, -slice.valueMinor);
  return costMinor;
}

/**
 * Stock moves between a warehouse and transit. Its layers go along with their dates, so that neither cost nor age changes
 * on the way; in transit they are held by the transfer's line, so that a receipt takes its own and no other's.
 */
export function carry(
  world: World,
  {
    item_id,
    from,
    to,
    holder,
    quantityMicro,
  }: { item_id: string; from: string; to: string; holder: string; quantityMicro: number },
  source: Source,
): void {
  needLevel(world, item_id, from, quantityMicro);
  const slices = slicesOf(openLayers(world.db, item_id, from, from === transit ? holder : ''), quantityMicro);
  const moveId = insertMove(world, { item_id, from, to, quantityMicro, costMinor: total(slices) }, source);
  for (const slice of slices) {
    enterLayer(world.db, slice.layerId, { moveId }, -slice.quantityMicro, -slice.valueMinor);
    const place = { item_id, place: to, holder: to === transit ? holder : '', date: slice.date };
    enterLayer(world.db, newLayer(world.db, place), { moveId }, slice.quantityMicro, slice.valueMinor);
  }
}

/** Changes the value, not the quantity, of what lies in a warehouse: spread over its open layers by their value. */
export function revalue(
  world: World,
  { item_id, warehouse_id, valueMinor }: { item_id: string; warehouse_id: string; valueMinor: number },
  source: Source,
): void {
  const layers = openLayers(world.db, item_id, warehouse_id, '');
  const worth = layers.reduce((sum, layer) => sum + BigInt(layer.valueMinor), 0n);
  if (layers.length === 0) throw refused('There is no stock whose value could change.', 'value_adjusted');
  if (worth + BigInt(valueMinor) < 0n) throw refused('The stock is worth less than that.', 'value_adjusted');
  // Layers that are all worth nothing share by quantity instead.
  const weight = (layer: Slice) => BigInt(worth > 0n ? layer.valueMinor : layer.quantityMicro);
  const weights = layers.reduce((sum, layer) => sum + weight(layer), 0n);
  const revaluationId = insertRevaluation(world, item_id, warehouse_id, valueMinor, source);
  let passed = 0n;
  let spread = 0n;
  // Rounding the running sum, not each share, makes the shares add up to the whole.
  for (const layer of layers) {
    passed += weight(layer);
    const until = divideRounded(BigInt(valueMinor) * passed, weights);
    if (until !== spread) enterLayer(world.db, layer.layerId, { revaluationId }, 0, exactNumber(until - spread));
    spread = until;
  }
}

function insertRevaluation(
  world: World,
  itemId: string,
  warehouseId: string,
  valueMinor: number,
  source: Source,
  reverses?: number,
): number {
  const row = world.db
    .prepare(
      `INSERT INTO revaluation (item_id, warehouse_id, value_minor, document_type, document_id, document_number, line_id,
         effective_date, posted_at, reverses) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING revaluation_id`,
    )
    .get(
      itemId,
      warehouseId,
      valueMinor,
      source.type,
      source.id,
      source.number,
      source.line_id,
      source.date,
      world.timestamp(),
      reverses ?? null,
    );
  return row ? integerOf(row, 'revaluation_id') : 0;
}

const sourceOf = (row: Row): Source => ({
  type: sourceType(textOf(row, 'document_type')),
  id: textOf(row, 'document_id'),
  number: textOf(row, 'document_number'),
  line_id: textOf(row, 'line_id'),
  date: textOf(row, 'effective_date'),
});

function sourceType(text: string): Source['type'] {
  if (text === 'receive' || text === 'package' || text === 'transfer' || text === 'adjustment') return text;
  return 'opening_stock';
}

/**
 * Undoes every posting of a document, newest first, by mirror postings that restore the very layers. They take effect on
 * the day of what they undo: reports of the days between then look as if it had never been. Refused when goods the document
 * brought in, or value it added to, have moved on since.
 */
export function reverseDocument(world: World, documentId: string): void {
  const { db } = world;
  const revaluations = db
    .prepare(
      `SELECT * FROM revaluation AS done WHERE document_id = ? AND reverses IS NULL
         AND NOT EXISTS (SELECT 1 FROM revaluation WHERE reverses = done.revaluation_id) ORDER BY revaluation_id DESC`,
    )
    .all(documentId);
  for (const done of revaluations) reverseRevaluation(world, done);
  const moves = db
    .prepare(
      `SELECT * FROM stock_move AS done WHERE document_id = ? AND reverses IS NULL
         AND NOT EXISTS (SELECT 1 FROM stock_move WHERE reverses = done.move_id) ORDER BY move_id DESC`,
    )
    .all(documentId);
  for (const done of moves) reverseMove(world, done);
}

function reverseMove(world: World, done: Row): void {
  const { db } = world;
  const undone = integerOf(done, 'move_id');
  const entries = db
    .prepare(
      `SELECT entry.layer_id, entry.quantity_micro, entry.value_minor, layer.quantity_micro AS open_micro,
         layer.value_minor AS open_minor
       FROM layer_entry AS entry JOIN layer USING (layer_id) WHERE move_id = ? ORDER BY entry_id DESC`,
    )
    .all(undone);
  for (const entry of entries) {
    const quantity = integerOf(entry, 'open_micro') - integerOf(entry, 'quantity_micro');
    const value = integerOf(entry, 'open_minor') - integerOf(entry, 'value_minor');
    if (quantity < 0 || value < 0 || (quantity === 0 && value !== 0))
      throw refused(`Goods that ${textOf(done, 'document_number')} brought in have moved or changed value since.`);
  }
  const move = {
    item_id: textOf(done, 'item_id'),
    from: textOf(done, 'to_place'),
    to: textOf(done, 'from_place'),
    quantityMicro: integerOf(done, 'quantity_micro'),
    costMinor: integerOf(done, 'cost_minor'),
    reverses: undone,
  };
  const moveId = insertMove(world, move, sourceOf(done));
  for (const entry of entries) {
    const layer = integerOf(entry, 'layer_id');
    enterLayer(db, layer, { moveId }, -integerOf(entry, 'quantity_micro'), -integerOf(entry, 'value_minor'));
  }
}

function reverseRevaluation(world: World, done: Row): void {
  const { db } = world;
  const undone = integerOf(done, 'revaluation_id');
  const entries = db
    .prepare(
      `SELECT entry.layer_id, entry.value_minor, layer.value_minor AS open_minor,
         (SELECT coalesce(sum(later.quantity_micro), 0) FROM layer_entry AS later
          WHERE later.layer_id = entry.layer_id AND later.entry_id > entry.entry_id) AS moved_micro
       FROM layer_entry AS entry JOIN layer USING (layer_id) WHERE revaluation_id = ? ORDER BY entry_id DESC`,
    )
    .all(undone);
  // Part of the value would be in the cost of goods that are gone; taking back the rest alone would blur both.
  if (entries.some((entry) => integerOf(entry, 'moved_micro') !== 0))
    throw refused(`Goods that ${textOf(done, 'document_number')} revalued have moved since.`);
  if (entries.some((entry) => integerOf(entry, 'open_minor') < integerOf(entry, 'value_minor')))
    throw refused(`Goods that ${textOf(done, 'document_number')} revalued were written down since.`);
  const item = textOf(done, 'item_id');
  const value = -integerOf(done, 'value_minor');
  const revaluationId = insertRevaluation(world, item, textOf(done, 'warehouse_id'), value, sourceOf(done), undone);
  for (const entry of entries)
    enterLayer(db, integerOf(entry, 'layer_id'), { revaluationId }, 0, -integerOf(entry, 'value_minor'));
}
