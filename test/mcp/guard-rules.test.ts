import { expect, test } from 'vitest';
import { OutcomeUnknown, Rejected } from '../../src/errors.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { State } from '../../src/state/state.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';
import { run } from '../state/samples.ts';
import { aPlan, caller, guarded, issued, minuteMs, replyOf } from './guarded.ts';

const previewOf = (verdict: Parameters<typeof issued>[0]) => issued(verdict).preview.join('\n');

test('two orders side by side that together pass the limit of the day: exactly one runs unasked', async () => {
  const { submit, action, ran, world } = guarded({ confirmAbove: 1000 });
  world.plan = aPlan({ amountMinor: 60_000 });
  const order = (number: number) => submit(action('create', { arguments: { number } }));
  const verdicts = await Promise.all([order(1), order(2)]);
  const asked = verdicts.filter((verdict) => replyOf(verdict)?.status === 'confirmation_required');
  expect(asked.map(previewOf)).toEqual([expect.stringContaining('With 600.00 USD ordered today')]);
  expect(ran).toHaveLength(1);
});

test('ten orders side by side under the limit of the day run up to it and not beyond', async () => {
  const { submit, action, ran, world } = guarded({ confirmAbove: 1000 });
  world.plan = aPlan({ amountMinor: 30_000 });
  const numbers = Array.from({ length: 10 }, (_, index) => index);
  const verdicts = await Promise.all(numbers.map((number) => submit(action('create', { arguments: { number } }))));
  expect(ran).toHaveLength(3);
  expect(verdicts.filter((verdict) => replyOf(verdict)?.status === 'confirmation_required')).toHaveLength(7);
});

test('identical creates side by side are one: both answer its one outcome', async () => {
  const { submit, action, ran } = guarded();
  const verdicts = await Promise.all([1, 2, 3].map(() => submit(action('create'))));
  expect(verdicts.map((verdict) => replyOf(verdict)?.run)).toEqual([1, 1, 1]);
  expect(ran).toHaveLength(1);
});

/** A world in which a create was sent and its answer never came. */
async function lost() {
  const it = guarded();
  it.world.plan = aPlan({ summary: 'Sales order for Bluebird Cafe' });
  it.world.runError = new OutcomeUnknown('No answer came.');
  await expect(it.submit(it.action('create'))).rejects.toMatchObject({ kind: 'outcome_unknown' });
  it.world.runError = undefined;
  return it;
}

test('a create whose answer never came answers its outcome when it is called again and found', async () => {
  const { submit, action, ran, world } = await lost();
  world.traced = { kind: 'done', reply: { salesorder: { salesorder_id: '7' } }, id: '7' };
  const again = replyOf(await submit(action('create')));
  expect(again).toMatchObject({
    salesorder: { salesorder_id: '7' },
    note: expect.stringContaining('nothing was done twice'),
  });
  expect(ran).toHaveLength(1);
  // What was found is known from now on: the next such call is a second one, and asked about.
  expect(previewOf(await submit(action('create')))).toContain('succeeded');
});

test('a create whose answer never came is sent once more when it is called again and surely not there', async () => {
  const { submit, action, ran } = await lost();
  expect(replyOf(await submit(action('create')))).toMatchObject({ run: 2 });
  expect(ran).toHaveLength(2);
});

test('a create whose answer never came is asked about when nobody can tell what became of it', async () => {
  const { submit, action, ran, world, clock } = await lost();
  world.traced = {
    kind: 'unclear',
    why: '2 records like it were made meanwhile',
    facts: { salesorder_id: ['7', '8'] },
  };
  clock.advance(30_000);
  const preview = previewOf(await submit(action('create')));
  expect(preview).toContain('30 s ago, and it cannot be told what became of it');
  expect(preview).toContain('2 records like it');
  expect(ran).toHaveLength(1);
});

test('an update whose answer never came finds its outcome in the same way', async () => {
  const { submit, action, ran, world } = guarded();
  world.runError = new OutcomeUnknown('No answer came.');
  await expect(submit(action('update'))).rejects.toMatchObject({ kind: 'outcome_unknown' });
  world.traced = { kind: 'done', reply: { item: { item_id: '1' } } };
  expect(replyOf(await submit(action('update')))).toMatchObject({ item: { item_id: '1' } });
  expect(ran).toHaveLength(1);
});

test('a create whose process died in the middle is looked for once its lease is over', async () => {
  const { submit, action, ran, world, restart, clock } = guarded();
  world.gate = new Promise(() => undefined);
  void submit(action('create'));
  await expect.poll(() => ran.length).toBe(1);
  world.gate = undefined;
  restart();
  clock.advance(11_000);
  world.traced = { kind: 'done', reply: { item: { item_id: '1' } }, id: '1' };
  expect(replyOf(await submit(action('create')))).toMatchObject({ item: { item_id: '1' } });
  expect(ran).toHaveLength(1);
});

