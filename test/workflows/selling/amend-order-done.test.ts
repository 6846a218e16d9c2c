import { describe, expect, test } from 'vitest';
import { Rejected } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import type { Plan } from '../../../src/workflows/define.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { amendOrder } from '../../../src/workflows/selling/amend-order.ts';
import { quiet } from '../fake-api.ts';
import { errorOf, fulfilWorld } from '../fulfil-world.ts';
import { interrupt } from '../interrupt.ts';

// Orders of which a part is packed, shipped, received or invoiced.

const amend = 'amend_order';

function world() {
  const demo = fulfilWorld();
  return {
    ...demo,
    plan: (input: Input): Promise<Plan> => demo.planOf(amend, input),
    /** The plan over lines that say more than the sandbox keeps, as those of another service may. */
    planOver: (more: Row, input: Input): Promise<Plan> => {
      const over = (key: string) => async (go: () => Promise<Row>) => {
        const order = rowIn(await go(), key);
        return { [key]: { ...order, line_items: rowsIn(order, 'line_items').map((line) => ({ ...line, ...more })) } };
      };
      const otherwise = { get_sales_order: over('salesorder'), get_purchase_order: over('purchaseorder') };
      return amendOrder.plan(interrupt(demo.apiOf(amend), otherwise), input, quiet);
    },
    /** Quantity, packed and shipped of the lines. */
    countsOf: async (number: string) =>
      rowsIn(await demo.orderBy(number), 'line_items').map((line) => [
        ...[line.quantity, line.quantity_packed, line.quantity_shipped],
      ]),
  };
}

describe('what is invoiced', () => {
  test('is the least of a line, also where it is closed short', async () => {
    const demo = world();
    // 10 ordered, 6 of them shipped
    const error = await errorOf(
      demo.planOver({ quantity_invoiced: 8 }, { order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 7 }] }),
    );
    expect(error).toBeInstanceOf(Rejected);
    expect(error).toMatchObject({
      message: expect.stringContaining('7 pcs wanted, 6 packed, 6 of them shipped, 8 invoiced'),
      facts: { too_low: [{ wanted: 7, least: 8 }] },
    });
    const short = await demo.planOver({ quantity_invoiced: 8 }, { order: 'SO-00016', close_short: true });
    expect(short.summary).toContain('10 pcs -> 8 pcs');
    const bought = await errorOf(
      demo.planOver({ quantity_billed: 30 }, { order: 'PO-00007', lines: [{ item: 'DMAT', quantity: 20 }] }),
    );
    expect(bought).toMatchObject({ message: expect.stringContaining('20 pcs wanted, 0 received, 30 billed') });
  });

  test('keeps its price, and the preview says so', async () => {
    const wish = { order: 'SO-00016', lines: [{ item: 'UCC-2M', rate: 12 }] };
    const { preview } = await world().planOver({ quantity_invoiced: 6 }, wish);
    expect(preview).toContain('6 pcs of USB-C Cable 2 m (UCC-2M) are invoiced at the old price; the invoice stays.');
    expect((await world().plan(wish)).preview.join('\n')).not.toContain('invoice');
  });
});

describe('what came in', () => {
  const received = async () => {
    const demo = world();
    const [row] = rowsIn(
      await demo.call('list_purchase_orders', { purchaseorder_number: 'PO-00007' }),
      'purchaseorders',
    );
    const { purchaseorder_id } = row ?? {};
    const order = rowIn(await demo.call('get_purchase_order', { purchaseorder_id }), 'purchaseorder');
    const [mat] = rowsIn(order, 'line_items').filter(({ sku }) => sku === 'DMAT');
    const line_items = [{ line_item_id: mat?.line_item_id, quantity_received: 15 }];
    await demo.call('receive_purchase_order', { purchaseorder_id, line_items });
    return demo;
  };

  test('keeps what it cost, which is said', async () => {
    const demo = await received();
    const worthOf = async () => Number((await demo.itemBy('DMAT')).asset_value);
    const before = await worthOf();
    const plan = await demo.plan({ order: 'PO-00007', lines: [{ item: 'DMAT', rate: 9 }] });
    expect(plan.preview).toContain('15 pcs of Desk Mat (DMAT) came in at 9.50 USD; what they cost in stock stays.');
    await demo.run(amend, plan);
    expect(await worthOf()).toBe(before);
  });

  test('and is more than was ordered, the line is not raised by closing it short', async () => {
    const demo = await received();
    const over = { quantity_received: 120 };
    const plan = await demo.planOver(over, { order: 'PO-00007', close_short: true });
    expect(plan.nothingToDo).toBe(true);
  });
});

