import { RateLimited } from '../errors.ts';
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
  return (
    retryAfterMs(response, nowMs) ??
    (response.status === 429 ? resetMs(response, nowMs) : undefined) ??
    impliedMs(response, nowMs)
  );
}

/** When the API answered, by its own clock and to the second. */
export function dateOf({ headers }: ApiResponse): number | undefined {
  const told = Date.parse(headers.date ?? '');
  return Number.isNaN(told) ? undefined : told;
}

/** Moments the API names are of its own clock; where it goes as ours does, ours is the finer one. */
function apiNow(response: ApiResponse, nowMs: number): number {
  const told = dateOf(response) ?? nowMs;
  return Math.abs(told - nowMs) > 2_000 ? told : nowMs;
}

function retryAfterMs(response: ApiResponse, nowMs: number): number | undefined {
  const value = response.headers['retry-after'];
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - apiNow(response, nowMs));
}

function resetMs(response: ApiResponse, nowMs: number): number | undefined {
  const value = headerNumber(response, 'x-rate-limit-reset');
  if (value === undefined) return undefined;
  // The reference prints an epoch in seconds; 34881 was seen live, which can only be seconds from now.
  return value < 1e9 ? value * 1000 : Math.max(0, value * 1000 - apiNow(response, nowMs));
}

function impliedMs(response: ApiResponse, nowMs: number): number | undefined {
  const code = codeOf(response);
  if (code === 45) return msToUtcMidnight(nowMs);
  if (code === 44) return 60_000;
  if (code === 43) return 3_600_000; // the block seen live came with Retry-After: 3600
  return undefined;
}

function headerNumber({ headers }: ApiResponse, name: string): number | undefined {
  const text = headers[name];
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** The day as the API counts it. */
export interface DayTold {
  readonly limit?: number;
  readonly remaining: number;
}

/** What an answer tells of the limits besides itself; a live API may leave any of it out. */
export interface LimitsTold {
  readonly day?: DayTold;
  /** Calls left of the window, and when the next one fits. */
  readonly window?: { readonly remaining: number; readonly resetMs: number };
}

/** X-Rate-Limit-* are the minute's; where their Reset is hours away, as seen live, they are the day's. */
export function limitsTold(response: ApiResponse, nowMs: number, windowMs: number): LimitsTold {
  const pair = (prefix: string): DayTold | undefined => {
    const limit = headerNumber(response, `${prefix}limit`);
    const remaining = headerNumber(response, `${prefix}remaining`);
    return remaining === undefined ? undefined : { remaining, ...(limit === undefined ? {} : { limit }) };
  };
  const named = pair('x-rate-limit-day-');
  const plain = pair('x-rate-limit-');
  const reset = resetMs(response, nowMs);
  if (!plain || reset === undefined) return named ? { day: named } : {};
  // A Reset is rounded up to its second.
  if (reset > windowMs + 1_000) return { day: named ?? plain };
  return { window: { remaining: plain.remaining, resetMs: reset }, ...(named ? { day: named } : {}) };
}

/** Whether it is the day's limit that refused this call. */
export function isDayLimit(response: ApiResponse): boolean {
  return codeOf(response) === 45 || headerNumber(response, 'x-rate-limit-day-remaining') === 0;
}

/** `2026-01-16T00:00:00Z`. */
export const isoSecond = (atMs: number): string =>
  new Date(Math.round(atMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** Refused for the rest of the day: waiting a minute is of no use. */
export function dayUsedUp(untilMs: number, nowMs: number, facts: { limit?: number } = {}): RateLimited {
  const seconds = Math.max(1, Math.ceil((untilMs - nowMs) / 1000));
  const resetsAt = isoSecond(untilMs);
  const { limit } = facts;
  return new RateLimited(seconds, {
    nothingSent: true,
    message: `The organization's API calls of this day are used up${limit === undefined ? '' : ` (${limit})`}. The count begins anew at ${resetsAt}; until then no call gets through, and nothing was sent. This says nothing about stock.`,
    facts: { ...(limit === undefined ? {} : { limit: `${limit} calls a day` }), resets_at: resetsAt },
  });
}

/** The error of a call that the API itself refused for a limit, `waitMs` being what it asked for. */
export function refusedByApi(response: ApiResponse, waitMs: number, nowMs: number): RateLimited {
  if (isDayLimit(response)) return dayUsedUp(nowMs + waitMs, nowMs);
  return new RateLimited(Math.max(1, Math.ceil(waitMs / 1000)), {
    nothingSent: true,
    facts: { http_status: response.status },
  });
}
