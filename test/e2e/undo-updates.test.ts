import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connectV1, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { startSandbox } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// What was overwritten outlives the server that overwrote it.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

/** Says yes where asked to. */
async function done(client: TestClient, tool: string, args: Row): Promise<ToolResult> {
  const asked = await client.call(tool, args);
  const { confirmation, summary } = asked.facts;
  return confirmation === undefined ? asked : client.call('confirm_action', { confirmation, summary });
}

test('another process on the same folder puts back what an update replaced', async () => {
  const directory = temporaryDirectory();
  const account = await startSandbox(['--data', join(directory, 'sandbox.sqlite')]);
  const env = { ...account, INVENTORY_DATA_DIR: join(directory, 'state'), INVENTORY_LOG_LEVEL: 'warn' };
  const start = async () => {
    const server = await connectV1({ env });
    onTestFinished(() => server.close());
    return server;
  };
  const first = await start();
  const mug = async (client: TestClient) =>
    rows((await client.call('list_items', { sku: 'MUG' })).facts.items)[0] ?? {};
  const before = await mug(first);
  await done(first, 'update_item', { item_id: before.item_id, rate: 99.5 });
  expect((await mug(first)).rate).toBe(99.5);
  const { actions } = (await first.call('undo_action', {})).facts;
  await first.close();

  const second = await start();
  const undone = await done(second, 'undo_action', { action_id: rows(actions)[0]?.action_id });
  expect(undone.isError, undone.text).toBe(false);
  expect((await mug(second)).rate).toBe(before.rate);
});
