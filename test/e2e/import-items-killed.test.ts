import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/sqlite.ts';
import { createSharedClock, type SharedClock } from '../chaos/kill-clock.ts';
import { connectV1, type TestClient, type ToolResult } from '../helpers/clients.ts';
import { startSandbox } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

// An import as an account sees it: 100 calls a minute, so that one call of a tool does a minute's worth and resume_workflow
// the rest, and a server that dies without notice half way.

/** IMPORT_ROWS=5000 is the largest import there is, in 40 s of a quiet machine. */
const rows = Number(process.env.IMPORT_ROWS ?? 1_000);
const mostMegabytes = 200;
/** A client that hears nothing for longer takes the import for hung. */
const longestSilenceMs = 2_000;
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

/** The same rows, told by a server's progress: time goes on with them. */
function createEar(clock: SharedClock) {
  let row = 0;
  return (onRow: (row: number) => void) => (message: string) => {
    const told = Number(/^(\d+) of/.exec(message)?.[1] ?? 0);
    if (told <= row) return;
    clock.advance((told - row) * rowMs);
    row = told;
    onRow(row);
  };
}

type OnProgress = (message: string) => void;

/** Between two words of the server while it was at a call; of the machine's own clock. */
function createSilence() {
  let longestMs = 0;
  return {
    longestMs: () => longestMs,
    within: async <T>(call: (onProgress: OnProgress) => Promise<T>, onProgress: OnProgress): Promise<T> => {
      let last = performance.now();
      const heard = () => {
        longestMs = Math.max(longestMs, performance.now() - last);
        last = performance.now();
      };
      const answer = await call((message) => {
        heard();
        onProgress(message);
      });
      heard();
      return answer;
    },
  };
}

/** Goes on as it is told to; answers nothing where the server died. */
async function goOn(
  server: TestClient,
  clock: SharedClock,
  [tool, args]: [string, Record<string, unknown>],
  { onProgress, silence }: { onProgress: OnProgress; silence: ReturnType<typeof createSilence> },
): Promise<{ answer: ToolResult | undefined; pauses: number }> {
  const ask = (name: string, given: Record<string, unknown>) =>
    silence.within((heard) => server.call(name, given, { onProgress: heard }).catch(() => undefined), onProgress);
  let pauses = 0;
  let answer = await ask(tool, args);
  while (answer?.facts.status === 'unfinished') {
    pauses += 1;
    const { workflow_id, retry_after_seconds = 0 } = answer.facts;
    clock.advance(1_000 * Number(retry_after_seconds));
    answer = await ask('resume_workflow', { workflow_id });
  }
  return { answer, pauses };
}

test(`${rows} rows are imported once each, by a server that is killed half way and one that goes on`, async () => {
  const { clock, file, said, start } = await createWorld();
  const hear = createEar(clock);
  const peaks: number[] = [];
  const silence = createSilence();

  const server = await start();
  const plan = (onProgress: OnProgress) => server.call('import_items', { csv }, { onProgress });
  const asked = await silence.within(plan, () => undefined);
  expect(asked.facts).toMatchObject({ status: 'confirmation_required', plan: { create: rows, bad: 0 } });
  const { confirmation, summary } = asked.facts;
  const dies = hear((row) => {
    if (row < rows / 2 || peaks.length > 0) return;
    peaks.push(peakMegabytes(server));
    process.kill(server.pid ?? 0, 'SIGKILL');
  });
  const first = await goOn(server, clock, ['confirm_action', { confirmation, summary }], { onProgress: dies, silence });
  expect(peaks).toHaveLength(1);
  expect(first.answer).toBeUndefined();
  await server.close();
  clock.advance(leaseMs);

  const next = await start();
  const { facts, text } = await next.call('list_unfinished_workflows');
  expect(text).toMatch(/"steps":\["\d+ x create_item"/);
  expect(text.length).toBeLessThan(600);
  const [left] = facts.workflows as { workflow_id: string }[]; // parse boundary: what the wire brought
  const lives = hear(() => undefined);
  const rest: [string, Record<string, unknown>] = ['resume_workflow', { workflow_id: left?.workflow_id }];
  const second = await goOn(next, clock, rest, { onProgress: lives, silence });
  peaks.push(peakMegabytes(next));
  expect(second.answer?.facts).toMatchObject({ created: rows, updated: 0, items_shown: expect.any(String) });
  expect(skusIn(file)).toEqual({ items: rows, skus: rows });
  expect(second.pauses).toBeGreaterThan(rows / 300);
  expect(Math.max(...peaks)).toBeLessThan(mostMegabytes);
  expect(silence.longestMs()).toBeLessThan(longestSilenceMs);
  expect(said.join('')).toBe('');
  expect((await next.call('list_unfinished_workflows')).facts).toEqual({ workflows: [] });
  if (process.env.IMPORT_ROWS !== undefined)
    process.stderr.write(
      `pauses ${first.pauses + second.pauses}, peaks ${peaks.map(Math.round).join(' and ')} MB, longest silence ${Math.round(silence.longestMs())} ms\n`,
    );
}, 600_000);
