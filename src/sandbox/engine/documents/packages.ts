import type { Database } from '../../../sqlite.ts';
import { invalid, type World } from '../../route.ts';
import { integerOf, textOf } from '../../row.ts';
import { findWarehouse } from '../directory.ts';
import {
  type Body,
  dateField,
  documentDate,
  given,
  insufficientStock,
  keptFields,
  microField,
  quantityField,
  refused,
  requiredList,
  requiredText,
  textField,
} from '../fields.ts';
import { levelAt, takeOut } from '../ledger.ts';
import { takeNumber } from '../numbering.ts';
import { fromMicro } from '../quantity.ts';
import { figuresAt } from '../stock.ts';
import { findItem } from './item-record.ts';
import { activeWarehouse, addCount, type OrderLine, orderLines } from './lines.ts';
import { findOrder, type Order, orderOf } from './order-record.ts';
import { isUnshipped, type Package, type PackageLine, packageLines, packageOf } from './package-record.ts';
import { claimPacked, refreshOrder, stillNeeded } from './progress.ts';

const keptKeys = [
  ...['shipment_date', 'carrier', 'service_type', 'tracking_number', 'notes', 'dimensions', 'weight', 'weight_unit'],
  ...['shipping_charge', 'package_custom_fields', 'custom_fields'],
];

// A package with a carrier is ready to go, unless its status says otherwise.
function statusField(body: Body, before: Package['status'] | undefined): Package['status'] {
  const wanted = textField(body, 'status');
  if (wanted === 'draft' || wanted === 'ready_to_ship') return wanted;
  if (wanted !== undefined)
    throw invalid('status', 'A package is made as draft or ready_to_ship; shipping has its own call.');
  if (given(body, 'carrier') !== undefined) return 'ready_to_ship';
  return before ?? 'draft';
}

function short(db: Database, itemId: string, warehouseId: string, wantedMicro: number, freeMicro: number): never {
  const name = findItem(db, itemId)?.name ?? itemId;
  const place = findWarehouse(db, warehouseId)?.warehouse_name ?? warehouseId;
  throw insufficientStock(`${name}: ${fromMicro(wantedMicro)} wanted, ${fromMicro(freeMicro)} free in ${place}.`);
}

function packLine(world: World, packageId: string, lines: ReadonlyMap<string, OrderLine>, row: Body): void {
  const { db } = world;
  const id = requiredText(row, 'so_line_item_id');
  const line = lines.get(id);
  if (!line) throw invalid('so_line_item_id', `The sales order has no line ${id}.`);
  if (line.kind === 'service') throw invalid('so_line_item_id', `${line.name} is a service and cannot be packed.`);
  const quantityMicro = quantityField(row, 'quantity');
  const packed = db.prepare('SELECT packed_micro FROM order_line WHERE line_item_id = ?').get(id);
  const open = line.quantityMicro - (packed ? integerOf(packed, 'packed_micro') : 0);
  if (quantityMicro > open) throw refused(`${line.name}: only ${fromMicro(open)} are left to pack.`, 'quantity');
  const warehouseId = activeWarehouse(db, textField(row, 'warehouse_id') ?? line.warehouse_id);
  for (const part of stillNeeded(line, quantityMicro)) {
    const { onHand, packed: held } = figuresAt(db, part.item_id, warehouseId);
    if (part.quantityMicro > onHand - held) short(db, part.item_id, warehouseId, part.quantityMicro, onHand - held);
  }
  const lineId = world.nextId();
  db.prepare('INSERT INTO package_line VALUES (?, ?, ?, ?, ?, ?)').run(
    lineId,
    packageId,
    id,
    line.item_id,
    warehouseId,
    quantityMicro,
  );
  claimPacked(db, packageId, lineId, line, warehouseId, quantityMicro);
  addCount(db, id, 'packed', quantityMicro);
}

function packAll(world: World, packageId: string, orderId: string, rows: readonly Body[]): void {
  const lines = new Map(orderLines(world.db, orderId).map((line) => [line.line_item_id, line]));
  for (const row of rows) packLine(world, packageId, lines, row);
}

