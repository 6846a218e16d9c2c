import { describe, expect, test } from 'vitest';
import { PartlyDone, Rejected } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import { rowsIn } from '../../../src/workflows/rows.ts';
import { errorOf, fulfilWorld } from '../fulfil-world.ts';
import { interrupt } from '../interrupt.ts';
import { describeReplay } from '../replayed.ts';

const place = 'place_sales_order';
// 4 desk mats are there, 50 mugs.
const split = {
  customer: 'Bluebird Cafe',
  items: [
    { item: 'DMAT', quantity: 10 },
    { item: 'MUG', quantity: 2 },
  ],
  if_short: 'split',
};

function world() {
  const demo = fulfilWorld();
  return {
    ...demo,
    plan: (input: Input) => demo.planOf(place, input),
    place: async (input: Input) => demo.run(place, await demo.planOf(place, input)),
    linesOf: async (number: string) =>
      rowsIn(await demo.orderBy(number), 'line_items').map(({ sku, quantity }) => [sku, quantity]),
  };
}

describe('an order split by what can be promised', () => {
  test('both orders stand in one plan, which is asked about', async () => {
    const plan = await world().plan(split);
    expect(plan.summary).toBe(
      'Two sales orders for Bluebird Cafe: 6 units now, 123.96 USD; 6 units later, 149.94 USD; both confirmed',
    );
    expect(plan.preview).toEqual([
      'First order, what can be promised now, 2 lines:',
      '4 x DMAT Desk Mat at 24.99 = 99.96 USD; can be promised 4 -> 0',
      '2 x MUG Logo Mug at 12.00 = 24.00 USD; can be promised 50 -> 48',
      'Together 123.96 USD before tax.',
      'The order is confirmed at once and reserves the stock.',
      'Second order, the rest, which waits, 1 line:',
      '6 x DMAT Desk Mat at 24.99 = 149.94 USD; can be promised 0 -> -6',
      'Together 149.94 USD before tax.',
      'It is confirmed too and waits for stock. Its reference names the first.',
    ]);
    expect(plan).toMatchObject({ documents: 2, amountMinor: 27_390 });
    expect(plan.raises).toMatchObject([
      { rule: 'promises_more_than_there_is', reason: expect.stringContaining('6 more') },
    ]);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test('two short lines of one item are counted one after the other', async () => {
    const items = [5.5, 3.25].map((quantity) => ({ item: 'DMAT', quantity }));
    const { preview } = await world().plan({ ...split, items });
    expect(preview.filter((line) => line.includes('can be promised 0') || line.includes('can be promised -'))).toEqual([
      '1.5 x DMAT Desk Mat at 24.99 = 37.49 USD; can be promised 0 -> -1.5',
      '3.25 x DMAT Desk Mat at 24.99 = 81.22 USD; can be promised -1.5 -> -4.75',
    ]);
  });

  test('a kit that waits takes what its parts are also ordered for', async () => {
    const items = [
      { item: 'AMP-10', quantity: 7 },
      { item: 'AUDIO-SET', quantity: 3 },
    ];
    const { preview } = await world().plan({ ...split, items });
    expect(preview).toContainEqual(expect.stringMatching(/^2 x AMP-10 .*can be promised 0 -> -2$/));
    expect(preview).toContainEqual(expect.stringMatching(/^3 x AUDIO-SET .*can be promised -2 -> -5$/));
  });

  test('the first is filled, the second waits and names it', async () => {
    const demo = world();
    const reply = await demo.place(split);
    expect(reply.message).toBe(
      'SO-00020 for Bluebird Cafe is confirmed: 134.50 USD. The rest waits as SO-00021, confirmed; when_available tells until when.',
    );
    expect(await demo.linesOf('SO-00020')).toEqual([
      ['DMAT', 4],
      ['MUG', 2],
    ]);
    expect(await demo.linesOf('SO-00021')).toEqual([['DMAT', 6]]);
    expect(await demo.orderBy('SO-00021')).toMatchObject({ status: 'confirmed', reference_number: 'Rest of SO-00020' });
    expect(reply).not.toHaveProperty('taken_meanwhile');
    expect((await demo.read('when_available', { sales_order: 'SO-00020' })).message).toContain(
      'all of it is there now',
    );
    expect(await demo.read('when_available', { sales_order: 'SO-00021' })).toMatchObject({ all_by: '2026-11-26' });
  });

  test("the customer's own reference stands on both", async () => {
    const demo = world();
    await demo.place({ ...split, reference_number: 'BB-77' });
    for (const number of ['SO-00020', 'SO-00021'])
      expect(await demo.orderBy(number)).toMatchObject({ reference_number: 'BB-77' });
  });

  test('drafts, where nothing is to be confirmed', async () => {
    const demo = world();
    await demo.place({ ...split, confirm: false });
    for (const number of ['SO-00020', 'SO-00021'])
      expect(await demo.orderBy(number)).toMatchObject({ status: 'draft' });
  });

  test('one order where nothing is short, and none where nothing is there', async () => {
    const demo = world();
    const enough = { ...split, items: [{ item: 'MUG', quantity: 2 }] };
    expect(await demo.plan(enough)).toMatchObject({ documents: 1, raises: [] });
    await demo.place({ ...split, items: [{ item: 'DMAT', quantity: 4 }] });
    const error = await errorOf(demo.plan({ ...split, items: [{ item: 'DMAT', quantity: 1 }] }));
    expect(error).toMatchObject({ kind: 'rejected', nothingSent: true });
  });

  test('ten lines cost at most thirteen calls, split in two fifteen', async () => {
    const demo = world();
    const rows = rowsIn(await demo.call('list_items', { per_page: 200 }), 'items');
    const plenty = rows.filter((row) => row.track_inventory === true && Number(row.available_stock) > 1).slice(0, 10);
    const items = plenty.map(({ sku, available_stock }, index) => ({
      item: String(sku),
      quantity: index === 0 ? Number(available_stock) + 1 : 1,
    }));
    const before = demo.callsSent();
    await demo.place({ ...split, items });
    expect(demo.callsSent() - before).toBeLessThanOrEqual(15);
    const again = demo.callsSent();
    await demo.place({ ...split, items: items.slice(1).concat({ item: 'SCREW-M3', quantity: 1 }) });
    expect(demo.callsSent() - again).toBeLessThanOrEqual(13);
  });

  test.each([
    ['create_sales_order', 2, ['creating the second order, of the rest'], /The first order stands/],
    ['confirm_sales_order', 2, ['confirming SO-00021'], /confirm_sales_order[\s\S]*do not place the order again/],
  ])('a second %s that is refused leaves the first, and says how to go on', async (name, nth, failed, words) => {
    const demo = world();
    const plan = await demo.plan(split);
    let calls = 0;
    const api = interrupt(demo.apiOf(place), {
      [name]: (go) => {
        calls += 1;
        return calls === nth ? Promise.reject(new Rejected('Not today.')) : go();
      },
    });
    const error = await errorOf(demo.run(place, plan, api));
    expect(error).toBeInstanceOf(PartlyDone);
    expect(error).toMatchObject({ message: expect.stringMatching(words), facts: { failed } });
    expect(await demo.orderBy('SO-00020')).toMatchObject({ status: 'confirmed' });
  });
});

describe('selling below cost', () => {
  const rulesOf = async (input: Input) => (await world().plan({ customer: 'Bluebird Cafe', ...input })).raises;

  test('asks with item, price and cost, and only there', async () => {
    const items = [
      { item: 'HUB-7', quantity: 1, rate: 1 },
      { item: 'MUG', quantity: 1 },
    ];
    expect(await rulesOf({ items })).toEqual([
      { rule: 'below_cost', reason: 'Sold below cost: HUB-7 at 1.00 USD, cost 12.40 USD.' },
    ]);
    expect(await rulesOf({ items: [{ item: 'HUB-7', quantity: 1, rate: 12.4 }] })).toEqual([]);
    expect(await rulesOf({ items: [{ item: 'INSTALL', quantity: 1, rate: 0 }] })).toEqual([]);
  });

  test('a kit costs what its parts cost', async () => {
    const demo = world();
    const parts = [(await demo.itemBy('AMP-10')).purchase_rate, (await demo.itemBy('SHELF-SPK')).purchase_rate];
    const cost = Number(parts[0]) + 2 * Number(parts[1]);
    const at = (rate: number) => rulesOf({ items: [{ item: 'AUDIO-SET', quantity: 1, rate }], if_short: 'backorder' });
    expect(await at(cost)).not.toContainEqual(expect.objectContaining({ rule: 'below_cost' }));
    expect(await at(cost - 0.01)).toContainEqual(expect.objectContaining({ rule: 'below_cost' }));
  });

  test('a price in another currency is compared in the base currency', async () => {
    const demo = world();
    const rows = rowsIn(await demo.call('list_contacts', { contact_type: 'vendor', per_page: 200 }), 'contacts');
    const eur = rows.find(({ currency_code }) => currency_code === 'EUR')?.currency_id;
    await demo.call('create_contact', { contact_name: 'Klang Haus', contact_type: 'customer', currency_id: eur });
    const at = async (rate: number) =>
      (await demo.plan({ customer: 'Klang Haus', items: [{ item: 'HUB-7', quantity: 1, rate }] })).raises;
    // 11.28 EUR are 12.408 USD, 11.27 EUR are 12.397 USD; it costs 12.40.
    expect(await at(11.28)).toEqual([]);
    expect(await at(11.27)).toMatchObject([{ rule: 'below_cost' }]);
  });

  test('a new order that is fulfilled at once is asked about for it too', async () => {
    const plan = await world().planOf('fulfil_sales_order', {
      customer: 'Bluebird Cafe',
      items: [{ item: 'HUB-7', quantity: 1, rate: 1 }],
      carrier: 'UPS',
    });
    expect(plan.raises).toMatchObject([{ rule: 'below_cost' }]);
  });
});

describeReplay(place, split, [
  ...['create_sales_order', 'confirm_sales_order'],
  ...['create_sales_order', 'confirm_sales_order'],
]);
