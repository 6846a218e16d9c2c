import type { Database } from '../../../sqlite.ts';
import { invalid, notFound, type World } from '../../route.ts';
import {
  type Body,
  given,
  itemNotFound,
  quantityField,
  refused,
  requiredList,
  requiredText,
  textField,
} from '../fields.ts';
import { findItem, type Item, itemOf, saveItem } from './item-record.ts';
import { deleteItem, draftItem } from './items.ts';
import { activeWarehouse } from './lines.ts';

function saveParts(world: World, kitId: string, rows: readonly Body[]): void {
  const { db } = world;
  db.prepare('DELETE FROM kit_part WHERE kit_id = ?').run(kitId);
  const seen = new Set<string>();
  rows.forEach((row, position) => {
    const id = requiredText(row, 'item_id');
    const part = findItem(db, id);
    if (!part) throw itemNotFound(id);
    if (part.kind === 'kit') throw invalid('mapped_items', `${part.name} is a composite item; kits do not nest.`);
    if (seen.has(id)) throw invalid('mapped_items', `${part.name} is listed twice.`);
    seen.add(id);
    const wanted = textField(row, 'warehouse_id');
    const warehouseId = wanted === undefined ? '' : activeWarehouse(db, wanted);
    db.prepare(
      'INSERT INTO kit_part (kit_id, item_id, position, quantity_micro, warehouse_id) VALUES (?, ?, ?, ?, ?)',
    ).run(kitId, id, position, quantityField(row, 'quantity'), warehouseId);
  });
}

function refuseStock(body: Body): void {
  for (const key of ['initial_stock', 'warehouses'])
    if (given(body, key) !== undefined) throw invalid(key, 'A composite item has no stock of its own.');
}

/** A kit: `name`, `rate` and `mapped_items` `[{ item_id, quantity, warehouse_id? }]` are required. Returns its item id. */
export function createKit(world: World, body: Body): string {
  return world.db.transaction(() => {
    refuseStock(body);
    const kit = draftItem(world, body, undefined, 'kit');
    saveItem(world.db, kit);
    saveParts(world, kit.item_id, requiredList(body, 'mapped_items'));
    return kit.item_id;
  });
}

/** The composite item of a path; 404 when there is none, also for an item that is not composite. */
export function kitOf(db: Database, id: string): Item {
  const found = findItem(db, id);
  if (found?.kind !== 'kit') throw notFound('composite item', id);
  return found;
}

/** Takes the kit out of the catalog, its parts stay; one that was ever ordered can only be deactivated. */
export function deleteKit(world: World, id: string): void {
  world.db.transaction(() => {
    kitOf(world.db, id);
    deleteItem(world, id);
  });
}

/** Changes what is given; `mapped_items` replaces the recipe. Orders keep the recipe they were written with. */
export function updateKit(world: World, id: string, body: Body): void {
  world.db.transaction(() => {
    refuseStock(body);
    const before = itemOf(world.db, id);
    if (before.kind !== 'kit') throw refused(`${before.name} is no composite item.`, 'item_id');
    saveItem(world.db, draftItem(world, body, before, 'kit'));
    if (given(body, 'mapped_items') !== undefined) saveParts(world, id, requiredList(body, 'mapped_items'));
  });
}
