import { describe, expect, test } from 'vitest';
import { OutcomeUnknown, PartlyDone, Rejected } from '../../../src/errors.ts';
import { rowIn, rowsIn } from '../../../src/workflows/rows.ts';
import { errorOf } from '../fulfil-world.ts';
import { interrupt } from '../interrupt.ts';
import { describeReplay } from '../replayed.ts';
import { type StockWorld, stockWorld } from '../stock-world.ts';

const name = 'move_stock';
const mugs = { from: 'Oakland', to: 'Newark', items: [{ item: 'MUG', quantity: 20 }] };
const received = { ...mugs, receive: true };

const transfers = async (world: StockWorld) => rowsIn(await world.call('list_transfers', {}), 'transfers');
const newest = async (world: StockWorld) => (await transfers(world))[0] ?? {};

describe('a move', () => {
  test('received at once takes the goods from one warehouse to the other', async () => {
    const world = stockWorld();
    const { plan, reply } = await world.done(name, { ...received, to: 'newark' });
    expect(plan).toMatchObject({ summary: 'Move 20 pcs MUG from Oakland to Newark, received at once', documents: 1 });
    expect(plan.preview).toEqual([
      '- 20 pcs MUG Logo Mug: Oakland 50 -> 30, Newark 0 -> 20, 64.00 USD',
      'Worth 64.00 USD at purchase rates; the cost of the stock moves with it.',
      'Created, sent and received today. Cannot be undone; a move from Newark to Oakland takes the goods back.',
    ]);
    expect(reply).toMatchObject({
      message: 'TRN-00004: 20 pcs MUG from Oakland to Newark, moved and received.',
      status: 'received',
      line_items: [{ sku: 'MUG', quantity: 20, source_on_hand: 30, destination_on_hand: 20 }],
    });
    expect(await world.onHand('MUG')).toMatchObject({ Oakland: 30, Newark: 20 });
    const { transfer } = await world.call('get_transfer', { transfer_id: reply.transfer_id });
    expect(transfer).toMatchObject({ status: 'received', quantity: 20, quantity_in_transit: 0 });
  });

  test('is in transit otherwise, in no warehouse, and the answer says how it is booked in', async () => {
    const world = stockWorld();
    const { plan, reply } = await world.done(name, mugs);
    expect(plan.preview[0]).toBe('- 20 pcs MUG Logo Mug: Oakland 50 -> 30, Newark 0, 20 once received, 64.00 USD');
    expect(plan.preview.at(-1)).toContain('in transit, in no warehouse, until receive_transfer');
    expect(reply).toMatchObject({
      status: 'in_transit',
      message: expect.stringContaining('receive_transfer (transfer_id'),
    });
    expect(await world.onHand('MUG')).toMatchObject({ Oakland: 30, Newark: 0 });
    await world.call('receive_transfer', { transfer_id: reply.transfer_id });
    expect(await world.onHand('MUG')).toMatchObject({ Oakland: 30, Newark: 20 });
  });

  test('there and back leaves stock and value as they were', async () => {
    const world = stockWorld();
    const value = async () => (await world.call('get_inventory_valuation', {})).total_value;
    const before = [await world.onHand('WBH-001'), await value()];
    const items = [{ item: 'WBH-001', quantity: 12 }];
    await world.done(name, { from: 'Oakland', to: 'Portland', items, receive: true });
    expect(await world.onHand('WBH-001')).toEqual({ Oakland: 48, Newark: 15, Portland: 17 });
    await world.done(name, { from: 'Portland', to: 'Oakland', items, receive: true });
    expect([await world.onHand('WBH-001'), await value()]).toEqual(before);
  });

  test('of several items is one transfer; an item named twice is one line', async () => {
    const world = stockWorld();
    const before = await transfers(world);
    const items = [
      { item: 'UCC-1M', quantity: 20 },
      { item: 'Logo Mug', quantity: 5 },
      { item: 'SCREW-M3', quantity: 0.5 },
      { item: 'MUG', quantity: 4 },
    ];
    const { plan, reply, calls } = await world.done(name, { from: 'Oakland', to: 'Portland', items, receive: true });
    expect(plan.summary).toBe('Move 3 items from Oakland to Portland, received at once');
    expect(rowsIn(reply, 'line_items').map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['UCC-1M', 20],
      ['MUG', 9],
      ['SCREW-M3', 0.5],
    ]);
    expect(await transfers(world)).toHaveLength(before.length + 1);
    expect(await world.onHand('UCC-1M')).toMatchObject({ Oakland: 180, Portland: 60 });
    // Warehouses, items, stock; create, send, receive, and one reading by which a lost answer would be told.
    expect(calls).toBe(7);
  });

  test('on a day gone by is sent and received on that day', async () => {
    const world = stockWorld();
    const { reply } = await world.done(name, { ...received, date: '2026-11-20' });
    expect(rowIn(await world.call('get_transfer', { transfer_id: reply.transfer_id }), 'transfer').date).toBe(
      '2026-11-20',
    );
    const on = async (to_date: string) => {
      const input = { warehouse_id: await world.warehouseId('Newark'), to_date, per_page: 200 };
      return rowsIn(await world.call('get_stock_on_hand', input), 'items').find(({ sku }) => sku === 'MUG')?.on_hand;
    };
    expect([await on('2026-11-19'), await on('2026-11-20')]).toEqual([undefined, 20]);
  });

  test('on a day on which the goods were not there yet is refused before anything is written', async () => {
    const world = stockWorld();
    const before = await transfers(world);
    const error = await errorOf(world.plan(name, { ...received, date: '2025-01-31' }));
    expect(error).toMatchObject({
      kind: 'rejected',
      nothingSent: true,
      message:
        'On 2025-01-31 not all of this lay in Oakland: 0 of 20 MUG. Nothing was written. Give a later date, or none for today.',
      facts: { short: [{ wanted: 20, there_then: 0 }] },
    });
    expect(await transfers(world)).toEqual(before);
  });

  test('that takes what is promised to orders says so', async () => {
    const world = stockWorld();
    const items = [{ item: 'WBH-001', quantity: 40 }];
    const plan = await world.plan(name, { ...mugs, items });
    expect(plan.preview).toContain(
      'WBH-001 Wireless Bluetooth Headphones: takes 10 pcs that are promised to orders from Oakland (30 committed there).',
    );
    const none = await world.plan(name, { ...mugs, items: [{ item: 'WBH-001', quantity: 30 }] });
    expect(none.preview.join('\n')).not.toContain('promised');
  });
});

