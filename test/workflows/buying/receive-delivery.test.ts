import { describe, expect, test } from 'vitest';
import { Cancelled, InvalidArguments, OutcomeUnknown, Rejected } from '../../../src/errors.ts';
import { rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { tokensOf } from '../answered-text.ts';
import { errorOf } from '../fulfil-world.ts';
import { interrupt } from '../interrupt.ts';
import { buyingWorld } from '../receive-world.ts';
import { describeReplay } from '../replayed.ts';

const name = 'receive_delivery';

describe('a delivery in the demo company', () => {
  test('is booked whole where nobody counted, at the cost of the order', async () => {
    const world = buyingWorld();
    const plan = await world.plan(name, { purchase_order: 'PO-00007' });
    expect(plan).toMatchObject({
      summary: 'Receive PO-00007, CableWorks: 40 DMAT, 100 UCC-1M into Oakland',
      documents: 1,
      amountMinor: 0,
    });
    expect(plan.preview).toEqual([
      'Book into stock from PO-00007 of CableWorks, 2026-11-17, due 2026-11-26:',
      '- 40 pcs Desk Mat (DMAT): ordered 40, received before 0, left after 0; Oakland on hand 4 -> 44; 380.00 USD',
      '- 100 pcs USB-C Cable 1 m (UCC-1M): ordered 100, received before 0, left after 0; Oakland on hand 200 -> 300; 410.00 USD',
      'Value at cost: 790.00 USD.',
      'Nobody gave a count: all that is still to come is taken as arrived.',
      'PO-00007: issued -> closed.',
      'Receiving cannot be undone by this server; a wrong count is put right with set_stock_levels.',
    ]);
    expect(await world.onHand('DMAT')).toEqual({ Oakland: 4 });
    const reply = await world.run(name, plan);
    expect(reply).toMatchObject({
      message: '40 DMAT, 100 UCC-1M of PO-00007 from CableWorks are in stock, RCV-00007. The order is closed.',
      purchaseorder: { purchaseorder_number: 'PO-00007', status: 'closed' },
    });
    expect(await world.stateOf('PO-00007')).toEqual({ status: 'closed', DMAT: [40, 40], 'UCC-1M': [100, 100] });
    expect([await world.onHand('DMAT'), await world.onHand('UCC-1M')]).toEqual([
      { Oakland: 44 },
      { Oakland: 300, Portland: 40 },
    ]);
  });

  test('surplus can be booked as it says, also where the order is closed by then', async () => {
    const world = buyingWorld();
    const order = 'PO-00007';
    await world.run(name, await world.plan(name, { purchase_order: order }));
    const late = { purchase_order: order, lines: [{ item: 'DMAT', quantity: 5 }] };
    const error = await errorOf(world.plan(name, late));
    expect(error).toMatchObject({ message: expect.stringContaining('Raise or add the line with amend_order first') });
    const raised = await world.plan('amend_order', { order, lines: [{ item: 'DMAT', quantity: 45 }] });
    await world.run('amend_order', raised);
    await world.run(name, await world.plan(name, late));
    expect(await world.stateOf(order)).toEqual({ status: 'closed', DMAT: [45, 45], 'UCC-1M': [100, 100] });
  });

  test('a draft is called one', async () => {
    const error = await errorOf(buyingWorld().plan(name, { purchase_order: 'PO-00009' }));
    expect(error).toMatchObject({ message: expect.stringContaining('PO-00009 is a draft: goods are received') });
  });

  test('what was counted is booked up to the order; short, surplus and strange goods are told', async () => {
    const world = buyingWorld();
    const plan = await world.plan(name, {
      vendor: 'cableworks',
      lines: [
        { item: 'Desk Mat', quantity: 45 },
        { item: '123456789012', quantity: 2 }, // the UPC of WBH-001
        { item: 'UCC-1M', quantity: 60.5 },
      ],
      notes: 'Delivery note 4711',
      receive_date: '2026-11-20',
    });
    expect(plan.summary).toBe('Receive PO-00007, CableWorks: 40 DMAT, 60.5 UCC-1M into Oakland; 7 not booked');
    for (const line of [
      expect.stringContaining('(the only issued order of CableWorks)'),
      'Did not come, stays on order: 39.5 UCC-1M.',
      'Not booked, more than ordered: 5 DMAT. To book it too, raise the line first with amend_order.',
      'Not booked, not on this order: 2 WBH-001. Receive it against its own order, or send it back.',
      'PO-00007: issued -> partially received.',
      'Received on 2026-11-20.',
      'Notes: "Delivery note 4711"',
    ])
      expect(plan.preview).toContainEqual(line);
    const reply = await world.run(name, plan);
    expect(reply.message).toContain('Not booked, more than ordered: 5 DMAT.');
    expect(reply.not_booked).toMatchObject([
      { sku: 'DMAT', quantity: 5, reason: 'surplus' },
      { sku: 'WBH-001', quantity: 2, reason: 'not on the order' },
    ]);
    expect(await world.stateOf('PO-00007')).toEqual({
      status: 'partially_received',
      DMAT: [40, 40],
      'UCC-1M': [100, 60.5],
    });
    expect(rowsIn(await world.orderBy('PO-00007'), 'purchasereceives')).toMatchObject([
      { date: '2026-11-20', notes: 'Delivery note 4711' },
    ]);
    expect(await world.onHand('WBH-001')).toEqual({ Oakland: 60, Newark: 15, Portland: 5 });
    expect(tokensOf(reply)).toBeLessThan(400);
  });

  test('the rest of an order that came in part is what is received next', async () => {
    const world = buyingWorld();
    const first = { purchase_order: 'PO-00007', lines: [{ item: 'DMAT', quantity: 15 }] };
    await world.run(name, await world.plan(name, first));
    const plan = await world.plan(name, { purchase_order: 'PO-00007' });
    expect(plan.preview[1]).toBe(
      '- 25 pcs Desk Mat (DMAT): ordered 40, received before 15, left after 0; Oakland on hand 19 -> 44; 237.50 USD',
    );
    await world.run(name, plan);
    expect(await world.stateOf('PO-00007')).toEqual({ status: 'closed', DMAT: [40, 40], 'UCC-1M': [100, 100] });
  });

  test('another warehouse than the order names takes the goods, and the preview says so', async () => {
    const world = buyingWorld();
    const plan = await world.plan(name, { purchase_order: 'PO-00007', warehouse: 'newark' });
    expect(plan.preview).toContain('Into Newark, where the order says Oakland.');
    expect(plan.preview[1]).toContain('Newark on hand 0 -> 40');
    await world.run(name, plan);
    expect([await world.onHand('DMAT'), await world.onHand('UCC-1M')]).toEqual([
      { Oakland: 4, Newark: 40 },
      { Oakland: 200, Newark: 100, Portland: 40 },
    ]);
  });

  test('goods on two lines fill the first one first, and cost what the books then say', async () => {
    const world = buyingWorld();
    const number = await world.order('Nordklang GmbH', [
      ['SPK-BT', 10, { rate: 41.5, discount: 5 }],
      ['SPK-BT', 5, { rate: 41.5, discount_amount: 7.77 }],
    ]);
    const value = async () => Number((await world.itemBy('SPK-BT')).asset_value);
    const before = await value();
    const plan = await world.plan(name, { purchase_order: number, lines: [{ item: 'SPK-BT', quantity: 12 }] });
    const [, one, two] = plan.preview;
    expect(one).toContain(
      '- 10 pcs Bluetooth Speaker (SPK-BT): ordered 10, received before 0, left after 0; Oakland on hand 3 -> 13',
    );
    expect(two).toContain(
      '- 2 pcs Bluetooth Speaker (SPK-BT): ordered 5, received before 0, left after 3; Oakland on hand 13 -> 15',
    );
    const total = Number(/^Value at cost: ([\d.]+) USD\.$/.exec(plan.preview[3] ?? '')?.[1]);
    await world.run(name, plan);
    expect((await value()) - before).toBeCloseTo(total, 6);
    expect(total).toBeGreaterThan(500);
  });

  test('orders that wait for the goods are named', async () => {
    const world = buyingWorld();
    const number = await world.order('Nordklang GmbH', [['SPK-BT', 4]]);
    const plan = await world.plan(name, { purchase_order: number });
    expect(plan.preview).toContain('Serves 4 of the 5 SPK-BT promised beyond stock: SO-00019.');
  });

  test('a late order says that it is late', async () => {
    const plan = await buyingWorld().plan(name, { purchase_order: 'PO-00008' });
    expect(plan.preview[0]).toContain('due 2026-11-13, late');
  });

  test('a received order has nothing to come, and a draft or a cancelled one says what to do', async () => {
    const world = buyingWorld();
    const done = await world.plan(name, { purchase_order: 'PO-00006' });
    expect(done).toMatchObject({
      nothingToDo: true,
      documents: 0,
      summary: expect.stringContaining('nothing to come any more'),
    });
    expect(await world.spent(() => world.run(name, done))).toBe(0);
    const draft = await errorOf(world.plan(name, { purchase_order: 'PO-00009' }));
    expect(draft).toBeInstanceOf(Rejected);
    expect(draft).toMatchObject({ nothingSent: true, message: expect.stringContaining('issue_purchase_order') });
    expect(await errorOf(world.plan(name, { purchase_order: 'PO-00005' }))).toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('PO-00005 is cancelled'),
    });
  });

  test('a count of which nothing can be booked is refused with the reason', async () => {
    const world = buyingWorld();
    const wrong = await errorOf(
      world.plan(name, { purchase_order: 'PO-00007', lines: [{ item: 'MUG', quantity: 3 }] }),
    );
    expect(wrong).toBeInstanceOf(Rejected);
    expect(wrong).toMatchObject({ nothingSent: true, message: expect.stringContaining('3 MUG (not on the order)') });
    const over = await errorOf(
      world.plan(name, { purchase_order: 'PO-00006', lines: [{ item: 'PSU-65', quantity: 1 }] }),
    );
    expect(over).toMatchObject({ kind: 'rejected', message: expect.stringContaining('1 PSU-65 (surplus)') });
    const none = await errorOf(
      world.plan(name, { purchase_order: 'PO-00007', lines: [{ item: 'DMAT', quantity: 0 }] }),
    );
    expect(none).toMatchObject({ kind: 'rejected', message: expect.stringContaining('The count is 0 throughout') });
  });

  test('surplus is booked once the line is raised', async () => {
    const world = buyingWorld();
    const order = await world.orderBy('PO-00007');
    const line_items = rowsIn(order, 'line_items').map(({ line_item_id, sku }) => ({
      line_item_id,
      ...(sku === 'DMAT' ? { quantity: 45 } : {}),
    }));
    await world.call('update_purchase_order', { purchaseorder_id: order.purchaseorder_id, line_items });
    const lines = [{ item: 'DMAT', quantity: 45 }];
    const plan = await world.plan(name, { purchase_order: 'PO-00007', lines });
    expect(plan.summary).not.toContain('not booked');
    await world.run(name, plan);
    expect(await world.stateOf('PO-00007')).toMatchObject({ DMAT: [45, 45] });
  });
});

