import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/sqlite.ts';
import { createSharedClock } from '../chaos/kill-clock.ts';
import { connectV1, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// The largest import there is, through the built server over an inventory in a file, which dies without notice half way.

const rows = 5_000;
const mostMegabytes = 200;
/** Longer than a run is held for by a process that is gone. */
const leaseMs = 11_000;

const csv = [
  'Item Name,SKU,Rate,Purchase Rate,Unit,Reorder Level,Description',
  ...Array.from({ length: rows }, (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    return `Thing ${number},IMP-${number},${index % 90}.5,${index % 40}.25,pcs,${index % 7},"Number ${number}, of many"`;
  }),
].join('\n');

function world() {
  const directory = temporaryDirectory();
  const clock = createSharedClock(directory);
  const file = join(directory, 'sandbox.sqlite');
  const env = {
    ...clock.env,
    INVENTORY_SANDBOX_DATA: file,
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
function peakMegabytes({ pid }: TestClient): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

function skusIn(file: string) {
  const database = openDatabase(file);
  onTestFinished(() => database.close());
  return database.prepare(`SELECT count(*) AS items, count(DISTINCT sku) AS skus FROM item WHERE sku LIKE 'IMP-%'`).get();
}

/** Goes on as it is told to until it is told that the job is done. */
async function finish(server: TestClient, first: ToolResult): Promise<ToolResult> {
  let answer = first;
  for (let calls = 1; answer.facts.status === 'unfinished' && calls < 20; calls += 1)
    answer = await server.call('resume_workflow', { workflow_id: answer.facts.workflow_id });
  return answer;
}

test(`${rows} rows are imported once each, by a server that is killed half way and one that goes on`, async () => {
  const { clock, file, said, start } = world();
  const server = await start();
  const t0 = performance.now();
  const asked = await server.call('import_items', { csv });
  expect(asked.facts).toMatchObject({ status: 'confirmation_required', plan: { create: rows, bad: 0 } });
  const t1 = performance.now();
  const { confirmation, summary } = asked.facts;
  const beats: number[] = [];
  const onProgress = (message: string) => {
    beats.push(performance.now());
    if (!message.startsWith(`${rows / 2} of ${rows}:`) && !(Number(message.split(' ')[0]) > rows / 2)) return;
    if (server.pid !== null && beats.length > 0 && !killed) {
      killed = true;
      peaks.push(peakMegabytes(server) ?? 0);
      process.kill(server.pid, 'SIGKILL');
    }
  };
  let killed = false;
  const peaks: number[] = [];
  let first: ToolResult | undefined = await server.call('confirm_action', { confirmation, summary }, { onProgress }).catch(() => undefined);
  while (first?.facts.status === 'unfinished' && !killed)
    first = await server.call('resume_workflow', { workflow_id: first.facts.workflow_id }, { onProgress }).catch(() => undefined);
  const t2 = performance.now();
  await server.close();
  clock.advance(leaseMs);

  const next = await start();
  const { facts, text } = await next.call('list_unfinished_workflows');
  const t3 = performance.now();
  const [left] = facts.workflows as { workflow_id: string }[]; // parse boundary: what the wire brought
  expect(text.length).toBeLessThan(2_000);
  const done = await finish(next, await next.call('resume_workflow', { workflow_id: left?.workflow_id }));
  const t4 = performance.now();
  peaks.push(peakMegabytes(next) ?? 0);
  console.log({ plan: t1 - t0, half: t2 - t1, list: t3 - t2, rest: t4 - t3, peaks, beat: Math.max(...beats.slice(1).map((at, index) => at - (beats[index] ?? at))) });
  console.log(done.text.slice(0, 600), asked.text.slice(0,1500));
  expect(done.facts).toMatchObject({ created: rows, updated: 0 });
  expect(skusIn(file)).toEqual({ items: rows, skus: rows });
  expect(Math.max(...peaks)).toBeLessThan(mostMegabytes);
  expect(said.join('')).toBe('');
}, 600_000);
