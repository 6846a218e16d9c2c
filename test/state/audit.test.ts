import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/state/audit-verify.ts';
import { temporaryDirectory } from '../helpers/world.ts';
import { entriesOf, linesOf, pathOf, trailIn } from './audited.ts';

describe('a trail', () => {
  it('numbers its lines, stamps them, and puts the hash of each into the next', () => {
    const { directory, append } = trailIn();
    append(3);
    const entries = entriesOf(directory);
    expect(entries.map(({ seq, step }) => [seq, step])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(entries[0]).toMatchObject({ time: '2026-01-15T18:00:01.000Z', prev: '0'.repeat(64) });
    expect(entries.slice(1).map(({ prev }) => prev)).toEqual(entries.slice(0, 2).map(({ hash }) => hash));
  });

  it('can be checked without this program: the hash is the SHA-256 of the line without it', () => {
    const { directory, append } = trailIn();
    append(1);
    const [line = ''] = linesOf(directory);
    const [, body, hash] = /^(.*),"hash":"([0-9a-f]{64})"\}$/.exec(line) ?? [];
    expect(createHash('sha256').update(`${body}}`).digest('hex')).toBe(hash);
  });

  it('goes on where another opening of the folder ended', () => {
    const { directory, trail, append, open } = trailIn();
    append(2);
    trail.close();
    const again = open();
    again.append({ tool: 'delete_contact' });
    append(1);
    expect(entriesOf(directory).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(verifyAudit(directory)).toMatchObject({ lines: 4, notes: [] });
    expect(verifyAudit(directory)?.fault).toBeUndefined();
  });

  it('is readable for its owner alone', () => {
    const { directory, append } = trailIn();
    append(1);
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(directory)).toBe('700');
    for (const name of readdirSync(directory)) expect([name, mode(join(directory, name))]).toEqual([name, '600']);
  });

  it('begins another file before one grows beyond its size, and the chain runs through all of them', () => {
    const { directory, append } = trailIn({ maxBytes: 1000 });
    append(30);
    const files = readdirSync(directory).filter((name) => name.endsWith('.jsonl'));
    expect(files.length).toBeGreaterThan(5);
    expect(files.sort()[0]).toBe('audit-000001.jsonl');
    for (const name of files) expect(statSync(join(directory, name)).size).toBeLessThanOrEqual(1000);
    const entries = files.flatMap((_, index) => entriesOf(directory, index + 1));
    expect(entries.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(verifyAudit(directory)).toMatchObject({ lines: 30, notes: [] });
    expect(verifyAudit(directory)?.fault).toBeUndefined();
  });

  it('writes a line that is larger than a file may be into a file of its own', () => {
    const { directory, trail, append } = trailIn({ maxBytes: 1000 });
    trail.append({ tool: 'create_item', text: 'x'.repeat(3000) });
    append(1);
    expect([linesOf(directory, 1).length, linesOf(directory, 2).length]).toEqual([1, 1]);
  });
});

describe('a trail that cannot be written', () => {
  it('throws nothing, warns, and counts in the next line that can be written those that are lost', () => {
    const directory = join(temporaryDirectory(), 'audit');
    writeFileSync(directory, 'a file stands where the folder should');
    const { append, warnings } = trailIn({ directory });
    append(3);
    expect(warnings).toHaveLength(3);
    expect(warnings[2]).toContain('(3 by now)');
    rmSync(directory);
    append(2, 4);
    expect(entriesOf(directory)).toMatchObject([
      { seq: 1, event: 'gap', lost: 3, since: '2026-01-15T18:00:01.000Z' },
      { seq: 2, step: 4 },
      { seq: 3, step: 5 },
    ]);
    const report = verifyAudit(directory);
    expect(report).toMatchObject({ lines: 3, notes: [expect.stringContaining('3 calls before it have no line')] });
    expect(report?.fault).toBeUndefined();
  });

  it('goes on in the same chain when its next file can be written again', () => {
    const { directory, append, warnings } = trailIn({ maxBytes: 600 });
    append(2);
    const next = join(directory, 'audit-000002.jsonl');
    mkdirSync(next); // a mode would not keep root from writing
    append(1, 3); // needs another file
    rmdirSync(next);
    append(1, 4);
    expect(warnings).toHaveLength(1);
    expect(verifyAudit(directory)).toMatchObject({ lines: 4 });
  });

  it('does not break when what is to be told is no JSON', () => {
    const { directory, trail, append, warnings } = trailIn();
    trail.append({ big: 1n });
    append(1);
    expect(warnings).toHaveLength(1);
    expect(entriesOf(directory)).toMatchObject([{ event: 'gap', lost: 1 }, { step: 1 }]);
  });
});

describe('after a process was stopped in the middle', () => {
  it('between a line and the head, the next line continues that line', () => {
    const { directory, append, trail, open } = trailIn();
    append(2);
    trail.close();
    // The same two lines and one more, written where nothing keeps the head of this folder.
    const twin = trailIn();
    twin.append(3);
    appendFileSync(pathOf(directory), `${linesOf(twin.directory)[2]}\n`);
    expect(linesOf(twin.directory).slice(0, 2)).toEqual(linesOf(directory).slice(0, 2));
    expect(verifyAudit(directory)?.fault).toBeUndefined();
    open().append({ tool: 'after' });
    expect(entriesOf(directory).map(({ seq, step, tool }) => [seq, step ?? tool])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 'after'],
    ]);
    expect(verifyAudit(directory)).toMatchObject({ lines: 4, notes: [] });
  });

  it('between a line and its line break, both lines stand', () => {
    const { directory, append, trail, open } = trailIn();
    append(2);
    trail.close();
    const twin = trailIn();
    twin.append(3);
    appendFileSync(pathOf(directory), linesOf(twin.directory)[2] ?? '');
    open().append({ tool: 'after' });
    expect(entriesOf(directory).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(verifyAudit(directory)?.fault).toBeUndefined();
  });

  it('in the middle of a line, half of it stays, is closed off, and the next line says so', () => {
    const { directory, append } = trailIn();
    append(2);
    const half = '{"seq":3,"time":"2026-01-15T18:00:03.000Z","caller":"lo';
    appendFileSync(pathOf(directory), half);
    const before = verifyAudit(directory);
    expect(before).toMatchObject({ lines: 2, notes: [expect.stringContaining('line 3 is half a line')] });
    expect(before?.fault).toBeUndefined();

    append(2, 3);
    const lines = linesOf(directory);
    expect(lines[2]).toBe(half);
    expect(lines.slice(3).map((line) => JSON.parse(line))).toMatchObject([
      { seq: 3, event: 'torn', bytes: half.length },
      { seq: 4, step: 3 },
      { seq: 5, step: 4 },
    ]);
    const after = verifyAudit(directory);
    expect(after).toMatchObject({ lines: 5, notes: [expect.stringContaining('line 3 is half a line')] });
    expect(after?.fault).toBeUndefined();
  });

  it('is not taken for an edit while another process writes', () => {
    const { directory, append, trail } = trailIn();
    append(2);
    trail.close();
    const twin = trailIn();
    twin.append(4);
    const [, , third = '', fourth = ''] = linesOf(twin.directory);
    appendFileSync(pathOf(directory), `${third}\n${fourth.slice(0, 50)}`);
    const report = verifyAudit(directory);
    expect(report).toMatchObject({ lines: 3, notes: [expect.stringContaining('line 4 is half a line')] });
    expect(report?.fault).toBeUndefined();
  });

  it('between two files, the next line goes into the new one', () => {
    const { directory, append, trail, open } = trailIn({ maxBytes: 600 });
    append(2);
    trail.close();
    const twin = trailIn({ maxBytes: 600 });
    twin.append(3);
    expect(linesOf(twin.directory, 2)).toHaveLength(1);
    writeFileSync(pathOf(directory, 2), `${linesOf(twin.directory, 2)[0]}\n`);
    open().append({ tool: 'after' });
    expect(entriesOf(directory, 2).map(({ seq }) => seq)).toEqual([3, 4]);
    expect(verifyAudit(directory)?.fault).toBeUndefined();
  });

  it('between making a new file and its first line, that file is used', () => {
    const { directory, append, trail, open } = trailIn({ maxBytes: 600 });
    append(2);
    trail.close();
    writeFileSync(pathOf(directory, 2), '');
    open().append({ tool: 'after' });
    expect([linesOf(directory, 1).length, linesOf(directory, 2).length]).toEqual([2, 1]);
    expect(verifyAudit(directory)?.fault).toBeUndefined();
  });
});

