import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Input } from '../../../src/operations/define.ts';
import { exportItems } from '../../../src/workflows/bulk/export-items.ts';
import { importItems } from '../../../src/workflows/bulk/import-items.ts';
import { rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { fold, visible } from '../../../src/workflows/text.ts';
import { demoWorld } from '../demo-world.ts';
import { anItem, fakeApi, quiet } from '../fake-api.ts';

const tool = 'export_items';

const tableOf = (csv: unknown): Record<string, string>[] => parse(String(csv), { columns: true });

describe('an export', () => {
  test('shows active items with their stock, as every other reading of them does', async () => {
    const world = demoWorld();
    const calls = world.callsSent();
    const reply = await world.read(tool, {});
    expect(world.callsSent() - calls).toBe(1);
    const listed = rowsIn(await world.call('list_items', { filter_by: 'Status.Active', per_page: 200 }), 'items');
    const table = tableOf(reply.csv);
    expect(reply).toMatchObject({ rows: listed.length, message: `Items 1 to ${listed.length}, the last.` });
    expect(table.map(({ sku }) => sku)).toEqual(listed.map((row) => textIn(row, 'sku')));
    expect(table.find(({ sku }) => sku === 'WBH-001')).toEqual({
      ...{
        sku: 'WBH-001',
        name: 'Wireless Bluetooth Headphones',
        status: 'active',
        item_type: 'inventory',
        unit: 'pcs',
      },
      ...{
        rate: '79.99',
        purchase_rate: '45',
        reorder_level: '20',
        vendor: 'AudioTech',
        ean: expect.any(String),
        stock_on_hand: '80',
      },
      ...{ upc: expect.stringMatching(/^\d+$/), description: expect.any(String) },
    });
    expect(table.find(({ sku }) => sku === 'SCREW-M3')?.rate).toBe('0.0125');
  });

  test('is taken back whole by import_items, and changes nothing', async () => {
    const world = demoWorld();
    const { csv } = await world.read(tool, { status: 'all' });
    const plan = await world.plan('import_items', { csv: String(csv) });
    expect(plan.facts).toEqual({
      rows: tableOf(csv).length,
      create: 0,
      update: 0,
      same: tableOf(csv).length,
      skip: 0,
      bad: 0,
    });
  });

  test('finds by words and by status', async () => {
    const world = demoWorld();
    expect(tableOf((await world.read(tool, { search_text: 'cable' })).csv).map(({ sku }) => sku)).toEqual(
      expect.arrayContaining(['UCC-1M', 'UCC-2M']),
    );
    expect(tableOf((await world.read(tool, { status: 'inactive' })).csv).map(({ sku }) => sku)).toContain('CARD-H');
    expect((await world.read(tool, { search_text: 'no such thing' })).message).toBe('No item.');
  });

  test('neutralises what a spreadsheet would run, says so, and leaves figures alone', async () => {
    const world = demoWorld();
    await world.call('create_item', { sku: '=CMD|1', name: '+Plus, "quoted"', rate: 2, description: '@SUM(A1)\n-1' });
    const reply = await world.read(tool, { search_text: 'Plus' });
    expect(tableOf(reply.csv)).toMatchObject([
      { sku: "'=CMD|1", name: `'+Plus, "quoted"`, rate: '2', description: "'@SUM(A1)\n-1" },
    ]);
    expect(reply.message).toContain('3 cells that a spreadsheet would take for a formula have an apostrophe before it');
    const plan = await world.plan('import_items', { csv: String(reply.csv) });
    expect(plan.facts).toMatchObject({ same: 1, bad: 0 });
  });
});

/** A catalog longer than an answer. */
const shelf = (count: number, description = '') =>
  fakeApi({
    items: Array.from({ length: count }, (_, index) => anItem({ sku: `S-${index + 1}`, stock: -1, description })),
  });

const read = (api: ReturnType<typeof fakeApi>, input: Input, context = quiet) =>
  exportItems.read(api, { status: 'active', from: 1, ...input }, context);

describe('a long catalog', () => {
  test('comes 500 rows at a time, each row once', async () => {
    const api = shelf(1_100);
    const skus: string[] = [];
    let from: unknown = 1;
    while (from !== undefined) {
      const reply = await read(api, { from });
      expect(reply.rows).toBeLessThanOrEqual(500);
      skus.push(...tableOf(reply.csv).map(({ sku = '' }) => sku));
      from = reply.next_from;
    }
    expect(skus).toEqual(Array.from({ length: 1_100 }, (_, index) => `S-${index + 1}`));
    // 1 to 600 in three pages, 401 to 1000 in three, 1001 to 1100 in one.
    expect(api.calls.map(({ input }) => input.page)).toEqual([1, 2, 3, 3, 4, 5, 6]);
  });

  test('is cut before an answer grows too long, and says where it goes on', async () => {
    const reply = await read(shelf(300, 'x'.repeat(1_000)), { from: 5 });
    expect(String(reply.csv).length).toBeLessThan(32_000);
    expect(reply).toMatchObject({ rows: 28, next_from: 33, message: 'Items 5 to 32; more from 33.' });
    expect(tableOf(reply.csv)[0]?.sku).toBe('S-5');
  });

  test('is saved whole where the operator has named a folder', async () => {
    const saved: { name: string; text: string }[] = [];
    const saveFile = async (name: string, bytes: Uint8Array) => {
      saved.push({ name, text: new TextDecoder().decode(bytes) });
      return `/files/${name}`;
    };
    const api = shelf(1_100);
    const reply = await read(api, { save: true }, { ...quiet, saveFile });
    expect(reply).toMatchObject({
      message: '1100 items saved.',
      file: { saved_to: '/files/items-active-2026-11-23.csv', rows: 1_100 },
    });
    expect(tableOf(saved[0]?.text)).toHaveLength(1_100);
    expect(tableOf(saved[0]?.text)[0]).toMatchObject({ sku: 'S-1', stock_on_hand: '-1' });
    expect(api.calls).toHaveLength(6);
    expect(reply.csv).toBeUndefined();
  });
});

describe('an export that comes back', () => {
  const signs = '=+-@\t\r\n\'"`#,;|. \u00a0\u200b\ufeff\u0085\u2028＝＋－＠01aAé\u{1f600}'.split('');
  const text = (most: number) => fc.string({ unit: fc.constantFrom(...signs), maxLength: most });
  const words = fc.oneof(
    text(12),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('="00123"', 'sep=;', '-5', '1E+15', '#N/A'),
  );
  const vendors = [
    { contact_id: '7', contact_name: '=Vendor, Ltd', contact_type: 'vendor' },
    { contact_id: '8', contact_name: 'Acme\u0085Inc', contact_type: 'vendor' },
  ];
  const item = fc.record({
    ...{ sku: words, name: words, unit: text(4), description: words, upc: text(5), ean: words },
    vendor_name: fc.constantFrom('', ...vendors.map(({ contact_name }) => contact_name)),
    status: fc.constantFrom('active', 'inactive'),
    item_type: fc.constantFrom('inventory', 'sales', 'Sales and Purchases'),
    rate: fc.integer({ min: 0, max: 9_999_999 }).map((micro) => micro / 10_000),
    stock: fc.integer({ min: -2, max: 2 }),
  });
  // What has no SKU is not taken back, which the export says.
  const items = fc
    .array(item, { minLength: 1, maxLength: 6 })
    .map((rows) => [...new Map(rows.map((row) => [fold(visible(row.sku)), row])).values()])
    .map((rows) => rows.filter(({ sku }) => fold(visible(sku)) !== ''))
    .filter((rows) => rows.length > 0);

  test('changes nothing, and holds no cell that a spreadsheet would run, whatever the items are called', async () => {
    await fc.assert(
      fc.asyncProperty(items, async (rows) => {
        const api = fakeApi({ items: rows.map((row) => anItem(row)), contacts: vendors });
        const { csv } = await exportItems.read(api, { status: 'all', from: 1 }, quiet);
        for (const cell of parse(String(csv)).flat())
          expect(/^-\d+(\.\d+)?$/.test(cell) || !/^[=+\-@\t\r\n＝＋－＠]/.test(cell), JSON.stringify(cell)).toBe(true);
        const plan = await importItems.plan(api, { csv }, quiet);
        expect(plan.facts).toEqual({ rows: rows.length, create: 0, update: 0, same: rows.length, skip: 0, bad: 0 });
      }),
      { numRuns: 300 },
    );
  });
});
