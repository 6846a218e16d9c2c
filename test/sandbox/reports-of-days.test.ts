import { describe, expect, test } from 'vitest';
import { createAdjustment, deleteAdjustment } from '../../src/sandbox/engine/documents/adjustments.ts';
import { createKit } from '../../src/sandbox/engine/documents/kits.ts';
import { createPackage, shipPackage } from '../../src/sandbox/engine/documents/packages.ts';
import { confirmSalesOrder, createSalesOrder } from '../../src/sandbox/engine/documents/sales-orders.ts';
import { createTransfer, receiveTransfer, sendTransfer } from '../../src/sandbox/engine/documents/transfers.ts';
import { itemRoutes } from '../../src/sandbox/routes/items.ts';
import { reportRoutes } from '../../src/sandbox/routes/reports.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids, lineId, refusal, stocked, today } from './engine/world.ts';

function open() {
  const world = createTestWorld();
  const call = caller(world, [...reportRoutes, ...itemRoutes]);
  const report = (name: string, query: Record<string, string> = {}) => call(`GET /reports/${name}`, { query });
  const history = (item_id: string, query: Record<string, string> = {}) =>
    call('GET /items/{item_id}/transactionhistory', { params: { item_id }, query });
  return { world, report, history };
}

const reports = ['inventorysummary', 'inventoryvaluation', 'stockonhand', 'salesbyitem', 'salesbycustomer'];

describe('every report', () => {
  test.each(reports)('%s names its days, zone, currency and book, and covers the month so far', (name) => {
    const { report } = open();
    const { report: head } = report(name);
    expect(head).toMatchObject({ time_zone: 'UTC', currency: 'USD', row_count: 0, truncated: false });
    expect(head).toHaveProperty('generated_at');
    expect(head).toHaveProperty('basis');
    const days = { from_date: '2025-03-01', to_date: today };
    expect(head).toMatchObject(/valuation|onhand/.test(name) ? { as_of: today } : days);
  });

  test.each(reports)('%s refuses days that run backwards, days that are none, and unknown warehouses', (name) => {
    const { report } = open();
    const backwards = { from_date: '2025-03-02', to_date: '2025-03-01' };
    expect(refusal(() => report(name, backwards))).toBe('1002: from_date 2025-03-02 is after to_date 2025-03-01.');
    expect(refusal(() => report(name, { to_date: '2025-02-30' }))).toMatch(/^1002: to_date must be a date/);
    expect(refusal(() => report(name, { warehouse_id: '404' }))).toBe('1005: There is no warehouse 404.');
  });

  test('answers a page, says that more rows are there, and totals over all of them', () => {
    const { world, report } = open();
    for (const sku of ['A', 'B', 'C']) stocked(world, { [ids.main]: 2 }, { name: sku, sku });
    const {
      items,
      report: head,
      total_value,
      page_context,
    } = report('inventoryvaluation', { per_page: '2', page: '2' });
    expect(items).toMatchObject([{ sku: 'C' }]);
    expect(head).toMatchObject({ row_count: 3, truncated: true, totals: { asset_value: 24 } });
    expect([total_value, page_context]).toMatchObject([24, { has_more_page: false, total: 3 }]);
  });
});

describe('GET /reports/inventorysummary', () => {
  test('lists kits apart, by how many can be built, and neither kits nor services among the items', () => {
    const { world, report } = open();
    const part = stocked(world, { [ids.main]: 5, [ids.east]: 3 }, { name: 'Part' });
    stocked(world, {}, { name: 'Work', product_type: 'service' });
    createKit(world, { name: 'Set', rate: 9, mapped_items: [{ item_id: part, quantity: 2 }] });
    const { items, composite_items, total_items } = report('inventorysummary');
    expect([items, total_items]).toMatchObject([[{ name: 'Part', quantity_available: 8 }], 1]);
    expect(composite_items).toMatchObject([{ name: 'Set', buildable: 3 }]);
    expect(report('inventorysummary', { warehouse_id: ids.east }).composite_items).toMatchObject([{ buildable: 1 }]);
  });

  test('knows of a past day what was on hand, and not what was promised', () => {
    const { world, report } = open();
    const item = stocked(world, { [ids.main]: 5 });
    world.clock.nowMs += 86_400_000;
    createAdjustment(world, { line_items: [{ item_id: item, quantity_adjusted: 3 }] });
    const past = report('inventorysummary', { to_date: today });
    expect(past.items).toMatchObject([{ quantity_available: 5, quantity_demanded: null, quantity_ordered: null }]);
    expect(past.report).toHaveProperty('note');
    expect(report('inventorysummary').items).toMatchObject([{ quantity_available: 8, quantity_demanded: 0 }]);
  });

  test('counts goods in transit in the value of the company and of no warehouse', () => {
    const { world, report } = open();
    const item_id = stocked(world, { [ids.main]: 10 });
    const places = { from_warehouse_id: ids.main, to_warehouse_id: ids.east };
    sendTransfer(world, createTransfer(world, { ...places, line_items: [{ item_id, quantity: 4 }] }));
    const figures = (query = {}) => report('inventorysummary', query);
    expect(figures().items).toMatchObject([{ quantity_available: 6, quantity_in_transit: 4, asset_value: 40 }]);
    const east = figures({ warehouse_id: ids.east });
    expect(east.items).toMatchObject([{ quantity_available: 0, quantity_in_transit: 4, asset_value: 0 }]);
    expect(figures({ warehouse_id: ids.main }).items).toMatchObject([{ quantity_in_transit: 0, asset_value: 24 }]);
  });
});

