import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export const fileName = (number: number): string => `audit-${String(number).padStart(6, '0')}.jsonl`;

const pattern = /^audit-(\d{6,})\.jsonl$/;

/** The number of an audit file; undefined for any other file. */
export function numberOf(name: string): number | undefined {
  const [, digits] = pattern.exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** The numbers of the files of a folder, oldest first; none where there is no folder. */
export function auditNumbers(directory: string): number[] {
  let found: string[];
  try {
    found = readdirSync(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return found
    .map(numberOf)
    .filter((number) => number !== undefined)
    .sort((a, b) => a - b);
}

export interface Piece {
  /** Without its line break. */
  readonly bytes: Buffer;
  /** Where the next one begins. */
  readonly end: number;
  /** False for what stands behind the last line break. */
  readonly isEnded: boolean;
}

export function* piecesOf(content: Buffer): Generator<Piece> {
  for (let start = 0; start < content.length; ) {
    const found = content.indexOf(0x0a, start);
    const end = found < 0 ? content.length : found + 1;
    yield { bytes: content.subarray(start, found < 0 ? end : found), end, isEnded: found >= 0 };
    start = end;
  }
}

/** What a file holds from `offset` on, and how long it is; a file that is not there is 0 bytes long. */
export function readFrom(directory: string, number: number, offset: number): { size: number; content: Buffer } {
  let file: number;
  try {
    file = openSync(join(directory, fileName(number)), 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { size: 0, content: Buffer.alloc(0) };
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const content = Buffer.alloc(Math.max(0, size - offset));
    let filled = 0;
    while (filled < content.length) {
      const read = readSync(file, content, filled, content.length - filled, offset + filled);
      if (read === 0) break;
      filled += read;
    }
    return { size, content: content.subarray(0, filled) };
  } finally {
    closeSync(file);
  }
}

/** All of `text` at the end of the file and on the disk, or nothing of it and an exception. */
export function appendWhole(directory: string, number: number, text: string): void {
  const bytes = Buffer.from(text);
  const file = openSync(join(directory, fileName(number)), 'a', 0o600);
  try {
    const { size } = fstatSync(file);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      // Before the head moves on: after a power cut it must never know of a line that is not there.
      fdatasyncSync(file);
    } catch (error) {
      // A full disk takes a part of a line.
      ftruncateSync(file, size);
      throw error;
    }
  } finally {
    closeSync(file);
  }
}
