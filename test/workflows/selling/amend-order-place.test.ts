import { describe, expect, test } from 'vitest';
import { rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { fulfilWorld } from '../fulfil-world.ts';

/** A confirmed order of nine shelf speakers from Oakland, which has none; all ten lie in Newark. */
async function promisedElsewhere() {
  const demo = fulfilWorld();
  const places = rowsIn(await demo.call('list_warehouses', {}), 'warehouses');
  const oakland = textIn(places.find((row) => row.warehouse_name === 'Oakland') ?? {}, 'warehouse_id');
  const [customer] = rowsIn(await demo.call('list_contacts', { contact_type: 'customer' }), 'contacts');
  const item_id = textIn(await demo.itemBy('SHELF-SPK'), 'item_id');
  const line_items = [{ item_id, quantity: 9, warehouse_id: oakland }];
  const order = rowIn(
    await demo.call('create_sales_order', { customer_id: customer?.contact_id, line_items }),
    'salesorder',
  );
  await demo.call('confirm_sales_order', { salesorder_id: order.salesorder_id });
  const plan = (lines: object[]) => demo.planOf('amend_order', { order: textIn(order, 'salesorder_number'), lines });
  return { ...demo, number: textIn(order, 'salesorder_number'), plan };
}

const rules = ({ raises }: { raises: readonly { rule: string }[] }) => raises.map(({ rule }) => rule).sort();

describe('another warehouse for an item of the order', () => {
  test('asks before it is ordered twice, and before what is free nowhere is promised', async () => {
    const { plan } = await promisedElsewhere();
    const twice = await plan([{ item: 'SHELF-SPK', quantity: 9, warehouse: 'Newark' }]);
    expect(rules(twice)).toEqual(['beside', 'promises_more']);
    const reasons = twice.raises.map(({ reason }) => reason).join('\n');
    expect(reasons).toContain('9 pcs Shelf Speaker (SHELF-SPK) in Newark beside 9 pcs in Oakland');
    expect(reasons).toContain('Newark: 9 pcs wanted, 1 can be promised');
    // One more there is.
    expect(rules(await plan([{ item: 'SHELF-SPK', quantity: 1, warehouse: 'Newark' }]))).toEqual(['beside']);
  });

  test('is a move where the old line goes in the same call', async () => {
    const { plan, run, orderBy, number } = await promisedElsewhere();
    const [line] = rowsIn(await orderBy(number), 'line_items');
    const moved = await plan([
      { item: textIn(line ?? {}, 'line_item_id'), quantity: 0 },
      { item: 'SHELF-SPK', quantity: 9, warehouse: 'Newark' },
    ]);
    expect(rules(moved)).not.toContain('beside');
    expect(rules(moved)).not.toContain('promises_more');
    await run('amend_order', moved);
    expect(rowsIn(await orderBy(number), 'line_items')).toMatchObject([{ quantity: 9, warehouse_name: 'Newark' }]);
  });

  test('without a quantity is refused with the way to move a line', async () => {
    const { plan } = await promisedElsewhere();
    await expect(plan([{ item: 'SHELF-SPK', warehouse: 'Newark' }])).rejects.toThrow(
      'to add it give a quantity, and to move the line give the old one quantity 0 as well',
    );
  });
});
