import { describe, expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, connectors, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// Goods from one warehouse to the other, in one call and one yes, as a client does it with the built server.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

const tool = 'move_stock';
const wish = { from: 'Oakland', to: 'Newark', items: [{ item: 'MUG', quantity: 20 }], receive: true };

async function started(era: 'v1' | 'v2', options: ClientOptions = {}): Promise<TestClient> {
  const env = { INVENTORY_LOG_LEVEL: 'warn', INVENTORY_DATA_DIR: temporaryDirectory() };
  const client = await connectors[era]({ env }, options);
  onTestFinished(() => client.close());
  return client;
}

/** Says yes to what a 2025 client was asked by token. */
const confirmed = (client: TestClient, { facts: { confirmation, summary } }: ToolResult): Promise<ToolResult> =>
  client.call('confirm_action', { confirmation, summary });

/** On hand in Oakland and in Newark. */
async function mugs(client: TestClient) {
  const { facts } = await client.call('list_items', { sku: 'MUG' });
  const { facts: found } = await client.call('get_item', { item_id: rows(facts.items)[0]?.item_id });
  const item = found.item as Row; // parse boundary: the reply of get_item
  return rows(item.warehouses)
    .slice(0, 2)
    .map((row) => row.warehouse_stock_on_hand);
}

describe.each(['v1', 'v2'] as const)('with a %s client', (era) => {
  const person: ClientOptions =
    era === 'v2' ? { onForm: () => ({ action: 'accept', content: { confirm: true } }) } : {};

  test('a move is asked about once as a whole, then created, sent and received, once', async () => {
    const client = await started(era, person);
    const asked = await client.call(tool, wish);
    const preview = era === 'v1' ? asked.text : (client.forms[0] ?? '');
    expect(preview).toContain('Move 20 pcs MUG from Oakland to Newark, received at once');
    expect(preview).toContain('20 pcs MUG Logo Mug: Oakland 50 -> 30, Newark 0 -> 20, 64.00 USD');
    expect(preview).toContain('Cannot be undone; a move from Newark to Oakland takes the goods back.');
    if (era === 'v1') {
      expect(asked.text).toMatch(/^Nothing has been done yet\./);
      expect(await mugs(client)).toEqual([50, 0]);
    } else expect(client.forms).toHaveLength(1);

    const done = era === 'v1' ? await confirmed(client, asked) : asked;
    expect(done.isError).toBe(false);
    expect(done.text).toContain('TRN-00004: 20 pcs MUG from Oakland to Newark, moved and received.');
    expect(await mugs(client)).toEqual([30, 20]);

    // Used again, the yes answers what happened and does nothing.
    if (era === 'v1') expect((await confirmed(client, asked)).facts.status).toBe('already_done');
    expect(await mugs(client)).toEqual([30, 20]);
  });
});

test('stock that somebody else takes between preview and yes stops the move, and nothing is written', async () => {
  const client = await started('v1');
  const asked = await client.call(tool, wish);
  const taken = await client.call('set_stock_levels', { rows: [{ item: 'MUG', quantity: 12 }] });
  await confirmed(client, taken);
  const answer = await confirmed(client, asked);
  expect(answer).toMatchObject({ isError: true, facts: { error: { kind: 'rejected', short: [{ short: 8 }] } } });
  expect(await mugs(client)).toEqual([12, 0]);
  const { facts } = await client.call('list_transfers', { filter_by: 'Status.Draft' });
  expect(rows(facts.transfers)).toEqual([]);
});

test('nothing moves where a person says no, or where stock is short', async () => {
  const client = await started('v2', { onForm: () => ({ action: 'decline' }) });
  expect(await client.call(tool, wish)).toMatchObject({ isError: true, facts: { error: { kind: 'denied' } } });
  const short = await client.call(tool, { ...wish, items: [{ item: 'MUG', quantity: 60 }] });
  expect(short).toMatchObject({ isError: true, facts: { error: { kind: 'rejected', short: [{ short: 10 }] } } });
  expect(await mugs(client)).toEqual([50, 0]);
});
