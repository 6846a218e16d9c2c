import { defineOperation, type Operation } from './define.ts';
import { fieldsToKeep, id } from './fields.ts';

export const getLowStockReport = defineOperation({
  name: 'get_low_stock_report',
  title: 'Get low stock report',
  description:
    'Active items at or below their reorder level, the emptiest first, and items promised beyond stock. To order them use reorder_low_stock.',
  toolset: 'reports',
  method: 'GET',
  path: '/reports/lowstockitems',
  effect: 'read',
  // The hosted service has no scope for reports of its own; what it shows are items.
  scope: 'ZohoInventory.items.READ',
  source: 'https://www.zoho.com/inventory/api/v1/items/',
  input: { warehouse_id: id('Only this warehouse').optional(), fields: fieldsToKeep() },
  reply: 'items',
});

/** In the order of the reference. */
export const reportOperations: readonly Operation[] = [getLowStockReport];
