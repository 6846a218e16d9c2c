import { describe, expect, test } from 'vitest';
import { findItem } from '../../../../src/sandbox/engine/documents/item-record.ts';
import { createItem, deleteItem, updateItem } from '../../../../src/sandbox/engine/documents/items.ts';
import { createKit } from '../../../../src/sandbox/engine/documents/kits.ts';
import { createSalesOrder, deleteSalesOrder } from '../../../../src/sandbox/engine/documents/sales-orders.ts';
import { levelAt, stockValue } from '../../../../src/sandbox/engine/ledger.ts';
import { createTestWorld, ids, refusal, stocked, today } from '../world.ts';

describe('an item', () => {
  test('opens its stock in the primary warehouse, or place by place', () => {
    const world = createTestWorld();
    const one = createItem(world, { name: 'A', rate: 1, initial_stock: 100, initial_stock_rate: 45 });
    expect(stockValue(world.db, one, ids.main)).toEqual({ quantityMicro: 100e6, valueMinor: 4500_00 });
    const warehouses = [
      { warehouse_id: ids.main, initial_stock: 60 },
      { warehouse_id: ids.east, initial_stock: 15, initial_stock_rate: 50 },
    ];
    const two = createItem(world, { name: 'B', rate: 1, purchase_rate: 45, warehouses }, { openingDate: '2024-03-01' });
    expect([ids.main, ids.east].map((place) => stockValue(world.db, two, place).valueMinor)).toEqual([2700_00, 750_00]);
    const days = world.db.prepare('SELECT DISTINCT item_id, effective_date FROM stock_move').all();
    expect(days).toEqual([
      { item_id: one, effective_date: today },
      { item_id: two, effective_date: '2024-03-01' },
    ]);
  });

  test('is refused without name or rate, with a SKU that is taken, or with stock it cannot have', () => {
    const world = createTestWorld();
    const make = (body: object) => refusal(() => createItem(world, { name: 'A', rate: 1, ...body }));
    const id = createItem(world, { name: 'First', rate: 1, sku: 'abc' });
    expect(make({ name: ' ' })).toBe('1001: The name field is required.');
    expect(make({ rate: null })).toBe('1001: The rate field is required.');
    expect(make({ rate: -1 })).toBe('1002: rate must be at least 0.');
    expect(make({ sku: 'ABC' })).toBe(`36: The SKU ABC belongs to First (${id}).`);
    expect(make({ product_type: 'service', initial_stock: 1 })).toMatch(
      /^1002: Opening stock is kept of tracked goods/,
    );
    expect(make({ product_type: 'service', track_inventory: true })).toMatch(/^1002: Stock is kept of goods only/);
    expect(make({ vendor_id: ids.customer })).toBe('1002: There is no vendor 21.');
    expect(make({ tax_id: '404' })).toBe('1002: There is no tax 404.');
    expect(make({ warehouses: [{ warehouse_id: ids.closed, initial_stock: 1 }] })).toMatch(/^1005: /);
    expect(make({ item_type: 'composite' })).toMatch(/kits are made as composite items/);
  });

  test.each([
    [{}, 'goods', 'inventory'],
    [{ item_type: 'inventory', track_inventory: true }, 'goods', 'inventory'],
    [{ track_inventory: false }, 'untracked', 'sales_and_purchases'],
    [{ item_type: 'sales' }, 'untracked', 'sales'],
    [{ product_type: 'service' }, 'service', 'sales_and_purchases'],
    [{ product_type: 'digital_goods' }, 'untracked', 'sales_and_purchases'],
  ])('made with %j is %s, %s', (body, kind, item_type) => {
    const world = createTestWorld();
    const id = createItem(world, { name: 'A', rate: 1, ...body });
    expect(findItem(world.db, id)).toMatchObject({ kind, item_type });
  });

  test('keeps unit and tracking after the first stock movement, and its opening stock', () => {
    const world = createTestWorld();
    const id = stocked(world, {}, { unit: 'pcs', initial_stock: 5 });
    expect(refusal(() => updateItem(world, id, { unit: 'box' }))).toMatch(/The unit cannot change/);
    expect(refusal(() => updateItem(world, id, { track_inventory: false }))).toMatch(/Tracking cannot change/);
    expect(refusal(() => updateItem(world, id, { initial_stock: 6 }))).toMatch(/correct it by an adjustment/);
    updateItem(world, id, { initial_stock: 5, unit: 'pcs', rate: 12, name: 'Renamed' });
    expect(findItem(world.db, id)).toMatchObject({ name: 'Renamed', rateMicro: 12e6 });
    const fresh = stocked(world);
    updateItem(world, fresh, { unit: 'box', initial_stock: 3 });
    expect(levelAt(world.db, fresh, ids.main)).toBe(3e6);
  });

  test('with history is not deleted: deactivate it', () => {
    const world = createTestWorld();
    const moved = stocked(world, { [ids.main]: 1 }, { name: 'Amp' });
    expect(refusal(() => deleteItem(world, moved))).toBe(
      '1002: Amp has stock movements and cannot be deleted. Deactivate it instead.',
    );
    const ordered = stocked(world);
    const id = createSalesOrder(world, { customer_id: ids.customer, line_items: [{ item_id: ordered, quantity: 1 }] });
    expect(refusal(() => deleteItem(world, ordered))).toMatch(/has sales or purchase orders/);
    deleteSalesOrder(world, id);
    deleteItem(world, ordered);
    expect(findItem(world.db, ordered)).toBeUndefined();
    const part = stocked(world);
    const kit = createKit(world, { name: 'Set', rate: 1, mapped_items: [{ item_id: part, quantity: 1 }] });
    expect(refusal(() => deleteItem(world, part))).toMatch(/a composite item that contains it/);
    deleteItem(world, kit);
    deleteItem(world, part);
    expect(() => deleteItem(world, part)).toThrow('Resource not found');
  });
});
