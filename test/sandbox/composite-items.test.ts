import { describe, expect, test } from 'vitest';
import { routes } from '../../src/sandbox/routes/index.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids, refusal, stocked } from './engine/world.ts';

type Json = Record<string, unknown>;

function open() {
  const world = createTestWorld();
  const call = caller(world, routes);
  const amp = stocked(world, { [ids.main]: 5 }, { name: 'Amp', sku: 'AMP' });
  const speaker = stocked(world, { [ids.main]: 9, [ids.east]: 40 }, { name: 'Speaker', sku: 'SPK' });
  const cable = stocked(world, { [ids.main]: 100 }, { name: 'Cable', sku: 'CBL' });
  /** The reference's example request, with the ids of the test company. */
  const example = {
    name: 'Complete Home Audio System',
    sku: 'CHAS-BUNDLE-001',
    unit: 'set',
    description: 'Complete audio system bundle with speakers and amplifier',
    rate: 499.99,
    is_taxable: true,
    tax_id: ids.tax,
    mapped_items: [
      { item_id: amp, quantity: 1, warehouse_id: ids.main },
      { item_id: speaker, quantity: 2, warehouse_id: ids.main },
      { item_id: cable, quantity: 1, warehouse_id: ids.main },
    ],
    custom_fields: [],
  };
  const record = (answer: Json): Json => ({ ...(answer.composite_item as Json) }); // parse boundary: a record
  const create = (body: object = {}): Json => record(call('POST /compositeitems', { body: { ...example, ...body } }));
  const act = (method: string, item_id: unknown, body: Json = {}): Json =>
    call(`${method} /compositeitems/{item_id}`, { params: { item_id: String(item_id) }, body });
  return { world, call, amp, speaker, cable, example, create, act, record };
}

describe('POST /compositeitems', () => {
  test("answers the reference's example with every key that was given, and how many can be built", () => {
    const { call, example } = open();
    expect(call('POST /compositeitems', { body: example })).toMatchObject({
      message: 'The composite item has been added.',
      status: 201,
      composite_item: { ...example, status: 'active', is_combo_product: true, available_stock: 4 },
    });
  });

  test('counts as available the least its parts allow, warehouse by warehouse', () => {
    const { create, amp, speaker } = open();
    const kit = create({
      mapped_items: [
        { item_id: amp, quantity: 1 },
        { item_id: speaker, quantity: 2 },
      ],
    });
    expect(kit.available_stock).toBe(4);
    expect(kit.warehouses).toMatchObject([
      { warehouse_name: 'Main', warehouse_available_stock: 4 },
      { warehouse_name: 'East', warehouse_available_stock: 0 },
    ]);
    expect(kit.mapped_items).toMatchObject([
      { item_id: amp, name: 'Amp', quantity: 1, available_stock: 5 },
      { item_id: speaker, name: 'Speaker', quantity: 2, available_stock: 49 },
    ]);
  });

  test.each<[string, (ids: { amp: string; kit: string }) => object, string]>([
    ['no parts', () => ({ mapped_items: [] }), '1001: The mapped_items field is required.'],
    ['no price', () => ({ rate: '' }), '1001: The rate field is required.'],
    ['no name', () => ({ name: '' }), '1001: The name field is required.'],
    [
      'a part twice',
      ({ amp }) => ({ mapped_items: [amp, amp].map((item_id) => ({ item_id, quantity: 1 })) }),
      'Amp is listed twice.',
    ],
    ['a kit in a kit', ({ kit }) => ({ mapped_items: [{ item_id: kit, quantity: 1 }] }), 'kits do not nest'],
    ['a part by nothing', ({ amp }) => ({ mapped_items: [{ item_id: amp, quantity: 0 }] }), 'quantity must be above 0'],
    ['an unknown part', () => ({ mapped_items: [{ item_id: '404', quantity: 1 }] }), '1004: There is no item 404.'],
    ['opening stock', () => ({ initial_stock: 5 }), '1002: A composite item has no stock of its own.'],
    ['a SKU that is taken', () => ({ sku: 'amp' }), '36: The SKU amp belongs to Amp'],
  ])('refuses %s', (_, body, words) => {
    const { create, amp } = open();
    const kit = String(create({ sku: '' }).item_id);
    expect(refusal(() => create({ sku: '', ...body({ amp, kit }) }))).toContain(words);
  });
});

