import type { Database } from '../../../sqlite.ts';
import type { World } from '../../route.ts';
import { textOf } from '../../row.ts';
import { findWarehouse } from '../directory.ts';
import { type Body, given, insufficientStock, refused } from '../fields.ts';
import { fromMicro } from '../quantity.ts';
import { figuresAt } from '../stock.ts';
import { findItem } from './item-record.ts';
import { orderLines } from './lines.ts';
import { type Order, orderOf } from './order-record.ts';
import { removeOrder, writeOrder } from './orders.ts';
import { refreshOrder, stillNeeded } from './progress.ts';

/** A draft order: `customer_id` and `line_items` are required. Returns its id. */
export function createSalesOrder(world: World, body: Body): string {
  return world.db.transaction(() => {
    const id = writeOrder(world, 'sales', body);
    refreshOrder(world, orderOf(world.db, 'sales', id));
    return id;
  });
}

/** Changes what is given; `line_items` replaces the list, lines keep their counts by `line_item_id`. */
export function updateSalesOrder(world: World, id: string, body: Body): void {
  world.db.transaction(() => {
    const before = orderOf(world.db, 'sales', id);
    if (before.status === 'void' || before.status === 'closed')
      throw refused(`${before.number} is ${before.status} and cannot be changed.`);
    const customer = given(body, 'customer_id');
    if (customer !== undefined && customer !== before.contact_id && packageNumbers(world.db, id).length > 0)
      throw refused(`${before.number} is packed or shipped in part; its customer cannot change.`, 'customer_id');
    writeOrder(world, 'sales', body, before);
    const after = orderOf(world.db, 'sales', id);
    refreshOrder(world, after);
    if (after.base_status === 'confirmed') refuseBeyondStock(world, after);
  });
}

const packageNumbers = (db: Database, orderId: string): string[] =>
  db
    .prepare('SELECT package_number FROM package WHERE salesorder_id = ? ORDER BY package_id')
    .all(orderId)
    .map((row) => textOf(row, 'package_number'));

/** Deletes an order of which nothing was packed; its number is not used again. */
export function deleteSalesOrder(world: World, id: string): void {
  world.db.transaction(() => {
    const order = orderOf(world.db, 'sales', id);
    const [packed] = packageNumbers(world.db, id);
    if (packed !== undefined) throw refused(`${order.number} has ${packed} and cannot be deleted.`);
    removeOrder(world.db, id);
  });
}

// Only where the setting asks for it: usually an order beyond stock is taken and waits.
function refuseBeyondStock(world: World, order: Order): void {
  if (!world.refuseBeyondStock) return;
  for (const line of orderLines(world.db, order.order_id))
    for (const { item_id } of stillNeeded(line, line.quantityMicro - line.shippedMicro)) {
      const { available } = figuresAt(world.db, item_id, line.warehouse_id);
      if (available >= 0) continue;
      const name = findItem(world.db, item_id)?.name ?? item_id;
      const place = findWarehouse(world.db, line.warehouse_id)?.warehouse_name ?? line.warehouse_id;
      throw insufficientStock(`${name}: ${fromMicro(-available)} short in ${place}.`);
    }
}

/** draft -> open: the order is taken and its stock committed. */
export function openSalesOrder(world: World, id: string): void {
  world.db.transaction(() => {
    const order = orderOf(world.db, 'sales', id);
    if (order.status !== 'draft') throw refused(`${order.number} is ${order.status}; only a draft can be opened.`);
    refreshOrder(world, order, 'open');
  });
}

/** draft or open -> confirmed. */
export function confirmSalesOrder(world: World, id: string): void {
  world.db.transaction(() => {
    const order = orderOf(world.db, 'sales', id);
    if (order.base_status !== 'draft' && order.base_status !== 'open')
      throw refused(`${order.number} is ${order.status}; only a draft or open order can be confirmed.`);
    if (order.status === 'closed') throw refused(`${order.number} is closed.`);
    refreshOrder(world, order, 'confirmed');
    refuseBeyondStock(world, order);
  });
}

/** draft, open or confirmed -> void: what it committed is free again. */
export function voidSalesOrder(world: World, id: string): void {
  world.db.transaction(() => {
    const order = orderOf(world.db, 'sales', id);
    if (order.status === 'void') throw refused(`${order.number} is void already.`);
    const shipped = orderLines(world.db, id).some((line) => line.shippedMicro > 0);
    if (shipped)
      throw refused(`${order.number} is ${order.status}; an order that was shipped in part cannot be voided.`);
    const [packed] = packageNumbers(world.db, id);
    if (packed !== undefined) throw refused(`${order.number} is packed as ${packed}; delete the package first.`);
    refreshOrder(world, order, 'void');
  });
}
