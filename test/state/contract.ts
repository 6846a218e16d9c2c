import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PendingAction, State } from '../../src/state/state.ts';
import { pendingAction, start, writeNote } from './samples.ts';

/** A home of the state under test. `open` may be called several times: all of them see the same store. */
export interface StateHome {
  open(now: () => number): State;
  remove(): void;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const organization = '460000000000001';

/** What every home of the state promises, whatever it is built on. */
export function stateContract(name: string, makeHome: () => StateHome): void {
  describe(`${name} as a home of the state`, () => {
    let home: StateHome;
    let state: State;
    let clockMs: number;
    const now = () => clockMs;

    beforeEach(() => {
      clockMs = start;
      home = makeHome();
      state = home.open(now);
    });
    afterEach(() => {
      state.close();
      home.remove();
    });

    const reopened = () => {
      state.close();
      state = home.open(now);
      return state;
    };

    describe('pending actions', () => {
      it('gives back what was kept, word for word, also after it was closed and opened', () => {
        const action = pendingAction({ arguments: { b: 1, a: { y: [3, 1, 2], x: 'ä "quoted"\n\u0000' } }, plan: null });
        state.keep(action);
        const kept = { ...action, status: 'pending', changedAtMs: start };
        expect(state.find(action.id)).toEqual(kept);
        expect(reopened().find(action.id)).toEqual(kept);
      });

      it('knows nothing of an id it never gave out', () => {
        expect(state.find('nope')).toBeUndefined();
        expect(state.take('nope', start)).toBe(false);
      });

      it('is taken once', () => {
        const action = pendingAction();
        state.keep(action);
        expect(state.take(action.id, start + 10)).toBe(true);
        expect(state.take(action.id, start + 11)).toBe(false);
        expect(state.find(action.id)).toMatchObject({ status: 'running', changedAtMs: start + 10 });
      });

      it('is taken once also when two look at the same store', () => {
        const second = home.open(now);
        const action = pendingAction();
        state.keep(action);
        expect([second.take(action.id, start), state.take(action.id, start)]).toEqual([true, false]);
        second.close();
      });

      it('is not taken at or after its expiry, and stays as it was', () => {
        const action = pendingAction();
        state.keep(action);
        expect(state.take(action.id, action.expiresAtMs)).toBe(false);
        expect(state.find(action.id)?.status).toBe('pending');
        expect(state.take(action.id, action.expiresAtMs - 1)).toBe(true);
      });

      it.each(['done', 'failed', 'unknown', 'replaced'] as const)(
        'remembers the outcome of one that ended %s',
        (end) => {
          const action = pendingAction();
          state.keep(action);
          state.take(action.id, start);
          state.settle(action.id, end, { item: { item_id: '1', name: 'Desk Mat' } }, start + 20);
          expect(reopened().find(action.id)).toMatchObject({
            status: end,
            changedAtMs: start + 20,
            outcome: { item: { item_id: '1', name: 'Desk Mat' } },
          });
          expect(state.take(action.id, start + 30)).toBe(false);
        },
      );

      it('keeps the first ending: only what is running can end', () => {
        const action = pendingAction();
        state.keep(action);
        state.settle(action.id, 'done', 'too early', start);
        expect(state.find(action.id)?.status).toBe('pending');
        state.take(action.id, start);
        state.settle(action.id, 'done', 'first', start);
        state.settle(action.id, 'failed', 'second', start + 1);
        expect(state.find(action.id)).toMatchObject({ status: 'done', outcome: 'first' });
      });

      it('can be taken again after it was given back, and not given back after it ended', () => {
        const action = pendingAction();
        state.keep(action);
        state.take(action.id, start);
        state.giveBack(action.id, start + 1);
        expect(state.find(action.id)?.status).toBe('pending');
        expect(state.take(action.id, start + 2)).toBe(true);
        state.settle(action.id, 'done', null, start + 3);
        state.giveBack(action.id, start + 4);
        expect(state.find(action.id)).toMatchObject({ status: 'done', outcome: null });
      });

      it('replaces the one that waits for the same question, in whatever order its keys came', () => {
        const older = pendingAction({ arguments: { a: 1, b: { c: 2, d: 3 } } });
        const newer = pendingAction({ arguments: { b: { d: 3, c: 2 }, a: 1 }, createdAtMs: start + 5 });
        state.keep(older);
        state.keep(newer);
        expect(state.find(older.id)).toMatchObject({ status: 'replaced', changedAtMs: start + 5 });
        expect(state.take(older.id, start + 6)).toBe(false);
        expect(state.take(newer.id, start + 6)).toBe(true);
      });

      it.each<[string, Partial<PendingAction>]>([
        ['caller', { caller: 'someone else' }],
        ['tool', { tool: 'deactivate_item' }],
        ['organization', { organization: '2' }],
        ['way of saying yes', { via: 'form' }],
        ['arguments', { arguments: { item_id: '2' } }],
        ['order of a list', { arguments: { item_id: '460000000026001', ids: ['1', '2'] } }],
      ])('leaves one waiting that differs in its %s', (_, difference) => {
        const first = pendingAction({
          arguments: { item_id: '460000000026001', ...(difference.arguments ? { ids: ['2', '1'] } : {}) },
        });
        state.keep(first);
        state.keep({ ...pendingAction({ arguments: first.arguments }), ...difference });
        expect(state.find(first.id)?.status).toBe('pending');
      });

      it('leaves one alone that is running when the same question is asked again', () => {
        const running = pendingAction();
        state.keep(running);
        state.take(running.id, start);
        state.keep(pendingAction());
        expect(state.find(running.id)?.status).toBe('running');
      });

      it('never leaves two confirmations of one act open: the one given back yields to the newer', () => {
        const older = pendingAction();
        const newer = pendingAction();
        state.keep(older);
        state.take(older.id, start);
        state.keep(newer);
        state.giveBack(older.id, start + 1);
        expect(state.find(older.id)?.status).toBe('replaced');
        expect(state.find(newer.id)?.status).toBe('pending');
      });

      it('forgets a question a day after its time, and an ended one after 30 days', () => {
        const waiting = pendingAction();
        const ended = pendingAction({ tool: 'void_sales_order' });
        state.keep(waiting);
        state.keep(ended);
        state.take(ended.id, start);
        state.settle(ended.id, 'done', 'ok', start);

        clockMs = waiting.expiresAtMs + dayMs;
        expect(state.find(waiting.id)?.status).toBe('pending');
        clockMs += 2 * 60 * minuteMs;
        expect(state.find(waiting.id)).toBeUndefined();

        clockMs = start + 30 * dayMs;
        expect(state.find(ended.id)?.outcome).toBe('ok');
        clockMs += 2 * 60 * minuteMs;
        expect(state.find(ended.id)).toBeUndefined();
      });
    });

    describe('noted writes', () => {
      const yes = () => true;

      it('counts creates and sums amounts since a moment, that moment included', () => {
        state.note(writeNote({ atMs: start - 1 }), yes);
        state.note(writeNote({ atMs: start, amountMinor: 100 }), yes);
        state.note(writeNote({ atMs: start + 1, amountMinor: 250, isCreate: false }), yes);
        expect(state.writesSince(organization, 'local', start)).toEqual({ creates: 1, amountMinor: 350 });
        expect(reopened().writesSince(organization, 'local', start)).toEqual({ creates: 1, amountMinor: 350 });
      });

      it('answers zeros where nothing was written', () => {
        expect(state.writesSince(organization, 'local', 0)).toEqual({ creates: 0, amountMinor: 0 });
      });

      it("counts neither another caller's nor another organization's", () => {
        state.note(writeNote({ caller: 'else' }), yes);
        state.note(writeNote({ organization: '2' }), yes);
        expect(state.writesSince(organization, 'local', 0).creates).toBe(0);
      });

      it('counts one that is under way or done, and not one that failed', () => {
        const [underWay, done, failed] = [writeNote(), writeNote(), writeNote()];
        for (const write of [underWay, done, failed]) state.note(write, yes);
        state.noteEnd(done.id, 'SO-00020');
        state.noteEnd(failed.id, null);
        expect(state.writesSince(organization, 'local', 0)).toEqual({ creates: 2, amountMinor: 15_998 });
      });

      it('names the newest that was like this one and succeeded', () => {
        const writes = [0, 1, 2, 3, 4].map((minute) => writeNote({ atMs: start + minute }));
        for (const write of writes) state.note(write, yes);
        const [first, second, third, fourth] = writes;
        state.noteEnd(second?.id ?? '', 'SO-2');
        state.noteEnd(first?.id ?? '', 'SO-1');
        state.noteEnd(third?.id ?? '', 'SO-3');
        state.noteEnd(fourth?.id ?? '', null);
        expect(state.lastLike(organization, 'local', 'f1', start)).toEqual({ atMs: start + 2, outcome: 'SO-3' });
        expect(state.lastLike(organization, 'local', 'f1', start + 3)).toBeUndefined();
        expect(state.lastLike(organization, 'local', 'f2', start)).toBeUndefined();
        expect(state.lastLike(organization, 'else', 'f1', start)).toBeUndefined();
        expect(state.lastLike('2', 'local', 'f1', start)).toBeUndefined();
      });

      it('notes nothing that is not admitted', () => {
        expect(state.note(writeNote(), () => false)).toBe(false);
        expect(state.writesSince(organization, 'local', 0).creates).toBe(0);
      });

      it('lets the admission read the sums of before, through the same state', () => {
        const atMostTwo = () => state.writesSince(organization, 'local', 0).creates < 2;
        expect([1, 2, 3].map(() => state.note(writeNote(), atMostTwo))).toEqual([true, true, false]);
      });

      it('hands on what the admission throws, notes nothing, and goes on', () => {
        const broken = new RangeError('of the one who asks');
        expect(() =>
          state.note(writeNote(), () => {
            throw broken;
          }),
        ).toThrow(broken);
        expect(state.note(writeNote(), yes)).toBe(true);
        expect(state.writesSince(organization, 'local', 0).creates).toBe(1);
      });

      it('forgets them after 30 days', () => {
        state.note(writeNote(), yes);
        clockMs = start + 30 * dayMs + 1;
        expect(state.writesSince(organization, 'local', 0).creates).toBe(0);
      });
    });
  });
}
