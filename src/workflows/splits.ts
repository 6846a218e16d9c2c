import { readItem, readPlaces, type WarehouseFigures, warehousesOf } from './availability.ts';
import type { Api } from './define.ts';
import { pageSize, type Row, rowsIn, textIn } from './rows.ts';

/**
 * The split by warehouse of each item, for the fewest calls: up to 3 items one call each; more by one list a warehouse,
 * unless there are as many warehouses as items. `rows` gains what was read.
 */
export async function readSplits(
  api: Api,
  itemIds: readonly string[],
  rows: Map<string, Row>,
): Promise<Map<string, WarehouseFigures[]>> {
  const splits = new Map<string, WarehouseFigures[]>();
  const split = (itemId: string): WarehouseFigures[] => warehousesOf(rows.get(itemId) ?? {});
  const unread = itemIds.filter((itemId) => split(itemId).length === 0);
  if (unread.length > 3) {
    const listed = rowsIn(await api.call('list_warehouses', { page: 1, per_page: pageSize }), 'warehouses');
    const warehouses = listed.filter((row) => textIn(row, 'status') !== 'inactive');
    if (warehouses.length < unread.length) {
      const ids = warehouses.map((row) => textIn(row, 'warehouse_id'));
      const places = ids.flatMap((warehouseId) => unread.map((itemId) => ({ itemId, warehouseId })));
      const place = await readPlaces(api, places, rows);
      for (const itemId of unread) {
        const found = warehouses.flatMap((row) => {
          const figures = place(itemId, textIn(row, 'warehouse_id'));
          return figures ? [{ ...figures, warehouseName: textIn(row, 'warehouse_name') }] : [];
        });
        splits.set(itemId, found);
      }
    }
  }
  for (const itemId of unread) {
    if (splits.has(itemId)) continue;
    const row = await readItem(api, itemId);
    if (row) rows.set(itemId, row);
  }
  for (const itemId of itemIds) if (!splits.has(itemId)) splits.set(itemId, split(itemId));
  return splits;
}