describe('a move of more than there is', () => {
  const items = [
    { item: 'MUG', quantity: 60 },
    { item: 'LAMP', quantity: 8 },
    { item: 'UCC-1M', quantity: 20 },
  ];

  test('writes nothing, and tells what is short and where more lies', async () => {
    const world = stockWorld();
    const before = await transfers(world);
    expect(await errorOf(world.plan(name, { ...mugs, to: 'Portland', items }))).toMatchObject({
      kind: 'rejected',
      nothingSent: true,
      message: expect.stringMatching(
        /MUG Logo Mug: 60 wanted, 50 on hand in Oakland\nLAMP Clip Lamp: 8 wanted, 2 on hand in Oakland; free elsewhere: 6 in Newark\nMove less, or set if_short to partial\./,
      ),
      facts: {
        short: [
          { wanted: 60, free: 50, short: 10 },
          { wanted: 8, free: 2, short: 6 },
        ],
      },
    });
    expect(await transfers(world)).toEqual(before);
  });

  test('moves what is free where that is asked for, and names the rest', async () => {
    const world = stockWorld();
    const input = { ...received, to: 'Portland', items, if_short: 'partial' };
    const { plan, reply } = await world.done(name, input);
    expect(plan.summary).toBe('Move 3 items from Oakland to Portland, received at once, in part');
    expect(plan.preview).toContain('Not moved: 10 of 60 pcs MUG Logo Mug: 50 on hand in Oakland.');
    expect(rowsIn(reply, 'left_out').map(({ sku, not_moved }) => [sku, not_moved])).toEqual([
      ['MUG', 10],
      ['LAMP', 6],
    ]);
    expect(await world.onHand('MUG')).toMatchObject({ Oakland: 0, Portland: 50 });
    expect(await errorOf(world.plan(name, { ...input, items: [{ item: 'MUG', quantity: 1 }] }))).toBeInstanceOf(
      Rejected,
    );
  });

  test('counts goods in a package as not there', async () => {
    const world = stockWorld();
    const items = [{ item: 'MUG', quantity: 10 }];
    await world.done('fulfil_sales_order', { customer: 'Bluebird Cafe', items });
    const error = await errorOf(world.plan(name, { ...mugs, items: [{ item: 'MUG', quantity: 41 }] }));
    expect(error).toMatchObject({
      message: expect.stringContaining('41 wanted, 50 on hand in Oakland, 10 of them packed'),
      facts: { short: [{ free: 40, short: 1 }] },
    });
    expect((await world.plan(name, { ...mugs, items: [{ item: 'MUG', quantity: 40 }] })).documents).toBe(1);
  });
});

