import type { ErrorKind } from '../../src/errors.ts';
import type { TestClient, ToolResult } from '../helpers/clients.ts';

const mostMs = 5_000;

const kinds: Readonly<Record<ErrorKind, true>> = {
  ...{ invalid_arguments: true, denied: true, confirmation_invalid: true, unauthorized: true, missing_scope: true },
  ...{ not_found: true, rejected: true, rate_limited: true, unavailable: true, outcome_unknown: true },
  ...{ partly_done: true, cancelled: true },
};
const invalidParams = -32602;

export type Facts = Record<string, unknown>;
const isFacts = (value: unknown): value is Facts => typeof value === 'object' && value !== null;

/** One tools/call. */
export interface Call {
  readonly name: string;
  readonly args: Facts;
}

/** An answer, or the code of a protocol error. */
export type Ended = ToolResult | { readonly code: number };

export async function ended(client: TestClient, { name, args }: Call): Promise<Ended> {
  try {
    return await client.call(name, args);
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'number') return { code: error.code };
    throw error;
  }
}

/** How a call ended, in a word. */
export function endOf(answer: Ended): string {
  if ('code' in answer) return `protocol error ${answer.code}`;
  const { error, outcome, status } = answer.facts;
  if (!answer.isError) return String(status ?? 'done');
  return String(isFacts(error) ? error.kind : isFacts(outcome) ? outcome.kind : 'no kind');
}

/** What must hold of an answer, whatever was asked, and does not, in words. */
export function wrongWith(answer: Ended, tookMs: number): string[] {
  const late = tookMs > mostMs ? [`took ${Math.round(tookMs)} ms`] : [];
  if ('code' in answer) return answer.code === invalidParams ? late : [...late, endOf(answer)];
  const { text, facts, isError } = answer;
  const end = endOf(answer);
  return [
    ...late,
    ...(text === '' ? ['no text'] : []),
    ...(Object.keys(facts).length === 0 ? ['no structured content'] : []),
    ...(isError && !(end in kinds) ? [`an error of the kind ${end}`] : []),
    ...(/The server failed on this call/.test(text) ? ['an exception that nobody caught'] : []),
    // Nothing disturbs this inventory: what fails in it is a fault of its own.
    ...(end === 'unavailable' && !/under way/.test(text) ? ['unavailable'] : []),
  ];
}
