import * as z from 'zod';
import { defineOperation, type Operation } from './define.ts';
import {
  address,
  changedLine,
  day,
  emailInput,
  filterBy,
  id,
  idOrNone,
  listInput,
  newLine,
  orderFields,
  orderFilters,
  quantity,
  someText,
  sortInput,
  text,
} from './fields.ts';
import { created, gone, grown, newestFirst, quantities, reached, same, untraceable } from './trace.ts';

const source = 'https://www.zoho.com/inventory/api/v1/purchaseorders/';
const orderId = { purchaseorder_id: id() };
const vendor = id();
const rate = "Unit cost in the vendor's currency";

const particulars = {
  purchaseorder_number: text(100).optional(),
  ...orderFields(),
  delivery_date: day('Agreed delivery').optional(),
  expected_delivery_date: day('Expected arrival').optional(),
  delivery_customer_id: idOrNone('Customer to deliver to directly').optional(),
  attention: text(200).optional(),
  purchaseorder_type: text(50).optional(),
  delivery_address: address().optional(),
};

const mainKeys =
  'purchaseorder_id purchaseorder_number date status vendor_id vendor_name expected_delivery_date quantity total currency_code';

export const listPurchaseOrders = defineOperation({
  name: 'list_purchase_orders',
  title: 'List purchase orders',
  description: 'Purchase orders with vendor, status and total, newest first. Lines: get_purchase_order.',
  toolset: 'purchasing',
  method: 'GET',
  path: '/purchaseorders',
  effect: 'read',
  scope: 'ZohoInventory.purchaseorders.READ',
  source,
  input: {
    ...listInput('number, reference, vendor', mainKeys),
    ...sortInput('date'),
    filter_by: filterBy('All, Draft, Issued, PartiallyReceived, Closed or Cancelled'),
    vendor_id: vendor.optional(),
    purchaseorder_number: someText(100).optional(),
    ...orderFilters(),
  },
  reply: 'purchaseorders',
  paged: true,
});

export const getPurchaseOrder = defineOperation({
  name: 'get_purchase_order',
  title: 'Get purchase order',
  description: 'One purchase order with its lines (line_item_id for receiving), quantities received and totals.',
  toolset: 'purchasing',
  method: 'GET',
  path: '/purchaseorders/{purchaseorder_id}',
  effect: 'read',
  scope: 'ZohoInventory.purchaseorders.READ',
  source,
  input: orderId,
  reply: 'purchaseorder',
});

export const createPurchaseOrder = defineOperation({
  name: 'create_purchase_order',
  title: 'Create purchase order',
  description:
    'Creates a draft; the vendor is bound only by issue_purchase_order. To order all that is low use reorder_low_stock.',
  toolset: 'purchasing',
  method: 'POST',
  path: '/purchaseorders',
  effect: 'create',
  scope: 'ZohoInventory.purchaseorders.CREATE',
  source,
  input: {
    vendor_id: vendor,
    line_items: z.array(newLine(rate, {})).min(1).max(200),
    ...particulars,
  },
  reply: 'purchaseorder',
  trace: created({
    list: 'list_purchase_orders',
    narrow: ({ vendor_id }) => ({ vendor_id, ...newestFirst }),
    id: 'purchaseorder_id',
    get: 'get_purchase_order',
    same: () => ['vendor_id'],
    lines: { of: 'item_id', quantity: 'quantity' },
  }),
});

export const updatePurchaseOrder = defineOperation({
  name: 'update_purchase_order',
  title: 'Update purchase order',
  description:
    'Changes the fields given of a purchase order. line_items replaces all lines: a line left out is dropped.',
  toolset: 'purchasing',
  method: 'PUT',
  path: '/purchaseorders/{purchaseorder_id}',
  effect: 'update',
  scope: 'ZohoInventory.purchaseorders.UPDATE',
  source,
  input: {
    ...orderId,
    vendor_id: vendor.optional(),
    line_items: z.array(changedLine(rate, {})).min(1).max(200).optional(),
    ...particulars,
  },
  reply: 'purchaseorder',
  trace: same('get_purchase_order'),
});

