import { expect, test } from 'vitest';
import type { Reply } from '../../src/client/client.ts';
import type { Input } from '../../src/operations/define.ts';
import { rowIn, rowsIn } from '../../src/workflows/rows.ts';
import { type Company, company } from '../client/writes.ts';
import { wonDeal } from './api.ts';
import { kindOf, yesTo } from './careful-caller.ts';
import type { RunningClock } from './running-clock.ts';
import type { Answer } from './server.ts';
import { chaoticWorld } from './world.ts';

// Two people who mean the same thing in other words, each with a server of their own on one folder, say yes at the same
// moment. The second to come must see what the first has done, as it would a minute later.

type Run = (name: string, input: Input) => Promise<Reply>;
type Wish = readonly [tool: string, input: Input];

interface Pair {
  readonly name: string;
  /** Two wishes that are fine each by itself. */
  readonly wishes: (its: Company) => Promise<readonly [Wish, Wish]>;
  /** What stands after both, and what it may be: one of the two was carried out, and not both. */
  readonly stands: (run: Run, its: Company) => Promise<unknown>;
  readonly either: readonly unknown[];
  /** How the second is answered; else it is asked about what is left, or refused. */
  readonly second?: 'done';
}

const goods = (quantity: number) => ({ lines: [{ item: 'A-1', quantity }] });
const ofItems = (quantity: number) => ({ items: [{ item: 'A-1', quantity }] });
const onHand = async (run: Run, { item }: Company) =>
  rowIn(await run('get_item', { item_id: item }), 'item').stock_on_hand;
const linesOf = async (run: Run, salesorder_id: string) =>
  rowsIn(rowIn(await run('get_sales_order', { salesorder_id }), 'salesorder'), 'line_items');

async function orders(run: Run): Promise<string[]> {
  const { salesorders } = await run('list_sales_orders', {});
  return rowsIn({ salesorders }, 'salesorders').map(({ customer_name }) => String(customer_name));
}

/** Of the lines of all orders. */
async function quantities(run: Run, key = 'quantity'): Promise<unknown[]> {
  const rows = rowsIn(await run('list_sales_orders', {}), 'salesorders');
  const lines = await Promise.all(rows.map(({ salesorder_id }) => linesOf(run, String(salesorder_id))));
  return lines.flat().map((line) => line[key]);
}

const contact = { name: 'Bluebird' };
const products = [{ code: 'A-1', quantity: 2, rate: 11 }];

