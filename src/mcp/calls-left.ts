import type { CallToolResult } from '@modelcontextprotocol/server';
import { isoSecond } from '../client/call-limit.ts';
import type { CallsLeft } from '../client/client.ts';

/** Under this share of the day's calls every result says how many are left. */
const scarce = 0.1;

/** Adds to a result, once, how many calls of the day are left when they become few. Of errors only to `rate_limited`. */
export function withCallsLeft(result: CallToolResult, { left, limit, resetsAtMs }: CallsLeft): CallToolResult {
  const facts = (result.structuredContent ?? {}) as Record<string, unknown>; // parse boundary: our own results hold an object
  if (left >= limit * scarce || 'calls_left_today' in facts || isOtherError(facts)) return result;
  const day_resets_at = isoSecond(resetsAtMs);
  const line = `calls_left_today: ${left} of ${limit}, day_resets_at: ${day_resets_at}`;
  const [first, ...rest] = result.content;
  const content = first?.type === 'text' ? [{ ...first, text: `${first.text}\n${line}` }, ...rest] : result.content;
  return { ...result, content, structuredContent: { ...facts, calls_left_today: left, day_resets_at } };
}

function isOtherError({ status, error }: Record<string, unknown>): boolean {
  if (status !== 'error') return false;
  return !(typeof error === 'object' && error !== null && 'kind' in error && error.kind === 'rate_limited');
}
