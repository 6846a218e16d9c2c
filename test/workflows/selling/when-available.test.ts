import { describe, expect, test } from 'vitest';
import { InvalidArguments } from '../../../src/errors.ts';
import { workflowByName } from '../../../src/workflows/index.ts';
import { rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { tokensOf } from '../answered-text.ts';
import { anItem, fakeApi, quiet } from '../fake-api.ts';
import { errorOf, fulfilWorld } from '../fulfil-world.ts';
import { lookWorld } from '../look-world.ts';

const ask = 'when_available';

function world() {
  const demo = fulfilWorld();
  const order = async (quantity: number, more: Record<string, unknown> = {}): Promise<string> => {
    const input = { customer: 'Marble Hotel', items: [{ item: 'DMAT', quantity }], if_short: 'backorder', ...more };
    const reply = await demo.run('place_sales_order', await demo.planOf('place_sales_order', input));
    return textIn(rowIn(reply, 'salesorder'), 'salesorder_number');
  };
  return {
    ...demo,
    /** Orders desk mats, of which 4 are there and 40 come with PO-00007. */
    order,
    line: async (sales_order: string) => rowsIn(await demo.read(ask, { sales_order }), 'lines')[0],
  };
}

describe('what an order waits for', () => {
  test('what is short and on no order is said so', async () => {
    const reply = await world().read(ask, { sales_order: 'SO-00019' });
    expect(reply.message).toBe(
      'SO-00019 for Harborview Theater: 5 of 8 SPK-BT short, nothing on order. When all can be shipped is not known. Older confirmed orders are served first.',
    );
    expect(reply.lines).toMatchObject([{ waits_for: 8, there_now: 3, short_now: 5, ready: 'nothing on order' }]);
    expect(reply).not.toHaveProperty('all_by');
  });

  test('a purchase order that brings the rest gives the day', async () => {
    const demo = world();
    const number = await demo.order(10);
    const reply = await demo.read(ask, { sales_order: number });
    expect(reply.message).toBe(
      `${number} for Marble Hotel: 6 of 10 DMAT short, comes with PO-00007, due 2026-11-26 (CableWorks). All can be shipped by 2026-11-26. Older confirmed orders are served first.`,
    );
    expect(reply.all_by).toBe('2026-11-26');
    const comes = [{ purchaseorder_number: 'PO-00007', vendor: 'CableWorks', quantity: 6, expected: '2026-11-26' }];
    expect(reply.lines).toMatchObject([{ there_now: 4, short_now: 6, comes, ready: '2026-11-26' }]);
  });

  test('older confirmed orders are served first, of the stock and of what comes', async () => {
    const demo = world();
    const [first, second, third] = [await demo.order(20), await demo.order(20), await demo.order(20)];
    expect(await demo.line(first)).toMatchObject({ there_now: 4, short_now: 16, ready: '2026-11-26' });
    expect(await demo.line(second)).toMatchObject({ there_now: 0, short_now: 20, older_orders_short: 16 });
    // 44 less 40 for the older ones
    expect(await demo.line(third)).toMatchObject({
      short_now: 20,
      older_orders_short: 36,
      comes: [{ quantity: 4 }],
      not_on_order: 16,
      ready: 'not enough on order',
    });
  });

  test('older orders of a kit that it is a part of are served first too, and younger ones are not', async () => {
    const demo = lookWorld();
    const amps = { item: 'AMP-10', quantity: 4 };
    const older = await demo.sell({ 'AUDIO-SET': 3 }, { date: '2026-11-01' });
    const number = await demo.sell({ 'AMP-10': 4 }, { date: '2026-11-10' });
    const younger = await demo.sell({ 'AUDIO-SET': 2 }, { date: '2026-11-12' });
    const line = async (sales_order: string) => rowsIn(await demo.read(ask, { sales_order }), 'lines')[0];
    // Of 5 amplifiers the older kits take 3.
    expect(await line(number)).toMatchObject({ waits_for: amps.quantity, there_now: 2, short_now: 2 });
    expect(await line(older)).toMatchObject({ sku: 'AMP-10', there_now: 3, ready: 'now' });
    expect(await line(younger)).toMatchObject({ sku: 'AMP-10', there_now: 0, short_now: 2, older_orders_short: 2 });
  });

  test('what a younger order has packed is gone, and what is packed for this one is there', async () => {
    const demo = world();
    const older = await demo.order(6);
    const younger = await demo.order(6);
    await demo.fulfil({ sales_order: younger, lines: [{ item: 'DMAT', quantity: 3 }] });
    expect(await demo.line(older)).toMatchObject({ waits_for: 6, there_now: 1, short_now: 5 });
    expect(await demo.line(younger)).toMatchObject({ waits_for: 3, there_now: 0, short_now: 3, older_orders_short: 5 });
  });

  test('a draft stands behind every confirmed order, and says so', async () => {
    const demo = world();
    const draft = await demo.order(2, { confirm: false });
    await demo.order(30);
    const reply = await demo.read(ask, { sales_order: draft });
    expect(reply.message).toContain('It is a draft, which reserves nothing');
    expect(reply.lines).toMatchObject([{ there_now: 0, short_now: 2, older_orders_short: 26, ready: '2026-11-26' }]);
  });

  test('what comes late gives no day', async () => {
    const demo = world();
    const number = await demo.order(400, { items: [{ item: 'BOX-M', quantity: 400 }] });
    const reply = await demo.read(ask, { sales_order: number });
    expect(reply.message).toContain('comes with PO-00008, was due 2026-11-13 (PaperCo)');
    expect(reply.message).toContain('When all can be shipped is not known.');
    expect(reply.lines).toMatchObject([{ comes: [{ late: true }], ready: 'late' }]);
  });

  test('a warehouse waits for itself: stock elsewhere is told, and what comes elsewhere does not count', async () => {
    const demo = world();
    const number = await demo.order(0, { items: [{ item: 'DMAT', quantity: 5, warehouse: 'Newark' }] });
    expect(await demo.line(number)).toMatchObject({
      warehouse: 'Newark',
      there_now: 0,
      short_now: 5,
      ready: 'nothing on order',
      elsewhere: '4 in Oakland',
    });
  });

  test('what another warehouse sent counts as coming to where it goes, and only there', async () => {
    const demo = lookWorld();
    // TRN-00003 brings 20 to Newark, which has 100; nobody said when.
    const number = await demo.sell({ 'UCC-2M': 115 }, { warehouse: 'Newark' });
    expect(await demo.read(ask, { sales_order: number })).toEqual({
      message: `${number} for Marble Hotel: 15 of 115 UCC-2M short, comes with TRN-00003, no date given (from Oakland). When all can be shipped is not known. Older confirmed orders are served first.`,
      lines: [
        {
          ...{ item: 'USB-C Cable 2 m', sku: 'UCC-2M', item_id: await demo.itemId('UCC-2M'), warehouse: 'Newark' },
          ...{ waits_for: 115, there_now: 100, short_now: 15 },
          comes: [
            {
              ...{ transfer_number: 'TRN-00003', transfer_id: expect.any(String) },
              ...{ from_warehouse: 'Oakland', quantity: 15, sent: '2026-11-21' },
            },
          ],
          ...{ ready: 'no date given', elsewhere: '396 in Oakland' },
        },
      ],
    });
    const elsewhere = await demo.sell({ 'UCC-2M': 5 }, { warehouse: 'Portland' });
    expect(rowsIn(await demo.read(ask, { sales_order: elsewhere }), 'lines')).toMatchObject([
      { short_now: 5, not_on_order: 5, ready: 'nothing on order' },
    ]);
  });

  test('a transfer that says when it arrives gives the day, before a purchase order that comes later', async () => {
    const demo = lookWorld();
    const to = await demo.warehouseId('Oakland');
    const from = await demo.warehouseId('Newark');
    const lamps = [{ item_id: await demo.itemId('LAMP'), quantity: 4 }];
    const made = await demo.call('create_transfer', {
      ...{ from_warehouse_id: from, to_warehouse_id: to, expected_delivery_date: '2026-11-25', line_items: lamps },
    });
    await demo.call('send_transfer', { transfer_id: rowIn(made, 'transfer').transfer_id });
    const number = await demo.sell({ LAMP: 5 });
    const reply = await demo.read(ask, { sales_order: number });
    expect(reply.message).toContain('3 of 5 LAMP short, comes with TRN-00004, due 2026-11-25 (from Newark).');
    expect(reply.all_by).toBe('2026-11-25');
    // All warehouses together: of 8 there are 4 on the road, and of the other 4 there are 5 promised.
    expect(rowsIn(await demo.read(ask, { item: 'LAMP', quantity: 3 }), 'lines')).toMatchObject([
      { there_now: 0, short_now: 3, comes: [{ transfer_number: 'TRN-00004', quantity: 3 }], ready: '2026-11-25' },
    ]);
  });

  test('a kit waits for its parts', async () => {
    const demo = world();
    const number = await demo.order(0, { items: [{ item: 'AUDIO-SET', quantity: 6 }] });
    expect((await demo.read(ask, { sales_order: number })).lines).toMatchObject([
      { sku: 'AMP-10', part_of_item: 'AUDIO-SET', waits_for: 6, there_now: 5, short_now: 1 },
      { sku: 'SHELF-SPK', part_of_item: 'AUDIO-SET', waits_for: 12, there_now: 0, elsewhere: '10 in Newark' },
    ]);
    // By the same names as anywhere else.
    expect((await demo.read(ask, { sales_order: number })).message).toContain('1 of 6 AMP-10 short');
  });

  test('an order of many items is looked at item by item', async () => {
    const demo = world();
    const items = [
      ...[
        { item: 'DMAT', quantity: 10 },
        { item: 'SPK-BT', quantity: 1 },
        { item: 'MUG', quantity: 1 },
      ],
      ...[
        { item: 'LAMP', quantity: 5 },
        { item: 'INSTALL', quantity: 1 },
      ],
    ];
    const reply = await demo.read(ask, { sales_order: await demo.order(0, { items }) });
    expect(reply.message).toContain(
      '6 of 10 DMAT short, comes with PO-00007, due 2026-11-26 (CableWorks); 1 of 1 SPK-BT short',
    );
    expect(reply.lines).toMatchObject([
      { sku: 'DMAT', there_now: 4, short_now: 6, ready: '2026-11-26' },
      { sku: 'SPK-BT', there_now: 0, short_now: 1, older_orders_short: 5 },
      { sku: 'MUG', there_now: 1, ready: 'now' },
      { sku: 'LAMP', there_now: 2, short_now: 3, elsewhere: '6 in Newark' },
    ]);
  });

  test('enough, packed or over: nothing is waited for', async () => {
    const demo = world();
    expect((await demo.read(ask, { sales_order: 'SO-00012' })).message).toContain('all of it is there now');
    expect((await demo.read(ask, { sales_order: 'SO-00017' })).message).toContain('is packed and waits for nothing');
    expect((await demo.read(ask, { sales_order: 'SO-00001' })).message).toContain('is closed: it waits for nothing');
  });
});

describe('what an item waits for', () => {
  test('a quantity that is there, and one that comes', async () => {
    const demo = world();
    expect((await demo.read(ask, { item: 'DMAT', quantity: 4 })).lines).toMatchObject([{ there_now: 4, ready: 'now' }]);
    await demo.order(20);
    expect(await demo.read(ask, { item: 'DMAT', quantity: 24 })).toMatchObject({
      all_by: '2026-11-26',
      lines: [{ there_now: 0, short_now: 24, older_orders_short: 16, comes: [{ quantity: 24 }] }],
    });
    expect((await demo.read(ask, { item: 'DMAT', quantity: 25 })).lines).toMatchObject([{ not_on_order: 1 }]);
  });

  test('what has no stock waits for none', async () => {
    const reply = await world().read(ask, { item: 'INSTALL', quantity: 3 });
    expect(reply.lines).toMatchObject([{ stock: 'not kept', ready: 'now' }]);
  });

  test('neither or both of order and item, or a name that is none', async () => {
    const demo = world();
    for (const input of [{}, { sales_order: 'SO-00019', item: 'MUG' }, { item: 'no such thing' }])
      expect(await errorOf(demo.read(ask, input))).toBeInstanceOf(InvalidArguments);
  });
});

test('where there is one place only and items have no split, all there is counts', async () => {
  const item = anItem({ sku: 'REEL', stock: 5, committed: 3, warehouses: [] });
  const line = { line_item_id: '2', item_id: item.item_id, name: 'Reel', sku: 'REEL', quantity: 3 };
  const order = { salesorder_id: '1', salesorder_number: 'SO-1', status: 'confirmed', line_items: [line] };
  const api = fakeApi({
    items: [item],
    instead: ({ name }) => (name === 'get_sales_order' ? { salesorder: order } : undefined),
  });
  const workflow = workflowByName.get(ask);
  const reply = workflow && 'read' in workflow ? await workflow.read(api, { sales_order: '1' }, quiet) : {};
  expect(reply.lines).toMatchObject([{ there_now: 3, ready: 'now' }]);
});

test('of an order of very many items forty are looked up, and nothing is said of the rest', async () => {
  const items = Array.from({ length: 42 }, (_, index) => anItem({ sku: `REEL-${index}`, stock: 5, committed: 3 }));
  const line_items = items.map(({ item_id, sku }, index) => ({ line_item_id: `${index}`, item_id, sku, quantity: 3 }));
  const order = { salesorder_id: '1', salesorder_number: 'SO-1', status: 'confirmed', line_items };
  const api = fakeApi({
    items,
    instead: ({ name }) => (name === 'get_sales_order' ? { salesorder: order } : undefined),
  });
  const workflow = workflowByName.get(ask);
  const reply = workflow && 'read' in workflow ? await workflow.read(api, { sales_order: '1' }, quiet) : {};
  expect(reply.message).toContain('all of what was looked up, see note, is there now');
  expect(reply.note).toBe('2 items of the order not looked up.');
  expect(reply.lines).toHaveLength(40);
});

describe('what it costs', () => {
  test('three calls where all is there, and the orders around it only where not', async () => {
    const demo = world();
    const spent = async (sales_order: string) => {
      const before = demo.callsSent();
      const reply = await demo.read(ask, { sales_order });
      expect(tokensOf(reply)).toBeLessThan(600);
      return demo.callsSent() - before;
    };
    expect(await spent('SO-00012')).toBe(3);
    const orders = [];
    for (const quantity of [20, 5, 5, 5, 5]) orders.push(await demo.order(quantity));
    // Number and order, item, the item's sales orders, the four others of them, whose sum tells that no kit holds any, its
    // purchase orders, the one that brings it.
    for (const number of orders.slice(0, 4)) expect(await spent(number)).toBe(10);
  });

  test('too many other orders to read all count as older, and it says so', async () => {
    const demo = world();
    const middle: string[] = [];
    for (let index = 0; index < 43; index += 1) middle.push(await demo.order(1));
    const before = demo.callsSent();
    const reply = await demo.read(ask, { sales_order: middle[21] ?? '' });
    expect(demo.callsSent() - before).toBeLessThan(10);
    expect(reply.note).toContain('all count as older');
    expect(reply.lines).toMatchObject([{ older_orders_short: 38 }]);
  });
});
