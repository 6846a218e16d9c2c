import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunStatus, Since } from '../../src/state/state.ts';
import type { World } from './contract.ts';
import { run, start } from './samples.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const organization = '460000000000001';
const everySecondStatus = ['paused', 'done', 'failed', 'partly_done', 'unknown'] as const;

export function runsContract(world: World): void {
  const sums = (sinceMs = 0, caller = 'local') => world.state.writesSince(organization, caller, sinceMs);
  const like = (ms = start, fingerprint = 'f1', more: Omit<Since, 'ms'> = {}) =>
    [organization, 'local', fingerprint, { ms, ...more }] as const;

  /** A run that ended, or is under way, with that status. */
  async function runThat(status: RunStatus, changes: Parameters<typeof run>[0] = {}) {
    const mine = run(changes);
    await world.state.begin(mine);
    if (status !== 'running') await world.state.endRun(mine.id, status, { outcome: mine.id }, mine.startedAtMs);
    return mine;
  }

  describe('runs', () => {
    it('give back what was kept, word for word, also after the store was closed and opened', async () => {
      const mine = run({
        arguments: { b: 1, a: { y: [3, 1], x: 'ä "quoted"\n\u0000' } },
        plan: { steps: [null, 1.5] },
      });
      expect(await world.state.begin(mine)).toBe(true);
      const kept = { ...mine, status: 'running', changedAtMs: start };
      expect(await world.state.findRun(mine.id)).toEqual(kept);
      expect(await world.reopened().findRun(mine.id)).toEqual(kept);
    });

    it('are unknown by an id that never began', async () => {
      expect(await world.state.findRun('nope')).toBeUndefined();
      expect(await world.state.statusOf('nope')).toBeUndefined();
      expect(await world.state.reopenRun('nope', start)).toBe(false);
      await world.state.endRun('nope', 'done', {}, start);
      expect(await world.state.findRun('nope')).toBeUndefined();
    });

    it('never begin twice by one id', async () => {
      const mine = run();
      await world.state.begin(mine);
      await expect(world.state.begin(mine)).rejects.toMatchObject({ kind: 'unavailable' });
    });

    it.each(everySecondStatus)('that end %s keep outcome and reply', async (status) => {
      const mine = run();
      await world.state.begin(mine);
      const end = { outcome: 'SO-00020', reply: { salesorder: { salesorder_id: '1', total: 79.99 } } };
      await world.state.endRun(mine.id, status, end, start + 20);
      expect(await world.reopened().findRun(mine.id)).toEqual({ ...mine, ...end, status, changedAtMs: start + 20 });
      expect(await world.state.statusOf(mine.id)).toBe(status);
    });

    it('keep any JSON as their reply, and the absence of one', async () => {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), async (value) => {
          const reply: unknown = JSON.parse(JSON.stringify(value));
          const mine = run();
          await world.state.begin(mine);
          await world.state.endRun(mine.id, 'paused', {}, start);
          expect(await world.state.findRun(mine.id)).not.toHaveProperty('reply');
          await world.state.endRun(mine.id, 'done', { reply }, start);
          expect(await world.state.findRun(mine.id)).toHaveProperty('reply', reply);
        }),
        { numRuns: 30 },
      );
    });

    it.each(['done', 'failed'] as const)('that are %s stay so', async (status) => {
      const mine = await runThat(status);
      const kept = await world.state.findRun(mine.id);
      for (const other of everySecondStatus) await world.state.endRun(mine.id, other, { outcome: 'x' }, start + 1);
      expect(await world.state.reopenRun(mine.id, start + 1)).toBe(false);
      expect(await world.state.findRun(mine.id)).toEqual(kept);
    });

    it.each(['paused', 'running', 'unknown', 'partly_done'] as const)(
      'that are %s can be taken up again, and end',
      async (status) => {
        const mine = await runThat(status);
        expect(await world.state.reopenRun(mine.id, start + 5)).toBe(true);
        expect(await world.state.findRun(mine.id)).toEqual({ ...mine, status: 'running', changedAtMs: start + 5 });
        await world.state.endRun(mine.id, 'done', { outcome: 'SO-2' }, start + 6);
        expect(await world.state.findRun(mine.id)).toMatchObject({ status: 'done', outcome: 'SO-2' });
      },
    );

    it('count creates and sum amounts since a moment, that moment included', async () => {
      await world.state.begin(run({ startedAtMs: start - 1 }));
      await world.state.begin(run({ amountMinor: 100 }));
      await world.state.begin(run({ startedAtMs: start + 1, amountMinor: 250, isCreate: false }));
      expect(await sums(start)).toMatchObject({ creates: 1, amountMinor: 350 });
      world.reopened();
      expect(await sums(start)).toMatchObject({ creates: 1, amountMinor: 350 });
    });

    it("count neither another caller's nor another organization's", async () => {
      await world.state.begin(run({ caller: 'else' }));
      await world.state.begin(run({ organization: '2' }));
      expect(await sums()).toMatchObject({ creates: 0, amountMinor: 0 });
    });

    it('count whatever became of them, but for those that failed', async () => {
      for (const status of ['running', ...everySecondStatus] as const) await runThat(status, { amountMinor: 100 });
      expect(await sums()).toMatchObject({ creates: 5, amountMinor: 500 });
    });

    it('begin by the revision that was read, and not when another of the caller began since', async () => {
      const { revision } = await sums();
      expect(await world.state.begin(run(), revision)).toBe(true);
      const late = run();
      expect(await world.state.begin(late, revision)).toBe(false);
      expect(await world.state.findRun(late.id)).toBeUndefined();
      expect(await world.state.begin(late, (await sums()).revision)).toBe(true);
      expect(await sums()).toMatchObject({ creates: 2 });
    });

    it('make the revision old also when they began without one, long ago, or failed since', async () => {
      const before = await sums(start);
      await world.state.begin(run({ startedAtMs: start - dayMs }));
      const then = await sums(start);
      expect(await world.state.begin(run(), before.revision)).toBe(false);
      await runThat('failed');
      expect(await world.state.begin(run(), then.revision)).toBe(false);
    });

    it("leave another caller's and another organization's revision as it was", async () => {
      const { revision } = await sums();
      await world.state.begin(run({ caller: 'else' }));
      await world.state.begin(run({ organization: '2' }));
      expect((await sums()).revision).toBe(revision);
      expect(await world.state.begin(run(), revision)).toBe(true);
    });

    it('of those that begin by one revision at the same moment only one does', async () => {
      const second = world.open();
      const { revision } = await sums();
      const states = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? world.state : second));
      const begun = await Promise.all(states.map((state) => state.begin(run(), revision)));
      expect(begun.filter(Boolean)).toHaveLength(1);
      expect(await sums()).toMatchObject({ creates: 1 });
      second.close();
    });

    it('name the newest that was like this one and succeeded', async () => {
      await runThat('done', { startedAtMs: start });
      const second = await runThat('done', { startedAtMs: start + 1 });
      for (const status of ['running', 'paused', 'failed', 'partly_done', 'unknown'] as const)
        await runThat(status, { startedAtMs: start + 2 });
      expect(await world.state.lastLike(...like())).toMatchObject({
        id: second.id,
        status: 'done',
        outcome: second.id,
      });
      expect((await world.state.lastLike(...like(start + 1)))?.id).toBe(second.id);
      expect(await world.state.lastLike(...like(start + 2))).toBeUndefined();
      expect(await world.state.lastLike(...like(start, 'f2'))).toBeUndefined();
      expect(await world.state.lastLike(organization, 'else', 'f1', { ms: start })).toBeUndefined();
      expect(await world.state.lastLike('2', 'local', 'f1', { ms: start })).toBeUndefined();
    });

    it('name the one that succeeded last by when it ended, however long ago it began', async () => {
      const long = run();
      await world.state.begin(long);
      await runThat('done', { startedAtMs: start + 1 });
      await world.state.endRun(long.id, 'done', {}, start + dayMs);
      expect((await world.state.lastLike(...like(start + dayMs)))?.id).toBe(long.id);
      expect(await world.state.lastLike(...like(start + dayMs + 1))).toBeUndefined();
    });

    it.each(['running', 'paused', 'unknown', 'partly_done'] as const)(
      'name the newest that was like this one and is %s as open',
      async (status) => {
        await runThat(status, { startedAtMs: start });
        const second = await runThat(status, { startedAtMs: start + 1 });
        for (const ended of ['done', 'failed'] as const) await runThat(ended, { startedAtMs: start + 2 });
        expect(await world.state.openLike(...like())).toMatchObject({ id: second.id, status });
        expect(await world.state.openLike(...like(start + 2))).toBeUndefined();
        expect(await world.state.openLike(...like(start, 'f2'))).toBeUndefined();
        expect(await world.state.openLike(organization, 'else', 'f1', { ms: start })).toBeUndefined();
        expect(await world.state.openLike('2', 'local', 'f1', { ms: start })).toBeUndefined();
      },
    );

    it.each(['openLike', 'lastLike'] as const)(
      '%s also names one that was kept after a revision with an earlier time, and none that is excepted',
      async (question) => {
        const status = question === 'openLike' ? 'unknown' : 'done';
        const older = await runThat(status, { startedAtMs: start - 1 });
        const { revision } = await sums();
        const ask = async (more: Omit<Since, 'ms'>) => (await world.state[question](...like(start, 'f1', more)))?.id;
        expect(await ask({ revision })).toBeUndefined();
        const late = await runThat(status, { startedAtMs: start - 1 });
        const later = await runThat(status, { startedAtMs: start - 1 });
        expect(await ask({})).toBeUndefined();
        expect(await ask({ revision })).toBe(later.id);
        expect(await ask({ revision, except: new Set([later.id]) })).toBe(late.id);
        expect(await ask({ revision, except: new Set([later.id, late.id]) })).toBeUndefined();
        expect(await ask({ revision: 0, except: new Set([later.id, late.id]) })).toBe(older.id);
      },
    );

    it('are listed newest first as long as somebody may have to finish them', async () => {
      const paused = await runThat('paused', { startedAtMs: start });
      const unknown = await runThat('unknown', { startedAtMs: start + 2 });
      const running = await runThat('running', { startedAtMs: start + 1 });
      const half = await runThat('partly_done', { startedAtMs: start - 1 });
      for (const status of ['done', 'failed'] as const) await runThat(status);
      await runThat('running', { caller: 'else' });
      await runThat('running', { organization: '2' });
      const listed = await world.state.unfinishedRuns(organization, 'local');
      expect(listed.map(({ id }) => id)).toEqual([unknown.id, running.id, paused.id, half.id]);
      expect(listed[1]).toEqual(await world.state.findRun(running.id));
    });

    it("are listed newest first: this caller's only, from a moment on, so many, of one tool where it is named", async () => {
      const early = await runThat('done', { startedAtMs: start + 1 });
      const late = await runThat('failed', { startedAtMs: start + 3, tool: 'undo_action' });
      const middle = await runThat('running', { startedAtMs: start + 2 });
      const same = await runThat('done', { startedAtMs: start + 2 });
      await runThat('done', { startedAtMs: start });
      await runThat('done', { startedAtMs: start + 2, caller: 'else' });
      await runThat('done', { startedAtMs: start + 2, organization: '2' });
      const idsOf = async (of: { most: number; tool?: string }) =>
        (await world.state.recentRuns(organization, 'local', { sinceMs: start + 1, ...of })).map(({ id }) => id);
      expect(await idsOf({ most: 9 })).toEqual([late.id, same.id, middle.id, early.id]);
      expect(await idsOf({ most: 2 })).toEqual([late.id, same.id]);
      expect(await idsOf({ most: 9, tool: 'undo_action' })).toEqual([late.id]);
      const [newest] = await world.state.recentRuns(organization, 'local', { sinceMs: start, most: 1 });
      expect(newest).toEqual(await world.state.findRun(late.id));
    });

    it('are forgotten 30 days after their last change, and not before', async () => {
      const ended = await runThat('done');
      const unfinished = await runThat('running');
      const goingOn = await runThat('running');
      await world.state.append(goingOn.id, { step: 1 }, start + 10 * dayMs);

      world.clockMs = start + 30 * dayMs;
      expect(await sums()).toMatchObject({ creates: 3 });
      world.clockMs += 2 * 60 * minuteMs;
      expect(await world.state.findRun(ended.id)).toBeUndefined();
      expect(await world.state.findRun(unfinished.id)).toBeUndefined();
      expect(await world.state.findRun(goingOn.id)).toBeDefined();
      expect(await world.state.journal(goingOn.id)).toHaveLength(1);
      world.clockMs += 10 * dayMs;
      expect(await world.state.findRun(goingOn.id)).toBeUndefined();
      expect(await world.state.journal(goingOn.id)).toEqual([]);
    });

    it('give no revision a second time after the newest were forgotten', async () => {
      await runThat('done');
      const { revision } = await sums();
      world.clockMs = start + 31 * dayMs;
      expect(await world.state.unfinishedRuns(organization, 'local')).toEqual([]);
      await world.state.begin(run({ startedAtMs: world.clockMs }));
      expect(await world.state.begin(run(), revision)).toBe(false);
    });
  });

  describe('the journal of a run', () => {
    it('is empty before anything was written to it', async () => {
      const mine = await runThat('running');
      expect(await world.state.journal(mine.id)).toEqual([]);
      expect(await world.state.journal('nope')).toEqual([]);
    });

    it('gives back what was written, in the order of writing, also after the store was closed and opened', async () => {
      const [mine, other] = [await runThat('running'), await runThat('running')];
      const entries = [{ step: 2, 'ä"\n': [null, { x: 1 }] }, { step: 1 }, {}];
      for (const [index, entry] of entries.entries()) {
        await world.state.append(mine.id, entry, start + 10 - index);
        await world.state.append(other.id, { other: index }, start);
      }
      const written = entries.map((entry, index) => ({ atMs: start + 10 - index, entry }));
      expect(await world.state.journal(mine.id)).toEqual(written);
      expect(await world.reopened().journal(mine.id)).toEqual(written);
    });

    it('is written to only when the run is kept', async () => {
      await expect(world.state.append('nope', { step: 1 }, start)).rejects.toMatchObject({ kind: 'unavailable' });
      expect(await world.state.journal('nope')).toEqual([]);
    });

    it('is a change of its run', async () => {
      const mine = await runThat('running');
      await world.state.append(mine.id, { step: 1 }, start + 7);
      expect(await world.state.findRun(mine.id)).toMatchObject({ status: 'running', changedAtMs: start + 7 });
    });
  });
}
