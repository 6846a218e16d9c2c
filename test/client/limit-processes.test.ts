import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../helpers/world.ts';
import { bundleScript, lineOf, outputOf, type Script } from '../state/processes.ts';

// A process of its own, with the client and the real store. Its API stands in the same process, so that the moments it
// notes are those at which calls leave, and no network comes between.
const script = `
  import { createInventoryClient } from './src/client/client.ts';
  import { sleep } from './src/client/wait.ts';
  import { getItem } from './src/operations/items.ts';
  import { openEmbeddedState } from './src/state/embedded.ts';
  const [job, directory, limitsText] = process.argv.slice(2);
  const spans = [];
  const warnings = [];
  const answered = async () => {
    const from = Date.now();
    await sleep(job === 'hold' ? 1_000_000 : 25);
    spans.push([from, Date.now()]);
    return Response.json({ code: 0, item: {} });
  };
  const client = createInventoryClient({
    apiDomain: 'http://api.test',
    accessToken: 'good',
    organizationId: '1',
    limits: JSON.parse(limitsText),
    sharedStore: openEmbeddedState({ directory, now: Date.now }),
    dispatch: async () => {
      if (job === 'hold') console.log('held');
      return answered();
    },
    now: Date.now,
    sleep,
    random: Math.random,
    randomId: () => crypto.randomUUID(),
    patienceMs: 100_000,
    timeoutMs: 1_000_000,
    log: (message) => warnings.push(message),
  });
  const call = (id) => client.call(getItem, { item_id: String(id) }).then(() => 'done', (error) => error.message);
  const jobs = {
    async run() {
      // What Node loads with the first request would stand between a ticket and its call.
      await Response.json(await new Request('http://api.test').text()).text();
      console.log('ready');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      process.stdin.unref();
      const outcomes = await Promise.all(Array.from({ length: 60 }, (_, id) => call(id)));
      console.log(JSON.stringify({ outcomes, spans, warnings, usage: await client.usage() }));
    },
    async hold() {
      await Promise.all([call(1), call(2)]);
    },
    async once() {
      console.log(JSON.stringify({ outcomes: [await call(1)], spans, warnings, usage: await client.usage() }));
    },
  };
  await jobs[job]();
  process.exit(0);
`;

interface Told {
  readonly outcomes: string[];
  readonly spans: (readonly [number, number])[];
  readonly warnings: string[];
  readonly usage: { readonly day: { readonly used: number }; readonly shared: boolean };
}

let worker: Script;
beforeAll(async () => {
  worker = await bundleScript(script);
});
afterAll(() => worker.remove());

const toldBy = (output: string): Told => JSON.parse(output.trim().split('\n').at(-1) ?? '');

describe('several processes on one data folder', () => {
  test('are together never over the calls of a window, nor over those at once, and lose little time by it', async () => {
    const directory = temporaryDirectory();
    const limits = JSON.stringify({ perMinute: 60, windowMs: 2_000, perDay: 10_000, atOnce: 6 });
    const three = [1, 2, 3].map(() => worker.start('run', directory, limits));
    const outputs = three.map(outputOf);
    await Promise.all(three.map(({ stdout }) => stdout && once(stdout, 'data')));
    for (const { stdin } of three) stdin?.write('go\n');
    const told = (await Promise.all(outputs)).map(toldBy);

    expect(told.flatMap(({ warnings }) => warnings)).toEqual([]);
    expect(new Set(told.flatMap(({ outcomes }) => outcomes))).toEqual(new Set(['done']));
    const spans = told.flatMap(({ spans: own }) => own);
    expect(spans).toHaveLength(180);
    const starts = spans.map(([from]) => from).sort((a, b) => a - b);
    const inWindow = starts.map((from) => starts.filter((at) => at >= from && at < from + 2_000).length);
    expect(Math.max(...inWindow)).toBeLessThanOrEqual(60);
    const together = spans.map(([from]) => spans.filter(([start, end]) => start <= from && from < end).length);
    expect(Math.max(...together)).toBeLessThanOrEqual(6);
    // 180 calls are three windows' worth, so two windows is the least it takes.
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeLessThan(6_000);
    expect(Math.max(...told.map(({ usage }) => usage.day.used))).toBe(180);
    expect(told.every(({ usage }) => usage.shared)).toBe(true);
  });

  test('that are killed with calls under way give their places back within 15 s, and their day is counted on', async () => {
    const directory = temporaryDirectory();
    const limits = JSON.stringify({ perMinute: 50, perDay: 10_000, atOnce: 2 });
    const holder = worker.start('hold', directory, limits);
    await lineOf(holder, 2);
    holder.kill('SIGKILL');
    await once(holder, 'close');
    const killedAt = performance.now();
    const told = toldBy(await outputOf(worker.start('once', directory, limits)));
    expect(told.outcomes).toEqual(['done']);
    expect(performance.now() - killedAt).toBeLessThan(15_000);
    expect(told.usage.day.used).toBe(3);
  });
});
