import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSharedClock } from '../chaos/kill-clock.ts';
import { connectV1, connectV2, type FormReply, type TestClient } from '../helpers/clients.ts';
import { startSandbox } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// Two processes on one folder, one whose person says yes to a form and one whose model says it by confirm_action.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

const rounds = 4;
const keyName = 'zoho-inventory-mcp/idempotency-key';
const move = { from: 'Oakland', to: 'Newark', items: [{ item: 'MUG', quantity: 4 }], receive: true };

test('a yes to a form and one by confirm_action at the same moment, in two processes, take a move back once', async () => {
  const directory = temporaryDirectory();
  const clock = createSharedClock(directory);
  const account = await startSandbox(['--data', join(directory, 'sandbox.sqlite')], clock.env);
  const env = { ...account, ...clock.env, INVENTORY_DATA_DIR: join(directory, 'state'), INVENTORY_LOG_LEVEL: 'warn' };
  let onForm = (_: string): Promise<FormReply> | FormReply => ({ action: 'accept', content: { confirm: true } });
  const byForm = await connectV2({ env }, { onForm: (message) => onForm(message) });
  const byToken = await connectV1({ env });
  onTestFinished(async () => void (await Promise.all([byForm.close(), byToken.close()])));
  const transfers = async (client: TestClient) =>
    rows((await client.call('list_transfers', { per_page: 200 })).facts.transfers).length;
  const { facts } = await byToken.call('list_items', { sku: 'MUG' });
  const { item_id } = rows(facts.items)[0] ?? {};
  const mugs = async () => {
    const { item } = (await byToken.call('get_item', { item_id })).facts;
    const found = item as Row; // parse boundary: the reply of get_item
    return rows(found.warehouses).map((row) => row.warehouse_stock_on_hand);
  };
  const before = await mugs();

  for (let round = 1; round <= rounds; round += 1) {
    // A hundred calls a minute.
    clock.advance(61_000);
    const moved = await byForm.call('move_stock', move);
    expect(moved.isError, moved.text).toBe(false);
    const [{ action_id } = {}] = rows((await byForm.call('undo_action')).facts.actions);
    const made = await transfers(byForm);
    // Every second time each client's program gives the call a key of its own.
    const key = (name: string) => (round % 2 === 0 ? { meta: { [keyName]: `${name} ${round}` } } : {});
    const asked = await byToken.call('undo_action', { action_id }, key('token'));
    const { confirmation, summary } = asked.facts;
    expect(confirmation, asked.text).toBeDefined();

    // The form is accepted in the moment in which the other yes leaves.
    let other: ReturnType<TestClient['call']> | undefined;
    onForm = () => {
      other = byToken.call('confirm_action', { confirmation, summary });
      return { action: 'accept', content: { confirm: true } };
    };
    const first = await byForm.call('undo_action', { action_id }, key('form'));
    onForm = () => ({ action: 'accept', content: { confirm: true } });
    const second = await other;
    const words = `${first.text}\n${second?.text}`;
    expect([first.isError, second?.isError], words).toEqual([false, false]);
    expect(await transfers(byForm), words).toBe(made + 1);
    expect(await mugs(), words).toEqual(before);
  }
});