describe('an order that is packed in part', () => {
  /** SO-00012, 30 headphones, of which 12 are packed, with a fixed discount of 60.00 and a second line of mugs. */
  async function packed() {
    const demo = world();
    const order = await demo.orderBy('SO-00012');
    const { salesorder_id } = order;
    const [line] = rowsIn(order, 'line_items');
    const { item_id } = await demo.itemBy('MUG');
    const line_items = [
      { line_item_id: line?.line_item_id, discount_amount: 60 },
      { item_id, quantity: 4, rate: 12 },
    ];
    await demo.call('update_sales_order', { salesorder_id, line_items });
    await demo.call('create_package', {
      salesorder_id,
      line_items: [{ so_line_item_id: line?.line_item_id, quantity: 12 }],
    });
    return demo;
  }

  test('refuses to lose a line of which some is packed, and loses the other', async () => {
    const demo = await packed();
    const error = await errorOf(demo.plan({ order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 0 }] }));
    expect(error).toMatchObject({ message: expect.stringContaining('0 pcs wanted, 12 packed, 0 of them shipped') });
    const plan = await demo.plan({ order: 'SO-00012', lines: [{ item: 'MUG', quantity: 0 }] });
    expect(plan.raises).toMatchObject([{ rule: 'drops_lines' }]);
    await demo.run(amend, plan);
    expect(await demo.countsOf('SO-00012')).toEqual([[30, 12, 0]]);
  });

  test('closed short falls to what is packed, drops what is not, and the discount stays whole', async () => {
    const demo = await packed();
    const plan = await demo.plan({ order: 'SO-00012', close_short: true });
    expect(plan.preview).toContain('The discount of 60.00 USD on Wireless Bluetooth Headphones (WBH-001) stays whole.');
    // 30 and 12 times 79.99, less 60.00; 8.5 % tax on both lines
    expect(plan.preview.at(-1)).toBe(
      'Goods and charges before tax: 2387.70 USD -> 899.88 USD; total 2590.65 USD -> 976.37 USD.',
    );
    await demo.run(amend, plan);
    expect(await demo.countsOf('SO-00012')).toEqual([[12, 12, 0]]);
    expect((await demo.orderBy('SO-00012')).total).toBe(976.37);
    expect(await demo.stock('WBH-001')).toMatchObject({ Oakland: [60, 12, 12] });
  });

  test('keeps what is packed when the price of the line changes', async () => {
    const demo = await packed();
    await demo.run(amend, await demo.plan({ order: 'SO-00012', lines: [{ item: 'WBH-001', rate: 75, quantity: 13 }] }));
    expect(await demo.countsOf('SO-00012')).toEqual([
      [13, 12, 0],
      [4, 0, 0],
    ]);
  });
});

test('a line whose warehouse was given up since does not keep the others from being changed', async () => {
  const demo = world();
  const made = await demo.call('create_warehouse', { warehouse_name: 'Annex', address: { city: 'Reno' } });
  const { warehouse_id } = rowIn(made, 'warehouse');
  const [customer] = rowsIn(await demo.call('list_contacts', { search_text: 'Marble' }), 'contacts');
  const line = async (sku: string, more: Row = {}) => ({
    item_id: (await demo.itemBy(sku)).item_id,
    quantity: 2,
    ...more,
  });
  const line_items = [await line('MUG', { warehouse_id }), await line('HUB-7')];
  const created = await demo.call('create_sales_order', { customer_id: customer?.contact_id, line_items });
  const order = textIn(rowIn(created, 'salesorder'), 'salesorder_id');
  await demo.call('deactivate_warehouse', { warehouse_id });
  await demo.run(amend, await demo.plan({ order, lines: [{ item: 'HUB-7', quantity: 3 }] }));
  const after = rowIn(await demo.call('get_sales_order', { salesorder_id: order }), 'salesorder');
  expect(rowsIn(after, 'line_items').map((row) => [row.quantity, row.warehouse_name])).toEqual([
    [2, 'Annex'],
    [3, 'Oakland'],
  ]);
});