describe('without its witness', () => {
  it('the chain goes on from the last line there is, and says that it had to', () => {
    const { directory, append, trail, open } = trailIn({ maxBytes: 1000 });
    append(5);
    trail.close();
    rmSync(join(directory, 'head.sqlite'));
    open().append({ tool: 'after' });
    const report = verifyAudit(directory);
    expect(report).toMatchObject({ lines: 7, notes: [expect.stringContaining('head.sqlite was not there then')] });
    expect(report?.fault).toBeUndefined();
    expect(existsSync(join(directory, 'head.sqlite'))).toBe(true);
  });

  it('and without any line, it begins at 1 and says nothing', () => {
    const directory = join(temporaryDirectory(), 'audit');
    mkdirSync(directory);
    trailIn({ directory }).append(1);
    expect(entriesOf(directory)).toMatchObject([{ seq: 1, step: 1 }]);
    expect(verifyAudit(directory)?.notes).toEqual([]);
  });

  it('and when it is no database any more, lines are lost, warned of and counted, until it is moved away', () => {
    const { directory, append, trail, open, warnings } = trailIn();
    append(2);
    trail.close();
    writeFileSync(
      join(directory, 'head.sqlite'),
      'no database at all, and much longer than a header of one would be'.repeat(20),
    );
    const again = open();
    again.append({ tool: 'lost' });
    expect(warnings).toHaveLength(1);
    expect(verifyAudit(directory)).toMatchObject({ notes: [expect.stringContaining('cannot be read here')] });
    rmSync(join(directory, 'head.sqlite'));
    again.append({ tool: 'after' });
    expect(entriesOf(directory).slice(2)).toMatchObject([
      { event: 'head_rebuilt' },
      { event: 'gap', lost: 1 },
      { tool: 'after' },
    ]);
  });
});