describe('a composite item', () => {
  test('is sold as one and ships as its parts; an order keeps the recipe it was written with', () => {
    const { create, act, call, amp, speaker } = open();
    const kit = create();
    const order = call('POST /salesorders', {
      body: { customer_id: ids.customer, line_items: [{ item_id: kit.item_id, quantity: 2, warehouse_id: ids.main }] },
    }).salesorder as Json; // parse boundary: a record
    const params = { salesorder_id: String(order.salesorder_id) };
    call('POST /salesorders/{salesorder_id}/status/confirmed', { params });
    expect(act('GET', kit.item_id)).toMatchObject({ composite_item: { available_stock: 2 } });
    act('PUT', kit.item_id, { mapped_items: [{ item_id: amp, quantity: 1 }] });
    expect(act('GET', kit.item_id)).toMatchObject({ composite_item: { available_stock: 3 } });
    expect(call('GET /items/{item_id}', { params: { item_id: speaker } })).toMatchObject({
      item: { committed_stock: 4 },
    });
  });

  test('is updated in the fields given; the parts stay when none are named', () => {
    const { create, act } = open();
    const kit = create();
    expect(act('PUT', kit.item_id, { rate: 450 })).toMatchObject({
      message: 'Composite item details have been saved.',
      composite_item: { rate: 450, name: 'Complete Home Audio System', mapped_items: [{}, {}, {}] },
    });
    expect(refusal(() => act('PUT', kit.item_id, { mapped_items: [] }))).toMatch(/^1001: /);
    expect(act('GET', kit.item_id)).toMatchObject({ composite_item: { mapped_items: [{}, {}, {}] } });
  });

  test('keeps its parts from being deleted, and is deleted itself while nobody ordered it', () => {
    const { create, act, call, amp, world } = open();
    const bare = stocked(world, {}, { name: 'Stand' });
    const kit = create({ mapped_items: [{ item_id: bare, quantity: 1 }] });
    const remove = (item_id: unknown) => call('DELETE /items/{item_id}', { params: { item_id: String(item_id) } });
    expect(refusal(() => remove(bare))).toMatch(/has a composite item that contains it/);
    expect(act('DELETE', kit.item_id)).toMatchObject({ message: 'The composite item has been deleted.' });
    expect(refusal(() => act('GET', kit.item_id))).toBe(`41: There is no composite item ${kit.item_id}.`);
    expect(remove(bare)).toMatchObject({ message: 'The item has been deleted.' });
    expect(refusal(() => remove(amp))).toMatch(/stock movements/);
  });

  test('that was ordered cannot be deleted, only deactivated', () => {
    const { create, act, call } = open();
    const kit = create();
    const line_items = [{ item_id: kit.item_id, quantity: 1 }];
    call('POST /salesorders', { body: { customer_id: ids.customer, line_items } });
    expect(refusal(() => act('DELETE', kit.item_id))).toMatch(
      /^1002: Complete Home Audio System has sales or purchase orders and cannot be deleted. Deactivate it instead/,
    );
    call('POST /items/{item_id}/inactive', { params: { item_id: String(kit.item_id) } });
    expect(act('GET', kit.item_id)).toMatchObject({ composite_item: { status: 'inactive' } });
  });

  test('is not what another item is', () => {
    const { act, amp } = open();
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect(refusal(() => act(method, amp, { name: 'x' }))).toBe(`41: There is no composite item ${amp}.`);
  });
});

describe('GET /compositeitems', () => {
  test.each([
    [{}, 'A B'],
    [{ filter_by: 'Status.Active' }, 'A'],
    [{ filter_by: 'Status.Inactive' }, 'B'],
    [{ search_text: 'b' }, 'B'],
    [{ sku: 'kit-a' }, 'A'],
    [{ sort_column: 'rate', sort_order: 'D' }, 'B A'],
    [{ per_page: '1' }, 'A'],
  ])('with %j finds %s, and kits only', (query, expected) => {
    const { call, create } = open();
    create({ name: 'A', sku: 'kit-a', rate: 1 });
    const { item_id } = create({ name: 'B', sku: 'kit-2', rate: 2 });
    call('POST /items/{item_id}/inactive', { params: { item_id: String(item_id) } });
    const { composite_items: rows } = call('GET /compositeitems', { query });
    expect(Array.isArray(rows) ? rows.map((row) => row.name).join(' ') : '').toBe(expected);
  });
});
