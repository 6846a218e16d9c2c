import type { ApiResponse } from './compose.ts';
import { readObject } from './json.ts';

// 48 is the reference's; 44 a minute, 45 a day, 1070 at once, 43 block are the live API's (read 2026-11-23).
const limitCodes = new Set([48, 44, 45, 1070, 43]);

export const isLimitCode = (code: number): boolean => limitCodes.has(code);

/** Refused because a call limit is used up, and so before any work: may be repeated for every effect. */
export function isCallLimit(response: ApiResponse): boolean {
  return response.status === 429 || isLimitCode(codeOf(response) ?? 0);
}

/** The envelope's code of a short reply. Refusals are short: a long one is data and is not parsed twice for this. */
function codeOf({ text }: ApiResponse): number | undefined {
  if (text.length > 4_000) return undefined;
  const code = readObject(text)?.code;
  return code === undefined ? undefined : Number(code);
}

const dayMs = 86_400_000;

/** Until the day's count begins anew: midnight UTC. */
export const msToUtcMidnight = (nowMs: number): number => dayMs - (nowMs % dayMs);

/**
 * How long the API asks to be left alone, in ms: Retry-After (seconds or a date) first, then X-Rate-Limit-Reset, then
 * what the code implies. Undefined when the reply does not say.
 */
export function waitAskedFor(response: ApiResponse, nowMs: number): number | undefined {
  return retryAfterMs(response.headers['retry-after'], nowMs) ?? resetMs(response, nowMs) ?? impliedMs(response, nowMs);
}

function retryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function resetMs({ status, headers }: ApiResponse, nowMs: number): number | undefined {
  // On other answers Reset only says when the running minute ends.
  const value = Number(headers['x-rate-limit-reset'] ?? Number.NaN);
  if (status !== 429 || !Number.isFinite(value) || value < 0) return undefined;
  // The reference prints an epoch in seconds; 34881 was seen live, which can only be seconds from now.
  return value < 1e9 ? value * 1000 : Math.max(0, value * 1000 - nowMs);
}

function impliedMs(response: ApiResponse, nowMs: number): number | undefined {
  const code = codeOf(response);
  if (code === 45) return msToUtcMidnight(nowMs);
  if (code === 44) return 60_000;
  if (code === 43) return 3_600_000; // the block seen live came with Retry-After: 3600
  return undefined;
}
