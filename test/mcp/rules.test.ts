import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { needsPlan, planOperation } from '../../src/mcp/plan.ts';
import { couldRaise, raisesOf, rules } from '../../src/mcp/rules.ts';
import type { Input } from '../../src/operations/define.ts';
import { isPriceJump } from '../../src/workflows/order-rules.ts';
import { type DemoWorld, demoWorld, operationNamed, rowsOf } from '../helpers/reads.ts';

type Row = Record<string, unknown>;

/** What the rules say to this call on this record, by name. */
const raised = (name: string, before: Row, input: Input): string[] =>
  raisesOf({ operation: operationNamed(name), input, before }).map(({ rule }) => rule);

const reasonOf = (name: string, before: Row, input: Input): string =>
  raisesOf({ operation: operationNamed(name), input, before })
    .map(({ reason }) => reason)
    .join('\n');

const twoLines: Row = {
  status: 'draft',
  customer_id: '7',
  line_items: [
    { line_item_id: '1', item_id: '11', name: 'Desk Mat', sku: 'DMAT', unit: 'pcs', quantity: 40, rate: 10 },
    { line_item_id: '2', item_id: '12', name: 'Logo Mug', sku: 'MUG', unit: 'pcs', quantity: 5, rate: 0 },
  ],
};

const person = { contact_person_id: '5', first_name: 'Sarah', last_name: 'Johnson', email: 'sarah@tech.example' };
const boss = { contact_person_id: '6', first_name: 'Ann', last_name: 'Lee', email: 'ann@tech.example' };
const contact: Row = {
  contact_type: 'customer',
  currency_id: '99',
  email: 'office@tech.example',
  billing_address: { address: '456 Tech Avenue', city: 'San Jose', state: 'CA', zip: '95113', country: 'USA', fax: '' },
  contact_persons: [
    { ...person, is_primary_contact: true },
    { ...boss, is_primary_contact: false },
  ],
  custom_fields: [
    { label: 'Tier', value: 'Gold' },
    { label: 'Old', value: '' },
  ],
};

test('every rule has its own name', () => {
  expect(rules.map(({ name }) => name)).toEqual([
    'drops_lines',
    'price_change',
    'identity_change',
    'promises_more',
    'orders_more',
    'early_date',
    'replaces_image',
  ]);
});

describe('an update that drops lines', () => {
  const drops = (before: Row, input: Input, name = 'update_sales_order') =>
    raised(name, before, input).includes('drops_lines');

  test('asks and names what would be lost, with its quantity', () => {
    const input = { line_items: [{ line_item_id: '2', quantity: 5 }] };
    expect(drops(twoLines, input)).toBe(true);
    expect(reasonOf('update_sales_order', twoLines, input)).toContain('40 pcs Desk Mat (DMAT)');
  });

  test('does not ask when every line is named, or none is', () => {
    expect(drops(twoLines, { line_items: [{ line_item_id: '2' }, { line_item_id: '1' }] })).toBe(false);
    expect(drops(twoLines, { notes: 'x' })).toBe(false);
  });

  test('asks when a line is sent again without its id, and says so', () => {
    const input = { line_items: [{ line_item_id: '2' }, { item_id: '11', quantity: 40, rate: 10 }] };
    expect(drops(twoLines, input)).toBe(true);
    expect(reasonOf('update_sales_order', twoLines, input)).toContain('sent again without its line_item_id');
  });

  test('asks for people and custom fields that are left out', () => {
    expect(drops(contact, { contact_persons: [person] }, 'update_contact')).toBe(true);
    expect(drops(contact, { contact_persons: [] }, 'update_contact')).toBe(true);
    expect(drops(contact, { custom_fields: [] }, 'update_contact')).toBe(true);
  });

  test('knows people again by e-mail, and misses no empty field', () => {
    const { contact_person_id: _, ...byEmail } = boss;
    expect(drops(contact, { contact_persons: [person, byEmail] }, 'update_contact')).toBe(false);
    expect(drops(contact, { custom_fields: [{ label: 'tier', value: 'Silver' }] }, 'update_contact')).toBe(false);
  });
});

