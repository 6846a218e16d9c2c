import { describe, expect, test } from 'vitest';
import { InvalidArguments } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import { workflowByName } from '../../../src/workflows/index.ts';
import { type Row, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { quiet } from '../fake-api.ts';
import { errorOf } from '../fulfil-world.ts';
import { interrupt } from '../interrupt.ts';
import { reasonsIn } from '../left-out.ts';
import { buyingWorld } from '../receive-world.ts';
import { describeReplay } from '../replayed.ts';

const name = 'reorder_low_stock';
type World = ReturnType<typeof buyingWorld>;

const quantities = (facts: Row = {}) => rowsIn(facts, 'lines').map(({ sku, quantity }) => [sku, quantity]);

/** Draft orders as they stand in the books, by number. */
async function drafted(world: World, reply: Row): Promise<Row[]> {
  const numbers = rowsIn(reply, 'purchaseorders').map((row) => textIn(row, 'purchaseorder_number'));
  return Promise.all(numbers.map(world.orderBy));
}

describe('a reorder for one warehouse', () => {
  const newark = { warehouse: 'Newark' };

  test('looks at what that warehouse holds, promises and awaits, and orders into it', async () => {
    const world = buyingWorld();
    const item_id = textIn(await world.itemBy('WBH-001'), 'item_id');
    // 80 in all, of which 15 in Newark: low there, and nowhere else
    expect((await world.plan(name, {})).preview.join()).not.toContain('WBH-001');
    const plan = await world.plan(name, newark);
    const line = rowsIn(plan.facts ?? {}, 'lines').find(({ sku }) => sku === 'WBH-001');
    expect(line).toMatchObject({ item_id, quantity: 25 });
    expect(plan.summary).toMatch(/^Reorder for Newark: /);
    const words = plan.preview.find((text) => text.includes('WBH-001'));
    expect(words).toContain('on hand 15, committed 0, on order 0, in drafts 0; position 15 is at or below level 20');
    // 60 in Oakland less 30 promised, and 5 in Portland
    expect(words).toContain('; 35 free in other warehouses, a transfer may do');
    const reply = await world.run(name, plan);
    for (const order of await drafted(world, reply))
      for (const row of rowsIn(order, 'line_items')) expect(row.warehouse_name).toBe('Newark');
    const again = await world.plan(name, newark);
    expect(again.nothingToDo).toBe(true);
    expect(reasonsIn(again)['WBH-001']).toMatch(/25 in draft PO-000\d\d/);
  });

  test('what it never carried is counted, not ordered', async () => {
    const plan = await buyingWorld().plan(name, newark);
    expect(quantities(plan.facts).map(([sku]) => sku)).not.toContain('DMAT');
    expect(plan.preview).toContainEqual(
      expect.stringMatching(/^\d+ more items below the reorder level that Newark neither holds, promises nor awaits/),
    );
    const named = await buyingWorld().plan(name, { ...newark, items: [{ item: 'DMAT' }] });
    expect(quantities(named.facts)).toEqual([['DMAT', 30]]);
  });

  test('orders and drafts for other warehouses do not count, those for this one do', async () => {
    const world = buyingWorld();
    const newarkId = await world.warehouseId('Newark');
    const wish = { ...newark, items: [{ item: 'DMAT' }] };
    // the 40 of PO-00007 go to Oakland
    expect((await world.plan(name, wish)).preview[2]).toContain('on hand 0, committed 0, on order 0, in drafts 0');
    await world.order('CableWorks', [['DMAT', 6, { warehouse_id: newarkId }]]);
    await world.order(
      'CableWorks',
      [
        ['DMAT', 5, { warehouse_id: newarkId }],
        ['DMAT', 70],
      ],
      {},
      false,
    );
    const plan = await world.plan(name, wish);
    expect(plan.preview[2]).toContain('on hand 0, committed 0, on order 6, in drafts 5; position 11');
    await world.order('CableWorks', [['DMAT', 5, { warehouse_id: newarkId }]]);
    const enough = await world.plan(name, wish);
    expect(reasonsIn(enough).DMAT).toMatch(
      /^enough on order \(5 in PO-00012.*; 6 in PO-00010.*; 5 in draft PO-00011\): position 16/,
    );
  });

  test('a transfer on its way to it counts, one that leaves it does not', async () => {
    const world = buyingWorld();
    await world.call('update_item', { item_id: textIn(await world.itemBy('UCC-2M'), 'item_id'), reorder_level: 110 });
    // TRN-00003 brings 20 from Oakland to the 100 in Newark
    for (const more of [{}, { items: [{ item: 'UCC-2M' }] }]) {
      const plan = await world.plan(name, { ...newark, ...more });
      expect(reasonsIn(plan)['UCC-2M']).toBe('position 120 is above level 110');
    }
    await world.call('update_item', { item_id: textIn(await world.itemBy('UCC-2M'), 'item_id'), reorder_level: 500 });
    const oakland = await world.plan(name, { warehouse: 'Oakland', items: [{ item: 'UCC-2M' }] });
    expect(oakland.preview[2]).not.toContain('in transit');
  });

  test('a warehouse that is not named exactly is refused', async () => {
    expect(await errorOf(buyingWorld().plan(name, { warehouse: 'New' }))).toBeInstanceOf(InvalidArguments);
  });
});

describe('a reorder with terms of buying', () => {
  const both = { default_vendor: 'PaperCo' };

  test('a vendor below the least order is left out with what is missing, and the others are ordered', async () => {
    const world = buyingWorld();
    const plan = await world.plan(name, { ...both, min_order_value: 216.01 });
    expect(plan).toMatchObject({ documents: 1, amountMinor: 125_000 });
    expect(quantities(plan.facts)).toEqual([['SPK-BT', 25]]);
    expect(reasonsIn(plan).LAMP).toBe('all of PaperCo comes to 216.00 USD, 0.01 USD short of min_order_value');
    expect((await world.plan(name, { ...both, min_order_value: 216 })).documents).toBe(2);
    const none = await world.plan(name, { ...both, min_order_value: 5000 });
    expect(none).toMatchObject({ nothingToDo: true, documents: 0, amountMinor: 0 });
    expect(await world.spent(() => world.run(name, none))).toBe(0);
  });

  test('packs hold for all items, and an item keeps its own', async () => {
    const world = buyingWorld();
    expect(quantities((await world.plan(name, { ...both, pack_size: 8 })).facts)).toEqual([
      ['SPK-BT', 32],
      ['LAMP', 16],
    ]);
    const items = [{ item: 'SPK-BT', pack_multiple: 12 }, { item: 'LAMP' }];
    expect(quantities((await world.plan(name, { ...both, pack_size: 8, items })).facts)).toEqual([
      ['SPK-BT', 36],
      ['LAMP', 16],
    ]);
  });

  test('an item that is named twice with other limits, by whatever names, is refused: one of its limits would be lost', async () => {
    const items = [
      { item: 'SPK-BT', minimum_quantity: 50 },
      { item: 'Bluetooth Speaker', pack_multiple: 4 },
    ];
    expect(await errorOf(buyingWorld().plan(name, { ...both, items }))).toMatchObject({
      kind: 'invalid_arguments',
      nothingSent: true,
      message: expect.stringContaining('SPK-BT is named twice'),
    });
  });

  test('the lead time dates the drafts', async () => {
    const world = buyingWorld();
    const plan = await world.plan(name, { lead_time_days: 10 });
    expect(plan.preview).toContain('Expected delivery of the drafts: 2026-12-03.');
    const [order] = await drafted(world, await world.run(name, plan));
    expect(order).toMatchObject({ expected_delivery_date: '2026-12-03', status: 'draft' });
    const [undated] = await drafted(
      world,
      await world.run(name, await world.plan(name, { default_vendor: 'PaperCo' })),
    );
    expect(undated?.expected_delivery_date ?? '').toBe('');
  });
});

describe('a catalog longer than a page', () => {
  test('is reordered by the low stock report, to the very same orders', async () => {
    const world = buyingWorld();
    await world.call('update_item', { item_id: textIn(await world.itemBy('CRT-OLD'), 'item_id'), reorder_level: 25 });
    const asked: string[] = [];
    // The page ends before any of what is low, and says that there is more.
    const cut = interrupt(world.apiOf(name), {
      list_items: async (go) => {
        const { items: _, ...reply } = await go();
        asked.push('list_items');
        return { ...reply, items: [], page_context: { has_more_page: asked.length === 1 } };
      },
      get_low_stock_report: (go) => {
        asked.push('get_low_stock_report');
        return go();
      },
    });
    const workflow = workflowByName.get(name);
    if (!workflow || !('plan' in workflow)) throw new Error('it does not write');
    const plan = await workflow.plan(cut, { default_vendor: 'PaperCo' }, quiet);
    expect(asked.slice(0, 2)).toEqual(['list_items', 'get_low_stock_report']);
    // Only why an item is left out is told with fewer words: the report and the items took the calls.
    const short = await world.plan(name, { default_vendor: 'PaperCo' });
    const { facts = {}, restsOn, documents, amountMinor, summary } = short;
    expect(plan).toMatchObject({ facts, restsOn, documents, amountMinor, summary });
    expect(Object.keys(reasonsIn(plan))).toEqual(Object.keys(reasonsIn(short)));
    expect(quantities(plan.facts).map(([sku]) => sku)).toEqual(['SPK-BT', 'LAMP', 'CRT-OLD']);
  });
});

describe('the calls of a reorder', () => {
  /** Low goods of so many vendors, none of which needs a word of explanation, and so many drafts beside the one there is. */
  async function company(vendors: number, drafts: number) {
    const world = buyingWorld();
    for (const sku of ['DMAT', 'LAMP', 'HUB-7', 'SPK-BT'])
      await world.call('update_item', { item_id: textIn(await world.itemBy(sku), 'item_id'), reorder_level: 0 });
    const names = ['CableWorks', 'AudioTech', 'PaperCo', 'Stagecraft Supply', 'Nordklang GmbH'].slice(0, vendors);
    for (const vendor of names) {
      const item = { name: `Low of ${vendor}`, sku: `LOW-${vendor}`, rate: 9, purchase_rate: 4, reorder_level: 5 };
      await world.call('create_item', { ...item, item_type: 'inventory', vendor_id: await world.vendorId(vendor) });
    }
    for (let count = 0; count < drafts; count += 1) await world.order('PaperCo', [['MUG', 1]], {}, false);
    return world;
  }

  test.each([
    [1, 0],
    [2, 3],
    [5, 2],
  ])('with %i vendors and %i more drafts plan and run spend 3, one a draft and one a vendor', async (vendors, more) => {
    const world = await company(vendors, more);
    // SPK-BT is promised beyond stock, level or not: Nordklang, the last of the five, is always written to.
    const served = Math.min(vendors + 1, 5);
    let documents = 0;
    const calls = await world.spent(async () => {
      const plan = await world.plan(name, {});
      documents = plan.documents;
      await world.run(name, plan);
    });
    expect(documents).toBe(served);
    expect(calls).toBeLessThanOrEqual(3 + (more + 1) + documents);
  });

  test('what is left out is explained within 3 calls, one a draft and one a vendor', async () => {
    const world = buyingWorld();
    const spent = async (input: Input) => {
      let documents = 0;
      const calls = await world.spent(async () => {
        documents = (await world.plan(name, input)).documents;
      });
      return [documents, calls];
    };
    // items, drafts and PO-00009, Nordklang, and the list of orders that bring DMAT
    expect(await spent({})).toEqual([1, 3 + 1 + 1]);
  });
});

describeReplay(name, { warehouse: 'Newark', items: [{ item: 'WBH-001' }], lead_time_days: 5 }, [
  'create_purchase_order',
]);

test('amounts are held against the books: a draft comes to what the plan said', async () => {
  const world = buyingWorld();
  const plan = await world.plan(name, { default_vendor: 'PaperCo', pack_size: 10 });
  const orders = await drafted(world, await world.run(name, plan));
  const net = orders.map((order) => Number(order.sub_total) * Number(order.exchange_rate));
  expect(net.reduce((sum, value) => sum + value, 0)).toBeCloseTo(plan.amountMinor / 100, 2);
});