describe('which order a delivery belongs to', () => {
  const lines = (...wanted: [string, number][]) => wanted.map(([item, quantity]) => ({ item, quantity }));

  test('of several orders the one that awaits all of it', async () => {
    const world = buyingWorld();
    const number = await world.order(
      'CableWorks',
      [
        ['DMAT', 60],
        ['UCC-2M', 10],
      ],
      { expected_delivery_date: '2026-12-01' },
    );
    const plan = await world.plan(name, { vendor: 'CableWorks', lines: lines(['DMAT', 60]) });
    expect(plan.summary).toContain(`Receive ${number}, CableWorks: 60 DMAT`);
    expect(plan.preview[0]).toContain('the only one of 2 issued orders of CableWorks that awaits all of this');
    const other = await world.plan(name, { vendor: 'CableWorks', lines: lines(['UCC-1M', 130]) });
    expect(other.summary).toContain('Receive PO-00007');
    expect(other.preview[0]).toContain('that has these items to come');
  });

  test('where two could be meant both are named, oldest due first, and nothing is written', async () => {
    const world = buyingWorld();
    const number = await world.order('CableWorks', [['DMAT', 60]], { expected_delivery_date: '2026-11-24' });
    for (const input of [{}, { lines: lines(['DMAT', 20]) }]) {
      const error = await errorOf(world.plan(name, { vendor: 'CableWorks', ...input }));
      expect(error).toBeInstanceOf(InvalidArguments);
      expect(error).toMatchObject({
        nothingSent: true,
        facts: { candidates: [{ purchaseorder_number: number }, { purchaseorder_number: 'PO-00007' }] },
      });
    }
    const parts = await errorOf(world.plan(name, { vendor: 'CableWorks', lines: lines(['DMAT', 2], ['MUG', 1]) }));
    expect(parts).toMatchObject({
      kind: 'invalid_arguments',
      message: expect.stringMatching(/No single issued order of CableWorks.*to come 60 DMAT; PO-00007/),
    });
    expect(await world.stateOf('PO-00007')).toMatchObject({ status: 'issued' });
  });

  test('of a vendor with many orders ten are read, and what was not read leaves it unclear', async () => {
    const world = buyingWorld();
    for (let count = 0; count < 11; count += 1) await world.order('CableWorks', [['UCC-2M', 1]]);
    const wish = { vendor: 'CableWorks', lines: lines(['DMAT', 40]) };
    let error: unknown;
    const calls = await world.spent(async () => {
      error = await errorOf(world.plan(name, wish));
    });
    expect(error).toMatchObject({
      kind: 'invalid_arguments',
      message: expect.stringContaining(
        '1 issued order of CableWorks could be meant, and 2 more were not read: PO-00007',
      ),
    });
    expect(calls).toBe(12);
  });

  test('drafts, received orders and vendors without orders do not count', async () => {
    const world = buyingWorld();
    await world.order('CableWorks', [['DMAT', 20]], {}, false);
    expect((await world.plan(name, { vendor: 'CableWorks' })).summary).toContain('PO-00007');
    expect(await errorOf(world.plan(name, { vendor: 'AudioTech' }))).toMatchObject({
      kind: 'rejected',
      nothingSent: true,
      message: expect.stringContaining('no issued purchase order'),
    });
  });

  test('names that are not exact are refused with candidates', async () => {
    const world = buyingWorld();
    for (const input of [
      { vendor: 'Cable' },
      { purchase_order: 'PO-7' },
      { purchase_order: 'PO-00007', warehouse: 'New' },
      { purchase_order: 'PO-00007', lines: lines(['Desk', 3]) },
      { purchase_order: 'PO-00007', vendor: 'CableWorks' },
      {},
      { purchase_order: 'PO-00007', receive_date: '2026-11-24' },
    ])
      expect(await errorOf(world.plan(name, input))).toMatchObject({ kind: 'invalid_arguments', nothingSent: true });
    expect(await errorOf(world.plan(name, { purchase_order: 'PO-00007', lines: lines(['Desk', 3]) }))).toMatchObject({
      message: expect.stringContaining('DMAT'),
    });
  });
});

