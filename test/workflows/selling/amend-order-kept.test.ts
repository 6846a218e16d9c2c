import { describe, expect, test } from 'vitest';
import { Rejected } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import type { Plan } from '../../../src/workflows/define.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { amendOrder } from '../../../src/workflows/selling/amend-order.ts';
import { quiet } from '../fake-api.ts';
import { errorOf, fulfilWorld } from '../fulfil-world.ts';
import { interrupt } from '../interrupt.ts';

const amend = 'amend_order';
const address = { address: '1 Dock Road', city: 'Oakland', state: 'CA', zip: '94607', country: 'USA' };
const headOf = {
  sales: {
    shipment_date: '2026-12-04',
    salesorder_type: 'standard',
    priority: 'high',
    delivery_method: 'Courier',
    salesperson_name: 'Dana',
    payment_terms: 15,
    payment_terms_label: 'Net 15',
    billing_address: address,
    shipping_address: { ...address, attention: 'Back door' },
  },
  purchase: {
    delivery_date: '2026-12-04',
    expected_delivery_date: '2026-12-05',
    attention: 'Dock',
    purchaseorder_type: 'regular',
    delivery_address: address,
  },
};
const shared = {
  reference_number: 'R-1',
  notes: 'Ring twice',
  terms: 'As agreed',
  custom_fields: [{ label: 'Route', value: 'North' }],
  shipping_charge: 12.5,
  adjustment: -3,
  adjustment_description: 'Goodwill',
};

/** The demo company with an order of four lines that say all a line can say; the third is the one that changes. */
async function world(kind: 'sales' | 'purchase') {
  const demo = fulfilWorld();
  const key = `${kind}order` as const;
  const idOf = async (sku: string) => (await demo.itemBy(sku)).item_id;
  const { tax_id } = await demo.itemBy('WBH-001');
  const [newark] = rowsIn(await demo.call('list_warehouses', {}), 'warehouses').filter(
    ({ warehouse_name }) => warehouse_name === 'Newark',
  );
  const [party] = rowsIn(
    await demo.call('list_contacts', { search_text: kind === 'sales' ? 'Marble' : 'CableWorks' }),
    'contacts',
  );
  const said = { description: 'as drawn', custom_fields: [{ label: 'Engraving', value: 'A. B.' }] };
  const created = await demo.call(`create_${kind}_order`, {
    [kind === 'sales' ? 'customer_id' : 'vendor_id']: party?.contact_id,
    ...headOf[kind],
    ...shared,
    line_items: [
      {
        item_id: await idOf('WBH-001'),
        name: 'Headphones red',
        quantity: 3,
        rate: 70,
        discount: '7.5%',
        tax_id,
        ...said,
      },
      { item_id: await idOf('UCC-1M'), quantity: 10, rate: 12, discount: 2, discount_amount: 7, tax_id, ...said },
      { item_id: await idOf('MUG'), quantity: 12, rate: 12, warehouse_id: newark?.warehouse_id },
      { item_id: await idOf('INSTALL'), quantity: 1.5, rate: 60, ...said },
    ],
  });
  const id = textIn(rowIn(created, key), `${key}_id`);
  const read = async (): Promise<Row> => rowIn(await demo.call(`get_${kind}_order`, { [`${key}_id`]: id }), key);
  return {
    ...demo,
    id,
    read,
    plan: (input: Input): Promise<Plan> => demo.planOf(amend, { order: id, ...input }),
    /** The plan over a record that says more than the sandbox keeps, as those of another service may. */
    planOver: (change: (order: Row) => Row, input: Input): Promise<Plan> => {
      const changed = async (go: () => Promise<Row>) => ({ [key]: change(rowIn(await go(), key)) });
      const api = interrupt(demo.apiOf(amend), { [`get_${kind}_order`]: changed });
      return amendOrder.plan(api, { order: id, ...input }, quiet);
    },
    /** Carries the plan out by a service whose answer shows it thus. */
    runOver: (change: (order: Row) => Row, plan: Plan) => {
      const changed = async (go: () => Promise<Row>) => ({ [key]: change(rowIn(await go(), key)) });
      return demo.run(amend, plan, interrupt(demo.apiOf(amend), { [`update_${kind}_order`]: changed }));
    },
  };
}

const withLines = (order: Row, change: (line: Row, index: number) => Row): Row => ({
  ...order,
  line_items: rowsIn(order, 'line_items').map(change),
});
const fewer = { lines: [{ item: 'MUG', quantity: 8 }] };

