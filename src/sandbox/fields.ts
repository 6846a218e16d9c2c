import { given } from './engine/fields.ts';
import { invalid } from './route.ts';
import { isObject, type JsonObject } from './row.ts';

/** Text that '' empties; undefined when absent. 1002 for what is no text or longer than `most` characters. */
export function clearableText(body: JsonObject, field: string, most = 200): string | undefined {
  const value = Object.hasOwn(body, field) ? body[field] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(field, `${field} must be text.`);
  if (value.length > most) throw invalid(field, `${field} is longer than ${most} characters.`);
  return value.trim();
}

/** The `email` of a record or a person; '' empties it. */
export function emailField(body: JsonObject): string | undefined {
  const value = clearableText(body, 'email', 320);
  if (value && !/^[^\s@]+@[^\s@]+$/.test(value))
    throw invalid('email', 'email must be an address like name@example.com.');
  return value;
}

/** A whole number from 0. */
export function countField(body: JsonObject, field: string): number | undefined {
  const value = given(body, field);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw invalid(field, `${field} must be a whole number, 0 or more.`);
  return value;
}

const addressKeys = ['attention', 'address', 'street2', 'city', 'state', 'zip', 'country', 'phone', 'fax'];

/** A postal address; keys the API does not know are dropped. */
export function addressField(body: JsonObject, field: string): JsonObject | undefined {
  const value = given(body, field);
  if (value === undefined) return undefined;
  if (!isObject(value)) throw invalid(field, `${field} must be an object.`);
  const address: Record<string, string> = {};
  for (const key of addressKeys) {
    const part = clearableText(value, key, 500);
    if (part !== undefined) address[key] = part;
  }
  return address;
}

/** The part of `filter_by` after `Status.`, in lower case; 1002 unless it is one of `known`. */
export function statusFilter(query: URLSearchParams, known: readonly string[]): string | undefined {
  const filter = query.get('filter_by');
  if (!filter) return undefined;
  const found = known.find((name) => `status.${name}`.toLowerCase() === filter.toLowerCase());
  if (!found) throw invalid('filter_by', `filter_by is one of ${known.map((name) => `Status.${name}`).join(', ')}.`);
  return found.toLowerCase();
}
