import { describe, expect, test } from 'vitest';
import { InvalidArguments, Rejected } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import { workflowEffect } from '../../../src/workflows/define.ts';
import { workflowByName } from '../../../src/workflows/index.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { amendLines } from '../../../src/workflows/selling/amend-order-lines.ts';
import { errorOf, fulfilWorld } from '../fulfil-world.ts';
import { interrupt } from '../interrupt.ts';
import { describeReplay } from '../replayed.ts';

const amend = 'amend_order';

/** The demo company, with orders as they are looked at here. */
function world() {
  const demo = fulfilWorld();
  const purchaseBy = async (number: string): Promise<Row> => {
    const [row] = rowsIn(await demo.call('list_purchase_orders', { purchaseorder_number: number }), 'purchaseorders');
    return rowIn(await demo.call('get_purchase_order', { purchaseorder_id: row?.purchaseorder_id }), 'purchaseorder');
  };
  return {
    ...demo,
    purchaseBy,
    plan: (input: Input) => demo.planOf(amend, input),
    amend: async (input: Input) => demo.run(amend, await demo.planOf(amend, input)),
    /** SKU, quantity and rate of each line. */
    linesOf: async (number: string) =>
      rowsIn(await (number.startsWith('PO') ? purchaseBy(number) : demo.orderBy(number)), 'line_items').map((line) => [
        line.sku,
        line.quantity,
        line.rate,
      ]),
    onOrder: async (sku: string) => (await demo.itemBy(sku)).quantity_ordered,
  };
}

/** SO-00018 with a second line of AIF-2, held in Newark. */
async function withTwoLines() {
  const demo = world();
  await demo.amend({ order: 'SO-00018', lines: [{ item: 'AIF-2', quantity: 1, warehouse: 'Newark' }] });
  return demo;
}

