import { describe, expect, test } from 'vitest';
import { rowIn, rowsIn } from '../../../src/workflows/rows.ts';
import { fulfilWorld } from '../fulfil-world.ts';

const fedex = { carrier: 'FedEx', tracking_number: '1Z999' };

describe('fulfilling a new order', () => {
  test('creates, confirms, packs and ships it in four steps, and the ledger is right to the unit', async () => {
    const world = fulfilWorld();
    const before = await world.stock('UCC-2M');
    const steps: string[] = [];
    const items = [
      { item: 'UCC-2M', quantity: 6 },
      { item: 'INSTALL', quantity: 1 },
    ];
    const reply = await world.fulfil({ customer: 'Bluebird Cafe', items, ...fedex }, (step) => void steps.push(step));
    expect(steps).toEqual([
      '1 of 4: creating the sales order for Bluebird Cafe',
      '2 of 4: confirming SO-00020',
      '3 of 4: packing 6 pcs USB-C Cable 2 m (UCC-2M) in Oakland',
      '4 of 4: shipping PKG-00011',
    ]);
    expect(reply.message).toBe(
      'SO-00020 for Bluebird Cafe is created, confirmed, packed and shipped by FedEx, 1Z999: PKG-00011 (6 pcs USB-C Cable 2 m (UCC-2M)). Nothing is left to pack.',
    );
    expect(before).toEqual({ Oakland: [400, 4, 0], Newark: [100, 0, 0] });
    expect(await world.stock('UCC-2M')).toEqual({ Oakland: [394, 4, 0], Newark: [100, 0, 0] });
    // The service is not packed; shipped is not delivered.
    expect(await world.stateOf('SO-00020')).toEqual({
      status: 'shipped',
      packages: [['PKG-00011', 'shipped', ['6 Oakland']]],
      lines: [
        [6, 6, 6, 0],
        [1, 0, 0, 0],
      ],
    });
  });

  test('names the ids for the next call: order, package, shipment, slip', async () => {
    const world = fulfilWorld();
    const reply = await world.fulfil({ customer: 'Bluebird Cafe', items: [{ item: 'MUG', quantity: 2 }], ...fedex });
    const { salesorder_id } = await world.orderBy('SO-00020');
    const [one] = rowsIn(reply, 'packages');
    expect(reply.salesorder).toEqual({ salesorder_id, salesorder_number: 'SO-00020' });
    const kept = rowIn(await world.call('get_package', { package_id: one?.package_id }), 'package');
    expect(kept).toMatchObject({ carrier: 'FedEx', tracking_number: '1Z999', salesorder_number: 'SO-00020' });
    expect(one).toEqual({
      package_id: kept.package_id,
      package_number: 'PKG-00011',
      status: 'shipped',
      warehouse_name: 'Oakland',
      shipment_id: kept.shipment_id,
      shipment_number: kept.shipment_number,
      packing_slip: `inventory://packing-slips/${String(kept.package_id)}`,
    });
    expect(reply.next).toContain('deliver_package');
  });

  test('packs each warehouse by itself, at the places the lines name', async () => {
    const world = fulfilWorld();
    const items = [
      { item: 'WBH-001', quantity: 30 },
      { item: 'WBH-001', quantity: 10, warehouse: 'Newark' },
      { item: 'LAMP', quantity: 1, warehouse: 'Newark' },
    ];
    const plan = await world.plan({ customer: 'Bluebird Cafe', items, ...fedex });
    expect(plan.preview).toContain(
      'Carrier "FedEx", tracking number "1Z999" on each of the 2 packages, on 2026-11-23 (today).',
    );
    await world.run('fulfil_sales_order', plan);
    expect((await world.stateOf('SO-00020')).packages).toEqual([
      ['PKG-00011', 'shipped', ['30 Oakland']],
      ['PKG-00012', 'shipped', ['10 Newark', '1 Newark']],
    ]);
    expect(await world.stock('WBH-001')).toEqual({ Oakland: [30, 30, 0], Newark: [5, 0, 0], Portland: [5, 0, 0] });
  });

  test('packs a part of it and leaves the rest to the order', async () => {
    const world = fulfilWorld();
    const items = [
      { item: 'MUG', quantity: 20 },
      { item: 'UCC-1M', quantity: 5 },
    ];
    const input = { customer: 'Bluebird Cafe', items, lines: [{ item: 'Logo Mug', quantity: 8 }], ...fedex };
    const plan = await world.plan(input);
    expect(plan.summary).toBe(
      'Sales order for Bluebird Cafe: 2 lines, 25 units, 304.95 USD, confirmed, packed in part, shipped by FedEx',
    );
    const reply = await world.run('fulfil_sales_order', plan);
    expect(reply.left_to_pack).toMatchObject([
      { sku: 'MUG', left_to_pack: 12 },
      { sku: 'UCC-1M', left_to_pack: 5 },
    ]);
    expect(await world.stock('MUG')).toEqual({ Oakland: [42, 12, 0] });
  });

  test('a date given is that of order, package and shipment', async () => {
    const world = fulfilWorld();
    const items = [{ item: 'MUG', quantity: 2 }];
    const input = { customer: 'Bluebird Cafe', items, ...fedex, date: '2026-11-20', notes: 'Ring twice' };
    const [one] = rowsIn(await world.fulfil(input), 'packages');
    expect((await world.orderBy('SO-00020')).date).toBe('2026-11-20');
    const kept = rowIn(await world.call('get_package', { package_id: one?.package_id }), 'package');
    expect(kept).toMatchObject({ date: '2026-11-20', shipment_date: '2026-11-20', notes: 'Ring twice' });
  });

  test('of a kit the parts leave', async () => {
    const world = fulfilWorld();
    const [amp, shelf] = [await world.itemBy('AMP-10'), await world.itemBy('SHELF-SPK')];
    const [oakland, newark] = rowsIn(amp, 'warehouses').map(({ warehouse_id }) => warehouse_id);
    const move = await world.call('create_transfer', {
      from_warehouse_id: oakland,
      to_warehouse_id: newark,
      line_items: [{ item_id: amp.item_id, quantity: 4 }],
    });
    const transfer_id = rowIn(move, 'transfer').transfer_id;
    await world.call('send_transfer', { transfer_id });
    await world.call('receive_transfer', { transfer_id });
    const items = [{ item: 'AUDIO-SET', quantity: 3, warehouse: 'Newark' }];
    const plan = await world.plan({ customer: 'Bluebird Cafe', items, ...fedex });
    expect(plan.preview.filter((line) => line.includes('on hand'))).toHaveLength(2);
    await world.run('fulfil_sales_order', plan);
    expect(await world.stock('AMP-10')).toEqual({ Oakland: [1, 0, 0], Newark: [1, 0, 0] });
    expect(await world.stock(String(shelf.sku))).toEqual({ Newark: [4, 0, 0] });
  });
});

