import { describe, expect, test } from 'vitest';
import type { Input } from '../../../src/operations/define.ts';
import type { Plan } from '../../../src/workflows/define.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { amendOrder } from '../../../src/workflows/selling/amend-order.ts';
import { quiet } from '../fake-api.ts';
import { fulfilWorld } from '../fulfil-world.ts';
import { interrupt } from '../interrupt.ts';

const amend = 'amend_order';

/** The demo company, with orders made as a test wants them. */
function world() {
  const demo = fulfilWorld();
  const contactId = async (name: string) =>
    textIn(rowsIn(await demo.call('list_contacts', { search_text: name }), 'contacts')[0] ?? {}, 'contact_id');
  return {
    ...demo,
    plan: (input: Input) => demo.planOf(amend, input),
    /** A draft of the customer with these lines, each with its SKU as `sku`. Its id. */
    sale: async (lines: readonly Input[], more: Input = {}): Promise<string> => {
      const line_items = await Promise.all(
        lines.map(async ({ sku, ...line }) => ({ item_id: (await demo.itemBy(String(sku))).item_id, ...line })),
      );
      const customer_id = more.customer_id ?? (await contactId('Marble Hotel'));
      const { salesorder } = await demo.call('create_sales_order', { ...more, customer_id, line_items });
      return textIn(rowIn({ salesorder }, 'salesorder'), 'salesorder_id');
    },
    order: async (salesorder_id: string): Promise<Row> =>
      rowIn(await demo.call('get_sales_order', { salesorder_id }), 'salesorder'),
    /** The plan over records that say more than the sandbox keeps, as those of another service may. */
    planOver: (change: (order: Row) => Row, input: Input): Promise<Plan> => {
      const changed = async (go: () => Promise<Row>) => ({ salesorder: change(rowIn(await go(), 'salesorder')) });
      return amendOrder.plan(interrupt(demo.apiOf(amend), { get_sales_order: changed }), input, quiet);
    },
  };
}

const rulesOf = ({ raises }: Plan): string[] => raises.map(({ rule }) => rule);

