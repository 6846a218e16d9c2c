import { describe, expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, connectors, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// From a wish to goods on the road, in one call and one yes, as a client does it with the built server.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

const fulfil = 'fulfil_sales_order';
const wish = {
  customer: 'Bluebird Cafe',
  items: [
    { item: 'UCC-2M', quantity: 6 },
    { item: 'USB-C Cable 1 m', quantity: 6 },
  ],
  carrier: 'FedEx',
  tracking_number: '1Z999',
};

async function started(era: 'v1' | 'v2', options: ClientOptions = {}): Promise<TestClient> {
  const env = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory() };
  const client = await connectors[era]({ env }, options);
  onTestFinished(() => client.close());
  return client;
}

/** Says yes to what a 2025 client was asked by token. */
const confirmed = (client: TestClient, { facts: { confirmation, summary } }: ToolResult): Promise<ToolResult> =>
  client.call('confirm_action', { confirmation, summary });

async function figures(client: TestClient, sku: string) {
  const { facts } = await client.call('list_items', { sku, fields: ['sku', 'stock_on_hand', 'committed_stock'] });
  const [row] = rows(facts.items);
  return [row?.stock_on_hand, row?.committed_stock];
}

describe.each(['v1', 'v2'] as const)('with a %s client', (era) => {
  const person: ClientOptions =
    era === 'v2' ? { onForm: () => ({ action: 'accept', content: { confirm: true } }) } : {};

  test('a new order is asked about once as a whole, then created, confirmed, packed and shipped, once', async () => {
    const client = await started(era, person);
    const before = await figures(client, 'UCC-2M');
    const asked = await client.call(fulfil, wish);
    const preview = era === 'v1' ? asked.text : (client.forms[0] ?? '');
    expect(preview).toContain('1. Create the sales order:');
    expect(preview).toContain('3. Pack in Oakland: 6 pcs USB-C Cable 2 m (UCC-2M); 6 pcs USB-C Cable 1 m (UCC-1M).');
    expect(preview).toContain('4. Ship the new package.');
    expect(preview).toContain('USB-C Cable 2 m (UCC-2M) in Oakland: on hand 400 -> 394 pcs');
    if (era === 'v1') {
      expect(asked.text).toMatch(/^Nothing has been done yet\./);
      expect(await figures(client, 'UCC-2M')).toEqual(before);
    } else expect(client.forms).toHaveLength(1);

    const done = era === 'v1' ? await confirmed(client, asked) : asked;
    expect(done.isError).toBe(false);
    expect(done.text).toContain('SO-00020 for Bluebird Cafe is created, confirmed, packed and shipped by FedEx, 1Z999');
    const [one] = rows(done.facts.packages);
    expect(one).toMatchObject({ package_number: 'PKG-00011', status: 'shipped', warehouse_name: 'Oakland' });
    expect(await figures(client, 'UCC-2M')).toEqual([494, before[1]]);

    // Used again, the yes answers what happened and does nothing.
    if (era === 'v1') expect((await confirmed(client, asked)).facts.status).toBe('already_done');
    expect(await figures(client, 'UCC-2M')).toEqual([494, before[1]]);
    const slip = await client.call('get_packing_slip', { package_id: one?.package_id });
    expect(slip.files[0]?.uri).toBe(one?.packing_slip);

    const again = await client.call(fulfil, { sales_order: 'SO-00020', carrier: 'FedEx' });
    expect(again.isError).toBe(false);
    expect(again.text).toContain('SO-00020 for Bluebird Cafe is shipped already; nothing was done.');
  });
});

test('stock that somebody else takes between plan and yes is planned anew, and nothing is written', async () => {
  const client = await started('v1');
  const asked = await client.call(fulfil, { sales_order: 'SO-00012', carrier: 'FedEx' });
  const part = await client.call(fulfil, { sales_order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 10 }] });
  await confirmed(client, part);
  const answer = await confirmed(client, asked);
  expect(answer.facts).toMatchObject({ status: 'confirmation_required', changed: expect.any(String) });
  expect(answer.text).toContain('ship it and PKG-00011 by FedEx');
  expect(await figures(client, 'WBH-001')).toEqual([80, 30]);
  const done = await confirmed(client, answer);
  expect(rows(done.facts.packages).map(({ package_number }) => package_number)).toEqual(['PKG-00011', 'PKG-00012']);
  expect(await figures(client, 'WBH-001')).toEqual([50, 0]);
});

test('nothing is written where a person says no, or where stock is short', async () => {
  const client = await started('v2', { onForm: () => ({ action: 'decline' }) });
  const declined = await client.call(fulfil, wish);
  expect(declined).toMatchObject({ isError: true, facts: { error: { kind: 'denied' } } });
  const short = await client.call(fulfil, { sales_order: 'SO-00019', carrier: 'UPS' });
  expect(short).toMatchObject({ isError: true, facts: { error: { kind: 'rejected', short: [{ short: 5 }] } } });
  const { facts } = await client.call('list_sales_orders', { salesorder_number: 'SO-00020' });
  expect(rows(facts.salesorders)).toEqual([]);
});
