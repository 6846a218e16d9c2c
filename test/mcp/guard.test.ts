import { expect, test } from 'vitest';
import { NotFound, OutcomeUnknown, RateLimited, Rejected } from '../../src/errors.ts';
import type { Effect } from '../../src/operations/define.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import { aPlan, caller, guarded, issued, minuteMs, modern, replyOf } from './guarded.ts';

test.each<Effect>(['stock', 'commit', 'destroy', 'outward'])(
  'a call with effect %s does not run before the yes',
  async (effect) => {
    const { submit, action, ran } = guarded();
    const { preview } = issued(await submit(action(effect)));
    expect(ran).toEqual([]);
    expect(preview[0]).toBe('Delete item Desk Mat (DMAT): 4 on hand');
    expect(preview).toContain('Cannot be undone.');
  },
);

test.each<Effect>(['create', 'update'])('a call with effect %s runs at once when no rule is raised', async (effect) => {
  const { submit, action, ran } = guarded();
  expect(replyOf(await submit(action(effect)))).toEqual({ message: 'done', run: 1 });
  expect(ran).toHaveLength(1);
});

test('a confirmation used twice runs once and answers the recorded outcome', async () => {
  const { submit, confirm, ran } = guarded();
  const { confirmation, summary } = issued(await submit());
  expect(replyOf(await confirm(confirmation, summary))).toEqual({ message: 'done', run: 1 });
  expect(replyOf(await confirm(confirmation, summary))).toMatchObject({
    status: 'already_done',
    outcome: { message: 'done', run: 1 },
  });
  expect(ran).toHaveLength(1);
});

test('the recorded outcome is answered after a restart as well', async () => {
  const { submit, confirm, ran, restart } = guarded();
  const { confirmation, summary } = issued(await submit());
  await confirm(confirmation, summary);
  restart();
  expect(replyOf(await confirm(confirmation, summary))).toMatchObject({ status: 'already_done', outcome: { run: 1 } });
  expect(ran).toHaveLength(1);
});

test('a preview made before a restart can be confirmed after it', async () => {
  const { submit, confirm, ran, restart } = guarded();
  const { confirmation, summary } = issued(await submit());
  restart();
  await confirm(confirmation, summary);
  expect(ran).toHaveLength(1);
});

test('another summary is refused, the right one still works, white space aside', async () => {
  const { submit, confirm, ran } = guarded();
  const { confirmation, summary } = issued(await submit());
  await expect(confirm(confirmation, 'Delete item Mug (MUG): 50 on hand')).rejects.toMatchObject({
    kind: 'confirmation_invalid',
  });
  expect(ran).toEqual([]);
  await confirm(confirmation, `  ${summary.replace(/ /g, '  ')}\n`);
  expect(ran).toHaveLength(1);
});

test('another caller and another organization are refused', async () => {
  const directory = temporaryDirectory();
  const { submit, confirm, ran } = guarded({}, directory);
  const { confirmation, summary } = issued(await submit());
  await expect(confirm(confirmation, summary, caller({ caller: 'local:bob' }))).rejects.toMatchObject({
    kind: 'confirmation_invalid',
  });
  const other = guarded({ organization: '2' }, directory);
  await expect(other.confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'confirmation_invalid' });
  expect(ran).toEqual([]);
  expect(other.ran).toEqual([]);
});

test('a confirmation works until its time and not after', async () => {
  const { submit, confirm, ran, clock } = guarded();
  const first = issued(await submit());
  clock.advance(5 * minuteMs + 1);
  await expect(confirm(first.confirmation, first.summary)).rejects.toMatchObject({
    kind: 'confirmation_invalid',
    message: expect.stringContaining('expired'),
  });
  expect(ran).toEqual([]);
  const second = issued(await submit());
  clock.advance(5 * minuteMs - 1);
  await confirm(second.confirmation, second.summary);
  expect(ran).toHaveLength(1);
});

test('what the preview rested on changed: nothing runs, a new preview comes, and the old confirmation is dead', async () => {
  const { submit, confirm, ran, world } = guarded();
  const first = issued(await submit());
  world.plan = aPlan({ summary: 'Delete item Desk Mat (DMAT): 3 on hand', restsOn: { on_hand: 3 } });
  const second = issued(await confirm(first.confirmation, first.summary));
  expect(ran).toEqual([]);
  expect(second.preview.join('\n')).toContain('has changed since');
  await expect(confirm(first.confirmation, first.summary)).rejects.toMatchObject({ kind: 'confirmation_invalid' });
  await confirm(second.confirmation, second.summary);
  expect(ran).toHaveLength(1);
});

