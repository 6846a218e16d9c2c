import { defineOperation, type Operation } from './define.ts';
import { day, fieldsToKeep, id, wholeNumber } from './fields.ts';

// The hosted service has no scope for reports of its own; what they show are items and orders.
const shared = {
  toolset: 'reports',
  method: 'GET',
  effect: 'read',
  source: 'https://www.zoho.com/inventory/api/v1/items/',
  paged: true,
} as const;

const paging = {
  page: wholeNumber(1, 1_000_000).optional(),
  per_page: wholeNumber(1, 200).default(25),
};
const asOf = {
  warehouse_id: id().optional(),
  to_date: day('As of, default today').optional(),
  ...paging,
};
const inRange = {
  warehouse_id: id().optional(),
  from_date: day('Default month start').optional(),
  to_date: day('Default today').optional(),
  ...paging,
};

export const getInventorySummary = defineOperation({
  ...shared,
  name: 'get_inventory_summary',
  title: 'Get inventory summary',
  description:
    'Each item with on hand, committed, for sale, on order, in transit, bought and sold in the dates, and value; totals over all.',
  path: '/reports/inventorysummary',
  scope: 'ZohoInventory.items.READ',
  // Its rows are the widest of all reports.
  input: { ...inRange, fields: fieldsToKeep() },
  reply: 'items',
});

export const getInventoryValuation = defineOperation({
  ...shared,
  name: 'get_inventory_valuation',
  title: 'Get inventory valuation',
  description:
    'What the stock of a day cost (first in, first out), the most valuable first, goods in transit apart; total over all.',
  path: '/reports/inventoryvaluation',
  scope: 'ZohoInventory.items.READ',
  input: asOf,
  reply: 'items',
});

export const getStockOnHand = defineOperation({
  ...shared,
  name: 'get_stock_on_hand',
  title: 'Get stock on hand',
  description: 'On hand, committed, packed and available of all items, a row per item and warehouse.',
  path: '/reports/stockonhand',
  scope: 'ZohoInventory.items.READ',
  input: asOf,
  reply: 'items',
});

export const getLowStockReport = defineOperation({
  name: 'get_low_stock_report',
  title: 'Get low stock report',
  description:
    'Active items at or below their reorder level, the emptiest first, and items promised beyond stock. To order them use reorder_low_stock.',
  toolset: 'reports',
  method: 'GET',
  path: '/reports/lowstockitems',
  effect: 'read',
  scope: 'ZohoInventory.items.READ',
  source: 'https://www.zoho.com/inventory/api/v1/items/',
  input: { warehouse_id: id('Only this warehouse').optional(), fields: fieldsToKeep() },
  reply: 'items',
});

export const getSalesByItem = defineOperation({
  ...shared,
  name: 'get_sales_by_item',
  title: 'Get sales by item',
  description:
    'Quantity, net amount in base currency, average price and margin of each item ordered in the dates, the highest amount first.',
  path: '/reports/salesbyitem',
  scope: 'ZohoInventory.salesorders.READ',
  input: inRange,
  reply: 'items',
});

export const getSalesByCustomer = defineOperation({
  ...shared,
  name: 'get_sales_by_customer',
  title: 'Get sales by customer',
  description: 'Orders, net amount, tax and total in base currency of each customer in the dates, the highest first.',
  path: '/reports/salesbycustomer',
  scope: 'ZohoInventory.salesorders.READ',
  input: inRange,
  reply: 'customers',
});

/** In the order of the reference. */
export const reportOperations: readonly Operation[] = [
  getInventorySummary,
  getInventoryValuation,
  getStockOnHand,
  getLowStockReport,
  getSalesByItem,
  getSalesByCustomer,
];
