import { isObject, type JsonObject } from '../json.ts';

/** Whether a record shows what was given: `silent` where it does not print the field. */
export type Agreement = 'yes' | 'no' | 'silent';

type SameText = (given: string, found: string) => boolean;

const trimmed = (text: string) => text.normalize('NFC').replace(/\r\n?/g, '\n').trim();
const folded = (text: string) => trimmed(text).replace(/\s+/g, ' ').toLowerCase();
/** Letters and digits alone: an API that escapes or cleans a name leaves these. */
const bare = (text: string) =>
  folded(text.normalize('NFKC'))
    .replace(/&(amp|lt|gt|quot|apos|#39);/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '');

/** What one would call the same text, white space at its ends aside. */
export const equal: SameText = (given, found) => trimmed(given) === trimmed(found);
/** The same but for letter case and white space, which the API may change. */
export const alike: SameText = (given, found) => folded(given) === folded(found);
/** Not certainly another text. */
export const akin: SameText = (given, found) =>
  bare(given) === '' ? alike(given, found) : bare(given) === bare(found);

/** The same for all texts that are `akin`. */
export const core = (value: unknown): string => bare(String(value ?? '')) || folded(String(value ?? ''));

/** Of a number, or of digits; ids have more digits than a JS number keeps, and are never compared by it. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

const percentOf = (value: unknown): number | undefined =>
  numberOf(typeof value === 'string' ? value.replace(/%\s*$/, '') : value);

const isPercent = (value: unknown) => typeof value === 'string' && /^\s*[\d.]+\s*%\s*$/.test(value);

/** The API keeps six places at most. */
const near = (a: number, b: number) => Math.abs(a - b) < 5e-7;

function scalarsAgree(given: unknown, found: unknown, sameText: SameText): boolean {
  const isPair = isPercent(given) || isPercent(found);
  const [a, b] = isPair ? [percentOf(given), percentOf(found)] : [numberOf(given), numberOf(found)];
  const areNumbers = isPair || typeof given === 'number' || typeof found === 'number';
  if (areNumbers && a !== undefined && b !== undefined) return near(a, b);
  return sameText(String(given), String(found));
}

/** Given values against what a record prints: numbers by value, lists in any order, what was not given left out. */
export function agreement(given: unknown, found: unknown, sameText: SameText = equal): Agreement {
  if (given === undefined) return 'silent';
  if (found === undefined || found === null) return isEmpty(given) ? 'yes' : 'silent';
  if (Array.isArray(given)) return Array.isArray(found) ? listsAgree(given, found, sameText) : 'silent';
  if (isObject(given)) return isObject(found) ? objectsAgree(given, found, sameText) : 'silent';
  if (typeof found === 'object') return 'silent';
  return scalarsAgree(given, found, sameText) ? 'yes' : 'no';
}

const isEmpty = (value: unknown): boolean =>
  value === '' || value === null || (Array.isArray(value) ? value.length === 0 : isObject(value) && isBlank(value));

const isBlank = (row: JsonObject): boolean =>
  Object.values(row).every((value) => value === undefined || isEmpty(value));

/** A part that is not printed is silent: an object agrees only when all of it is there. */
function objectsAgree(given: JsonObject, found: JsonObject, sameText: SameText): Agreement {
  const each = Object.keys(given)
    .filter((key) => given[key] !== undefined)
    .map((key) => agreement(given[key], found[key], sameText));
  return each.includes('no') ? 'no' : each.includes('silent') ? 'silent' : 'yes';
}

/** A custom field without a value, which the API prints for every record. */
const isUnfilled = (entry: unknown) =>
  isObject(entry) && 'label' in entry && (entry.value === undefined || isEmpty(entry.value));

const size = (entry: unknown) => (isObject(entry) ? Object.keys(entry).length : 0);

/** Every entry has one of its own, and none is left over. */
function listsAgree(given: readonly unknown[], found: readonly unknown[], sameText: SameText): Agreement {
  // The most particular first, so that a vague one does not take what only another one fits.
  let open = given.filter((entry) => !isUnfilled(entry)).sort((a, b) => size(b) - size(a));
  const left = found.filter((entry) => !isUnfilled(entry));
  if (open.length !== left.length) return 'no';
  const match = (verdict: Agreement) => {
    open = open.filter((entry) => {
      const at = left.findIndex((other) => agreement(entry, other, sameText) === verdict);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    return open.length === 0;
  };
  if (match('yes')) return 'yes';
  return match('silent') ? 'silent' : 'no';
}

/** Keys that were given and that the record does not show so, be it that it shows another value or none. */
export const notShown = (given: JsonObject, found: JsonObject): string[] =>
  Object.keys(given).filter((key) => given[key] !== undefined && agreement(given[key], found[key], alike) !== 'yes');

export interface LineKeys {
  readonly of: string;
  readonly quantity?: string;
}

/** Goods -> their summed quantity and how many lines. */
function sums(lines: readonly unknown[], { of, quantity }: LineKeys): Map<string, { sum: number; lines: number }> {
  const found = new Map<string, { sum: number; lines: number }>();
  for (const line of lines.filter(isObject)) {
    const key = String(line[of]);
    const { sum, lines: count } = found.get(key) ?? { sum: 0, lines: 0 };
    found.set(key, { sum: sum + Number(quantity === undefined ? 0 : line[quantity]), lines: count + 1 });
  }
  return found;
}

/**
 * Whether the lines may be those that were asked for. By sums, because an API may reorder, merge or split lines, or add
 * the parts of a kit; fractions may have been rounded to the organization's places.
 */
export function goodsAgree(given: unknown, found: unknown, keys: LineKeys): Agreement {
  if (!Array.isArray(given) || !Array.isArray(found)) return 'silent';
  const there = sums(found, keys);
  let result: Agreement = 'yes';
  for (const [key, { sum, lines }] of sums(given, keys)) {
    const other = there.get(key);
    if (!other) return 'no';
    const places = Number.isInteger(sum) ? 0 : 0.5 * Math.max(lines, other.lines);
    if (Number.isNaN(other.sum)) result = 'silent';
    else if (!near(sum, other.sum) && Math.abs(sum - other.sum) > places) return 'no';
  }
  return result;
}

const keysOf = (entry: unknown): string[] =>
  isObject(entry) ? Object.keys(entry).filter((key) => entry[key] !== undefined) : [];

/**
 * Whether all that `other` says something about is said by `given` too, whatever the values. Where a record shows the
 * values of both, it is then as good as one that `other` made.
 */
export function covers(given: unknown, other: unknown): boolean {
  if (other === undefined) return true;
  if (given === undefined) return false;
  if (Array.isArray(given) && Array.isArray(other)) return given.every((own) => other.every((one) => covers(own, one)));
  if (!isObject(given) || !isObject(other)) return true;
  return keysOf(other).every((key) => covers(given[key], other[key]));
}
