import { type Row, rowIn, rowsIn, textIn } from '../../src/workflows/rows.ts';
import { demoWorld } from './demo-world.ts';

/** The demo company, with what buying is looked at by: every figure by a read of its own. */
export function buyingWorld() {
  const world = demoWorld();
  const itemBy = async (sku: string): Promise<Row> => {
    const rows = rowsIn(await world.call('list_items', { sku, filter_by: 'Status.All' }), 'items');
    return rowIn(await world.call('get_item', { item_id: rows[0]?.item_id }), 'item');
  };
  const vendorId = async (contact_name: string): Promise<string> =>
    textIn(rowsIn(await world.call('list_contacts', { contact_name }), 'contacts')[0] ?? {}, 'contact_id');
  const orderBy = async (number: string): Promise<Row> => {
    const [row] = rowsIn(await world.call('list_purchase_orders', { purchaseorder_number: number }), 'purchaseorders');
    return rowIn(await world.call('get_purchase_order', { purchaseorder_id: row?.purchaseorder_id }), 'purchaseorder');
  };
  const warehouseId = async (name: string): Promise<string> => {
    const rows = rowsIn(await world.call('list_warehouses', {}), 'warehouses');
    return textIn(rows.find((row) => row.warehouse_name === name) ?? {}, 'warehouse_id');
  };
  return {
    ...world,
    itemBy,
    vendorId,
    orderBy,
    warehouseId,
    /** On hand of an item by warehouse, where it is not zero. */
    onHand: async (sku: string): Promise<Record<string, unknown>> =>
      Object.fromEntries(
        rowsIn(await itemBy(sku), 'warehouses')
          .filter((row) => row.warehouse_stock_on_hand !== 0)
          .map((row) => [textIn(row, 'warehouse_name'), row.warehouse_stock_on_hand]),
      ),
    /** Status of an order, and `[ordered, received]` by SKU. */
    stateOf: async (number: string) => {
      const order = await orderBy(number);
      const lines = rowsIn(order, 'line_items').map((line) => [line.sku, [line.quantity, line.quantity_received]]);
      return { status: order.status, ...Object.fromEntries(lines) };
    },
    /** Writes an order and issues it, due on a day; answers its number. */
    order: async (
      vendor: string,
      lines: readonly (readonly [string, number, Row?])[],
      more: Row = {},
      issue = true,
    ): Promise<string> => {
      const line_items = [];
      for (const [sku, quantity, fields] of lines)
        line_items.push({ item_id: textIn(await itemBy(sku), 'item_id'), quantity, ...fields });
      const input = { vendor_id: await vendorId(vendor), line_items, ...more };
      const row = rowIn(await world.call('create_purchase_order', input), 'purchaseorder');
      if (issue) await world.call('issue_purchase_order', { purchaseorder_id: row.purchaseorder_id });
      return textIn(row, 'purchaseorder_number');
    },
    /** API calls that a piece of work sends. */
    spent: async (work: () => Promise<unknown>): Promise<number> => {
      const before = world.callsSent();
      await work();
      return world.callsSent() - before;
    },
  };
}
