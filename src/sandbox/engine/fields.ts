import { ApiError, invalid, missing, type World } from '../route.ts';
import { isObject, type JsonObject } from '../row.ts';
import { fromMicro, micro, minorOfMicro, toMicro } from './quantity.ts';

/** A request body. Keys nobody asks for are ignored, as the API does; null and '' count as not given. */
export type Body = JsonObject;

/** The value under `key`, or undefined when it says nothing. */
export function given(body: Body, key: string): unknown {
  const value = Object.hasOwn(body, key) ? body[key] : undefined;
  return value === null || value === '' ? undefined : value;
}

const longestText = 10_000;

export function textField(body: Body, key: string): string | undefined {
  const value = given(body, key);
  if (value === undefined) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw invalid(key, `${key} must be text.`);
  if (value.length > longestText) throw invalid(key, `${key} is longer than ${longestText} characters.`);
  return value.trim();
}

export function requiredText(body: Body, key: string): string {
  const value = textField(body, key);
  if (value === undefined || value === '') throw missing(key);
  return value;
}

export interface Bounds {
  readonly least?: number;
  readonly most?: number;
}

/** A decimal in millionths; `least` and `most` in whole units. */
export function microField(body: Body, key: string, { least, most }: Bounds = {}): number | undefined {
  const value = given(body, key);
  if (value === undefined) return undefined;
  const parsed = toMicro(value);
  if (parsed === undefined) throw invalid(key, `${key} must be a number of at most 1,000,000,000.`);
  if (least !== undefined && parsed < least * micro) throw invalid(key, `${key} must be at least ${least}.`);
  if (most !== undefined && parsed > most * micro) throw invalid(key, `${key} must be at most ${most}.`);
  return parsed;
}

/** A quantity above zero, in millionths. */
export function quantityField(body: Body, key: string): number {
  const value = microField(body, key);
  if (value === undefined) throw missing(key);
  if (value <= 0) throw invalid(key, `${key} must be above 0; ${fromMicro(value)} was given.`);
  return value;
}

/** An amount in minor units of a currency with `digits` decimals. */
export function amountField(body: Body, key: string, digits: number, bounds: Bounds = {}): number | undefined {
  const value = microField(body, key, bounds);
  return value === undefined ? undefined : minorOfMicro(value, digits);
}

/** A calendar day, yyyy-mm-dd, that exists. */
export function dateField(body: Body, key: string): string | undefined {
  const value = given(body, key);
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) {
    const day = new Date(`${value}T00:00:00Z`);
    // Date rolls 2025-02-30 over to March; what comes back differs then.
    if (!Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)) return value;
  }
  throw invalid(key, `${key} must be a date like 2025-01-31.`);
}

/** The day of a document: not given = today; later than today is refused. */
export function documentDate(world: World, body: Body, key: string, fallback?: string): string {
  const date = dateField(body, key) ?? fallback ?? world.today();
  if (date > world.today())
    throw invalid(key, `${key} ${date} is in the future; today is ${world.today()} for this organization.`);
  return date;
}

export function flagField(body: Body, key: string): boolean | undefined {
  const value = given(body, key);
  if (value === undefined) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw invalid(key, `${key} must be true or false.`);
}

const mostRows = 1000;

/** A list of objects. */
export function listField(body: Body, key: string): Body[] | undefined {
  const value = given(body, key);
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every(isObject)) throw invalid(key, `${key} must be a list of objects.`);
  if (value.length > mostRows) throw invalid(key, `${key} holds ${value.length} entries; at most ${mostRows}.`);
  return value;
}

/** A list that must be there and hold something. */
export function requiredList(body: Body, key: string): Body[] {
  const rows = listField(body, key);
  if (!rows || rows.length === 0) throw missing(key);
  return rows;
}

/** What is stored as it was given: the named keys of `body` over those kept before. */
export function keptFields(body: Body, keys: readonly string[], before: JsonObject = {}): JsonObject {
  const kept: Record<string, unknown> = { ...before };
  for (const key of keys) if (Object.hasOwn(body, key) && body[key] !== undefined) kept[key] = body[key];
  return kept;
}

/** A step the record's state does not allow; the words say why and what would be allowed. */
export const refused = (details: string, field = 'status') =>
  new ApiError(400, 1002, 'Invalid field value', field, details);

export const insufficientStock = (details: string) =>
  new ApiError(400, 1003, 'Insufficient stock', 'quantity', details);

export const itemNotFound = (id: string) =>
  new ApiError(400, 1004, 'Item not found', 'item_id', `There is no item ${id}.`);

export const warehouseNotFound = (id: string, field = 'warehouse_id') =>
  new ApiError(400, 1005, 'Warehouse not found', field, `There is no warehouse ${id}.`);

export const duplicate = (field: string, details: string) => new ApiError(400, 36, 'Duplicate record', field, details);
