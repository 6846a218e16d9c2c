import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedState } from '../../src/state/embedded.ts';
import { bundleScript, lineOf, outputOf, type Script } from './processes.ts';
import { pendingAction, writeNote } from './samples.ts';

const script = `
  import { openEmbeddedState } from './src/state/embedded.ts';
  import { pendingAction, writeNote } from './test/state/samples.ts';
  const [job, directory, count] = process.argv.slice(2);
  const now = Date.now;
  const state = openEmbeddedState({ directory, now });
  const jobs = {
    // Takes all it can get, each process in an order of its own.
    take() {
      const taken = [];
      const offset = process.pid % Number(count);
      for (let step = 0; step < Number(count); step += 1) {
        const id = 'action-' + ((step + offset) % Number(count));
        if (state.take(id, now())) taken.push(id);
      }
      console.log(JSON.stringify(taken));
    },
    // Notes creates as long as fewer than the count were noted by all together.
    note() {
      let noted = 0;
      for (let step = 0; step < Number(count); step += 1) {
        const admit = () => state.writesSince('460000000000001', 'local', 0).creates < Number(count);
        if (state.note(writeNote({ id: process.pid + '-' + step }), admit)) noted += 1;
      }
      console.log(noted);
    },
    // Looks at one action and goes.
    find() {
      console.log(state.find(count)?.status);
      state.close();
    },
    // Keeps, takes and settles without end, and says what it has done so far, until it is killed.
    async endless() {
      for (let step = 0; ; step += 1) {
        const id = 'action-' + step;
        state.keep(pendingAction({ id, arguments: { step }, createdAtMs: now(), expiresAtMs: now() + 60_000 }));
        state.take(id, now());
        state.settle(id, 'done', { step }, now());
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

  const six = (...parameters: string[]) =>
    Promise.all(Array.from({ length: 6 }, () => outputOf(worker.start(...parameters))));

  it('six of them take each of 300 pending actions exactly once', async () => {
    const state = openEmbeddedState({ directory, now: Date.now });
    const ids = Array.from({ length: 300 }, (_, index) => `action-${index}`);
    for (const [index, id] of ids.entries()) {
      state.keep(pendingAction({ id, arguments: { index }, expiresAtMs: Date.now() + 600_000 }));
    }
    const taken = (await six('take', directory, '300')).flatMap((output): string[] => JSON.parse(output));
    expect(taken.sort()).toEqual([...ids].sort());
    expect(ids.map((id) => state.find(id)?.status)).toEqual(ids.map(() => 'running'));
    state.close();
  });

  it('six of them that start at the same moment on a folder that is not there admit no more writes than the limit', async () => {
    const noted = await six('note', join(directory, 'new'), '40');
    expect(noted.map(Number).reduce((sum, count) => sum + count, 0)).toBe(40);
  });

  it('a process that opens the folder twice keeps its lock, so that another which closes takes no rows away', async () => {
    const state = openEmbeddedState({ directory, now: Date.now });
    const again = openEmbeddedState({ directory, now: Date.now });
    state.keep(pendingAction({ id: 'before' }));
    expect(again.find('before')?.status).toBe('pending');
    expect(await outputOf(worker.start('find', directory, 'before'))).toBe('pending\n');
    state.keep(pendingAction({ id: 'after', arguments: {} }));
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
      expect(state.find(lastSaid)).toMatchObject({ status: 'done', outcome: { step: Number(lastSaid.slice(7)) } });
      expect(state.take(lastSaid, Date.now())).toBe(false);
      state.keep(pendingAction({ id: 'after', expiresAtMs: Date.now() + 60_000 }));
      expect(state.take('after', Date.now())).toBe(true);
      state.note(writeNote(), () => true);
      state.close();
    },
  );
});