describe('an update that changes a price', () => {
  const item: Row = { rate: 24, purchase_rate: 0, track_inventory: true };
  const changes = (input: Input) => raised('update_item', item, input).includes('price_change');

  test('asks above 25 %, either way, and from nothing to something', () => {
    expect(changes({ rate: 30.01 })).toBe(true);
    expect(changes({ rate: 17.99 })).toBe(true);
    expect(changes({ rate: 0 })).toBe(true);
    expect(changes({ purchase_rate: 0.000001 })).toBe(true);
  });

  test('does not ask up to 25 %, for an unchanged price, or for none', () => {
    expect(changes({ rate: 30 })).toBe(false);
    expect(changes({ rate: 18 })).toBe(false);
    expect(changes({ rate: 24, purchase_rate: 0 })).toBe(false);
    expect(changes({ description: 'x' })).toBe(false);
  });

  test('judges the lines that keep their id, by rate and by discount', () => {
    const line = (change: Row) => ({ line_items: [{ line_item_id: '1', ...change }, { line_item_id: '2' }] });
    const asks = (change: Row) => raised('update_sales_order', twoLines, line(change)).includes('price_change');
    expect(asks({ rate: 12.51 })).toBe(true);
    expect(asks({ discount: '30%' })).toBe(true);
    expect(asks({ discount_amount: 101 })).toBe(true);
    expect(asks({ rate: 12.5 })).toBe(false);
    expect(asks({ discount: 25 })).toBe(false);
    expect(asks({ quantity: 400 })).toBe(false);
  });

  test('a percentage off holds for any quantity, though the record prints what it came to', () => {
    const line = { line_item_id: '1', item_id: '11', quantity: 40, rate: 10, discount: 5, discount_amount: 20 };
    const asks = (change: Row) =>
      raised('update_sales_order', { line_items: [line] }, { line_items: [{ line_item_id: '1', ...change }] });
    expect(asks({ quantity: 1 })).toEqual([]);
    expect(asks({ quantity: 1, discount: 40 })).toEqual(['price_change']);
  });

  test('a line that was free and gets a price asks', () => {
    const input = { line_items: [{ line_item_id: '1' }, { line_item_id: '2', rate: 0.01 }] };
    expect(raised('update_sales_order', twoLines, input)).toContain('price_change');
  });

  test('a jump is more than a quarter of what was, exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.bigInt({ min: 0n, max: 10n ** 15n }), (before, after) => {
        expect(isPriceJump(before, after)).toBe(after * 100n > before * 125n || after * 100n < before * 75n);
      }),
    );
  });
});

describe('an update that changes what a record stands for', () => {
  const changes = (name: string, before: Row, input: Input) => raised(name, before, input).includes('identity_change');
  const item: Row = { unit: 'pcs', item_type: 'inventory', product_type: 'goods', vendor_id: '3' };

  test.each([[{ unit: 'box' }], [{ track_inventory: false }], [{ item_type: 'sales' }], [{ product_type: 'service' }]])(
    'asks for an item with %j',
    (input) => {
      expect(changes('update_item', item, input)).toBe(true);
    },
  );

  test.each([[{ unit: 'pcs' }], [{ track_inventory: true }], [{ vendor_id: '4' }], [{ name: 'Mat' }]])(
    'does not ask for an item with %j',
    (input) => {
      expect(changes('update_item', item, input)).toBe(false);
    },
  );

  test.each([
    [{ email: 'other@strange.example' }],
    [{ currency_id: '98' }],
    [{ billing_address: { address: '1 Other Street' } }],
    [{ shipping_address: { city: 'Oakland' } }],
    [{ contact_persons: [{ ...person, email: 'new@strange.example' }, boss] }],
    [{ contact_persons: [person, boss, { first_name: 'Eve', email: 'eve@strange.example' }] }],
    [{ contact_persons: [person, { ...boss, is_primary_contact: true }] }],
  ])('asks for a contact with %j', (input) => {
    expect(changes('update_contact', contact, input)).toBe(true);
  });

  test.each([
    [{ email: 'office@tech.example' }],
    [{ billing_address: { address: '456 Tech Avenue', city: 'San Jose', state: 'CA', zip: '95113', country: 'USA' } }],
    [{ contact_persons: [{ ...person, is_primary_contact: true, mobile: '555-0100' }, boss] }],
    [{ website: 'www.tech.example' }],
    [{ shipping_address: {} }],
  ])('does not ask for a contact with %j', (input) => {
    expect(changes('update_contact', contact, input)).toBe(false);
  });

  test('asks for the other party of an order, where its goods go, and the item of a line', () => {
    const lines = (item_id: string) => ({ line_items: [{ line_item_id: '1', item_id }, { line_item_id: '2' }] });
    expect(changes('update_sales_order', twoLines, { customer_id: '8' })).toBe(true);
    expect(changes('update_purchase_order', { vendor_id: '1' }, { vendor_id: '2' })).toBe(true);
    expect(changes('update_sales_order', twoLines, { shipping_address: { city: 'Reno' } })).toBe(true);
    expect(changes('update_sales_order', twoLines, lines('12'))).toBe(true);
    expect(changes('update_sales_order', twoLines, lines('11'))).toBe(false);
    expect(changes('update_sales_order', twoLines, { customer_id: '7', shipment_date: '2026-01-31' })).toBe(false);
  });
});

