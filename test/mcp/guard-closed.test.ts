import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Cancelled, OutcomeUnknown, PartlyDone, Rejected, Unavailable } from '../../src/errors.ts';
import type { Effect } from '../../src/operations/define.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { State } from '../../src/state/state.ts';
import type { Plan } from '../../src/workflows/define.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';
import { aPlan, caller, guarded, issued, minuteMs, modern, replyOf } from './guarded.ts';

/** A store of which the named methods fail for as long as they are named. */
function failing() {
  const broken = new Set<keyof State>();
  const store = (state: State): State =>
    new Proxy(state, {
      get:
        (target, key: keyof State) =>
        async (...given: never[]) => {
          if (broken.has(key)) throw new Unavailable('The state folder cannot be written.', { nothingSent: true });
          return Reflect.apply(target[key], target, given);
        },
    });
  return { broken, store };
}

/** Resolves when `open` is called. */
function gate() {
  let open: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { closed, open };
}

test.each(['keep', 'openLike', 'lastLike', 'writesSince', 'get', 'lease', 'begin'] as const)(
  'no write without a store: with %s failing a create does not run',
  async (method) => {
    const { broken, store } = failing();
    const { submit, action, ran } = guarded({ confirmAbove: 1 }, temporaryDirectory(), { store });
    broken.add(method);
    const alwaysConfirm = method === 'keep';
    await expect(submit(action('create', { alwaysConfirm }))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(ran).toEqual([]);
  },
);

test.each(['find', 'take', 'lease', 'begin'] as const)(
  'a store that fails at %s after the yes: nothing runs, and the confirmation works once the store is back',
  async (method) => {
    const { broken, store } = failing();
    const { submit, confirm, ran } = guarded({}, temporaryDirectory(), { store });
    const { confirmation, summary } = issued(await submit());
    broken.add(method);
    await expect(confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(ran).toEqual([]);
    broken.clear();
    await confirm(confirmation, summary);
    expect(ran).toHaveLength(1);
  },
);

test('a confirmation that could not be given back still stands: nothing was begun by it', async () => {
  const { broken, store } = failing();
  const { submit, confirm, ran, world, warnings } = guarded({}, temporaryDirectory(), { store });
  const { confirmation, summary } = issued(await submit());
  world.planError = new Rejected('It has history.');
  broken.add('giveBack');
  await expect(confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'rejected' });
  expect(warnings).toHaveLength(1);
  broken.clear();
  world.planError = undefined;
  expect(replyOf(await confirm(confirmation, summary))).toMatchObject({ message: 'done' });
  expect(replyOf(await confirm(confirmation, summary))).toMatchObject({ status: 'already_done' });
  expect(ran).toHaveLength(1);
});

function createGate<T>() {
  let open: (value: T) => void = () => undefined;
  const passed = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { passed, open: (value: T) => open(value) };
}

/** A yes whose process stands still as it reads again what the preview rested on, and another process. */
async function asleep() {
  const directory = temporaryDirectory();
  const first = guarded({}, directory);
  const yes = issued(await first.submit());
  const { passed, open } = createGate<Plan>();
  const plan = vi.fn(() => passed);
  const { confirmation, summary } = yes;
  const answer = first.confirm(confirmation, summary, caller(), first.action('destroy', { plan }));
  await expect.poll(() => plan.mock.calls.length).toBe(1);
  const next = guarded({}, directory);
  return { first, answer, wake: () => open(aPlan()), next, confirm: () => next.confirm(confirmation, summary) };
}

test('a yes still stands whose process died as it read again what the preview rested on', async () => {
  const { first, answer, wake, next, confirm } = await asleep();
  expect(replyOf(await confirm())).toMatchObject({ status: 'already_running' });
  next.clock.advance(10_000);
  expect(replyOf(await confirm())).toMatchObject({ message: 'done' });
  expect(replyOf(await confirm())).toMatchObject({ status: 'already_done' });
  // It was not dead after all.
  wake();
  await expect(answer).rejects.toMatchObject({ nothingSent: true });
  expect(replyOf(await confirm())).toMatchObject({ status: 'already_done' });
  expect([first.ran.length, next.ran.length]).toEqual([0, 1]);
});

test('a process that stood still leaves a yes to the one that took it over', async () => {
  const { first, answer, wake, next, confirm } = await asleep();
  const { passed, open: finish } = createGate<void>();
  next.world.gate = passed;
  next.clock.advance(10_000);
  const done = confirm();
  await expect.poll(() => next.ran.length).toBe(1);
  wake();
  expect(replyOf(await answer)).toMatchObject({ status: 'already_running' });
  finish();
  expect(replyOf(await done)).toMatchObject({ message: 'done' });
  expect(replyOf(await confirm())).toMatchObject({ status: 'already_done' });
  expect(first.ran).toEqual([]);
});

test.each(['endRun', 'settle'] as const)(
  'a done write whose outcome cannot be kept (%s fails) is answered as done and never runs again',
  async (method) => {
    const { broken, store } = failing();
    const { submit, confirm, ran, clock, warnings } = guarded({}, temporaryDirectory(), { store });
    const { confirmation, summary } = issued(await submit());
    broken.add(method);
    expect(replyOf(await confirm(confirmation, summary))).toEqual({ message: 'done', run: 1 });
    expect(warnings).toEqual([expect.stringContaining('could not be kept')]);
    broken.clear();
    clock.advance(3 * minuteMs);
    const again = replyOf(await confirm(confirmation, summary));
    expect(again).toMatchObject({ status: 'already_done' });
    expect(ran).toHaveLength(1);
  },
);

test('a process that dies in the middle of a write: the next one answers running, then unknown, and never runs it', async () => {
  const { submit, confirm, ran, world, clock, restart } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.gate = gate().closed;
  void confirm(confirmation, summary);
  await expect.poll(() => ran.length).toBe(1);
  restart();
  expect(replyOf(await confirm(confirmation, summary))).toMatchObject({ status: 'already_running' });
  clock.advance(11_000);
  world.traced = { kind: 'unclear', why: 'two records are like it', facts: {} };
  expect(await confirm(confirmation, summary)).toMatchObject({ isError: true, reply: { status: 'already_unknown' } });
  clock.advance(24 * 60 * minuteMs);
  expect(replyOf(await confirm(confirmation, summary))).toMatchObject({ status: 'already_unknown' });
  expect(ran).toHaveLength(1);
});

test('two yeses at the same moment run once, and the second hears that it is under way', async () => {
  const { submit, confirm, ran, world } = guarded();
  const { confirmation, summary } = issued(await submit());
  const { closed, open } = gate();
  world.gate = closed;
  const first = confirm(confirmation, summary);
  const second = confirm(confirmation, summary);
  expect(replyOf(await second)).toMatchObject({ status: 'already_running' });
  open();
  expect(replyOf(await first)).toEqual({ message: 'done', run: 1 });
  expect(ran).toHaveLength(1);
});

test('an error of no known kind leaves the outcome unknown', async () => {
  const { submit, confirm, ran, world } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.runError = new TypeError('secret of a library');
  await expect(confirm(confirmation, summary)).rejects.toThrow(TypeError);
  world.traced = { kind: 'unclear', why: 'nothing tells', facts: {} };
  const again = await confirm(confirmation, summary);
  expect(again).toMatchObject({
    reply: { status: 'already_unknown', outcome: { message: expect.stringContaining('nothing tells') } },
  });
  expect(JSON.stringify(again)).not.toContain('secret');
  expect(ran).toHaveLength(1);
});

test.each([
  ['already_unknown', new OutcomeUnknown('No answer.')],
  ['already_unknown', new Unavailable('The API failed.')],
  ['already_unknown', new Cancelled('Taken back.')],
  ['already_failed', new Rejected('No.')],
  ['already_failed', new PartlyDone('Half.')],
])('%s is what is recorded of %s', async (status, error) => {
  const { submit, confirm, ran, world } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.runError = error;
  await expect(confirm(confirmation, summary)).rejects.toBe(error);
  world.traced = { kind: 'unclear', why: 'nothing tells', facts: {} };
  const outcome =
    status === 'already_unknown'
      ? { kind: 'outcome_unknown', message: expect.stringContaining('nothing tells') }
      : { kind: error.kind, message: error.message };
  expect(await confirm(confirmation, summary)).toMatchObject({ isError: true, reply: { status, outcome } });
  expect(ran).toHaveLength(1);
});

test('a job that stopped half way is told as such, not as one that failed', async () => {
  const { submit, confirm, world } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.runError = new PartlyDone('SO-1 is a draft.', { facts: { done: ['created SO-1'] } });
  await expect(confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'partly_done' });
  expect(replyOf(await confirm(confirmation, summary))).toMatchObject({
    note: expect.stringContaining('stopped half way'),
    outcome: { kind: 'partly_done', done: ['created SO-1'] },
  });
});

