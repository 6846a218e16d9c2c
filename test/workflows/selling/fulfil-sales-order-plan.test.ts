import { describe, expect, test } from 'vitest';
import { Rejected } from '../../../src/errors.ts';
import { rowIn, rowsIn } from '../../../src/workflows/rows.ts';
import { errorOf, fulfil, fulfilWorld } from '../fulfil-world.ts';

const fedex = { carrier: 'FedEx' };
const six = { customer: 'Bluebird Cafe', items: [{ item: 'MUG', quantity: 6 }], ...fedex };

describe('what cannot be fulfilled', () => {
  test('short stock is refused with a table, before anything is written', async () => {
    const world = fulfilWorld();
    const before = await world.stateOf('SO-00019');
    const error = await errorOf(world.plan({ sales_order: 'SO-00019', ...fedex }));
    expect(error).toBeInstanceOf(Rejected);
    expect(error).toMatchObject({
      nothingSent: true,
      message: expect.stringContaining('Bluetooth Speaker (SPK-BT): 8 to pack, 3 free in Oakland, short 5'),
      facts: { short: [{ wanted: 8, free: 3, short: 5 }] },
    });
    expect(await world.stateOf('SO-00019')).toEqual(before);
    // What there is can be packed.
    const part = await world.plan({ sales_order: 'SO-00019', lines: [{ item: 'SPK-BT', quantity: 3 }], ...fedex });
    expect(part.preview).toContain('Left to pack: 5 SPK-BT.');
  });

  test('what is left of one item in two warehouses is told apart by them', async () => {
    const world = fulfilWorld();
    const items = [
      { item: 'WBH-001', quantity: 20, warehouse: 'Oakland' },
      { item: 'WBH-001', quantity: 10, warehouse: 'Newark' },
    ];
    await world.run('place_sales_order', await world.planOf('place_sales_order', { customer: 'Bluebird Cafe', items }));
    const lines = [{ item: 'WBH-001', quantity: 15 }];
    const words = 'Left to pack: 5 WBH-001 in Oakland, 10 WBH-001 in Newark.';
    expect((await world.plan({ sales_order: 'SO-00020', lines })).preview).toContain(words);
    const reply = await world.fulfil({ sales_order: 'SO-00020', lines });
    expect(reply.message).toContain(words);
    expect(rowsIn(reply, 'left_to_pack')).toMatchObject([{ warehouse: 'Oakland' }, { warehouse: 'Newark' }]);
  });

  test('stock of another warehouse does not count, and is named', async () => {
    const world = fulfilWorld();
    await world.call('create_sales_order', {
      customer_id: (await world.orderBy('SO-00012')).customer_id,
      line_items: [{ item_id: (await world.itemBy('LAMP')).item_id, quantity: 5 }],
    });
    expect(await errorOf(world.plan({ sales_order: 'SO-00020' }))).toMatchObject({
      message: expect.stringContaining('5 to pack, 2 free in Oakland, short 3; 6 in Newark'),
    });
  });

  test('goods that other orders have packed are not there to pack', async () => {
    const world = fulfilWorld();
    const customer = 'Bluebird Cafe';
    await world.fulfil({ customer, items: [{ item: 'MUG', quantity: 45 }] });
    const error = await errorOf(world.plan({ sales_order: 'SO-00015' }));
    expect(error).toMatchObject({ message: expect.stringContaining('50 to pack, 5 free in Oakland, short 45') });
  });

  test('a draft that takes what other orders are promised says so', async () => {
    const world = fulfilWorld();
    const { customer_id } = await world.orderBy('SO-00012');
    const item_id = (await world.itemBy('SPK-BT')).item_id;
    await world.call('create_sales_order', { customer_id, line_items: [{ item_id, quantity: 2 }] });
    const plan = await world.plan({ sales_order: 'SO-00020', ...fedex });
    expect(plan.raises).toMatchObject([
      { rule: 'promises_more_than_there_is', reason: expect.stringContaining('2 Bluetooth Speaker (SPK-BT)') },
    ]);
    expect(plan.preview).toContain(
      'Of these 2 Bluetooth Speaker (SPK-BT) are promised to other orders, which then wait.',
    );
  });

  test('a new order that one warehouse cannot fill is refused, and says where the rest lies', async () => {
    const items = [{ item: 'WBH-001', quantity: 40 }];
    expect(await errorOf(fulfilWorld().plan({ customer: 'Bluebird Cafe', items, ...fedex }))).toMatchObject({
      kind: 'rejected',
      message: expect.stringMatching(/in Oakland: wanted 40, can be promised 30.*20 in other warehouses\n.*warehouse/),
    });
  });

  test('more than is left to pack is refused with what is left', async () => {
    const lines = [{ item: 'UCC-2M', quantity: 5 }];
    expect(await errorOf(fulfilWorld().plan({ sales_order: 'SO-00016', lines, ...fedex }))).toMatchObject({
      kind: 'rejected',
      facts: { too_much: [{ sku: 'UCC-2M', wanted: 5, left_to_pack: 4 }] },
    });
    const rack = [{ item: 'RACK-6U', quantity: 1 }];
    expect(await errorOf(fulfilWorld().plan({ sales_order: 'SO-00017', lines: rack, ...fedex }))).toMatchObject({
      message: expect.stringContaining('0 left to pack, 2 packed and not shipped\nNot shipped yet: PKG-00009'),
    });
  });

  test.each([
    ['an order nobody has', { sales_order: 'SO-99999' }, 'No sales order is called "SO-99999"'],
    ['a part of a number', { sales_order: 'SO-0001' }, 'Near: SO-00019'],
    [
      'an item that is not on the order',
      { sales_order: 'SO-00012', lines: [{ item: 'MUG', quantity: 1 }] },
      'Near: WBH-001',
    ],
    ['a customer by half a name', { ...six, customer: 'Bluebird' }, 'Bluebird Cafes Ltd'],
    ['an order and a customer', { ...six, sales_order: 'SO-00012' }, 'not both'],
    ['neither', { carrier: 'FedEx' }, 'Give sales_order'],
    ['items without a customer', { items: six.items }, 'customer and items'],
    ['a tracking number without a carrier', { sales_order: 'SO-00012', tracking_number: '1' }, 'needs its carrier'],
    ['nothing of a line', { sales_order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 0 }] }, 'more than 0'],
  ])('%s is no argument', async (_, input, words) => {
    const error = await errorOf(fulfilWorld().plan(input));
    expect(error).toMatchObject({ kind: 'invalid_arguments', message: expect.stringContaining(words) });
  });

  test('an order that is void takes no package', async () => {
    const error = await errorOf(fulfilWorld().plan({ sales_order: 'SO-00006', ...fedex }));
    expect(error).toMatchObject({ kind: 'rejected', message: expect.stringContaining('SO-00006 is void') });
  });

  test('a date that lies ahead, or before the package, is called likely to be refused', async () => {
    const world = fulfilWorld();
    const ahead = await world.plan({ sales_order: 'SO-00012', ...fedex, date: '2026-11-24' });
    expect(ahead.preview.join('\n')).toContain('Likely to be refused: the date 2026-11-24 lies ahead');
    const early = await world.plan({ sales_order: 'SO-00017', ...fedex, date: '2026-11-01', notes: 'Fragile' });
    expect(early.preview.join('\n')).toMatch(/The notes are left out[\s\S]*PKG-00009 was packed later/);
  });
});