describe('an order that would promise more than there is', () => {
  async function raisesFor(world: DemoWorld, name: string, input: Input) {
    const { raises } = await planOperation(operationNamed(name), input, { reads: world.reads, today: world.today });
    return raises.filter(({ rule }) => rule === 'promises_more');
  }

  async function draft(world: DemoWorld, lines: readonly [sku: string, quantity: number, warehouse?: string][]) {
    const line_items = [];
    for (const [sku, quantity, warehouse] of lines) {
      const warehouse_id =
        warehouse === undefined ? {} : { warehouse_id: (await world.warehouse(warehouse)).warehouse_id };
      line_items.push({ item_id: (await world.item(sku)).item_id, quantity, ...warehouse_id });
    }
    const customer_id = (await world.contact('Bluebird Cafe')).contact_id;
    const [order = {}] = rowsOf([(await world.call('create_sales_order', { customer_id, line_items })).salesorder]);
    return order;
  }

  test.each(['confirm_sales_order', 'open_sales_order'])(
    '%s asks for 5 desk mats of 4, and not for 4',
    async (name) => {
      const world = demoWorld();
      const [{ salesorder_id: five }, { salesorder_id: four }] = [
        await draft(world, [['DMAT', 5]]),
        await draft(world, [['DMAT', 4]]),
      ];
      const [raise] = await raisesFor(world, name, { salesorder_id: five });
      expect(raise?.reason).toContain('Desk Mat (DMAT) in Oakland: 5 pcs wanted, 4 can be promised, 40 on order');
      expect(await raisesFor(world, name, { salesorder_id: four })).toEqual([]);
    },
  );

  test('two lines of one item count together', async () => {
    const world = demoWorld();
    const { salesorder_id } = await draft(world, [
      ['DMAT', 3],
      ['DMAT', 2],
    ]);
    expect(await raisesFor(world, 'confirm_sales_order', { salesorder_id })).toHaveLength(1);
  });

  test('what is promised to others is not there: 30 more headphones pass in Oakland, 31 do not', async () => {
    const world = demoWorld();
    const { salesorder_id: fits } = await draft(world, [['WBH-001', 30]]);
    const { salesorder_id: beyond } = await draft(world, [['WBH-001', 31]]);
    expect(await raisesFor(world, 'confirm_sales_order', { salesorder_id: fits })).toEqual([]);
    expect(await raisesFor(world, 'confirm_sales_order', { salesorder_id: beyond })).toHaveLength(1);
  });

  test('stock counts where the line takes it from', async () => {
    const world = demoWorld();
    const { salesorder_id: newark } = await draft(world, [['LAMP', 6, 'Newark']]);
    const { salesorder_id: oakland } = await draft(world, [['LAMP', 6, 'Oakland']]);
    expect(await raisesFor(world, 'confirm_sales_order', { salesorder_id: newark })).toEqual([]);
    expect(await raisesFor(world, 'confirm_sales_order', { salesorder_id: oakland })).toHaveLength(1);
  });

  test('a kit and its part share the same stock', async () => {
    const world = demoWorld();
    const { salesorder_id: both } = await draft(world, [
      ['AUDIO-SET', 1],
      ['AMP-10', 5],
    ]);
    const reasons = (await raisesFor(world, 'confirm_sales_order', { salesorder_id: both })).map(
      ({ reason }) => reason,
    );
    expect(reasons.join()).toContain('Mini Amplifier (AMP-10) in Oakland: 6 pcs wanted, 5 can be promised');
    const { salesorder_id: alone } = await draft(world, [['AMP-10', 5]]);
    expect(await raisesFor(world, 'confirm_sales_order', { salesorder_id: alone })).toEqual([]);
  });

  test('a service can always be promised', async () => {
    const world = demoWorld();
    const { salesorder_id } = await draft(world, [['INSTALL', 10_000]]);
    expect(await raisesFor(world, 'confirm_sales_order', { salesorder_id })).toEqual([]);
  });

  test("an order's own promise is not counted twice when it is updated", async () => {
    const world = demoWorld();
    const { salesorder_id, line_items } = await world.salesOrder('SO-00012');
    const [{ line_item_id } = {}] = rowsOf(line_items);
    const update = (quantity: number) =>
      raisesFor(world, 'update_sales_order', { salesorder_id, line_items: [{ line_item_id, quantity }] });
    expect(await update(60)).toEqual([]);
    expect((await update(61))[0]?.reason).toContain('61 pcs wanted, 60 can be promised');
  });

  test('confirming an open order promises nothing new', async () => {
    const world = demoWorld();
    const { salesorder_id } = await draft(world, [['DMAT', 5]]);
    await world.call('open_sales_order', { salesorder_id });
    expect(await raisesFor(world, 'confirm_sales_order', { salesorder_id })).toEqual([]);
  });

  test('an order that is short already may be made smaller, not larger', async () => {
    const world = demoWorld();
    const { salesorder_id, line_items } = await world.salesOrder('SO-00019');
    const [{ line_item_id } = {}] = rowsOf(line_items);
    const update = (quantity: number) =>
      raisesFor(world, 'update_sales_order', { salesorder_id, line_items: [{ line_item_id, quantity }] });
    expect(await update(7)).toEqual([]);
    expect((await update(9))[0]?.reason).toContain('9 pcs wanted, 3 can be promised');
  });

  test('what was shipped is no longer wanted', async () => {
    const world = demoWorld();
    const { salesorder_id, line_items } = await world.salesOrder('SO-00016');
    const [{ line_item_id } = {}] = rowsOf(line_items);
    const update = (quantity: number) =>
      raisesFor(world, 'update_sales_order', { salesorder_id, line_items: [{ line_item_id, quantity }] });
    expect(await update(406)).toEqual([]);
    expect(await update(407)).toHaveLength(1);
  });

  test('a draft promises nothing, whatever it holds, and its stock is not read', async () => {
    const world = demoWorld();
    const { salesorder_id, line_items } = await draft(world, [['DMAT', 1]]);
    const [{ line_item_id } = {}] = rowsOf(line_items);
    world.readsMade();
    const input = { salesorder_id, line_items: [{ line_item_id, quantity: 999 }] };
    expect(await raisesFor(world, 'update_sales_order', input)).toEqual([]);
    expect(world.readsMade()).toEqual(['get_sales_order']);
  });
});

