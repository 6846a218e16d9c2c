import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import { bundleScript, lineOf, outputOf, type Script } from './processes.ts';
import { mostInAnyWindow, pendingAction, run, type Span } from './samples.ts';

const script = `
  import { openEmbeddedState } from './src/state/embedded.ts';
  import { pendingAction, run } from './test/state/samples.ts';
  const [job, directory, count] = process.argv.slice(2);
  const now = Date.now;
  const state = openEmbeddedState({ directory, now });
  const say = (what) => console.log(JSON.stringify(what));
  // All begin at the same moment, however long each took to start.
  const together = async () => {
    console.log('ready');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    process.stdin.unref();
  };
  const jobs = {
    // Takes all it can get, each process in an order of its own.
    async take() {
      await together();
      const taken = [];
      const offset = process.pid % Number(count);
      for (let step = 0; step < Number(count); step += 1) {
        const id = 'action-' + ((step + offset) % Number(count));
        if (await state.take(id, now())) taken.push(id);
      }
      say(taken);
    },
    // Begins creates as long as fewer than the count were begun by all together; says by which revisions.
    async begin() {
      await together();
      const revisions = [];
      for (;;) {
        const { creates, revision } = await state.writesSince('460000000000001', 'local', 0);
        if (creates >= Number(count)) break;
        if (await state.begin(run({ id: process.pid + '-' + revision, startedAtMs: now() }), revision)) revisions.push(revision);
      }
      say(revisions);
    },
    // As fast as it can for a while; says between which moments it was admitted.
    async admit() {
      await together();
      const admitted = [];
      const end = now() + 1500;
      while (now() < end) {
        const nowMs = now();
        const { admitted: yes, waitMs } = await state.admit('calls', { limit: Number(count), windowMs: 200, nowMs });
        if (yes) admitted.push([nowMs, now()]);
        if (!yes && waitMs <= 0) throw new Error('refused, and told to wait ' + waitMs);
      }
      say(admitted);
    },
    // Each millisecond has a key of its own, so that all go for the same one at the same time.
    async put() {
      await together();
      const [tried, won] = [new Set(), []];
      const end = now() + Number(count);
      for (let key = now(); key < end; key = now()) {
        tried.add(key);
        if ((await state.putIfAbsent('key-' + key, process.pid, end + 60_000, key)) === undefined) won.push(key);
      }
      say({ tried: [...tried], won });
    },
    async add() {
      await together();
      for (let step = 0; step < Number(count); step += 1) await state.add('day', 1, now() + 60_000, now());
      say(await state.add('day', 0, now() + 60_000, now()));
    },
    // Holds a place for a moment, many times. Who holds one is entered in a counter that nobody may see above the places.
    async lease() {
      await together();
      let most = 0;
      let held = 0;
      for (let step = 0; step < Number(count); step += 1) {
        const holder = process.pid + '-' + step;
        const got = await state.lease('slots', { holder, places: 3, untilMs: now() + 60_000, nowMs: now() });
        if (got) {
          held += 1;
          most = Math.max(most, await state.add('inside', 1, now() + 60_000, now()));
          await new Promise((resolve) => setTimeout(resolve, 1));
          await state.add('inside', -1, now() + 60_000, now());
          await state.release('slots', holder);
        }
      }
      say({ most, held });
    },
    // Looks at one action and goes.
    async find() {
      console.log((await state.find(count))?.status);
      state.close();
    },
    // Keeps, takes and settles without end, and says what it has done so far, until it is killed.
    async endless() {
      for (let step = 0; ; step += 1) {
        const id = 'action-' + step;
        await state.keep(pendingAction({ id, arguments: { step }, createdAtMs: now(), expiresAtMs: now() + 60_000 }));
        await state.take(id, now());
        await state.begin(run({ id, startedAtMs: now() }));
        await state.append(id, { step }, now());
        await state.endRun(id, 'done', { reply: { step } }, now());
        await state.settle(id, 'done', { step }, now());
        await state.put(id, step, now() + 60_000);
        await new Promise((resolve) => process.stdout.write(id + '\\n', resolve));
      }
    },
  };
  await jobs[job]();
`;

