import { createHash } from 'node:crypto';

/** What one line tells; plain JSON. Time, place in the chain and hashes are the trail's to add. */
export type AuditEntry = Readonly<Record<string, unknown>> & {
  readonly time?: never;
  readonly seq?: never;
  readonly prev?: never;
  readonly hash?: never;
};

/** The end of a chain: the number of its last line, and that line's hash. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
}

/** What the first line continues. */
export const origin: Link = { seq: 0, hash: '0'.repeat(64) };

export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** `,"hash":"<64 hex digits>"}`: always the end of a line, so that what it covers is found without parsing. */
const hashTail = /^,"hash":"([0-9a-f]{64})"\}$/;
const hashTailBytes = 75;

/** One line of JSON with its line break. Its hash is the SHA-256 of the same line without `hash`. */
export function sealLine(entry: AuditEntry, before: Link, time: string): { text: string; link: Link } {
  const link = { seq: before.seq + 1, prev: before.hash };
  const body = JSON.stringify({ seq: link.seq, time, ...entry, prev: link.prev });
  const hash = sha256(body);
  return { text: `${body.slice(0, -1)},"hash":"${hash}"}\n`, link: { seq: link.seq, hash } };
}

export interface AuditLine extends Link {
  readonly prev: string;
  readonly time: string;
  /** All of it, as written. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** Its hash is the hash of what it says. */
  readonly isWhole: boolean;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Reads one line without its line break; undefined for what is no line of an audit. Works on bytes, as the hash does. */
export function readLine(bytes: Buffer): AuditLine | undefined {
  const cut = bytes.length - hashTailBytes;
  const [, hash] = cut > 0 ? (hashTail.exec(bytes.toString('latin1', cut)) ?? []) : [];
  const entry = hash === undefined ? undefined : parsed(bytes.toString('utf8'));
  if (hash === undefined || !entry || !Number.isSafeInteger(entry.seq)) return undefined;
  return {
    seq: Number(entry.seq),
    prev: String(entry.prev),
    hash,
    time: String(entry.time),
    entry,
    isWhole: sha256(Buffer.concat([bytes.subarray(0, cut), Buffer.from('}')])) === hash,
  };
}

export const continues = (line: AuditLine, before: Link): boolean =>
  line.isWhole && line.seq === before.seq + 1 && line.prev === before.hash;

// Lines of the trail itself: what it noticed, told in the chain so that it can be read afterwards.

/** `lost` calls before this line have none, because none could be written. */
export const gapMark = (lost: number, since: string): AuditEntry => ({ event: 'gap', lost, since });

/** The line before this one is half a line, left by a process that was stopped while it wrote. */
export const tornMark = (half: Buffer): AuditEntry => ({ event: 'torn', bytes: half.length, sha256: sha256(half) });

/** The witness of the end was not there: what stood behind the line before this one cannot be told. */
export const rebuiltMark: AuditEntry = { event: 'head_rebuilt' };

export const names = (mark: AuditLine, half: Buffer): boolean =>
  mark.isWhole && mark.entry.event === 'torn' && mark.entry.bytes === half.length && mark.entry.sha256 === sha256(half);