export const deletePurchaseOrder = defineOperation({
  name: 'delete_purchase_order',
  title: 'Delete purchase order',
  description:
    'Deletes a purchase order for good. Refused once anything was received; cancel_purchase_order keeps a record.',
  toolset: 'purchasing',
  method: 'DELETE',
  path: '/purchaseorders/{purchaseorder_id}',
  effect: 'destroy',
  scope: 'ZohoInventory.purchaseorders.DELETE',
  source,
  input: orderId,
  trace: gone('get_purchase_order'),
});

export const issuePurchaseOrder = defineOperation({
  name: 'issue_purchase_order',
  title: 'Issue purchase order',
  description: 'Draft to issued: binds the company to the vendor and counts the goods as on order.',
  toolset: 'purchasing',
  method: 'POST',
  path: '/purchaseorders/{purchaseorder_id}/status/issued',
  effect: 'commit',
  scope: 'ZohoInventory.purchaseorders.CREATE',
  source,
  input: orderId,
  trace: reached('get_purchase_order', 'status', 'issued', 'partially_received', 'received', 'billed', 'closed'),
});

export const cancelPurchaseOrder = defineOperation({
  name: 'cancel_purchase_order',
  title: 'Cancel purchase order',
  description: 'Cancels a purchase order of which nothing was received. Cannot be undone.',
  toolset: 'purchasing',
  method: 'POST',
  path: '/purchaseorders/{purchaseorder_id}/status/cancelled',
  effect: 'destroy',
  scope: 'ZohoInventory.purchaseorders.CREATE',
  source,
  input: orderId,
  trace: reached('get_purchase_order', 'status', 'cancelled'),
});

export const receivePurchaseOrder = defineOperation({
  name: 'receive_purchase_order',
  title: 'Receive purchase order',
  description: 'Books goods that arrived into stock, whole or in part; more than ordered is refused. Cannot be undone.',
  toolset: 'purchasing',
  method: 'POST',
  path: '/purchaseorders/{purchaseorder_id}/receive',
  effect: 'stock',
  scope: 'ZohoInventory.purchasereceives.CREATE',
  source,
  input: {
    ...orderId,
    receive_date: day('Default today').optional(),
    line_items: z
      .array(
        z.strictObject({
          line_item_id: id('Line of the order'),
          quantity_received: quantity('Arrived now'),
          warehouse_id: id("Default the line's").optional(),
        }),
      )
      .min(1)
      .max(200),
    notes: text(5_000).optional(),
  },
  reply: 'purchasereceive',
  trace: grown({
    get: 'get_purchase_order',
    counts: (order) => quantities(order, (line) => line.quantity_received),
    growth: (input) => quantities(input, (line) => line.quantity_received),
    made: { rows: 'purchasereceives', id: 'receive_id' },
  }),
});

export const emailPurchaseOrder = defineOperation({
  name: 'email_purchase_order',
  title: 'Email purchase order',
  description: 'Sends a purchase order by e-mail to people outside. Cannot be called back.',
  toolset: 'purchasing',
  method: 'POST',
  path: '/purchaseorders/{purchaseorder_id}/email',
  effect: 'outward',
  scope: 'ZohoInventory.purchaseorders.CREATE',
  source,
  input: { ...orderId, ...emailInput },
  trace: untraceable('the sent mail of the order in the web application, or ask the vendor'),
});

/** In the order of the reference. */
export const purchaseOrderOperations: readonly Operation[] = [
  listPurchaseOrders,
  getPurchaseOrder,
  createPurchaseOrder,
  updatePurchaseOrder,
  deletePurchaseOrder,
  issuePurchaseOrder,
  cancelPurchaseOrder,
  receivePurchaseOrder,
  emailPurchaseOrder,
];
