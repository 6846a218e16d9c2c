// Zoho prints short zone names such as PST, which are no IANA names. Intl knows some of them by luck of the platform's
// tables (EST is a fixed offset there), so what the API prints is mapped here to the place meant.
const shortNames: Readonly<Record<string, string>> = {
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  PT: 'America/Los_Angeles',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  AKST: 'America/Anchorage',
  HST: 'Pacific/Honolulu',
  AST: 'America/Halifax',
  NST: 'America/St_Johns',
  GMT: 'Europe/London',
  BST: 'Europe/London',
  WET: 'Europe/Lisbon',
  CET: 'Europe/Berlin',
  CEST: 'Europe/Berlin',
  EET: 'Europe/Athens',
  MSK: 'Europe/Moscow',
  GST: 'Asia/Dubai',
  IST: 'Asia/Kolkata',
  SGT: 'Asia/Singapore',
  HKT: 'Asia/Hong_Kong',
  JST: 'Asia/Tokyo',
  KST: 'Asia/Seoul',
  AWST: 'Australia/Perth',
  AEST: 'Australia/Sydney',
  AEDT: 'Australia/Sydney',
  NZST: 'Pacific/Auckland',
  NZDT: 'Pacific/Auckland',
  UTC: 'UTC',
};

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

function formatFor(zone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(zone)) return formats.get(zone);
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch {
    format = undefined;
  }
  formats.set(zone, format);
  return format;
}

/** The IANA zone a name means: `PST` is America/Los_Angeles. What nobody knows is UTC, and `known` is false. */
export function zoneOf(name: string): { readonly zone: string; readonly known: boolean } {
  const zone = shortNames[name.toUpperCase()] ?? name;
  return formatFor(zone) ? { zone, known: true } : { zone: 'UTC', known: false };
}

interface Wall {
  readonly day: string;
  readonly time: string;
  /** The wall clock read as if it were UTC, milliseconds. */
  readonly asUtcMs: number;
}

function wallClock(ms: number, name: string): Wall {
  const format = formatFor(zoneOf(name).zone);
  const part: Record<string, string> = {};
  for (const { type, value } of format?.formatToParts(ms) ?? []) part[type] = value;
  const day = `${part.year}-${part.month}-${part.day}`;
  const time = `${part.hour}:${part.minute}:${part.second}`;
  return { day, time, asUtcMs: Date.parse(`${day}T${time}Z`) };
}

/** The calendar day at `ms` (since 1970) in that zone, yyyy-mm-dd. */
export const calendarDay = (ms: number, zone: string): string => wallClock(ms, zone).day;

/** `ms` as the API prints times: `2025-01-15T10:30:00-0800`. */
export function timestamp(ms: number, zone: string): string {
  const { day, time, asUtcMs } = wallClock(ms, zone);
  const minutes = Math.round((asUtcMs - Math.floor(ms / 1000) * 1000) / 60_000);
  const offset = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day}T${time}${minutes < 0 ? '-' : '+'}${two(Math.floor(offset / 60))}${two(offset % 60)}`;
}

const dayMs = 86_400_000;

/** The calendar day `days` after (or before) `day`, both yyyy-mm-dd. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
