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
    ['SELECT 1 AS found FROM adjustment_line WHERE item_id = ? LIMIT 1', 'adjustments'],
    ['SELECT 1 AS found FROM kit_part WHERE item_id = ? LIMIT 1', 'a composite item that contains it'],
  ]);