test('what runs is the stored plan, not a plan made later', async () => {
  const { submit, confirm, ran, world } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.plan = aPlan({ steps: { item_id: '999' } });
  await confirm(confirmation, summary);
  expect(ran).toEqual([{ item_id: '1' }]);
});

test('asking again for the same call leaves one live confirmation, the newer', async () => {
  const { submit, confirm, ran } = guarded();
  const first = issued(await submit());
  const second = issued(await submit());
  await expect(confirm(first.confirmation, first.summary)).rejects.toMatchObject({ kind: 'confirmation_invalid' });
  await confirm(second.confirmation, second.summary);
  expect(ran).toHaveLength(1);
});

test('a confirmation that nobody issued is refused', async () => {
  await expect(guarded().confirm('made-up', 'Delete')).rejects.toMatchObject({ kind: 'confirmation_invalid' });
});

test('the confirmation is given back when nothing was sent, and kept when the write failed', async () => {
  const { submit, confirm, ran, world } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.runError = new RateLimited(30, { nothingSent: true });
  await expect(confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'rate_limited' });
  world.runError = new Rejected('It has history.');
  await expect(confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'rejected' });
  world.runError = undefined;
  const again = await confirm(confirmation, summary);
  expect(again).toMatchObject({
    isError: true,
    reply: { status: 'already_failed', outcome: { kind: 'rejected', message: 'It has history.' } },
  });
  expect(ran).toHaveLength(2);
});

test('an answer that never came is recorded as unknown and not run again', async () => {
  const { submit, confirm, ran, world } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.runError = new OutcomeUnknown('No answer came.');
  await expect(confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'outcome_unknown' });
  world.traced = { kind: 'unclear', why: 'two records are like it', facts: {} };
  expect(await confirm(confirmation, summary)).toMatchObject({ isError: true, reply: { status: 'already_unknown' } });
  expect(ran).toHaveLength(1);
});

test('a confirmation used again finds what became of an answer that never came', async () => {
  const { submit, confirm, ran, world } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.runError = new OutcomeUnknown('No answer came.');
  await expect(confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'outcome_unknown' });
  world.runError = undefined;
  world.traced = { kind: 'done', reply: { message: 'deleted' } };
  for (let time = 1; time <= 2; time += 1) {
    expect(await confirm(confirmation, summary)).toMatchObject({
      isError: false,
      reply: { status: 'already_done', outcome: { message: 'deleted' } },
    });
  }
  expect(ran).toHaveLength(1);
});

test('a confirmation used again within ten minutes sends what is surely not done', async () => {
  const { submit, confirm, ran, world } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.runError = new OutcomeUnknown('No answer came.');
  await expect(confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'outcome_unknown' });
  world.runError = undefined;
  expect(await confirm(confirmation, summary)).toMatchObject({
    reply: { status: 'already_done', outcome: { run: 2 } },
  });
  await confirm(confirmation, summary);
  expect(ran).toHaveLength(2);
});

test('a confirmation used again after ten minutes sends nothing, and says to ask anew', async () => {
  const { submit, confirm, ran, world, clock } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.runError = new OutcomeUnknown('No answer came.');
  await expect(confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'outcome_unknown' });
  world.runError = undefined;
  clock.advance(11 * minuteMs);
  expect(await confirm(confirmation, summary)).toMatchObject({
    isError: true,
    reply: { status: 'already_failed', outcome: { message: expect.stringContaining('was not carried out') } },
  });
  expect(ran).toHaveLength(1);
});

test('a reading that fails before the run gives the confirmation back', async () => {
  const { submit, confirm, ran, world } = guarded();
  const { confirmation, summary } = issued(await submit());
  world.planError = new NotFound('gone');
  await expect(confirm(confirmation, summary)).rejects.toMatchObject({ kind: 'not_found' });
  world.planError = undefined;
  await confirm(confirmation, summary);
  expect(ran).toHaveLength(1);
});

test('no preview, no write', async () => {
  const { submit, ran, world } = guarded();
  world.planError = new NotFound('gone');
  await expect(submit()).rejects.toMatchObject({ kind: 'not_found' });
  expect(ran).toEqual([]);
});

