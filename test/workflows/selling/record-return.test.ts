import { describe, expect, test } from 'vitest';
import { InvalidArguments, Rejected } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import { workflowEffect } from '../../../src/workflows/define.ts';
import { workflowByName } from '../../../src/workflows/index.ts';
import { rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { anItem, fakeApi, quiet } from '../fake-api.ts';
import { errorOf, fulfilWorld } from '../fulfil-world.ts';
import { interrupt } from '../interrupt.ts';
import { describeReplay } from '../replayed.ts';

const back = 'record_return';
const twoCables = { sales_order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 2 }] };

function world() {
  const demo = fulfilWorld();
  return {
    ...demo,
    plan: (input: Input) => demo.planOf(back, input),
    record: async (input: Input) => demo.run(back, await demo.planOf(back, input)),
    returns: async () => {
      const list = await demo.call('list_stock_adjustments', { per_page: 200 });
      return rowsIn(list, 'inventory_adjustments').filter((row) => row.adjustment_type === 'returns');
    },
  };
}

describe('recording a return', () => {
  test('goods come back into stock by one adjustment that names the order', async () => {
    const demo = world();
    const plan = await demo.plan(twoCables);
    expect(plan.summary).toBe('Record return from SO-00016, Northwind Schools: 2 UCC-2M back into stock');
    expect(plan.preview).toEqual([
      'Sales order SO-00016, Northwind Schools; the order itself does not change.',
      '2 of 6 shipped UCC-2M USB-C Cable 2 m',
      'USB-C Cable 2 m (UCC-2M) in Oakland: on hand 400 -> 402 pcs',
      'No earlier return of this order is recorded.',
      'No credit and no refund is made: that is done in the accounts.',
    ]);
    const reply = await demo.run(back, plan);
    expect(reply.message).toBe(
      'Back into stock from SO-00016, Northwind Schools: 2 UCC-2M, by adjustment ADJ-00003. No credit and no refund is made.',
    );
    expect(await demo.stock('UCC-2M')).toMatchObject({ Oakland: [402, 4, 0] });
    expect(await demo.returns()).toMatchObject([
      { reference_number: 'SO-00016', reason: 'Returned from sales order SO-00016' },
    ]);
    expect(await demo.stateOf('SO-00016')).toMatchObject({ lines: [[10, 6, 6, 0]] });
  });

  test('it is always asked about', () => {
    const workflow = workflowByName.get(back);
    expect(workflow && workflowEffect(workflow)).toBe('stock');
  });

  test('damaged goods count as returned but are not put back', async () => {
    const demo = world();
    const lines = [
      { item: 'UCC-2M', quantity: 2 },
      { item: 'UCC-2M', quantity: 1, damaged: true },
    ];
    const reply = await demo.record({ sales_order: 'SO-00016', lines });
    expect(reply.message).toContain(
      'Damaged, not put back: 1 UCC-2M. No count is kept of damaged goods: a later return does not know of them.',
    );
    expect(await demo.stock('UCC-2M')).toMatchObject({ Oakland: [402, 4, 0] });
    expect(await demo.returns()).toMatchObject([{ description: 'Damaged, not put back: 1 UCC-2M.' }]);
    const tooMany = [
      { item: 'UCC-2M', quantity: 4 },
      { item: 'UCC-2M', quantity: 3, damaged: true },
    ];
    expect(await errorOf(world().plan({ sales_order: 'SO-00016', lines: tooMany }))).toBeInstanceOf(Rejected);
  });

  test('all of it damaged: nothing is written, and that is said', async () => {
    const demo = world();
    const plan = await demo.plan({ sales_order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 2, damaged: true }] });
    expect(plan.nothingToDo).toBe(true);
    expect((await demo.run(back, plan)).message).toMatch(
      /nothing is put back, nothing was written\. No count is kept of damaged goods/,
    );
    expect(await demo.returns()).toEqual([]);
  });

  test('a warehouse may be named; else it is that of the line', async () => {
    const demo = world();
    const plan = await demo.plan({ ...twoCables, lines: [{ item: 'UCC-2M', quantity: 2, warehouse: 'Newark' }] });
    expect(plan.preview).toContain('USB-C Cable 2 m (UCC-2M) in Newark: on hand 100 -> 102 pcs');
    await demo.run(back, plan);
    expect(await demo.stock('UCC-2M')).toMatchObject({ Newark: [102, 0, 0], Oakland: [400, 4, 0] });
  });

  test('a kit comes back as the parts the order was sold with', async () => {
    const demo = world();
    await demo.call('create_stock_adjustment', {
      line_items: [{ item_id: (await demo.itemBy('SHELF-SPK')).item_id, quantity_adjusted: 10 }],
    });
    const done = await demo.fulfil({
      customer: 'Marble Hotel',
      items: [{ item: 'AUDIO-SET', quantity: 2 }],
      carrier: 'UPS',
    });
    const sales_order = textIn(rowIn(done, 'salesorder'), 'salesorder_number');
    // A later recipe changes nothing about what was sent.
    await demo.record({ sales_order, lines: [{ item: 'AUDIO-SET', quantity: 1 }] });
    expect(await demo.stock('AMP-10')).toEqual({ Oakland: [4, 0, 0] });
    expect(await demo.stock('SHELF-SPK')).toMatchObject({ Oakland: [8, 0, 0] });
    await demo.record({ sales_order, lines: [{ item: 'AUDIO-SET', quantity: 1 }] });
    const error = await errorOf(demo.plan({ sales_order, lines: [{ item: 'AUDIO-SET', quantity: 1 }] }));
    expect(error).toMatchObject({ kind: 'rejected', message: expect.stringContaining('part of AUDIO-SET') });
  });

  test('parts of kits that are still out make no room for the same goods twice', async () => {
    const demo = world();
    await demo.call('create_stock_adjustment', {
      line_items: [{ item_id: (await demo.itemBy('SHELF-SPK')).item_id, quantity_adjusted: 10 }],
    });
    const done = await demo.fulfil({
      customer: 'Marble Hotel',
      items: [
        { item: 'AUDIO-SET', quantity: 2 },
        { item: 'AMP-10', quantity: 1 },
      ],
      carrier: 'UPS',
    });
    const sales_order = textIn(rowIn(done, 'salesorder'), 'salesorder_number');
    const one = (item: string) => ({ sales_order, lines: [{ item, quantity: 1 }] });
    await demo.record(one('AMP-10'));
    expect(await errorOf(demo.plan(one('AMP-10')))).toMatchObject({
      message: expect.stringContaining('AMP-10 Mini Amplifier: 1 came back, 1 shipped, 1 returned before'),
    });
    await demo.record(one('AUDIO-SET'));
    await demo.record(one('AUDIO-SET'));
    for (const item of ['AMP-10', 'AUDIO-SET']) expect(await errorOf(demo.plan(one(item)))).toBeInstanceOf(Rejected);
    expect(await demo.stock('AMP-10')).toEqual({ Oakland: [5, 0, 0] });
  });

  test('a part sold alone comes back after the kits as well as before them', async () => {
    const demo = world();
    await demo.call('create_stock_adjustment', {
      line_items: [{ item_id: (await demo.itemBy('SHELF-SPK')).item_id, quantity_adjusted: 10 }],
    });
    const items = [
      { item: 'AUDIO-SET', quantity: 2 },
      { item: 'AMP-10', quantity: 1 },
    ];
    const done = await demo.fulfil({ customer: 'Marble Hotel', items, carrier: 'UPS' });
    const sales_order = textIn(rowIn(done, 'salesorder'), 'salesorder_number');
    for (const { item, quantity } of items) await demo.record({ sales_order, lines: [{ item, quantity }] });
    expect(await demo.stock('AMP-10')).toEqual({ Oakland: [5, 0, 0] });
  });

  test('a return costs five calls in all, and one more an earlier one', async () => {
    const demo = world();
    const before = demo.callsSent();
    await demo.record(twoCables);
    expect(demo.callsSent() - before).toBe(5);
    const again = demo.callsSent();
    await demo.record(twoCables);
    expect(demo.callsSent() - again).toBe(6);
  });
});

