import type { Database, Row } from '../../../sqlite.ts';
import { invalid, missing, notFound, type World } from '../../route.ts';
import { integerOf, type JsonObject, jsonOf, textOf } from '../../row.ts';
import { findWarehouse } from '../directory.ts';
import {
  amountField,
  type Body,
  documentDate,
  given,
  insufficientStock,
  itemNotFound,
  keptFields,
  microField,
  refused,
  requiredList,
  requiredText,
  textField,
} from '../fields.ts';
import { bringIn, levelAt, revalue, reverseDocument, stockValue, takeOut } from '../ledger.ts';
import { takeNumber } from '../numbering.ts';
import { amountMinor, divideRounded, exactNumber, fromMicro } from '../quantity.ts';
import { baseDigits, findItem, type Item } from './item-record.ts';
import { activeWarehouse } from './lines.ts';

export interface Adjustment {
  readonly adjustment_id: string;
  readonly adjustment_number: string;
  /** quantity or value; or why a quantity changed: damage, loss, theft, write_off, stock_count, returns. */
  readonly adjustment_type: string;
  readonly date: string;
  readonly reason: string;
  readonly created_time: string;
  readonly last_modified_time: string;
  readonly fields: JsonObject;
}

const types = ['quantity', 'value', 'damage', 'loss', 'theft', 'write_off', 'stock_count', 'returns'];
const keptKeys = ['reference_number', 'description', 'notes', 'custom_fields'];

export function toAdjustment(row: Row): Adjustment {
  return {
    adjustment_id: textOf(row, 'adjustment_id'),
    adjustment_number: textOf(row, 'adjustment_number'),
    adjustment_type: textOf(row, 'adjustment_type'),
    date: textOf(row, 'date'),
    reason: textOf(row, 'reason'),
    created_time: textOf(row, 'created_time'),
    last_modified_time: textOf(row, 'last_modified_time'),
    fields: jsonOf(row, 'json'),
  };
}

/** The adjustment of a path; 404 when there is none. */
export function adjustmentOf(db: Database, id: string): Adjustment {
  const row = db.prepare('SELECT * FROM adjustment WHERE adjustment_id = ?').get(id);
  if (!row) throw notFound('adjustment', id);
  return toAdjustment(row);
}

function typeField(body: Body, before: string | undefined): string {
  const text = (textField(body, 'adjustment_type') ?? before ?? 'quantity').toLowerCase();
  const type = text.replace(/ adjustment$/, '').replace(/[\s-]+/g, '_');
  if (!types.includes(type)) throw invalid('adjustment_type', `adjustment_type is one of ${types.join(', ')}.`);
  return type;
}

/**
 * The signed change that a line means, in millionths: `decrease 5` and `decrease -5` are -5; `set_to 7` is 7 less what is
 * on hand now (a count corrects what the book says at this moment, whatever its date); without a direction the sign decides.
 */
function signedChange(db: Database, row: Body, item: Item, warehouseId: string): number {
  const quantity = microField(row, 'quantity_adjusted');
  if (quantity === undefined) throw missing('quantity_adjusted');
  const direction = textField(row, 'adjust_quantity_by');
  if (direction === 'set_to') {
    if (quantity < 0) throw invalid('quantity_adjusted', `${item.name} cannot be set to less than 0.`);
    return quantity - levelAt(db, item.item_id, warehouseId);
  }
  if (quantity === 0) throw invalid('quantity_adjusted', 'quantity_adjusted 0 changes nothing.');
  if (direction === undefined) return quantity;
  if (direction === 'decrease') return -Math.abs(quantity);
  if (direction !== 'increase')
    throw invalid('adjust_quantity_by', 'adjust_quantity_by is increase, decrease or set_to.');
  if (quantity < 0)
    throw invalid('quantity_adjusted', 'An increase by a negative quantity is ambiguous; use decrease.');
  return quantity;
}

