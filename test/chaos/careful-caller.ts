import { operation } from '../client/lossy.ts';
import type { Intent } from './intents.ts';
import type { Answer, Ask } from './server.ts';

/** How an intent ended for its caller. */
export interface Ended {
  readonly intent: Intent;
  readonly how: 'done' | 'told as done before' | 'found by looking' | 'given up';
  /** Of the record, where an answer or a look told it. */
  readonly id?: string | undefined;
  /** What was heard last. */
  readonly last: string;
}

export interface CallerParts {
  /** Undefined when no answer reached the caller. */
  readonly ask: (...call: Parameters<Ask>) => Promise<Answer | undefined>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Takes a record that was found or named in a preview; false when it is known as another intent's. */
  readonly take: (intent: Intent, id: string) => boolean;
  /** Puts an intent in doubt; true when every other open one of the same content is in doubt too. */
  readonly isLastInDoubt: (intent: Intent) => boolean;
}

type Row = Record<string, unknown>;
const rowIn = (value: unknown): Row => (typeof value === 'object' && value !== null ? { ...value } : {});

/** The id that an answer tells of the record that was made. */
export function idIn({ tool }: Pick<Intent, 'tool'>, facts: Row): string | undefined {
  const { trace, reply = '' } = operation(tool);
  const id = trace?.kind === 'created' ? rowIn(facts[reply])[trace.id] : undefined;
  return id === undefined ? undefined : String(id);
}

/** `done`, the status that stands for another outcome, or the kind of the error. */
export function kindOf({ facts, isError }: Pick<Answer, 'facts' | 'isError'>): string {
  const status = String(facts.status);
  if (status === 'error') return String(rowIn(facts.error).kind);
  // A record has a status of its own.
  return isError || /^(confirmation_required|unfinished|already_\w+)$/.test(status) ? status : 'done';
}

type Yes = { readonly confirmation: string; readonly summary: string };

export const yesTo = ({ facts }: Answer): Yes | undefined =>
  facts.status === 'confirmation_required'
    ? { confirmation: String(facts.confirmation), summary: String(facts.summary) }
    : undefined;

/** What an answer asks its caller to do next. */
type Next =
  | { readonly kind: 'over'; readonly how: Ended['how']; readonly id?: string | undefined }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'confirm' | 'look' | 'begin again' };

const waitsMs: Readonly<Record<string, number>> = {
  ...{ rate_limited: 10_000, unavailable: 10_000, outcome_unknown: 15_000, already_running: 5_000 },
  // Granted by the time it is asked again.
  missing_scope: 10_000,
};

function nextOf(intent: Intent, answer: Answer, take: CallerParts['take']): Next {
  const { facts } = answer;
  const kind = kindOf(answer);
  if (kind === 'done') return { kind: 'over', how: 'done', id: idIn(intent, facts) };
  if (kind === 'already_done') return { kind: 'over', how: 'done', id: idIn(intent, rowIn(facts.outcome)) };
  if (kind === 'confirmation_required') return answerTo(intent, answer, take);
  // What a confirmation came to is open or was a failure: the call itself says more.
  if (/^(confirmation_invalid|already_failed|already_unknown)$/.test(kind)) return { kind: 'begin again' };
  const told = rowIn(facts.error).retry_after_seconds;
  const ms = told === undefined ? waitsMs[kind] : Number(told) * 1000;
  return ms === undefined ? { kind: 'over', how: 'given up' } : { kind: 'wait', ms };
}

/** Reads the preview as one does who means exactly one record, or a second one. */
function answerTo(intent: Intent, { text }: Answer, take: CallerParts['take']): Next {
  const first = /The same call succeeded .*\(\w+_id (\d+)\)/.exec(text)?.[1];
  // A second one is like the first: only its own answer can have been lost, if it is not the one that was told before.
  if (first !== undefined && take(intent, first)) return { kind: 'over', how: 'told as done before', id: first };
  if (first !== undefined && !intent.isSecond) return { kind: 'over', how: 'given up' };
  return { kind: text.includes('Look first') ? 'look' : 'confirm' };
}

const mostTurns = 60;

/** Calls until it knows that the record is there, doing what each answer says. */
export async function carryThrough(intent: Intent, parts: CallerParts): Promise<Ended> {
  const { ask, sleep } = parts;
  const key = intent.idempotencyKey;
  const context = key === undefined ? {} : { idempotencyKey: key };
  let yes: Yes | undefined;
  let last = '';
  for (let turns = 0; turns < mostTurns; turns += 1) {
    const answer = await (yes ? ask('confirm_action', yes, context) : ask(intent.tool, intent.input, context));
    if (!answer) continue;
    last = answer.text;
    const next = nextOf(intent, answer, parts.take);
    if (next.kind === 'over') return { intent, how: next.how, id: next.id, last };
    if (next.kind === 'wait') await sleep(next.ms);
    if (next.kind === 'begin again') yes = undefined;
    if (next.kind === 'confirm') yes = yesTo(answer);
    if (next.kind !== 'look') continue;
    yes = undefined;
    // Of two alike, asking again may tell one its record; what is then left is the other's.
    if (!parts.isLastInDoubt(intent)) await sleep(20_000);
    else {
      const id = await lookFor(intent, last, parts);
      if (id !== undefined) return { intent, how: 'found by looking', id, last };
      yes = yesTo(answer);
    }
  }
  return { intent, how: 'given up', last };
}

/** Looks where the answer says, as a person would: at the records in question, for one that is nobody else's. */
async function lookFor(intent: Intent, text: string, { ask, sleep, take }: CallerParts): Promise<string | undefined> {
  const { trace } = operation(intent.tool);
  if (trace?.kind !== 'created' || trace.get === undefined || !text.includes(trace.get)) return undefined;
  const ids = new RegExp(`${trace.id} ([\\d, ]+)`).exec(text)?.[1]?.split(', ') ?? [];
  for (const id of ids) {
    for (;;) {
      const answer = await ask(trace.get, { [trace.id]: id });
      const kind = answer && kindOf(answer);
      if (kind === 'done' && take(intent, id)) return id;
      if (kind === 'done' || kind === 'not_found') break;
      await sleep(10_000);
    }
  }
  return undefined;
}
