/** Records that are resources too: where they are read, and how their ids are found by name or number. */
export interface RecordKind {
  /** In the address: `inventory://items/{item_id}`. */
  readonly kind: string;
  readonly idKey: string;
  readonly title: string;
  readonly getOperation: string;
  readonly listOperation: string;
  readonly listKey: string;
  /** What a person calls it by. */
  readonly names: readonly string[];
}

// Data only: listing and templates must need neither the catalog nor the network.
export const recordKinds: readonly RecordKind[] = [
  {
    kind: 'items',
    idKey: 'item_id',
    title: 'Item with stock per warehouse',
    getOperation: 'get_item',
    listOperation: 'list_items',
    listKey: 'items',
    names: ['sku', 'name'],
  },
  {
    kind: 'salesorders',
    idKey: 'salesorder_id',
    title: 'Sales order with its lines',
    getOperation: 'get_sales_order',
    listOperation: 'list_sales_orders',
    listKey: 'salesorders',
    names: ['salesorder_number', 'customer_name'],
  },
  {
    kind: 'purchaseorders',
    idKey: 'purchaseorder_id',
    title: 'Purchase order with its lines',
    getOperation: 'get_purchase_order',
    listOperation: 'list_purchase_orders',
    listKey: 'purchaseorders',
    names: ['purchaseorder_number', 'vendor_name'],
  },
  {
    kind: 'packages',
    idKey: 'package_id',
    title: 'Package with its lines',
    getOperation: 'get_package',
    listOperation: 'list_packages',
    listKey: 'packages',
    names: ['package_number', 'customer_name'],
  },
  {
    kind: 'warehouses',
    idKey: 'warehouse_id',
    title: 'Warehouse',
    getOperation: 'get_warehouse',
    listOperation: 'list_warehouses',
    listKey: 'warehouses',
    names: ['warehouse_name'],
  },
  {
    kind: 'contacts',
    idKey: 'contact_id',
    title: 'Customer or vendor',
    getOperation: 'get_contact',
    listOperation: 'list_contacts',
    listKey: 'contacts',
    names: ['contact_name', 'company_name'],
  },
  {
    kind: 'transfers',
    idKey: 'transfer_id',
    title: 'Transfer between warehouses',
    getOperation: 'get_transfer',
    listOperation: 'list_transfers',
    listKey: 'transfers',
    names: ['transfer_number'],
  },
];
