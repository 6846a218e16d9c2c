import * as z from 'zod';
import { defineOperation, type Operation } from './define.ts';
import {
  customFields,
  day,
  dimensions,
  filterBy,
  flag,
  id,
  listInput,
  measure,
  money,
  quantity,
  someText,
  text,
} from './fields.ts';
import { created, gone, newestFirst, objectAt, reached, same } from './trace.ts';

const source = 'https://www.zoho.com/inventory/api/v1/packages/';
const packageId = { package_id: id() };

const lines = () =>
  z
    .array(
      z.strictObject({
        so_line_item_id: id('Line of the order'),
        quantity: quantity(),
        warehouse_id: id("Default the line's").optional(),
      }),
    )
    .min(1)
    .max(200);

/** Who carries it and when; what a package plans and shipping settles. */
export const carriage = () => ({
  shipment_date: day().optional(),
  carrier: text(100).optional(),
  service_type: text(100).optional(),
  tracking_number: text(100).optional(),
});

const particulars = {
  package_number: text(100).optional(),
  date: day().optional(),
  ...carriage(),
  notes: text(5_000).optional(),
  dimensions: dimensions().optional(),
  weight: measure('In weight_unit').optional(),
  weight_unit: text(20).optional(),
  shipping_charge: money('Untaxed').optional(),
  package_custom_fields: customFields().optional(),
};

export const listPackages = defineOperation({
  name: 'list_packages',
  title: 'List packages',
  description: 'Packages with sales order, customer, carrier, tracking number and status, newest first.',
  toolset: 'fulfilment',
  method: 'GET',
  path: '/packages',
  effect: 'read',
  scope: 'ZohoInventory.packages.READ',
  source,
  input: {
    ...listInput('number, order, customer, tracking number'),
    filter_by: filterBy('All, Draft, ReadyToShip, Shipped or Delivered'),
    salesorder_id: id().optional(),
    customer_id: id().optional(),
    package_number: someText(100).optional(),
    date_start: day('From').optional(),
    date_end: day('Until').optional(),
  },
  reply: 'packages',
  paged: true,
});

export const getPackage = defineOperation({
  name: 'get_package',
  title: 'Get package',
  description: 'One package with its lines, weight, carrier, tracking number and shipment.',
  toolset: 'fulfilment',
  method: 'GET',
  path: '/packages/{package_id}',
  effect: 'read',
  scope: 'ZohoInventory.packages.READ',
  source,
  input: packageId,
  reply: 'package',
});

export const createPackage = defineOperation({
  name: 'create_package',
  title: 'Create package',
  description:
    'Packs goods of an open or confirmed sales order, whole or in part: set aside, still on hand until ship_package.',
  toolset: 'fulfilment',
  method: 'POST',
  path: '/packages',
  effect: 'create',
  scope: 'ZohoInventory.packages.CREATE',
  source,
  input: { salesorder_id: id(), line_items: lines(), ...particulars },
  reply: 'package',
  trace: created({
    list: 'list_packages',
    narrow: ({ salesorder_id }) => ({ salesorder_id, ...newestFirst }),
    id: 'package_id',
    get: 'get_package',
    same: () => ['salesorder_id'],
    lines: { of: 'so_line_item_id', quantity: 'quantity' },
  }),
});

export const updatePackage = defineOperation({
  name: 'update_package',
  title: 'Update package',
  description:
    'Changes the fields given of a package. line_items packs anew: a line left out is unpacked. Once shipped, its contents stay.',
  toolset: 'fulfilment',
  method: 'PUT',
  path: '/packages/{package_id}',
  effect: 'update',
  scope: 'ZohoInventory.packages.UPDATE',
  source,
  input: { ...packageId, line_items: lines().optional(), ...particulars },
  reply: 'package',
  trace: same('get_package'),
});

export const deletePackage = defineOperation({
  name: 'delete_package',
  title: 'Delete package',
  description: 'Unpacks and deletes a package for good; its goods are free again. Refused once shipped.',
  toolset: 'fulfilment',
  method: 'DELETE',
  path: '/packages/{package_id}',
  effect: 'destroy',
  scope: 'ZohoInventory.packages.DELETE',
  source,
  input: packageId,
  trace: gone('get_package'),
});

export const shipPackage = defineOperation({
  name: 'ship_package',
  title: 'Ship package',
  description:
    'Marks one package as shipped: its goods leave stock. Cannot be undone. Several packages at once: create_shipment_order.',
  toolset: 'fulfilment',
  method: 'POST',
  path: '/packages/{package_id}/ship',
  effect: 'stock',
  scope: 'ZohoInventory.shipmentorders.CREATE',
  source,
  input: { ...packageId, ...carriage() },
  reply: 'package',
  trace: reached('get_package', 'status', 'shipped', 'delivered'),
});

/** A package tells the day of its delivery with its shipment. */
const dayOfShipment = (found: Record<string, unknown>) => ({ ...objectAt(found, 'shipment_order'), ...found });

export const deliverPackage = defineOperation({
  name: 'deliver_package',
  title: 'Deliver package',
  description: 'Marks a shipped package as delivered; a sales order delivered in full is closed.',
  toolset: 'fulfilment',
  method: 'POST',
  path: '/packages/{package_id}/deliver',
  effect: 'update',
  scope: 'ZohoInventory.shipmentorders.CREATE',
  source,
  input: { ...packageId, delivered_date: day('Default today').optional() },
  reply: 'package',
  trace: { ...reached('get_package', 'status', 'delivered'), spell: dayOfShipment },
});

export const getPackingSlip = defineOperation({
  name: 'get_packing_slip',
  title: 'Get packing slip',
  description: 'The packing slip of a package as a PDF: addresses, carrier, lines and a barcode of its number.',
  toolset: 'fulfilment',
  method: 'GET',
  path: '/packages/{package_id}',
  accept: 'application/pdf',
  effect: 'read',
  scope: 'ZohoInventory.packages.READ',
  source,
  input: { ...packageId, save: flag("Also into the operator's folder").optional() },
  reply: 'file',
});

/** In the order of the reference. */
export const packageOperations: readonly Operation[] = [
  listPackages,
  getPackage,
  createPackage,
  updatePackage,
  deletePackage,
  shipPackage,
  deliverPackage,
  getPackingSlip,
];