test.each<Effect>(['destroy', 'create', 'update'])(
  'without a store that can be written a call with effect %s is refused and nothing runs',
  async (effect) => {
    const { submit, action, ran } = guarded({}, '/proc/version/state');
    await expect(submit(action(effect))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(ran).toEqual([]);
  },
);

test('a read-only server refuses every write', async () => {
  const { submit, action, ran } = guarded({ readOnly: true });
  await expect(submit(action('create'))).rejects.toMatchObject({ kind: 'denied' });
  expect(ran).toEqual([]);
});

test('an identical create within ten minutes is confirmed, and the preview names the first', async () => {
  const { submit, action, ran, clock, world } = guarded();
  world.plan = aPlan({ summary: 'Sales order for Bluebird Cafe' });
  await submit(action('create'));
  clock.advance(minuteMs);
  const { preview } = issued(await submit(action('create')));
  expect(preview.join('\n')).toContain('succeeded 60 s ago: Sales order for Bluebird Cafe');
  expect(ran).toHaveLength(1);
  clock.advance(9 * minuteMs);
  await submit(action('create'));
  expect(ran).toHaveLength(2);
});

test('an identical create that failed does not count', async () => {
  const { submit, action, ran, world } = guarded();
  world.runError = new Rejected('no');
  await expect(submit(action('create'))).rejects.toMatchObject({ kind: 'rejected' });
  world.runError = undefined;
  await submit(action('create'));
  expect(ran).toHaveLength(2);
});

test('the twenty-first create in ten minutes is confirmed, and its yes covers the batch', async () => {
  const { submit, confirm, action, ran, clock } = guarded();
  const create = (number: number) => action('create', { tool: 'create_item', arguments: { name: `Item ${number}` } });
  for (let number = 1; number <= 20; number += 1) await submit(create(number));
  expect(ran).toHaveLength(20);
  const { confirmation, summary, preview } = issued(await submit(create(21)));
  expect(preview.join('\n')).toContain('20 records were created in the last 10 minutes');
  await confirm(confirmation, summary, caller(), create(21));
  clock.advance(1);
  for (let number = 22; number <= 40; number += 1) await submit(create(number));
  expect(ran).toHaveLength(40);
  issued(await submit(create(41)));
});

test('creates of another caller do not count', async () => {
  const { submit, action, ran } = guarded();
  const create = (number: number) => action('create', { arguments: { name: `Item ${number}` } });
  for (let number = 1; number <= 20; number += 1) await submit(create(number), caller({ caller: 'local:bob' }));
  await submit(create(21));
  expect(ran).toHaveLength(21);
});

test('what changes of orders add counts in the sum of the day, so that a small order cannot grow unasked', async () => {
  const { submit, action, ran, world } = guarded({ confirmAbove: 1000 });
  const change = (number: number) => action('update', { tool: 'update_sales_order', arguments: { number } });
  world.plan = aPlan({ amountMinor: 90_000, addedMinor: 80_000 });
  await submit(change(1));
  world.plan = aPlan({ amountMinor: 50_000, addedMinor: 0 });
  await submit(change(2));
  world.plan = aPlan({ amountMinor: 60_000, addedMinor: 30_000 });
  expect(issued(await submit(change(3))).preview.join('\n')).toContain('With 800.00 USD ordered today');
  expect(ran).toHaveLength(2);
});

test('an amount over the limit is confirmed, also as a sum of the day', async () => {
  const { submit, action, ran, world, clock } = guarded({ confirmAbove: 1000 });
  const order = (number: number) => action('create', { arguments: { number } });
  world.plan = aPlan({ amountMinor: 100_001 });
  expect(issued(await submit(order(1))).preview.join('\n')).toContain("over the operator's limit of 1000.00 USD");
  world.plan = aPlan({ amountMinor: 60_000 });
  await submit(order(2));
  expect(issued(await submit(order(3))).preview.join('\n')).toContain('With 600.00 USD ordered today');
  expect(ran).toHaveLength(1);
  clock.advance(24 * 60 * minuteMs);
  await submit(order(4));
  expect(ran).toHaveLength(2);
});

test('a plan that writes several documents and one that is always shown are confirmed', async () => {
  const { submit, action, ran, world } = guarded();
  issued(await submit(action('create', { alwaysConfirm: true })));
  world.plan = aPlan({ documents: 2 });
  issued(await submit(action('create')));
  expect(ran).toEqual([]);
});

test('a plan with nothing to do is answered without asking', async () => {
  const { submit, action, world } = guarded();
  world.plan = aPlan({ nothingToDo: true });
  expect(replyOf(await submit(action('create', { alwaysConfirm: true })))).toMatchObject({ message: 'done' });
});

test('a 2026 client that declares forms is asked by a form, and the accepted form runs the plan once', async () => {
  const { submit, confirm, action, ran } = guarded();
  const first = await submit(action(), modern());
  if (first.kind !== 'form') throw new Error('no form');
  expect(first.message).toContain('Desk Mat');
  await expect(confirm(first.state, 'Delete item Desk Mat (DMAT): 4 on hand', modern())).rejects.toMatchObject({
    kind: 'confirmation_invalid',
  });
  const yes = modern({ formReply: { state: first.state, answer: 'accepted' } });
  expect(replyOf(await submit(action(), yes))).toEqual({ message: 'done', run: 1 });
  expect(replyOf(await submit(action(), yes))).toMatchObject({ status: 'already_done' });
  expect(ran).toHaveLength(1);
});

test.each(['declined', 'cancelled', 'silent'] as const)(
  'a form that was %s writes nothing and gives no token',
  async (answer) => {
    const { submit, action, ran } = guarded();
    const first = await submit(action(), modern());
    if (first.kind !== 'form') throw new Error('no form');
    await expect(submit(action(), modern({ formReply: { state: first.state, answer } }))).rejects.toMatchObject({
      kind: 'denied',
      facts: { answer },
    });
    expect(ran).toEqual([]);
  },
);

test('after a no the same form cannot be turned into a yes', async () => {
  const { submit, action, ran } = guarded();
  const first = await submit(action(), modern());
  if (first.kind !== 'form') throw new Error('no form');
  await expect(
    submit(action(), modern({ formReply: { state: first.state, answer: 'declined' } })),
  ).rejects.toMatchObject({ kind: 'denied' });
  expect(
    replyOf(await submit(action(), modern({ formReply: { state: first.state, answer: 'accepted' } }))),
  ).toMatchObject({ status: 'already_failed' });
  expect(ran).toEqual([]);
});

test('a form answered for other arguments, another tool or another caller is refused', async () => {
  const { submit, action, ran } = guarded();
  const first = await submit(action(), modern());
  if (first.kind !== 'form') throw new Error('no form');
  const formReply = { state: first.state, answer: 'accepted' as const };
  const refused = { kind: 'confirmation_invalid' };
  await expect(submit(action('destroy', { arguments: { item_id: '2' } }), modern({ formReply }))).rejects.toMatchObject(
    refused,
  );
  await expect(submit(action('destroy', { tool: 'delete_contact' }), modern({ formReply }))).rejects.toMatchObject(
    refused,
  );
  await expect(submit(action(), modern({ formReply, caller: 'local:bob' }))).rejects.toMatchObject(refused);
  await expect(submit(action(), modern({ formReply: { state: 'made-up', answer: 'accepted' } }))).rejects.toMatchObject(
    refused,
  );
  expect(ran).toEqual([]);
});

test('a form lives thirty minutes', async () => {
  const { submit, action, ran, clock } = guarded();
  const first = await submit(action(), modern());
  if (first.kind !== 'form') throw new Error('no form');
  clock.advance(30 * minuteMs + 1);
  await expect(
    submit(action(), modern({ formReply: { state: first.state, answer: 'accepted' } })),
  ).rejects.toMatchObject({ kind: 'confirmation_invalid' });
  expect(ran).toEqual([]);
});

test('a client known never to show forms gets a confirmation instead', async () => {
  const { submit, action } = guarded();
  issued(await submit(action(), modern({ clientName: 'Claude-AI' })));
});

test('INVENTORY_CONFIRM=token never asks by form', async () => {
  const { submit, action } = guarded({ confirm: 'token' });
  issued(await submit(action(), modern()));
});

test('a 2025 client is asked by a pushed form only when the operator set elicitation', async () => {
  const asked: string[] = [];
  const pushing = caller({
    declaresForms: true,
    askByForm: async (message) => {
      asked.push(message);
      return 'accepted';
    },
  });
  const auto = guarded();
  issued(await auto.submit(auto.action(), pushing));
  expect(asked).toEqual([]);
  const people = guarded({ confirm: 'elicitation' });
  expect(replyOf(await people.submit(people.action(), pushing))).toMatchObject({ message: 'done' });
  expect(asked).toHaveLength(1);
});

test('a pushed form that nobody answers writes nothing', async () => {
  const { submit, action, ran } = guarded({ confirm: 'elicitation' });
  await expect(
    submit(action(), caller({ declaresForms: true, askByForm: async () => 'silent' })),
  ).rejects.toMatchObject({ kind: 'denied' });
  expect(ran).toEqual([]);
});

test('INVENTORY_CONFIRM=elicitation refuses a client that cannot ask, naming the setting and the client', async () => {
  const { submit, action, ran } = guarded({ confirm: 'elicitation' });
  await expect(submit(action(), caller({ clientName: 'shell' }))).rejects.toMatchObject({
    kind: 'denied',
    message: expect.stringMatching(/INVENTORY_CONFIRM.*shell/),
  });
  expect(ran).toEqual([]);
});
