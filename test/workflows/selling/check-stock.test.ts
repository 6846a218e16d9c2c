import { describe, expect, test } from 'vitest';
import { InvalidArguments } from '../../../src/errors.ts';
import { rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { tokensOf } from '../answered-text.ts';
import { demoWorld } from '../demo-world.ts';

test('what is short tells what another warehouse sent, and where what is on its way goes', async () => {
  const world = demoWorld();
  const reply = await world.read('check_stock', {
    items: [
      { item: 'UCC-2M', quantity: 110, warehouse: 'Newark' },
      { item: 'DMAT', quantity: 10, warehouse: 'Newark' },
      { item: 'UCC-2M', quantity: 5 },
    ],
  });
  const [cables, mats, some] = rowsIn(reply, 'items');
  expect(cables).toMatchObject({ can_be_promised: 100, short: 10, verdict: 'short', in_transit: 20 });
  expect(cables?.on_its_way).toEqual([
    {
      ...{ transfer_number: 'TRN-00003', transfer_id: expect.any(String), from_warehouse: 'Oakland' },
      ...{ warehouse: 'Newark', quantity: 20 },
    },
  ]);
  expect(mats?.on_its_way).toMatchObject([{ purchaseorder_number: 'PO-00007', warehouse: 'Oakland', quantity: 40 }]);
  expect(some).not.toHaveProperty('on_its_way');
});

describe('checking stock in the demo company', () => {
  test('80 headphones are on hand, 30 promised, and 50 can be promised', async () => {
    const world = demoWorld();
    const reply = await world.read('check_stock', { items: [{ item: 'WBH-001', quantity: 50 }] });
    expect(rowsIn(reply, 'items')).toMatchObject([
      {
        item: 'Wireless Bluetooth Headphones',
        sku: 'WBH-001',
        unit: 'pcs',
        on_hand: 80,
        committed: 30,
        can_be_promised: 50,
        on_order: 0,
        requested: 50,
        short: 0,
        verdict: 'enough',
      },
    ]);
    expect(reply.message).toBe('Enough of all that was checked.');
    expect(world.callsSent()).toBe(1);
  });

  test('without a quantity, or where it is short, it is told by warehouse', async () => {
    const world = demoWorld();
    const split = [
      { warehouse: 'Oakland', on_hand: 60, committed: 30, can_be_promised: 30 },
      { warehouse: 'Newark', can_be_promised: 15 },
      { warehouse: 'Portland', can_be_promised: 5 },
    ];
    for (const line of [{ item: 'WBH-001' }, { item: 'WBH-001', quantity: 51 }]) {
      const reply = await world.read('check_stock', { items: [line] });
      expect(rowsIn(reply, 'items')).toMatchObject([{ warehouses: split }]);
    }
  });

  test('n items of which there is enough cost at most n calls by id, and one page by SKU', async () => {
    const world = demoWorld();
    const skus = ['WBH-001', 'UCC-1M', 'UCC-2M', 'MUG', 'HUB-7'];
    const { items } = await world.call('list_items', { per_page: 200 });
    const ids = skus.map((sku) => textIn(rowsIn({ items }, 'items').find((row) => row.sku === sku) ?? {}, 'item_id'));
    for (const count of [1, 2, 5]) {
      for (const terms of [ids, skus]) {
        const before = world.callsSent();
        const wanted = terms.slice(0, count).map((item) => ({ item, quantity: 1 }));
        const reply = await world.read('check_stock', { items: wanted });
        expect(reply.message).toBe('Enough of all that was checked.');
        expect(world.callsSent() - before).toBeLessThanOrEqual(count > 2 ? 1 : count);
      }
    }
  });

  test('a short item says how much, and which order brings more when', async () => {
    const world = demoWorld();
    const reply = await world.read('check_stock', { items: [{ item: 'Desk Mat', quantity: 10 }] });
    expect(rowsIn(reply, 'items')).toMatchObject([
      {
        can_be_promised: 4,
        short: 6,
        verdict: 'short',
        on_order: 40,
        on_its_way: [{ purchaseorder_number: 'PO-00007', vendor: 'CableWorks', quantity: 40, expected: '2026-11-26' }],
      },
    ]);
    expect(reply.message).toBe('Not enough of Desk Mat.');
  });

  test('what an order has brought in part is no longer on its way', async () => {
    const world = demoWorld();
    const [row] = rowsIn(
      await world.call('list_purchase_orders', { purchaseorder_number: 'PO-00007' }),
      'purchaseorders',
    );
    const purchaseorder_id = textIn(row ?? {}, 'purchaseorder_id');
    const order = rowIn(await world.call('get_purchase_order', { purchaseorder_id }), 'purchaseorder');
    const mats = rowsIn(order, 'line_items').find(({ sku }) => sku === 'DMAT');
    await world.call('receive_purchase_order', {
      purchaseorder_id,
      line_items: [{ line_item_id: textIn(mats ?? {}, 'line_item_id'), quantity_received: 10 }],
    });
    const reply = await world.read('check_stock', { items: [{ item: 'DMAT', quantity: 20 }] });
    expect(rowsIn(reply, 'items')).toMatchObject([
      { can_be_promised: 14, short: 6, on_order: 30, on_its_way: [{ quantity: 30 }] },
    ]);
  });

  test('purchase orders are not asked for while there is enough', async () => {
    const world = demoWorld();
    const reply = await world.read('check_stock', { items: [{ item: 'UCC-1M', quantity: 1 }] });
    expect(rowsIn(reply, 'items')[0]).toMatchObject({ verdict: 'enough', on_order: 100 });
    expect(rowsIn(reply, 'items')[0]).not.toHaveProperty('on_its_way');
    expect(world.callsSent()).toBe(1);
  });

  test('a warehouse answers for itself alone', async () => {
    const reply = await demoWorld().read('check_stock', {
      items: [{ item: 'UCC-2M', quantity: 150, warehouse: 'newark' }],
    });
    expect(rowsIn(reply, 'items')).toMatchObject([{ warehouse: 'Newark', can_be_promised: 100, short: 50 }]);
  });

  test('two lines of one item are counted together', async () => {
    const line = { item: 'WBH-001', quantity: 30 };
    const reply = await demoWorld().read('check_stock', { items: [line, line] });
    expect(rowsIn(reply, 'items')).toMatchObject([
      { can_be_promised: 50, short: 0, verdict: 'enough' },
      { can_be_promised: 20, short: 10, verdict: 'short' },
    ]);
  });

  test('a line without a quantity is told what there is, whatever others take', async () => {
    const world = demoWorld();
    const items = [{ item: 'UCC-2M', quantity: 600 }, { item: 'UCC-2M' }, { item: 'UCC-2M', quantity: 1 }];
    const reply = await world.read('check_stock', { items });
    expect(rowsIn(reply, 'items')).toMatchObject([
      { can_be_promised: 496, verdict: 'short' },
      { can_be_promised: 496, verdict: 'enough' },
      { can_be_promised: 0, verdict: 'short' },
    ]);
  });

  test('what is on the way between warehouses is told', async () => {
    const world = demoWorld();
    const { warehouses } = await world.call('list_warehouses', {});
    const [from, to] = ['Oakland', 'Newark'].map((name) =>
      textIn(rowsIn({ warehouses }, 'warehouses').find((row) => row.warehouse_name === name) ?? {}, 'warehouse_id'),
    );
    const [item] = rowsIn(await world.call('list_items', { sku: 'WBH-001' }), 'items');
    const made = await world.call('create_transfer', {
      from_warehouse_id: from,
      to_warehouse_id: to,
      line_items: [{ item_id: item?.item_id, quantity: 20 }],
    });
    await world.call('send_transfer', { transfer_id: rowIn(made, 'transfer').transfer_id });
    const reply = await world.read('check_stock', { items: [{ item: 'WBH-001', quantity: 40 }] });
    expect(rowsIn(reply, 'items')).toMatchObject([{ on_hand: 60, can_be_promised: 30, in_transit: 20, short: 10 }]);
  });

  test('enough in all that lies in no single warehouse is said to, where it was read', async () => {
    const world = demoWorld();
    const [item] = rowsIn(await world.call('list_items', { sku: 'WBH-001' }), 'items');
    const reply = await world.read('check_stock', { items: [{ item: textIn(item ?? {}, 'item_id'), quantity: 40 }] });
    expect(rowsIn(reply, 'items')).toMatchObject([{ verdict: 'enough', in_no_single_warehouse: true }]);
    expect(reply.message).toBe(
      'Enough of all that was checked. No single warehouse has all of Wireless Bluetooth Headphones.',
    );
  });

  test('a kit is built no times, not less, where more of a part is promised than there is', async () => {
    const world = demoWorld();
    const kits = rowsIn(await world.call('list_composite_items', {}), 'composite_items');
    const { item_id } = kits.find(({ sku }) => sku === 'AUDIO-SET') ?? {};
    const whole = await world.call('get_composite_item', { item_id });
    const [part] = rowsIn(rowIn(whole, 'composite_item'), 'mapped_items');
    const [customer] = rowsIn(await world.call('list_contacts', { contact_type: 'customer' }), 'contacts');
    const line_items = [{ item_id: part?.item_id, quantity: 5_000 }];
    const order = await world.call('create_sales_order', { customer_id: customer?.contact_id, line_items });
    await world.call('confirm_sales_order', { salesorder_id: rowIn(order, 'salesorder').salesorder_id });
    const reply = await world.read('check_stock', { items: [{ item: 'AUDIO-SET', quantity: 2 }] });
    expect(rowsIn(reply, 'items')).toMatchObject([{ buildable: 0, short: 2, verdict: 'short' }]);
  });

  test('without a quantity one figure is said aloud', async () => {
    const world = demoWorld();
    const said = async (item: string) => (await world.read('check_stock', { items: [{ item }] })).message;
    expect(await said('WBH-001')).toBe('50 pcs of Wireless Bluetooth Headphones can be promised.');
    expect(await said('SPK-BT')).toBe('Nothing can be promised of Bluetooth Speaker.');
  });

  test('a kit tells how many can be built, which part each warehouse lacks, and what one place would make', async () => {
    const reply = await demoWorld().read('check_stock', { items: [{ item: 'AUDIO-SET', quantity: 1 }] });
    const [row] = rowsIn(reply, 'items');
    expect(row).toMatchObject({ buildable: 0, short: 1, verdict: 'short', buildable_if_in_one_warehouse: 5 });
    expect(row?.limited_by).toContain('Oakland: SHELF-SPK, 0 there, 2 a kit');
    expect(row?.limited_by).toContain('Newark: AMP-10, 0 there, 1 a kit');
  });

  test('a service is not tracked, and never short', async () => {
    const reply = await demoWorld().read('check_stock', { items: [{ item: 'INSTALL', quantity: 1000 }] });
    expect(rowsIn(reply, 'items')).toMatchObject([{ sku: 'INSTALL', verdict: 'not tracked' }]);
    expect(rowsIn(reply, 'items')[0]).not.toHaveProperty('can_be_promised');
  });

  test('without a quantity the figures come, and nothing to promise counts as short', async () => {
    const reply = await demoWorld().read('check_stock', { items: [{ item: 'SPK-BT' }, { item: 'MUG' }] });
    expect(rowsIn(reply, 'items')).toMatchObject([
      { sku: 'SPK-BT', can_be_promised: -5, verdict: 'short' },
      { sku: 'MUG', can_be_promised: 50, verdict: 'enough' },
    ]);
  });

  test('unknown and ambiguous names do not keep the others from being answered', async () => {
    const reply = await demoWorld().read('check_stock', {
      items: [
        { item: 'USB-C Cable', quantity: 1 },
        { item: 'MUG', quantity: 1 },
        { item: 'Gizmo', quantity: 1 },
        { item: 'DMAT', quantity: 1, warehouse: 'Paris' },
      ],
    });
    expect(rowsIn(reply, 'items')).toMatchObject([{ sku: 'MUG', verdict: 'enough' }]);
    expect(rowsIn(reply, 'problems')).toMatchObject([
      { asked: 'USB-C Cable', candidates: [{ sku: 'UCC-1M' }, { sku: 'UCC-2M' }] },
      { asked: 'Gizmo', candidates: [] },
      { asked: 'Paris', candidates: [{}, {}, {}] },
    ]);
    expect(reply.message).toBe('Enough of all that was checked. 3 names could not be settled, see problems.');
  });

  test('forty items with their split cost no more calls than there are lists', async () => {
    const world = demoWorld();
    const page = rowsIn(await world.call('list_items', { filter_by: 'Status.All', per_page: 200 }), 'items');
    const goods = page.filter(({ track_inventory }) => track_inventory === true);
    expect(goods.length).toBeGreaterThan(25);
    const before = world.callsSent();
    const reply = await world.read('check_stock', { items: goods.map(({ sku }) => ({ item: String(sku) })) });
    expect(rowsIn(reply, 'items')).toHaveLength(goods.length);
    for (const row of rowsIn(reply, 'items')) {
      const there = rowsIn(row, 'warehouses').map(({ can_be_promised }) => Number(can_be_promised));
      expect(there.reduce((sum, count) => sum + count, 0)).toBe(row.can_be_promised);
    }
    const lists = 5; // items, warehouses, and one for each of the three warehouses
    const orders = rowsIn(await world.call('list_purchase_orders', { filter_by: 'Status.Issued' }), 'purchaseorders');
    expect(world.callsSent() - before - 1).toBeLessThanOrEqual(lists + 2 + orders.length);
  });

  test('a warehouse says only what can be promised where nothing is committed, and an empty one nothing', async () => {
    const reply = await demoWorld().read('check_stock', { items: [{ item: 'SPK-BT' }, { item: 'LAMP' }] });
    expect(rowsIn(reply, 'items').map(({ warehouses }) => warehouses)).toEqual([
      [{ warehouse: 'Oakland', on_hand: 3, committed: 8, can_be_promised: -5 }],
      [
        { warehouse: 'Oakland', can_be_promised: 2 },
        { warehouse: 'Newark', can_be_promised: 6 },
      ],
    ]);
  });

  test('a hundred lines cost a model at most 65 tokens a line', async () => {
    const world = demoWorld();
    const page = rowsIn(await world.call('list_items', { filter_by: 'Status.Active', per_page: 200 }), 'items');
    const items = Array.from({ length: 100 }, (_, index) => ({
      item: String(page[index % page.length]?.sku),
      quantity: 1 + (index % 7),
    }));
    expect(tokensOf(await world.read('check_stock', { items }))).toBeLessThanOrEqual(6500);
  });

  test('a name that is not settled is answered once, by its candidates', async () => {
    const reply = await demoWorld().read('check_stock', { items: [{ item: 'cable' }] });
    const [problem] = rowsIn(reply, 'problems');
    expect(Object.keys(problem ?? {})).toEqual(['asked', 'reason', 'candidates']);
    expect(rowsIn(problem ?? {}, 'candidates')[0]).toEqual({
      item_id: expect.stringMatching(/^\d+$/),
      name: 'HDMI Cable 2 m',
      sku: 'HDMI-2M',
    });
  });

  test('text that outsiders wrote is shown without hidden characters and cut', async () => {
    const world = demoWorld();
    await world.call('create_item', { name: `Cord\u202E ${'x'.repeat(150)}`, sku: 'CORD\u200B', rate: 1 });
    const reply = await world.read('check_stock', { items: [{ item: 'CORD\u200B' }] });
    expect(rowsIn(reply, 'items')[0]).toMatchObject({ sku: 'CORD' });
    expect(String(rowsIn(reply, 'items')[0]?.item)).toMatch(/^Cord x+…$/);
    expect(String(rowsIn(reply, 'items')[0]?.item)).toHaveLength(120);
  });

  test('input that is not understood is refused by its field', async () => {
    const world = demoWorld();
    for (const items of [[], [{ item: '' }], [{ item: 'MUG', quantity: -1 }], [{ item: 'MUG', amount: 1 }], 'MUG'])
      await expect(world.read('check_stock', { items })).rejects.toThrow(InvalidArguments);
    expect(world.callsSent()).toBe(0);
  });
});
