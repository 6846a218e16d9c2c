import type { Reply } from '../../src/client/client.ts';
import type { Input } from '../../src/operations/define.ts';
import { workflowByName } from '../../src/workflows/index.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../src/workflows/rows.ts';
import { demoWorld } from './demo-world.ts';
import { quiet } from './fake-api.ts';

export const fulfil = 'fulfil_sales_order';

/** The demo company, with what a fulfilment is looked at by. */
export function fulfilWorld(limits: { perMinute?: number } = {}) {
  const world = demoWorld('demo', limits);
  const orderBy = async (number: string): Promise<Row> => {
    const [row] = rowsIn(await world.call('list_sales_orders', { salesorder_number: number }), 'salesorders');
    return rowIn(await world.call('get_sales_order', { salesorder_id: row?.salesorder_id }), 'salesorder');
  };
  const itemBy = async (sku: string): Promise<Row> => {
    const rows = rowsIn(await world.call('list_items', { search_text: sku, filter_by: 'Status.All' }), 'items');
    const item_id = rows.find((row) => row.sku === sku)?.item_id;
    return rowIn(await world.call('get_item', { item_id }), 'item');
  };
  const packages = async (number: string) => rowsIn(await orderBy(number), 'packages');
  return {
    ...world,
    orderBy,
    itemBy,
    /** Status, package numbers and contents of an order, and the counts of its lines. */
    stateOf: async (number: string) => {
      const order = await orderBy(number);
      return {
        status: order.status,
        packages: (await packages(number)).map((one) => [
          one.package_number,
          one.status,
          rowsIn(one, 'line_items').map((line) => `${String(line.quantity)} ${textIn(line, 'warehouse_name')}`),
        ]),
        lines: rowsIn(order, 'line_items').map((line) => [
          line.quantity,
          line.quantity_packed,
          line.quantity_shipped,
          line.quantity_delivered,
        ]),
      };
    },
    /** On hand, committed and packed of an item by warehouse, where any is not zero. */
    stock: async (sku: string): Promise<Record<string, unknown[]>> => {
      const rows = rowsIn(await itemBy(sku), 'warehouses').map((row) => [
        textIn(row, 'warehouse_name'),
        [row.warehouse_stock_on_hand, row.warehouse_committed_stock, row.warehouse_quantity_packed],
      ]);
      return Object.fromEntries(rows.filter(([, figures]) => Array.isArray(figures) && figures.some(Boolean)));
    },
    planOf: world.plan,
    plan: (input: Input) => world.plan(fulfil, input),
    /** Plans and does it. `progress` hears the steps. */
    fulfil: async (input: Input, progress: (message: string) => void = () => {}): Promise<Reply> => {
      const workflow = workflowByName.get(fulfil);
      if (!workflow || !('plan' in workflow)) throw new Error('there is no such job');
      const plan = await world.plan(fulfil, input);
      return workflow.run(world.apiOf(fulfil), plan, { ...quiet, progress });
    },
  };
}

export const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => error,
  );
