import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toRequest } from '../../src/operations/define.ts';
import { operationByName } from '../../src/operations/index.ts';
import type { ParameterName } from '../../src/reports/define.ts';
import { reportByName } from '../../src/reports/index.ts';
import { createItem, setItemStatus, updateItem } from '../../src/sandbox/engine/documents/items.ts';
import { createPurchaseOrder, issuePurchaseOrder } from '../../src/sandbox/engine/documents/purchase-orders.ts';
import { confirmSalesOrder, createSalesOrder } from '../../src/sandbox/engine/documents/sales-orders.ts';
import { ApiError } from '../../src/sandbox/route.ts';
import { createRouter } from '../../src/sandbox/router.ts';
import { routes } from '../../src/sandbox/routes/index.ts';
import type { Api } from '../../src/workflows/define.ts';
import { acts, createScene, type Scene } from '../sandbox/engine/acts.ts';
import { createTestWorld, ids, stocked } from '../sandbox/engine/world.ts';
import * as sql from './straight-sql.ts';

const dayMs = 86_400_000;
const free = fc.nat({ max: 9999 });
const draw = fc.record({ act: fc.nat({ max: acts.length - 1 }), a: free, b: free, c: free });

/** 2,000 documents that were accepted, and what no random act makes: services, charges, an inactive item, levels. */
function randomCompany(): Scene & { today: string } {
  const world = createTestWorld();
  const scene = createScene(world);
  let accepted = 0;
  for (const one of fc.sample(draw, { numRuns: 6_000, seed: 42 })) {
    if (accepted === 2_000) break;
    try {
      acts[one.act]?.(scene, one);
      accepted += 1;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  expect(accepted).toBe(2_000);
  for (const [index, id] of scene.goods.entries()) {
    setItemStatus(world, id, 'active');
    updateItem(world, id, { reorder_level: 20 * index });
  }
  const service = createItem(world, { name: 'Installation', rate: 80, product_type: 'service' });
  const untracked = createItem(world, { name: 'Leaflet', rate: 1, track_inventory: false });
  for (const customer_id of [ids.otherCustomer, ids.yenCustomer]) {
    const line_items = [service, untracked, ...scene.goods.slice(0, 1)].map((item_id) => ({ item_id, quantity: 3 }));
    const charges = { shipping_charge: 25, adjustment: -10 };
    confirmSalesOrder(world, createSalesOrder(world, { customer_id, line_items, ...charges }));
  }
  const line_items = [service, untracked].map((item_id) => ({ item_id, quantity: 2, rate: 9 }));
  issuePurchaseOrder(
    world,
    createPurchaseOrder(world, { vendor_id: ids.vendor, delivery_date: '2025-06-30', line_items }),
  );
  stocked(world, { [ids.main]: 2.5, [ids.east]: 4 }, { name: 'Felt', unit: 'm' });
  setItemStatus(world, stocked(world, {}, { name: 'Gone' }), 'inactive');
  setItemStatus(world, stocked(world, { [ids.east]: 5 }, { name: 'Going' }), 'inactive');
  world.clock.nowMs += 70 * dayMs;
  return { ...scene, today: world.today() };
}

let company: ReturnType<typeof randomCompany>;
let api: Api;

beforeAll(() => {
  company = randomCompany();
  const { world } = company;
  const route = createRouter(routes);
  api = {
    call: async (name, input) => {
      const operation = operationByName.get(name);
      if (!operation) throw new Error(`There is no operation ${name}.`);
      const { method, path, query } = toRequest(operation, input);
      const { route: found, params } = route(method, path);
      const answer = found.handle({ world, params, query: new URLSearchParams(query), body: {} });
      return JSON.parse(JSON.stringify({ ...answer.body }));
    },
    pages: () => {
      throw new Error('Reports read page by page.');
    },
  };
}, 60_000);
afterAll(() => company.world.db.close());

/** A report as it is read, nulls dropped as results drop them. */
async function read(name: string, parameters: Partial<Record<ParameterName, string>> = {}) {
  const report = reportByName.get(name);
  if (!report) throw new Error(`There is no report ${name}.`);
  const context = { today: company.today, progress: () => {}, mostCalls: 100_000, mostRows: 100_000 };
  const result = await report.read(api, parameters, context);
  const withoutNulls = (row: object) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  return { ...result, rows: result.rows.map(withoutNulls) };
}

/** The columns that name a quantity or a sum, and add up to more than nothing: a report of zeros would prove nothing. */
const isTelling = (rows: readonly object[], ...columns: string[]) =>
  columns.every((column) =>
    rows.some((row) => Number(Object.entries(row).find(([key]) => key === column)?.[1] ?? 0) !== 0),
  );

const db = () => company.world.db;
const from = '2025-01-01';
const now = () => ({ from, to: company.today, today: company.today });
const past = () => ({ from: '2025-02-01', to: '2025-03-14', today: company.today });

describe('after 2,000 random documents', () => {
  const ranges = [
    ['now', now, {}],
    ['on a day long past', past, {}],
    ['now, in one warehouse', now, { warehouse: ids.east }],
    ['on a day long past, in one warehouse', past, { warehouse: ids.main }],
  ] as const;

  describe.each(ranges)('straight SQL says the same, %s,', (when, days, place: { warehouse?: string }) => {
    const ask = () => ({ ...days(), ...place });
    const range = () => {
      const { from: from_date, to: to_date } = ask();
      return { from_date, to_date, ...(place.warehouse ? { warehouse_id: place.warehouse } : {}) };
    };
    const asOf = () => {
      const { from_date: _, ...rest } = range();
      return rest;
    };

    test('as inventory-summary', async () => {
      const { rows, totals } = await read('inventory-summary', range());
      expect(rows).toEqual(sql.inventorySummary(db(), ask()));
      expect(isTelling(rows, 'quantity_available', 'quantity_purchased', 'quantity_sold', 'asset_value')).toBe(true);
      const cents = rows.reduce((sum, row) => sum + Math.round(Number(row.asset_value) * 100), 0);
      expect(totals).toMatchObject({ total_items: rows.length, total_value: cents / 100 });
    });

    test('as inventory-valuation', async () => {
      const { rows, truncated } = await read('inventory-valuation', asOf());
      expect(rows).toEqual(sql.inventoryValuation(db(), ask()));
      expect(rows.some(({ in_transit }) => in_transit)).toBe(place.warehouse === undefined);
      expect(truncated).toBe(false);
    });

    test('as stock-on-hand', async () => {
      const { rows } = await read('stock-on-hand', asOf());
      expect(rows).toEqual(sql.stockOnHand(db(), ask()));
      expect(isTelling(rows, 'on_hand', ...(when === 'now' ? ['committed', 'packed'] : []))).toBe(true);
    });

    test('as sales-by-item', async () => {
      const { rows } = await read('sales-by-item', range());
      expect(rows).toEqual(sql.salesByItem(db(), ask()));
      expect(isTelling(rows, 'amount', 'margin', 'quantity_shipped', 'quantity_used_in_kits')).toBe(true);
    });

    test('as sales-by-customer, whose amounts add up to those of sales-by-item', async () => {
      const { rows, totals } = await read('sales-by-customer', range());
      expect(rows).toEqual(sql.salesByCustomer(db(), ask()));
      expect(totals?.amount).toBe((await read('sales-by-item', range())).totals?.amount);
    });

    test('as purchases-by-vendor', async () => {
      const { rows } = await read('purchases-by-vendor', range());
      expect(rows).toEqual(sql.purchasesByVendor(db(), ask()));
      expect(isTelling(rows, 'ordered_amount', 'received_amount', 'open_amount', 'overdue_lines')).toBe(true);
    });
  });

  test.each([[undefined], [ids.main]])('low-stock is what straight SQL says, in warehouse %s', async (warehouse) => {
    const { rows } = await read('low-stock', warehouse ? { warehouse_id: warehouse } : {});
    expect(rows).toEqual(sql.lowStock(db(), { ...now(), ...(warehouse ? { warehouse } : {}) }));
    expect(rows.length).toBeGreaterThan(0);
  });

  test('warehouse-summary is what straight SQL says', async () => {
    const { rows } = await read('warehouse-summary');
    expect(rows).toEqual(sql.warehouseSummary(db()));
    expect(isTelling(rows, 'sku_count', 'asset_value', 'open_orders', 'to_pack', 'to_ship')).toBe(true);
  });

  test('item-transactions is what straight SQL says, for each item and both ranges', async () => {
    for (const item of company.goods)
      for (const { from: from_date, to: to_date, today } of [now(), past()]) {
        const [opening, ...rows] = (await read('item-transactions', { item, from_date, to_date })).rows;
        const expected = sql.itemTransactions(db(), { from: from_date, to: to_date, today }, item);
        const columns = [...Object.keys(expected[0] ?? {}), 'reverses'];
        const compared = rows.map((row) =>
          Object.fromEntries(Object.entries(row).filter(([key]) => columns.includes(key))),
        );
        expect(compared).toEqual(expected);
        const before = sql.itemTransactions(db(), { from: '', to: '2025-01-31', today }, item).at(-1)?.balance ?? 0;
        expect(opening).toMatchObject({ document_type: 'opening_balance', balance: from_date === from ? 0 : before });
        const closing = expected.at(-1)?.balance ?? opening?.balance;
        const onHand = (await read('inventory-valuation', { to_date })).rows.find(
          ({ item_id, in_transit }) => item_id === item && in_transit === false,
        );
        expect(closing).toBe(onHand?.quantity ?? 0);
      }
  });

  test.each([[undefined], [ids.east]])('aging is what straight SQL says, in warehouse %s', async (warehouse) => {
    const { rows, sections } = await read('aging', warehouse ? { warehouse_id: warehouse } : {});
    const ask = { ...now(), ...(warehouse ? { warehouse } : {}) };
    expect(rows).toEqual(sql.agedStock(db(), ask));
    expect(sections?.orders).toEqual(sql.agedOrders(db(), ask));
    expect(isTelling(rows, 'q_61_90', 'q_over_90', 'value')).toBe(true);
    const steps = new Set(sections?.orders?.map(({ step }) => step));
    const wanted = ['confirm', 'deliver', 'issue', 'pack', 'receive', ...(warehouse ? [] : ['ship'])];
    expect([...steps]).toEqual(expect.arrayContaining(wanted));
    expect(sections?.orders?.some(({ blocked_by }) => String(blocked_by).endsWith('short'))).toBe(true);
  });
});
