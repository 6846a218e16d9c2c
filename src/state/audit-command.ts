import { existsSync } from 'node:fs';
import type { openDatabase as openSqlite } from '../sqlite.ts';
import { lastLines, linesSince, wordsOf } from './audit-tail.ts';
import { type AuditReport, verifyAudit } from './audit-verify.ts';

export type AuditRequest =
  | { readonly task: 'verify'; readonly path?: string }
  | { readonly task: 'tail'; readonly count: number; readonly follow: boolean; readonly json: boolean };

export interface AuditSurroundings {
  /** Where this server keeps its audit; looked at where the request names nothing else. */
  readonly directory: string;
  readonly print: (line: string) => void;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Ends `--follow`. */
  readonly signal: AbortSignal;
  readonly openDatabase?: typeof openSqlite;
}

const lookEveryMs = 500;
const mostNotes = 20;

/** `audit verify` and `audit tail`. Answers the exit code: 1 where something is wrong or there is nothing to look at. */
export async function runAuditCommand(request: AuditRequest, surroundings: AuditSurroundings): Promise<number> {
  try {
    return request.task === 'verify' ? verify(request.path, surroundings) : await tail(request, surroundings);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    surroundings.print(`The audit cannot be read: ${error.message}.`);
    return 1;
  }
}

function verify(given: string | undefined, { directory, print, openDatabase }: AuditSurroundings): number {
  const path = given ?? directory;
  const report = verifyAudit(path, openDatabase);
  if (!report) {
    print(`There is no audit at ${path}.`);
    return 1;
  }
  for (const line of wordsOn(report)) print(line);
  return report.fault ? 1 : 0;
}

function wordsOn({ lines, first, last, notes, fault }: AuditReport): string[] {
  const told = notes.slice(0, mostNotes).map((note) => `note: ${note}`);
  if (notes.length > mostNotes) told.push(`note: and ${notes.length - mostNotes} more like these`);
  const count = `${lines} ${lines === 1 ? 'line' : 'lines'}`;
  if (fault) {
    const place = fault.line === undefined ? fault.file : `${fault.file} line ${fault.line}`;
    const seq = fault.seq === undefined ? '' : ` (seq ${fault.seq})`;
    return [`not ok: ${place}${seq} ${fault.what}`, `before it: ${count} as written`, ...told];
  }
  if (!first || !last) return [`ok: ${count}`, ...told];
  // Kept elsewhere, this shows later that nobody rewrote the chain as a whole.
  return [`ok: ${count}, from ${first.time} to ${last.time}`, `end: seq ${last.seq}, hash ${last.hash}`, ...told];
}

async function tail(
  { count, follow, json }: Extract<AuditRequest, { task: 'tail' }>,
  { directory, print, sleep, signal }: AuditSurroundings,
): Promise<number> {
  if (!existsSync(directory) && !follow) {
    print(`There is no audit at ${directory}.`);
    return 1;
  }
  const show = (bytes: Buffer) => print(json ? bytes.toString('utf8') : wordsOf(bytes));
  let { lines, reading } = lastLines(directory, count);
  lines.forEach(show);
  while (follow && !signal.aborted) {
    // Looked at, not listened to: notices of changed files are lost on network folders.
    await sleep(lookEveryMs, signal).catch(() => undefined);
    ({ lines, reading } = linesSince(directory, reading));
    lines.forEach(show);
  }
  return 0;
}