describe('a plan to fulfil', () => {
  test('only reads, comes out of a store as it went in, and rests on order, packages and stock', async () => {
    const world = fulfilWorld();
    const input = { sales_order: 'SO-00012', ...fedex };
    const first = await world.plan(input);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    expect((await world.plan(input)).restsOn).toEqual(first.restsOn);
    await world.fulfil({ customer: 'Marble Hotel', items: [{ item: 'WBH-001', quantity: 1 }], ...fedex });
    const less = await world.plan(input);
    expect(less.restsOn).not.toEqual(first.restsOn);
    await world.fulfil({ sales_order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 1 }] });
    const part = await world.plan(input);
    expect(part.restsOn).not.toEqual(less.restsOn);
    const { salesorder_id, line_items } = await world.orderBy('SO-00012');
    const [line] = rowsIn({ line_items }, 'line_items');
    const changed = [{ line_item_id: line?.line_item_id, quantity: 20 }];
    await world.call('update_sales_order', { salesorder_id, line_items: changed });
    expect((await world.plan(input)).restsOn).not.toEqual(part.restsOn);
  });

  test('rests on the very packages it would ship, not only on what they hold', async () => {
    const world = fulfilWorld();
    const input = { sales_order: 'SO-00012', ...fedex };
    await world.fulfil({ sales_order: 'SO-00012' });
    const first = await world.plan(input);
    const [one] = rowsIn(await world.orderBy('SO-00012'), 'packages');
    await world.call('delete_package', { package_id: one?.package_id });
    await world.fulfil({ sales_order: 'SO-00012' });
    expect((await world.plan(input)).restsOn).not.toEqual(first.restsOn);
  });

  test('does not call goods promised to others that are promised to this very order', async () => {
    const world = fulfilWorld();
    await world.run(
      'place_sales_order',
      await world.planOf('place_sales_order', { customer: 'Bluebird Cafe', items: [{ item: 'MUG', quantity: 45 }] }),
    );
    const plan = await world.plan({ sales_order: 'SO-00020', ...fedex });
    expect(plan.preview.join('\n')).not.toContain('promised to other orders');
  });

  test('of an order with many goods reads the list of their warehouse, and an item only where that is not enough', async () => {
    const world = fulfilWorld();
    const customer = 'Bluebird Cafe';
    const items = ['MUG', 'UCC-1M', 'UCC-2M'].map((item) => ({ item, quantity: 8 }));
    const place = { customer, items };
    await world.run('place_sales_order', await world.planOf('place_sales_order', place));
    const calls = world.callsSent();
    await world.plan({ sales_order: 'SO-00020', ...fedex });
    // Two to find the order, one for the stock.
    expect(world.callsSent() - calls).toBe(3);
    await world.fulfil({ sales_order: 'SO-00015', lines: [{ item: 'MUG', quantity: 45 }] });
    expect(await errorOf(world.plan({ sales_order: 'SO-00020', ...fedex }))).toMatchObject({
      message: expect.stringContaining('Logo Mug (MUG): 8 to pack, 5 free in Oakland, short 3'),
    });
  });

  test('asks for no stock of goods that are not counted', async () => {
    const world = fulfilWorld();
    const wrap = { name: 'Gift Wrap', sku: 'WRAP', rate: 3, product_type: 'goods', item_type: 'sales' };
    const { item } = await world.call('create_item', wrap);
    expect(item).toMatchObject({ track_inventory: false });
    const items = ['WRAP', 'MUG'].map((sku) => ({ item: sku, quantity: 4 }));
    const plan = await world.plan({ customer: 'Bluebird Cafe', items });
    expect(plan.preview.filter((line) => line.includes('on hand'))).toHaveLength(1);
    await world.run(fulfil, plan);
    const { customer_id } = await world.orderBy('SO-00012');
    const ids = [rowIn({ item }, 'item').item_id, (await world.itemBy('MUG')).item_id];
    for (const some of [ids.slice(0, 1), ids]) {
      const line_items = some.map((item_id) => ({ item_id, quantity: 2 }));
      const made = rowIn(await world.call('create_sales_order', { customer_id, line_items }), 'salesorder');
      const reply = await world.fulfil({ sales_order: String(made.salesorder_number), ...fedex });
      expect(rowsIn(reply, 'packages')).toMatchObject([{ status: 'shipped' }]);
    }
  });
});
