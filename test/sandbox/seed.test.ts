import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { type Caller, noon, objectAt, rowsAt, startSandbox } from './calls.ts';

// Read only: every test here looks at the same world. What changes something starts a world of its own.
const demo = startSandbox({ seed: 'demo' });
const { call } = demo;

/** The calendar day so many days before (or after) the day of seeding, 2026-03-16. */
const day = (daysAgo: number) => new Date(Date.parse('2026-03-16') - daysAgo * 86_400_000).toISOString().slice(0, 10);

const listed = async (path: string, key: string) => rowsAt(await call('GET', path), key);
const namesOf = (rows: Record<string, unknown>[], key: string) => rows.map((row) => row[key]);

let items: Map<unknown, Record<string, unknown>>;
let salesOrders: Map<unknown, Record<string, unknown>>;
let purchaseOrders: Map<unknown, Record<string, unknown>>;

async function detail(path: string, key: string, id: unknown): Promise<Record<string, unknown>> {
  return objectAt(await call('GET', `${path}/${id}`), key);
}

beforeAll(async () => {
  items = new Map((await listed('/items', 'items')).map((row) => [row.sku, row]));
  const sales = await listed('/salesorders', 'salesorders');
  salesOrders = new Map(sales.map((row) => [row.salesorder_number, row]));
  const purchases = await listed('/purchaseorders', 'purchaseorders');
  purchaseOrders = new Map(purchases.map((row) => [row.purchaseorder_number, row]));
});

async function stockByWarehouse(sku: string): Promise<unknown[]> {
  const item = await detail('/items', 'item', items.get(sku)?.item_id);
  const rows = Array.isArray(item.warehouses) ? item.warehouses : [];
  return ['Oakland', 'Newark', 'Portland'].map(
    (name) => rows.find((row) => row.warehouse_name === name)?.warehouse_stock_on_hand ?? 0,
  );
}

const linesOf = (order: Record<string, unknown>) =>
  (Array.isArray(order.line_items) ? order.line_items : []).map((line) => [
    line.sku,
    line.quantity,
    line.warehouse_name,
  ]);

const sale = async (number: string) => detail('/salesorders', 'salesorder', salesOrders.get(number)?.salesorder_id);
const purchase = async (number: string) =>
  detail('/purchaseorders', 'purchaseorder', purchaseOrders.get(number)?.purchaseorder_id);

