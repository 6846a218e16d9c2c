import { describe, expect, it } from 'vitest';
import { addDays, calendarDay, timestamp, zoneOf } from '../../src/sandbox/zones.ts';

describe('time zones', () => {
  it.each([
    ['PST', 'America/Los_Angeles', true],
    ['est', 'America/New_York', true],
    ['IST', 'Asia/Kolkata', true],
    ['Europe/Berlin', 'Europe/Berlin', true],
    ['Moon/Tycho', 'UTC', false],
    ['', 'UTC', false],
  ])('%s means %s', (name, zone, known) => {
    expect(zoneOf(name)).toEqual({ zone, known });
  });

  it('give the calendar day of the place', () => {
    const evening = Date.parse('2026-01-01T03:00:00Z');
    expect(calendarDay(evening, 'America/Los_Angeles')).toBe('2025-12-31');
    expect(calendarDay(evening, 'PST')).toBe('2025-12-31');
    expect(calendarDay(evening, 'Asia/Tokyo')).toBe('2026-01-01');
    expect(calendarDay(evening, 'Moon/Tycho')).toBe('2026-01-01');
  });

  it.each([
    ['2025-01-15T18:30:00Z', 'PST', '2025-01-15T10:30:00-0800'],
    ['2025-07-15T17:30:00Z', 'PST', '2025-07-15T10:30:00-0700'],
    ['2020-12-03T05:11:39.900Z', 'IST', '2020-12-03T10:41:39+0530'],
    ['2025-01-15T00:00:00Z', 'UTC', '2025-01-15T00:00:00+0000'],
    ['2025-01-15T08:00:00Z', 'America/Los_Angeles', '2025-01-15T00:00:00-0800'],
  ])('write %s in %s as %s', (time, zone, written) => {
    expect(timestamp(Date.parse(time), zone)).toBe(written);
  });

  it('step over days, months, leap days and changes of the clock', () => {
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-03-07', 2)).toBe('2026-03-09');
    expect(addDays('2026-01-01', -400)).toBe('2024-11-27');
  });
});