function unpack(db: Database, packageId: string): void {
  for (const line of packageLines(db, packageId)) addCount(db, line.so_line_item_id, 'packed', -line.quantityMicro);
  db.prepare('DELETE FROM open_quantity WHERE document_id = ?').run(packageId);
  db.prepare('DELETE FROM package_line WHERE package_id = ?').run(packageId);
}

function checkPlan(body: Body): void {
  microField(body, 'weight', { least: 0 });
  microField(body, 'shipping_charge', { least: 0 });
  dateField(body, 'shipment_date'); // may lie ahead: it is planned
}

/** Sets goods of an open or confirmed order aside: `salesorder_id` and `line_items` are required. Returns the package's id. */
export function createPackage(world: World, body: Body): string {
  return world.db.transaction(() => {
    const { db } = world;
    checkPlan(body);
    const orderId = requiredText(body, 'salesorder_id');
    const order = findOrder(db, 'sales', orderId);
    if (!order) throw invalid('salesorder_id', `There is no sales order ${orderId}.`);
    if (!['open', 'confirmed'].includes(order.base_status) || order.status === 'closed')
      throw refused(`${order.number} is ${order.status}; only an open or confirmed order is packed.`, 'salesorder_id');
    const date = documentDate(world, body, 'date');
    const id = world.nextId();
    const now = world.timestamp();
    db.prepare('INSERT INTO package VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
      id,
      takeNumber(db, 'PKG', 'package_number', textField(body, 'package_number')),
      orderId,
      statusField(body, undefined),
      date,
      '',
      now,
      now,
      JSON.stringify(keptFields(body, keptKeys)),
    );
    packAll(world, id, orderId, requiredList(body, 'line_items'));
    refreshOrder(world, order);
    return id;
  });
}

/** Changes what is given; once shipped only what is written about it. `line_items` packs anew. */
export function updatePackage(world: World, id: string, body: Body): void {
  world.db.transaction(() => {
    const { db } = world;
    checkPlan(body);
    const before = packageOf(db, id);
    const wanted = textField(body, 'package_number');
    if (wanted !== undefined && wanted !== before.package_number)
      throw refused('The number of a package cannot change.', 'package_number');
    const rows = given(body, 'line_items') === undefined ? undefined : requiredList(body, 'line_items');
    if (!isUnshipped(before) && (rows || given(body, 'status') !== undefined || given(body, 'date') !== undefined))
      throw refused(`${before.package_number} is ${before.status}; its contents cannot change.`);
    if (rows) {
      unpack(db, id);
      packAll(world, id, before.salesorder_id, rows);
      refreshOrder(world, orderOf(db, 'sales', before.salesorder_id));
    }
    db.prepare('UPDATE package SET status = ?, date = ?, last_modified_time = ?, json = ? WHERE package_id = ?').run(
      isUnshipped(before) ? statusField(body, before.status) : before.status,
      documentDate(world, body, 'date', before.date),
      world.timestamp(),
      JSON.stringify(keptFields(body, keptKeys, before.fields)),
      id,
    );
  });
}

/** Unpacks: the goods are free again. Refused once shipped. */
export function deletePackage(world: World, id: string): void {
  world.db.transaction(() => {
    const found = packageOf(world.db, id);
    if (!isUnshipped(found)) throw refused(`${found.package_number} is ${found.status} and cannot be deleted.`);
    unpack(world.db, id);
    world.db.prepare('DELETE FROM package WHERE package_id = ?').run(id);
    refreshOrder(world, orderOf(world.db, 'sales', found.salesorder_id));
  });
}

function issueLine(world: World, order: Order, found: Package, line: PackageLine, date: string): void {
  const { db } = world;
  const orderLine = orderLines(db, order.order_id).find(({ line_item_id }) => line_item_id === line.so_line_item_id);
  if (!orderLine) throw new Error(`The package ${found.package_number} holds a line its order lacks.`);
  const source = {
    type: 'package',
    id: found.package_id,
    number: found.package_number,
    line_id: line.line_item_id,
    date,
  } as const;
  for (const { item_id, quantityMicro } of stillNeeded(orderLine, line.quantityMicro)) {
    if (quantityMicro === 0) continue;
    const there = levelAt(db, item_id, line.warehouse_id);
    if (there < quantityMicro) short(db, item_id, line.warehouse_id, quantityMicro, there);
    takeOut(world, { item_id, warehouse_id: line.warehouse_id, to: 'customer', quantityMicro }, source);
  }
  addCount(db, line.so_line_item_id, 'shipped', line.quantityMicro);
}

