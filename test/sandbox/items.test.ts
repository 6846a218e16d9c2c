import { describe, expect, test } from 'vitest';
import { createKit } from '../../src/sandbox/engine/documents/kits.ts';
import { confirmSalesOrder, createSalesOrder } from '../../src/sandbox/engine/documents/sales-orders.ts';
import { itemRoutes } from '../../src/sandbox/routes/items.ts';
import { itemBody } from '../operations/examples.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids, refusal, stocked } from './engine/world.ts';

/** The reference's example request, with the ids of the test company. */
const example = { ...itemBody, tax_id: ids.tax, vendor_id: ids.vendor };

function open() {
  const world = createTestWorld();
  const call = caller(world, itemRoutes);
  const names = (query: Record<string, string>) => {
    const { items } = call('GET /items', { query });
    return Array.isArray(items) ? items.map((item) => item.name) : [];
  };
  return { world, call, names };
}

describe('POST /items', () => {
  test("answers the reference's example as the reference does, with every key that was given", () => {
    const { call } = open();
    expect(call('POST /items', { body: example })).toMatchObject({
      message: 'The item has been added.',
      status: 201,
      item: {
        ...example,
        status: 'active',
        stock_on_hand: 100,
        available_stock: 100,
        actual_available_stock: 100,
        committed_stock: 0,
        quantity_ordered: 0,
        asset_value: 4500,
        tax_name: 'Sales Tax',
        tax_percentage: 8.5,
        vendor_name: 'AudioTech',
        is_combo_product: false,
        created_time: '2025-03-15T18:00:00+0000',
        last_modified_time: '2025-03-15T18:00:00+0000',
      },
    });
  });

  test('ignores keys that nobody knows', () => {
    const { call } = open();
    const { item } = call('POST /items', { body: { name: 'A', rate: '9.99', colour: 'red' } });
    expect(item).toMatchObject({ name: 'A', rate: 9.99 });
    expect(item).not.toHaveProperty('colour');
  });
});

describe('GET /items/{item_id}', () => {
  test('tells the stock per warehouse, inactive ones only where something lies', () => {
    const { world, call } = open();
    const item_id = stocked(world, { [ids.main]: 10, [ids.east]: 5 });
    const line_items = [{ item_id, quantity: 12, warehouse_id: ids.east }];
    confirmSalesOrder(world, createSalesOrder(world, { customer_id: ids.customer, line_items }));
    const { item } = call('GET /items/{item_id}', { params: { item_id } });
    expect(item).toMatchObject({ stock_on_hand: 15, committed_stock: 12, available_stock: 3, asset_value: 60 });
    expect(item).toHaveProperty('warehouses', [
      expect.objectContaining({
        warehouse_id: ids.main,
        warehouse_name: 'Main',
        status: 'active',
        is_primary: true,
        warehouse_stock_on_hand: 10,
        warehouse_available_stock: 10,
        warehouse_actual_available_stock: 10,
        warehouse_committed_stock: 0,
      }),
      expect.objectContaining({ warehouse_id: ids.east, warehouse_stock_on_hand: 5, warehouse_available_stock: -7 }),
    ]);
  });

  test('of a kit tells how many can be built, summed over warehouses, and no stock', () => {
    const { world, call } = open();
    const amp = stocked(world, { [ids.main]: 5, [ids.east]: 4 });
    const speaker = stocked(world, { [ids.main]: 4, [ids.east]: 7.5 });
    const mapped_items = [
      { item_id: amp, quantity: 1 },
      { item_id: speaker, quantity: 2 },
    ];
    const item_id = createKit(world, { name: 'Set', rate: 499.99, mapped_items });
    const { item } = call('GET /items/{item_id}', { params: { item_id } });
    expect(item).toMatchObject({
      is_combo_product: true,
      item_type: 'composite',
      available_stock: 2 + 3,
      mapped_items,
    });
    expect(item).not.toHaveProperty('stock_on_hand');
    expect(item).not.toHaveProperty('asset_value');
    const { stock } = call('GET /items/{item_id}/stock', { params: { item_id } });
    expect(stock).toMatchObject({ available_stock: 5 });
    expect(stock).not.toHaveProperty('stock_on_hand');
  });

  test('of a service has no stock keys', () => {
    const { call } = open();
    const { item } = call('POST /items', { body: { name: 'Installation', rate: 60, product_type: 'service' } });
    expect(item).toMatchObject({ product_type: 'service', track_inventory: false });
    for (const key of ['stock_on_hand', 'available_stock', 'warehouses', 'asset_value'])
      expect(item).not.toHaveProperty(key);
  });

  test('that does not exist is code 41', () => {
    const { call } = open();
    expect(refusal(() => call('GET /items/{item_id}', { params: { item_id: '404' } }))).toBe(
      '41: There is no item 404.',
    );
  });
});

