import * as z from 'zod';
import { defineOperation, type Operation } from './define.ts';
import {
  address,
  changedLine,
  customFields,
  day,
  emailInput,
  fieldsToKeep,
  filterBy,
  id,
  listInput,
  money,
  newLine,
  orderFields,
  orderFilters,
  someText,
  sortInput,
  text,
  wholeNumber,
} from './fields.ts';
import { created, gone, newestFirst, reached, same, untraceable } from './trace.ts';

const source = 'https://www.zoho.com/inventory/api/v1/salesorders/';
const orderId = { salesorder_id: id() };
const customer = id();
const rate = "Unit price, default the item's";
const lineExtra = { discount_amount: money('Off the line; wins over discount').optional() };

/** Statuses that an order has only once it was confirmed, in the reference's spelling and the live API's. */
const confirmedOrLater = [
  ...['confirmed', 'packed', 'partially_packed', 'partially_shipped', 'shipped', 'delivered', 'fulfilled', 'closed'],
];

const particulars = {
  salesorder_number: text(100).optional(),
  ...orderFields(),
  shipment_date: day().optional(),
  salesorder_type: text(50).optional(),
  priority: text(50).optional(),
  payment_terms: wholeNumber(0, 3_650, 'Days').optional(),
  payment_terms_label: text(100).optional(),
  delivery_method: text(100).optional(),
  salesperson_name: text(200).optional(),
  custom_fields: customFields().optional(),
  billing_address: address().optional(),
  shipping_address: address().optional(),
};

const mainKeys =
  'salesorder_id salesorder_number reference_number date status customer_id customer_name quantity total currency_code';

export const listSalesOrders = defineOperation({
  name: 'list_sales_orders',
  title: 'List sales orders',
  description: 'Sales orders with customer, status and total, newest first. Lines: get_sales_order.',
  toolset: 'sales',
  method: 'GET',
  path: '/salesorders',
  effect: 'read',
  scope: 'ZohoInventory.salesorders.READ',
  source,
  input: {
    ...listInput('number, reference, customer', mainKeys),
    ...sortInput('date'),
    filter_by: filterBy('All, Draft, Open, Confirmed, Packed, PartiallyShipped, Shipped, Closed or Void'),
    customer_id: customer.optional(),
    salesorder_number: someText(100).optional(),
    ...orderFilters(),
  },
  reply: 'salesorders',
  paged: true,
});

export const getSalesOrder = defineOperation({
  name: 'get_sales_order',
  title: 'Get sales order',
  description: 'One sales order with its lines, quantities packed and shipped, totals and addresses.',
  toolset: 'sales',
  method: 'GET',
  path: '/salesorders/{salesorder_id}',
  effect: 'read',
  scope: 'ZohoInventory.salesorders.READ',
  source,
  input: orderId,
  reply: 'salesorder',
});

export const createSalesOrder = defineOperation({
  name: 'create_sales_order',
  title: 'Create sales order',
  description:
    'Creates a draft; it reserves no stock until confirmed. To order by names, with stock checked and reserved, use place_sales_order.',
  toolset: 'sales',
  method: 'POST',
  path: '/salesorders',
  effect: 'create',
  scope: 'ZohoInventory.salesorders.CREATE',
  source,
  input: {
    customer_id: customer,
    line_items: z.array(newLine(rate, lineExtra)).min(1).max(200),
    ...particulars,
  },
  reply: 'salesorder',
  trace: created({
    list: 'list_sales_orders',
    narrow: ({ customer_id }) => ({ customer_id, ...newestFirst }),
    id: 'salesorder_id',
    get: 'get_sales_order',
    same: () => ['customer_id'],
    lines: { of: 'item_id', quantity: 'quantity' },
  }),
});

