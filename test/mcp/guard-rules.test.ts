import { expect, test } from 'vitest';
import { OutcomeUnknown, Rejected } from '../../src/errors.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { State } from '../../src/state/state.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';
import { writeNote } from '../state/samples.ts';
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

test('two identical creates side by side: one runs, the other is asked about', async () => {
  const { submit, action, ran } = guarded();
  const verdicts = await Promise.all([submit(action('create')), submit(action('create'))]);
  const asked = verdicts.filter((verdict) => replyOf(verdict)?.status === 'confirmation_required');
  expect(asked).toHaveLength(1);
  expect(ran).toHaveLength(1);
});

test('a create whose answer never came is asked about when it is called again, in words that do not say it succeeded', async () => {
  const { submit, action, ran, world, clock } = guarded();
  world.plan = aPlan({ summary: 'Sales order for Bluebird Cafe' });
  world.runError = new OutcomeUnknown('No answer came.');
  await expect(submit(action('create'))).rejects.toMatchObject({ kind: 'outcome_unknown' });
  world.runError = undefined;
  clock.advance(30_000);
  const preview = previewOf(await submit(action('create')));
  expect(preview).toContain('30 s ago and its answer never came: Sales order for Bluebird Cafe');
  expect(preview).not.toContain('succeeded');
  expect(ran).toHaveLength(1);
});

test('a create whose process died in the middle is asked about when it is called again', async () => {
  const { submit, action, ran, world, restart } = guarded();
  world.gate = new Promise(() => undefined);
  void submit(action('create'));
  await expect.poll(() => ran.length).toBe(1);
  restart();
  expect(previewOf(await submit(action('create')))).toContain('has not ended');
  expect(ran).toHaveLength(1);
});

test('a create that broke off ten minutes ago is not asked about any more', async () => {
  const { submit, action, ran, world, clock, restart } = guarded();
  world.gate = new Promise(() => undefined);
  void submit(action('create'));
  await expect.poll(() => ran.length).toBe(1);
  world.gate = undefined;
  restart();
  clock.advance(10 * minuteMs);
  await submit(action('create'));
  expect(ran).toHaveLength(2);
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

test('what another process notes between the judging of a write and its note is judged too', async () => {
  const directory = temporaryDirectory();
  const { now } = createClock();
  const others = openEmbeddedState({ directory, now });
  const store = (state: State): State => ({
    ...state,
    note: (write, admit) => {
      const theirs = writeNote({ organization: '1', caller: 'local:ann', amountMinor: 60_000, atMs: now() });
      others.note(theirs, () => true);
      return state.note(write, admit);
    },
  });
  const { submit, action, ran, world } = guarded({ confirmAbove: 1000 }, directory, { store });
  world.plan = aPlan({ amountMinor: 60_000 });
  expect(previewOf(await submit(action('create')))).toContain('With 600.00 USD ordered today');
  expect(ran).toEqual([]);
  others.close();
});
