import { describe, expect, test } from 'vitest';
import { setItemStatus } from '../../src/sandbox/engine/documents/items.ts';
import { createPurchaseOrder, issuePurchaseOrder } from '../../src/sandbox/engine/documents/purchase-orders.ts';
import { confirmSalesOrder, createSalesOrder } from '../../src/sandbox/engine/documents/sales-orders.ts';
import type { World } from '../../src/sandbox/route.ts';
import { reportRoutes } from '../../src/sandbox/routes/reports.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids, refusal, stocked } from './engine/world.ts';

function open() {
  const world = createTestWorld();
  const call = caller(world, reportRoutes);
  const report = (query: Record<string, string> = {}) => call('GET /reports/lowstockitems', { query });
  const skus = (rows: unknown) => (Array.isArray(rows) ? rows.map((row) => row.sku).join(' ') : 'no list');
  return { world, report, skus };
}

const sell = (world: World, item_id: string, quantity: number, warehouse_id: string = ids.main) => {
  const line_items = [{ item_id, quantity, warehouse_id }];
  confirmSalesOrder(world, createSalesOrder(world, { customer_id: ids.customer, line_items }));
};

describe('GET /reports/lowstockitems', () => {
  test('lists active tracked goods at or below their level, the scarcest first', () => {
    const { world, report, skus } = open();
    const stock = (sku: string, quantity: number, reorder_level: number) =>
      stocked(world, { [ids.main]: quantity }, { sku, reorder_level });
    stock('HALF', 5, 10);
    stock('FULL', 10, 10);
    stock('MORE', 10.000001, 10);
    stock('NOLEVEL', 0, 0);
    sell(world, stock('SOLD', 30, 10), 29);
    setItemStatus(world, stock('OFF', 1, 10), 'inactive');
    stocked(world, {}, { sku: 'WORK', reorder_level: 5, product_type: 'service' });
    // SOLD 1 of 10, HALF 5 of 10, FULL 10 of 10
    expect(skus(report().items)).toBe('SOLD HALF FULL');
  });

  test('orders ties by SKU', () => {
    const { world, report, skus } = open();
    for (const sku of ['B', 'C', 'A']) stocked(world, { [ids.main]: 1 }, { sku, reorder_level: 2 });
    expect(skus(report().items)).toBe('A B C');
  });

  test("prints the columns, the vendor only where there is one, and the reference's suggestion", () => {
    const { world, report } = open();
    const item_id = stocked(
      world,
      { [ids.main]: 3 },
      { name: 'Speaker', sku: 'SPK', unit: 'pcs', reorder_level: 10, purchase_rate: 50, vendor_id: ids.euroVendor },
    );
    sell(world, item_id, 8);
    const order = createPurchaseOrder(world, { vendor_id: ids.euroVendor, line_items: [{ item_id, quantity: 4 }] });
    issuePurchaseOrder(world, order);
    stocked(world, { [ids.main]: 50 }, { sku: 'Z', reorder_level: 60 });
    const { items, report: head } = report();
    expect(items).toEqual([
      {
        item_id,
        name: 'Speaker',
        sku: 'SPK',
        unit: 'pcs',
        stock_on_hand: 3,
        committed_stock: 8,
        available_stock: -5,
        quantity_ordered: 4,
        reorder_level: 10,
        vendor_id: ids.euroVendor,
        vendor_name: 'Nordklang',
        purchase_rate: 50,
        suggested_quantity: 17,
      },
      expect.objectContaining({ sku: 'Z', suggested_quantity: 70 }),
    ]);
    expect(items).not.toHaveProperty('1.vendor_id');
    expect(head).toMatchObject({ name: 'low-stock', as_of: '2025-03-15', currency: 'USD', row_count: 2 });
  });

  test('lists what is promised beyond stock as shortages, at any level and status', () => {
    const { world, report, skus } = open();
    const none = stocked(world, { [ids.main]: 1 }, { sku: 'NONE' });
    const off = stocked(world, { [ids.main]: 1 }, { sku: 'OFF', reorder_level: 1 });
    stocked(world, {}, { sku: 'EMPTY', reorder_level: 1 });
    sell(world, none, 3);
    sell(world, off, 9);
    setItemStatus(world, off, 'inactive');
    const { items, shortages } = report();
    expect([skus(items), skus(shortages)]).toEqual(['EMPTY', 'OFF NONE']);
  });

  test('looks at one warehouse when asked to', () => {
    const { world, report, skus } = open();
    const item = stocked(world, { [ids.main]: 20, [ids.east]: 2 }, { sku: 'A', reorder_level: 10 });
    sell(world, item, 3, ids.east);
    expect([skus(report().items), skus(report().shortages)]).toEqual(['', '']);
    const { items, shortages } = report({ warehouse_id: ids.east });
    expect(items).toMatchObject([{ sku: 'A', stock_on_hand: 2, committed_stock: 3, available_stock: -1 }]);
    expect(skus(shortages)).toBe('A');
    expect(refusal(() => report({ warehouse_id: '404' }))).toBe('1005: There is no warehouse 404.');
  });
});
