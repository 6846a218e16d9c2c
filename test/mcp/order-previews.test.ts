import { describe, expect, test } from 'vitest';
import { planOperation } from '../../src/mcp/plan.ts';
import type { Input } from '../../src/operations/define.ts';
import { linesOf } from '../../src/workflows/order-lines.ts';
import { type DemoWorld, demoWorld, operationNamed, rowsOf } from '../helpers/reads.ts';

const plan = (world: DemoWorld, name: string, input: Input) =>
  planOperation(operationNamed(name), input, { reads: world.reads, today: world.today });

const raised = (planned: Awaited<ReturnType<typeof plan>>) => planned.raises.map(({ reason }) => reason).join('\n');

async function saleOf(world: DemoWorld, number: string) {
  const order = await world.salesOrder(number);
  const lineIds = rowsOf(order.line_items).map(({ line_item_id }) => line_item_id);
  return { salesorder_id: order.salesorder_id, lineIds };
}

/** A sales order of the goods with these SKUs, one of each unless `quantity` says more; confirmed. */
async function confirmed(world: DemoWorld, skus: readonly string[], more: Input = {}): Promise<Input> {
  const items = await Promise.all(skus.map((sku) => world.item(sku)));
  const { salesorder } = await world.call('create_sales_order', {
    customer_id: (await world.contact('Marble Hotel')).contact_id,
    line_items: items.map(({ item_id }) => ({ item_id, quantity: 1, ...more })),
  });
  const [{ salesorder_id } = {}] = rowsOf([salesorder]);
  await world.call('confirm_sales_order', { salesorder_id });
  return { salesorder_id };
}

describe('a discount in a preview', () => {
  const line = { item_id: '1', quantity: 25, rate: 79.99 };
  const netOf = (discount: Record<string, unknown>) => linesOf({ line_items: [{ ...line, ...discount }] })[0]?.netRate;

  test('an amount wins over a percentage', () => {
    // 25 x 79.99 less 100.00 is 4.00 off each; 5 % would be 3.9995
    expect(netOf({ discount: 5, discount_amount: 100 })).toBe(75_990_000n);
    expect(netOf({ discount: 50, discount_amount: 100 })).toBe(75_990_000n);
  });

  test('an amount that a record prints beside a percentage, being what it came to, is no statement of its own', () => {
    expect(netOf({ discount: 5, discount_amount: 99.99 })).toBe(75_990_500n);
    expect(netOf({ discount: '5%', discount_amount: 0 })).toBe(75_990_500n);
  });

  test('an order given both is shown as the API will count it', async () => {
    const world = demoWorld();
    const { item_id } = await world.item('WBH-001');
    const { salesorder } = await world.call('create_sales_order', {
      customer_id: (await world.contact('Marble Hotel')).contact_id,
      line_items: [{ item_id, quantity: 10, rate: 80, discount: 50, discount_amount: 100 }],
    });
    const [{ salesorder_id, total } = {}] = rowsOf([salesorder]);
    expect(total).toBe(759.5); // 800.00 less 100.00, and 8.5 % on that
    const { preview } = await plan(world, 'void_sales_order', { salesorder_id });
    expect(preview).toContain('10 pcs Wireless Bluetooth Headphones (WBH-001) at 80.00 USD (net 70.00 USD), Oakland');
  });
});