describe('fulfilling an order that is there', () => {
  test('confirms a draft first', async () => {
    const world = fulfilWorld();
    const reply = await world.fulfil({ sales_order: 'SO-00014', ...fedex });
    expect(reply.message).toContain('SO-00014 for Pinecrest Community Church is confirmed, packed and shipped');
    expect(await world.stateOf('SO-00014')).toMatchObject({
      status: 'shipped',
      lines: [
        [2, 2, 2, 0],
        [4, 4, 4, 0],
      ],
    });
  });

  test('packs and ships a confirmed one, found by its id too', async () => {
    const world = fulfilWorld();
    const { salesorder_id } = await world.orderBy('SO-00012');
    const plan = await world.plan({ sales_order: salesorder_id, ...fedex });
    expect(plan).toMatchObject({
      summary:
        'Fulfil SO-00012, Tech Solutions Inc: pack 30 pcs Wireless Bluetooth Headphones (WBH-001), ship by FedEx',
      documents: 2,
      amountMinor: 0,
      raises: [],
    });
    expect(plan.preview).toEqual([
      '1. Pack in Oakland: 30 pcs Wireless Bluetooth Headphones (WBH-001).',
      '2. Ship the new package.',
      'Carrier "FedEx", tracking number "1Z999", on 2026-11-23 (today).',
      'Goes to: "456 Tech Avenue, San Jose, CA, 95113, USA".',
      'Wireless Bluetooth Headphones (WBH-001) in Oakland: on hand 60 -> 30 pcs',
      'Nothing is left to pack.',
      'Shipping takes the goods out of stock and cannot be undone by this server. Nothing is marked as delivered.',
    ]);
    await world.run('fulfil_sales_order', plan);
    expect(await world.stock('WBH-001')).toEqual({ Oakland: [30, 0, 0], Newark: [15, 0, 0], Portland: [5, 0, 0] });
  });

  test('packs what is not packed yet', async () => {
    const world = fulfilWorld();
    const plan = await world.plan({ sales_order: 'so-00016', ...fedex });
    expect(plan.preview[0]).toBe('1. Pack in Oakland: 4 of 10 pcs USB-C Cable 2 m (UCC-2M).');
    await world.run('fulfil_sales_order', plan);
    expect(await world.stateOf('SO-00016')).toMatchObject({ status: 'shipped', lines: [[10, 10, 10, 0]] });
  });

  test('ships a package that is there instead of packing again, and says so', async () => {
    const world = fulfilWorld();
    const plan = await world.plan({ sales_order: 'SO-00017', ...fedex });
    expect(plan.preview[0]).toMatch(/^1\. Ship PKG-00009, which is packed already: 2 pcs 6U Equipment Rack/);
    const reply = await world.run('fulfil_sales_order', plan);
    expect(rowsIn(reply, 'packages')).toMatchObject([{ package_number: 'PKG-00009', status: 'shipped' }]);
    expect((await world.stateOf('SO-00017')).packages).toHaveLength(1);
  });

  test('packs in parts: a package that holds exactly what is wanted is shipped, else more is packed', async () => {
    const world = fulfilWorld();
    const ten = [{ item: 'WBH-001', quantity: 10 }];
    await world.fulfil({ sales_order: 'SO-00012', lines: ten });
    const ship = await world.plan({ sales_order: 'SO-00012', lines: ten, ...fedex });
    expect(ship.summary).toBe('Fulfil SO-00012, Tech Solutions Inc: ship PKG-00011 by FedEx');
    const more = await world.fulfil({ sales_order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 5 }], ...fedex });
    expect(more.message).toContain('Left to pack: 15 WBH-001. Packed, not shipped: PKG-00011.');
    await world.fulfil({ sales_order: 'SO-00012', ...fedex });
    expect(await world.stateOf('SO-00012')).toEqual({
      status: 'shipped',
      packages: [
        ['PKG-00011', 'shipped', ['10 Oakland']],
        ['PKG-00012', 'shipped', ['5 Oakland']],
        ['PKG-00013', 'shipped', ['15 Oakland']],
      ],
      lines: [[30, 30, 30, 0]],
    });
    expect((await world.stock('WBH-001')).Oakland).toEqual([30, 0, 0]);
  });

  test('stops at packed without a carrier, has then nothing to do, and ships that package when one is given', async () => {
    const world = fulfilWorld();
    const reply = await world.fulfil({ sales_order: 'SO-00012', notes: 'Fragile' });
    expect(reply.next).toContain('with a carrier ships it');
    expect((await world.stock('WBH-001')).Oakland).toEqual([60, 30, 30]);
    const calls = world.callsSent();
    const again = await world.plan({ sales_order: 'SO-00012' });
    expect(again).toMatchObject({ nothingToDo: true, documents: 0 });
    expect((await world.run('fulfil_sales_order', again)).message).toBe(
      'SO-00012 for Tech Solutions Inc is packed already (PKG-00011) and nothing was done. Give a carrier to ship it.',
    );
    expect(world.callsSent() - calls).toBe(2);
    await world.fulfil({ sales_order: 'SO-00012', ...fedex });
    expect((await world.stateOf('SO-00012')).packages).toEqual([['PKG-00011', 'shipped', ['30 Oakland']]]);
  });

  test('one that is shipped in full is left alone', async () => {
    const plan = await fulfilWorld().plan({ sales_order: 'SO-00001', ...fedex });
    expect(plan).toMatchObject({ nothingToDo: true, summary: expect.stringContaining('is shipped already') });
  });
});

test.each([
  [{ sales_order: 'SO-00012', ...fedex }, 3, 2],
  [{ customer: 'Bluebird Cafe', items: [{ item: 'MUG', quantity: 1 }], ...fedex }, 4, 4],
  [
    {
      customer: 'Bluebird Cafe',
      items: ['MUG', 'UCC-1M', 'UCC-2M', 'WBH-001'].map((item) => ({ item, quantity: 1 })),
      ...fedex,
    },
    5,
    4,
  ],
])('%j costs %i calls to plan and %i to do', async (input, planning, doing) => {
  const world = fulfilWorld();
  const start = world.callsSent();
  const plan = await world.plan(input);
  expect(world.callsSent() - start).toBe(planning);
  await world.run('fulfil_sales_order', plan);
  expect(world.callsSent() - start - planning).toBe(doing);
});