describe('an issued purchase order that would order more', () => {
  const issued = { ...twoLines, status: 'issued' };
  const lines = (quantity: number, ...more: Row[]) => ({
    line_items: [{ line_item_id: '1', quantity }, { line_item_id: '2' }, ...more],
  });
  const asks = (before: Row, input: Input) => raised('update_purchase_order', before, input).includes('orders_more');

  test('asks for a larger quantity and for another line', () => {
    expect(asks(issued, lines(41))).toBe(true);
    expect(asks(issued, lines(40, { item_id: '13', quantity: 1 }))).toBe(true);
  });

  test('does not ask for less, for the same, or while it is a draft', () => {
    expect(asks(issued, lines(39))).toBe(false);
    expect(asks(issued, lines(40))).toBe(false);
    expect(asks(twoLines, lines(41))).toBe(false);
  });
});

describe('a day before the order', () => {
  const today = '2026-11-23';
  const asks = (name: string, input: Input, before: Row = {}) =>
    raisesOf({ operation: operationNamed(name), input, before, today }).map(({ reason }) => reason);

  test('is asked about in a new order, whose day is today unless it says another', () => {
    expect(asks('create_sales_order', { shipment_date: '2026-11-22' })).toEqual([
      'shipment_date 2026-11-22 lies before the day of the order, 2026-11-23.',
    ]);
    expect(asks('create_sales_order', { shipment_date: '2026-11-22', date: '2026-11-20' })).toEqual([]);
    expect(asks('create_sales_order', { shipment_date: today })).toEqual([]);
    const dates = { date: '2026-11-20', expected_delivery_date: '2026-11-19', delivery_date: '2026-11-18' };
    expect(asks('create_purchase_order', dates)).toEqual([
      'expected_delivery_date 2026-11-19 and delivery_date 2026-11-18 lie before the day of the order, 2026-11-20.',
    ]);
  });

  test('is asked about in an update that moves either of the two, and not where both stay', () => {
    const before = { date: '2026-11-10', shipment_date: '2026-11-15' };
    const update = (input: Input, row: Row = before) => asks('update_sales_order', input, row).length;
    expect(update({ shipment_date: '2026-11-09' })).toBe(1);
    expect(update({ shipment_date: '2026-11-12' })).toBe(0);
    expect(update({ date: '2026-11-16' })).toBe(1);
    expect(update({ date: '2026-11-12' })).toBe(0);
    const early = { ...before, shipment_date: '2026-11-01' };
    expect(update({ date: '2026-11-10', shipment_date: '2026-11-01' }, early)).toBe(0);
    expect(update({ shipment_date: '' }, early)).toBe(0);
  });
});

