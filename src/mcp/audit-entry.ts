import { createHash } from 'node:crypto';
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Effect, Input } from '../operations/define.ts';
import type { AuditEntry } from '../state/audit.ts';
import { repeatNotes } from './again.ts';
import type { Written } from './audit-changes.ts';
import type { Redact } from './audit-redact.ts';
import type { FormNeeded } from './call.ts';
import type { CallContext } from './caller.ts';
import { canonical } from './canonical.ts';
import { confirmAction } from './confirm-action.ts';

/** How a call ended, in the words of a line. */
type Status =
  | 'done'
  | 'failed'
  | 'confirmation_required'
  | 'declined'
  | 'unknown'
  | 'partly_done'
  /** An outcome of before was told, and nothing was sent now. */
  | 'replayed'
  /** A job whose time was up between two steps. */
  | 'unfinished';

type Facts = Readonly<Record<string, unknown>>;

const mostWritten = 50;
/** The API's words are quoted at this length at most, and ours stand around them. */
const mostRefusal = 500;
const mostArgumentBytes = 16_384;

/** One call that is over. */
export interface Told {
  readonly tool: string;
  readonly args: unknown;
  readonly context: CallContext;
  readonly result: CallToolResult | FormNeeded;
  /** What the tool declares; `none` where that is another call's to say. */
  readonly effect: Effect | 'none';
  readonly durationMs: number;
}

/** What was seen of the call from inside. */
export interface Seen {
  /** The writing call it turned out to be; absent where it did not come so far. */
  readonly action?: { readonly tool: string; readonly arguments: Input; readonly effect: Effect };
  /** API calls. */
  readonly sent: number;
  /** A write left, and no answer to it came. */
  readonly isUnanswered: boolean;
  readonly written: readonly Written[];
}

const isObject = (value: unknown): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a line tells of it. Nothing in it opens anything, and nothing that people outside typed is whole. */
export function entryOf(told: Told, seen: Seen, redact: Redact): AuditEntry {
  const { tool, args, context, result, effect, durationMs } = told;
  const facts = factsOf(result);
  const error = isObject(facts.error) ? facts.error : undefined;
  const status = statusOf(facts, error, seen);
  const { action } = seen;
  const confirmation = confirmationOf(tool, args, context, facts);
  const workflow = [facts, error, args].filter(isObject).find(({ workflow_id: id }) => typeof id === 'string');
  return {
    caller: redact.text(context.caller),
    client: redact.text(context.clientName),
    tool,
    effect: action?.effect ?? effect,
    status,
    ...(error ? { kind: error.kind } : {}),
    summary: redact.text(summaryOf(told, facts, error, seen)),
    // Says of an answer that it was found and not made: by looking at the records, or in what was recorded.
    ...(typeof facts.note === 'string' ? { note: redact.text(facts.note) } : {}),
    arguments_hash: hashOf(canonical(args)),
    arguments: fitting(redact.value(args)),
    ...(confirmation === undefined ? {} : { confirmation: markOf(confirmation) }),
    ...(workflow ? { workflow: markOf(String(workflow.workflow_id)) } : {}),
    // A yes says which question it answers, and nothing about what was asked.
    ...(action && action.tool !== tool
      ? { runs: { tool: action.tool, arguments: fitting(redact.value(action.arguments)) } }
      : {}),
    ...(error ? { error: refusalOf(error, redact) } : {}),
    ...(seen.written.length > 0
      ? { wrote: seen.written.slice(0, mostWritten).map((write) => writtenOf(write, redact)) }
      : {}),
    ...(seen.written.length > mostWritten ? { wrote_more: seen.written.length - mostWritten } : {}),
    duration_ms: durationMs,
    api_calls: seen.sent,
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Tells one id from another, and opens nothing. */
const markOf = (id: string): string => hashOf(id).slice(0, 16);

const isForm = (result: CallToolResult | FormNeeded): result is FormNeeded => result.kind === 'form';

function factsOf(result: CallToolResult | FormNeeded): Facts {
  if (!isForm(result)) return isObject(result.structuredContent) ? result.structuredContent : {};
  const [summary] = result.message.split('\n', 1);
  return { status: 'confirmation_required', summary, confirmation: result.state };
}

function statusOf(facts: Facts, error: Facts | undefined, seen: Seen): Status {
  if (error?.kind === 'partly_done') return 'partly_done';
  // Neither yes nor no: what broke off with a write on its way may have been carried out.
  if (error?.kind === 'outcome_unknown' || (error?.kind === 'unavailable' && seen.isUnanswered)) return 'unknown';
  if (error?.kind === 'denied' && error.answer !== undefined) return 'declined';
  if (error) return 'failed';
  if (facts.status === 'confirmation_required') return 'confirmation_required';
  if (facts.status === 'unfinished') return 'unfinished';
  const isRepeat = repeatNotes.some((note) => note === facts.note) && seen.written.length === 0;
  if (isRepeat || (typeof facts.status === 'string' && facts.status.startsWith('already_'))) return 'replayed';
  return 'done';
}

/** It opens what it belongs to while that waits, so only its hash is kept: enough to find question and answer. */
function confirmationOf(tool: string, args: unknown, { formReply }: CallContext, facts: Facts): string | undefined {
  if (typeof facts.confirmation === 'string') return facts.confirmation;
  if (tool === confirmAction.name && isObject(args) && typeof args.confirmation === 'string') return args.confirmation;
  return formReply?.state;
}

function summaryOf({ tool, args }: Told, facts: Facts, error: Facts | undefined, { written }: Seen): string {
  const isYes = tool === confirmAction.name;
  if (error) return String(error.message);
  if (typeof facts.summary === 'string') return facts.summary;
  // A yes repeats the line that a person saw.
  if (isYes && isObject(args) && typeof args.summary === 'string') return args.summary;
  const names = written.slice(0, 5).map(({ operation, record }) => `${operation} ${nameOf(record)}`);
  if (names.length > 0) return names.join(', ');
  return typeof facts.message === 'string' ? facts.message : '';
}

function nameOf(record: Facts): string {
  const [, number] =
    Object.entries(record).find(([key]) => key !== 'reference_number' && key.endsWith('_number')) ?? [];
  return String(number ?? record.name ?? Object.values(record)[0] ?? '');
}

/** What the API or the guard answered: words, and the API's code. */
function refusalOf({ message, http_status, code }: Facts, redact: Redact): Facts {
  const said = Object.entries({ http_status, code }).filter(([, value]) => value !== undefined);
  return { message: redact.text(String(message), '', mostRefusal), ...Object.fromEntries(said) };
}

function writtenOf({ operation, record, changed, before }: Written, redact: Redact): Facts {
  const changes = Object.entries(changed ?? {}).map(([name, change]) => [
    redact.text(name),
    { before: redact.value(change.before, name), after: redact.value(change.after, name) },
  ]);
  return {
    operation,
    record: redact.value(record),
    ...(changed ? { changed: Object.fromEntries(changes) } : {}),
    ...(before ? { before: redact.value(before) } : {}),
  };
}

/** The hash says which arguments they were; a line is no place for all of a long list. */
function fitting(args: unknown): unknown {
  const bytes = Buffer.byteLength(JSON.stringify(args));
  return bytes > mostArgumentBytes ? `[${bytes} bytes of arguments]` : args;
}
