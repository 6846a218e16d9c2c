import type { Row } from '../sqlite.ts';

/** A TEXT column; null and absent read as ''. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : '';
}

/** An INTEGER column; null and absent read as 0. */
export function integerOf(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : 0;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A TEXT column that holds a JSON object this program wrote. */
export function jsonOf(row: Row, column: string): JsonObject {
  const value: unknown = JSON.parse(textOf(row, column) || '{}');
  return isObject(value) ? value : {};
}