test('by the time of the yes nothing is left to do: nothing runs, and that is the outcome', async () => {
  const { submit, confirm, world, action } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.plan = aPlan({ nothingToDo: true });
  const reporting = action('destroy', { run: async () => ({ message: 'Nothing to do.' }) });
  expect(replyOf(await confirm(confirmation, summary, caller(), reporting))).toEqual({ message: 'Nothing to do.' });
  expect(replyOf(await confirm(confirmation, summary, caller(), reporting))).toMatchObject({
    status: 'already_done',
    outcome: { message: 'Nothing to do.' },
  });
});

test('a server that was made read-only runs no confirmation of before', async () => {
  const directory = temporaryDirectory();
  const { confirmation, summary } = issued(await guarded({}, directory).submit());
  const { confirm, ran } = guarded({ readOnly: true }, directory);
  await expect(confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'denied' });
  expect(ran).toEqual([]);
});

test("a server that takes a person's yes only runs no token of before, and still tells what one has done", async () => {
  const directory = temporaryDirectory();
  const before = guarded({}, directory);
  const used = issued(await before.submit(before.action('destroy', { arguments: { item_id: '2' } })));
  await before.confirm(used.confirmation, used.summary);
  const open = issued(await before.submit());
  const { confirm, ran } = guarded({ confirm: 'elicitation' }, directory);
  await expect(confirm(open.confirmation, open.summary)).rejects.toMatchObject({ kind: 'denied' });
  expect(replyOf(await confirm(used.confirmation, used.summary))).toMatchObject({ status: 'already_done' });
  expect(ran).toEqual([]);
});

