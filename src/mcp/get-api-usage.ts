import { isoSecond } from '../client/call-limit.ts';
import type { ApiUsage, CallsLeft, Reply } from '../client/client.ts';

/** How the call limits stand, asked of the client without a call. */
export interface Quota {
  readonly usage: () => Promise<ApiUsage>;
  readonly callsLeft: () => CallsLeft;
  /** `professional`, and whose figures of it count; `sandbox` where there is no account. */
  readonly plan: string;
}

/** The server's own: no endpoint. */
export const getApiUsage = {
  name: 'get_api_usage',
  title: 'Get API usage',
  description:
    "API calls used and left of today's, of the last minute's and at once, and when the day begins anew. Spends no call.",
  toolset: 'reports',
  effect: 'read',
  input: {},
} as const;

/** The counts of all processes where they share a store. `running_now` is of this process only. */
export async function usageReply({ usage, plan }: Quota): Promise<Reply> {
  const { day, window, atOnce, pausedUntilMs, shared } = await usage();
  return {
    calls_left_today: day.left,
    used_today: day.used,
    limit_today: day.limit,
    day_resets_at: isoSecond(day.resetsAtMs),
    used_in_last_minute: window.used,
    limit_a_minute: window.limit,
    running_now: atOnce.running,
    limit_at_once: atOnce.limit,
    plan,
    counted: shared ? 'by all processes on this data folder' : 'by this process alone',
    ...(pausedUntilMs === undefined ? {} : { paused_until: isoSecond(pausedUntilMs) }),
  };
}