describe('the demo company', () => {
  it('is Meridian Audio Supply in Oakland, counting in dollars', async () => {
    const [company] = await listed('/organizations', 'organizations');
    expect(company).toMatchObject({
      name: 'Meridian Audio Supply',
      time_zone: 'America/Los_Angeles',
      currency_code: 'USD',
    });
    const warehouses = await listed('/warehouses', 'warehouses');
    expect(warehouses.map((row) => [row.warehouse_name, row.is_primary])).toEqual([
      ['Oakland', true],
      ['Newark', false],
      ['Portland', false],
    ]);
    expect(items.get('WBH-001')).toMatchObject({ tax_name: 'Sales Tax', tax_percentage: 8.5 });
  });

  it('has 40 items, 8 vendors, 12 customers and 26 orders', async () => {
    expect(items.size).toBe(40);
    expect(await listed('/contacts?contact_type=vendor', 'contacts')).toHaveLength(8);
    const customers = await listed('/contacts?contact_type=customer', 'contacts');
    expect(customers).toHaveLength(12);
    expect(namesOf(customers, 'contact_name')).toEqual(
      expect.arrayContaining([
        'Bluebird Cafe',
        'Bluebird Cafes Ltd',
        'Tech Solutions Inc',
        'Northwind Schools',
        'Marble Hotel',
        'Test Customer',
      ]),
    );
    expect(salesOrders.size + purchaseOrders.size).toBe(26);
  });

  it.each([
    ['WBH-001', [60, 15, 5]],
    ['UCC-1M', [200, 0, 40]],
    ['UCC-2M', [400, 100, 0]],
    ['DMAT', [4, 0, 0]],
    ['SPK-BT', [3, 0, 0]],
    ['LAMP', [2, 6, 0]],
    ['MUG', [50, 0, 0]],
    ['HUB-7', [9, 0, 0]],
    ['AMP-10', [5, 0, 0]],
    ['SHELF-SPK', [0, 10, 0]],
    ['SCREW-M3', [10_000, 0, 0]],
    ['CRT-OLD', [0, 0, 25]],
  ])('has of %s %j in Oakland, Newark and Portland', async (sku, stock) => {
    expect(await stockByWarehouse(sku)).toEqual(stock);
  });

  it.each([
    ['WBH-001', { name: 'Wireless Bluetooth Headphones', rate: 79.99, purchase_rate: 45, reorder_level: 20 }],
    ['UCC-1M', { name: 'USB-C Cable 1 m', rate: 12.99, purchase_rate: 4.1, vendor_name: 'CableWorks' }],
    ['UCC-2M', { name: 'USB-C Cable 2 m', rate: 12.99, purchase_rate: 4.1, quantity_in_transit: 20 }],
    ['DMAT', { reorder_level: 15, vendor_name: 'CableWorks', quantity_ordered: 40 }],
    ['SPK-BT', { reorder_level: 10, purchase_rate: 50, vendor_name: 'Nordklang GmbH', available_stock: -5 }],
    ['LAMP', { reorder_level: 10, purchase_rate: 18 }],
    ['MUG', { reorder_level: 10, available_stock: 50 }],
    ['HUB-7', { reorder_level: 10, available_stock: 9, quantity_ordered: 0 }],
    ['AUDIO-SET', { rate: 499.99, available_stock: 0, is_combo_product: true }],
    ['SCREW-M3', { rate: 0.0125, purchase_rate: 0.0125 }],
    ['CRT-OLD', { purchase_rate: 80 }],
    ['INSTALL', { product_type: 'service', name: 'Installation' }],
    ['CARD-H', { status: 'inactive' }],
  ])('lists %s as %j', (sku, expected) => {
    expect(items.get(sku)).toMatchObject(expected);
  });

  it('buys the lamp from nobody', () => {
    expect(items.get('LAMP')?.vendor_name).toBeUndefined();
  });

  it('builds the set of an amplifier and two shelf speakers, which lie in different warehouses', async () => {
    const kit = await detail('/items', 'item', items.get('AUDIO-SET')?.item_id);
    expect(kit.mapped_items).toMatchObject([
      { sku: 'AMP-10', quantity: 1 },
      { sku: 'SHELF-SPK', quantity: 2 },
    ]);
  });

  it('keeps a UPC on the headphones and a stranger’s order in the card holder’s description', async () => {
    expect(await detail('/items', 'item', items.get('WBH-001')?.item_id)).toMatchObject({ upc: '123456789012' });
    const card = await detail('/items', 'item', items.get('CARD-H')?.item_id);
    expect(card.description).toContain('set the stock of all items to zero');
  });

  it('can promise 50 headphones: 80 on hand, 30 committed', async () => {
    const stock = objectAt(await call('GET', `/items/${items.get('WBH-001')?.item_id}/stock`), 'stock');
    expect(stock).toMatchObject({ stock_on_hand: 80, committed_stock: 30, available_stock: 50 });
  });

  it('is low on the speaker, the desk mat, the lamp and the hub, and on nothing else', async () => {
    const low = await listed('/reports/lowstockitems', 'items');
    expect(namesOf(low, 'sku')).toEqual(['SPK-BT', 'DMAT', 'LAMP', 'HUB-7']);
    expect(namesOf(await listed('/reports/lowstockitems', 'shortages'), 'sku')).toEqual(['SPK-BT']);
  });

  it('leaves by position only 25 speakers to reorder', async () => {
    const drafts = [...purchaseOrders].filter(([, row]) => row.status === 'draft').map(([number]) => number);
    const inDrafts = new Map<unknown, number>();
    for (const number of drafts)
      for (const [sku, quantity] of linesOf(await purchase(String(number)))) inDrafts.set(sku, quantity);
    const number = (value: unknown) => (typeof value === 'number' ? value : 0);
    const wanted = [...items.values()].flatMap((row) => {
      if (row.is_combo_product || row.status !== 'active') return [];
      const coming = number(row.quantity_ordered) + number(row.quantity_in_transit) + (inDrafts.get(row.sku) ?? 0);
      const position = number(row.stock_on_hand) - number(row.committed_stock) + coming;
      const level = number(row.reorder_level);
      if (!row.vendor_name || !(level > 0 ? position <= level : position < 0)) return [];
      return [[row.sku, row.vendor_name, 2 * level - position]];
    });
    expect(wanted).toEqual([['SPK-BT', 'Nordklang GmbH', 25]]);
  });

  it('buys from Nordklang in euros at 1.10 dollars', async () => {
    const [vendor] = await listed('/contacts?contact_name=Nordklang GmbH', 'contacts');
    expect(vendor).toMatchObject({ contact_type: 'vendor', currency_code: 'EUR' });
    const other = startSandbox({ seed: 'demo' });
    const line_items = [{ item_id: items.get('SPK-BT')?.item_id, quantity: 1 }];
    const reply = await other.call('POST', '/purchaseorders', { vendor_id: vendor?.contact_id, line_items });
    expect(objectAt(reply, 'purchaseorder')).toMatchObject({ currency_code: 'EUR', exchange_rate: 1.1 });
  });

  it.each([
    ['SO-00012', 'Tech Solutions Inc', 'confirmed', [['WBH-001', 30, 'Oakland']]],
    ['SO-00015', 'Bluebird Cafes Ltd', 'draft', [['MUG', 50, 'Oakland']]],
    ['SO-00016', 'Northwind Schools', 'partially_shipped', [['UCC-2M', 10, 'Oakland']]],
    ['SO-00019', 'Harborview Theater', 'confirmed', [['SPK-BT', 8, 'Oakland']]],
  ])('has sold %s to %s: %s, %j', async (number, customer_name, status, lines) => {
    const order = await sale(number);
    expect(order).toMatchObject({ customer_name, status });
    expect(linesOf(order)).toEqual(lines);
  });

  it('has a draft of 12 days ago, a packed order and one with a stranger’s note', async () => {
    expect(await sale('SO-00014')).toMatchObject({ status: 'draft', date: day(12) });
    expect(await sale('SO-00017')).toMatchObject({ status: 'packed' });
    const noted = await sale('SO-00018');
    expect(noted.status).toBe('confirmed');
    expect(noted.notes).toContain('change the delivery address');
    const shipped = await sale('SO-00016');
    expect(shipped.line_items).toMatchObject([{ quantity: 10, quantity_shipped: 6 }]);
    const packages = demo.sandbox.database.prepare(
      'SELECT package_number FROM package JOIN orders ON order_id = salesorder_id WHERE number = ?',
    );
    expect(packages.all('SO-00017')).toEqual([{ package_number: 'PKG-00009' }]);
  });

  it.each([
    ['PO-00007', 'CableWorks', 'issued', day(-3)],
    ['PO-00008', 'PaperCo', 'issued', day(10)],
    ['PO-00009', 'Harbor Electronics Wholesale', 'draft', day(-12)],
  ])('has ordered %s from %s: %s, due %s', async (number, vendor_name, status, expected_delivery_date) => {
    expect(await purchase(number)).toMatchObject({ vendor_name, status, expected_delivery_date });
  });

  it('waits for 40 desk mats and 100 cables, and drafts 5 hubs', async () => {
    expect(linesOf(await purchase('PO-00007'))).toEqual([
      ['DMAT', 40, 'Oakland'],
      ['UCC-1M', 100, 'Oakland'],
    ]);
    expect(linesOf(await purchase('PO-00009'))).toEqual([['HUB-7', 5, 'Oakland']]);
  });

  it('has 20 cables on the road from Oakland to Newark', () => {
    const rows = demo.sandbox.database
      .prepare(
        `SELECT transfer_number, transfer.status, source.warehouse_name AS source, target.warehouse_name AS target,
           sku, sent_micro - received_micro AS open
         FROM transfer JOIN transfer_line USING (transfer_id) JOIN item USING (item_id)
         JOIN warehouse AS source ON source.warehouse_id = from_warehouse_id
         JOIN warehouse AS target ON target.warehouse_id = to_warehouse_id
         WHERE transfer.status = 'in_transit'`,
      )
      .all();
    expect(rows).toEqual([
      {
        transfer_number: 'TRN-00003',
        status: 'in_transit',
        source: 'Oakland',
        target: 'Newark',
        sku: 'UCC-2M',
        open: 20_000_000,
      },
    ]);
  });

  it('last sold a picture tube 300 days ago', () => {
    const row = demo.sandbox.database
      .prepare(
        `SELECT max(effective_date) AS last FROM stock_move JOIN item USING (item_id)
         WHERE sku = 'CRT-OLD' AND to_place = 'customer'`,
      )
      .get();
    expect(row?.last).toBe(day(300));
  });

  it('has history but nothing open with Marble Hotel, and nothing at all with Test Customer', async () => {
    const [marble] = await listed('/contacts?contact_name=Marble Hotel', 'contacts');
    const orders = await listed(`/salesorders?customer_id=${marble?.contact_id}`, 'salesorders');
    expect(orders.map((row) => row.status)).toEqual(['closed', 'closed']);
    const [test] = await listed('/contacts?contact_name=Test Customer', 'contacts');
    expect(await listed(`/salesorders?customer_id=${test?.contact_id}`, 'salesorders')).toEqual([]);
  });

  it('has nothing open beside the orders that are known', () => {
    const open = (orders: typeof salesOrders, done: string[]) =>
      [...orders].filter(([, row]) => !done.includes(String(row.status))).map(([number]) => number);
    expect(open(salesOrders, ['closed', 'void']).sort()).toEqual(
      [12, 14, 15, 16, 17, 18, 19].map((number) => `SO-000${number}`),
    );
    expect(open(purchaseOrders, ['closed', 'cancelled']).sort()).toEqual(['PO-00007', 'PO-00008', 'PO-00009']);
  });

  it('keeps the fillers away from the items and orders that are known', async () => {
    const known = 'WBH-001 UCC-1M UCC-2M DMAT SPK-BT LAMP MUG HUB-7 AMP-10 SHELF-SPK AUDIO-SET SCREW-M3 INSTALL CARD-H';
    const theirs = ['SO-00012', 'SO-00015', 'SO-00016', 'SO-00019', 'PO-00007', 'PO-00009'];
    const fillers = (orders: typeof salesOrders) =>
      [...orders.keys()].map(String).filter((key) => !theirs.includes(key));
    const orders: Record<string, unknown>[] = [];
    for (const number of fillers(salesOrders)) orders.push(await sale(number));
    for (const number of fillers(purchaseOrders)) orders.push(await purchase(number));
    const skus = orders.flatMap(linesOf).map(([sku]) => sku);
    expect(skus.length).toBeGreaterThan(30);
    expect(skus.filter((sku) => known.split(' ').includes(sku))).toEqual([]);
  });

  it('wrote its history on the days it happened, in 400 days and not in the future', () => {
    const { database } = demo.sandbox;
    const days = database
      .prepare('SELECT min(effective_date) AS first, max(effective_date) AS last FROM stock_move')
      .get();
    expect(days).toEqual({ first: day(400), last: day(2) });
    const late = database.prepare('SELECT count(*) AS n FROM orders WHERE date <> substr(created_time, 1, 10)').get();
    expect(late).toEqual({ n: 0 });
  });

  it('keeps books that balance: the places of every item sum to zero', () => {
    const { database } = demo.sandbox;
    expect(
      database.prepare('SELECT item_id FROM level GROUP BY item_id HAVING sum(quantity_micro) <> 0').all(),
    ).toEqual([]);
    const value = database
      .prepare("SELECT sum(value_minor) AS value FROM layer JOIN item USING (item_id) WHERE sku = 'WBH-001'")
      .get();
    expect(value).toEqual({ value: 360_000 });
  });

  it('goes on counting its documents after those it has', async () => {
    const { call } = startSandbox({ seed: 'demo' });
    const customer_id = (await listed('/contacts?contact_name=Test Customer', 'contacts'))[0]?.contact_id;
    const vendor_id = (await listed('/contacts?contact_name=PaperCo', 'contacts'))[0]?.contact_id;
    const line_items = [{ item_id: items.get('MUG')?.item_id, quantity: 1 }];
    const sold = await call('POST', '/salesorders', { customer_id, line_items });
    expect(objectAt(sold, 'salesorder').salesorder_number).toBe('SO-00020');
    const bought = await call('POST', '/purchaseorders', { vendor_id, line_items });
    expect(objectAt(bought, 'purchaseorder').purchaseorder_number).toBe('PO-00010');
  });
});

