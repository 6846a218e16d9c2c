import fc from 'fast-check';
import type { Answered, InProcess } from '../../scripts/in-process.ts';
import { rowsIn } from '../../src/workflows/rows.ts';

/** What a stock keeper does in a week: a tool and its input, known before the week begins. */
export interface Act {
  readonly tool: string;
  readonly input: Record<string, unknown>;
}

/** Goods of the demo company that touch everything: scarce, on order, in transit, parts of a kit, in one place or three. */
export const goods = ['WBH-001', 'UCC-2M', 'UCC-1M', 'DMAT', 'LAMP', 'AMP-10', 'SHELF-SPK', 'HUB-7'] as const;
export const places = ['Oakland', 'Newark', 'Portland'] as const;

const item = fc.constantFrom(...goods);
const sold = fc.constantFrom(...goods, 'AUDIO-SET', 'INSTALL');
const place = fc.constantFrom(...places);
const quantity = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 120 }), fc.constant(2.5));
const orderDay = fc.constantFrom('2026-11-01', '2026-11-10', '2026-11-10', '2026-11-18');
/** Of the demo company, and those that the week adds. */
const order = fc.constantFrom(...[12, 15, 16, 18, 19, 20, 21, 22, 23].map((number) => `SO-000${number}`));
const purchase = fc.constantFrom('PO-00007', 'PO-00008', 'PO-00009', 'PO-00010');

const act = <T extends Record<string, unknown>>(tool: string, input: fc.Arbitrary<T>): fc.Arbitrary<Act> =>
  input.map((made) => ({ tool, input: made }));

const line = fc.record({ item: sold, quantity, warehouse: place }, { requiredKeys: ['item', 'quantity'] });

export const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: act(
      'place_sales_order',
      fc.record({
        customer: fc.constantFrom('Marble Hotel', 'Bluebird Cafe'),
        items: fc.array(line, { minLength: 1, maxLength: 6 }),
        if_short: fc.constantFrom('partial', 'backorder', 'backorder', 'split'),
        confirm: fc.constantFrom(true, true, true, false),
        date: orderDay,
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: act(
      'fulfil_sales_order',
      fc.record(
        {
          sales_order: order,
          lines: fc.array(fc.record({ item: sold, quantity }), { minLength: 1, maxLength: 2 }),
          carrier: fc.constant('UPS'),
        },
        { requiredKeys: ['sales_order'] },
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: act(
      'move_stock',
      fc.record({
        from: place,
        to: place,
        items: fc.array(fc.record({ item, quantity }), { minLength: 1, maxLength: 3 }),
        receive: fc.boolean(),
        if_short: fc.constant('partial'),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: act(
      'set_stock_levels',
      fc.record({
        rows: fc.array(fc.record({ item, warehouse: place, quantity }), { minLength: 1, maxLength: 4 }),
        mode: fc.constantFrom('set_to', 'change'),
        skip_bad: fc.constant(true),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: act(
      'receive_delivery',
      fc.record(
        {
          purchase_order: purchase,
          lines: fc.array(fc.record({ item, quantity }), { minLength: 1, maxLength: 2 }),
          warehouse: place,
        },
        { requiredKeys: ['purchase_order'] },
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: act(
      'record_return',
      fc.record({ sales_order: order, lines: fc.array(line, { minLength: 1, maxLength: 1 }) }),
    ),
  },
  { weight: 1, arbitrary: act('reorder_low_stock', fc.constant({})) },
  {
    weight: 1,
    arbitrary: act(
      'amend_order',
      fc.record({ order, lines: fc.array(fc.record({ item: sold, quantity }), { minLength: 1, maxLength: 2 }) }),
    ),
  },
);

/** What is in transit arrives, all of it or the first transfer. */
export const arrivals: fc.Arbitrary<Act> = fc.record({ all: fc.boolean() }).map((input) => ({ tool: 'arrive', input }));

async function arrive(world: InProcess, all: unknown): Promise<Answered> {
  const listed = await world.call('list_transfers', { filter_by: 'Status.InTransit' });
  const ids = rowsIn(listed.facts, 'transfers').map(({ transfer_id }) => transfer_id);
  let last = listed;
  for (const transfer_id of all === true ? ids : ids.slice(0, 1))
    last = await saidYes(world, { tool: 'receive_transfer', input: { transfer_id } });
  return last;
}

/** With the yes of a person, where one is asked for. */
export async function saidYes(world: InProcess, { tool, input }: Act): Promise<Answered> {
  if (tool === 'arrive') return arrive(world, input.all);
  const first = await world.call(tool, input);
  if (first.facts.status !== 'confirmation_required') return first;
  const { confirmation, summary } = first.facts;
  return world.call('confirm_action', { confirmation, summary });
}