describe.each(['sales', 'purchase'] as const)('a %s order of which one line changes', (kind) => {
  test('keeps all that its head and its other lines say', async () => {
    const demo = await world(kind);
    const before = await demo.read();
    const reply = await demo.run(amend, await demo.plan(fewer));
    const after = await demo.read();
    const money = ['line_items', 'sub_total', 'tax_total', 'total', 'bcy_total', 'last_modified_time'];
    const rest = (row: Row) => Object.entries(row).filter(([key]) => !money.includes(key));
    expect(rest(after)).toEqual(rest(before));
    const others = (row: Row) => rowsIn(row, 'line_items').filter(({ sku }) => sku !== 'MUG');
    expect(others(after)).toEqual(others(before));
    expect(others(after)).toHaveLength(3);
    expect(reply).not.toHaveProperty('not_as_meant');
  });

  test('says before the yes what the documented update does not name, and sends it all the same', async () => {
    const demo = await world(kind);
    const plan = await demo.plan(fewer);
    const amount = kind === 'purchase' ? ', discount_amount' : '';
    expect(plan.preview.filter((line) => line.includes('documented'))).toEqual([
      `The documented update does not name custom_fields of Headphones red (WBH-001), custom_fields${amount} of USB-C Cable 1 m (UCC-1M), custom_fields of Installation (INSTALL): it may be lost. The answer will be compared.`,
    ]);
    const [first, second, changed] = rowsIn(rowIn(rowIn({ ...plan }, 'steps'), 'update'), 'line_items');
    expect(first).toMatchObject({ name: 'Headphones red', discount: '7.5%', description: 'as drawn', unit: 'pcs' });
    expect(second).toMatchObject({
      discount: 2,
      discount_amount: 7,
      custom_fields: [{ label: 'Engraving', value: 'A. B.' }],
    });
    // That a line bears no tax is said too: a service may give it the tax of its item else.
    expect(changed).toMatchObject({ quantity: 8, warehouse_id: expect.any(String), tax_id: expect.any(String) });
  });

  test('names a line whose quantity was not taken, and not its discount of so many percent too', async () => {
    const demo = await world(kind);
    const plan = await demo.plan({ lines: [{ item: 'WBH-001', quantity: 2 }] });
    const reply = await demo.runOver(
      (order) => withLines(order, (line, index) => (index === 0 ? { ...line, quantity: 3 } : line)),
      plan,
    );
    expect(reply.not_as_meant).toEqual(['quantity of Headphones red (WBH-001)']);
  });

  test('says after it what a service dropped or left as it was', async () => {
    const demo = await world(kind);
    const plan = await demo.planOver(
      (order) => ({ ...withLines(order, (line) => ({ ...line, tags: [{ tag_id: '5' }] })), discount: '10%' }),
      fewer,
    );
    expect(plan.preview.join('\n')).toContain('tags of Logo Mug (MUG)');
    const reply = await demo.runOver(
      (order) =>
        withLines({ ...order, discount: 0, terms: '' }, (line, index) =>
          index === 1
            ? { ...line, discount: 0, discount_amount: 0, tax_id: '', custom_fields: [] }
            : { ...line, tags: [{ tag_id: '5' }], ...(index === 2 ? { quantity: 12 } : {}) },
        ),
      plan,
    );
    const lost = ['terms', 'discount', 'discount', 'tax_id', 'custom_fields', 'tags', 'quantity'];
    const cable = 'USB-C Cable 1 m (UCC-1M)';
    expect(reply.not_as_meant).toEqual([
      ...lost.slice(0, 2),
      ...lost.slice(2, 6).map((key) => `${key} of ${cable}`),
      'quantity of Logo Mug (MUG)',
    ]);
    expect(reply.message).toContain('The service answered otherwise than it was asked: terms, discount, ');
    expect(reply.message).toContain(`Look with get_${kind}_order and put it right.`);
  });
});