describe('GET /items/{item_id}/transactionhistory', () => {
  test('opens with what there was before, and runs a balance to what is on hand', () => {
    const { world, history } = open();
    const item_id = stocked(world, { [ids.main]: 10 });
    world.clock.nowMs += 20 * 86_400_000;
    const order = createSalesOrder(world, { customer_id: ids.customer, line_items: [{ item_id, quantity: 3 }] });
    confirmSalesOrder(world, order);
    const line_items = [{ so_line_item_id: lineId(world, order), quantity: 3 }];
    shipPackage(world, createPackage(world, { salesorder_id: order, line_items }), {});
    const { transactions, report, last_sold, layers } = history(item_id, { date_start: '2025-04-01' });
    expect(transactions).toMatchObject([
      { date: '2025-04-01', document_type: 'opening_balance', balance: 10, value: 40 },
      {
        date: '2025-04-04',
        document_type: 'package',
        contact_name: 'Tech Solutions',
        warehouse_name: 'Main',
        quantity_in: 0,
        quantity_out: 3,
        balance: 7,
        unit_cost: 4,
        value: -12,
        status: 'shipped',
      },
    ]);
    expect(report).toMatchObject({ totals: { closing_balance: 7 } });
    expect(last_sold).toBe('2025-04-04');
    expect(layers).toEqual([{ warehouse_id: ids.main, warehouse_name: 'Main', date: today, quantity: 7, value: 28 }]);
  });

  test('shows a transfer as two rows, out of one warehouse and into the other', () => {
    const { world, history } = open();
    const item_id = stocked(world, { [ids.main]: 10 });
    const places = { from_warehouse_id: ids.main, to_warehouse_id: ids.east };
    const transfer = createTransfer(world, { ...places, line_items: [{ item_id, quantity: 4 }] });
    sendTransfer(world, transfer);
    expect(history(item_id).transactions).toMatchObject([{}, {}, { warehouse_name: 'Main', balance: 6 }]);
    expect(history(item_id).layers).toContainEqual({ in_transit: true, date: today, quantity: 4, value: 16 });
    receiveTransfer(world, transfer);
    expect(history(item_id).transactions).toMatchObject([
      {},
      {},
      { warehouse_name: 'Main', quantity_out: 4, balance: 6 },
      { warehouse_name: 'East', quantity_in: 4, balance: 10 },
    ]);
  });

  test('names what a reversal takes back, and shows a change of value as a row without quantity', () => {
    const { world, history } = open();
    const item_id = stocked(world, { [ids.main]: 10 });
    const worth = [{ item_id, warehouse_id: ids.main, value_adjusted: 5 }];
    const adjustment = createAdjustment(world, { adjustment_type: 'value', line_items: worth });
    deleteAdjustment(world, adjustment);
    const { transactions } = history(item_id);
    expect(transactions).toMatchObject([
      { balance: 0 },
      { document_type: 'opening_stock', balance: 10 },
      { document_type: 'adjustment', status: 'reversed', quantity_in: 0, value: 5, balance: 10, unit_cost: null },
      { document_type: 'adjustment', value: -5, balance: 10, reverses: expect.stringMatching(/^adjustment ADJ-/) },
    ]);
  });

  test('is of one item that exists, and of days that run forwards', () => {
    const { world, history } = open();
    const item = stocked(world);
    expect(refusal(() => history('404'))).toBe('41: There is no item 404.');
    const backwards = { date_start: '2025-03-02', date_end: '2025-03-01' };
    expect(refusal(() => history(item, backwards))).toBe('1002: date_start 2025-03-02 is after date_end 2025-03-01.');
  });
});
