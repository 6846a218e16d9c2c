import type { Database } from '../sqlite.ts';
import { integerOf } from './row.ts';

/** What a contact has been part of; `words` names it for a refusal and is empty when there is nothing. */
export interface ContactHistory {
  readonly salesOrders: number;
  readonly purchaseOrders: number;
  /** Items that name the contact as their vendor. */
  readonly items: number;
  readonly words: string;
}

// Drivers differ in how they bind numbered parameters (?1), so an id that is needed more than once is given a name instead.

const counted = (count: number, one: string, many: string) => {
  if (count === 0) return [];
  return [`${count} ${count === 1 ? one : many}`];
};

export function contactHistory(db: Database, contactId: string): ContactHistory {
  const row =
    db
      .prepare(
        `WITH given (id) AS (SELECT ?)
         SELECT (SELECT count(*) FROM orders WHERE contact_id = id AND kind = 'sales') AS sales,
         (SELECT count(*) FROM orders WHERE contact_id = id AND kind = 'purchase') AS purchases,
         (SELECT count(*) FROM item WHERE vendor_id = id) AS items FROM given`,
      )
      .get(contactId) ?? {};
  const salesOrders = integerOf(row, 'sales');
  const purchaseOrders = integerOf(row, 'purchases');
  const items = integerOf(row, 'items');
  const words = [
    ...counted(salesOrders, 'sales order', 'sales orders'),
    ...counted(purchaseOrders, 'purchase order', 'purchase orders'),
    ...counted(items, 'item bought from it', 'items bought from it'),
  ].join(', ');
  return { salesOrders, purchaseOrders, items, words };
}

/** Where a warehouse was part of something that the books keep, in words; empty when nowhere. */
export function warehouseHistory(db: Database, warehouseId: string): string {
  const row =
    db
      .prepare(
        `WITH given (id) AS (SELECT ?)
         SELECT (SELECT count(*) FROM stock_move WHERE from_place = id OR to_place = id) AS moves,
         (SELECT count(DISTINCT order_id) FROM order_line WHERE warehouse_id = id) AS orders,
         (SELECT count(*) FROM transfer WHERE from_warehouse_id = id OR to_warehouse_id = id) AS transfers,
         (SELECT count(DISTINCT adjustment_id) FROM adjustment_line WHERE warehouse_id = id) AS adjustments,
         (SELECT count(DISTINCT kit_id) FROM kit_part WHERE warehouse_id = id) AS kits FROM given`,
      )
      .get(warehouseId) ?? {};
  return [
    ...counted(integerOf(row, 'moves'), 'stock movement', 'stock movements'),
    ...counted(integerOf(row, 'orders'), 'order', 'orders'),
    ...counted(integerOf(row, 'transfers'), 'transfer', 'transfers'),
    ...counted(integerOf(row, 'adjustments'), 'adjustment', 'adjustments'),
    ...counted(integerOf(row, 'kits'), 'kit taken from it', 'kits taken from it'),
  ].join(', ');
}

/** What lies in a warehouse or is on its way from or to it, in words; empty when nothing. */
export function warehouseStock(db: Database, warehouseId: string): string {
  const row =
    db
      .prepare(
        `WITH given (id) AS (SELECT ?)
         SELECT (SELECT count(*) FROM level WHERE place = id AND quantity_micro > 0) AS items,
         (SELECT count(*) FROM transfer WHERE status = 'in_transit'
           AND (from_warehouse_id = id OR to_warehouse_id = id)) AS transfers FROM given`,
      )
      .get(warehouseId) ?? {};
  return [
    ...counted(integerOf(row, 'items'), 'item in stock', 'items in stock'),
    ...counted(integerOf(row, 'transfers'), 'transfer in transit', 'transfers in transit'),
  ].join(' and ');
}
