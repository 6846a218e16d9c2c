import type { SqlValue } from '../sqlite.ts';

/** A value as it stands in a column; null where there is none. */
export const toJson = (value: unknown): string | null => JSON.stringify(value) ?? null;

export const fromJson = (value: SqlValue | undefined): unknown =>
  typeof value === 'string' ? JSON.parse(value) : undefined;

/** JSON with sorted keys, so that arguments that differ only in the order of their keys are one text. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, entry: unknown) =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}
