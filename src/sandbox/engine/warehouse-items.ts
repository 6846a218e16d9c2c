import type { Row } from '../../sqlite.ts';
import { counted, type Listing, reachOf } from '../page.ts';
import type { Call } from '../route.ts';
import { integerOf, textOf } from '../row.ts';
import { type Condition, where } from './listing.ts';
import { fromMicro } from './quantity.ts';
import { holders, holding, isRare, textAsked } from './search.ts';

/** Sortable columns of the list of a warehouse's items, as the API names them. */
export const warehouseItemColumns = ['name', 'sku', 'stock_on_hand', 'committed_stock', 'available_stock'];

// Driven by the rows of the place in the order of their names, so that a page costs what its own rows cost.
const listing = (from: string, conditions: readonly Condition[]): Listing => {
  const { sql, values } = where(conditions);
  return {
    sql: `SELECT stock_at.item_id AS item_id, stock_at.name AS name, stock_at.sku AS sku, item.unit AS unit,
        item.status AS status, stock_at.on_hand_micro AS stock_on_hand, stock_at.committed_micro AS committed_stock,
        stock_at.on_hand_micro - stock_at.committed_micro AS available_stock
      FROM ${from} CROSS JOIN item ON item.item_id = stock_at.item_id WHERE ${sql}`,
    values,
    order: 'stock_at.name COLLATE NOCASE, stock_at.sku, stock_at.item_id',
  };
};

/** Items with stock in a warehouse or orders that are to be shipped from it, by name; quantities in millionths. */
export function warehouseItems(call: Call, warehouseId: string): Listing {
  const { db } = call.world;
  const here = { sql: 'stock_at.place = ? AND stock_at.is_any AND stock_at.is_shown', values: [warehouseId] };
  const text = textAsked(call);
  if (text === undefined) {
    const total = counted(db, 'SELECT shown AS total FROM place_tally WHERE place = ?', warehouseId);
    return { ...listing('stock_at', [here]), total };
  }
  // Name and SKU are one text here too, so of a text with a space in it only the parts are sure to stand in one of them.
  const matches = {
    sql: "instr(item.search_text, ?) OR instr(lower(item.name || ' ' || item.sku), ?)",
    values: [text, text],
  };
  const part = text.split(' ').reduce((longest, word) => (word.length > longest.length ? word : longest), '');
  if (!isRare(holders(db, part), reachOf(call))) return listing('stock_at', [here, matches]);
  const held = holding(part);
  const found = listing(`(${held.sql}) AS held CROSS JOIN stock_at ON stock_at.item_id = held.id`, [here, matches]);
  return { ...found, values: [...held.values, ...found.values] };
}

export const warehouseItemRow = (row: Row): Record<string, unknown> => ({
  item_id: textOf(row, 'item_id'),
  name: textOf(row, 'name'),
  sku: textOf(row, 'sku'),
  unit: textOf(row, 'unit'),
  status: textOf(row, 'status'),
  stock_on_hand: fromMicro(integerOf(row, 'stock_on_hand')),
  committed_stock: fromMicro(integerOf(row, 'committed_stock')),
  available_stock: fromMicro(integerOf(row, 'available_stock')),
});
