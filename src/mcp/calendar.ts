// `PST` is no zone name; the API prints such. Names of the United States' standard zones by the IANA database.
const zoneByAbbreviation: Readonly<Record<string, string>> = {
  PST: 'America/Los_Angeles',
  MST: 'America/Denver',
  CST: 'America/Chicago',
  EST: 'America/New_York',
  IST: 'Asia/Kolkata',
  GMT: 'Etc/UTC',
  UTC: 'Etc/UTC',
};

/** The calendar day, yyyy-mm-dd, at `ms` in the organization's zone; `known` is false where the zone means nothing and UTC is used. */
export function calendarDay(ms: number, zone: string | undefined): { day: string; known: boolean } {
  const name = zone === undefined ? 'Etc/UTC' : (zoneByAbbreviation[zone.toUpperCase()] ?? zone);
  const format = (timeZone: string) =>
    new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms);
  try {
    return { day: format(name), known: zone !== undefined };
  } catch {
    return { day: format('Etc/UTC'), known: false };
  }
}
