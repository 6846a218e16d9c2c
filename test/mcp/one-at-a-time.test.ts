import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../src/mcp/canonical.ts';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import type { SharedStore } from '../../src/state/state.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import { aPlan, guarded, issued, replyOf } from './guarded.ts';

const lease = 'about:1:salesorder_id 7';
const about = ['salesorder_id 7'];

/** A guard whose waiting takes no time, and another process on its folder. */
function world() {
  const directory = temporaryDirectory();
  const slept: number[] = [];
  const own = guarded({}, directory, {
    sleep: async (ms) => {
      slept.push(ms);
      own.clock.advance(ms);
    },
  });
  own.world.plan = aPlan({ about });
  const other = openEmbeddedState({ directory, now: own.clock.now });
  const hold = (forMs: number) => {
    const nowMs = own.clock.now();
    return other.lease(lease, { holder: 'other', untilMs: nowMs + forMs, nowMs });
  };
  const ask = async () => issued(await own.submit());
  const yes = ({ confirmation, summary }: ReturnType<typeof issued>) => own.confirm(confirmation, summary);
  return { ...own, world: own.world, other, hold, ask, yes, slept };
}

describe('a yes about what another process works at', () => {
  test('is refused with what to do where that lasts, and stands until it ends', async () => {
    const { hold, ask, yes, ran, clock } = world();
    const asked = await ask();
    await hold(60_000);
    await expect(yes(asked)).rejects.toMatchObject({
      kind: 'unavailable',
      nothingSent: true,
      message: expect.stringContaining('ask again in a few seconds'),
    });
    expect(ran).toEqual([]);
    clock.advance(60_000);
    expect(replyOf(await yes(asked))).toMatchObject({ message: 'done' });
    expect(ran).toHaveLength(1);
  });

  test('waits for a process that died until its hold lapses, and then reads again what it rests on', async () => {
    const { hold, ask, yes, ran, world: its } = world();
    const asked = await ask();
    await hold(10_000);
    its.plan = aPlan({ about, restsOn: { on_hand: 3 } });
    expect(replyOf(await yes(asked))).toMatchObject({ status: 'confirmation_required', changed: expect.any(String) });
    expect(ran).toEqual([]);
  });

  test('lets go of it at its end, and also when it is refused', async () => {
    const { ask, yes, other, clock, world: its } = world();
    await yes(await ask());
    expect(await other.isHeld(lease, clock.now())).toBe(false);
    const asked = await ask();
    its.planError = new Error('the API is down');
    await expect(yes(asked)).rejects.toThrow('the API is down');
    expect(await other.isHeld(lease, clock.now())).toBe(false);
  });

  test('holds it while it runs', async () => {
    const { ask, yes, other, clock, world: its } = world();
    let open = () => {};
    its.gate = new Promise((resolve) => {
      open = resolve;
    });
    const said = yes(await ask());
    await expect.poll(() => other.isHeld(lease, clock.now())).toBe(true);
    open();
    await said;
  });
});

test('a yes that goes on with the same call of before does not wait for itself', async () => {
  const { ask, yes, other, clock, ran, slept, world: its } = world();
  const asked = await ask();
  const call = { tool: 'delete_item', arguments: { item_id: '1' } };
  const fingerprint = fingerprintOf(call.tool, call.arguments);
  const run = { id: 'lost', organization: '1', caller: 'local:ann', ...call, isCreate: false, amountMinor: 0 };
  await other.begin({ ...run, plan: aPlan({ about }), fingerprint, startedAtMs: clock.now() });
  const step = {
    step: 1,
    operation: 'delete_item',
    fingerprint,
    status: 'begun',
    attempt: { id: 'x', startedAtMs: 1 },
  };
  await other.append('lost', step, clock.now());
  await other.endRun('lost', 'unknown', {}, clock.now());
  its.traced = { kind: 'done', reply: { message: 'found' } };
  expect(replyOf(await yes(asked))).toMatchObject({ message: 'found' });
  expect([ran, slept]).toEqual([[], []]);
});

describe('a write that is not asked about', () => {
  const touch = async (other: SharedStore, atMs: number) => {
    const turn = await other.add('about:1', 1, atMs + 60_000, atMs);
    await other.put(lease, turn, atMs + 60_000);
  };

  test('is planned again where somebody worked at the same since its plan was begun, and else once', async () => {
    const { submit, action, other, clock, ran } = world();
    let plans = 0;
    const counting = (during: () => Promise<void>) =>
      action('update', {
        plan: async () => {
          plans += 1;
          if (plans === 1) await during();
          return aPlan({ about });
        },
      });
    await submit(counting(() => touch(other, clock.now())));
    expect([plans, ran.length]).toEqual([2, 1]);
    plans = 0;
    await submit(counting(async () => {}));
    expect([plans, ran.length]).toEqual([1, 2]);
  });

  test('is planned again where it had to wait', async () => {
    const { submit, action, hold, slept } = world();
    let plans = 0;
    const plan = async () => {
      plans += 1;
      if (plans === 1) await hold(5_000);
      return aPlan({ about });
    };
    expect(replyOf(await submit(action('update', { plan })))).toMatchObject({ message: 'done' });
    expect(plans).toBe(2);
    expect(slept.length).toBeGreaterThan(1);
  });
});
