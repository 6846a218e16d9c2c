import { expect, onTestFinished, test } from 'vitest';
import { connectors, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// A short order becomes two after one yes, as a client does it with the built server.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

async function started(): Promise<TestClient> {
  const env = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory() };
  const client = await connectors.v1({ env }, {});
  onTestFinished(() => client.close());
  return client;
}

const confirmed = (client: TestClient, { facts: { confirmation, summary } }: ToolResult): Promise<ToolResult> =>
  client.call('confirm_action', { confirmation, summary });

test('a short order is split in two after one yes', async () => {
  const client = await started();
  const order = { customer: 'Bluebird Cafe', items: [{ item: 'DMAT', quantity: 10 }], if_short: 'split' };
  const asked = await client.call('place_sales_order', order);
  expect(asked.text).toMatch(/^Nothing has been done yet\./);
  const done = await confirmed(client, asked);
  expect(done.text).toContain('The rest waits as SO-00021, confirmed');
  expect((await confirmed(client, asked)).facts.status).toBe('already_done');
  const waits = await client.call('when_available', { sales_order: 'SO-00021' });
  expect(waits.text).toContain('6 of 6 DMAT short, comes with PO-00007');
  const { facts } = await client.call('list_sales_orders', {
    search_text: 'Bluebird Cafe',
    fields: ['salesorder_number', 'reference_number'],
  });
  expect(rows(facts.salesorders)).toContainEqual({
    salesorder_number: 'SO-00021',
    reference_number: 'Rest of SO-00020',
  });
});