test('a person says no while the store fails: nothing runs, now or later', async () => {
  const { broken, store } = failing();
  const { submit, action, ran } = guarded({}, temporaryDirectory(), { store });
  const first = await submit(action(), modern());
  if (first.kind !== 'form') throw new Error('no form');
  broken.add('settle');
  const reply = (answer: 'declined' | 'accepted') =>
    submit(action(), modern({ formReply: { state: first.state, answer } }));
  await expect(reply('declined')).rejects.toMatchObject({ nothingSent: true });
  broken.clear();
  expect(replyOf(await reply('accepted'))).toMatchObject({ status: 'already_running' });
  expect(ran).toEqual([]);
});

test('a plan that JSON cannot hold cannot be confirmed, so it is refused', async () => {
  const { submit, world, ran } = guarded();
  world.plan = aPlan({ steps: { quantity: 1n } });
  await expect(submit()).rejects.toMatchObject({ kind: 'unavailable', nothingSent: true });
  expect(ran).toEqual([]);
});

test('the summary that has to be repeated is one plain line, whatever a job calls its plan', async () => {
  const { submit, confirm, world, ran } = guarded();
  world.plan = aPlan({ summary: `Reorder “Caf\u200bé”\n\u202e — ${'many '.repeat(60)}` });
  const { confirmation, summary, preview } = issued(await submit());
  expect(summary).toMatch(/^Reorder "Café" - many [a-z .]+$/);
  expect(summary.length).toBeLessThanOrEqual(160);
  expect(preview[0]).toBe(summary);
  await confirm(confirmation, summary);
  expect(ran).toHaveLength(1);
});

test('the run gets the plan as it was made, whatever JSON it holds, also after a restart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (steps, restsOn) => {
      const { submit, confirm, ran, world, restart } = guarded();
      // What a preview rests on is told by the API, in JSON: -0 is no number of its.
      const asSent = JSON.parse(JSON.stringify({ steps, restsOn }));
      world.plan = aPlan(asSent);
      const { confirmation, summary } = issued(await submit());
      restart();
      await confirm(confirmation, summary);
      expect(ran).toEqual([asSent.steps]);
    }),
    { numRuns: 60 },
  );
});

test('fields that are undefined are absent from the kept plan and change nothing of what it rests on', async () => {
  const { submit, confirm, ran, world } = guarded();
  world.plan = aPlan({ steps: { a: 1, b: undefined }, restsOn: { x: undefined, y: [1] } });
  const { confirmation, summary } = issued(await submit());
  await confirm(confirmation, summary);
  expect(ran).toEqual([{ a: 1 }]);
});

test.each<Effect>(['stock', 'create'])(
  'cancelled before anything was sent, a call with effect %s may be confirmed again',
  async (effect) => {
    const { submit, confirm, ran, world, action } = guarded();
    const asked = action(effect, { alwaysConfirm: true });
    const { confirmation, summary } = issued(await submit(asked));
    world.runError = new Cancelled('Taken back.', { nothingSent: true });
    await expect(confirm(confirmation, summary, caller(), asked)).rejects.toMatchObject({ kind: 'cancelled' });
    world.runError = undefined;
    await confirm(confirmation, summary, caller(), asked);
    expect(ran).toHaveLength(2);
  },
);

test('an unwritable state folder is named in the refusal, with the setting that mends it', async () => {
  const { submit } = guarded({}, '/proc/version/state');
  await expect(submit()).rejects.toMatchObject({ message: expect.stringContaining('INVENTORY_DATA_DIR') });
});

test('the caller is part of what is kept: the row says whose yes it needs', async () => {
  const directory = temporaryDirectory();
  const { confirmation } = issued(await guarded({}, directory).submit());
  const state = openEmbeddedState({ directory, now: createClock().now });
  expect(await state.find(confirmation)).toMatchObject({ caller: 'local:ann', via: 'token', status: 'pending' });
  state.close();
});
