import type { Database, Row } from '../../../sqlite.ts';
import { integerOf, jsonOf, textOf } from '../../row.ts';
import { findContact, findWarehouse, organization } from '../directory.ts';
import { baseDigits, findItem } from '../documents/item-record.ts';
import { type OrderLine, orderLines } from '../documents/lines.ts';
import { currencyOf, type Order, orderRules } from '../documents/order-record.ts';
import { purchaseProgress, salesProgress } from '../documents/progress.ts';
import { fromMicro, fromMinor } from '../quantity.ts';

type Json = Record<string, unknown>;

const warehouseName = (db: Database, id: string) => findWarehouse(db, id)?.warehouse_name ?? '';

function head(db: Database, order: Order): { keys: Json; money: Json } {
  const currency = currencyOf(db, order.currency_id);
  const printed = (minor: number) => fromMinor(minor, currency.minor_digits);
  const contact = findContact(db, order.contact_id);
  const party = order.kind === 'sales' ? 'customer' : 'vendor';
  const keys = {
    [order.kind === 'sales' ? 'salesorder_id' : 'purchaseorder_id']: order.order_id,
    [orderRules[order.kind].numberField]: order.number,
    reference_number: order.reference_number,
    date: order.date,
    status: order.status,
    [`${party}_id`]: order.contact_id,
    [`${party}_name`]: contact?.contact_name ?? '',
    currency_id: order.currency_id,
    currency_code: currency.code,
    currency_symbol: currency.symbol,
    exchange_rate: fromMicro(order.exchangeRateMicro),
  };
  const money = {
    sub_total: printed(order.subTotalMinor),
    discount_total: printed(order.discountTotalMinor),
    tax_total: printed(order.taxTotalMinor),
    shipping_charge: printed(order.shippingMinor),
    adjustment: printed(order.adjustmentMinor),
    total: printed(order.totalMinor),
    bcy_total: fromMinor(order.bcyTotalMinor, baseDigits(db)),
  };
  return { keys, money };
}

const ordered = (lines: readonly OrderLine[]) => fromMicro(lines.reduce((sum, line) => sum + line.quantityMicro, 0));

const progressOf = (order: Order, lines: readonly OrderLine[]): Json =>
  order.kind === 'sales' ? salesProgress(lines) : purchaseProgress(lines);

const times = (order: Order): Json => ({
  created_time: order.created_time,
  last_modified_time: order.last_modified_time,
});

/** An order as a list prints it: no lines, the dates and totals. */
export function orderRow(db: Database, order: Order): Json {
  const { keys, money } = head(db, order);
  const lines = orderLines(db, order.order_id);
  const { shipment_date, delivery_date, expected_delivery_date, delivery_method, salesperson_name } = order.fields;
  const given = { shipment_date, delivery_date, expected_delivery_date, delivery_method, salesperson_name };
  return { ...keys, ...given, quantity: ordered(lines), ...progressOf(order, lines), ...money, ...times(order) };
}

function lineRecord(db: Database, order: Order, line: OrderLine): Json {
  const item = findItem(db, line.item_id);
  const digits = currencyOf(db, order.currency_id).minor_digits;
  const counts =
    order.kind === 'sales'
      ? {
          quantity_packed: fromMicro(line.packedMicro),
          quantity_shipped: fromMicro(line.shippedMicro),
          quantity_delivered: fromMicro(line.deliveredMicro),
          quantity_invoiced: 0, // one physical book: there are no invoices
        }
      : { quantity_received: fromMicro(line.receivedMicro), quantity_billed: 0 };
  return {
    line_item_id: line.line_item_id,
    item_id: line.item_id,
    name: line.name,
    sku: item?.sku ?? '',
    description: line.description,
    product_type: line.kind === 'service' ? 'service' : 'goods',
    unit: item?.unit ?? '',
    rate: fromMicro(line.rateMicro),
    quantity: fromMicro(line.quantityMicro),
    ...counts,
    // As given: a resolved amount under `discount_amount` would win over the percentage when the line is sent back changed.
    discount: 'percentMicro' in line.discount ? fromMicro(line.discount.percentMicro) : 0,
    ...line.fields,
    discount_total: fromMinor(line.discountMinor, digits),
    tax_id: line.tax_id,
    tax_name: line.tax_name,
    tax_percentage: fromMicro(line.taxPercentageMicro),
    tax_amount: fromMinor(line.taxMinor, digits),
    warehouse_id: line.warehouse_id,
    warehouse_name: warehouseName(db, line.warehouse_id),
    item_total: fromMinor(line.grossMinor, digits),
    ...(line.kind === 'kit'
      ? {
          is_combo_product: true,
          mapped_items: line.recipe.map(({ item_id, quantityMicro }) => ({
            item_id,
            name: findItem(db, item_id)?.name ?? '',
            quantity: fromMicro(quantityMicro),
          })),
        }
      : {}),
  };
}

