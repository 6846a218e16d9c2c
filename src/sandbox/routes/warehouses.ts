import type { Database } from '../../sqlite.ts';
import { allWarehouses, findWarehouse, toWarehouse, type Warehouse } from '../engine/directory.ts';
import { listedWarehouses, warehouseColumns } from '../engine/directory-listing.ts';
import { keepWarehouseWords } from '../engine/directory-words.ts';
import { duplicate, flagField, listField, requiredText } from '../engine/fields.ts';
import { warehouseItemColumns, warehouseItemRow, warehouseItems } from '../engine/warehouse-items.ts';
import { addressField, clearableText, emailField } from '../fields.ts';
import { warehouseHistory, warehouseStock } from '../history.ts';
import { pageOfListing } from '../page.ts';
import { ApiError, type Call, invalid, type Route, type World } from '../route.ts';
import type { JsonObject } from '../row.ts';

function record(warehouse: Warehouse): Record<string, unknown> {
  const { warehouse_id, warehouse_name, status, is_primary, created_time, last_modified_time, fields } = warehouse;
  return { warehouse_id, warehouse_name, status, is_primary, ...fields, created_time, last_modified_time };
}

function warehouseOf({ world, params }: Call): Warehouse {
  const id = params.warehouse_id ?? '';
  const found = findWarehouse(world.db, id);
  if (!found) throw new ApiError(404, 1005, 'Warehouse not found', 'warehouse_id', `There is no warehouse ${id}.`);
  return found;
}

function refuseDuplicate(db: Database, name: string, self: string): void {
  const same = db
    .prepare('SELECT warehouse_id FROM warehouse WHERE warehouse_name = ? AND warehouse_id <> ?')
    .get(name, self);
  if (same) throw duplicate('warehouse_name', `There already is a warehouse ${name}.`);
}

function fieldsOf(body: JsonObject, before: JsonObject): JsonObject {
  const kept = { attention: '', email: '', phone: '', address: {}, custom_fields: [], ...before };
  return {
    attention: clearableText(body, 'attention') ?? kept.attention,
    email: emailField(body) ?? kept.email,
    phone: clearableText(body, 'phone') ?? kept.phone,
    address: addressField(body, 'address') ?? kept.address,
    custom_fields: listField(body, 'custom_fields') ?? kept.custom_fields,
  };
}

function save(world: World, warehouse: Warehouse): Warehouse {
  const { db } = world;
  const last_modified_time = world.timestamp();
  // There is one primary warehouse at any time: the one before steps down first.
  if (warehouse.is_primary) db.prepare('UPDATE warehouse SET is_primary = 0 WHERE is_primary = 1').run();
  db.prepare(
    `INSERT INTO warehouse VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (warehouse_id) DO UPDATE SET
     warehouse_name = excluded.warehouse_name, status = excluded.status, is_primary = excluded.is_primary,
     last_modified_time = excluded.last_modified_time, json = excluded.json`,
  ).run(
    warehouse.warehouse_id,
    warehouse.warehouse_name,
    warehouse.status,
    warehouse.is_primary ? 1 : 0,
    warehouse.created_time,
    last_modified_time,
    JSON.stringify(warehouse.fields),
  );
  keepWarehouseWords(db, warehouse);
  return { ...warehouse, last_modified_time };
}

/** Adds a warehouse, active; a primary one takes that place from the one before. 1001, 1002, 36 as for contacts. */
export function createWarehouse(world: World, body: JsonObject): Warehouse {
  const warehouse_name = requiredText(body, 'warehouse_name');
  refuseDuplicate(world.db, warehouse_name, '');
  const first = allWarehouses(world.db).length === 0;
  return save(world, {
    warehouse_id: world.nextId(),
    warehouse_name,
    status: 'active',
    is_primary: first || flagField(body, 'is_primary') === true,
    created_time: world.timestamp(),
    last_modified_time: '',
    fields: fieldsOf(body, {}),
  });
}