export const updateSalesOrder = defineOperation({
  name: 'update_sales_order',
  title: 'Update sales order',
  description:
    'Changes the fields given of a sales order. line_items replaces all lines: a line left out is dropped. To close short, lower its quantity.',
  toolset: 'sales',
  method: 'PUT',
  path: '/salesorders/{salesorder_id}',
  effect: 'update',
  scope: 'ZohoInventory.salesorders.UPDATE',
  source,
  input: {
    ...orderId,
    customer_id: customer.optional(),
    line_items: z.array(changedLine(rate, lineExtra)).min(1).max(200).optional(),
    ...particulars,
  },
  reply: 'salesorder',
  trace: same('get_sales_order'),
});

export const deleteSalesOrder = defineOperation({
  name: 'delete_sales_order',
  title: 'Delete sales order',
  description: 'Deletes a sales order for good. Refused once packed or shipped; void_sales_order keeps a record.',
  toolset: 'sales',
  method: 'DELETE',
  path: '/salesorders/{salesorder_id}',
  effect: 'destroy',
  scope: 'ZohoInventory.salesorders.DELETE',
  source,
  input: orderId,
  trace: gone('get_sales_order'),
});

export const openSalesOrder = defineOperation({
  name: 'open_sales_order',
  title: 'Open sales order',
  description: 'Draft to open: reserves the stock of its lines.',
  toolset: 'sales',
  method: 'POST',
  path: '/salesorders/{salesorder_id}/status/open',
  effect: 'update',
  scope: 'ZohoInventory.salesorders.CREATE',
  source,
  input: orderId,
  trace: reached('get_sales_order', 'status', 'open', ...confirmedOrLater),
});

export const confirmSalesOrder = defineOperation({
  name: 'confirm_sales_order',
  title: 'Confirm sales order',
  description: 'Draft or open to confirmed: reserves the stock of its lines, ready to pack.',
  toolset: 'sales',
  method: 'POST',
  path: '/salesorders/{salesorder_id}/status/confirmed',
  effect: 'update',
  scope: 'ZohoInventory.salesorders.CREATE',
  source,
  input: orderId,
  trace: reached('get_sales_order', 'status', ...confirmedOrLater),
});

export const voidSalesOrder = defineOperation({
  name: 'void_sales_order',
  title: 'Void sales order',
  description: 'Cancels a sales order with nothing shipped and releases its stock. Cannot be undone.',
  toolset: 'sales',
  method: 'POST',
  path: '/salesorders/{salesorder_id}/status/void',
  effect: 'destroy',
  scope: 'ZohoInventory.salesorders.CREATE',
  source,
  input: orderId,
  trace: reached('get_sales_order', 'status', 'void'),
});

export const emailSalesOrder = defineOperation({
  name: 'email_sales_order',
  title: 'Email sales order',
  description: 'Sends a sales order by e-mail to people outside. Cannot be called back.',
  toolset: 'sales',
  method: 'POST',
  path: '/salesorders/{salesorder_id}/email',
  effect: 'outward',
  scope: 'ZohoInventory.salesorders.CREATE',
  source,
  input: { ...orderId, ...emailInput },
  trace: untraceable('the sent mail of the order in the web application, or ask the recipient'),
});

export const listSalesOrderShipments = defineOperation({
  name: 'list_sales_order_shipments',
  title: 'List sales order shipments',
  description: 'Shipments of one sales order with carrier, tracking number and status.',
  toolset: 'fulfilment',
  method: 'GET',
  path: '/salesorders/{salesorder_id}/shipments',
  effect: 'read',
  scope: 'ZohoInventory.salesorders.READ',
  source,
  input: { ...orderId, fields: fieldsToKeep() },
  reply: 'shipments',
});

/** In the order of the reference. */
export const salesOrderOperations: readonly Operation[] = [
  listSalesOrders,
  getSalesOrder,
  createSalesOrder,
  updateSalesOrder,
  deleteSalesOrder,
  openSalesOrder,
  confirmSalesOrder,
  voidSalesOrder,
  emailSalesOrder,
  listSalesOrderShipments,
];
