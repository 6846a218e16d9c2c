import { expect, test } from 'vitest';
import { connectV1, type TestClient } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

type Row = Record<string, unknown>;

const first = async ({ call }: TestClient, list: string, key: string, input: Row): Promise<Row> => {
  const { facts } = await call(list, input);
  const [row] = facts[key] as Row[]; // the sandbox's own reply
  return row ?? {};
};

test.each([
  [{}, ''],
  [{ INVENTORY_MARK: 'reference_number' }, expect.stringMatching(/^zim-/)],
])('with %j a new order that names no reference shows %s as its reference', async (settings, shown) => {
  const env = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory(), ...settings };
  const client = await connectV1({ env });
  const { contact_id } = await first(client, 'list_contacts', 'contacts', { contact_name: 'Test Customer' });
  const { item_id } = await first(client, 'list_items', 'items', { sku: 'UCC-1M' });
  const input = { customer_id: contact_id, line_items: [{ item_id, quantity: 1 }] };
  expect((await client.call('create_sales_order', input)).isError).toBe(false);
  const order = await first(client, 'list_sales_orders', 'salesorders', { customer_id: contact_id });
  expect(order.reference_number ?? '').toEqual(shown);
  await client.close();
});