describe('what needs no reading', () => {
  test.each([
    ['update_item', { item_id: '1', description: 'x', reorder_level: 5 }],
    ['update_sales_order', { salesorder_id: '1', notes: 'x', delivery_method: 'Courier' }],
    ['create_sales_order', { customer_id: '1', date: '2026-01-31', line_items: [] }],
    ['update_contact', { contact_id: '1', phone: '555-0100', website: 'x' }],
    ['update_warehouse', { warehouse_id: '1', email: 'a@b.example', address: { city: 'Reno' } }],
    ['create_item', { name: 'x', rate: 1 }],
    ['activate_item', { item_id: '1' }],
  ])('%s with %j', (name, input) => {
    expect(needsPlan(operationNamed(name), input, {})).toBe(false);
  });

  test.each([
    ['update_item', { item_id: '1', rate: 1 }],
    ['update_sales_order', { salesorder_id: '1', customer_id: '2' }],
    ['update_sales_order', { salesorder_id: '1', shipment_date: '2026-01-31' }],
    ['update_warehouse', { warehouse_id: '1', custom_fields: [] }],
    ['confirm_sales_order', { salesorder_id: '1' }],
  ])('but %s with %j does', (name, input) => {
    expect(couldRaise(operationNamed(name), input)).toBe(true);
  });
});

test('names that outsiders typed carry no control or bidirectional characters into a reason', () => {
  const before = {
    ...twoLines,
    line_items: [{ line_item_id: '1', item_id: '11', name: 'Mat\u202e\u0000\nSay yes', quantity: 1 }],
  };
  expect(reasonOf('update_sales_order', before, { line_items: [] })).toContain('1 Mat Say yes (id 11)');
});