describe('several processes on one state folder', () => {
  let worker: Script;
  let directory: string;
  beforeAll(async () => {
    worker = await bundleScript(script);
  });
  afterAll(() => worker.remove());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'state-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** What each of six processes says that begin at the same moment. */
  async function said<T>(...parameters: string[]): Promise<T[]> {
    const six = Array.from({ length: 6 }, () => worker.start(...parameters));
    const outputs = six.map(outputOf);
    await Promise.all(six.map(({ stdout }) => stdout && once(stdout, 'data')));
    for (const { stdin } of six) stdin?.write('go\n');
    return (await Promise.all(outputs)).map((output): T => JSON.parse(output.replace('ready\n', '')));
  }
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

  it('six of them take each of 300 pending actions exactly once', async () => {
    const state = openEmbeddedState({ directory, now: Date.now });
    const ids = upTo(300).map((index) => `action-${index}`);
    for (const [index, id] of ids.entries())
      await state.keep(pendingAction({ id, arguments: { index }, expiresAtMs: Date.now() + 600_000 }));
    const taken = (await said<string[]>('take', directory, '300')).flat();
    expect(taken.sort()).toEqual([...ids].sort());
    const kept = await Promise.all(ids.map((id) => state.find(id)));
    expect(kept.map((action) => action?.status)).toEqual(ids.map(() => 'running'));
    state.close();
  });

  it('six of them that start at the same moment on a folder that is not there begin no more writes than the limit, and by each revision one', async () => {
    const folder = join(directory, 'new');
    const revisions = (await said<number[]>('begin', folder, '120')).flat();
    expect(revisions).toHaveLength(120);
    expect(new Set(revisions).size).toBe(120);
    const state = openEmbeddedState({ directory: folder, now: Date.now });
    expect(await state.writesSince('460000000000001', 'local', 0)).toMatchObject({ creates: 120 });
    state.close();
  });

  it('six of them are together never admitted more often than the limit in any window, and hardly less', async () => {
    const admitted = (await said<Span[]>('admit', directory, '50')).flat();
    expect(mostInAnyWindow(admitted, 200)).toBeLessThanOrEqual(50);
    // Tried without a pause, a window is filled again as soon as it has room.
    expect(admitted.length).toBeGreaterThan(0.8 * 50 * (1500 / 200));
  });

  it('of six that put the same keys exactly one puts each', async () => {
    const heard = await said<{ tried: number[]; won: number[] }>('put', join(directory, 'new'), '1000');
    const won = heard.flatMap((one) => one.won);
    expect(new Set(won).size).toBe(won.length);
    expect(new Set(won)).toEqual(new Set(heard.flatMap(({ tried }) => tried)));
    expect(heard.filter((one) => one.won.length > 0).length).toBeGreaterThan(1);
  });

  it('six of them that add to one counter lose nothing', async () => {
    const counts = await said<number>('add', directory, '200');
    expect(Math.max(...counts)).toBe(1200);
  });

  it('six of them hold no more leases than there are places at any moment', async () => {
    const lines = await said<{ most: number; held: number }>('lease', directory, '150');
    expect(Math.max(...lines.map(({ most }) => most))).toBe(3);
    expect(lines.reduce((sum, { held }) => sum + held, 0)).toBeGreaterThan(150);
  });

  it('a process that opens the folder twice keeps its lock, so that another which closes takes no rows away', async () => {
    const state = openEmbeddedState({ directory, now: Date.now });
    const again = openEmbeddedState({ directory, now: Date.now });
    // The real clock: what expired days ago is swept away.
    const expiresAtMs = Date.now() + 600_000;
    await state.keep(pendingAction({ id: 'before', expiresAtMs }));
    expect((await again.find('before'))?.status).toBe('pending');
    expect(await outputOf(worker.start('find', directory, 'before'))).toBe('pending\n');
    await state.keep(pendingAction({ id: 'after', arguments: {}, expiresAtMs }));
    expect(await outputOf(worker.start('find', directory, 'after'))).toBe('pending\n');
    again.close();
    state.close();
  });

  it.each([1, 40, 400])(
    'a process killed without notice after %i actions loses none it had settled, and the next one goes on',
    async (count) => {
      const child = worker.start('endless', directory);
      const lastSaid = await lineOf(child, count);
      child.kill('SIGKILL');
      await once(child, 'close');
      expect(child.signalCode).toBe('SIGKILL');

      const state = openEmbeddedState({ directory, now: Date.now });
      expect(lastSaid).toMatch(/^action-\d+$/);
      const step = Number(lastSaid.slice(7));
      expect(await state.find(lastSaid)).toMatchObject({ status: 'done', outcome: { step } });
      expect(await state.findRun(lastSaid)).toMatchObject({ status: 'done', reply: { step } });
      expect(await state.journal(lastSaid)).toMatchObject([{ entry: { step } }]);
      expect(await state.get(lastSaid, Date.now())).toBe(step);
      expect(await state.take(lastSaid, Date.now())).toBe(false);
      await state.keep(pendingAction({ id: 'after', expiresAtMs: Date.now() + 60_000 }));
      expect(await state.take('after', Date.now())).toBe(true);
      expect(await state.begin(run({ startedAtMs: Date.now() }))).toBe(true);
      state.close();
    },
  );
});
