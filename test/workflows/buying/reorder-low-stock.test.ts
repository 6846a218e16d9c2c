import { describe, expect, test } from 'vitest';
import { InvalidArguments, OutcomeUnknown, PartlyDone, Rejected } from '../../../src/errors.ts';
import { rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { demoWorld } from '../demo-world.ts';
import { interrupt } from '../interrupt.ts';
import { reasonsIn } from '../left-out.ts';

type World = ReturnType<typeof demoWorld>;
const name = 'reorder_low_stock';

const drafts = async (world: World) =>
  rowsIn(await world.call('list_purchase_orders', { filter_by: 'Status.Draft' }), 'purchaseorders');

async function itemId(world: World, sku: string): Promise<string> {
  const rows = rowsIn(await world.call('list_items', { search_text: sku, filter_by: 'Status.All' }), 'items');
  return textIn(rows.find((row) => row.sku === sku) ?? {}, 'item_id');
}

async function vendorId(world: World, contactName: string): Promise<string> {
  const rows = rowsIn(await world.call('list_contacts', { contact_name: contactName }), 'contacts');
  return textIn(rows[0] ?? {}, 'contact_id');
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('reordering in the demo company', () => {
  test('the plan is 25 speakers from Nordklang in euros, and nothing else', async () => {
    const plan = await demoWorld().plan(name, {});
    expect(plan).toMatchObject({
      summary: 'Reorder: 1 draft purchase order to Nordklang GmbH: 1 line, 25 units, 1250.00 USD',
      documents: 1,
      amountMinor: 125_000,
    });
    expect(plan.facts).toEqual({
      rule: 'position',
      lines: [
        {
          sku: 'SPK-BT',
          item_id: expect.stringMatching(/^\d+$/),
          quantity: 25,
          vendor_id: expect.stringMatching(/^\d+$/),
          unit_price: 45.454545,
          currency_code: 'EUR',
          cost: 1136.36,
        },
      ],
      total: 1250,
      currency_code: 'USD',
    });
    expect(plan.preview.slice(0, 2)).toEqual([
      'Nordklang GmbH: 1 line, 1136.36 EUR (1250.00 USD)',
      "- 25 x SPK-BT Bluetooth Speaker at 45.454545 = 1136.36 EUR; on hand 3, committed 8, on order 0, in drafts 0; position -5 is at or below level 10; ordered up to 20; price: the item's purchase rate 50.00 USD at 1.1 USD a EUR (the contact's exchange rate)",
    ]);
  });

  test('nothing is said twice to a model that reads the plan', async () => {
    const { facts = {}, preview } = await demoWorld().plan(name, {});
    expect(JSON.stringify(facts)).not.toMatch(/left_out|enough on order|purchase rate/);
    expect(preview.filter((line) => line.startsWith('Left out: '))).toHaveLength(3);
  });

  test('of many items left out the preview gives eight reasons and names the rest', async () => {
    const world = demoWorld();
    const rows = rowsIn(await world.call('list_items', { per_page: 200 }), 'items');
    const items = rows.slice(0, 20).map(({ sku }) => ({ item: String(sku) }));
    const plan = await world.plan(name, { items: [...items, { item: 'SPK-BT' }] });
    const left = Object.keys(reasonsIn(plan));
    expect(plan.preview.filter((line) => line.startsWith('Left out: '))).toHaveLength(8);
    expect(plan.preview).toContain(`Left out too, reasons in the result: ${left.slice(8).join(', ')}`);
    expect(rowsIn(await world.run(name, plan), 'left_out').map(({ sku }) => sku)).toEqual(left);
  });

  test('what is low and not ordered is named with its reason', async () => {
    const plan = await demoWorld().plan(name, {});
    const left = reasonsIn(plan);
    expect(Object.keys(left).sort()).toEqual(['DMAT', 'HUB-7', 'LAMP']);
    expect(left.DMAT).toBe('enough on order (40 in PO-00007, due 2026-11-26): position 44 is above level 15');
    expect(left['HUB-7']).toBe('enough on order (5 in draft PO-00009): position 14 is above level 10');
    expect(left.LAMP).toBe('no vendor: set one on the item, or give default_vendor');
    for (const reason of Object.values(left)) expect(plan.preview.join('\n')).toContain(reason);
  });

  test('an item asked for by name is told in full: where its stock stands, and which orders bring it', async () => {
    const left = reasonsIn(await demoWorld().plan(name, { items: [{ item: 'LAMP' }, { item: 'DMAT' }] }));
    expect(left.LAMP).toMatch(/^no vendor: .*2 in Oakland, 6 in Newark: a transfer may help/);
    expect(left.DMAT).toBe('enough on order (40 in PO-00007, due 2026-11-26): position 44 is above level 15');
  });

  test('it costs at most 3 calls, one a draft and one a vendor, and what is left out says so as far as they go', async () => {
    const world = demoWorld();
    const vendors = ['CableWorks', 'PaperCo', 'Nordklang GmbH'];
    let drafts = 1;
    for (const more of [undefined, 'UCC-1M', 'MUG', 'WBH-001']) {
      if (more !== undefined) {
        const item_id = await itemId(world, more);
        await world.call('update_item', { item_id, reorder_level: 900 });
        const vendor_id = await vendorId(world, vendors[drafts - 1] ?? '');
        const order = await world.call('create_purchase_order', {
          vendor_id,
          line_items: [{ item_id, quantity: 1_800 }],
        });
        const { purchaseorder_id } = rowIn(order, 'purchaseorder');
        if (more === 'MUG') await world.call('issue_purchase_order', { purchaseorder_id: String(purchaseorder_id) });
        else drafts += 1;
      }
      const before = world.callsSent();
      const plan = await world.plan(name, {});
      const spent = world.callsSent() - before;
      const named = new Set(rowsIn(plan.facts ?? {}, 'lines').map(({ vendor_id }) => vendor_id)).size;
      expect({ more, spent, isWithin: spent <= 3 + drafts + named }).toMatchObject({ isWithin: true });
      expect(reasonsIn(plan).DMAT).toMatch(/^enough on order \(40 in (open orders, perhaps )?PO-00007, due 2026-11-26/);
    }
  });

  test('planning writes nothing, and the plan survives a store', async () => {
    const world = demoWorld();
    const before = await drafts(world);
    const plan = await world.plan(name, {});
    expect(await drafts(world)).toEqual(before);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test('the draft written is the one planned, and a second run orders nothing', async () => {
    const world = demoWorld();
    const reply = await world.run(name, await world.plan(name, {}));
    const [order] = rowsIn(reply, 'purchaseorders');
    expect(order).toMatchObject({ purchaseorder_number: 'PO-00010', status: 'draft', currency_code: 'EUR' });
    const id = textIn(order ?? {}, 'purchaseorder_id');
    const stored = rowIn(await world.call('get_purchase_order', { purchaseorder_id: id }), 'purchaseorder');
    expect(stored).toMatchObject({ vendor_name: 'Nordklang GmbH', status: 'draft', currency_code: 'EUR' });
    expect(rowsIn(stored, 'line_items')).toMatchObject([{ name: 'Bluetooth Speaker', quantity: 25 }]);

    const again = await world.plan(name, {});
    expect(again).toMatchObject({ nothingToDo: true, documents: 0, summary: 'Reorder low stock: nothing to order' });
    expect(reasonsIn(again)['SPK-BT']).toContain('25 in draft PO-00010');
    const nothing = await world.run(name, again);
    expect(nothing).toMatchObject({ message: 'Nothing to order.', purchaseorders: [] });
    expect((await drafts(world)).map(({ purchaseorder_number }) => purchaseorder_number)).toEqual([
      'PO-00010',
      'PO-00009',
    ]);
  });

  test('a draft that somebody else writes between plan and yes changes what the plan rests on', async () => {
    const world = demoWorld();
    const plan = await world.plan(name, {});
    expect((await world.plan(name, {})).restsOn).toEqual(plan.restsOn);
    await world.call('create_purchase_order', {
      vendor_id: await vendorId(world, 'Nordklang GmbH'),
      line_items: [{ item_id: await itemId(world, 'SPK-BT'), quantity: 5 }],
    });
    const changed = await world.plan(name, {});
    expect(changed.restsOn).not.toEqual(plan.restsOn);
    expect(changed.facts?.lines).toMatchObject([{ sku: 'SPK-BT', quantity: 20 }]);
    expect(changed.preview[1]).toContain('in drafts 5; position 0');
  });

  test("by the reference's formula orders and drafts do not count", async () => {
    const plan = await demoWorld().plan(name, { rule: 'reference' });
    const quantities = rowsIn(plan.facts ?? {}, 'lines').map(({ sku, quantity }) => [sku, quantity]);
    expect(Object.fromEntries(quantities)).toEqual({ DMAT: 26, 'SPK-BT': 17, 'HUB-7': 11 });
    expect(plan.preview).toContain('This rule does not count what is coming already: 40 DMAT, 5 HUB-7.');
  });

  test('an item without a level whose shortage is in a draft already is left out for that draft', async () => {
    const world = demoWorld();
    const item_id = await itemId(world, 'SHELF-SPK');
    const [customer] = rowsIn(await world.call('list_contacts', { contact_type: 'customer' }), 'contacts');
    const line_items = [{ item_id, quantity: 15 }];
    const order = await world.call('create_sales_order', { customer_id: customer?.contact_id, line_items });
    await world.call('confirm_sales_order', { salesorder_id: rowIn(order, 'salesorder').salesorder_id });
    const draft = await world.call('create_purchase_order', {
      vendor_id: await vendorId(world, 'Nordklang GmbH'),
      line_items: [{ item_id, quantity: 40 }],
    });
    const number = rowIn(draft, 'purchaseorder').purchaseorder_number;
    const plan = await world.plan(name, { items: [{ item: 'SHELF-SPK' }] });
    expect(plan.preview.join('\n')).toContain(`enough on order (40 in draft ${number})`);
  });

  test('vendors may be named, to order from them alone or not at all', async () => {
    const world = demoWorld();
    const skus = async (wish: object) =>
      rowsIn((await world.plan(name, { default_vendor: 'PaperCo', ...wish })).facts ?? {}, 'lines').map(
        ({ sku }) => sku,
      );
    expect(await skus({})).toEqual(['SPK-BT', 'LAMP']);
    expect(await skus({ vendors: ['PaperCo'] })).toEqual(['LAMP']);
    expect(await skus({ skip_vendors: ['PaperCo'] })).toEqual(['SPK-BT']);
    expect(await skus({ vendors: ['PaperCo', 'Nordklang GmbH'], skip_vendors: ['PaperCo'] })).toEqual(['SPK-BT']);
    const plan = await world.plan(name, { default_vendor: 'PaperCo', skip_vendors: ['PaperCo'] });
    expect(plan.preview).toContain('Left out: LAMP Clip Lamp: its vendor is not among those wanted');
    await expect(world.plan(name, { skip_vendors: ['Nordklang'] })).rejects.toThrow(InvalidArguments);
  });

  test('a default vendor takes what has none, one draft a vendor', async () => {
    const world = demoWorld();
    const plan = await world.plan(name, { default_vendor: 'paperco' });
    expect(plan.documents).toBe(2);
    expect(plan.facts?.lines).toMatchObject([
      { sku: 'SPK-BT', vendor_id: await vendorId(world, 'Nordklang GmbH') },
      {
        sku: 'LAMP',
        vendor_id: await vendorId(world, 'PaperCo'),
        quantity: 12,
        unit_price: 18,
        cost: 216,
        currency_code: 'USD',
      },
    ]);
    expect(plan.amountMinor).toBe(125_000 + 21_600);
    const reply = await world.run(name, plan);
    expect(rowsIn(reply, 'purchaseorders').map(({ vendor_name }) => vendor_name)).toEqual([
      'Nordklang GmbH',
      'PaperCo',
    ]);
  });

  test('limited to some items it says of each why it is not ordered', async () => {
    const items = ['SPK-BT', 'MUG', 'AUDIO-SET', 'INSTALL', 'CARD-H', 'UCC-1M'].map((item) => ({ item }));
    const plan = await demoWorld().plan(name, { items });
    expect(rowsIn(plan.facts ?? {}, 'lines').map(({ sku }) => sku)).toEqual(['SPK-BT']);
    expect(reasonsIn(plan)).toMatchObject({
      MUG: 'position 50 is above level 10',
      'AUDIO-SET': 'a kit: order its parts instead',
      INSTALL: 'its stock is not tracked',
      'CARD-H': 'inactive',
    });
  });

  test('a target, a minimum and a pack size are kept to', async () => {
    const world = demoWorld();
    const quantityFor = async (limits: Record<string, number>) => {
      const plan = await world.plan(name, { items: [{ item: 'SPK-BT', ...limits }] });
      return rowsIn(plan.facts ?? {}, 'lines')[0]?.quantity;
    };
    expect(await quantityFor({ max_level: 30 })).toBe(35);
    expect(await quantityFor({ minimum_quantity: 50 })).toBe(50);
    expect(await quantityFor({ pack_multiple: 12 })).toBe(36);
  });

  test('an item without a purchase price is left out', async () => {
    const world = demoWorld();
    await world.call('update_item', { item_id: await itemId(world, 'SPK-BT'), purchase_rate: 0 });
    const plan = await world.plan(name, {});
    expect(plan.nothingToDo).toBe(true);
    expect(reasonsIn(plan)['SPK-BT']).toContain('no purchase price');
  });

  test('goods in transit between warehouses count', async () => {
    const world = demoWorld();
    await world.call('update_item', { item_id: await itemId(world, 'UCC-2M'), reorder_level: 510 });
    // 500 on hand less 4 still promised, and 20 on their way to Newark
    for (const input of [{}, { items: [{ item: 'UCC-2M' }] }]) {
      const plan = await world.plan(name, input);
      expect(reasonsIn(plan)['UCC-2M']).toContain('position 516 is above level 510');
    }
  });

  test('names that are not exact answer with candidates', async () => {
    await expect(demoWorld().plan(name, { default_vendor: 'Nordklang' })).rejects.toThrow(InvalidArguments);
    await expect(demoWorld().plan(name, { items: [{ item: 'Speaker' }] })).rejects.toThrow(InvalidArguments);
  });
});

describe('a reorder that fails in the middle', () => {
  const both = { default_vendor: 'PaperCo' };
  const failing = (world: World, at: number, error: Error) => {
    let created = 0;
    return interrupt(world.apiOf(name), {
      create_purchase_order: (go) => {
        created += 1;
        return created === at ? Promise.reject(error) : go();
      },
    });
  };

  test('says what is done, what failed and what was not started; running again orders the rest', async () => {
    const world = demoWorld();
    const plan = await world.plan(name, both);
    const error = await errorOf(world.run(name, plan, failing(world, 2, new Rejected('Vendor is on hold.'))));
    expect(error).toBeInstanceOf(PartlyDone);
    expect(error).toMatchObject({
      facts: {
        done: [expect.stringMatching(/^wrote draft PO-00010 for Nordklang GmbH \(purchaseorder_id \d+\)$/)],
        failed: ['writing the draft for PaperCo'],
        not_started: [],
        undo: [expect.stringMatching(/^delete_purchase_order \(purchaseorder_id \d+\)$/)],
      },
      message: expect.stringMatching(/Vendor is on hold\.[\s\S]*run reorder_low_stock again/),
    });
    const rest = await world.plan(name, both);
    expect(rowsIn(rest.facts ?? {}, 'lines').map(({ sku }) => sku)).toEqual(['LAMP']);
  });

  test('a first draft that is refused is just that refusal', async () => {
    const world = demoWorld();
    const plan = await world.plan(name, both);
    expect(await errorOf(world.run(name, plan, failing(world, 1, new Rejected('No.'))))).toBeInstanceOf(Rejected);
  });

  test('a lost answer is told as unknown, and nothing more is started', async () => {
    const world = demoWorld();
    const plan = await world.plan(name, both);
    const error = await errorOf(world.run(name, plan, failing(world, 1, new OutcomeUnknown('No answer.'))));
    expect(error).toMatchObject({
      kind: 'outcome_unknown',
      facts: {
        done: [],
        failed: ['writing the draft for Nordklang GmbH (may or may not have happened)'],
        not_started: ['writing the draft for PaperCo'],
      },
      message: expect.stringContaining('list_purchase_orders'),
    });
    expect(await drafts(world)).toHaveLength(1);
  });
});