describe('GET /items/{item_id}/stock', () => {
  test('tells the figures and where they lie', () => {
    const { world, call } = open();
    const item_id = stocked(world, { [ids.main]: 10 }, { name: 'Amp', sku: 'AMP' });
    const { stock } = call('GET /items/{item_id}/stock', { params: { item_id } });
    expect(stock).toMatchObject({
      item_id,
      name: 'Amp',
      sku: 'AMP',
      stock_on_hand: 10,
      committed_stock: 0,
      available_stock: 10,
      actual_available_stock: 10,
      quantity_ordered: 0,
      quantity_in_transit: 0,
    });
    expect(stock).toHaveProperty('warehouses.length', 2);
  });
});

describe('GET /items', () => {
  const shelf = () => {
    const scene = open();
    stocked(scene.world, { [ids.main]: 5 }, { name: 'Über-Amp', sku: 'A-1', reorder_level: 5, vendor_id: ids.vendor });
    stocked(scene.world, { [ids.main]: 6 }, { name: 'cable 100%', sku: 'C_1', reorder_level: 5, upc: '777' });
    const { item } = scene.call('POST /items', { body: { name: 'Bell', rate: 3, sku: 'B-1' } });
    const item_id = typeof item === 'object' && item && 'item_id' in item ? String(item.item_id) : '';
    scene.call('POST /items/{item_id}/inactive', { params: { item_id } });
    return { ...scene, item_id };
  };

  test('lists by name, in pages', () => {
    const { call, names } = shelf();
    expect(names({})).toEqual(['Bell', 'cable 100%', 'Über-Amp']);
    expect(call('GET /items', { query: { page: '2', per_page: '2' } })).toMatchObject({
      items: [{ name: 'Über-Amp', stock_on_hand: 5, committed_stock: 0, available_stock: 5, quantity_ordered: 0 }],
      page_context: { page: 2, per_page: 2, has_more_page: false, total: 3 },
    });
  });

  test.each([
    [{ search_text: 'über' }, ['Über-Amp']],
    [{ search_text: '777' }, ['cable 100%']],
    [{ search_text: '0%' }, ['cable 100%']],
    [{ search_text: 'C_' }, ['cable 100%']],
    [{ search_text: '_' }, ['cable 100%']],
    [{ name: 'CABLE 100%' }, ['cable 100%']],
    [{ sku: 'a-1' }, ['Über-Amp']],
    [{ vendor_id: ids.vendor }, ['Über-Amp']],
    [{ filter_by: 'Status.All' }, ['Bell', 'cable 100%', 'Über-Amp']],
    [{ filter_by: 'Status.Active' }, ['cable 100%', 'Über-Amp']],
    [{ filter_by: 'Status.Inactive' }, ['Bell']],
    [{ status: 'inactive' }, ['Bell']],
    [{ filter_by: 'Status.Lowstock' }, ['Über-Amp']],
    [{ sort_column: 'rate', sort_order: 'D' }, ['cable 100%', 'Über-Amp', 'Bell']],
    [{ search_text: "'; DROP TABLE item; --" }, []],
  ])('with %j finds %j', (query, expected) => {
    expect(shelf().names(query)).toEqual(expected);
  });

  test('refuses filters and sort columns it does not know', () => {
    const { names } = shelf();
    expect(refusal(() => names({ filter_by: 'Status.Lost' }))).toBe(
      '1002: filter_by is one of Status.All, Status.Active, Status.Inactive, Status.Lowstock.',
    );
    expect(refusal(() => names({ sort_column: 'json' }))).toMatch(/^1002: sort_column is one of name, sku/);
  });
});

describe('an item', () => {
  test('is updated, switched off and on, and deleted', () => {
    const { call } = open();
    const { item } = call('POST /items', { body: { ...example, initial_stock: 0 } });
    const item_id = typeof item === 'object' && item && 'item_id' in item ? String(item.item_id) : '';
    const params = { item_id };
    expect(call('PUT /items/{item_id}', { params, body: { rate: 89.99, brand: '' } })).toMatchObject({
      message: 'Item details have been saved.',
      item: { rate: 89.99, brand: '', sku: 'WBH-001', dimensions: { length: 20 } },
    });
    const read = call('GET /items/{item_id}', { params });
    expect(call('PUT /items/{item_id}', { params, body: { ...Object(read.item) } }).item).toEqual(read.item);
    expect(call('POST /items/{item_id}/inactive', { params }).message).toBe('The item has been marked as inactive.');
    expect(call('GET /items/{item_id}', { params })).toMatchObject({ item: { status: 'inactive' } });
    expect(call('POST /items/{item_id}/active', { params }).message).toBe('The item has been marked as active.');
    expect(call('DELETE /items/{item_id}', { params }).message).toBe('The item has been deleted.');
    expect(refusal(() => call('DELETE /items/{item_id}', { params }))).toMatch(/^41: /);
  });
});
