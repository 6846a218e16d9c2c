/** What one organization may ask of the API: calls in any 60 s, calls a day (UTC), calls at the same time. */
export interface Limits {
  readonly perMinute: number;
  readonly perDay: number;
  readonly atOnce: number;
  /** The span that `perMinute` is counted over, in ms, where it is not the minute. */
  readonly windowMs?: number;
}

/** The reference API's table of plans ("Rate Limits", read 2026-11-23). */
export const planLimits = {
  free: { perMinute: 100, perDay: 2_500, atOnce: 5 },
  standard: { perMinute: 100, perDay: 5_000, atOnce: 10 },
  professional: { perMinute: 100, perDay: 10_000, atOnce: 15 },
  premium: { perMinute: 100, perDay: 25_000, atOnce: 20 },
  enterprise: { perMinute: 100, perDay: 50_000, atOnce: 25 },
} as const satisfies Record<string, Limits>;

export type PlanName = keyof typeof planLimits;

/** Which of the two tables counts. */
export type PlanFigures = 'reference' | 'live';

export const limitsOf = (plan: PlanName, figures: PlanFigures): Limits =>
  figures === 'live' ? livePlanLimits[plan] : planLimits[plan];

/**
 * The stricter figures of Zoho's own help pages for the hosted service (read 2026-11-23). They know no premium plan: it
 * takes professional's figures, so that nobody is allowed more than was written down.
 */
export const livePlanLimits: Record<PlanName, Limits> = {
  free: { perMinute: 100, perDay: 1_000, atOnce: 5 },
  standard: { perMinute: 100, perDay: 2_500, atOnce: 10 },
  professional: { perMinute: 100, perDay: 5_000, atOnce: 10 },
  premium: { perMinute: 100, perDay: 5_000, atOnce: 10 },
  enterprise: { perMinute: 100, perDay: 10_000, atOnce: 10 },
};