describe('at most what was shipped comes back', () => {
  test('more than was shipped is refused with the figures', async () => {
    const error = await errorOf(world().plan({ ...twoCables, lines: [{ item: 'UCC-2M', quantity: 7 }] }));
    expect(error).toBeInstanceOf(Rejected);
    expect(error).toMatchObject({
      nothingSent: true,
      message: expect.stringContaining('7 came back, 6 shipped, 0 returned before'),
      facts: { too_much: [{ wanted: 7, shipped: 6, returned_before: 0 }] },
    });
  });

  test('what came back before is counted, and other adjustments are not', async () => {
    const demo = world();
    const { item_id } = await demo.itemBy('UCC-2M');
    const other = { line_items: [{ item_id, quantity_adjusted: 3 }] };
    await demo.call('create_stock_adjustment', {
      ...other,
      adjustment_type: 'stock_count',
      reference_number: 'SO-00016',
    });
    await demo.call('create_stock_adjustment', { ...other, adjustment_type: 'returns', reference_number: 'SO-000161' });
    await demo.record({ ...twoCables, lines: [{ item: 'UCC-2M', quantity: 4 }] });
    const plan = await demo.plan(twoCables);
    expect(plan.preview).toContain('Recorded before: ADJ-00005; counted, but for what was damaged.');
    const error = await errorOf(demo.plan({ ...twoCables, lines: [{ item: 'UCC-2M', quantity: 3 }] }));
    expect(error).toMatchObject({ facts: { too_much: [{ wanted: 3, shipped: 6, returned_before: 4 }] } });
  });

  test('an order of which nothing was shipped, an item that is not on it, a service: refused', async () => {
    const demo = world();
    const refused = (input: Input) => errorOf(demo.plan(input));
    expect(await refused({ sales_order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 1 }] })).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('Nothing of SO-00012 was shipped'),
    });
    expect(await refused({ ...twoCables, lines: [{ item: 'MUG', quantity: 1 }] })).toBeInstanceOf(InvalidArguments);
    const done = await demo.fulfil({
      customer: 'Marble Hotel',
      items: [
        { item: 'MUG', quantity: 1 },
        { item: 'INSTALL', quantity: 1 },
      ],
      carrier: 'UPS',
    });
    const sales_order = textIn(rowIn(done, 'salesorder'), 'salesorder_number');
    expect(await refused({ sales_order, lines: [{ item: 'INSTALL', quantity: 1 }] })).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('is a service'),
    });
  });
});