/** An order with its lines and what followed from it (packages, or receives). */
export function orderRecord(db: Database, order: Order): Json {
  const { keys, money } = head(db, order);
  const lines = orderLines(db, order.order_id);
  const followed =
    order.kind === 'sales'
      ? { packages: orderPackages(db, order.order_id) }
      : { purchasereceives: orderReceives(db, order.order_id) };
  return {
    ...keys,
    ...progressOf(order, lines),
    ...order.fields,
    line_items: lines.map((line) => lineRecord(db, order, line)),
    ...money,
    base_currency_code: organization(db).currency_code,
    ...followed,
    ...times(order),
  };
}

function packageLines(db: Database, packageId: string): Json[] {
  return db
    .prepare('SELECT * FROM package_line WHERE package_id = ? ORDER BY line_item_id')
    .all(packageId)
    .map((row) => ({
      line_item_id: textOf(row, 'line_item_id'),
      so_line_item_id: textOf(row, 'so_line_item_id'),
      item_id: textOf(row, 'item_id'),
      name: findItem(db, textOf(row, 'item_id'))?.name ?? '',
      quantity: fromMicro(integerOf(row, 'quantity_micro')),
      warehouse_id: textOf(row, 'warehouse_id'),
      warehouse_name: warehouseName(db, textOf(row, 'warehouse_id')),
    }));
}

const orderPackages = (db: Database, orderId: string): Json[] =>
  db
    .prepare('SELECT * FROM package WHERE salesorder_id = ? ORDER BY package_id')
    .all(orderId)
    .map((row) => ({
      package_id: textOf(row, 'package_id'),
      package_number: textOf(row, 'package_number'),
      date: textOf(row, 'date'),
      status: textOf(row, 'status'),
      shipment_id: textOf(row, 'shipment_id'),
      line_items: packageLines(db, textOf(row, 'package_id')),
    }));

/** A shipment of a sales order with its packages; `row` of the table `shipment`. */
export function shipmentRecord(db: Database, row: Row): Json {
  const packages = db.prepare('SELECT * FROM package WHERE shipment_id = ?').all(textOf(row, 'shipment_id'));
  return {
    shipment_id: textOf(row, 'shipment_id'),
    shipment_number: textOf(row, 'shipment_number'),
    salesorder_id: textOf(row, 'salesorder_id'),
    date: textOf(row, 'date'),
    shipment_date: textOf(row, 'date'),
    status: textOf(row, 'status'),
    delivered_date: textOf(row, 'delivered_date'),
    ...jsonOf(row, 'json'),
    packages: packages.map((row) => ({
      package_id: textOf(row, 'package_id'),
      package_number: textOf(row, 'package_number'),
      status: textOf(row, 'status'),
      line_items: packageLines(db, textOf(row, 'package_id')),
    })),
    created_time: textOf(row, 'created_time'),
  };
}

/** The shipments of a sales order, oldest first. */
export const orderShipments = (db: Database, orderId: string): Json[] =>
  db
    .prepare('SELECT * FROM shipment WHERE salesorder_id = ? ORDER BY shipment_id')
    .all(orderId)
    .map((row) => shipmentRecord(db, row));

function receiveRecord(db: Database, row: Row): Json {
  const lines = db.prepare('SELECT * FROM receive_line WHERE receive_id = ? ORDER BY line_item_id');
  return {
    receive_id: textOf(row, 'receive_id'),
    receive_number: textOf(row, 'receive_number'),
    purchaseorder_id: textOf(row, 'purchaseorder_id'),
    status: textOf(row, 'status'),
    date: textOf(row, 'date'),
    receive_date: textOf(row, 'date'),
    ...jsonOf(row, 'json'),
    line_items: lines.all(textOf(row, 'receive_id')).map((line) => ({
      receive_line_item_id: textOf(line, 'line_item_id'),
      line_item_id: textOf(line, 'purchaseorder_line_id'),
      item_id: textOf(line, 'item_id'),
      name: findItem(db, textOf(line, 'item_id'))?.name ?? '',
      quantity_received: fromMicro(integerOf(line, 'quantity_micro')),
      warehouse_id: textOf(line, 'warehouse_id'),
      warehouse_name: warehouseName(db, textOf(line, 'warehouse_id')),
      cost: fromMinor(integerOf(line, 'cost_minor'), baseDigits(db)),
    })),
    created_time: textOf(row, 'created_time'),
  };
}

/** The receives of a purchase order, oldest first. */
export const orderReceives = (db: Database, orderId: string): Json[] =>
  db
    .prepare('SELECT * FROM receive WHERE purchaseorder_id = ? ORDER BY receive_id')
    .all(orderId)
    .map((row) => receiveRecord(db, row));
