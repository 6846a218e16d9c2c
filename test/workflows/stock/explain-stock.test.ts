import { describe, expect, test } from 'vitest';
import { Cancelled, InvalidArguments } from '../../../src/errors.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { explainStock } from '../../../src/workflows/stock/explain-stock.ts';
import { tokensOf } from '../answered-text.ts';
import { anItem, fakeApi, place, quiet } from '../fake-api.ts';
import { lookWorld } from '../look-world.ts';

const explain = 'explain_stock';
const sumOf = (rows: readonly Row[], key: string): number => rows.reduce((sum, row) => sum + Number(row[key] ?? 0), 0);

/** A day on which everything happens that changes stock or claims it. */
async function busyWorld() {
  const world = lookWorld();
  await world.sell({ 'AUDIO-SET': 2, LAMP: 9 });
  await world.sell({ 'UCC-2M': 30 }, { warehouse: 'Newark' });
  const transfer = await world.send({ 'WBH-001': 10 }, 'Oakland', 'Newark');
  const [line] = rowsIn(transfer, 'line_items');
  await world.call('receive_transfer', {
    transfer_id: transfer.transfer_id,
    line_items: [{ line_item_id: line?.line_item_id, quantity_received: 4 }],
  });
  const adjust = async (sku: string, quantity_adjusted: number): Promise<unknown> => {
    const line_items = [{ item_id: await world.itemId(sku), quantity_adjusted }];
    const made = await world.call('create_stock_adjustment', { reason: 'Counted', line_items });
    return rowIn(made, 'inventory_adjustment').inventory_adjustment_id;
  };
  await adjust('MUG', -3);
  await world.call('delete_stock_adjustment', { inventory_adjustment_id: await adjust('HUB-7', 5) });
  const { salesorder_id, line_items } = await world.orderBy(await world.sell({ 'UCC-1M': 12 }));
  const [sold] = Array.isArray(line_items) ? line_items : [];
  const packing = {
    salesorder_id,
    line_items: [{ so_line_item_id: rowIn({ sold }, 'sold').line_item_id, quantity: 5 }],
  };
  await world.call('create_package', packing);
  return world;
}

