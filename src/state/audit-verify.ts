import { existsSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { openDatabase as openSqlite } from '../sqlite.ts';
import { auditNumbers, fileName, numberOf, piecesOf, readFrom } from './audit-files.ts';
import { type Head, lookAtHead } from './audit-head.ts';
import { type AuditLine, continues, type Link, names, origin, readLine } from './audit-line.ts';

export interface AuditFault {
  readonly file: string;
  /** From 1; absent where it is the file that is missing. */
  readonly line?: number;
  readonly seq?: number;
  /** What is wrong, in words that follow the place. */
  readonly what: string;
}

export interface AuditReport {
  /** Good ones, up to the fault where there is one. */
  readonly lines: number;
  readonly first?: AuditLine;
  readonly last?: AuditLine;
  /** What a reader should know although nothing is wrong. */
  readonly notes: readonly string[];
  readonly fault?: AuditFault;
}

interface Place {
  readonly file: string;
  readonly number: number;
  readonly line: number;
  readonly bytes: Buffer;
  /** False for what stands behind the last line break. */
  readonly isEnded: boolean;
  readonly read: AuditLine | undefined;
}

function* placesIn(directory: string, numbers: readonly number[]): Generator<Place> {
  for (const number of numbers) {
    let line = 0;
    for (const { bytes, isEnded } of piecesOf(readFrom(directory, number, 0).content)) {
      line += 1;
      yield { file: fileName(number), number, line, bytes, isEnded, read: readLine(bytes) };
    }
  }
}

/** Where to look: a folder is judged whole, a file with all that follow it. Undefined where there is no audit. */
function scopeOf(path: string): { directory: string; numbers: number[] } | undefined {
  if (!existsSync(path)) return undefined;
  if (statSync(path).isDirectory()) return { directory: path, numbers: auditNumbers(path) };
  const from = numberOf(basename(path));
  if (from === undefined) return undefined;
  const directory = dirname(path);
  return { directory, numbers: auditNumbers(directory).filter((number) => number >= from) };
}

/** Reads the whole chain and stops at the first thing wrong with it. Writes nothing; a server may go on meanwhile. */
export function verifyAudit(path: string, openDatabase?: typeof openSqlite): AuditReport | undefined {
  const scope = scopeOf(path);
  if (!scope) return undefined;
  // Before the files: what is written from now on stands behind it.
  const witness = witnessOf(scope.directory, openDatabase);
  const notes = [...witness.notes];
  const { directory, numbers } = scope;
  const isWhole = statSync(path).isDirectory() || numbers[0] === 1;
  if (!isWhole) notes.push(`What stood before ${fileName(numbers[0] ?? 1)} was not looked at.`);

  let before: Link | undefined = isWhole ? origin : undefined;
  let first: AuditLine | undefined;
  let last: AuditLine | undefined;
  let lines = 0;
  let half: Place | undefined;
  let number = isWhole ? 0 : (numbers[0] ?? 0);
  const report = (fault?: AuditFault): AuditReport => ({
    lines,
    notes,
    ...(first ? { first } : {}),
    ...(last ? { last } : {}),
    ...(fault ? { fault } : {}),
  });

  const places = placesIn(directory, numbers);
  for (const place of places) {
    const { read } = place;
    if (half && !(read && names(read, half.bytes))) return report(notALine(half));
    if (place.number > number + 1) return report(missingFile(number + 1, before, read));
    number = place.number;
    if (!read) {
      half = place;
      continue;
    }
    if (half) notes.push(`${half.file} line ${half.line} is half a line: its process was stopped while it wrote.`);
    half = undefined;
    if (!place.isEnded && place.number !== numbers.at(-1)) return report(at(place, 'lost its line break'));
    if (!read.isWhole) return report(at(place, 'was edited: its hash is not that of what it says'));
    if (before && !continues(read, before)) return report(breakBefore(place, read, before, places));
    const { head } = witness;
    if (head && read.seq === head.seq && read.hash !== head.hash)
      return report(at(place, `was written anew: ${headName} remembers another hash`));
    notes.push(...toldBy(read));
    before = read;
    first ??= read;
    last = read;
    lines += 1;
  }
  return report(endFault(witness.head, half, last, numbers, notes));
}

const headName = 'head.sqlite';

const at = ({ file, line, read }: Place, what: string): AuditFault => ({
  file,
  line,
  ...(read ? { seq: read.seq } : {}),
  what,
});

const notALine = (place: Place) => at(place, 'is no line of the audit: edited, or cut off');

const range = (from: number, to: number) => (from >= to ? `seq ${to}` : `seq ${from} to ${to}`);

function missingFile(number: number, before: Link | undefined, next: AuditLine | undefined): AuditFault {
  const seqs = before && next && next.seq > before.seq + 1 ? ` (${range(before.seq + 1, next.seq - 1)})` : '';
  return { file: fileName(number), what: `is missing${seqs}` };
}

/** The line is as it was written, but it does not stand where it was. */
function breakBefore(place: Place, read: AuditLine, before: Link, later: Iterable<Place>): AuditFault {
  const wanted = before.seq + 1;
  if (read.seq < wanted) return at(place, `stands here again, or out of order: seq ${wanted} should`);
  if (read.seq === wanted)
    return at(
      place,
      `does not continue seq ${before.seq}: the line before it was written anew, or this one is foreign`,
    );
  for (const other of later) {
    if (other.read?.seq === wanted)
      return at(place, `stands out of order: seq ${wanted} should, and stands in ${other.file} line ${other.line}`);
  }
  return at(place, `follows a gap: ${range(wanted, read.seq - 1)} missing before it`);
}

function endFault(
  head: Head | undefined,
  half: Place | undefined,
  last: AuditLine | undefined,
  numbers: readonly number[],
  notes: string[],
): AuditFault | undefined {
  const seq = last?.seq ?? 0;
  // Behind the head, half a line is what a process leaves that is stopped while it writes; the next line will say so.
  const isWriting = half && !half.isEnded && head && head.seq <= seq;
  if (half && !isWriting) return notALine(half);
  if (half) notes.push(`${half.file} line ${half.line} is half a line: being written, or its process was stopped.`);
  if (!head || head.seq <= seq) return undefined;
  const file = fileName(numbers.at(-1) ?? 1);
  return { file, what: `lacks its last lines: ${range(seq + 1, head.seq)} missing` };
}

function toldBy({ seq, entry }: AuditLine): string[] {
  if (entry.event === 'gap')
    return [`seq ${seq}: ${String(entry.lost)} calls before it have no line; none could be written.`];
  if (entry.event === 'head_rebuilt')
    return [`seq ${seq}: ${headName} was not there then; lines missing before it would not be noticed.`];
  return [];
}

function witnessOf(directory: string, openDatabase?: typeof openSqlite): { head?: Head; notes: readonly string[] } {
  const unknown = 'whether lines are missing at the end cannot be told.';
  try {
    const head = lookAtHead(directory, openDatabase);
    return head ? { head, notes: [] } : { notes: [`There is no ${headName} beside the files: ${unknown}`] };
  } catch {
    return { notes: [`${headName} cannot be read here: ${unknown}`] };
  }
}