// What came to light costs what its like cost; where there is none, the purchase rate; else nothing, and that is said.
function foundValue(
  db: Database,
  item: Item,
  warehouseId: string,
  quantityMicro: number,
): { valueMinor: number; note?: string } {
  const there = stockValue(db, item.item_id, warehouseId);
  if (there.quantityMicro > 0) {
    const share = divideRounded(BigInt(there.valueMinor) * BigInt(quantityMicro), BigInt(there.quantityMicro));
    return { valueMinor: exactNumber(share) };
  }
  if (item.purchaseRateMicro > 0)
    return { valueMinor: amountMinor(quantityMicro, item.purchaseRateMicro, baseDigits(db)) };
  return { valueMinor: 0, note: `${item.name} has no cost: the quantity came in at 0.` };
}

interface Posted {
  readonly quantityMicro: number;
  readonly valueMinor: number;
  readonly note?: string;
}

function postQuantity(
  world: World,
  row: Body,
  item: Item,
  warehouseId: string,
  source: Parameters<typeof takeOut>[2],
): Posted {
  const { db } = world;
  const change = signedChange(db, row, item, warehouseId);
  const place = { item_id: item.item_id, warehouse_id: warehouseId };
  if (change > 0) {
    const found = foundValue(db, item, warehouseId, change);
    bringIn(world, { ...place, from: 'adjustment', quantityMicro: change, valueMinor: found.valueMinor }, source);
    return { quantityMicro: change, ...found };
  }
  if (change === 0) return { quantityMicro: 0, valueMinor: 0 };
  const there = levelAt(db, item.item_id, warehouseId);
  if (there < -change) {
    const name = findWarehouse(db, warehouseId)?.warehouse_name ?? warehouseId;
    throw insufficientStock(`${item.name}: ${fromMicro(-change)} to take off, ${fromMicro(there)} on hand in ${name}.`);
  }
  const cost = takeOut(world, { ...place, to: 'adjustment', quantityMicro: -change }, source);
  return { quantityMicro: change, valueMinor: cost === 0 ? 0 : -cost };
}

function postValue(
  world: World,
  row: Body,
  item: Item,
  warehouseId: string,
  source: Parameters<typeof takeOut>[2],
): Posted {
  const valueMinor = amountField(row, 'value_adjusted', baseDigits(world.db));
  if (valueMinor === undefined) throw missing('value_adjusted');
  if (valueMinor === 0) throw invalid('value_adjusted', 'value_adjusted 0 changes nothing.');
  revalue(world, { item_id: item.item_id, warehouse_id: warehouseId, valueMinor }, source);
  return { quantityMicro: 0, valueMinor };
}

function postLines(
  world: World,
  { adjustment_id, adjustment_number, adjustment_type, date }: Adjustment,
  rows: readonly Body[],
): void {
  const { db } = world;
  const seen = new Map<string, boolean>();
  rows.forEach((row, position) => {
    const itemId = requiredText(row, 'item_id');
    const item = findItem(db, itemId);
    if (!item) throw itemNotFound(itemId);
    if (item.kind !== 'goods') throw invalid('item_id', `${item.name} has no stock that could be adjusted.`);
    // Dropped without a word, a line of damage would be kept as an ordinary one.
    if (given(row, 'adjustment_type') !== undefined && typeField(row, undefined) !== adjustment_type)
      throw invalid(
        'adjustment_type',
        `adjustment_type belongs to the whole adjustment, which is of ${adjustment_type}; a line has none of its own.`,
      );
    const warehouseId = activeWarehouse(db, textField(row, 'warehouse_id'));
    const isSet = textField(row, 'adjust_quantity_by') === 'set_to';
    const key = `${itemId} ${warehouseId}`;
    // Two counts of one thing contradict each other, and a count beside a change is ambiguous.
    if (seen.has(key) && (isSet || seen.get(key)))
      throw invalid('line_items', `${item.name} is set twice in one warehouse; give one line for it.`);
    seen.set(key, isSet);
    const line_id = world.nextId();
    const source = { type: 'adjustment', id: adjustment_id, number: adjustment_number, line_id, date } as const;
    const post = adjustment_type === 'value' ? postValue : postQuantity;
    const { quantityMicro, valueMinor, note } = post(world, row, item, warehouseId, source);
    const keys = ['quantity_adjusted', 'adjust_quantity_by', 'value_adjusted', 'description'];
    db.prepare('INSERT INTO adjustment_line VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
      line_id,
      adjustment_id,
      position,
      itemId,
      warehouseId,
      quantityMicro,
      valueMinor,
      JSON.stringify({ ...keptFields(row, keys), ...(note ? { note } : {}) }),
    );
  });
}