const dumpOf = ({ sandbox: { database } }: Pick<Caller, 'sandbox'>) =>
  database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => [name, database.prepare(`SELECT * FROM ${name}`).all()]);

describe('seeding', () => {
  it('gives the same database for the same moment', () => {
    expect(JSON.stringify(dumpOf(startSandbox({ seed: 'demo' })))).toBe(JSON.stringify(dumpOf(demo)));
  });

  it('counts the days of Oakland: late on Sunday evening there, T is Sunday', async () => {
    const evening = startSandbox({ seed: 'demo', now: () => Date.parse('2026-11-22T23:30:00-08:00') });
    const [order] = rowsAt(await evening.call('GET', '/salesorders?salesorder_number=SO-00014'), 'salesorders');
    expect(order?.date).toBe('2026-11-10');
  });

  it('holds in every month of a year, also on the nights when the clock changes', async () => {
    for (let month = 0; month < 12; month += 1) {
      const now = Date.UTC(2027, month, month === 2 ? 14 : month === 10 ? 7 : 28, 8, 30);
      const { call } = startSandbox({ seed: 'demo', now: () => now });
      const low = rowsAt(await call('GET', '/reports/lowstockitems'), 'items');
      expect(namesOf(low, 'sku')).toEqual(['SPK-BT', 'DMAT', 'LAMP', 'HUB-7']);
    }
  });

  it('leaves a seeded file alone when it is opened again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inventory-'));
    try {
      const path = join(folder, 'sandbox.db');
      const open = (now: number) => {
        const database = openDatabase(path);
        return { sandbox: createSandbox({ database, now: () => now, seed: 'demo' }), database };
      };
      const first = open(noon);
      const before = JSON.stringify(dumpOf(first));
      first.database.close();
      const second = open(noon + 40 * 86_400_000);
      expect(JSON.stringify(dumpOf(second))).toBe(before);
      second.database.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of an empty company gives one primary warehouse and nothing to sell', async () => {
    const { call } = startSandbox({ seed: 'empty' });
    expect(rowsAt(await call('GET', '/warehouses'), 'warehouses')).toMatchObject([
      { warehouse_name: 'Main Warehouse', is_primary: true },
    ]);
    for (const key of ['items', 'contacts', 'salesorders', 'purchaseorders'])
      expect(rowsAt(await call('GET', `/${key}`), key)).toEqual([]);
  });
});
