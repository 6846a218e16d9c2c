import type { Listing } from '../page.ts';
import type { Call } from '../route.ts';
import { asked, dates, searched, statusAsked, when, where } from './listing.ts';

// The reference names more package statuses than any endpoint here reaches: those are accepted and find nothing.
const packageStatuses = {
  draft: 'Draft',
  readytoship: 'ReadyToShip',
  shipped: 'Shipped',
  intransit: 'InTransit',
  outfordelivery: 'OutForDelivery',
  delivered: 'Delivered',
  returned: 'Returned',
  cancelled: 'Cancelled',
};
const shipmentStatuses = { shipped: 'Shipped', delivered: 'Delivered' };

/** Sortable columns of the list of packages, as the API names them. */
export const packageColumns = [
  ...['package_number', 'date', 'status', 'salesorder_number', 'customer_name', 'carrier', 'tracking_number'],
  ...['shipment_date', 'created_time', 'last_modified_time'],
];

/** Sortable columns of the list of shipment orders. */
export const shipmentColumns = [
  ...['shipment_number', 'date', 'status', 'salesorder_number', 'customer_name', 'carrier', 'tracking_number'],
  ...['delivered_date', 'created_time'],
];

const carriage = (table: string) => `coalesce(json_extract(${table}.json, '$.carrier'), '') AS carrier,
  coalesce(json_extract(${table}.json, '$.tracking_number'), '') AS tracking_number`;

const order = (table: string) => `orders.number AS salesorder_number, orders.contact_id AS customer_id,
  coalesce(contact.contact_name, '') AS customer_name
  FROM ${table} JOIN orders ON orders.order_id = ${table}.salesorder_id
    LEFT JOIN contact ON contact.contact_id = orders.contact_id`;

// SQLite lowers ASCII letters only; numbers, carriers and tracking numbers are made of those.
const words = (numberColumn: string) =>
  `lower(${numberColumn} || char(10) || salesorder_number || char(10) || customer_name || char(10) || tracking_number)`;

/** Packages that the query asks for, newest first. */
export function listedPackages(call: Call): Listing {
  const { sql, values } = where([
    ...searched(call, words('package_number')),
    ...when(statusAsked(call, packageStatuses), "replace(status, '_', '') = ?"),
    ...when(asked(call, 'package_number'), 'package_number = ? COLLATE NOCASE'),
    ...when(asked(call, 'salesorder_id'), 'salesorder_id = ?'),
    ...when(asked(call, 'customer_id'), 'customer_id = ?'),
    ...dates(call),
  ]);
  return {
    sql: `SELECT * FROM (SELECT package_id AS id, package_id, package_number, package.date, package.status, package.salesorder_id,
         coalesce(json_extract(package.json, '$.shipment_date'), '') AS shipment_date, package.created_time,
         package.last_modified_time, ${carriage('package')}, ${order('package')})
       WHERE ${sql} `,
    values,
    order: 'date DESC, package_id DESC',
  };
}

/** Shipments that the query asks for, newest first. */
export function listedShipments(call: Call): Listing {
  const { sql, values } = where([
    ...searched(call, words('shipment_number')),
    ...when(statusAsked(call, shipmentStatuses), 'status = ?'),
    ...when(asked(call, 'shipment_number'), 'shipment_number = ? COLLATE NOCASE'),
    ...when(asked(call, 'salesorder_id'), 'salesorder_id = ?'),
    ...dates(call),
  ]);
  return {
    sql: `SELECT * FROM (SELECT shipment_id AS id, shipment_id, shipment_number, shipment.date, shipment.status, shipment.salesorder_id,
         delivered_date, shipment.created_time, ${carriage('shipment')}, ${order('shipment')})
       WHERE ${sql} `,
    values,
    order: 'date DESC, shipment_id DESC',
  };
}
