import type { Database, openDatabase as openSqlite } from '../sqlite.ts';
import { endOf } from './audit-end.ts';
import { appendWhole } from './audit-files.ts';
import { keepHead, openHead, readHead } from './audit-head.ts';
import { type AuditEntry, gapMark, type Link, sealLine } from './audit-line.ts';

export type { AuditEntry } from './audit-line.ts';

/** Lines that are only ever added, each holding the hash of the one before: `verifyAudit` finds what was changed since. */
export interface AuditTrail {
  /**
   * Adds one line; any number of processes may, to one folder. Never throws, for what it tells of is done: a line that
   * cannot be written is warned of, and the next one that can be is preceded by one that counts those lost.
   */
  append(entry: AuditEntry): void;
  close(): void;
}

export interface AuditOptions {
  /** Made, for this user alone, when absent. Holds `audit-000001.jsonl` and so on, and the witness of their end. */
  readonly directory: string;
  /** A file that would grow beyond this is followed by another. None is ever deleted. */
  readonly maxBytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly warn: (message: string) => void;
  readonly openDatabase?: typeof openSqlite;
}

/** The line's file failed and the witness did not: it stays open. A folder that is gone takes both along. */
const isOfFile = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && 'code' in error && error.code !== 'ENOENT';

export function openAudit({ directory, maxBytes, now, warn, openDatabase }: AuditOptions): AuditTrail {
  let opened: Database | undefined;
  let lost: { readonly count: number; readonly since: string } | undefined;

  function close(): void {
    const database = opened;
    opened = undefined;
    try {
      database?.close();
    } catch {
      // What failed may also fail to close; it is let go of either way.
    }
  }

  /** Under the lock: finds the end, seals the lines to it and writes them in one go. */
  function addTo(database: Database, entries: readonly AuditEntry[], written: () => void): void {
    const end = endOf(directory, readHead(database));
    if (end.trouble !== undefined)
      warn(`The audit in ${directory} was changed by something else: ${end.trouble}. See \`audit verify\`.`);
    const time = new Date(now()).toISOString();
    let link: Link = end.head;
    let text = end.isBroken ? '\n' : '';
    for (const entry of [...end.marks, ...entries]) {
      const sealed = sealLine(entry, link, time);
      link = sealed.link;
      text += sealed.text;
    }
    const bytes = Buffer.byteLength(text);
    // Half a line is closed off where it stands.
    const isFull = !end.isBroken && end.head.bytes > 0 && end.head.bytes + bytes > maxBytes;
    const file = isFull ? end.head.file + 1 : end.head.file;
    keepHead(database, { ...link, file, bytes: (isFull ? 0 : end.head.bytes) + bytes });
    appendWhole(directory, file, text);
    written();
  }

  function append(entry: AuditEntry): void {
    let isWritten = false;
    try {
      opened ??= openHead(directory, openDatabase);
      const database = opened;
      const entries = lost ? [gapMark(lost.count, lost.since), entry] : [entry];
      database.transaction(() =>
        addTo(database, entries, () => {
          isWritten = true;
        }),
      );
      lost = undefined;
    } catch (error) {
      if (!isOfFile(error)) close();
      if (isWritten) {
        // Only the head was not kept: the next line finds this one by itself.
        lost = undefined;
        return;
      }
      lost = { count: (lost?.count ?? 0) + 1, since: lost?.since ?? new Date(now()).toISOString() };
      const why = error instanceof Error ? error.message : 'no reason given';
      warn(`A line of the audit in ${directory} could not be written (${lost.count} by now): ${why}`);
    }
  }

  return { append, close };
}
