import type { Database } from '../../sqlite.ts';

const firstOf = (db: Database, id: string, checks: readonly (readonly [sql: string, reason: string])[]) =>
  checks.find(([sql]) => db.prepare(sql).get(id) !== undefined)?.[1];

/** Whether stock of the item was ever posted; its unit and tracking are then fixed. */
export const hasMoves = (db: Database, itemId: string): boolean =>
  db.prepare('SELECT 1 AS found FROM stock_move WHERE item_id = ? LIMIT 1').get(itemId) !== undefined;

/** Why the item cannot be deleted (`stock movements`, `sales or purchase orders`, ...), or undefined. */
export const itemHistory = (db: Database, itemId: string): string | undefined =>
  firstOf(db, itemId, [
    ['SELECT 1 AS found FROM stock_move WHERE item_id = ? LIMIT 1', 'stock movements'],
    ['SELECT 1 AS found FROM order_line WHERE item_id = ? LIMIT 1', 'sales or purchase orders'],
    ['SELECT 1 AS found FROM transfer_line WHERE item_id = ? LIMIT 1', 'transfers'],
    ['SELECT 1 AS found FROM kit_part WHERE item_id = ? LIMIT 1', 'a composite item that contains it'],
  ]);

/** Why the contact cannot be deleted, or undefined. */
export const contactHistory = (db: Database, contactId: string): string | undefined =>
  firstOf(db, contactId, [
    ['SELECT 1 AS found FROM orders WHERE contact_id = ? LIMIT 1', 'sales or purchase orders'],
    ['SELECT 1 AS found FROM item WHERE vendor_id = ? LIMIT 1', 'items that name it as their vendor'],
  ]);

/** Why the warehouse cannot be deleted, or undefined. */
export const warehouseHistory = (db: Database, warehouseId: string): string | undefined =>
  firstOf(db, warehouseId, [
    ['SELECT 1 AS found FROM stock_move WHERE to_place = ?1 OR from_place = ?1 LIMIT 1', 'stock movements'],
    ['SELECT 1 AS found FROM order_line WHERE warehouse_id = ? LIMIT 1', 'sales or purchase orders'],
    [
      'SELECT 1 AS found FROM transfer WHERE from_warehouse_id = ?1 OR to_warehouse_id = ?1 LIMIT 1',
      'transfers',
    ],
  ]);

/** Why the warehouse cannot be deactivated (stock, transit, open documents), or undefined. */
export const warehouseInUse = (db: Database, warehouseId: string): string | undefined =>
  firstOf(db, warehouseId, [
    ['SELECT 1 AS found FROM level WHERE place = ? AND quantity_micro > 0 LIMIT 1', 'stock'],
    [
      `SELECT 1 AS found FROM transfer WHERE status = 'in_transit' AND (from_warehouse_id = ?1 OR to_warehouse_id = ?1)
       LIMIT 1`,
      'goods in transit',
    ],
    ['SELECT 1 AS found FROM open_quantity WHERE warehouse_id = ? LIMIT 1', 'open orders'],
  ]);