function updateWarehouse(world: World, before: Warehouse, body: JsonObject): Warehouse {
  const warehouse_name =
    body.warehouse_name === undefined ? before.warehouse_name : requiredText(body, 'warehouse_name');
  refuseDuplicate(world.db, warehouse_name, before.warehouse_id);
  const is_primary = flagField(body, 'is_primary') ?? before.is_primary;
  if (before.is_primary && !is_primary)
    throw invalid('is_primary', 'There is always one primary warehouse: make another one primary instead.');
  if (is_primary && before.status !== 'active')
    throw invalid('is_primary', `${before.warehouse_name} is inactive; activate it first.`);
  return save(world, { ...before, warehouse_name, is_primary, fields: fieldsOf(body, before.fields) });
}

function deactivate(world: World, before: Warehouse): Warehouse {
  const { warehouse_id, warehouse_name } = before;
  if (before.is_primary)
    throw invalid('warehouse_id', `${warehouse_name} is the primary warehouse; make another one primary first.`);
  const stock = warehouseStock(world.db, warehouse_id);
  if (stock) throw invalid('warehouse_id', `${warehouse_name} has ${stock}; move it first.`);
  return save(world, { ...before, status: 'inactive' });
}

function remove(world: World, before: Warehouse): void {
  const { warehouse_id, warehouse_name } = before;
  if (before.is_primary)
    throw invalid('warehouse_id', `${warehouse_name} is the primary warehouse and cannot be deleted.`);
  const history = warehouseHistory(world.db, warehouse_id);
  if (history)
    throw invalid('warehouse_id', `${warehouse_name} has ${history} and cannot be deleted. Deactivate it instead.`);
  world.db.prepare('DELETE FROM warehouse WHERE warehouse_id = ?').run(warehouse_id);
}

const one = (message: string, status: number, change: (call: Call) => Warehouse): Route['handle'] => {
  return (call) => ({ status, message, body: { warehouse: record(change(call)) } });
};

export const warehouseRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/warehouses',
    handle: (call) => {
      const { rows, page_context } = pageOfListing(call, listedWarehouses(call), warehouseColumns);
      const warehouses = rows.map((found) => record(toWarehouse(found)));
      return { message: 'success', body: { warehouses, page_context } };
    },
  },
  { method: 'GET', path: '/warehouses/{warehouse_id}', handle: one('success', 200, warehouseOf) },
  {
    method: 'POST',
    path: '/warehouses',
    handle: one('Warehouse has been created.', 201, ({ world, body }) => createWarehouse(world, body)),
  },
  {
    method: 'PUT',
    path: '/warehouses/{warehouse_id}',
    handle: one('Warehouse has been updated.', 200, (call) =>
      updateWarehouse(call.world, warehouseOf(call), call.body),
    ),
  },
  {
    method: 'DELETE',
    path: '/warehouses/{warehouse_id}',
    handle: (call) => {
      remove(call.world, warehouseOf(call));
      return { message: 'Warehouse has been deleted.' };
    },
  },
  {
    method: 'POST',
    path: '/warehouses/{warehouse_id}/active',
    handle: one('Warehouse has been marked as active.', 200, (call) =>
      save(call.world, { ...warehouseOf(call), status: 'active' }),
    ),
  },
  {
    method: 'POST',
    path: '/warehouses/{warehouse_id}/inactive',
    handle: one('Warehouse has been marked as inactive.', 200, (call) => deactivate(call.world, warehouseOf(call))),
  },
  {
    method: 'GET',
    path: '/warehouses/{warehouse_id}/items',
    handle: (call) => {
      const { warehouse_id, warehouse_name } = warehouseOf(call);
      const { rows, page_context } = pageOfListing(call, warehouseItems(call, warehouse_id), warehouseItemColumns);
      const items = rows.map(warehouseItemRow);
      return { message: 'success', body: { warehouse_id, warehouse_name, items, page_context } };
    },
  },
];
