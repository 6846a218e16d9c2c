import { auditNumbers, piecesOf, readFrom } from './audit-files.ts';
import { readLine } from './audit-line.ts';

/** How far somebody has read. */
export interface Reading {
  readonly number: number;
  readonly offset: number;
}

/** The last `count` lines, oldest first, and where a reader goes on. */
export function lastLines(directory: string, count: number): { lines: Buffer[]; reading: Reading } {
  const numbers = auditNumbers(directory);
  let reading: Reading = { number: numbers.at(-1) ?? 1, offset: 0 };
  const lines: Buffer[] = [];
  for (const number of numbers.reverse()) {
    const whole = [...piecesOf(readFrom(directory, number, 0).content)].filter(({ isEnded }) => isEnded);
    if (number === reading.number) reading = { number, offset: whole.at(-1)?.end ?? 0 };
    lines.unshift(...whole.slice(Math.max(0, whole.length - (count - lines.length))).map(({ bytes }) => bytes));
    if (lines.length >= count) break;
  }
  return { lines, reading };
}

/** What was written since, in files that follow too. */
export function linesSince(directory: string, reading: Reading): { lines: Buffer[]; reading: Reading } {
  const lines: Buffer[] = [];
  let last = reading;
  for (const number of auditNumbers(directory).filter((found) => found >= reading.number)) {
    const start = number === reading.number ? reading.offset : 0;
    last = { number, offset: start };
    for (const { bytes, end, isEnded } of piecesOf(readFrom(directory, number, start).content)) {
      if (!isEnded) break;
      lines.push(bytes);
      last = { number, offset: start + end };
    }
  }
  return { lines, reading: last };
}

// Who edits a line could put orders for the terminal into it.
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? plain(String(value)) : '';

/** One line for a person: when, who, which tool, how it ended, and what it was about. */
export function wordsOf(bytes: Buffer): string {
  const line = readLine(bytes);
  if (!line) return `(no line of the audit: ${plain(bytes.toString('utf8', 0, 80))})`;
  const { entry } = line;
  const when = plain(line.time).replace(/\.\d+Z$/, 'Z');
  if (entry.event !== undefined) return `${when}  ${textOf(entry.event)}  ${textOf(entry.lost)}`.trimEnd();
  const parts = [textOf(entry.caller), textOf(entry.tool), textOf(entry.status), textOf(entry.summary)];
  return `${when}  ${parts.filter((part) => part !== '').join('  ')}`;
}