describe('an order that is amended to sell below cost', () => {
  // A USB hub costs 12.40 USD.
  test('asks for a new line, with price and cost', async () => {
    const demo = world();
    const order = await demo.sale([{ sku: 'MUG', quantity: 2 }]);
    const plan = await demo.plan({ order, lines: [{ item: 'HUB-7', quantity: 1, rate: 1 }] });
    expect(plan.raises).toEqual([
      { rule: 'below_cost', reason: 'Sold below cost: USB Hub (HUB-7) at 1.00 USD, cost 12.40 USD.' },
    ]);
    expect(rulesOf(await demo.plan({ order, lines: [{ item: 'HUB-7', quantity: 1, rate: 12.4 }] }))).toEqual([]);
  });

  test('asks for a price that falls below it by a step that is small, and for more at a price below it', async () => {
    const demo = world();
    const order = await demo.sale([{ sku: 'HUB-7', quantity: 4, rate: 13 }]);
    expect(rulesOf(await demo.plan({ order, lines: [{ item: 'HUB-7', rate: 12.5 }] }))).toEqual([]);
    const low = { order, lines: [{ item: 'HUB-7', rate: 12 }] };
    expect(rulesOf(await demo.plan(low))).toEqual(['below_cost']);
    await demo.run(amend, await demo.plan(low));
    const at = async (quantity: number) => rulesOf(await demo.plan({ order, lines: [{ item: 'HUB-7', quantity }] }));
    expect(await at(5)).toEqual(['below_cost']);
    expect(await at(3)).toEqual([]);
  });

  test('counts what is taken off the line', async () => {
    const demo = world();
    const order = await demo.sale([{ sku: 'HUB-7', quantity: 4, rate: 14, discount: 10 }]);
    // 12.60 and 12.33 each
    expect(rulesOf(await demo.plan({ order, lines: [{ item: 'HUB-7', quantity: 5 }] }))).toEqual([]);
    expect(rulesOf(await demo.plan({ order, lines: [{ item: 'HUB-7', rate: 13.7 }] }))).toEqual(['below_cost']);
    const fixed = await demo.sale([{ sku: 'HUB-7', quantity: 10, rate: 14, discount_amount: 10 }]);
    // 13.00 each of ten; of five it is 12.00.
    expect(rulesOf(await demo.plan({ order: fixed, lines: [{ item: 'HUB-7', quantity: 5 }] }))).toEqual(['below_cost']);
  });

  test('compares in the base currency, by the exchange rate of the order', async () => {
    const demo = world();
    const rows = rowsIn(await demo.call('list_contacts', { search_text: 'Nordklang' }), 'contacts');
    const customer = { contact_name: 'Klang Haus', contact_type: 'customer', currency_id: rows[0]?.currency_id };
    const { contact_id } = rowIn(await demo.call('create_contact', customer), 'contact');
    const order = await demo.sale([{ sku: 'HUB-7', quantity: 4, rate: 15 }], {
      customer_id: contact_id,
      exchange_rate: 0.9,
    });
    // 13.78 EUR are 12.402 USD, 13.77 EUR are 12.393 USD.
    expect(rulesOf(await demo.plan({ order, lines: [{ item: 'HUB-7', rate: 13.78 }] }))).toEqual([]);
    expect((await demo.plan({ order, lines: [{ item: 'HUB-7', rate: 13.77 }] })).raises).toEqual([
      {
        rule: 'below_cost',
        reason: 'Sold below cost: USB Hub (HUB-7) at 13.77 EUR = 12.393 USD, cost 12.40 USD.',
      },
    ]);
  });

  test('counts what is taken off the whole order, and takes out the tax that prices include', async () => {
    const demo = world();
    const order = await demo.sale([
      { sku: 'HUB-7', quantity: 10, rate: 14 },
      { sku: 'MUG', quantity: 5, rate: 12 },
    ]);
    const at = async (rate: number, head: Row) =>
      rulesOf(await demo.planOver((row) => ({ ...row, ...head }), { order, lines: [{ item: 'HUB-7', rate }] }));
    const less = { discount: '5%', is_discount_before_tax: true, discount_type: 'entity_level' };
    // 5 % less: 12.635 and 12.35; with 8.5 % tax within: 12.4424 and 12.3502; 20.00 of 200.00 less: 12.42 and 12.33 (of 197.00)
    expect(await at(13.3, less)).toEqual([]);
    expect(await at(13, less)).toEqual(['below_cost']);
    expect(await at(13.5, { is_inclusive_tax: true })).toEqual([]);
    expect(await at(13.4, { is_inclusive_tax: true })).toEqual(['below_cost']);
    expect(await at(13.9, { discount: 20, discount_amount: 20 })).toEqual([]);
    expect(await at(13.5, { discount: 20, discount_amount: 20 })).toEqual(['below_cost']);
    // Of 200.00 the hubs bear 14.00 of the discount, alone they bear all of it: 12.60 becomes 12.00.
    const lines = [{ item: 'MUG', quantity: 0 }];
    const gone = await demo.planOver((row) => ({ ...row, discount: 20, discount_amount: 20 }), { order, lines });
    expect(rulesOf(gone)).toEqual(['drops_lines', 'below_cost']);
  });

  test('counts the parts of a kit', async () => {
    const demo = world();
    const [amplifier, speaker] = [await demo.itemBy('AMP-10'), await demo.itemBy('SHELF-SPK')];
    const cost = Number(amplifier.purchase_rate) + 2 * Number(speaker.purchase_rate);
    const order = await demo.sale([{ sku: 'MUG', quantity: 2 }]);
    const at = async (rate: number) =>
      rulesOf(await demo.plan({ order, lines: [{ item: 'AUDIO-SET', quantity: 1, rate }] }));
    expect(await at(cost)).toEqual([]);
    expect(await at(cost - 0.01)).toEqual(['below_cost']);
  });

  test('reads nothing more where nothing is sold for less', async () => {
    const demo = world();
    const order = await demo.sale([{ sku: 'HUB-7', quantity: 4, rate: 14 }]);
    const calls = async (wish: Input) => {
      const before = demo.callsSent();
      await demo.plan({ order, lines: [{ item: 'HUB-7', ...wish }] });
      return demo.callsSent() - before;
    };
    expect(await calls({ quantity: 3 })).toBe(await calls({ rate: 15 }));
    expect(await calls({ rate: 13 })).toBe((await calls({ rate: 15 })) + 1);
  });
});
