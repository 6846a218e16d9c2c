import { describe, expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, connectors, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// Goods that a customer sent back, from the wish to the shelf, as a client does it with the built server.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);
const wish = { sales_order: 'SO-00016', lines: [{ item: 'UCC-2M', quantity: 4 }] };

async function started(era: 'v1' | 'v2', options: ClientOptions = {}): Promise<TestClient> {
  const env = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory() };
  const client = await connectors[era]({ env }, options);
  onTestFinished(() => client.close());
  return client;
}

const confirmed = (client: TestClient, { facts: { confirmation, summary } }: ToolResult): Promise<ToolResult> =>
  client.call('confirm_action', { confirmation, summary });

async function onHand(client: TestClient) {
  const { facts } = await client.call('list_items', { sku: 'UCC-2M', fields: ['stock_on_hand'] });
  return rows(facts.items)[0]?.stock_on_hand;
}

describe.each(['v1', 'v2'] as const)('with a %s client', (era) => {
  const person: ClientOptions =
    era === 'v2' ? { onForm: () => ({ action: 'accept', content: { confirm: true } }) } : {};

  test('a return is asked about, put back once, and counted the next time', async () => {
    const client = await started(era, person);
    const asked = await client.call('record_return', wish);
    const preview = era === 'v1' ? asked.text : (client.forms[0] ?? '');
    expect(preview).toContain('USB-C Cable 2 m (UCC-2M) in Oakland: on hand 400 -> 404 pcs');
    expect(preview).toContain('No credit and no refund is made');
    if (era === 'v1') expect(await onHand(client)).toBe(500);
    const done = era === 'v1' ? await confirmed(client, asked) : asked;
    expect(done.text).toContain('Back into stock from SO-00016, Northwind Schools: 4 UCC-2M');
    expect(await onHand(client)).toBe(504);
    if (era === 'v1') expect((await confirmed(client, asked)).facts.status).toBe('already_done');
    const again = await client.call('record_return', wish);
    expect(again).toMatchObject({ isError: true, facts: { error: { kind: 'rejected' } } });
    expect(await onHand(client)).toBe(504);
  });
});

test('a return that somebody else recorded between plan and yes is refused', async () => {
  const client = await started('v1');
  const asked = await client.call('record_return', wish);
  const other = await client.call('record_return', { ...wish, lines: [{ item: 'UCC-2M', quantity: 3 }] });
  await confirmed(client, other);
  const answer = await confirmed(client, asked);
  expect(answer).toMatchObject({ isError: true, facts: { error: { kind: 'rejected' } } });
  expect(answer.text).toContain('4 came back, 6 shipped, 3 returned before');
  expect(await onHand(client)).toBe(503);
});
