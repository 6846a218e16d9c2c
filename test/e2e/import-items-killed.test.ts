import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/sqlite.ts';
import { createSharedClock } from '../chaos/kill-clock.ts';
import { connectV1, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { startSandbox } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// An import as an account sees it: 100 calls a minute, so that one call of a tool does a minute's worth and resume_workflow
// the rest, and a server that dies without notice half way.

const rows = Number(process.env.IMPORT_ROWS ?? 1_000);
const mostMegabytes = 200;
/** Longer than a run is held for by a process that is gone. */
const leaseMs = 11_000;
/** Of the clock, for each row: a little more than the call limit asks for. */
const rowMs = 620;

const csv = [
  'Item Name,SKU,Rate,Purchase Rate,Unit,Reorder Level,Description',
  ...Array.from({ length: rows }, (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    return `Thing ${number},IMP-${number},${index % 90}.5,${index % 40}.25,pcs,${index % 7},"Number ${number}, of many"`;
  }),
].join('\n');

async function createWorld() {
  const directory = temporaryDirectory();
  const clock = createSharedClock(directory);
  const file = join(directory, 'sandbox.sqlite');
  const account = await startSandbox(['--data', file], clock.env);
  const env = {
    ...account,
    ...clock.env,
    INVENTORY_DATA_DIR: join(directory, 'state'),
    INVENTORY_LOG_LEVEL: 'warn',
  };
  const said: string[] = [];
  const start = async (): Promise<TestClient> => {
    const server = await connectV1({ env, stderr: (text) => void said.push(text) });
    onTestFinished(() => server.close());
    return server;
  };
  return { clock, file, said, start };
}

/** The most memory that a process ever held, where the system tells. */
function peakMegabytes({ pid }: TestClient): number {
  if (process.platform !== 'linux') return 0;
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

function skusIn(file: string) {
  const database = openDatabase(file);
  onTestFinished(() => database.close());
  return database
    .prepare(`SELECT count(*) AS items, count(DISTINCT sku) AS skus FROM item WHERE sku LIKE 'IMP-%'`)
    .get();
}

test(`${rows} rows are imported once each, by a server that is killed half way and one that goes on`, async () => {
  const { clock, file, said, start } = await createWorld();
  let told = 0;
  let calls = 0;
  let killed = false;
  const peaks: number[] = [];
  const t0 = performance.now();

  /** Time goes on with the rows. */
  const hear = (server: TestClient, killAt: number) => (message: string) => {
    const row = Number(/^(\d+) of/.exec(message)?.[1] ?? told);
    if (row > told) {
      clock.advance((row - told) * rowMs);
      told = row;
    }
    if (killed || told < killAt || server.pid === null) return;
    killed = true;
    peaks.push(peakMegabytes(server));
    process.kill(server.pid, 'SIGKILL');
  };

  /** Goes on as it is told to until it is told that the job is done, or the server is gone. */
  async function goOn(server: TestClient, first: () => Promise<ToolResult>, onProgress: (message: string) => void) {
    let answer = await first().catch(() => undefined);
    while (answer?.facts.status === 'unfinished') {
      calls += 1;
      const { workflow_id, retry_after_seconds } = answer.facts;
      clock.advance(1000 * Number(retry_after_seconds ?? 0));
      answer = await server.call('resume_workflow', { workflow_id }, { onProgress }).catch(() => undefined);
    }
    return answer;
  }

  const server = await start();
  const asked = await server.call('import_items', { csv });
  const { confirmation, summary } = asked.facts;
  const onProgress = hear(server, rows / 2);
  await goOn(server, () => server.call('confirm_action', { confirmation, summary }, { onProgress }), onProgress);
  expect(killed).toBe(true);
  await server.close();
  const t1 = performance.now();
  clock.advance(leaseMs);

  const next = await start();
  const unfinished = await next.call('list_unfinished_workflows');
  const [left] = unfinished.facts.workflows as { workflow_id: string }[]; // parse boundary: what the wire brought
  const beat = hear(next, Number.POSITIVE_INFINITY);
  const done = await goOn(
    next,
    () => next.call('resume_workflow', { workflow_id: left?.workflow_id }, { onProgress: beat }),
    beat,
  );
  peaks.push(peakMegabytes(next));
  console.error(
    JSON.stringify({ half: t1 - t0, rest: performance.now() - t1, peaks, calls }),
    done?.text.slice(0, 300),
    unfinished.text,
  );
  expect(done?.facts).toMatchObject({ created: rows, updated: 0 });
  expect(skusIn(file)).toEqual({ items: rows, skus: rows });
  expect(Math.max(...peaks)).toBeLessThan(mostMegabytes);
  expect(said.join('')).toBe('');
}, 600_000);