const pairs: readonly Pair[] = [
  {
    name: 'one deal is ordered once',
    wishes: async () => [
      ['place_order_from_deal', { deal: { id: '77', contact, products } }],
      ['place_order_from_deal', { deal: { id: '77', contact, products }, if_short: 'partial' }],
    ],
    stands: orders,
    either: [['Bluebird']],
    second: 'done',
  },
  {
    name: 'one deal of somebody new is ordered once',
    wishes: async () => [
      ['place_order_from_deal', { deal_id: wonDeal }],
      ['place_order_from_deal', { deal_id: wonDeal, if_short: 'backorder' }],
    ],
    stands: orders,
    either: [['Jenny Wren']],
    second: 'done',
  },
  {
    name: 'no more is put back than was shipped',
    wishes: async ({ packed, run }) => {
      const { id, order } = await packed();
      await run('ship_package', { package_id: id, carrier: 'UPS' });
      return [
        ['record_return', { sales_order: order, ...goods(2) }],
        ['record_return', { sales_order: order, ...goods(1) }],
      ];
    },
    stands: onHand,
    either: [99, 100],
  },
  {
    name: 'one delivery that two people count is booked once',
    wishes: async ({ issued }) => {
      const { id } = await issued();
      return [
        ['receive_delivery', { purchase_order: id, ...goods(4) }],
        ['receive_delivery', { purchase_order: id, ...goods(3), notes: 'One is missing' }],
      ];
    },
    stands: onHand,
    either: [103, 104],
  },
  {
    name: 'a delivery that is booked line by line is not booked by the job beside it',
    wishes: async ({ issued }) => {
      const { id, line } = await issued();
      return [
        ['receive_delivery', { purchase_order: id, ...goods(4) }],
        [
          'receive_purchase_order',
          { purchaseorder_id: id, line_items: [{ line_item_id: line, quantity_received: 3 }] },
        ],
      ];
    },
    stands: onHand,
    either: [103, 104],
  },
  {
    name: 'one order is packed once',
    wishes: async ({ confirmed }) => {
      const sales_order = await confirmed();
      return [
        ['fulfil_sales_order', { sales_order, ...goods(1) }],
        ['fulfil_sales_order', { sales_order, ...goods(2) }],
      ];
    },
    stands: (run) => quantities(run, 'quantity_packed'),
    either: [[1], [2]],
  },
  {
    name: 'what is free is moved once',
    wishes: async () => [
      ['move_stock', { from: 'Main', to: 'Annex', ...ofItems(60) }],
      ['move_stock', { from: 'Main', to: 'Annex', ...ofItems(70) }],
    ],
    stands: onHand,
    either: [40, 30],
  },
  {
    name: 'what two people counted is set once',
    wishes: async () => [
      ['set_stock_levels', { rows: [{ item: 'A-1', quantity: 90 }] }],
      ['set_stock_levels', { rows: [{ item: 'A-1', quantity: 90 }], reason: 'Counted again' }],
    ],
    stands: onHand,
    either: [90],
    second: 'done',
  },
  {
    name: 'what is low is ordered once',
    wishes: async ({ newItem, vendor }) => {
      await newItem('LOW-1', { reorder_level: 5, purchase_rate: 3, vendor_id: vendor });
      return [
        ['reorder_low_stock', {}],
        ['reorder_low_stock', { lead_time_days: 3 }],
      ];
    },
    stands: async (run) => rowsIn(await run('list_purchase_orders', {}), 'purchaseorders').length,
    either: [1],
    second: 'done',
  },
  {
    name: 'what can be promised is promised once',
    wishes: async () => [
      ['place_sales_order', { customer: 'Bluebird', ...ofItems(60) }],
      ['place_sales_order', { customer: 'Bluebird', ...ofItems(70) }],
    ],
    stands: (run) => quantities(run),
    either: [[60], [70]],
  },
  {
    name: 'parts are promised once, in a kit or by themselves',
    wishes: async ({ kitId }) => {
      await kitId();
      return [
        ['place_sales_order', { customer: 'Bluebird', items: [{ item: 'K-1', quantity: 20 }] }],
        ['place_sales_order', { customer: 'Bluebird', items: [{ item: 'B-1', quantity: 30 }] }],
      ];
    },
    stands: (run) => quantities(run),
    either: [[20], [30]],
  },
  {
    name: 'of two changes of one order neither is undone by the other',
    wishes: async ({ confirmed }) => {
      const order = await confirmed();
      return [
        ['amend_order', { order, ...goods(2) }],
        ['amend_order', { order, lines: [{ item: 'B-1', quantity: 4 }] }],
      ];
    },
    stands: (run) => quantities(run),
    either: [[2, 4]],
    second: 'done',
  },
];

/** Two servers on one folder, and what is asked of each by another person, who says yes where that is needed. */
async function twoPeople({ wishes: wishesOf }: Pick<Pair, 'wishes'>, seed: number) {
  const world = chaoticWorld({ latencyMs: 50, seed });
  const { clock, prepare } = world;
  const its = await clock.run(company(prepare));
  const wishes = await clock.run(wishesOf(its));
  // What was read to make ready is not the reading of a moment ago.
  await clock.run(world.sleep(60_000));
  const people = wishes.map(([tool, input], index) => {
    const { ask } = world.start();
    const caller = { caller: `local:${index}` };
    return {
      ask: () => ask(tool, input, caller),
      say: async (asked: Answer) => {
        const yes = yesTo(asked);
        return yes ? ask('confirm_action', yes, caller) : asked;
      },
    };
  });
  return { clock, prepare, its, people };
}

/** The same by all of them at the same moment. */
async function both<P, T>(
  { clock, people }: { clock: RunningClock; people: readonly P[] },
  work: (one: P, index: number) => Promise<T>,
) {
  return clock.run(Promise.all(people.map(work)));
}

// By the seed it is settled who is how far when the other one reads.
test.each([2, 4, 5].flatMap((seed) => pairs.map((pair) => ({ ...pair, seed }))))(
  'of two yeses at the same moment, $name ($seed)',
  async (pair) => {
    const world = await twoPeople(pair, pair.seed);
    const asked = await both(world, ({ ask }) => ask());
    const said = await both(world, ({ say }, index) => say(asked[index] as Answer));
    expect(pair.either).toContainEqual(await world.clock.run(pair.stands(world.prepare, world.its)));
    const [first, ...others] = said.map(kindOf).sort((a, b) => Number(b === 'done') - Number(a === 'done'));
    expect(first).toBe('done');
    for (const kind of others)
      expect(pair.second === undefined ? ['confirmation_required', 'rejected'] : [pair.second]).toContain(kind);
  },
);
