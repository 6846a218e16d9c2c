import { describe, expect, onTestFinished, test } from 'vitest';
import type { Input } from '../../src/operations/define.ts';
import { createFaults } from '../../src/sandbox/faults.ts';
import type { FaultRule } from '../../src/sandbox/faults-rules.ts';
import { environmentLines, listenSandbox } from '../../src/sandbox/listen.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { company, writes } from '../client/writes.ts';
import { connectV2 } from '../helpers/clients.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import { idIn, kindOf, yesTo } from './careful-caller.ts';
import { isOpen } from './lost-answers.ts';
import type { Answer, Server } from './server.ts';
import { chaoticWorld } from './world.ts';

const creates = Object.keys(writes).filter((name) => name.startsWith('create_'));

/** Two servers on one folder, and the input of a write of this kind. */
async function twoServers(tool: string) {
  const world = chaoticWorld({ latencyMs: 50 });
  const its = await world.clock.run(company(world.prepare));
  const input = await world.clock.run(writes[tool]?.(its, world.prepare) ?? Promise.resolve({}));
  world.committed.length = 0;
  const servers = [world.start(), world.start()] as const;
  return { ...world, input, servers };
}

const once = (rule: FaultRule) => ({ rules: [{ ...rule, count: 1, match: { method: 'POST' } as const }] });

describe.each(creates)('%s, called the same at the same moment through two servers on one folder', (tool) => {
  test.each([
    { loss: 'nothing is lost', rules: undefined },
    { loss: 'the answer is lost', rules: once({ fault: 'reset_after' }) },
    { loss: 'it is lost on its way', rules: once({ fault: 'reset_before' }) },
  ])('makes one record, and both are told of it when $loss', async ({ rules }) => {
    const { clock, sleep, servers, input, committed, fail } = await twoServers(tool);
    if (rules) fail(rules);
    /** Confirms what is asked about, and asks again until it is told. */
    async function carried({ ask }: Server): Promise<Answer> {
      let answer = await ask(tool, input);
      const yes = yesTo(answer);
      for (let turns = 0; turns < 8 && (isOpen(answer) || yesTo(answer)); turns += 1) {
        if (isOpen(answer)) await sleep(5_000);
        answer = await (yes ? ask('confirm_action', yes) : ask(tool, input));
      }
      return answer;
    }
    const answers = await clock.run(Promise.all(servers.map(carried)));
    expect(committed).toHaveLength(1);
    // A preview that another one took the place of says so, and was not carried out.
    const done = answers.filter((answer) => kindOf(answer) !== 'confirmation_invalid');
    const made = idIn({ tool }, committed[0]?.answer ?? {});
    const told = done.map(({ facts }) => idIn({ tool }, facts) ?? idIn({ tool }, Object(facts.outcome)));
    expect(new Set(told)).toEqual(new Set([made]));
  });
});

test('one yes that is said at the same moment through two servers is carried out once', async () => {
  const { clock, servers, input, committed } = await twoServers('create_stock_adjustment');
  const [first] = servers;
  const yes = yesTo(await clock.run(first.ask('create_stock_adjustment', input)));
  const say = ({ ask }: Server) => ask('confirm_action', { ...yes });
  const answers = await clock.run(Promise.all(servers.map(say)));
  expect(committed).toHaveLength(1);
  expect(answers.map(kindOf).sort()).toEqual(['already_running', 'done']);
  expect((await clock.run(Promise.all(servers.map(say)))).map(kindOf)).toEqual(['already_done', 'already_done']);
});

test('two that are meant alike are two, also when one is lost on its way while the answer of the other is', async () => {
  const { clock, sleep, servers, input, committed, fail } = await twoServers('create_sales_order');
  const [mine, other] = servers;
  const asked = ({ ask }: Server, idempotencyKey: string) => ask('create_sales_order', input, { idempotencyKey });
  fail(once({ fault: 'slow_body', ms: 20_000 }));
  const slow = asked(other, 'one');
  await clock.run(sleep(500));
  fail(once({ fault: 'reset_before' }));
  const [theirs, early] = await clock.run(Promise.all([slow, asked(mine, 'another')]));
  // It could not be sent again within the time of one call: the record that was there might have been it.
  const late = isOpen(early) ? await clock.run(asked(mine, 'another')) : early;
  expect(committed).toHaveLength(2);
  const ids = [theirs, late].map(({ facts }) => idIn({ tool: 'create_sales_order' }, facts));
  expect(new Set(ids)).toEqual(new Set(committed.map(({ answer }) => idIn({ tool: 'create_sales_order' }, answer))));
});

/** Two processes on one data folder, before an API of this one. */
async function twoProcesses(rules: readonly FaultRule[]) {
  const database = openDatabase(':memory:');
  const faults = createFaults({ rules });
  const sandbox = createSandbox({ database, now: Date.now, seed: 'demo', faults, limits: { perMinute: 10_000 } });
  const { url, close } = await listenSandbox({ sandbox, port: 0 });
  onTestFinished(close);
  const env = Object.fromEntries(environmentLines(url).map((line) => line.split(/=(.*)/s).slice(0, 2)));
  const directory = temporaryDirectory();
  const clients = await Promise.all(
    [1, 2].map(() => connectV2({ env: { ...env, INVENTORY_DATA_DIR: directory, INVENTORY_LOG_LEVEL: 'warn' } })),
  );
  onTestFinished(async () => void (await Promise.all(clients.map((client) => client.close()))));
  const count = (sql: string) => Number(database.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.n);
  return { clients, count };
}

test('two processes that are asked for the same records at the same moment make each of them once', async () => {
  const { clients, count } = await twoProcesses([]);
  const inputs: Input[] = Array.from({ length: 12 }, (_, n) => ({
    contact_name: `Guest ${n}`,
    contact_type: 'customer',
  }));
  const answers = await Promise.all(
    inputs.flatMap((input) => clients.map((client) => client.call('create_contact', input))),
  );
  expect(answers.filter(({ isError }) => isError)).toEqual([]);
  expect(count(`contact WHERE contact_name LIKE 'Guest %'`)).toBe(inputs.length);
});

test('two processes that are told yes to the same deals at the same moment, in other words, order each of them once', async () => {
  const { clients, count } = await twoProcesses([]);
  const ways = ['refuse', 'partial'];
  for (const id of ['71', '72', '73']) {
    const deal = { id, contact: { name: `Guest ${id}` }, products: [{ code: 'MUG', quantity: 2 }] };
    const asked = await Promise.all(
      clients.map((client, index) => client.call('place_order_from_deal', { deal, if_short: ways[index] })),
    );
    const said = await Promise.all(
      clients.map((client, index) => {
        const { confirmation, summary } = asked[index]?.facts ?? {};
        return client.call('confirm_action', { confirmation, summary });
      }),
    );
    expect(said.filter(({ isError }) => isError)).toEqual([]);
    expect(said.map(({ text }) => text.includes('is ordered already')).sort()).toEqual([false, true]);
  }
  expect(count(`orders WHERE reference_number LIKE 'CRM-DEAL-7%'`)).toBe(3);
});
