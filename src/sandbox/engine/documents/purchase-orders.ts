import type { World } from '../../route.ts';
import { type Body, given, refused } from '../fields.ts';
import { orderLines } from './lines.ts';
import { type Order, orderOf } from './order-record.ts';
import { removeOrder, writeOrder } from './orders.ts';
import { refreshOrder } from './progress.ts';

/** A draft order: `vendor_id` and `line_items` are required. Returns its id. */
export function createPurchaseOrder(world: World, body: Body): string {
  return world.db.transaction(() => {
    const id = writeOrder(world, 'purchase', body);
    refreshOrder(world, orderOf(world.db, 'purchase', id));
    return id;
  });
}

const isReceived = (world: World, order: Order) =>
  orderLines(world.db, order.order_id).some((line) => line.receivedMicro > 0);

/** Changes what is given; `line_items` replaces the list, lines keep what was received by `line_item_id`. */
export function updatePurchaseOrder(world: World, id: string, body: Body): void {
  world.db.transaction(() => {
    const before = orderOf(world.db, 'purchase', id);
    // One that is closed may be raised again: more can arrive than was ordered.
    if (before.status === 'cancelled') throw refused(`${before.number} is cancelled and cannot be changed.`);
    const vendor = given(body, 'vendor_id');
    if (vendor !== undefined && vendor !== before.contact_id && isReceived(world, before))
      throw refused(`${before.number} is received in part; its vendor cannot change.`, 'vendor_id');
    writeOrder(world, 'purchase', body, before);
    refreshOrder(world, orderOf(world.db, 'purchase', id));
  });
}

/** Deletes an order of which nothing was received; its number is not used again. */
export function deletePurchaseOrder(world: World, id: string): void {
  world.db.transaction(() => {
    const order = orderOf(world.db, 'purchase', id);
    if (world.db.prepare('SELECT 1 AS found FROM receive WHERE purchaseorder_id = ? LIMIT 1').get(id))
      throw refused(`${order.number} was received in part and cannot be deleted.`);
    removeOrder(world.db, id);
  });
}

/** draft -> issued: the vendor is bound, the goods are on order. */
export function issuePurchaseOrder(world: World, id: string): void {
  world.db.transaction(() => {
    const order = orderOf(world.db, 'purchase', id);
    if (order.status !== 'draft') throw refused(`${order.number} is ${order.status}; only a draft can be issued.`);
    refreshOrder(world, order, 'issued');
  });
}

/** draft or issued -> cancelled, while nothing is received. */
export function cancelPurchaseOrder(world: World, id: string): void {
  world.db.transaction(() => {
    const order = orderOf(world.db, 'purchase', id);
    if (order.status === 'cancelled') throw refused(`${order.number} is cancelled already.`);
    if (isReceived(world, order))
      throw refused(`${order.number} is ${order.status}; an order that was received in part cannot be cancelled.`);
    refreshOrder(world, order, 'cancelled');
  });
}
