import { describe, expect, onTestFinished, test } from 'vitest';
import { connectors } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

const names = [
  'inventory-summary',
  'inventory-valuation',
  'stock-on-hand',
  'low-stock',
  'sales-by-item',
  'sales-by-customer',
  'purchases-by-vendor',
  'warehouse-summary',
  'item-transactions',
  'aging',
];

async function connected(era: 'v1' | 'v2') {
  const client = await connectors[era]({
    env: { INVENTORY_DATA_DIR: temporaryDirectory(), INVENTORY_LOG_LEVEL: 'warn' },
  });
  onTestFinished(() => client.close());
  const item = async (sku: string) => {
    const { facts } = await client.call('list_items', { sku });
    const [row] = facts.items as { item_id: string }[];
    return row?.item_id ?? '';
  };
  return { client, item };
}

describe.each(['v1', 'v2'] as const)('resources for a %s client', (era) => {
  test('the ten reports are listed, and records as templates', async () => {
    const { client } = await connected(era);
    expect((await client.resources()).map(({ uri }) => uri)).toEqual(
      names.map((name) => `inventory://reports/${name}`),
    );
    const templates = await client.templates();
    expect(templates).toContain('inventory://reports/{name}{?warehouse_id,from_date,to_date,item,format}');
    for (const kind of ['items', 'salesorders', 'purchaseorders', 'packages', 'warehouses', 'contacts', 'transfers']) {
      expect(templates.some((template) => template.startsWith(`inventory://${kind}/{`))).toBe(true);
    }
  });

  test('every report is read as JSON with its time, zone, currency and row count', async () => {
    const { client, item } = await connected(era);
    const headphones = await item('WBH-001');
    for (const name of names) {
      const uri = `inventory://reports/${name}${name === 'item-transactions' ? `?item=${headphones}` : ''}`;
      const { text, mimeType } = await client.read(uri);
      expect(mimeType).toBe('application/json');
      const { report, rows } = JSON.parse(text);
      expect(report, name).toMatchObject({
        generated_at: expect.any(String),
        time_zone: 'America/Los_Angeles',
        currency: 'USD',
        row_count: expect.any(Number),
      });
      expect(rows.length, name).toBeGreaterThan(0);
    }
  });

  test('a report is read as a Markdown table, narrowed by its parameters', async () => {
    const { client } = await connected(era);
    const { text, mimeType } = await client.read('inventory://reports/low-stock?format=markdown');
    expect(mimeType).toBe('text/markdown');
    expect(text).toMatch(/^# /);
    for (const sku of ['DMAT', 'SPK-BT', 'LAMP', 'HUB-7']) expect(text).toContain(sku);
    const [newark] = await client.complete('inventory://warehouses/{warehouse_id}', 'warehouse_id', 'New');
    const { text: narrowed } = await client.read(`inventory://reports/stock-on-hand?warehouse_id=${newark}`);
    const warehouses = new Set(JSON.parse(narrowed).rows.map((row: { warehouse_name: string }) => row.warehouse_name));
    expect([...warehouses]).toEqual(['Newark']);
  });

  test('a record is read by its id, and its id is found by name or number', async () => {
    const { client } = await connected(era);
    const [order] = await client.complete('inventory://salesorders/{salesorder_id}', 'salesorder_id', 'SO-00012');
    expect(order).toMatch(/^\d+$/);
    const { text } = await client.read(`inventory://salesorders/${order}`);
    expect(JSON.parse(text).salesorder).toMatchObject({
      salesorder_number: 'SO-00012',
      customer_name: 'Tech Solutions Inc',
    });
    const items = await client.complete('inventory://items/{item_id}', 'item_id', 'Wireless Blue');
    expect(items).toHaveLength(1);
    expect(await client.complete('inventory://items/{item_id}', 'item_id', 'no such thing')).toEqual([]);
  });

  test.each([
    'inventory://reports/no-such',
    'inventory://items/999',
    'inventory://items/..',
    'inventory://reports/low-stock?format=pdf',
    'inventory://reports/aging?from_date=tomorrow',
    'inventory://reports/low-stock?warehouse=1',
    'inventory://nothing/1',
  ])('%s is refused in words and the server lives on', async (uri) => {
    const { client } = await connected(era);
    await expect(client.read(uri)).rejects.toThrow(/./);
    expect((await client.read('inventory://reports/low-stock')).text).toContain('DMAT');
  });
});
