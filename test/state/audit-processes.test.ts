import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAudit } from '../../src/state/audit.ts';
import { auditNumbers } from '../../src/state/audit-files.ts';
import { verifyAudit } from '../../src/state/audit-verify.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import { entriesOf } from './audited.ts';
import { bundleScript, lineOf, outputOf, type Script } from './processes.ts';

const script = `
  import { openAudit } from './src/state/audit.ts';
  const [job, directory, count, bytes] = process.argv.slice(2);
  const warn = (message) => process.stdout.write('warned: ' + message + '\\n');
  const trail = openAudit({ directory, maxBytes: Number(bytes ?? 0) > 0 ? 200_000 : 20_000, now: Date.now, warn });
  const text = '-'.repeat(Number(bytes ?? 1));
  const jobs = {
    async waiting() {
      for await (const _ of process.stdin);
      jobs.some();
    },
    some() {
      for (let step = 1; step <= Number(count); step += 1) trail.append({ tool: 'delete_item', writer: process.pid, step, text });
    },
    // Without end, saying what it has done so far, until it is killed.
    async endless() {
      for (let step = 1; ; step += 1) {
        trail.append({ tool: 'delete_item', writer: process.pid, step });
        await new Promise((resolve) => process.stdout.write(step + '\\n', resolve));
      }
    },
  };
  await jobs[job]();
`;

const prlimit = '/usr/bin/prlimit';

const all = (directory: string) => auditNumbers(directory).flatMap((number) => entriesOf(directory, number));
const trailOf = (directory: string) =>
  openAudit({ directory, maxBytes: 20_000, now: Date.now, warn: (message) => expect.fail(message) });

describe('several processes on one audit', () => {
  let writer: Script;
  beforeAll(async () => {
    writer = await bundleScript(script);
  });
  afterAll(() => writer.remove());

  it('two of them that start at the same moment write 200 lines each into one chain', async () => {
    const directory = join(temporaryDirectory(), 'audit');
    const outputs = await Promise.all([1, 2].map(() => outputOf(writer.start('some', directory, '200'))));
    expect(outputs).toEqual(['', '']);
    const report = verifyAudit(directory);
    expect(report).toMatchObject({ lines: 400, notes: [] });
    expect(report?.fault).toBeUndefined();
    const writers = [...new Set(all(directory).map(({ writer }) => writer))];
    const steps = writers.map((writer) =>
      all(directory).flatMap((line) => (line.writer === writer ? [line.step] : [])),
    );
    const inOrder = Array.from({ length: 200 }, (_, index) => index + 1);
    expect(steps).toEqual([inOrder, inOrder]);
  });

  it('one killed without notice, again and again, leaves a chain that the next goes on with', async () => {
    const directory = join(temporaryDirectory(), 'audit');
    let said = 0;
    for (let round = 1; round <= 12; round += 1) {
      const child = writer.start('endless', directory);
      const last = Number(await lineOf(child, 3 * round + (round % 5)));
      child.kill('SIGKILL');
      await once(child, 'close');
      expect(child.signalCode).toBe('SIGKILL');
      const report = verifyAudit(directory);
      expect(report?.fault).toBeUndefined();
      const mine = all(directory).filter(({ writer }) => writer === child.pid);
      expect(mine.length).toBeGreaterThanOrEqual(last);
      expect(mine.map(({ step }) => step)).toEqual(mine.map((_, index) => index + 1));
      said += last;
    }
    trailOf(directory).append({ tool: 'after' });
    expect(verifyAudit(directory)?.fault).toBeUndefined();
    expect(all(directory).length).toBeGreaterThan(said);
    expect(all(directory).at(-1)).toMatchObject({ tool: 'after' });
  });

  it('one killed while another writes takes nothing from that other', async () => {
    const directory = join(temporaryDirectory(), 'audit');
    const steady = outputOf(writer.start('some', directory, '400'));
    for (let round = 1; round <= 4; round += 1) {
      const child = writer.start('endless', directory);
      await lineOf(child, 5);
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    expect(await steady).toBe('');
    const report = verifyAudit(directory);
    expect(report?.fault).toBeUndefined();
    const written = all(directory).filter(({ text }) => text === '-');
    expect(written).toHaveLength(400);
  });

  it('one that meets the end of the space leaves no half line, and counts what it lost', async () => {
    const directory = join(temporaryDirectory(), 'audit');
    const child = writer.start('waiting', directory, '40', '7000');
    // Far below what 40 lines of 7,000 bytes need, of a file that may hold 200,000.
    execFileSync(prlimit, ['--fsize=100000', '--pid', String(child.pid)]);
    child.stdin?.end('go');
    const warned = (await outputOf(child)).split('\n').slice(0, -1);
    const written = all(directory);
    expect(warned.length).toBeGreaterThan(5);
    expect(written.length).toBeGreaterThan(5);
    expect(warned.length + written.length).toBe(40);
    const report = verifyAudit(directory);
    expect(report).toMatchObject({ lines: written.length, notes: [] });
    expect(report?.fault).toBeUndefined();
    trailOf(directory).append({ tool: 'after' });
    expect(verifyAudit(directory)?.fault).toBeUndefined();
  });
});
