import * as z from 'zod';
import { defineOperation, type Operation } from './define.ts';
import { day, filterBy, id, listInput, someText, text } from './fields.ts';
import { carriage } from './packages.ts';
import { created, rowsOf } from './trace.ts';

const source = 'https://www.zoho.com/inventory/api/v1/shipmentorders/';

export const listShipmentOrders = defineOperation({
  name: 'list_shipment_orders',
  title: 'List shipment orders',
  description: 'Shipments with their packages, carrier, tracking number and status, newest first.',
  toolset: 'fulfilment',
  method: 'GET',
  path: '/shipmentorders',
  effect: 'read',
  scope: 'ZohoInventory.shipmentorders.READ',
  source,
  input: {
    ...listInput('number, order, customer, tracking number'),
    filter_by: filterBy('All, Shipped or Delivered'),
    salesorder_id: id().optional(),
    shipment_number: someText(100).optional(),
    date_start: day('From').optional(),
    date_end: day('Until').optional(),
  },
  reply: 'shipmentorders',
  paged: true,
});

export const createShipmentOrder = defineOperation({
  name: 'create_shipment_order',
  title: 'Create shipment order',
  description:
    'Ships packages of one sales order together: their goods leave stock. Cannot be undone. The same act as ship_package.',
  toolset: 'fulfilment',
  method: 'POST',
  path: '/shipmentorders',
  effect: 'stock',
  scope: 'ZohoInventory.shipmentorders.CREATE',
  source,
  input: {
    salesorder_id: id(),
    package_ids: z.array(id()).min(1).max(20),
    shipment_number: text(100).optional(),
    ...carriage(),
    notes: text(5_000).optional(),
  },
  reply: 'shipmentorder',
  trace: created({
    list: 'list_sales_order_shipments',
    narrow: ({ salesorder_id }) => ({ salesorder_id }),
    id: 'shipment_id',
    same: () => ['salesorder_id', 'package_ids'],
    spell: (shipment) =>
      shipment.packages === undefined
        ? shipment
        : { ...shipment, package_ids: rowsOf(shipment, 'packages').map(({ package_id }) => package_id) },
  }),
});

/** In the order of the reference. */
export const shipmentOperations: readonly Operation[] = [listShipmentOrders, createShipmentOrder];