test('a kit whose parts the order does not tell is refused with the reason', async () => {
  const kit = anItem({ sku: 'SET', is_combo_product: true });
  const line = { ...kit, line_item_id: '2', quantity: 3, quantity_packed: 3, quantity_shipped: 3 };
  const order = { salesorder_id: '1', salesorder_number: 'SO-1', status: 'shipped', line_items: [line] };
  const api = fakeApi({
    items: [kit],
    instead: ({ name }) => (name === 'get_sales_order' ? { salesorder: order } : undefined),
  });
  const workflow = workflowByName.get(back);
  if (!workflow || !('plan' in workflow)) throw new Error('there is no such job');
  const error = await errorOf(workflow.plan(api, { sales_order: '1', lines: [{ item: 'SET', quantity: 1 }] }, quiet));
  expect(error).toMatchObject({
    kind: 'rejected',
    message: expect.stringContaining('whose parts the order does not tell'),
  });
});

test('more earlier returns than are read are said not to be certain', async () => {
  const demo = world();
  const { item_id } = await demo.itemBy('UCC-2M');
  for (let index = 0; index < 21; index += 1)
    await demo.call('create_stock_adjustment', {
      adjustment_type: 'returns',
      reference_number: 'SO-00016',
      line_items: [{ item_id, quantity_adjusted: 0.1 }],
    });
  const before = demo.callsSent();
  const { preview } = await demo.plan(twoCables);
  expect(demo.callsSent() - before).toBe(24);
  expect(preview).toContainEqual(expect.stringContaining('is not certain'));
});

describe('between plan and yes', () => {
  test('the plan rests on what came back before, and on the stock', async () => {
    const demo = world();
    const first = await demo.plan(twoCables);
    expect((await demo.plan(twoCables)).restsOn).toEqual(first.restsOn);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    await demo.record(twoCables);
    expect((await demo.plan(twoCables)).restsOn).not.toEqual(first.restsOn);
  });

  test('an adjustment that is refused leaves nothing, and a call that is called off too', async () => {
    const demo = world();
    const plan = await demo.plan(twoCables);
    const api = interrupt(demo.apiOf(back), { create_stock_adjustment: () => Promise.reject(new Rejected('No.')) });
    expect(await errorOf(demo.run(back, plan, api))).toMatchObject({ kind: 'rejected', message: 'No.' });
    const cancelled = await errorOf(demo.run(back, plan, demo.apiOf(back), AbortSignal.abort()));
    expect(cancelled).toMatchObject({ kind: 'cancelled', nothingSent: true });
    expect(await demo.returns()).toEqual([]);
  });
});

describeReplay(back, twoCables, ['create_stock_adjustment']);
