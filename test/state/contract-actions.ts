import { describe, expect, it } from 'vitest';
import type { PendingAction } from '../../src/state/state.ts';
import type { World } from './contract.ts';
import { pendingAction, start } from './samples.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export function actionsContract(world: World): void {
  describe('pending actions', () => {
    it('gives back what was kept, word for word, also after it was closed and opened', async () => {
      const action = pendingAction({ arguments: { b: 1, a: { y: [3, 1, 2], x: 'ä "quoted"\n\u0000' } }, plan: null });
      await world.state.keep(action);
      const kept = { ...action, status: 'pending', changedAtMs: start };
      expect(await world.state.find(action.id)).toEqual(kept);
      expect(await world.reopened().find(action.id)).toEqual(kept);
    });

    it('knows nothing of an id it never gave out', async () => {
      expect(await world.state.find('nope')).toBeUndefined();
      expect(await world.state.take('nope', start)).toBe(false);
    });

    it('is taken once', async () => {
      const action = pendingAction();
      await world.state.keep(action);
      expect(await world.state.take(action.id, start + 10)).toBe(true);
      expect(await world.state.take(action.id, start + 11)).toBe(false);
      expect(await world.state.find(action.id)).toMatchObject({ status: 'running', changedAtMs: start + 10 });
    });

    it('is taken once also when two look at the same store', async () => {
      const second = world.open();
      const action = pendingAction();
      await world.state.keep(action);
      const taken = await Promise.all([second.take(action.id, start), world.state.take(action.id, start)]);
      expect(taken.sort()).toEqual([false, true]);
      second.close();
    });

    it('is not taken at or after its expiry, and stays as it was', async () => {
      const action = pendingAction();
      await world.state.keep(action);
      expect(await world.state.take(action.id, action.expiresAtMs)).toBe(false);
      expect((await world.state.find(action.id))?.status).toBe('pending');
      expect(await world.state.take(action.id, action.expiresAtMs - 1)).toBe(true);
    });

    it.each(['done', 'failed', 'unknown', 'replaced'] as const)(
      'remembers the outcome of one that ended %s',
      async (end) => {
        const action = pendingAction();
        await world.state.keep(action);
        await world.state.take(action.id, start);
        await world.state.settle(action.id, end, { item: { item_id: '1', name: 'Desk Mat' } }, start + 20);
        expect(await world.reopened().find(action.id)).toMatchObject({
          status: end,
          changedAtMs: start + 20,
          outcome: { item: { item_id: '1', name: 'Desk Mat' } },
        });
        expect(await world.state.take(action.id, start + 30)).toBe(false);
      },
    );

    it('keeps the first ending: only what is running can end', async () => {
      const action = pendingAction();
      await world.state.keep(action);
      await world.state.settle(action.id, 'done', 'too early', start);
      expect((await world.state.find(action.id))?.status).toBe('pending');
      await world.state.take(action.id, start);
      await world.state.settle(action.id, 'done', 'first', start);
      await world.state.settle(action.id, 'failed', 'second', start + 1);
      expect(await world.state.find(action.id)).toMatchObject({ status: 'done', outcome: 'first' });
    });

    it('can be taken again after it was given back, and not given back after it ended', async () => {
      const action = pendingAction();
      await world.state.keep(action);
      await world.state.take(action.id, start);
      await world.state.giveBack(action.id, start + 1);
      expect((await world.state.find(action.id))?.status).toBe('pending');
      expect(await world.state.take(action.id, start + 2)).toBe(true);
      await world.state.settle(action.id, 'done', null, start + 3);
      await world.state.giveBack(action.id, start + 4);
      expect(await world.state.find(action.id)).toMatchObject({ status: 'done', outcome: null });
    });

    it('replaces the one that waits for the same question, in whatever order its keys came', async () => {
      const older = pendingAction({ arguments: { a: 1, b: { c: 2, d: 3 } } });
      const newer = pendingAction({ arguments: { b: { d: 3, c: 2 }, a: 1 }, createdAtMs: start + 5 });
      await world.state.keep(older);
      await world.state.keep(newer);
      expect(await world.state.find(older.id)).toMatchObject({ status: 'replaced', changedAtMs: start + 5 });
      expect(await world.state.take(older.id, start + 6)).toBe(false);
      expect(await world.state.take(newer.id, start + 6)).toBe(true);
    });

    it.each<[string, Partial<PendingAction>]>([
      ['caller', { caller: 'someone else' }],
      ['tool', { tool: 'deactivate_item' }],
      ['organization', { organization: '2' }],
      ['way of saying yes', { via: 'form' }],
      ['arguments', { arguments: { item_id: '2' } }],
      ['order of a list', { arguments: { item_id: '460000000026001', ids: ['1', '2'] } }],
    ])('leaves one waiting that differs in its %s', async (_, difference) => {
      const first = pendingAction({
        arguments: { item_id: '460000000026001', ...(difference.arguments ? { ids: ['2', '1'] } : {}) },
      });
      await world.state.keep(first);
      await world.state.keep({ ...pendingAction({ arguments: first.arguments }), ...difference });
      expect((await world.state.find(first.id))?.status).toBe('pending');
    });

    it('leaves one alone that is running when the same question is asked again', async () => {
      const running = pendingAction();
      await world.state.keep(running);
      await world.state.take(running.id, start);
      await world.state.keep(pendingAction());
      expect((await world.state.find(running.id))?.status).toBe('running');
    });

    it('never leaves two confirmations of one act open: the one given back yields to the newer', async () => {
      const older = pendingAction();
      const newer = pendingAction();
      await world.state.keep(older);
      await world.state.take(older.id, start);
      await world.state.keep(newer);
      await world.state.giveBack(older.id, start + 1);
      expect((await world.state.find(older.id))?.status).toBe('replaced');
      expect((await world.state.find(newer.id))?.status).toBe('pending');
    });

    it('forgets a question a day after its time, and an ended one after 30 days', async () => {
      const waiting = pendingAction();
      const ended = pendingAction({ tool: 'void_sales_order' });
      await world.state.keep(waiting);
      await world.state.keep(ended);
      await world.state.take(ended.id, start);
      await world.state.settle(ended.id, 'done', 'ok', start);

      world.clockMs = waiting.expiresAtMs + dayMs;
      expect((await world.state.find(waiting.id))?.status).toBe('pending');
      world.clockMs += 2 * 60 * minuteMs;
      expect(await world.state.find(waiting.id)).toBeUndefined();

      world.clockMs = start + 30 * dayMs;
      expect((await world.state.find(ended.id))?.outcome).toBe('ok');
      world.clockMs += 2 * 60 * minuteMs;
      expect(await world.state.find(ended.id)).toBeUndefined();
    });
  });
}