describe('the preview of an update', () => {
  test('a line of which something is done cannot be dropped or fall below that, and it is said before the yes', async () => {
    const world = demoWorld();
    const [cables, { purchaseorder_id, line_items }] = [
      await world.item('UCC-2M'),
      await world.purchaseOrder('PO-00007'),
    ];
    const { salesorder_id, lineIds } = await saleOf(world, 'SO-00016');
    const refused = (preview: readonly string[]) => preview.filter((line) => line.startsWith('Likely to be refused'));
    const anew = await plan(world, 'update_sales_order', {
      salesorder_id,
      line_items: [{ item_id: cables.item_id, quantity: 12 }],
    });
    expect(refused(anew.preview)).toEqual([
      'Likely to be refused: the line of USB-C Cable 2 m (UCC-2M) cannot be dropped, 6 pcs of it are packed or shipped. One sent without its line_item_id counts as new: send that too, or use amend_order.',
    ]);
    const less = await plan(world, 'update_sales_order', {
      salesorder_id,
      line_items: [{ line_item_id: lineIds[0], quantity: 5 }],
    });
    expect(refused(less.preview)).toEqual([
      'Likely to be refused: of USB-C Cable 2 m (UCC-2M) 6 pcs are packed or shipped, so its line cannot be 5 pcs.',
    ]);
    const [mats] = rowsOf(line_items);
    await world.call('receive_purchase_order', {
      purchaseorder_id,
      line_items: [{ line_item_id: mats?.line_item_id, quantity_received: 40 }],
    });
    const more = await plan(world, 'update_purchase_order', {
      purchaseorder_id,
      line_items: [{ item_id: mats?.item_id, quantity: 80 }],
    });
    expect(refused(more.preview)).toMatchObject([expect.stringContaining('40 pcs of it are received.')]);
    expect(raised(more)).toContain('would order more: 80 pcs Desk Mat (DMAT).');
  });

  test('another customer is named, with the currency where that changes too', async () => {
    const world = demoWorld();
    const { contact } = await world.call('create_contact', {
      contact_name: 'Klang AG',
      contact_type: 'customer',
      currency_id: (await world.contact('Nordklang GmbH')).currency_id,
    });
    const [{ contact_id } = {}] = rowsOf([contact]);
    const { salesorder_id } = await saleOf(world, 'SO-00014');
    const { summary, preview } = await plan(world, 'update_sales_order', { salesorder_id, customer_id: contact_id });
    const change = `customer: Pinecrest Community Church -> Klang AG (id ${contact_id}), who trades in EUR`;
    expect(preview).toContain(change);
    expect(summary).toBe(
      'Update sales order SO-00014, Pinecrest Community Church, draft: customer -> Klang AG, who trades in EUR',
    );
  });

  test('only what changes of a line stands behind the arrow', async () => {
    const world = demoWorld();
    const { salesorder_id, lineIds } = await saleOf(world, 'SO-00012');
    const line_items = [{ line_item_id: lineIds[0], rate: 40 }];
    const { preview } = await plan(world, 'update_sales_order', { salesorder_id, line_items });
    expect(preview).toContain(
      'line changed: 30 pcs Wireless Bluetooth Headphones (WBH-001) at 79.99 USD, Oakland -> 40.00 USD',
    );
    expect(preview).toContain('No stock changes.');
    expect(preview.join('\n')).not.toContain('stays');
  });

  test('a line that moves to another warehouse shows both by name', async () => {
    const world = demoWorld();
    const { salesorder_id, lineIds } = await saleOf(world, 'SO-00012');
    const warehouse_id = (await world.warehouse('Newark')).warehouse_id;
    const planned = await plan(world, 'update_sales_order', {
      salesorder_id,
      line_items: [{ line_item_id: lineIds[0], warehouse_id }],
    });
    expect(planned.preview).toContain(
      'line changed: 30 pcs Wireless Bluetooth Headphones (WBH-001) at 79.99 USD, Oakland -> Newark',
    );
    expect(planned.preview.join('\n')).toContain('(WBH-001) in Newark: committed 0 -> 30 pcs, available 15 -> -15 pcs');
    expect(raised(planned)).toContain('(WBH-001) in Newark: 30 pcs wanted, 15 can be promised, 35 in other warehouses');
  });

  test('more than there is in the warehouse says what the others have', async () => {
    const world = demoWorld();
    const { salesorder_id, lineIds } = await saleOf(world, 'SO-00012');
    const line_items = [{ line_item_id: lineIds[0], quantity: 100 }];
    const planned = await plan(world, 'update_sales_order', { salesorder_id, line_items });
    expect(raised(planned)).toContain('in Oakland: 100 pcs wanted, 60 can be promised, 20 in other warehouses');
  });

  test('a unit that can no longer change is called likely to be refused', async () => {
    const world = demoWorld();
    const { item_id } = await world.item('DMAT');
    const { preview } = await plan(world, 'update_item', { item_id, unit: 'box' });
    expect(preview[1]).toMatch(/^Likely to be refused: its stock has moved/);
    await expect(world.call('update_item', { item_id, unit: 'box' })).rejects.toMatchObject({ kind: 'rejected' });
  });
});

