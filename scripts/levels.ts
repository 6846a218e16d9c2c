import type { Database } from '../src/sqlite.ts';
import type { StockRow } from './morning.ts';

/** Stock by SKU summed anew from the ledger's moves and the order lines: no cache and no code of the server's. */
export function stockInDatabase(database: Database): Map<string, Omit<StockRow, 'sku'>> {
  const rows = database
    .prepare(
      `SELECT item.sku,
              COALESCE((SELECT SUM(quantity_micro) FROM stock_move WHERE item_id = item.item_id AND to_place IN (SELECT warehouse_id FROM warehouse)), 0)
            - COALESCE((SELECT SUM(quantity_micro) FROM stock_move WHERE item_id = item.item_id AND from_place IN (SELECT warehouse_id FROM warehouse)), 0) AS on_hand,
              COALESCE((SELECT SUM(quantity_micro - shipped_micro) FROM order_line JOIN orders USING (order_id)
                        WHERE order_line.item_id = item.item_id AND orders.kind = 'sales' AND orders.base_status IN ('open', 'confirmed')), 0) AS committed
       FROM item WHERE item.sku <> ''`,
    )
    .all();
  return new Map(
    rows.map(({ sku, on_hand, committed }) => {
      const [hand, promised] = [Number(on_hand) / 1e6, Number(committed) / 1e6];
      return [String(sku), { on_hand: hand, committed: promised, available: hand - promised }];
    }),
  );
}

/** Where a table of the morning and the database differ; empty when they agree. */
export function differences(rows: readonly StockRow[], database: Database): string[] {
  const kept = stockInDatabase(database);
  return rows.flatMap(({ sku, ...shown }) => {
    const own = kept.get(sku);
    return JSON.stringify(own) === JSON.stringify(shown)
      ? []
      : [`${sku}: the table says ${JSON.stringify(shown)}, the database ${JSON.stringify(own)}`];
  });
}