describe('amending a sales order', () => {
  test('a quantity is changed, and line, stock and worth are told before and after', async () => {
    const demo = world();
    const plan = await demo.plan({ order: 'SO-00016', lines: [{ item: 'ucc-2m', quantity: 8 }] });
    expect(plan.summary).toBe(
      'Amend sales order SO-00016, Northwind Schools: USB-C Cable 2 m (UCC-2M) 10 pcs -> 8 pcs',
    );
    expect(plan.preview).toEqual([
      'Sales order SO-00016, Northwind Schools, partially_shipped:',
      'line changed: 10 pcs USB-C Cable 2 m (UCC-2M) at 12.99 USD, Oakland -> 8 pcs',
      'USB-C Cable 2 m (UCC-2M) in Oakland: committed 4 -> 2 pcs, available 396 -> 398 pcs',
      'Goods and charges before tax: 129.90 USD -> 103.92 USD; total 140.94 USD -> 112.75 USD.',
    ]);
    expect(plan).toMatchObject({ documents: 1, raises: [], amountMinor: 10_392, addedMinor: 0 });
    const reply = await demo.run(amend, plan);
    expect(reply.message).toBe(
      'SO-00016 for Northwind Schools is changed: USB-C Cable 2 m (UCC-2M) 10 pcs -> 8 pcs. Total 140.94 USD -> 112.75 USD.',
    );
    expect(await demo.linesOf('SO-00016')).toEqual([['UCC-2M', 8, 12.99]]);
    expect(await demo.stock('UCC-2M')).toMatchObject({ Oakland: [400, 2, 0] });
  });

  test('it runs unasked where nothing raises it, as the plain update does', () => {
    const workflow = workflowByName.get(amend);
    expect(workflow && workflowEffect(workflow)).toBe('update');
    expect(workflow && 'alwaysConfirm' in workflow).toBe(false);
  });

  test('lines that are not named stay, with their ids, prices and discounts', async () => {
    const demo = world();
    await demo.call('update_sales_order', {
      salesorder_id: (await demo.orderBy('SO-00018')).salesorder_id,
      line_items: rowsIn(await demo.orderBy('SO-00018'), 'line_items').map((line, index) => ({
        line_item_id: line.line_item_id,
        description: 'as agreed',
        ...(index === 1 ? { discount: 10 } : {}),
      })),
    });
    const before = rowsIn(await demo.orderBy('SO-00018'), 'line_items');
    await demo.amend({ order: 'SO-00018', lines: [{ item: 'AIF-2', quantity: 2 }] });
    const after = rowsIn(await demo.orderBy('SO-00018'), 'line_items');
    expect(after[1]).toEqual(before[1]);
    expect(after[0]).toMatchObject({ line_item_id: before[0]?.line_item_id, quantity: 2, description: 'as agreed' });
  });

  test('a line is sent with its own name and with its place, where the record calls that a location', async () => {
    const line = { line_item_id: '11', item_id: '21', quantity: 2, rate: 3 };
    const row = { salesorder_id: '1', line_items: [{ ...line, location_id: '31', name: 'Mug, engraved', sku: 'MUG' }] };
    const wish = { lines: [{ item: '11', quantity: 4 }], closeShort: false };
    const { sent } = await amendLines(world().apiOf(amend), { kind: 'sales', row }, wish);
    expect(sent).toEqual([{ ...line, quantity: 4, name: 'Mug, engraved', warehouse_id: '31' }]);
  });

  test('a line is added at the price of the item, and one that is removed is asked about', async () => {
    const demo = world();
    const input = {
      order: 'SO-00018',
      lines: [
        { item: 'Logo Mug', quantity: 3 },
        { item: 'MIC-ARM', quantity: 0 },
      ],
    };
    const plan = await demo.plan(input);
    expect(plan.raises).toEqual([
      { rule: 'drops_lines', reason: expect.stringContaining('would drop 1 pcs Microphone Boom Arm (MIC-ARM)') },
    ]);
    expect(plan.preview).toContain('line added: 3 pcs Logo Mug (MUG) at 12.00 USD');
    expect(plan.preview).toContain('1 other line stays as it is.');
    await demo.run(amend, plan);
    expect(await demo.linesOf('SO-00018')).toMatchObject([
      ['AIF-2', 1, expect.any(Number)],
      ['MUG', 3, 12],
    ]);
  });

  test('more than there is raises, with the figures, and counts what is added against the limit', async () => {
    const plan = await world().plan({ order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 70 }] });
    expect(plan.raises).toEqual([
      {
        rule: 'promises_more',
        reason:
          'The order would promise more than there is: Wireless Bluetooth Headphones (WBH-001) in Oakland: 70 pcs wanted, 60 can be promised, 20 in other warehouses.',
      },
    ]);
    // 70 and 40 times 79.99
    expect([plan.amountMinor, plan.addedMinor]).toEqual([559_930, 319_960]);
  });

  test('a price that jumps raises; a small change of it does not', async () => {
    const demo = world();
    const at = async (rate: number) =>
      (await demo.plan({ order: 'SO-00012', lines: [{ item: 'WBH-001', rate }] })).raises.map(({ rule }) => rule);
    expect(await at(50)).toEqual(['price_change']);
    expect(await at(75)).toEqual([]);
  });

  test('closed short falls to what is packed, and the order goes on by that', async () => {
    const demo = world();
    const reply = await demo.amend({ order: 'SO-00016', close_short: true });
    expect(rowIn(reply, 'salesorder')).toMatchObject({ status: 'shipped', total: 84.56 });
    expect(await demo.stock('UCC-2M')).toMatchObject({ Oakland: [400, 0, 0] });
  });

  test('only the lines that are named are closed short where some are', async () => {
    const demo = world();
    const plan = await demo.plan({ order: 'SO-00018', lines: [{ item: 'MIC-ARM' }], close_short: true });
    expect(plan.raises).toMatchObject([{ rule: 'drops_lines' }]);
    await demo.run(amend, plan);
    expect(await demo.linesOf('SO-00018')).toMatchObject([['AIF-2', 1, expect.any(Number)]]);
  });

  test('dates, reference and notes change without the lines being sent', async () => {
    const demo = world();
    const plan = await demo.plan({
      order: 'SO-00012',
      shipment_date: '2026-12-01',
      reference_number: 'TS-9',
      notes: 'Gate 4',
    });
    expect(plan.preview).toEqual([
      'Sales order SO-00012, Tech Solutions Inc, confirmed:',
      'shipment_date: none -> "2026-12-01"',
      'reference_number: "TS-5208" -> "TS-9"',
      'notes: none -> "Gate 4"',
      'Its worth stays 2399.70 USD before tax.',
    ]);
    expect(plan).toMatchObject({ amountMinor: 0, addedMinor: 0, raises: [] });
    expect(rowIn(rowIn({ ...plan }, 'steps'), 'update')).not.toHaveProperty('line_items');
    await demo.run(amend, plan);
    expect(await demo.orderBy('SO-00012')).toMatchObject({ reference_number: 'TS-9', notes: 'Gate 4' });
  });

  test('a day of shipment or arrival before the day of the order is asked about', async () => {
    const demo = world();
    const { date } = await demo.orderBy('SO-00012');
    const early = await demo.plan({ order: 'SO-00012', shipment_date: '2025-01-02' });
    expect(early.raises).toEqual([
      { rule: 'early_date', reason: `shipment_date 2025-01-02 lies before the day of the order, ${String(date)}.` },
    ]);
    expect((await demo.plan({ order: 'SO-00012', shipment_date: String(date) })).raises).toEqual([]);
    const bought = await demo.plan({ order: 'PO-00007', expected_delivery_date: '2025-01-02' });
    expect(bought.raises).toMatchObject([{ rule: 'early_date' }]);
  });

  test('what is so already is not written', async () => {
    const demo = world();
    const plan = await demo.plan({ order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 10 }] });
    expect(plan.nothingToDo).toBe(true);
    const before = demo.callsSent();
    expect((await demo.run(amend, plan)).message).toContain('is so already; nothing was done');
    expect(demo.callsSent()).toBe(before);
  });

  test('a line of an order of one costs five calls in all by its number, four by its id', async () => {
    const demo = world();
    const before = demo.callsSent();
    await demo.amend({ order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 9 }] });
    expect(demo.callsSent() - before).toBe(5);
    const { salesorder_id: order } = await demo.orderBy('SO-00016');
    const again = demo.callsSent();
    await demo.amend({ order: String(order), lines: [{ item: 'UCC-2M', quantity: 8 }] });
    expect(demo.callsSent() - again).toBe(3);
  });

  test('ten lines of which one changes cost no more', async () => {
    const demo = world();
    const rows = rowsIn(await demo.call('list_items', { per_page: 200 }), 'items');
    const plenty = rows.filter((row) => row.track_inventory === true && Number(row.available_stock) > 5).slice(0, 10);
    const placed = await demo.run(
      'place_sales_order',
      await demo.planOf('place_sales_order', {
        customer: 'Marble Hotel',
        items: plenty.map(({ sku }) => ({ item: String(sku), quantity: 1 })),
      }),
    );
    const before = demo.callsSent();
    const order = textIn(rowIn(placed, 'salesorder'), 'salesorder_number');
    await demo.amend({ order, lines: [{ item: String(plenty[3]?.sku), quantity: 2 }] });
    expect(demo.callsSent() - before).toBe(5);
    expect((await demo.linesOf(order)).map(([, quantity]) => quantity)).toEqual([1, 1, 1, 2, 1, 1, 1, 1, 1, 1]);
  });
});

