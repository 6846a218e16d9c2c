import { auditNumbers, piecesOf, readFrom } from './audit-files.ts';
import type { Head } from './audit-head.ts';
import { type AuditEntry, continues, origin, readLine, rebuiltMark, tornMark } from './audit-line.ts';

/** Where the next line goes, and what has to be told before it. */
export interface End {
  readonly head: Head;
  /** The file does not end with a line break: one comes first. */
  readonly isBroken: boolean;
  readonly marks: readonly AuditEntry[];
  /** Something that neither a crash nor a cut power leaves; `audit verify` finds it too. */
  readonly trouble?: string;
}

/**
 * The end of the chain as it stands in the files. Lines behind the head that continue it were written by a process that
 * was stopped before it kept the head: they count. What does not continue it is left where it is, for `verify` to find.
 */
export function endOf(directory: string, kept: Head | undefined): End {
  const found = kept ?? rebuilt(directory);
  let end = behind(directory, found);
  // A process may have been stopped between the first line of a new file and the head, more than once.
  const next = auditNumbers(directory).filter((number) => number > end.head.file);
  for (const number of next) end = behind(directory, { ...end.head, file: number, bytes: 0 }, end.trouble);
  const wasLost = kept === undefined && (found.bytes > 0 || found.file > 1);
  return wasLost ? { ...end, marks: [...end.marks, rebuiltMark] } : end;
}

function behind(directory: string, head: Head, before?: string): End {
  const { size, content } = readFrom(directory, head.file, head.bytes);
  let end: End = { head, isBroken: false, marks: [], ...(before === undefined ? {} : { trouble: before }) };
  if (size < head.bytes) {
    const last = size > 0 ? readFrom(directory, head.file, size - 1).content : Buffer.from('\n');
    const trouble = 'the newest file is shorter than it was';
    return { ...end, head: { ...head, bytes: size }, isBroken: last[0] !== 0x0a, trouble };
  }
  for (const { bytes, end: offset, isEnded } of piecesOf(content)) {
    const line = readLine(bytes);
    const isNext = line !== undefined && continues(line, end.head);
    const moved = { ...end.head, bytes: head.bytes + offset };
    if (line && isNext) end = { ...end, head: { ...moved, seq: line.seq, hash: line.hash }, isBroken: !isEnded };
    else if (!isEnded) end = { ...end, head: moved, isBroken: true, marks: [tornMark(bytes)] };
    else end = { ...end, head: moved, trouble: 'lines stand there that this server did not write' };
  }
  return end;
}

/** Without a witness: the last line of the newest file that has one. */
function rebuilt(directory: string): Head {
  const numbers = auditNumbers(directory);
  for (const file of [...numbers].reverse()) {
    let head: Head | undefined;
    let offset = 0;
    for (const { bytes, end, isEnded } of piecesOf(readFrom(directory, file, 0).content)) {
      const line = isEnded ? readLine(bytes) : undefined;
      if (line?.isWhole) head = { file, bytes: end, seq: line.seq, hash: line.hash };
      offset = end;
    }
    if (head) return head;
    if (offset > 0 && file === numbers[0]) return { ...origin, file, bytes: 0 };
  }
  return { ...origin, file: numbers[0] ?? 1, bytes: 0 };
}
