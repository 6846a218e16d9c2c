const dayMs = 86_400_000;

/** A calendar day so many days later; days are yyyy-mm-dd. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);

export const daysBefore = (day: string, days: number): string => dayAfter(day, -days);

/** Whole days from one calendar day to a later one; below 0 where it is earlier, 0 where either is none. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / dayMs) || 0;