describe('amending a purchase order', () => {
  test('a line of an issued order is lowered unasked, and what is on order follows', async () => {
    const demo = world();
    const plan = await demo.plan({
      order: 'PO-00007',
      lines: [{ item: 'DMAT', quantity: 30 }],
      expected_delivery_date: '2026-12-01',
    });
    expect(plan.raises).toEqual([]);
    expect(plan.preview).toEqual([
      'Purchase order PO-00007, CableWorks, issued:',
      'line changed: 40 pcs Desk Mat (DMAT) at 9.50 USD, Oakland -> 30 pcs',
      '1 other line stays as it is.',
      'expected_delivery_date: "2026-11-26" -> "2026-12-01"',
      'Desk Mat (DMAT): on order 40 -> 30 pcs',
      'Goods and charges before tax: 790.00 USD -> 695.00 USD.',
    ]);
    await demo.run(amend, plan);
    expect(await demo.linesOf('PO-00007')).toEqual([
      ['DMAT', 30, 9.5],
      ['UCC-1M', 100, 4.1],
    ]);
    expect(await demo.onOrder('DMAT')).toBe(30);
    expect(await demo.purchaseBy('PO-00007')).toMatchObject({ expected_delivery_date: '2026-12-01' });
  });

  test('more of an issued order is asked about, of a draft it is not', async () => {
    const demo = world();
    const rules = async (order: string, item: string) =>
      (await demo.plan({ order, lines: [{ item, quantity: 60 }] })).raises.map(({ rule }) => rule);
    expect(await rules('PO-00007', 'DMAT')).toEqual(['orders_more']);
    expect(await rules('PO-00009', 'HUB-7')).toEqual([]);
  });

  test('a new line is asked about by its name, and a kit, which is not bought, is refused before the yes', async () => {
    const demo = world();
    const { raises } = await demo.plan({ order: 'PO-00007', lines: [{ item: 'UCC-2M', quantity: 5 }] });
    expect(raises).toEqual([
      {
        rule: 'orders_more',
        reason: 'The order is issued already and would order more: 5 pcs USB-C Cable 2 m (UCC-2M).',
      },
    ]);
    const error = await errorOf(demo.plan({ order: 'PO-00007', lines: [{ item: 'AUDIO-SET', quantity: 2, rate: 5 }] }));
    expect(error).toBeInstanceOf(InvalidArguments);
    expect(error).toMatchObject({ message: expect.stringContaining('AUDIO-SET is a kit, which is not bought') });
  });

  test('closed short after a part came in, it is closed; below what came in it is refused', async () => {
    const demo = world();
    const order = await demo.purchaseBy('PO-00007');
    await demo.call('receive_purchase_order', {
      purchaseorder_id: order.purchaseorder_id,
      line_items: rowsIn(order, 'line_items').map(({ line_item_id }) => ({ line_item_id, quantity_received: 25 })),
    });
    const below = await errorOf(demo.plan({ order: 'PO-00007', lines: [{ item: 'DMAT', quantity: 20 }] }));
    expect(below).toBeInstanceOf(Rejected);
    expect(below).toMatchObject({
      message: expect.stringContaining('Desk Mat (DMAT): 20 pcs wanted, 25 received'),
      facts: { too_low: [{ wanted: 20, least: 25 }] },
    });
    const reply = await demo.amend({ order: 'PO-00007', close_short: true });
    expect(rowIn(reply, 'purchaseorder')).toMatchObject({ status: 'closed' });
    expect([await demo.onOrder('DMAT'), await demo.onOrder('UCC-1M')]).toEqual([0, 0]);
  });
});