function writeAdjustment(world: World, body: Body, before?: Adjustment): Adjustment {
  const { db } = world;
  const now = world.timestamp();
  const wanted = textField(body, 'adjustment_number');
  const kept = before && (wanted === undefined || wanted === before.adjustment_number);
  const adjustment: Adjustment = {
    adjustment_id: before?.adjustment_id ?? world.nextId(),
    adjustment_number: kept ? before.adjustment_number : takeNumber(db, 'ADJ', 'adjustment_number', wanted),
    adjustment_type: typeField(body, before?.adjustment_type),
    date: documentDate(world, body, 'date', before?.date),
    reason: textField(body, 'reason') ?? before?.reason ?? '',
    created_time: before?.created_time ?? now,
    last_modified_time: now,
    fields: keptFields(body, keptKeys, before?.fields),
  };
  db.prepare(
    `INSERT INTO adjustment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (adjustment_id) DO UPDATE SET
       adjustment_number = excluded.adjustment_number, adjustment_type = excluded.adjustment_type, date = excluded.date,
       reason = excluded.reason, last_modified_time = excluded.last_modified_time, json = excluded.json`,
  ).run(
    adjustment.adjustment_id,
    adjustment.adjustment_number,
    adjustment.adjustment_type,
    adjustment.date,
    adjustment.reason,
    'adjusted',
    adjustment.created_time,
    adjustment.last_modified_time,
    JSON.stringify(adjustment.fields),
  );
  return adjustment;
}

/** Corrects quantities (`quantity_adjusted`, `adjust_quantity_by`) or values (`value_adjusted`). Posts at once. Returns its id. */
export function createAdjustment(world: World, body: Body): string {
  return world.db.transaction(() => {
    const adjustment = writeAdjustment(world, body);
    postLines(world, adjustment, requiredList(body, 'line_items'));
    return adjustment.adjustment_id;
  });
}

/** Changes what is given. Other lines, date or type undo the old posting and post anew. */
export function updateAdjustment(world: World, id: string, body: Body): void {
  world.db.transaction(() => {
    const before = adjustmentOf(world.db, id);
    const after = writeAdjustment(world, body, before);
    const rows = given(body, 'line_items') === undefined ? undefined : requiredList(body, 'line_items');
    if (!rows && (after.date !== before.date || after.adjustment_type !== before.adjustment_type))
      throw refused('To change date or type give the line_items as well: the stock is posted anew.', 'line_items');
    if (!rows) return;
    reverseDocument(world, id);
    world.db.prepare('DELETE FROM adjustment_line WHERE adjustment_id = ?').run(id);
    postLines(world, after, rows);
  });
}

/** Undoes the posting and removes the document; refused when the goods have moved on since. */
export function deleteAdjustment(world: World, id: string): void {
  world.db.transaction(() => {
    adjustmentOf(world.db, id);
    reverseDocument(world, id);
    world.db.prepare('DELETE FROM adjustment_line WHERE adjustment_id = ?').run(id);
    world.db.prepare('DELETE FROM adjustment WHERE adjustment_id = ?').run(id);
  });
}

export interface AdjustmentLine {
  readonly line_item_id: string;
  readonly item_id: string;
  readonly warehouse_id: string;
  /** The signed change that was posted. */
  readonly quantityMicro: number;
  readonly valueMinor: number;
  /** As given, and a `note` where something needs saying. */
  readonly fields: JsonObject;
}

export const adjustmentLines = (db: Database, id: string): AdjustmentLine[] =>
  db
    .prepare('SELECT * FROM adjustment_line WHERE adjustment_id = ? ORDER BY position')
    .all(id)
    .map((row) => ({
      line_item_id: textOf(row, 'line_item_id'),
      item_id: textOf(row, 'item_id'),
      warehouse_id: textOf(row, 'warehouse_id'),
      quantityMicro: integerOf(row, 'quantity_micro'),
      valueMinor: integerOf(row, 'value_minor'),
      fields: jsonOf(row, 'json'),
    }));
