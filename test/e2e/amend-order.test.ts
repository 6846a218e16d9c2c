import { describe, expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, connectors, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// An order that is there is changed, as a client does it with the built server: at once where nothing speaks against it.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

async function started(era: 'v1' | 'v2', options: ClientOptions = {}, more: Record<string, string> = {}) {
  const env = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory(), ...more };
  const client = await connectors[era]({ env }, options);
  onTestFinished(() => client.close());
  return client;
}

const confirmed = (client: TestClient, { facts: { confirmation, summary } }: ToolResult): Promise<ToolResult> =>
  client.call('confirm_action', { confirmation, summary });

async function linesOf(client: TestClient, number: string) {
  const { facts } = await client.call('list_sales_orders', { salesorder_number: number });
  const order = await client.call('get_sales_order', { salesorder_id: rows(facts.salesorders)[0]?.salesorder_id });
  const { line_items } = order.facts.salesorder as Row; // parse boundary: the answer of the server under test
  return rows(line_items).map(({ sku, quantity }) => [sku, quantity]);
}

describe.each(['v1', 'v2'] as const)('with a %s client', (era) => {
  const person: ClientOptions =
    era === 'v2' ? { onForm: () => ({ action: 'accept', content: { confirm: true } }) } : {};

  test('a small change runs at once, one that promises too much is asked about and done once', async () => {
    const client = await started(era, person);
    const small = await client.call('amend_order', { order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 8 }] });
    expect(small.isError).toBe(false);
    expect(small.text).toContain('10 pcs -> 8 pcs. Total 140.94 USD -> 112.75 USD.');
    expect(client.forms).toHaveLength(0);
    expect(await linesOf(client, 'SO-00016')).toEqual([['UCC-2M', 8]]);

    const wish = { order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 70 }] };
    const asked = await client.call('amend_order', wish);
    const preview = era === 'v1' ? asked.text : (client.forms[0] ?? '');
    expect(preview).toContain('committed 30 -> 70 pcs, available 30 -> -10 pcs');
    expect(preview).toContain('Asked because: The order would promise more than there is');
    if (era === 'v1') {
      expect(asked.text).toMatch(/^Nothing has been done yet\./);
      expect(await linesOf(client, 'SO-00012')).toEqual([['WBH-001', 30]]);
    }
    const done = era === 'v1' ? await confirmed(client, asked) : asked;
    expect(done.text).toContain('30 pcs -> 70 pcs');
    expect(await linesOf(client, 'SO-00012')).toEqual([['WBH-001', 70]]);
    if (era === 'v1') expect((await confirmed(client, asked)).facts.status).toBe('already_done');
  });
});

test('an order that somebody changes between plan and yes is planned anew', async () => {
  const client = await started('v1');
  const asked = await client.call('amend_order', { order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 70 }] });
  await client.call('amend_order', { order: 'SO-00012', lines: [{ item: 'WBH-001', quantity: 20 }] });
  const answer = await confirmed(client, asked);
  expect(answer.facts).toMatchObject({ status: 'confirmation_required', changed: expect.any(String) });
  expect(answer.text).toContain('20 pcs -> 70 pcs');
  expect(await linesOf(client, 'SO-00012')).toEqual([['WBH-001', 20]]);
});

test("the operator's limit counts what a change adds, not the whole order again", async () => {
  const client = await started('v1', {}, { INVENTORY_CONFIRM_ABOVE: '2700' });
  const more = (quantity: number) =>
    client.call('amend_order', { order: 'SO-00012', lines: [{ item: 'WBH-001', quantity }] });
  // 31, 32 and 33 times 79.99: each adds 79.99, and together they would pass the limit thrice over if counted whole.
  for (const quantity of [31, 32, 33]) expect((await more(quantity)).text).toContain('is changed');
  expect((await more(34)).text).toContain("Asked because: The amount is over the operator's limit of 2700.00 USD.");
});

test('a day of shipment or arrival before the order is asked about, whichever tool writes it', async () => {
  const client = await started('v1');
  const { facts } = await client.call('list_sales_orders', { salesorder_number: 'SO-00012' });
  const customer_id = rows(facts.salesorders)[0]?.customer_id;
  const { facts: items } = await client.call('list_items', { search_text: 'MUG' });
  const line_items = [{ item_id: rows(items.items)[0]?.item_id, quantity: 1 }];
  const early = { date: '2025-02-01', shipment_date: '2025-01-31' };
  const reason = 'Asked because: shipment_date 2025-01-31 lies before the day of the order, 2025-02-01.';
  for (const [tool, input] of [
    ['create_sales_order', { customer_id, line_items, ...early }],
    ['place_sales_order', { customer: 'Marble Hotel', items: [{ item: 'MUG', quantity: 1 }], ...early }],
  ] as const) {
    const asked = await client.call(tool, input);
    expect(asked.text).toMatch(/^Nothing has been done yet\./);
    expect(asked.text).toContain(reason);
  }
  const bought = await client.call('amend_order', { order: 'PO-00007', expected_delivery_date: '2025-01-31' });
  expect(bought.text).toContain('Asked because: expected_delivery_date 2025-01-31 lies before the day of the order');
});

test('a change that sells below cost is asked about, and after the yes the record is as the plan said', async () => {
  const client = await started('v1');
  const asked = await client.call('amend_order', {
    order: 'SO-00018',
    lines: [{ item: 'HUB-7', quantity: 2, rate: 12 }],
  });
  expect(asked.text).toContain('Asked because: Sold below cost: USB Hub (HUB-7) at 12.00 USD, cost 12.40 USD.');
  const [, total] = /; total \S+ USD -> (\S+) USD\./.exec(asked.text) ?? [];
  const done = await confirmed(client, asked);
  expect(done.isError).toBe(false);
  const { total: really } = done.facts.salesorder as Row; // parse boundary: the answer of the server under test
  expect(Number(total)).toBe(really);
});