test("a new line of a foreign order costs what the item costs, by the order's own exchange rate", async () => {
  const demo = world();
  const [vendor] = rowsIn(await demo.call('list_contacts', { search_text: 'Nordklang' }), 'contacts');
  const { item_id } = await demo.itemBy('SPK-BT');
  const created = await demo.call('create_purchase_order', {
    vendor_id: vendor?.contact_id,
    line_items: [{ item_id, quantity: 2, rate: 40 }],
  });
  const number = textIn(rowIn(created, 'purchaseorder'), 'purchaseorder_number');
  const plan = await demo.plan({ order: number, lines: [{ item: 'WBH-001', quantity: 10 }] });
  // 45 USD at 1.10 USD a EUR; 80 EUR are 88 USD, 409.09 EUR more are 450.00 USD.
  expect(plan.preview).toContain('line added: 10 pcs Wireless Bluetooth Headphones (WBH-001) at 40.909091 EUR');
  expect(plan.preview).toContain('A draft: nothing is on order yet, no stock changes.');
  expect(plan.preview).toContain('Goods and charges before tax: 80.00 EUR -> 489.09 EUR.');
  expect([plan.amountMinor, plan.addedMinor]).toEqual([53_800, 45_000]);
  await demo.run(amend, plan);
  expect(await demo.linesOf(number)).toEqual([
    ['SPK-BT', 2, 40],
    ['WBH-001', 10, 40.909091],
  ]);
});

