import { expect, test } from 'vitest';
import { createElsewhere } from '../../src/client/lost/elsewhere.ts';
import type { Lost } from '../../src/client/lost/reading.ts';
import { createShared } from '../../src/client/shared-store.ts';
import type { Input } from '../../src/operations/define.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';
import { operation } from './lossy.ts';

/** Two processes on one data folder; a wait of either lets the time pass that it waits. */
function twoProcesses() {
  const clock = createClock();
  const directory = temporaryDirectory();
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(ms);
    clock.advance(ms);
  };
  const renewals: (() => void)[] = [];
  const every = (periodMs: number, work: () => void) => {
    expect(periodMs).toBeLessThan(60_000);
    renewals.push(work);
    return () => void renewals.splice(renewals.indexOf(work), 1);
  };
  const start = () => {
    const store = openEmbeddedState({ directory, now: clock.now });
    const shared = createShared({ store, organizationId: '1', now: clock.now, warn: () => undefined });
    return createElsewhere(shared, { sleep, every });
  };
  /** Lets time pass in which the timers of living processes go on. */
  const live = (ms: number) => {
    for (let left = ms; left > 0; left -= 20_000) {
      clock.advance(Math.min(left, 20_000));
      for (const renew of renewals) renew();
    }
  };
  return { clock, waits, renewals, live, first: start(), second: start() };
}

const create = (id: string, input: Input = { name: 'Mug', rate: 5 }): Lost => ({
  operation: operation('create_item'),
  input,
  attempt: { id, startedAtMs: 0 },
});
/** A create under way in the first process, whether that is alive or not. */
async function underWay({ first }: ReturnType<typeof twoProcesses>, lost: Lost): Promise<void> {
  await new Promise<void>((begun) => {
    const endless = async () => {
      begun();
      await new Promise<never>(() => undefined);
    };
    void first.tell(lost, endless);
  });
}

test('who goes on with a create that a dead process left behind does not wait for that process', async () => {
  const world = twoProcesses();
  await underWay(world, create('a'));
  await world.second.landed(create('a'));
  expect(world.waits).toEqual([]);
});

const order = (id: string, more: Input = {}): Lost => ({
  operation: operation('create_sales_order'),
  input: {
    customer_id: '1',
    line_items: [
      { item_id: '2', quantity: 1 },
      { item_id: '3', quantity: 4 },
    ],
    ...more,
  },
  attempt: { id, startedAtMs: 0 },
});

test.each<[string, Lost]>([
  ['the same content', order('b')],
  [
    'its lines turned round',
    order('b', {
      line_items: [
        { quantity: 4, item_id: '3' },
        { item_id: '2', quantity: 1 },
      ],
    }),
  ],
  ['a field more', order('b', { delivery_method: 'FedEx' })],
])('another create of %s is waited for while it is under way, 20 s at most, and is then told', async (_, other) => {
  const world = twoProcesses();
  const from = world.clock.now();
  await underWay(world, order('a'));
  expect(await world.second.landed(other)).toBe(false);
  expect(world.clock.now() - from).toBe(20_000);
  // A dead process holds nobody up for longer than a minute.
  world.clock.advance(41_000);
  expect(await world.second.landed(other)).toBe(true);
});

test('a create that has ended is not waited for', async () => {
  const world = twoProcesses();
  await world.first.tell(order('c'), async () => undefined);
  expect(await world.second.landed(order('b'))).toBe(true);
  expect(world.waits).toEqual([]);
});

test('a create for another party or of other goods is not waited for', async () => {
  const world = twoProcesses();
  await underWay(world, order('a'));
  for (const more of [{ customer_id: '7' }, { line_items: [{ item_id: '2', quantity: 1 }] }])
    expect(await world.second.landed(order('b', more))).toBe(true);
  expect(world.waits).toEqual([]);
});

test('a create that waits for the call limit for longer than a minute is known as under way until its end', async () => {
  const world = twoProcesses();
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const told = world.first.tell(order('a'), () => answered);
  await expect.poll(() => world.renewals.length).toBe(1);
  world.live(150_000);
  expect(await world.second.landed(order('b'))).toBe(false);
  answer();
  await told;
  expect(world.renewals).toEqual([]);
  expect(await world.second.landed(order('b'))).toBe(true);
});
