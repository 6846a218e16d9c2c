import type { Reply } from '../../src/client/client.ts';
import type { Input } from '../../src/operations/define.ts';
import type { Plan } from '../../src/workflows/define.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../src/workflows/rows.ts';
import { demoWorld } from './demo-world.ts';

/** The demo company, with what counts and moves are looked at by. */
export function stockWorld(seed: 'demo' | 'empty' = 'demo') {
  const world = demoWorld(seed);
  const itemBy = async (sku: string): Promise<Row> => {
    const rows = rowsIn(await world.call('list_items', { sku, filter_by: 'Status.All' }), 'items');
    return rowIn(await world.call('get_item', { item_id: rows.find((row) => row.sku === sku)?.item_id }), 'item');
  };
  const warehouses = async () => rowsIn(await world.call('list_warehouses', {}), 'warehouses');
  return {
    ...world,
    itemBy,
    itemId: async (sku: string) => textIn(await itemBy(sku), 'item_id'),
    warehouseId: async (name: string) =>
      textIn((await warehouses()).find((row) => row.warehouse_name === name) ?? {}, 'warehouse_id'),
    /** On hand by warehouse, read item by item and not by the report that the jobs read. */
    onHand: async (sku: string): Promise<Record<string, unknown>> =>
      Object.fromEntries(
        rowsIn(await itemBy(sku), 'warehouses').map((row) => [
          textIn(row, 'warehouse_name'),
          row.warehouse_stock_on_hand,
        ]),
      ),
    /** Plans and runs; `calls` are those of both. */
    done: async (name: string, input: Input): Promise<{ plan: Plan; reply: Reply; calls: number }> => {
      const before = world.callsSent();
      const plan = await world.plan(name, input);
      const reply = await world.run(name, plan);
      return { plan, reply, calls: world.callsSent() - before };
    },
  };
}

export type StockWorld = ReturnType<typeof stockWorld>;

/** One more of each of so many levels, in new warehouses. */
export async function manyLevels(world: Pick<StockWorld, 'call'>, count: number) {
  const listed = rowsIn(await world.call('list_items', { filter_by: 'Status.Active', per_page: 200 }), 'items');
  const items = listed.filter((row) => row.item_type === 'inventory' && row.is_combo_product !== true);
  const rows: { item: string; warehouse: string; quantity: number }[] = [];
  for (let shelf = 1; rows.length < count; shelf += 1) {
    const reply = await world.call('create_warehouse', { warehouse_name: `Shelf ${shelf}` });
    const warehouse = textIn(rowIn(reply, 'warehouse'), 'warehouse_id');
    rows.push(...items.map((row) => ({ item: textIn(row, 'item_id'), warehouse, quantity: 1 })));
  }
  return rows.slice(0, count);
}