describe('a move that is refused without a write', () => {
  test.each([
    ['to the same warehouse', { ...mugs, to: 'oakland ' }, 'from and to are both Oakland'],
    ['to a warehouse that is not there', { ...mugs, to: 'Newar' }, 'to "Newar" names no warehouse'],
    ['of a kit', { ...mugs, items: [{ item: 'AUDIO-SET', quantity: 1 }] }, 'is a kit'],
    ['of a service', { ...mugs, items: [{ item: 'INSTALL', quantity: 1 }] }, 'is a service'],
    ['of an inactive item', { ...mugs, items: [{ item: 'CARD-H', quantity: 1 }] }, 'CARD-H is inactive'],
    ['of a name that is not exact', { ...mugs, items: [{ item: 'USB-C Cable', quantity: 1 }] }, 'Near: UCC-1M'],
    ['on a day that lies ahead', { ...mugs, date: '2026-12-01' }, 'lies ahead'],
    ['of nothing', { ...mugs, items: [{ item: 'MUG', quantity: 0 }] }, 'more than 0'],
  ])('%s', async (_, input, words) => {
    const world = stockWorld();
    const before = await transfers(world);
    const error = await errorOf(world.plan(name, input));
    expect(error).toMatchObject({
      kind: 'invalid_arguments',
      nothingSent: true,
      message: expect.stringContaining(words),
    });
    expect(await transfers(world)).toEqual(before);
  });
});

describe('stock that moves between plan and yes', () => {
  test('changes what the plan rests on, at the source and at the destination', async () => {
    const world = stockWorld();
    const plan = await world.plan(name, received);
    expect((await world.plan(name, received)).restsOn).toEqual(plan.restsOn);
    await world.done('set_stock_levels', { rows: [{ item: 'MUG', quantity: 49 }] });
    const fewer = await world.plan(name, received);
    expect(fewer.restsOn).not.toEqual(plan.restsOn);
    await world.done('set_stock_levels', { rows: [{ item: 'MUG', quantity: 3, warehouse: 'Newark' }] });
    expect((await world.plan(name, received)).restsOn).not.toEqual(fewer.restsOn);
  });
});

describe('a move that stops in the middle', () => {
  const steps = ['create_transfer', 'send_transfer', 'receive_transfer'];

  test.each(steps.map((step, index) => [step, index] as const))(
    '%s refused: told with what is done, what undoes it and how to go on',
    async (step, index) => {
      const world = stockWorld();
      const plan = await world.plan(name, received);
      const api = interrupt(world.apiOf(name), { [step]: () => Promise.reject(new Rejected('Not today.')) });
      const error = await errorOf(world.run(name, plan, api));
      if (index === 0) {
        expect(error).toMatchObject({ kind: 'rejected', message: 'Not today.' });
        return;
      }
      expect(error).toBeInstanceOf(PartlyDone);
      const { facts, message } = error as PartlyDone; // parse boundary: the line above
      expect(facts.done).toHaveLength(index);
      expect(facts.not_started).toHaveLength(2 - index);
      // What is sent cannot be taken back by deleting it.
      expect(facts.undo).toEqual(index === 1 ? [expect.stringMatching(/^delete_transfer \(transfer_id \d+\)$/)] : []);
      expect(message).toContain(`To go on call ${step} (transfer_id ${String((await newest(world)).transfer_id)})`);
      expect(await world.onHand('MUG')).toMatchObject({ Oakland: index === 1 ? 50 : 30, Newark: 0 });
    },
  );

  test.each(steps)('a lost answer of %s is told as not certain, with where to look', async (step) => {
    const world = stockWorld();
    const plan = await world.plan(name, received);
    const api = interrupt(world.apiOf(name), {
      [step]: async (go) => {
        await go();
        throw new OutcomeUnknown('No answer came.');
      },
    });
    expect(await errorOf(world.run(name, plan, api))).toMatchObject({
      message: expect.stringMatching(/No answer came\. Look with (list_transfers|get_transfer)/),
      facts: { failed: [expect.stringContaining('may or may not have happened')] },
    });
  });

  test('called off after it was created, it sends nothing', async () => {
    const world = stockWorld();
    const abort = new AbortController();
    const plan = await world.plan(name, received);
    const api = interrupt(world.apiOf(name), {
      create_transfer: async (go) => {
        const reply = await go();
        abort.abort();
        return reply;
      },
    });
    expect(await errorOf(world.run(name, plan, api, abort.signal))).toMatchObject({
      kind: 'partly_done',
      facts: { failed: [], not_started: [expect.stringMatching(/^sending TRN-/), 'receiving it'] },
    });
    expect(await newest(world)).toMatchObject({ status: 'draft' });
  });

  test('called off before the first it writes nothing', async () => {
    const world = stockWorld();
    const plan = await world.plan(name, received);
    const before = await transfers(world);
    const error = await errorOf(world.run(name, plan, world.apiOf(name), AbortSignal.abort()));
    expect(error).toMatchObject({ kind: 'cancelled', nothingSent: true });
    expect(await transfers(world)).toEqual(before);
  });
});

describeReplay(name, received, ['create_transfer', 'send_transfer', 'receive_transfer']);