/**
 * The packages leave as one shipment, dated `shipment_date` (today if not given). All of one order, none shipped before.
 * Returns the shipment's id.
 */
export function shipPackages(world: World, packageIds: readonly string[], body: Body): string {
  return world.db.transaction(() => {
    const { db } = world;
    const packages = [...new Set(packageIds)].map((id) => packageOf(db, id));
    const [first] = packages;
    if (!first) throw invalid('package_ids', 'Name at least one package.');
    const order = orderOf(db, 'sales', first.salesorder_id);
    const date = documentDate(world, body, 'shipment_date');
    const shipmentId = world.nextId();
    const number = takeNumber(db, 'SHP', 'shipment_number', textField(body, 'shipment_number'));
    const planned = keptFields(first.fields, [
      'carrier',
      'service_type',
      'tracking_number',
      'notes',
      'shipping_charge',
    ]);
    const fields = keptFields(
      body,
      ['carrier', 'delivery_method', 'service_type', 'tracking_number', 'notes'],
      planned,
    );
    db.prepare('INSERT INTO shipment VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
      shipmentId,
      number,
      order.order_id,
      date,
      '',
      'shipped',
      world.timestamp(),
      JSON.stringify(fields),
    );
    for (const found of packages) {
      if (!isUnshipped(found)) throw refused(`${found.package_number} is ${found.status} already.`);
      if (found.salesorder_id !== order.order_id)
        throw invalid('package_ids', 'The packages of a shipment belong to one sales order.');
      if (date < found.date) throw invalid('shipment_date', `${found.package_number} was packed on ${found.date}.`);
      for (const line of packageLines(db, found.package_id)) issueLine(world, order, found, line, date);
      db.prepare('DELETE FROM open_quantity WHERE document_id = ?').run(found.package_id);
      db.prepare(
        `UPDATE package SET status = 'shipped', shipment_id = ?, last_modified_time = ?, json = ? WHERE package_id = ?`,
      ).run(
        shipmentId,
        world.timestamp(),
        JSON.stringify(keptFields({ ...body, shipment_date: date }, keptKeys.slice(0, 4), found.fields)),
        found.package_id,
      );
    }
    refreshOrder(world, order);
    return shipmentId;
  });
}

/** Ships one package. Returns the shipment's id. */
export const shipPackage = (world: World, id: string, body: Body): string => shipPackages(world, [id], body);

/** shipped -> delivered; an order that is delivered in full closes. */
export function deliverPackage(world: World, id: string, body: Body = {}): void {
  world.db.transaction(() => {
    const { db } = world;
    const found = packageOf(db, id);
    if (found.status !== 'shipped')
      throw refused(`${found.package_number} is ${found.status}; only a shipped package can be delivered.`);
    const date = documentDate(world, body, 'delivered_date');
    const shipment = db.prepare('SELECT date FROM shipment WHERE shipment_id = ?').get(found.shipment_id);
    const left = shipment ? textOf(shipment, 'date') : '';
    if (date < left) throw invalid('delivered_date', `${found.package_number} was shipped on ${left}.`);
    for (const line of packageLines(db, id)) addCount(db, line.so_line_item_id, 'delivered', line.quantityMicro);
    db.prepare("UPDATE package SET status = 'delivered', last_modified_time = ? WHERE package_id = ?").run(
      world.timestamp(),
      id,
    );
    const open = db.prepare("SELECT 1 AS found FROM package WHERE shipment_id = ? AND status = 'shipped' LIMIT 1");
    if (!open.get(found.shipment_id))
      db.prepare("UPDATE shipment SET status = 'delivered', delivered_date = ? WHERE shipment_id = ?").run(
        date,
        found.shipment_id,
      );
    refreshOrder(world, orderOf(db, 'sales', found.salesorder_id));
  });
}
