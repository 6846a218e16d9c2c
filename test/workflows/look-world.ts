import type { Input } from '../../src/operations/define.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../src/workflows/rows.ts';
import { fulfilWorld } from './fulfil-world.ts';

/** The demo company, with orders, transfers and the like that a day brings. */
export function lookWorld() {
  const world = fulfilWorld();
  const ids = new Map<string, string>();
  const itemId = async (sku: string): Promise<string> => {
    const known = ids.get(sku) ?? textIn(await world.itemBy(sku), 'item_id');
    ids.set(sku, known);
    return known;
  };
  const warehouseId = async (name: string): Promise<string> => {
    const rows = rowsIn(await world.call('list_warehouses', { per_page: 200 }), 'warehouses');
    return textIn(rows.find((row) => row.warehouse_name === name) ?? {}, 'warehouse_id');
  };
  const lines = async (wanted: Readonly<Record<string, number>>, warehouse?: string): Promise<Input[]> =>
    Promise.all(
      Object.entries(wanted).map(async ([sku, quantity]) => ({
        ...{ item_id: await itemId(sku), quantity },
        ...(warehouse === undefined ? {} : { warehouse_id: await warehouseId(warehouse) }),
      })),
    );
  return {
    ...world,
    itemId,
    warehouseId,
    /** A confirmed order, or a draft; answers its number. */
    sell: async (
      wanted: Readonly<Record<string, number>>,
      { warehouse, isDraft = false, ...rest }: { warehouse?: string; isDraft?: boolean } & Input = {},
    ): Promise<string> => {
      const [customer] = rowsIn(await world.call('list_contacts', { search_text: 'Marble Hotel' }), 'contacts');
      const line_items = await lines(wanted, warehouse);
      const input = { customer_id: customer?.contact_id, date: '2026-11-10', line_items, ...rest };
      const order = rowIn(await world.call('create_sales_order', input), 'salesorder');
      if (!isDraft) await world.call('confirm_sales_order', { salesorder_id: order.salesorder_id });
      return textIn(order, 'salesorder_number');
    },
    /** A transfer that was sent; answers it. */
    send: async (wanted: Readonly<Record<string, number>>, from: string, to: string): Promise<Row> => {
      const places = { from_warehouse_id: await warehouseId(from), to_warehouse_id: await warehouseId(to) };
      const made = await world.call('create_transfer', { ...places, line_items: await lines(wanted) });
      const transfer_id = rowIn(made, 'transfer').transfer_id;
      return rowIn(await world.call('send_transfer', { transfer_id }), 'transfer');
    },
    /** What a job answers, and the calls it spent. */
    spend: async (name: string, input: Input): Promise<{ reply: Row; calls: number }> => {
      const before = world.callsSent();
      const reply = await world.read(name, input);
      return { reply, calls: world.callsSent() - before };
    },
  };
}
