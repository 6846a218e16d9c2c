import { describe, expect, onTestFinished, test } from 'vitest';
import { type ClientOptions, connectors, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// A move and its taking back, in one yes each, as a client does it with the built server.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

const move = { from: 'Oakland', to: 'Newark', items: [{ item: 'MUG', quantity: 20 }], receive: true };

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

  test('the list names the move, one yes takes it back, and a second time it says so', async () => {
    const client = await started(era, person);
    const moved = await client.call('move_stock', move);
    if (era === 'v1') await confirmed(client, moved);
    expect(await mugs(client)).toEqual([30, 20]);

    const [action = {}] = rows((await client.call('undo_action', {})).facts.actions);
    expect(action).toMatchObject({ tool: 'move_stock', records: ['TRN-00004'] });
    const { action_id } = action;
    const asked = await client.call('undo_action', { action_id });
    const preview = era === 'v1' ? asked.text : (client.forms.at(-1) ?? '');
    expect(preview).toContain('Transfer back of TRN-00004, Newark -> Oakland');
    expect(preview).toContain('20 pcs Logo Mug (MUG): Newark 20 -> 0, Oakland 30 -> 50');
    if (era === 'v1') {
      expect(asked.text).toMatch(/^Nothing has been done yet\./);
      expect(await mugs(client)).toEqual([30, 20]);
    }

    const done = era === 'v1' ? await confirmed(client, asked) : asked;
    expect(done.isError).toBe(false);
    expect(done.facts.undone).toHaveLength(3);
    expect(await mugs(client)).toEqual([50, 0]);

    if (era === 'v1') expect((await confirmed(client, asked)).facts.status).toBe('already_done');
    const again = await client.call('undo_action', { action_id });
    expect(again.text).toContain('It was undone already');
    expect(await mugs(client)).toEqual([50, 0]);
    expect(rows((await client.call('undo_action', {})).facts.actions)[0]).toMatchObject({ action_id, undone: true });
  });
});
