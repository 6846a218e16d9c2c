import { expect, test } from 'vitest';
import { OutcomeUnknown, Rejected } from '../../src/errors.ts';
import { fingerprintOf } from '../../src/mcp/canonical.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import { aPlan, caller, guarded, issued, minuteMs, replyOf } from './guarded.ts';

// What a yes rested on has changed: the second question knows and asks what the first one did.

const create = { tool: 'create_sales_order', arguments: { customer_id: '1' } };
const moved = aPlan({ restsOn: { on_hand: 3 } });

test('the same call that began meanwhile, and whose answer was lost, is looked for before the new yes sends anything', async () => {
  const directory = temporaryDirectory();
  const world = guarded({}, directory);
  let onPlan = async () => {};
  const plan = async () => {
    await onPlan();
    return world.world.plan;
  };
  const action = world.action('stock', { ...create, plan });
  const first = issued(await world.submit(action));
  onPlan = async () => {
    onPlan = async () => {};
    world.world.plan = moved;
    await lostElsewhere(world, directory, 'other-run', world.clock.now());
  };
  const anew = issued(await world.confirm(first.confirmation, first.summary, caller(), action));
  world.world.traced = { kind: 'done', reply: { message: 'found' } };
  await world.confirm(anew.confirmation, anew.summary, caller(), action);
  expect(world.ran).toHaveLength(0);
});

/** A run of another process, kept now, whose write was begun and never answered. */
async function lostElsewhere(world: ReturnType<typeof guarded>, directory: string, id: string, startedAtMs: number) {
  const other = openEmbeddedState({ directory, now: world.clock.now });
  const run = { id, organization: '1', caller: 'local:ann', ...create, plan: aPlan(), isCreate: false, amountMinor: 0 };
  await other.begin({ ...run, fingerprint: fingerprintOf(create.tool, create.arguments), startedAtMs });
  const step = { step: 1, operation: 'delete_item', fingerprint: fingerprintOf('delete_item', { item_id: '1' }) };
  const attempt = { id: 'x', startedAtMs: 1 };
  await other.append(id, { ...step, status: 'begun', attempt }, world.clock.now());
  await other.endRun(id, 'unknown', {}, world.clock.now());
}

/** A run of before of the same call, which stopped half way. */
async function stoppedBefore(world: ReturnType<typeof guarded>, directory: string, id: string) {
  await lostElsewhere(world, directory, id, world.clock.now());
  const other = openEmbeddedState({ directory, now: world.clock.now });
  await other.endRun(id, 'partly_done', { outcome: 'order SO-1' }, world.clock.now());
}

/** A yes whose preview knew of it. */
async function agreedAfterStop() {
  const directory = temporaryDirectory();
  const world = guarded({}, directory);
  const action = world.action('stock', create);
  await stoppedBefore(world, directory, 'half-done');
  world.clock.advance(minuteMs);
  const { confirmation, summary } = issued(await world.submit(action));
  return { ...world, yes: () => world.confirm(confirmation, summary, caller(), action) };
}

test('a refusal at the yes tells of the same call that stopped half way, as the one at the first call does', async () => {
  const { world, yes, ran } = await agreedAfterStop();
  world.planError = new Rejected('Nothing is left to promise.', { nothingSent: true, facts: { short: 1 } });
  await expect(yes()).rejects.toMatchObject({
    kind: 'rejected',
    nothingSent: true,
    facts: { short: 1 },
    message: expect.stringMatching(
      /^Nothing is left to promise\.\nThe same call stopped half way 60 s ago: order SO-1\. .*half-done.*That may be why this is refused/,
    ),
  });
  expect(ran).toHaveLength(0);
});

test('a yes that finds nothing left to do tells of the same call that stopped half way', async () => {
  const { world, yes } = await agreedAfterStop();
  world.plan = aPlan({ nothingToDo: true });
  expect(replyOf(await yes())).toMatchObject({ status: 'unfinished', workflow_id: 'half-done' });
});