describe('what a person reads before saying yes', () => {
  test('a likely refusal is the first thing said', async () => {
    const world = demoWorld();
    const { salesorder_id } = await saleOf(world, 'SO-00017');
    const { preview } = await plan(world, 'void_sales_order', { salesorder_id });
    expect(preview[1]).toBe('Likely to be refused: it is packed in whole or in part.');
  });

  test('ten lines take a dozen, each with its stock beside it', async () => {
    const world = demoWorld();
    const skus = ['WBH-001', 'UCC-1M', 'UCC-2M', 'DMAT', 'MUG', 'HUB-7', 'CRT-OLD', 'SCREW-M3', 'LAMP', 'AMP-10'];
    const { preview } = await plan(world, 'void_sales_order', await confirmed(world, skus));
    expect(preview).toHaveLength(12);
    expect(preview[1]).toMatch(/^1 pcs Wireless .*, Oakland: committed 31 -> 30 pcs, available 29 -> 30 pcs$/);
  });

  test('of more than ten lines the rest is named', async () => {
    const world = demoWorld();
    const rows = rowsOf((await world.call('list_items', { per_page: 200 })).items);
    const skus = rows.filter(({ available_stock }) => Number(available_stock) > 0).map(({ sku }) => String(sku));
    const { preview } = await plan(world, 'delete_sales_order', await confirmed(world, skus.slice(0, 14)));
    expect(preview.find((line) => line.startsWith('and 4 more lines: '))?.split(', ')).toHaveLength(4);
    expect(preview.length).toBeLessThanOrEqual(14);
  });

  test('an item on two lines has its stock told once, after them', async () => {
    const world = demoWorld();
    const { preview } = await plan(world, 'void_sales_order', await confirmed(world, ['MUG', 'MUG'], { quantity: 5 }));
    expect(preview.slice(1, 4)).toEqual([
      '5 pcs Logo Mug (MUG) at 12.00 USD, Oakland',
      '5 pcs Logo Mug (MUG) at 12.00 USD, Oakland',
      'Logo Mug (MUG) in Oakland: committed 10 -> 0 pcs, available 40 -> 50 pcs',
    ]);
  });

  test('an order that is shipped whole is not said to free stock', async () => {
    const world = demoWorld();
    const { salesorder_id, lineIds } = await saleOf(world, 'SO-00016');
    await world.call('update_sales_order', { salesorder_id, line_items: [{ line_item_id: lineIds[0], quantity: 6 }] });
    const { summary, preview } = await plan(world, 'void_sales_order', { salesorder_id });
    expect(summary).not.toContain('frees');
    expect(preview).toContain('It reserves nothing, all of it is shipped: no stock changes.');
  });

  test('lines of an order that nothing arrives of take one line together', async () => {
    const world = demoWorld();
    const order = await world.purchaseOrder('PO-00007');
    const [mats] = rowsOf(order.line_items);
    const { preview } = await plan(world, 'receive_purchase_order', {
      purchaseorder_id: order.purchaseorder_id,
      line_items: [{ line_item_id: mats?.line_item_id, quantity_received: 10 }],
    });
    expect(preview.slice(1, 3)).toEqual([
      'Desk Mat (DMAT): 10 of 40 pcs ordered; 30 pcs still to come; in Oakland on hand 4 -> 14 pcs',
      'Not in this receipt, still to come: 100 pcs USB-C Cable 1 m (UCC-1M)',
    ]);
  });
});