test('a create that broke off more than ten minutes ago and is not there is a new one', async () => {
  const { submit, action, ran, world, clock, restart } = guarded();
  world.gate = new Promise(() => undefined);
  void submit(action('create'));
  await expect.poll(() => ran.length).toBe(1);
  world.gate = undefined;
  restart();
  clock.advance(11 * minuteMs);
  await submit(action('create'));
  expect(ran).toHaveLength(2);
});

test('a call with the same key answers the one outcome, with other arguments it is refused', async () => {
  const { submit, action, ran } = guarded();
  const keyed = caller({ idempotencyKey: 'order-4711' });
  const first = replyOf(await submit(action('create'), keyed));
  const second = replyOf(await submit(action('create'), keyed));
  expect(second).toMatchObject({ ...first });
  expect(ran).toHaveLength(1);
  const other = action('create', { arguments: { item_id: '2' } });
  await expect(submit(other, keyed)).rejects.toMatchObject({ kind: 'invalid_arguments' });
  // Another key says that a second one is meant.
  await submit(action('create'), caller({ idempotencyKey: 'order-4712' }));
  expect(ran).toHaveLength(2);
});

test('a confirmed call answers its outcome to its key as well', async () => {
  const { submit, confirm, ran } = guarded();
  const keyed = caller({ idempotencyKey: 'delete-1' });
  const { confirmation, summary } = issued(await submit(undefined, keyed));
  await confirm(confirmation, summary);
  expect(replyOf(await submit(undefined, keyed))).toMatchObject({ run: 1 });
  expect(ran).toHaveLength(1);
});

test('an identical create that failed after one that succeeded does not hide the first', async () => {
  const { submit, confirm, action, ran, world, clock } = guarded();
  await submit(action('create'));
  clock.advance(minuteMs);
  const { confirmation, summary } = issued(await submit(action('create')));
  world.runError = new Rejected('no');
  await expect(confirm(confirmation, summary, caller(), action('create'))).rejects.toMatchObject({ kind: 'rejected' });
  world.runError = undefined;
  expect(previewOf(await submit(action('create')))).toContain('succeeded 60 s ago');
  expect(ran).toHaveLength(2);
});

test('a limit of 500 means 500 yen where the base currency has no cents', async () => {
  const { submit, action, ran, world } = guarded({ confirmAbove: 500 });
  const order = (number: number) => submit(action('create', { arguments: { number }, currency: async () => 'JPY' }));
  world.plan = aPlan({ amountMinor: 501 });
  expect(previewOf(await order(1))).toContain("over the operator's limit of 500 JPY");
  world.plan = aPlan({ amountMinor: 500 });
  await order(2);
  expect(ran).toHaveLength(1);
});

test('an amount in a currency that cannot be told is asked about, never let through', async () => {
  const { submit, action, ran, world } = guarded({ confirmAbove: 1_000_000 });
  world.plan = aPlan({ amountMinor: 1 });
  const preview = previewOf(await submit(action('create', { currency: async () => undefined })));
  expect(preview).toContain('base currency cannot be told');
  expect(ran).toEqual([]);
});

test('what another process on the same folder ordered counts towards the limit of the day', async () => {
  const directory = temporaryDirectory();
  const first = guarded({ confirmAbove: 1000 }, directory);
  const second = guarded({ confirmAbove: 1000 }, directory);
  first.world.plan = aPlan({ amountMinor: 60_000 });
  second.world.plan = aPlan({ amountMinor: 60_000 });
  await first.submit(first.action('create', { arguments: { number: 1 } }));
  issued(await second.submit(second.action('create', { arguments: { number: 2 } })));
  expect(second.ran).toEqual([]);
});

test('what another process begins between the judging of a write and its beginning is judged too', async () => {
  const directory = temporaryDirectory();
  const { now } = createClock();
  const others = openEmbeddedState({ directory, now });
  const store = (state: State): State => ({
    ...state,
    begin: async (mine, revision) => {
      await others.begin(run({ organization: '1', caller: 'local:ann', amountMinor: 60_000, startedAtMs: now() }));
      return state.begin(mine, revision);
    },
  });
  const { submit, action, ran, world } = guarded({ confirmAbove: 1000 }, directory, { store });
  world.plan = aPlan({ amountMinor: 60_000 });
  expect(previewOf(await submit(action('create')))).toContain('With 600.00 USD ordered today');
  expect(ran).toEqual([]);
  others.close();
});
