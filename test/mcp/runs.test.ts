import { expect, test } from 'vitest';
import { NotFound, OutcomeUnknown, PartlyDone, RateLimited, Rejected, Unavailable } from '../../src/errors.ts';
import { fingerprintOf } from '../../src/mcp/canonical.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { KeptRun, State } from '../../src/state/state.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';
import { aPlan, caller, guarded, issued, minuteMs, replyOf } from './guarded.ts';

/** A guard whose store can be looked into, with a timer that runs when it is told to. */
function watched() {
  const begun: string[] = [];
  const timers = new Set<() => void>();
  const directory = temporaryDirectory();
  const world = guarded({}, directory, {
    store: (state: State) => ({
      ...state,
      begin: async (run, revision) => {
        const isBegun = await state.begin(run, revision);
        if (isBegun) begun.push(run.id);
        return isBegun;
      },
    }),
    every: (periodMs, work) => {
      expect(periodMs).toBe(3_000);
      timers.add(work);
      return () => void timers.delete(work);
    },
  });
  const state = openEmbeddedState({ directory, now: world.clock.now });
  const runs = async (): Promise<KeptRun[]> => {
    const found = await Promise.all(begun.map((id) => state.findRun(id)));
    return found.filter((run) => run !== undefined);
  };
  const isHeld = async () => {
    const [run] = await runs();
    return state.isHeld(`run:${run?.id}`, world.clock.now());
  };
  return { ...world, runs, isHeld, timers };
}

/** A run that waits until it is told to end. */
function held(world: ReturnType<typeof watched>) {
  let open: () => void = () => undefined;
  world.world.gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const ended = world.submit(world.action('create'));
  return { open: () => open(), ended };
}

test('a write that ran is kept with what was asked, what ran and what was answered', async () => {
  const { submit, action, runs, world, clock } = watched();
  world.plan = aPlan({ summary: 'Item Mug', steps: { name: 'Mug' }, amountMinor: 500 });
  await submit(action('create', { tool: 'create_item', arguments: { name: 'Mug' } }));
  expect(await runs()).toEqual([
    {
      id: expect.any(String),
      organization: '1',
      caller: 'local:ann',
      tool: 'create_item',
      fingerprint: fingerprintOf('create_item', { name: 'Mug' }),
      arguments: { name: 'Mug' },
      plan: world.plan,
      isCreate: true,
      amountMinor: 500,
      startedAtMs: clock.now(),
      status: 'done',
      changedAtMs: clock.now(),
      outcome: 'Item Mug',
      reply: { message: 'done', run: 1 },
    },
  ]);
});

test.each([
  ['failed', new Rejected('no')],
  ['failed', new RateLimited(3, { nothingSent: true })],
  ['failed', new Unavailable('The token endpoint is not there.', { nothingSent: true })],
  ['failed', new NotFound('gone')],
  ['unknown', new OutcomeUnknown('No answer.')],
  ['unknown', new Unavailable('The API failed.')],
  ['unknown', new TypeError('secret of a library')],
  ['partly_done', new PartlyDone('Half.', { facts: { done: ['SO-1'] } })],
])('a write ends %s by the error it ran into', async (status, error) => {
  const { submit, action, runs, world, isHeld, timers } = watched();
  world.runError = error;
  await expect(submit(action('create'))).rejects.toBe(error);
  const [run] = await runs();
  expect(run).toMatchObject({ status, outcome: aPlan().summary, reply: { message: expect.any(String) } });
  expect(JSON.stringify(run)).not.toContain('secret');
  expect([await isHeld(), timers.size]).toEqual([false, 0]);
});

test.each([
  [190_000, true],
  [210_000, false],
])('an answer of %i characters is kept: %s', async (length, isKept) => {
  const { submit, action, runs } = watched();
  await submit(action('create', { run: async () => ({ text: 'x'.repeat(length) }) }));
  const [run] = await runs();
  expect(run?.status).toBe('done');
  expect(run?.reply !== undefined).toBe(isKept);
});

test('an answer that JSON cannot hold is not kept, and costs the run its end no less', async () => {
  const { submit, action, runs, warnings } = watched();
  await submit(action('create', { run: async () => ({ count: 1n }) }));
  expect((await runs()).map(({ status, reply }) => [status, reply])).toEqual([['done', undefined]]);
  expect(warnings).toEqual([]);
});

test('what a yes lets run is kept too, once', async () => {
  const { submit, confirm, runs } = watched();
  const { confirmation, summary } = issued(await submit());
  expect(await runs()).toEqual([]);
  await confirm(confirmation, summary);
  await confirm(confirmation, summary);
  expect(await runs()).toMatchObject([{ status: 'done', isCreate: false, plan: { steps: { item_id: '1' } } }]);
});

test('a run is held as long as it is under way, however long, and not after its end', async () => {
  const world = watched();
  const { open, ended } = held(world);
  await expect.poll(() => world.ran.length).toBe(1);
  expect(await world.runs()).toMatchObject([{ status: 'running' }]);
  for (let second = 0; second < 60; second += 3) {
    expect(await world.isHeld()).toBe(true);
    world.clock.advance(3_000);
    for (const renew of world.timers) renew();
  }
  open();
  await ended;
  expect([await world.isHeld(), world.timers.size]).toEqual([false, 0]);
});

