/** A record that writes are reversed on: where it is read, and what it is called by. */
export interface Kind {
  /** Key of the record in replies. */
  readonly reply: string;
  readonly id: string;
  /** Its id in the paths of the API, where that is called otherwise. */
  readonly path?: string;
  readonly name: string;
  readonly get: string;
}

export const kinds = {
  item: { reply: 'item', id: 'item_id', name: 'name', get: 'get_item' },
  kit: { reply: 'composite_item', id: 'composite_item_id', path: 'item_id', name: 'name', get: 'get_composite_item' },
  contact: { reply: 'contact', id: 'contact_id', name: 'contact_name', get: 'get_contact' },
  warehouse: { reply: 'warehouse', id: 'warehouse_id', name: 'warehouse_name', get: 'get_warehouse' },
  adjustment: {
    reply: 'inventory_adjustment',
    id: 'inventory_adjustment_id',
    name: 'adjustment_number',
    get: 'get_stock_adjustment',
  },
  transfer: { reply: 'transfer', id: 'transfer_id', name: 'transfer_number', get: 'get_transfer' },
  sale: { reply: 'salesorder', id: 'salesorder_id', name: 'salesorder_number', get: 'get_sales_order' },
  purchase: { reply: 'purchaseorder', id: 'purchaseorder_id', name: 'purchaseorder_number', get: 'get_purchase_order' },
  package: { reply: 'package', id: 'package_id', name: 'package_number', get: 'get_package' },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;

/** What takes a write back. By how the record stands when it is asked for, the first of `by` that fits is taken. */
export interface Reversal {
  readonly kind: KindName;
  /** Operations, for the list; which one it is the record decides. */
  readonly by: readonly string[];
  /** The record stood there before the write: then it is never deleted. */
  readonly stays?: true;
}

/** Every write that can be taken back. A write that is in neither table cannot, and says so. */
export const reversals: Readonly<Record<string, Reversal>> = {
  create_item: { kind: 'item', by: ['delete_item'] },
  create_composite_item: { kind: 'kit', by: ['delete_composite_item'] },
  create_contact: { kind: 'contact', by: ['delete_contact'] },
  create_warehouse: { kind: 'warehouse', by: ['delete_warehouse'] },
  activate_item: { kind: 'item', by: ['deactivate_item'], stays: true },
  deactivate_item: { kind: 'item', by: ['activate_item'], stays: true },
  activate_warehouse: { kind: 'warehouse', by: ['deactivate_warehouse'], stays: true },
  deactivate_warehouse: { kind: 'warehouse', by: ['activate_warehouse'], stays: true },
  create_stock_adjustment: { kind: 'adjustment', by: ['delete_stock_adjustment', 'create_stock_adjustment'] },
  create_transfer: { kind: 'transfer', by: ['delete_transfer', 'create_transfer'] },
  receive_transfer: { kind: 'transfer', by: ['create_transfer'], stays: true },
  send_transfer: { kind: 'transfer', by: ['create_transfer'], stays: true },
  create_sales_order: { kind: 'sale', by: ['delete_sales_order', 'void_sales_order'] },
  open_sales_order: { kind: 'sale', by: ['void_sales_order'], stays: true },
  confirm_sales_order: { kind: 'sale', by: ['void_sales_order'], stays: true },
  create_purchase_order: { kind: 'purchase', by: ['delete_purchase_order', 'cancel_purchase_order'] },
  issue_purchase_order: { kind: 'purchase', by: ['cancel_purchase_order'], stays: true },
  create_package: { kind: 'package', by: ['delete_package'] },
};

const formerUnknown =
  'what stood there before is not kept, as the record was not read then; put it back with the same tool';
const gone = 'a deleted record does not come back; create it anew';
const shipped = 'goods that left do not come back by themselves; book them in with record_return when they do';
const sent = 'a message that was sent cannot be called back; write again';

/** Why not, and what a person can do instead. */
export const irreversible: Readonly<Record<string, string>> = {
  update_item: formerUnknown,
  update_composite_item: formerUnknown,
  update_contact: formerUnknown,
  update_warehouse: formerUnknown,
  update_stock_adjustment: formerUnknown,
  update_transfer: formerUnknown,
  update_sales_order: formerUnknown,
  update_purchase_order: formerUnknown,
  update_package: formerUnknown,
  delete_item: gone,
  delete_composite_item: gone,
  delete_contact: gone,
  delete_warehouse: gone,
  delete_stock_adjustment: gone,
  delete_transfer: gone,
  delete_sales_order: gone,
  delete_purchase_order: gone,
  delete_package: gone,
  void_sales_order: 'a void order stays void; place it anew with place_sales_order',
  cancel_purchase_order: 'a cancelled order stays cancelled; create it anew with create_purchase_order',
  receive_purchase_order:
    'a receive has no endpoint that takes it back; correct the stock with create_stock_adjustment and settle it with the vendor',
  ship_package: shipped,
  create_shipment_order: shipped,
  deliver_package: shipped,
  update_crm_deal: 'the deal in the CRM keeps the order it was given; clear Inventory_SO_ID and Inventory_Status there',
  email_sales_order: sent,
  email_purchase_order: sent,
  upload_item_image: 'the image before it is not kept; delete_item_image removes this one',
  delete_item_image: 'the image is not kept; upload_item_image puts one there',
};

export const otherwise = 'this tool does not know what would reverse it; look at the record and use its own tools';
