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
  const start = () => {
    const store = openEmbeddedState({ directory, now: clock.now });
    const shared = createShared({ store, organizationId: '1', now: clock.now, warn: () => undefined });
    return createElsewhere(shared, { now: clock.now, sleep });
  };
  return { clock, waits, first: start(), second: start() };
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

test('another create of the same content is waited for while it is under way, and a minute at most', async () => {
  const world = twoProcesses();
  const from = world.clock.now();
  await underWay(world, create('a', { rate: 5, name: 'Mug' }));
  await world.second.landed(create('b'));
  expect(world.clock.now() - from).toBe(60_000);
  await world.first.tell(create('c'), async () => undefined);
  world.waits.length = 0;
  await world.second.landed(create('b'));
  expect(world.waits).toEqual([]);
});

test('a create of other content is not waited for', async () => {
  const world = twoProcesses();
  await underWay(world, create('a'));
  await world.second.landed(create('b', { name: 'Mug', rate: 6 }));
  expect(world.waits).toEqual([]);
});