test('a run whose process stopped renewing is held ten seconds longer and no more', async () => {
  const world = watched();
  void held(world);
  await expect.poll(() => world.ran.length).toBe(1);
  world.clock.advance(9_999);
  expect(await world.isHeld()).toBe(true);
  world.clock.advance(1);
  expect(await world.isHeld()).toBe(false);
  expect(await world.runs()).toMatchObject([{ status: 'running' }]);
});

test('a hold that cannot be renewed or released does not disturb the run', async () => {
  const renewals: (() => void)[] = [];
  let broken = false;
  const fails = async () => {
    throw new Unavailable('The state folder cannot be written.');
  };
  const { submit, action } = guarded({}, temporaryDirectory(), {
    store: (state) => ({
      ...state,
      lease: (...given) => (broken ? fails() : state.lease(...given)),
      release: (...given) => (broken ? fails() : state.release(...given)),
    }),
    every: (_, work) => {
      renewals.push(work);
      return () => undefined;
    },
  });
  const run = async () => {
    broken = true;
    for (const renew of renewals) renew();
    return { message: 'done' };
  };
  expect(replyOf(await submit(action('create', { run })))).toEqual({ message: 'done' });
  expect(renewals).toHaveLength(1);
});

test('of a hundred different creates at the same moment twenty run, and the others are asked about', async () => {
  const { submit, action, ran, clock } = guarded();
  const numbers = Array.from({ length: 100 }, (_, index) => index);
  const verdicts = await Promise.all(numbers.map((number) => submit(action('create', { arguments: { number } }))));
  expect(ran).toHaveLength(20);
  const asked = verdicts.filter((verdict) => replyOf(verdict)?.status === 'confirmation_required');
  expect(asked).toHaveLength(80);
  clock.advance(10 * minuteMs);
  await submit(action('create', { arguments: { number: 'later' } }));
  expect(ran).toHaveLength(21);
});

test('however many calls of one caller are judged at the same moment, none is refused for the others', async () => {
  const { submit, action, ran, world } = guarded({ confirmAbove: 1_000_000 });
  world.plan = aPlan({ amountMinor: 100 });
  const numbers = Array.from({ length: 150 }, (_, index) => index);
  await Promise.all(numbers.map((number) => submit(action('update', { arguments: { number }, countsAmount: true }))));
  expect(ran).toHaveLength(150);
});

test('changes that no rule looks at run side by side, whoever else begins', async () => {
  const { submit, action, ran } = guarded();
  const numbers = Array.from({ length: 30 }, (_, index) => index);
  await Promise.all(numbers.map((number) => submit(action('update', { arguments: { number } }))));
  expect(ran).toHaveLength(30);
});

test('a write that others overtake again and again is refused in the end, and nothing runs', async () => {
  const { submit, action, ran } = guarded({}, temporaryDirectory(), {
    store: (state) => ({ ...state, begin: async () => false }),
  });
  await expect(submit(action('create'))).rejects.toMatchObject({ kind: 'unavailable', nothingSent: true });
  expect(ran).toEqual([]);
});

test('a create that ends while the rules look for it is found all the same', async () => {
  const directory = temporaryDirectory();
  const { now } = createClock();
  const others = openEmbeddedState({ directory, now });
  let isEnded = false;
  const theirs = {
    organization: '1',
    caller: caller().caller,
    fingerprint: fingerprintOf('delete_item', { item_id: '1' }),
    id: 'theirs',
    tool: 'delete_item',
    arguments: {},
    plan: null,
    isCreate: true,
    amountMinor: 0,
    startedAtMs: now(),
  };
  await others.begin(theirs);
  const endOnce = async () => {
    if (isEnded) return;
    isEnded = true;
    await others.endRun('theirs', 'done', { outcome: 'SO-7' }, now());
  };
  const { submit, action, ran } = guarded({}, directory, {
    // It ends before or between the two questions.
    store: (state) => ({
      ...state,
      openLike: async (...like) => {
        const found = await state.openLike(...like);
        await endOnce();
        return found;
      },
      lastLike: async (...like) => {
        const found = await state.lastLike(...like);
        await endOnce();
        return found;
      },
    }),
  });
  issued(await submit(action('create')));
  expect(ran).toEqual([]);
  others.close();
});

test('a job that stopped half way is named as such when it is called again', async () => {
  const { submit, action, ran, world, clock } = guarded();
  world.plan = aPlan({ summary: 'Order of Bluebird Cafe' });
  world.runError = new PartlyDone('SO-1 is a draft.');
  await expect(submit(action('create'))).rejects.toMatchObject({ kind: 'partly_done' });
  clock.advance(5_000);
  const { preview } = issued(await submit(action('create')));
  expect(preview.join('\n')).toContain('stopped half way 5 s ago: Order of Bluebird Cafe');
  expect(ran).toHaveLength(1);
});