test('the same call that was kept after the preview is looked for though its clock was read before', async () => {
  const directory = temporaryDirectory();
  const world = guarded({}, directory);
  const action = world.action('stock', create);
  const first = issued(await world.submit(action));
  await lostElsewhere(world, directory, 'waited', world.clock.now() - 1);
  world.world.traced = { kind: 'done', reply: { message: 'found' } };
  await world.confirm(first.confirmation, first.summary, caller(), action);
  expect(world.ran).toHaveLength(0);
});

test('of two same calls that began meanwhile both are looked for', async () => {
  const directory = temporaryDirectory();
  const world = guarded({}, directory);
  const action = world.action('stock', create);
  const first = issued(await world.submit(action));
  await lostElsewhere(world, directory, 'one', world.clock.now());
  await lostElsewhere(world, directory, 'two', world.clock.now());
  world.world.traced = { kind: 'unclear', why: 'two records', facts: {} };
  const anew = issued(await world.confirm(first.confirmation, first.summary, caller(), action));
  expect(anew.preview.join('\n').match(/cannot be told what became of it/g)).toHaveLength(2);
  expect(world.ran).toHaveLength(0);
});

test('a doubt that the first preview told stands in the second as well', async () => {
  const { submit, confirm, world, action } = guarded();
  const doubtful = action('stock', create);
  const first = issued(await submit(doubtful));
  world.runError = new OutcomeUnknown('The answer was lost.');
  await expect(confirm(first.confirmation, first.summary, caller(), doubtful)).rejects.toThrow();
  world.runError = undefined;
  world.traced = { kind: 'unclear', why: 'two records', facts: {} };
  const second = issued(await submit(doubtful));
  expect(second.preview.join('\n')).toContain('cannot be told what became of it');
  world.plan = moved;
  const third = issued(await confirm(second.confirmation, second.summary, caller(), doubtful));
  expect(third.preview.join('\n')).toContain('cannot be told what became of it');
});

test('a question that could not be asked anew has replaced nothing', async () => {
  const { submit, confirm, world, action, ran } = guarded({ confirmAbove: 10 });
  let isBroken = false;
  const currency = async () => {
    if (isBroken) throw new OutcomeUnknown('it cannot be read');
    return 'USD';
  };
  const asked = action('stock', { ...create, currency });
  const first = issued(await submit(asked));
  world.plan = moved;
  isBroken = true;
  await expect(confirm(first.confirmation, first.summary, caller(), asked)).rejects.toThrow('it cannot be read');
  isBroken = false;
  const anew = issued(await confirm(first.confirmation, first.summary, caller(), asked));
  expect(replyOf(await confirm(anew.confirmation, anew.summary, caller(), asked))).toMatchObject({ run: 1 });
  expect(ran).toHaveLength(1);
});

test('a yes whose run was begun by nobody, and is looked at too late, says what to call', async () => {
  const directory = temporaryDirectory();
  const world = guarded({}, directory);
  const action = world.action('stock', create);
  const { confirmation, summary } = issued(await world.submit(action));
  const died = openEmbeddedState({ directory, now: world.clock.now });
  await died.take(confirmation, world.clock.now());
  const run = { id: confirmation, organization: '1', caller: 'local:ann', ...create, plan: aPlan(), isCreate: false };
  const fingerprint = fingerprintOf(create.tool, create.arguments);
  await died.begin({ ...run, amountMinor: 0, fingerprint, startedAtMs: world.clock.now() });
  world.clock.advance(11 * minuteMs);
  await expect(world.resume(confirmation, caller(), action)).rejects.toThrow(/Call create_sales_order again/);
  const answer = replyOf(await world.confirm(confirmation, summary, caller(), action));
  expect(answer).toMatchObject({ status: 'already_failed', outcome: { kind: 'rejected' } });
  expect(JSON.stringify(answer)).toContain('Call create_sales_order again for a new preview.');
  expect(world.ran).toHaveLength(0);
});
