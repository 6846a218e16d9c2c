import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/sqlite.ts';
import { createSharedClock, type SharedClock } from '../chaos/kill-clock.ts';
import { startRoad } from '../chaos/kill-road.ts';
import { connectV1, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { startSandbox } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// An undo whose server dies in the middle of a write, once while it arrives all the same and once while it never does.

type Row = Record<string, unknown>;
const rows = (value: unknown): Row[] => (Array.isArray(value) ? value : []);

/** Longer than a run is held for by a process that is gone. */
const leaseMs = 11_000;
/** Of the clock, for each row: a little more than the call limit asks for. */
const rowMs = 650;

async function createWorld() {
  const directory = temporaryDirectory();
  const clock = createSharedClock(directory);
  const file = join(directory, 'sandbox.sqlite');
  const account = await startSandbox(['--data', file], clock.env);
  const network = {
    /** Whether a write arrives whose sender died. */
    arrives: true,
    /** Dies with the write that leaves then. */
    killAt: Number.POSITIVE_INFINITY,
    left: 0,
    arrived: [] as string[],
  };
  let running: TestClient | undefined;
  const road = await startRoad(account.ZOHO_API_DOMAIN ?? '', () => network.arrives, {
    onLeft: () => {
      network.left += 1;
      if (network.left === network.killAt) process.kill(running?.pid ?? 0, 'SIGKILL');
    },
    onArrived: (write) => void network.arrived.push(write),
  });
  const state = { INVENTORY_DATA_DIR: join(directory, 'state'), INVENTORY_LOG_LEVEL: 'warn' };
  const said: string[] = [];
  const start = async (more: Record<string, string> = {}): Promise<TestClient> => {
    const env = { ...account, ...clock.env, ...state, ...more };
    running = await connectV1({ env, stderr: (text) => void said.push(text) });
    const server = running;
    onTestFinished(() => server.close());
    return server;
  };
  const database = () => {
    const opened = openDatabase(file);
    onTestFinished(() => opened.close());
    return opened;
  };
  /** Over the road, on which a write can be lost. */
  const startOver = () => start({ ZOHO_API_DOMAIN: road.url, ZOHO_ACCOUNTS_URL: road.url });
  return { clock, network, road, said, start, startOver, database };
}

/** Says yes, and goes on as it is told to, time going on with each row; answers nothing where the server died. */
async function carried(
  server: TestClient,
  clock: SharedClock,
  tool: string,
  args: Row,
): Promise<ToolResult | undefined> {
  let row = 0;
  const onProgress = (message: string) => {
    const now = Number(/^(\d+) of/.exec(message)?.[1] ?? 0);
    if (now > row) clock.advance((now - row) * rowMs);
    row = Math.max(row, now);
  };
  const ask = (name: string, given: Row) => server.call(name, given, { onProgress }).catch(() => undefined);
  let answer = await ask(tool, args);
  for (;;) {
    const { status, confirmation, summary, workflow_id, retry_after_seconds = 0 } = answer?.facts ?? {};
    if (status !== 'confirmation_required' && status !== 'unfinished') return answer;
    clock.advance(1_000 * Number(retry_after_seconds));
    answer = await (confirmation === undefined
      ? ask('resume_workflow', { workflow_id })
      : ask('confirm_action', { confirmation, summary }));
  }
}

const action = async (server: TestClient) => rows((await server.call('undo_action')).facts.actions)[0]?.action_id;
const unfinished = async (server: TestClient) =>
  rows((await server.call('list_unfinished_workflows')).facts.workflows)[0]?.workflow_id;

test('300 rows go back once each, by a server that dies twice half way, and the answer names them', async () => {
  const { clock, network, road, said, start, startOver, database } = await createWorld();
  const count = 300;
  const csv = (rate: number) =>
    [
      'sku,name,rate',
      ...Array.from({ length: count }, (_, index) => `KIL-${1000 + index},Kill ${1000 + index},${rate}`),
    ].join('\n');
  const first = await start();
  expect((await carried(first, clock, 'import_items', { csv: csv(5) }))?.facts).toMatchObject({ created: count });
  expect((await carried(first, clock, 'import_items', { csv: csv(6) }))?.facts).toMatchObject({ updated: count });
  const action_id = await action(first);
  await first.close();
  clock.advance(60_000);

  network.killAt = 120;
  const second = await startOver();
  expect(await carried(second, clock, 'undo_action', { action_id })).toBeUndefined();
  await second.close();
  await road.empty();
  clock.advance(leaseMs);

  network.arrives = false;
  network.killAt = 200;
  const third = await startOver();
  const workflow_id = await unfinished(third);
  expect(await carried(third, clock, 'resume_workflow', { workflow_id })).toBeUndefined();
  await third.close();
  await road.empty();
  clock.advance(leaseMs);

  const last = await startOver();
  const answer = await carried(last, clock, 'resume_workflow', { workflow_id });
  expect(answer?.facts, answer?.text).toMatchObject({
    message: expect.stringMatching(/^Undone: .*update 300/),
    undone_shown: `100 of ${count}`,
  });
  expect(answer?.facts.stays).toBeUndefined();
  expect(road.orphans).toMatchObject({ late: 1, lost: 1 });
  // Each row arrived once: the one that came late was found, the one that was lost was sent again.
  expect(network.arrived).toHaveLength(count);
  expect(new Set(network.arrived).size).toBe(count);
  const left = database().prepare(`SELECT DISTINCT rate_micro FROM item WHERE sku LIKE 'KIL-%'`).all();
  expect(left).toEqual([{ rate_micro: 5_000_000 }]);
  expect((await last.call('undo_action', { action_id })).text).toContain('It was undone already');
  expect((await last.call('list_unfinished_workflows')).facts).toEqual({ workflows: [] });
  expect(said.join('')).not.toMatch(/locked|damaged|could not be kept/i);
}, 300_000);

test.each([
  { arrives: true, fate: 'late' },
  { arrives: false, fate: 'lost' },
])('the undo of an update whose server dies while it leaves is done once: $fate', async ({ arrives, fate }) => {
  const { clock, network, road, start, startOver, database } = await createWorld();
  const first = await start();
  const { item_id } = rows((await first.call('list_items', { sku: 'MUG' })).facts.items)[0] ?? {};
  const before = (await first.call('get_item', { item_id })).facts.item as Row; // parse boundary: what the wire brought
  await carried(first, clock, 'update_item', { item_id, rate: 99.5, reorder_level: 3 });
  const action_id = await action(first);
  await first.close();

  Object.assign(network, { arrives, killAt: 1 });
  const second = await startOver();
  expect(await carried(second, clock, 'undo_action', { action_id })).toBeUndefined();
  await second.close();
  await road.empty();
  clock.advance(leaseMs);

  const last = await startOver();
  const workflow_id = await unfinished(last);
  const answer = await carried(last, clock, 'resume_workflow', { workflow_id });
  expect(answer?.facts.undone, answer?.text).toEqual(['putting rate, reorder_level of Logo Mug back']);
  expect(road.orphans).toMatchObject({ late: 0, lost: 0, [fate]: 1 });
  expect(network.arrived).toEqual([`PUT /inventory/v1/items/${item_id}`]);
  const now = (await last.call('get_item', { item_id })).facts.item as Row; // parse boundary: as above
  expect([now.rate, now.reorder_level]).toEqual([before.rate, before.reorder_level]);
  expect(database().prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
});
