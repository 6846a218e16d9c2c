import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import { bundleScript, outputOf, type Script } from '../state/processes.ts';

// One script for all processes: `ask` makes the pending actions, `confirm` says yes to all of them in an order of its own.
const script = `
  import { appendFileSync, readFileSync } from 'node:fs';
  import { join } from 'node:path';
  import { randomBytes } from 'node:crypto';
  import { createGuard } from './src/mcp/guard.ts';
  import { openEmbeddedState } from './src/state/embedded.ts';
  const [job, directory, count] = process.argv.slice(2);
  const now = Date.now;
  const state = openEmbeddedState({ directory: join(directory, 'state'), now });
  const guard = createGuard({
    state,
    settings: { organization: '1', confirm: 'auto', readOnly: false, confirmAbove: 100 },
    now,
    randomId: () => randomBytes(24).toString('base64url'),
    warn: (message) => console.error(message),
  });
  const context = {
    caller: 'local:ann', era: 'legacy', clientName: 'test', declaresForms: false,
    signal: new AbortController().signal, progress: () => undefined,
  };
  const actionOf = (item_id) => ({
    tool: 'delete_item', arguments: { item_id }, effect: 'destroy',
    creates: false, alwaysConfirm: false, countsAmount: false, currency: async () => 'USD',
    plan: async () => ({
      summary: 'Delete item ' + item_id, preview: [], restsOn: { item_id }, steps: { item_id },
      documents: 1, raises: [], amountMinor: 0,
    }),
    run: async ({ steps }) => {
      appendFileSync(join(directory, 'ran.txt'), steps.item_id + '\\n');
      // A write takes its time; without it one process could win all of them before another is scheduled.
      await new Promise((resolve) => setTimeout(resolve, 3));
      return { message: 'deleted ' + steps.item_id };
    },
  });
  const jobs = {
    // Orders of 1.00 each, under a limit of 100.00 a day.
    async order() {
      const order = (number) => ({
        ...actionOf(process.pid + '-' + number), effect: 'update', countsAmount: true,
        plan: async () => ({
          summary: 'Order', preview: [], restsOn: null, steps: { item_id: process.pid + '-' + number },
          documents: 1, raises: [], amountMinor: 100,
        }),
      });
      console.log('ready');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      process.stdin.unref();
      const heard = {};
      for (let number = 0; number < Number(count); number += 4) {
        const four = [0, 1, 2, 3].map((more) => guard.submit(order(number + more), context));
        for (const { reply } of await Promise.all(four)) {
          const status = reply.status ?? 'ran';
          heard[status] = (heard[status] ?? 0) + 1;
        }
      }
      console.log(JSON.stringify(heard));
    },
    async ask() {
      const asked = [];
      for (let item = 0; item < Number(count); item += 1) {
        const { reply } = await guard.submit(actionOf(String(item)), context);
        asked.push({ confirmation: reply.confirmation, summary: reply.summary, item: String(item) });
      }
      console.log(JSON.stringify(asked));
    },
    async confirm() {
      const asked = JSON.parse(readFileSync(join(directory, 'asked.json'), 'utf8'));
      const offset = process.pid % asked.length;
      const heard = {};
      // All begin at the same moment, however long each took to start.
      console.log('ready');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      process.stdin.unref();
      for (let step = 0; step < asked.length; step += 1) {
        const { confirmation, summary, item } = asked[(step + offset) % asked.length];
        const { reply } = await guard.confirm(confirmation, summary, context, () => actionOf(item));
        const status = reply.status ?? 'ran';
        heard[status] = (heard[status] ?? 0) + 1;
      }
      console.log(JSON.stringify(heard));
    },
  };
  await jobs[job]();
  state.close();
`;

let worker: Script;
beforeAll(async () => {
  worker = await bundleScript(script);
});
afterAll(() => worker.remove());

/** Six processes that begin at the same moment, and what each heard how often. */
async function sixSay(...parameters: string[]): Promise<Record<string, number>[]> {
  const six = Array.from({ length: 6 }, () => worker.start(...parameters));
  const outputs = six.map(outputOf);
  await Promise.all(six.map(({ stdout }) => stdout && once(stdout, 'data')));
  for (const { stdin } of six) stdin?.write('go\n');
  return (await Promise.all(outputs)).map((output) => JSON.parse(output.replace('ready\n', '')));
}

test('six processes on one state folder together write unasked up to the limit of the day, and nothing beyond it', async () => {
  const directory = temporaryDirectory();
  const heard = await sixSay('order', directory, '60');
  const ran = readFileSync(join(directory, 'ran.txt'), 'utf8').trim().split('\n');
  expect(new Set(ran).size).toBe(100);
  expect(ran).toHaveLength(100);
  expect(heard.reduce((sum, { confirmation_required = 0 }) => sum + confirmation_required, 0)).toBe(260);
  expect(heard.filter(({ ran: own = 0 }) => own > 0).length).toBeGreaterThan(1);
});

test('six processes on one state folder run each of 300 pending actions exactly once', async () => {
  const directory = temporaryDirectory();
  const asked: { confirmation: string }[] = JSON.parse(await outputOf(worker.start('ask', directory, '300')));
  expect(asked).toHaveLength(300);
  expect(existsSync(join(directory, 'ran.txt'))).toBe(false);
  writeFileSync(join(directory, 'asked.json'), JSON.stringify(asked));

  const heard = await sixSay('confirm', directory);

  const ran = readFileSync(join(directory, 'ran.txt'), 'utf8').trim().split('\n');
  const byNumber = (a: string, b: string) => Number(a) - Number(b);
  expect(ran.sort(byNumber)).toEqual(Array.from({ length: 300 }, (_, item) => String(item)));

  // Each process was answered 300 times: what it ran itself, and of all else what became of it.
  const total = (status: string) => heard.reduce((sum, counts) => sum + (counts[status] ?? 0), 0);
  expect(total('ran')).toBe(300);
  expect(total('already_done') + total('already_running')).toBe(5 * 300);
  expect(heard.filter(({ ran: own = 0 }) => own > 0).length).toBeGreaterThan(1);

  const state = openEmbeddedState({ directory: join(directory, 'state'), now: Date.now });
  const kept = await Promise.all(asked.map(({ confirmation }) => state.find(confirmation)));
  expect(new Set(kept.map((action) => action?.status))).toEqual(new Set(['done']));
  state.close();
});
