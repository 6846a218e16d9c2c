import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditNumbers } from '../../src/state/audit-files.ts';
import { origin, sealLine } from '../../src/state/audit-line.ts';
import { verifyAudit } from '../../src/state/audit-verify.ts';
import { linesOf, pathOf, rewrite, trailIn } from './audited.ts';

/** Twelve lines in four files of three. */
function twelve() {
  const { directory, append, trail, open } = trailIn({ maxBytes: 930 });
  append(12);
  trail.close();
  expect(auditNumbers(directory).map((number) => linesOf(directory, number).length)).toEqual([3, 3, 3, 3]);
  expect(verifyAudit(directory)).toMatchObject({ lines: 12, notes: [] });
  return { directory, open };
}

const faultIn = (directory: string) => verifyAudit(directory)?.fault;
const exchange = <T>(list: T[], a: number, b: number): T[] =>
  list.map((entry, index) => list[index === a ? b : index === b ? a : index] ?? entry);

/** As somebody does who knows how the lines are made: changed, and sealed again with its old predecessor. */
function forged(line: string): string {
  const { seq, time, prev, hash: _, ...entry } = JSON.parse(line);
  return sealLine({ ...entry, status: 'failed' }, { seq: seq - 1, hash: prev }, time).text.trim();
}

describe('verify finds', () => {
  it('an edited line, by one changed letter', () => {
    const { directory } = twelve();
    rewrite(directory, (lines) => lines.map((line, i) => (i === 1 ? line.replace('local:ann', 'local:bob') : line)), 2);
    expect(faultIn(directory)).toEqual({
      file: 'audit-000002.jsonl',
      line: 2,
      seq: 5,
      what: expect.stringContaining('was edited'),
    });
  });

  it('an edited line whose hash was made anew, by the line after it', () => {
    const { directory } = twelve();
    rewrite(directory, (lines) => lines.map((line, i) => (i === 1 ? forged(line) : line)), 2);
    const fault = faultIn(directory);
    expect(fault).toMatchObject({ file: 'audit-000002.jsonl', line: 3, seq: 6 });
    expect(fault?.what).toContain('the line before it was written anew');
  });

  it('an edited last line whose hash was made anew, by the head', () => {
    const { directory } = twelve();
    rewrite(directory, (lines) => lines.map((line, i) => (i === 2 ? forged(line) : line)), 4);
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000004.jsonl', line: 3, seq: 12 });
    expect(faultIn(directory)?.what).toContain('head.sqlite remembers another hash');
  });

  it('a line taken out', () => {
    const { directory } = twelve();
    rewrite(directory, (lines) => lines.toSpliced(1, 1), 2);
    expect(faultIn(directory)).toEqual({
      file: 'audit-000002.jsonl',
      line: 2,
      seq: 6,
      what: 'follows a gap: seq 5 missing before it',
    });
  });

  it('the very first line taken out', () => {
    const { directory } = twelve();
    rewrite(directory, (lines) => lines.slice(1));
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000001.jsonl', line: 1, seq: 2 });
    expect(faultIn(directory)?.what).toContain('seq 1 missing');
  });

  it('two lines exchanged', () => {
    const { directory } = twelve();
    rewrite(directory, (lines) => exchange(lines, 0, 2), 3);
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000003.jsonl', line: 1, seq: 9 });
    expect(faultIn(directory)?.what).toContain('out of order: seq 7 should, and stands in audit-000003.jsonl line 3');
  });

  it('two files exchanged', () => {
    const { directory } = twelve();
    renameSync(pathOf(directory, 2), join(directory, 'aside'));
    renameSync(pathOf(directory, 3), pathOf(directory, 2));
    renameSync(join(directory, 'aside'), pathOf(directory, 3));
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000002.jsonl', line: 1, seq: 7 });
    expect(faultIn(directory)?.what).toContain('stands in audit-000003.jsonl line 1');
  });

  it('a line twice', () => {
    const { directory } = twelve();
    rewrite(directory, (lines) => lines.flatMap((line, i) => (i === 1 ? [line, line] : [line])), 2);
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000002.jsonl', line: 3, seq: 5 });
  });

  it('a line cut in the middle', () => {
    const { directory } = twelve();
    rewrite(directory, (lines) => lines.map((line, i) => (i === 1 ? line.slice(0, 100) : line)), 2);
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000002.jsonl', line: 2 });
    expect(faultIn(directory)?.what).toContain('edited, or cut off');
  });

  it('a line that somebody put in, anywhere', () => {
    const { directory } = twelve();
    const { text } = sealLine({ tool: 'foreign' }, origin, '2026-01-15T18:00:00.000Z');
    appendFileSync(pathOf(directory, 4), text);
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000004.jsonl', line: 4, seq: 1 });
    rewrite(directory, (lines) => ['', ...lines], 2);
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000002.jsonl', line: 1 });
  });

  it.each([1, 2, 3])('file %i missing, and which numbers it held', (number) => {
    const { directory } = twelve();
    rmSync(pathOf(directory, number));
    const [from, to] = [number * 3 - 2, number * 3];
    expect(faultIn(directory)).toEqual({
      file: `audit-00000${number}.jsonl`,
      what: `is missing (seq ${from} to ${to})`,
    });
  });

  it('the last file missing, by the head', () => {
    const { directory } = twelve();
    rmSync(pathOf(directory, 4));
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000003.jsonl' });
    expect(faultIn(directory)?.what).toContain('seq 10 to 12 missing');
  });

  it('all files missing, by the head', () => {
    const { directory } = twelve();
    for (const number of auditNumbers(directory)) rmSync(pathOf(directory, number));
    expect(faultIn(directory)?.what).toContain('seq 1 to 12 missing');
  });

  it('the last lines missing, whole or in the middle of one', () => {
    const { directory } = twelve();
    rewrite(directory, (lines) => lines.slice(0, 2), 4);
    expect(faultIn(directory)?.what).toContain('seq 12 missing');
    truncateSync(pathOf(directory, 4), 400);
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000004.jsonl', line: 2 });
  });

  it('the last lines missing, also after the server has gone on', () => {
    const { directory, open } = twelve();
    rewrite(directory, (lines) => lines.slice(0, 1), 4);
    const trail = open();
    trail.append({ tool: 'after' });
    trail.append({ tool: 'after' });
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000004.jsonl', line: 2, seq: 13 });
    expect(faultIn(directory)?.what).toContain('seq 11 to 12 missing');
  });

  it('a line cut in the middle, also after the server has gone on', () => {
    const { directory, open } = twelve();
    truncateSync(pathOf(directory, 4), 400);
    open().append({ tool: 'after' });
    expect(faultIn(directory)).toMatchObject({ file: 'audit-000004.jsonl', line: 2 });
    expect(linesOf(directory, 4)).toHaveLength(3);
  });

  it('any one byte that is changed, put in or taken out, wherever it stands', () => {
    const { directory } = twelve();
    const change = fc.record({
      number: fc.integer({ min: 1, max: 4 }),
      where: fc.nat(10_000),
      kind: fc.constantFrom('change', 'put in', 'take out'),
      byte: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(change, ({ number, where, kind, byte }) => {
        const original = readFileSync(pathOf(directory, number));
        const at = where % original.length;
        const inserted = kind === 'take out' ? [] : [byte];
        const rest = original.subarray(kind === 'put in' ? at : at + 1);
        const changed = Buffer.concat([original.subarray(0, at), Buffer.from(inserted), rest]);
        if (changed.equals(original)) return;
        writeFileSync(pathOf(directory, number), changed);
        try {
          // Only the line break behind the last line may be missing: that is what a stopped process leaves.
          const isLastBreak = number === 4 && kind === 'take out' && at === original.length - 1;
          if (isLastBreak) expect(faultIn(directory)).toBeUndefined();
          else expect(faultIn(directory)).toBeDefined();
        } finally {
          writeFileSync(pathOf(directory, number), original);
        }
      }),
      { numRuns: 600 },
    );
  });
});

describe('verify away from home', () => {
  it('without the witness, finds what was changed and says that it cannot vouch for the end', () => {
    const { directory } = twelve();
    const copy = `${directory}-copy`;
    cpSync(directory, copy, { recursive: true, filter: (path) => !path.includes('head.sqlite') });
    expect(verifyAudit(copy)).toMatchObject({
      lines: 12,
      notes: [expect.stringContaining('at the end cannot be told')],
    });
    expect(faultIn(copy)).toBeUndefined();
    rewrite(copy, (lines) => lines.map((line) => line.replace('done', 'deny')), 3);
    expect(faultIn(copy)).toMatchObject({ file: 'audit-000003.jsonl', line: 1 });
    rmSync(pathOf(copy, 3));
    expect(faultIn(copy)).toEqual({ file: 'audit-000003.jsonl', what: 'is missing (seq 7 to 9)' });
  });

  it('given a file, reads from there on, and says that it did', () => {
    const { directory } = twelve();
    rmSync(pathOf(directory, 1));
    const report = verifyAudit(pathOf(directory, 2));
    expect(report).toMatchObject({ lines: 9, notes: ['What stood before audit-000002.jsonl was not looked at.'] });
    expect(report?.fault).toBeUndefined();
    rewrite(directory, (lines) => lines.slice(0, 1), 4);
    expect(verifyAudit(pathOf(directory, 2))?.fault?.what).toContain('seq 11 to 12 missing');
  });

  it('is undefined where no audit is', () => {
    const { directory } = twelve();
    expect(verifyAudit(join(directory, 'none'))).toBeUndefined();
    expect(verifyAudit(join(directory, 'head.sqlite'))).toBeUndefined();
  });
});