describe('a discount that is an amount', () => {
  test('is off the line, so that it stays whole when the quantity falls, which is said, and asked about where the price jumps', async () => {
    const demo = await world('sales');
    const plan = await demo.plan({ lines: [{ item: 'UCC-1M', quantity: 1 }] });
    // 11.30 each of ten, 5.00 of the one
    expect(plan.preview).toContain(
      'line changed: 10 pcs USB-C Cable 1 m (UCC-1M) at 12.00 USD (net 11.30 USD), Oakland -> 1 pcs, 12.00 USD (net 5.00 USD)',
    );
    expect(plan.preview).toContain('The discount of 7.00 USD on USB-C Cable 1 m (UCC-1M) stays whole.');
    expect(plan.raises).toMatchObject([{ rule: 'price_change' }]);
    await demo.run(amend, plan);
    const line = rowsIn(await demo.read(), 'line_items').find(({ sku }) => sku === 'UCC-1M');
    expect(line).toMatchObject({ quantity: 1, discount_amount: 7, discount_total: 7 });
  });

  test('that would be more than its line is refused before the yes', async () => {
    const demo = await world('sales');
    const error = await errorOf(demo.plan({ lines: [{ item: 'UCC-1M', rate: 0.5 }] }));
    expect(error).toBeInstanceOf(Rejected);
    expect(error).toMatchObject({
      nothingSent: true,
      message: expect.stringContaining(
        'USB-C Cable 1 m (UCC-1M): 7.00 USD is taken off, and the line would come to 5.00 USD',
      ),
    });
  });
});

test('an order that would be worth less than nothing is refused before the yes', async () => {
  const demo = await world('sales');
  await demo.call('update_sales_order', { salesorder_id: demo.id, adjustment: -400 });
  const lines = ['WBH-001', 'MUG', 'UCC-1M'].map((item) => ({ item, quantity: 0 }));
  const error = await errorOf(demo.plan({ lines }));
  expect(error).toBeInstanceOf(Rejected);
  expect(error).toMatchObject({ message: expect.stringContaining('worth less than nothing: -2'), nothingSent: true });
});

describe('an order of another service', () => {
  const lastOf = ({ preview }: Plan): string[] => preview.slice(-2);

  test('whose prices include tax is not called before tax, and the total is that', async () => {
    const demo = await world('sales');
    // The record of such an order: what it comes to is what its lines come to.
    const inclusive = (order: Row): Row => ({ ...order, is_inclusive_tax: true });
    const plan = await demo.planOver(inclusive, {
      lines: [
        { item: 'MUG', quantity: 8 },
        { item: 'HUB-7', quantity: 1 },
      ],
    });
    // 194.25 + 113.00 + 144.00 + 90.00 and 12.50 - 3.00; then 96.00 of mugs and a hub of 29.00
    expect(lastOf(plan)).toEqual([
      'The prices of this order include tax, that of a new line too.',
      expect.stringMatching(/^Goods and charges with tax: 550\.75 USD -> \d+\.\d\d USD\.$/),
    ]);
    expect(plan.preview.join('\n')).toContain('does not name is_inclusive_tax of the order,');
    const update = rowIn(rowIn({ ...plan }, 'steps'), 'update');
    expect(Object.keys(update).sort()).toEqual(['line_items', 'salesorder_id']);
  });

  test.each([
    ['10%', {}, 'The discount of 10 % on the whole order is taken of what is left.', '496.62', '453.42'],
    [
      10,
      { discount_amount: 54.13 },
      'The discount of 10 % on the whole order is taken of what is left.',
      '496.62',
      '453.42',
    ],
    [30, {}, 'The discount of 30.00 USD on the whole order stays as it is.', '520.75', '472.75'],
    [
      '30.00',
      { discount_amount: 30 },
      'The discount of 30.00 USD on the whole order stays as it is.',
      '520.75',
      '472.75',
    ],
  ])('with a discount of %s on the whole is counted with it', async (discount, more, words, before, after) => {
    const demo = await world('sales');
    for (const is_discount_before_tax of [true, false]) {
      const head = { discount, ...more, is_discount_before_tax, discount_type: 'entity_level' };
      const plan = await demo.planOver((order) => ({ ...order, ...head }), fewer);
      expect(plan.preview.find((line) => line.includes('documented'))).toContain(
        'does not name discount of the order, custom_fields of Headphones red (WBH-001)',
      );
      expect(lastOf(plan)).toEqual([words, `Goods and charges before tax: ${before} USD -> ${after} USD.`]);
    }
  });

  test('with a discount after tax is told with its total', async () => {
    const demo = await world('sales');
    const total = Number((await demo.read()).total) - 30;
    const head = { discount: 30, is_discount_before_tax: false, total };
    const plan = await demo.planOver((order) => ({ ...order, ...head }), fewer);
    expect(lastOf(plan)[1]).toMatch(new RegExp(`; total ${total.toFixed(2)} USD -> \\d+\\.\\d\\d USD\\.$`));
  });
});