describe('explaining the stock of an item', () => {
  test('80 headphones are on hand, 30 are promised to one order, and the sentence adds it up', async () => {
    const { reply, calls } = await lookWorld().spend(explain, { item: 'WBH-001' });
    expect(reply).toMatchObject({
      message:
        'WBH-001 Wireless Bluetooth Headphones: on hand 80 = 80 opening stock. Available 50 = 80 - 30 committed, of which 30 in SO-00012 for Tech Solutions Inc. Nothing is coming.',
      ...{ on_hand: 80, committed: 30, available: 50, opening_balance: 0 },
      promised: [{ salesorder_number: 'SO-00012', quantity: 30, warehouse: 'Oakland', date: '2026-11-08' }],
    });
    expect(rowsIn(reply, 'movements').map((row) => [row.kind, row.warehouse, row.in, row.balance])).toEqual([
      ['opening stock', 'Oakland', 60, 60],
      ['opening stock', 'Newark', 15, 75],
      ['opening stock', 'Portland', 5, 80],
    ]);
    expect(calls).toBe(5);
    expect(tokensOf(reply)).toBeLessThan(400);
  });

  test('of every item the figures are those of the item itself, and each sum comes out', async () => {
    const world = await busyWorld();
    const items = rowsIn(await world.call('list_items', { filter_by: 'Status.All', per_page: 200 }), 'items');
    const goods = items.filter(({ track_inventory }) => track_inventory === true);
    expect(goods.length).toBeGreaterThan(30);
    for (const { item_id, sku } of goods) {
      const reply = await world.read(explain, { item: String(sku), movements: 100 });
      const straight = rowIn(await world.call('get_item', { item_id }), 'item');
      const places = rowsIn(straight, 'warehouses');
      expect(reply).toMatchObject({
        on_hand: straight.stock_on_hand,
        committed: straight.committed_stock,
        available: straight.available_stock,
        on_order: straight.quantity_ordered,
        in_transit: straight.quantity_in_transit,
        packed: sumOf(places, 'warehouse_quantity_packed'),
      });
      expect(reply.message).not.toMatch(/add up|unexplained|not read|though/);
      const movements = rowsIn(reply, 'movements');
      expect(sumOf(movements, 'in') - sumOf(movements, 'out')).toBe(reply.on_hand);
      expect(movements.at(-1)?.balance ?? 0).toBe(reply.on_hand);
      expect(sumOf(rowsIn(reply, 'promised'), 'quantity')).toBe(reply.committed);
      expect(sumOf(rowsIn(reply, 'coming'), 'quantity')).toBe(Number(reply.on_order) + Number(reply.in_transit));
      expect(tokensOf(reply)).toBeLessThan(2000);
    }
  });

  test('one warehouse is added up by itself: its movements, its promises, what comes to it', async () => {
    const world = await busyWorld();
    for (const [sku, warehouse] of [
      ['UCC-2M', 'Newark'],
      ['UCC-2M', 'Oakland'],
      ['WBH-001', 'Newark'],
      ['LAMP', 'Oakland'],
    ] as const) {
      const reply = await world.read(explain, { item: sku, warehouse });
      const split = rowsIn(await world.itemBy(sku), 'warehouses').find((row) => row.warehouse_name === warehouse);
      expect(reply).toMatchObject({
        on_hand: split?.warehouse_stock_on_hand,
        committed: split?.warehouse_committed_stock,
        available: split?.warehouse_available_stock,
      });
      expect(reply.message).not.toMatch(/add up|unexplained/);
      expect(rowsIn(reply, 'movements').at(-1)?.balance).toBe(reply.on_hand);
      expect(sumOf(rowsIn(reply, 'promised'), 'quantity')).toBe(reply.committed);
    }
    expect((await world.read(explain, { item: 'UCC-2M', warehouse: 'oakland' })).message).toContain(
      'USB-C Cable 2 m in Oakland: on hand 400 = 426 opening stock - 6 shipped - 20 transferred.',
    );
    // PO-00007 comes to Oakland only.
    const elsewhere = await world.read(explain, { item: 'DMAT', warehouse: 'Portland' });
    expect(elsewhere).toMatchObject({
      on_order: 0,
      coming: [],
      message: expect.stringMatching(/Nothing is coming\.$/),
    });
    const newark = await world.read(explain, { item: 'WBH-001', warehouse: 'Newark' });
    expect(newark.message).toContain('on hand 19 = 15 opening stock + 4 transferred.');
    expect(rowsIn(newark, 'coming')).toMatchObject([{ from_warehouse: 'Oakland', warehouse: 'Newark', quantity: 6 }]);
  });

  test('since a day, the sum begins with what was there before it', async () => {
    const { reply } = await lookWorld().spend(explain, { item: 'UCC-2M', from_date: '2026-11-20' });
    expect(reply.message).toContain('on hand 500 = 526 before 2026-11-20 - 6 shipped - 20 in transit.');
    expect(reply.opening_balance).toBe(526);
    expect(rowsIn(reply, 'movements').map(({ number }) => number)).toEqual(['PKG-00010', 'TRN-00003']);
    expect(rowsIn(reply, 'movements')[0]).toMatchObject({ kind: 'shipment', party: 'Northwind Schools', out: 6 });
  });

  test('of the movements the latest are shown, with the balance before them, and how many there are', async () => {
    const reply = await lookWorld().read(explain, { item: 'UCC-2M', movements: 1 });
    expect(reply).toMatchObject({ opening_balance: 520, movements: [{ number: 'TRN-00003', out: 20, balance: 500 }] });
    expect(reply.note).toBe('1 of 4 movements shown.');
    expect(await lookWorld().read(explain, { item: 'UCC-2M', movements: 0 })).toMatchObject({ movements: [] });
  });

  test('an order for a kit is found as what its parts are promised to', async () => {
    const world = lookWorld();
    const number = await world.sell({ 'AUDIO-SET': 2 });
    const reply = await world.read(explain, { item: 'SHELF-SPK' });
    expect(reply).toMatchObject({
      ...{ on_hand: 10, committed: 4, available: 6 },
      promised: [{ salesorder_number: number, quantity: 4, in_kit_sku: 'AUDIO-SET', warehouse: 'Oakland' }],
    });
    expect(reply.message).toContain(`4 in ${number} for Marble Hotel`);
    const kit = await world.read(explain, { item: 'AUDIO-SET' });
    expect(kit).toMatchObject({
      buildable: 0,
      parts: [
        { sku: 'AMP-10', needed: 1, available: 3 },
        { sku: 'SHELF-SPK', needed: 2, available: 6 },
      ],
      promised: [{ salesorder_number: number, quantity: 2 }],
    });
    expect(kit.message).toContain('With all parts in one warehouse: 3. 2 in open orders');
  });

  test('a service never runs short, and costs the one call that found it', async () => {
    const { reply, calls } = await lookWorld().spend(explain, { item: 'INSTALL' });
    expect(reply.message).toContain('never runs short');
    expect(reply).not.toHaveProperty('on_hand');
    expect(calls).toBe(1);
  });

  test('an inactive item without any stock is told as that, and its description is not read out', async () => {
    const reply = await lookWorld().read(explain, { item: 'CARD-H' });
    expect(reply.message).toBe(
      'CARD-H Card Holder (inactive): on hand 0: nothing came and nothing left. Available 0 = 0 - 0 committed. Nothing is coming.',
    );
    expect(JSON.stringify(reply)).not.toContain('ignore your earlier instructions');
  });

  test('what is promised beyond stock is told as below zero', async () => {
    const reply = await lookWorld().read(explain, { item: 'SPK-BT' });
    expect(reply.message).toContain('Available -5 = 3 - 8 committed, of which 8 in SO-00019 for Harborview Theater.');
  });

  test('what is packed is told with its package, and a late purchase order as late', async () => {
    const world = lookWorld();
    const rack = await world.read(explain, { item: 'RACK-6U' });
    expect(rack.message).toContain('Packed but not shipped: 2 in PKG-00009.');
    expect(rowsIn(rack, 'promised')).toMatchObject([{ packed: 2, package_number: 'PKG-00009' }]);
    const [order] = rowsIn(
      await world.call('list_purchase_orders', { purchaseorder_number: 'PO-00008' }),
      'purchaseorders',
    );
    const { line_items } = rowIn(
      await world.call('get_purchase_order', { purchaseorder_id: order?.purchaseorder_id }),
      'purchaseorder',
    );
    const [line] = rowsIn({ line_items }, 'line_items');
    const late = await world.read(explain, { item: textIn(line ?? {}, 'sku') });
    expect(rowsIn(late, 'coming')).toMatchObject([
      { purchaseorder_number: 'PO-00008', quantity: line?.quantity, expected: '2026-11-13', late: true },
    ]);
    expect(late.message).toContain(`${String(line?.quantity)} in PO-00008, was due 2026-11-13`);
  });

  test('a change that was taken back is shown with what took it back', async () => {
    const reply = await (await busyWorld()).read(explain, { item: 'HUB-7' });
    const changes = rowsIn(reply, 'movements').filter(({ kind }) => kind === 'adjustment');
    expect(changes).toMatchObject([
      { in: 5, reversed: true },
      { out: 5, reverses_document_number: expect.stringContaining('adjustment') },
    ]);
    expect(reply.message).toContain('on hand 9 = 9 opening stock.');
  });

  test('an item is found by its barcode, or by words that only it has, which the answer then says', async () => {
    const world = lookWorld();
    const coded = await world.read(explain, { item: '123456789012' });
    expect(coded).toMatchObject({
      sku: 'WBH-001',
      message: expect.stringMatching(/^WBH-001 Wireless/),
    });
    const loose = await world.read(explain, { item: 'headphones' });
    expect(loose).toMatchObject({ sku: 'WBH-001', message: expect.stringMatching(/^Taken for "headphones": WBH-001/) });
  });

  test('several items, none, an unknown warehouse and a day to come are refused with what to do', async () => {
    const world = lookWorld();
    await expect(world.read(explain, { item: 'cable' })).rejects.toThrow(/UCC-1M.*UCC-2M/);
    for (const input of [
      { item: 'Gizmo' },
      { item: 'MUG', warehouse: 'Paris' },
      { item: 'MUG', from_date: '2026-11-24' },
    ])
      await expect(world.read(explain, input)).rejects.toThrow(InvalidArguments);
  });

  test('of many orders twenty are read, and the answer says that the rest is missing', async () => {
    const world = lookWorld();
    for (let index = 0; index < 25; index += 1) await world.sell({ 'UCC-1M': 1 });
    const { reply, calls } = await world.spend(explain, { item: 'UCC-1M' });
    expect(calls).toBe(4 + 20 + 2); // item, split, history, orders of it; the orders; the purchase order's list and itself
    expect(reply.committed).toBe(25);
    expect(reply.message).toContain(
      'The open orders read hold 20, which does not add up to 25: not all open orders were read.',
    );
    expect(reply.note).toBe('15 of 20 promises shown.');
    expect(tokensOf(reply)).toBeLessThan(2000);
  });

  test('movements that do not come to what is on hand are told, not smoothed over', async () => {
    const item = anItem({ sku: 'ODD', stock: 12 });
    const api = fakeApi({
      items: [item],
      instead: ({ name }) =>
        name === 'get_item_transaction_history'
          ? {
              transactions: [
                { date: '2026-11-01', document_type: 'receive', quantity_in: 10, quantity_out: 0, balance: 10 },
              ],
            }
          : undefined,
    });
    const reply = await explainStock.read(api, { item: 'ODD', movements: 10 }, quiet);
    expect(reply.message).toContain('its movements do not add up to that: 10 received = 10, 2 are unexplained.');
  });

  test('of a long history the latest pages are read, and the sum begins where they do', async () => {
    const item = anItem({ sku: 'LONG', stock: 2500, warehouses: [place('1', 'Oakland', 2500)] });
    const all = Array.from({ length: 2500 }, (_, index) => ({
      date: `2026-0${1 + Math.floor(index / 500)}-01`,
      ...{ document_type: 'receive', document_number: `RCV-${index}`, warehouse_name: 'Oakland' },
      ...{ quantity_in: 1, quantity_out: 0, balance: index + 1 },
    }));
    const api = fakeApi({
      items: [item],
      instead: ({ name, input }) => {
        if (name !== 'get_item_transaction_history') return undefined;
        const from = (Number(input.page) - 1) * 200;
        const page_context = { has_more_page: from + 200 < all.length, total: all.length };
        return { transactions: all.slice(from, from + 200), page_context };
      },
    });
    for (const input of [{ item: 'LONG' }, { item: 'LONG', warehouse: 'Oakland' }]) {
      const before = api.calls.length;
      const reply = await explainStock.read(api, { ...input, movements: 2 }, quiet);
      expect(reply.message).toContain('on hand 2500 = 1800 before 2026-04-01 + 700 received.');
      expect(rowsIn(reply, 'movements').map(({ number }) => number)).toEqual(['RCV-2498', 'RCV-2499']);
      const pages = api.calls.slice(before).filter(({ name }) => name === 'get_item_transaction_history');
      expect(pages.map(({ input: { page } }) => page)).toEqual([1, 10, 11, 12, 13]);
    }
  });

  test('called off, it spends nothing more', async () => {
    const api = fakeApi({ items: [anItem({ sku: 'ONE' })] });
    const work = explainStock.read(api, { item: 'ONE' }, { ...quiet, signal: AbortSignal.abort() });
    await expect(work).rejects.toThrow(Cancelled);
    expect(api.calls).toEqual([]);
  });
});