describe('what is refused before anything is sent', () => {
  const refused = async (input: Input, demo = world()) => {
    const error = await errorOf(demo.plan(input));
    expect(error).toMatchObject({ nothingSent: true });
    return error instanceof Error ? [error.constructor, error.message] : [];
  };

  test('a line below what is packed, with the figures', async () => {
    expect(await refused({ order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 5 }] })).toEqual([
      Rejected,
      expect.stringContaining('USB-C Cable 2 m (UCC-2M): 5 pcs wanted, 6 packed, 6 of them shipped'),
    ]);
    expect(await refused({ order: 'SO-00017', lines: [{ item: 'RACK-6U', quantity: 0 }] })).toEqual([
      Rejected,
      expect.stringContaining('2 packed, 0 of them shipped'),
    ]);
  });

  test('an order without a line', async () => {
    const [, message] = await refused({ order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 0 }] });
    expect(message).toContain('void_sales_order');
    const [, bought] = await refused({ order: 'PO-00009', close_short: true });
    expect(bought).toContain('cancel_purchase_order');
  });

  test('a name that is no item, or an order that is none, with what comes near', async () => {
    const error = await errorOf(world().plan({ order: 'SO-00016', lines: [{ item: 'UCC', quantity: 4 }] }));
    expect(error).toBeInstanceOf(InvalidArguments);
    expect(error).toMatchObject({
      facts: { candidates: expect.arrayContaining([expect.objectContaining({ sku: 'UCC-1M' })]) },
    });
    const [kind, message] = await refused({ order: 'SO-0001', notes: 'x' });
    expect(kind).toBe(InvalidArguments);
    expect(message).toContain('SO-00019');
  });

  test('a number that both a sales and a purchase order bear, until the id is given', async () => {
    const demo = world();
    const order = await demo.purchaseBy('PO-00009');
    await demo.call('update_purchase_order', {
      purchaseorder_id: order.purchaseorder_id,
      purchaseorder_number: 'SO-00016',
    });
    const [kind, message] = await refused({ order: 'SO-00016', notes: 'x' }, demo);
    expect(kind).toBe(InvalidArguments);
    expect(message).toContain(`purchase order (purchaseorder_id ${textIn(order, 'purchaseorder_id')})`);
    await demo.amend({ order: textIn(order, 'purchaseorder_id'), notes: 'Back door' });
    expect(await demo.purchaseBy('SO-00016')).toMatchObject({ notes: 'Back door' });
    expect((await demo.orderBy('SO-00016')).notes ?? '').toBe('');
  });

  test('an item that stands on two lines, until its line is named', async () => {
    const demo = await withTwoLines();
    const error = await errorOf(demo.plan({ order: 'SO-00018', lines: [{ item: 'AIF-2', quantity: 3 }] }));
    expect(error).toBeInstanceOf(InvalidArguments);
    const { candidates } = (error as InvalidArguments).facts; // parse boundary: looked at one line above
    expect(candidates).toMatchObject([{ warehouse: 'Oakland' }, { warehouse: 'Newark' }]);
    const [, newark] = rowsIn({ candidates }, 'candidates');
    await demo.amend({ order: 'SO-00018', lines: [{ item: textIn(newark ?? {}, 'line_item_id'), quantity: 3 }] });
    await demo.amend({ order: 'SO-00018', lines: [{ item: 'AIF-2', warehouse: 'Oakland', quantity: 2 }] });
    expect((await demo.linesOf('SO-00018')).map(([sku, quantity]) => [sku, quantity])).toEqual([
      ['AIF-2', 2],
      ['MIC-ARM', 1],
      ['AIF-2', 3],
    ]);
  });

  test('an order that is over, and a date of the other kind of order', async () => {
    expect((await refused({ order: 'SO-00013', notes: 'x' }))[1]).toContain('SO-00013 is void');
    expect((await refused({ order: 'SO-00012', expected_delivery_date: '2026-12-01' }))[1]).toContain('shipment_date');
    expect((await refused({ order: 'PO-00007', shipment_date: '2026-12-01' }))[1]).toContain('expected_delivery_date');
  });

  test('a wish that says nothing, twice the same line, or a new line without quantity', async () => {
    expect((await refused({ order: 'SO-00016', lines: [{ item: 'UCC-2M' }] }))[1]).toContain('say what changes');
    const twice = [
      { item: 'UCC-2M', quantity: 7 },
      { item: 'USB-C Cable 2 m', quantity: 8 },
    ];
    expect((await refused({ order: 'SO-00016', lines: twice }))[1]).toContain('named twice');
    expect((await refused({ order: 'SO-00016', lines: [{ item: 'MUG', rate: 1 }] }))[1]).toContain('give a quantity');
  });
});

describe('between plan and yes', () => {
  test('a plan rests on the order and the stock it read', async () => {
    const demo = world();
    const input = { order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 70 }] };
    const first = await demo.plan(input);
    expect((await demo.plan(input)).restsOn).toEqual(first.restsOn);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    await demo.run(
      'place_sales_order',
      await demo.planOf('place_sales_order', { customer: 'Marble Hotel', items: [{ item: 'WBH-001', quantity: 1 }] }),
    );
    const second = await demo.plan(input);
    expect(second.restsOn).not.toEqual(first.restsOn);
    await demo.amend({ order: 'SO-00012', lines: [{ item: 'WBH-001', rate: 78 }] });
    expect((await demo.plan(input)).restsOn).not.toEqual(second.restsOn);
  });

  test('an update that is refused leaves the order as it was, and a call that is called off too', async () => {
    const demo = world();
    const plan = await demo.plan({ order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 8 }] });
    const api = interrupt(demo.apiOf(amend), { update_sales_order: () => Promise.reject(new Rejected('Locked.')) });
    expect(await errorOf(demo.run(amend, plan, api))).toMatchObject({ kind: 'rejected', message: 'Locked.' });
    const cancelled = await errorOf(demo.run(amend, plan, demo.apiOf(amend), AbortSignal.abort()));
    expect(cancelled).toMatchObject({ kind: 'cancelled', nothingSent: true });
    expect(await demo.linesOf('SO-00016')).toEqual([['UCC-2M', 10, 12.99]]);
  });
});

describeReplay(amend, { order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 8 }] }, ['update_sales_order']);
