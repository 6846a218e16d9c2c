import type { Field } from './find-rank.ts';
import { contactFinder, type Finder, itemFinder } from './finders.ts';

const numbered = (
  noun: string,
  id: string,
  number: string,
  others: readonly string[],
): Pick<Finder, 'naming' | 'fields' | 'filter'> => ({
  naming: { noun, id, names: [number], shown: [id, number, ...others, 'date', 'status'] },
  fields: [
    { key: number, label: 'number', as: 'code' },
    ...['reference_number', 'tracking_number'].map((key): Field => ({ key, label: key.replace('_', ' '), as: 'text' })),
    ...others.map((key): Field => ({ key, label: key.replaceAll('_', ' '), as: 'name' })),
  ],
  filter: {},
});

// Fewer calls than a search for names spends: who reads a record mostly knows its name.
const brief = { spelling: 'page' } as const;

const kit: Finder = {
  ...itemFinder,
  ...brief,
  naming: { ...itemFinder.naming, noun: 'kit' },
  ...{ list: 'list_composite_items', rows: 'composite_items', get: 'get_composite_item', reply: 'composite_item' },
};

/** Each kind of record, by the word that asks for it. */
export const recordKinds = {
  item: { ...itemFinder, ...brief },
  kit,
  contact: { ...contactFinder(), ...brief },
  sales_order: {
    ...numbered('sales order', 'salesorder_id', 'salesorder_number', ['customer_name']),
    ...{ list: 'list_sales_orders', rows: 'salesorders', get: 'get_sales_order', reply: 'salesorder' },
    exactly: 'salesorder_number',
  },
  purchase_order: {
    ...numbered('purchase order', 'purchaseorder_id', 'purchaseorder_number', ['vendor_name']),
    ...{ list: 'list_purchase_orders', rows: 'purchaseorders', get: 'get_purchase_order', reply: 'purchaseorder' },
    exactly: 'purchaseorder_number',
  },
  package: {
    ...numbered('package', 'package_id', 'package_number', ['salesorder_number', 'customer_name']),
    ...{ list: 'list_packages', rows: 'packages', get: 'get_package', reply: 'package' },
    exactly: 'package_number',
  },
  // The API has no call for one shipment.
  shipment: {
    ...numbered('shipment', 'shipment_id', 'shipment_number', ['salesorder_number', 'customer_name']),
    ...{ list: 'list_shipment_orders', rows: 'shipmentorders', reply: 'shipmentorder', exactly: 'shipment_number' },
    ...brief,
  },
  transfer: {
    ...numbered('transfer', 'transfer_id', 'transfer_number', ['from_warehouse_name', 'to_warehouse_name']),
    ...{ list: 'list_transfers', rows: 'transfers', get: 'get_transfer', reply: 'transfer' },
  },
  adjustment: {
    ...numbered('adjustment', 'inventory_adjustment_id', 'adjustment_number', ['reason']),
    ...{ list: 'list_stock_adjustments', rows: 'inventory_adjustments' },
    ...{ get: 'get_stock_adjustment', reply: 'inventory_adjustment' },
  },
  warehouse: {
    naming: {
      noun: 'warehouse',
      id: 'warehouse_id',
      names: ['warehouse_name'],
      shown: ['warehouse_id', 'warehouse_name', 'status'],
    },
    fields: [{ key: 'warehouse_name', label: 'name', as: 'name' }],
    ...{ list: 'list_warehouses', rows: 'warehouses', get: 'get_warehouse', reply: 'warehouse' },
    filter: { filter_by: 'Status.All' },
    ...brief,
  },
} satisfies Readonly<Record<string, Finder>>;

export type KindName = keyof typeof recordKinds;