describe('the calls of a delivery', () => {
  test('by number it is three to plan and one to book; by id one less', async () => {
    const world = buyingWorld();
    let plan = await world.plan(name, { purchase_order: 'PO-00007' });
    expect(
      await world.spent(async () => {
        plan = await world.plan(name, { purchase_order: 'PO-00007' });
      }),
    ).toBe(3);
    const id = textIn(await world.orderBy('PO-00007'), 'purchaseorder_id');
    expect(await world.spent(() => world.plan(name, { purchase_order: id }))).toBe(2);
    expect(await world.spent(() => world.run(name, plan))).toBe(1);
  });

  test('by vendor one more, and one an order where there are several', async () => {
    const world = buyingWorld();
    expect(await world.spent(() => world.plan(name, { vendor: 'CableWorks' }))).toBe(4);
    await world.order('CableWorks', [['DMAT', 60]]);
    const wish = { vendor: 'CableWorks', lines: [{ item: 'UCC-1M', quantity: 5 }] };
    expect(await world.spent(() => world.plan(name, wish))).toBe(5);
  });
});

describe('a delivery that changes or fails on the way', () => {
  const wish = { purchase_order: 'PO-00007', lines: [{ item: 'DMAT', quantity: 10 }] };

  test('what others receive or take meanwhile changes what the plan rests on', async () => {
    const world = buyingWorld();
    const plan = await world.plan(name, wish);
    expect((await world.plan(name, wish)).restsOn).toEqual(plan.restsOn);
    await world.run(name, await world.plan(name, { ...wish, lines: [{ item: 'UCC-1M', quantity: 1 }] }));
    const received = await world.plan(name, wish);
    expect(received.restsOn).not.toEqual(plan.restsOn);
    await world.call('create_stock_adjustment', {
      date: '2026-11-23',
      reason: 'Damaged',
      adjustment_type: 'quantity',
      line_items: [{ item_id: textIn(await world.itemBy('DMAT'), 'item_id'), quantity_adjusted: -1 }],
    });
    expect((await world.plan(name, wish)).restsOn).not.toEqual(received.restsOn);
  });

  test('a refusal is just that, and a lost answer says where to look', async () => {
    const world = buyingWorld();
    const plan = await world.plan(name, wish);
    const failing = (error: Error) =>
      interrupt(world.apiOf(name), { receive_purchase_order: () => Promise.reject(error) });
    expect(await errorOf(world.run(name, plan, failing(new Rejected('Closed.'))))).toBeInstanceOf(Rejected);
    expect(await errorOf(world.run(name, plan, failing(new OutcomeUnknown('No answer.'))))).toMatchObject({
      kind: 'outcome_unknown',
      message: expect.stringContaining('get_purchase_order'),
    });
    expect(await world.onHand('DMAT')).toEqual({ Oakland: 4 });
  });

  test('called off before the write, nothing is booked', async () => {
    const world = buyingWorld();
    const plan = await world.plan(name, wish);
    const error = await errorOf(world.run(name, plan, undefined, AbortSignal.abort()));
    expect(error).toBeInstanceOf(Cancelled);
    expect(await world.stateOf('PO-00007')).toMatchObject({ DMAT: [40, 0] });
  });
});

describeReplay(name, { vendor: 'CableWorks', lines: [{ item: 'DMAT', quantity: 10 }] }, ['receive_purchase_order']);
