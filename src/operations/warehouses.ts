import { defineOperation, type Operation } from './define.ts';
import { address, allOptional, customFields, email, filterBy, flag, id, listInput, someText, text } from './fields.ts';
import { created, gone, newestFirst, reached, same } from './trace.ts';

// The hosted service calls warehouses locations today and guards both by its settings scopes.
const source = 'https://www.zoho.com/inventory/api/v1/locations/';
const warehouseId = { warehouse_id: id() };

const warehouseFields = {
  warehouse_name: someText(200),
  attention: text(200).optional(),
  address: address().optional(),
  email: email().optional(),
  phone: text(50).optional(),
  is_primary: flag('Takes over as the default warehouse').optional(),
  custom_fields: customFields().optional(),
};

export const listWarehouses = defineOperation({
  name: 'list_warehouses',
  title: 'List warehouses',
  description: 'All warehouses with id, status and which one is primary.',
  toolset: 'stock',
  method: 'GET',
  path: '/warehouses',
  effect: 'read',
  scope: 'ZohoInventory.settings.READ',
  source,
  input: {
    ...listInput('the name'),
    filter_by: filterBy('All, Active or Inactive'),
  },
  reply: 'warehouses',
  paged: true,
});

export const getWarehouse = defineOperation({
  name: 'get_warehouse',
  title: 'Get warehouse',
  description: 'One warehouse with its address. What lies in it: list_warehouse_items.',
  toolset: 'stock',
  method: 'GET',
  path: '/warehouses/{warehouse_id}',
  effect: 'read',
  scope: 'ZohoInventory.settings.READ',
  source,
  input: warehouseId,
  reply: 'warehouse',
});

export const createWarehouse = defineOperation({
  name: 'create_warehouse',
  title: 'Create warehouse',
  description: 'Adds a warehouse, empty and active.',
  toolset: 'stock',
  method: 'POST',
  path: '/warehouses',
  effect: 'create',
  scope: 'ZohoInventory.settings.CREATE',
  source,
  input: warehouseFields,
  reply: 'warehouse',
  trace: created({
    list: 'list_warehouses',
    narrow: () => ({ filter_by: 'Status.All', ...newestFirst }),
    id: 'warehouse_id',
    get: 'get_warehouse',
    same: () => ['warehouse_name'],
  }),
});

export const updateWarehouse = defineOperation({
  name: 'update_warehouse',
  title: 'Update warehouse',
  description: 'Changes the fields given of one warehouse; an address given replaces the old one whole.',
  toolset: 'stock',
  method: 'PUT',
  path: '/warehouses/{warehouse_id}',
  effect: 'update',
  scope: 'ZohoInventory.settings.UPDATE',
  source,
  input: { ...warehouseId, ...allOptional(warehouseFields) },
  reply: 'warehouse',
  trace: same('get_warehouse'),
});

export const deleteWarehouse = defineOperation({
  name: 'delete_warehouse',
  title: 'Delete warehouse',
  description: 'Deletes a warehouse for good. Refused once stock moved through it: use deactivate_warehouse then.',
  toolset: 'stock',
  method: 'DELETE',
  path: '/warehouses/{warehouse_id}',
  effect: 'destroy',
  scope: 'ZohoInventory.settings.DELETE',
  source,
  input: warehouseId,
  trace: gone('get_warehouse'),
});

export const activateWarehouse = defineOperation({
  name: 'activate_warehouse',
  title: 'Activate warehouse',
  description: 'Makes an inactive warehouse usable again.',
  toolset: 'stock',
  method: 'POST',
  path: '/warehouses/{warehouse_id}/active',
  effect: 'update',
  scope: 'ZohoInventory.settings.CREATE',
  source,
  input: warehouseId,
  trace: reached('get_warehouse', 'status', 'active'),
});

export const deactivateWarehouse = defineOperation({
  name: 'deactivate_warehouse',
  title: 'Deactivate warehouse',
  description: 'Takes a warehouse out of use. Refused for the primary one and while it holds or awaits stock.',
  toolset: 'stock',
  method: 'POST',
  path: '/warehouses/{warehouse_id}/inactive',
  effect: 'destroy',
  scope: 'ZohoInventory.settings.CREATE',
  source,
  input: warehouseId,
  trace: reached('get_warehouse', 'status', 'inactive'),
});

export const listWarehouseItems = defineOperation({
  name: 'list_warehouse_items',
  title: 'List warehouse items',
  description: 'Items in one warehouse with on hand, committed and available there.',
  toolset: 'stock',
  method: 'GET',
  path: '/warehouses/{warehouse_id}/items',
  effect: 'read',
  scope: 'ZohoInventory.items.READ',
  source,
  input: { ...warehouseId, ...listInput('name, SKU') },
  reply: 'items',
  paged: true,
});

/** In the order of the reference. */
export const warehouseOperations: readonly Operation[] = [
  listWarehouses,
  getWarehouse,
  createWarehouse,
  updateWarehouse,
  deleteWarehouse,
  activateWarehouse,
  deactivateWarehouse,
  listWarehouseItems,
];
