import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Step, stepsOf } from '../../src/mcp/journal.ts';
import { type Database, openDatabase, type Row } from '../../src/sqlite.ts';
import { entriesOf } from '../../src/state/journal.ts';
import { connectV1, type TestClient } from '../helpers/clients.ts';
import { startSandbox } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import type { Job } from './kill-caller.ts';
import { createSharedClock } from './kill-clock.ts';
import { startRoad } from './kill-road.ts';

/** Answers to writes come in pieces over this long, so that a server can die in the middle of one. */
const answerTakesMs = 30;

/**
 * The sandbox behind a road, in a process of its own that nothing happens to, and built servers on one state folder that
 * can be killed. `chance` decides what becomes of a write whose sender died.
 */
export async function createKillWorld(chance: () => number) {
  const directory = temporaryDirectory();
  const stateFolder = join(directory, 'state');
  const clock = createSharedClock(directory);
  const file = join(directory, 'sandbox.sqlite');
  const faults = join(directory, 'faults.json');
  writeFileSync(
    faults,
    JSON.stringify({ rules: [{ fault: 'slow_body', ms: answerTakesMs, pieces: 4, match: { method: 'POST' } }] }),
  );
  const variables = await startSandbox(['--data', file, '--faults', faults], clock.env);
  const road = await startRoad(variables.ZOHO_API_DOMAIN ?? '', () => chance() < 0.5);
  const said: string[] = [];
  const env = {
    ...variables,
    ...clock.env,
    ZOHO_API_DOMAIN: road.url,
    ZOHO_ACCOUNTS_URL: road.url,
    INVENTORY_DATA_DIR: stateFolder,
    INVENTORY_LOG_LEVEL: 'warn',
  };
  const running = new Set<TestClient>();
  onTestFinished(async () => void (await Promise.all([...running].map((server) => server.close()))));

  async function start(): Promise<TestClient> {
    const server = await connectV1({ env, stderr: (text) => void said.push(text) });
    running.add(server);
    return server;
  }

  /** Without notice. Resolves when the process is gone and what it sent has arrived, or never will. */
  async function kill(server: TestClient): Promise<void> {
    if (server.pid === null) throw new Error('the server is not running');
    process.kill(server.pid, 'SIGKILL');
    running.delete(server);
    await server.close();
    await road.empty();
  }

  return { clock, road, env, start, kill, said, books: () => booksOf(file), state: () => stateOf(stateFolder) };
}

function opened(path: string): Database {
  const database = openDatabase(path);
  onTestFinished(() => database.close());
  return database;
}

/** What the sandbox's own file says, once the sandbox has made it. */
function booksOf(file: string) {
  const database = opened(file);
  const rows = (sql: string): Row[] => database.prepare(sql).all();
  return {
    /** Every sales order with its lines, and how many packages and which shipments it has; the oldest first. */
    orders: () =>
      rows(`SELECT status,
          (SELECT group_concat((l.quantity_micro / 1000000) || ' ' || i.sku, ', ' ORDER BY l.position)
             FROM order_line AS l JOIN item AS i USING (item_id) WHERE l.order_id = o.order_id) AS lines,
          (SELECT count(*) FROM package AS p WHERE p.salesorder_id = o.order_id) AS packages,
          (SELECT group_concat(json_extract(s.json, '$.tracking_number'), ', ')
             FROM shipment AS s WHERE s.salesorder_id = o.order_id) AS shipments
        FROM orders AS o WHERE kind = 'sales' ORDER BY created_time, number`),
    /** Units of an item by place, and what documents claim of them, wherever it is not zero. */
    stock: (sku: string): Record<string, number> =>
      Object.fromEntries(
        rows(`SELECT place, quantity_micro / 1e6 AS quantity FROM level JOIN item USING (item_id) WHERE sku = '${sku}'
          UNION ALL SELECT o.kind || ' ' || warehouse_id, sum(quantity_micro) / 1e6 FROM open_quantity AS o
            JOIN item USING (item_id) WHERE sku = '${sku}' GROUP BY 1`).map(({ place, quantity }) => [
          String(place),
          Number(quantity),
        ]),
      ),
  };
}

/** What the state folder says, as another process of ours reads it. */
function stateOf(folder: string) {
  const state = opened(join(folder, 'state.sqlite'));
  const shared = opened(join(folder, 'shared.sqlite'));
  const runsOf = (trackingNumber: string): Row[] =>
    state
      .prepare(`SELECT id, status FROM run WHERE json_extract(arguments, '$.tracking_number') = ? ORDER BY seq`)
      .all(trackingNumber);
  const stepsIn = (runId: unknown) => stepsOf(entriesOf(state, String(runId)));
  return {
    /** Of the newest run of a job. */
    steps: ({ wish }: Job): Step[] => stepsIn(runsOf(wish.tracking_number).at(-1)?.id),
    /** Of each run of a job its status, and of each of its steps. */
    told: ({ wish }: Job) =>
      runsOf(wish.tracking_number).map(({ id, status }) => [status, ...stepsIn(id).map((step) => step.status)]),
    checks: () => [state, shared].map((file) => file.prepare('PRAGMA integrity_check').all()),
  };
}

export type KillWorld = Awaited<ReturnType<typeof createKillWorld>>;
