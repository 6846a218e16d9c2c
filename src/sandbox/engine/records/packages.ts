import type { Database } from '../../../sqlite.ts';
import { notFound } from '../../route.ts';
import { findContact, findWarehouse } from '../directory.ts';
import { findItem } from '../documents/item-record.ts';
import { orderLines } from '../documents/lines.ts';
import { orderOf } from '../documents/order-record.ts';
import { type Package, packageLines } from '../documents/package-record.ts';
import { fromMicro } from '../quantity.ts';
import { shipmentRecord } from './orders.ts';

type Json = Record<string, unknown>;

function head(db: Database, found: Package): Json {
  const order = orderOf(db, 'sales', found.salesorder_id);
  const lines = packageLines(db, found.package_id);
  return {
    package_id: found.package_id,
    package_number: found.package_number,
    salesorder_id: found.salesorder_id,
    salesorder_number: order.number,
    customer_id: order.contact_id,
    customer_name: findContact(db, order.contact_id)?.contact_name ?? '',
    date: found.date,
    status: found.status,
    total_quantity: fromMicro(lines.reduce((sum, line) => sum + line.quantityMicro, 0)),
    shipment_id: found.shipment_id,
  };
}

const times = ({ created_time, last_modified_time }: Package): Json => ({ created_time, last_modified_time });

/** A package as a list prints it: no lines. */
export function packageRow(db: Database, found: Package): Json {
  const { shipment_date, carrier, service_type, tracking_number } = found.fields;
  return { ...head(db, found), shipment_date, carrier, service_type, tracking_number, ...times(found) };
}

function lineRecords(db: Database, found: Package): Json[] {
  const ordered = new Map(orderLines(db, found.salesorder_id).map((line) => [line.line_item_id, line]));
  return packageLines(db, found.package_id).map((line) => {
    const item = findItem(db, line.item_id);
    const orderLine = ordered.get(line.so_line_item_id);
    return {
      line_item_id: line.line_item_id,
      so_line_item_id: line.so_line_item_id,
      item_id: line.item_id,
      name: orderLine?.name ?? item?.name ?? '',
      sku: item?.sku ?? '',
      unit: item?.unit ?? '',
      quantity: fromMicro(line.quantityMicro),
      warehouse_id: line.warehouse_id,
      warehouse_name: findWarehouse(db, line.warehouse_id)?.warehouse_name ?? '',
      // What leaves of a kit are the parts of the recipe that the order keeps.
      ...(orderLine?.kind === 'kit'
        ? {
            is_combo_product: true,
            mapped_items: orderLine.recipe.map(({ item_id, quantityMicro }) => ({
              item_id,
              name: findItem(db, item_id)?.name ?? '',
              quantity: fromMicro(quantityMicro),
            })),
          }
        : {}),
    };
  });
}

/** The address the goods go to: the order's own, else the customer's; an empty object where neither says one. */
export function shippingAddress(db: Database, salesorderId: string): Json {
  const order = orderOf(db, 'sales', salesorderId);
  const contact = findContact(db, order.contact_id)?.fields ?? {};
  const known = [order.fields.shipping_address, contact.shipping_address, contact.billing_address];
  const found = known.find((one) => typeof one === 'object' && one !== null && Object.values(one).some(Boolean));
  return { ...(typeof found === 'object' ? found : {}) };
}

/** A package with its lines, where it goes and the shipment it left with. */
export function packageRecord(db: Database, found: Package): Json {
  const {
    package_id: _id,
    packages: _packages,
    ...shipment
  } = found.shipment_id ? shipmentOf(db, found.shipment_id) : {};
  return {
    ...head(db, found),
    ...found.fields,
    line_items: lineRecords(db, found),
    shipping_address: shippingAddress(db, found.salesorder_id),
    ...(found.shipment_id ? { shipment_number: shipment.shipment_number, shipment_order: shipment } : {}),
    ...times(found),
  };
}

/** A shipment with its order, customer and packages; 404 when there is none. */
export function shipmentOf(db: Database, id: string): Json {
  const row = db.prepare('SELECT * FROM shipment WHERE shipment_id = ?').get(id);
  if (!row) throw notFound('shipment order', id);
  const record = shipmentRecord(db, row);
  const order = orderOf(db, 'sales', String(record.salesorder_id));
  return {
    ...record,
    salesorder_number: order.number,
    customer_id: order.contact_id,
    customer_name: findContact(db, order.contact_id)?.contact_name ?? '',
  };
}
