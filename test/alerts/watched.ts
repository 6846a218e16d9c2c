import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createRound } from '../../src/alerts/round.ts';
import type { Way } from '../../src/alerts/way.ts';
import { type Client, createInventoryClient, type Reply } from '../../src/client/client.ts';
import { sleep } from '../../src/client/wait.ts';
import type { Input } from '../../src/operations/define.ts';
import { operationByName } from '../../src/operations/index.ts';
import { createSandbox, sandboxOrganizationId } from '../../src/sandbox/server.ts';
import { openDatabase } from '../../src/sqlite.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { Alert } from '../../src/workflows/watching/alert-port.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';

/** A way that keeps what it was given. `answer` may throw instead. */
export function keepingWay(mark = 'a', answer: () => Promise<void> = async () => undefined) {
  const sent: Alert[] = [];
  const way: Way = {
    way: 'email',
    to: [`${mark}@meridian.example`],
    words: `by e-mail to ${mark}@meridian.example`,
    mark,
    send: async (alert) => {
      sent.push(alert);
      await answer();
      return { refused: [] };
    },
  };
  return { way, sent };
}

/** The demo company, and watchers of it that share a data folder. `told` may change what they are told of it. */
export function watchedWorld(told: (operation: string, reply: Reply) => Reply = (_, reply) => reply) {
  const clock = createClock(Date.UTC(2026, 10, 23, 18, 0, 0));
  const limits = { perMinute: 100_000, perDay: 1_000_000, atOnce: 10 };
  const sandbox = createSandbox({
    ...{ database: openDatabase(':memory:'), now: clock.now, seed: 'demo', accessToken: 'token-of-the-test', limits },
  });
  const client: Client = createInventoryClient({
    ...{ accessToken: 'token-of-the-test', apiDomain: 'http://sandbox.test', organizationId: sandboxOrganizationId },
    ...{ dispatch: (request: Request) => sandbox.handle(request), limits, now: clock.now, sleep, random: () => 0.5 },
  });
  const directory = temporaryDirectory();
  /** Of what watchers kept: whether it waited for the disk. */
  const waited: boolean[] = [];
  const lines: string[] = [];
  const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
  /** One more process on the folder. */
  const watcher = (ways: readonly Way[], demo = false) => {
    const kept = openEmbeddedState({ directory, now: clock.now });
    onTestFinished(() => kept.close());
    const put: typeof kept.put = (key, value, expiresAtMs, options) => {
      if (!key.startsWith('watch-late')) waited.push(options?.durable === true);
      return kept.put(key, value, expiresAtMs, options);
    };
    const state = { ...kept, put };
    const organization = sandboxOrganizationId;
    const round = createRound({
      client: {
        ...client,
        call: async (operation, ...rest) => told(operation.name, await client.call(operation, ...rest)),
      },
      ...{ ways, state, now: clock.now, randomId: randomUUID, organization, demo, log },
    });
    return (signal = new AbortController().signal) => round(signal);
  };
  const call = (name: string, input: Input): Promise<Reply> => {
    const operation = operationByName.get(name);
    if (!operation) throw new Error(`There is no operation ${name}.`);
    return client.call(operation, input);
  };
  /** Brings the stock of an item in Oakland to this figure. */
  const setStock = async (sku: string, quantity: number) => {
    const { items } = await call('list_items', { sku });
    const [{ item_id } = { item_id: '' }] = items as { item_id: string }[]; // parse boundary: the sandbox's rows
    const { warehouses } = await call('list_warehouses', {});
    const [{ warehouse_id } = { warehouse_id: '' }] = warehouses as { warehouse_id: string }[]; // parse boundary: as above
    const line = { item_id, warehouse_id, quantity_adjusted: quantity, adjust_quantity_by: 'set_to' };
    await call('create_stock_adjustment', {
      date: '2026-11-23',
      reason: 'Stocktake',
      adjustment_type: 'quantity',
      line_items: [line],
    });
  };
  return { clock, watcher, waited, lines, call, setStock, callsSent: () => sandbox.callsSeen() };
}
