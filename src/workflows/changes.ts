import type { Input } from '../operations/define.ts';
import { formatMicro, parseMicro } from './numbers.ts';
import { rateText, summaryLength } from './record-words.ts';
import { isRow, type Row } from './rows.ts';
import { plainText, quoted } from './text.ts';

/** One field that an update changes, in words. */
export interface Change {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

const nothing = 'none';
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Equal for one who reads the record: numbers by value, absent as empty, parts of an address left out as empty. */
export function sameValue(before: unknown, after: unknown): boolean {
  if (isEmpty(before) && isEmpty(after)) return true;
  if (typeof before === 'boolean' || typeof after === 'boolean') return Boolean(before) === Boolean(after);
  if (typeof before === 'number' || typeof after === 'number') {
    const [left, right] = [parseMicro(before), parseMicro(after)];
    return left !== undefined && left === right;
  }
  if (Array.isArray(before) || Array.isArray(after)) {
    const [left, right] = [listOf(before), listOf(after)];
    return left.length === right.length && left.every((entry, index) => sameValue(entry, right[index]));
  }
  if (isRow(before) || isRow(after)) {
    const [left, right] = [isRow(before) ? before : {}, isRow(after) ? after : {}];
    // Only what the update can name counts: records carry keys of the service's own beside.
    const keys = new Set([...Object.keys(right), ...Object.keys(left).filter((key) => !isRecordKeeping(key))]);
    return [...keys].every((key) => sameValue(left[key], right[key]));
  }
  return String(before ?? '').trim() === String(after ?? '').trim();
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isRecordKeeping = (key: string): boolean =>
  /_id$|_formatted$|^(index|data_type|placeholder|is_active)$/.test(key);

const moneyFields = new Set(['rate', 'purchase_rate', 'initial_stock_rate', 'shipping_charge', 'adjustment']);

export function inWords(value: unknown, field: string, currency: string): string {
  if (isEmpty(value)) return nothing;
  const micro = typeof value === 'boolean' ? undefined : parseMicro(value);
  if (micro !== undefined && moneyFields.has(field)) return rateText(micro, currency);
  if (typeof value === 'number') return micro === undefined ? String(value) : formatMicro(micro);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return `${value.length} (${quoted(value.map(entryWords).join('; '))})`;
  if (isRow(value)) return quoted(entryWords(value));
  return quoted(value);
}

function entryWords(value: unknown): string {
  if (!isRow(value)) return plainText(value);
  const parts = Object.entries(value).filter(([key, part]) => !isRecordKeeping(key) && !isRow(part) && !isEmpty(part));
  return parts
    .map(([, part]) => plainText(typeof part === 'boolean' ? '' : part))
    .filter(Boolean)
    .join(', ');
}

/** What the fields of `input` would change in `before`, ids and lists of lines aside. */
export function changesOf(before: Row, input: Input, options: { skip: readonly string[]; currency: string }): Change[] {
  return Object.entries(input).flatMap(([field, after]) => {
    if (options.skip.includes(field) || after === undefined || sameValue(before[field], after)) return [];
    return [
      {
        field,
        before: inWords(before[field], field, options.currency),
        after: inWords(after, field, options.currency),
      },
    ];
  });
}

export const changeLine = ({ field, before, after }: Change): string => `${field}: ${before} -> ${after}`;

/** The fields as given, for a preview that reads nothing. */
export const givenLines = (input: Input, skip: readonly string[], currency = ''): string[] =>
  Object.entries(input).flatMap(([field, value]) =>
    skip.includes(field) || value === undefined ? [] : [`${field}: ${inWords(value, field, currency)}`],
  );

/** What an update does, for the one line of the summary: in figures as far as there is room, else by name. */
export interface ShortChange {
  readonly whole: string;
  readonly name: string;
}

export const inShort = (changes: readonly Change[]): ShortChange[] =>
  changes.map(({ field, before, after }) => ({ whole: `${field} ${before} -> ${after}`, name: field }));

/** `Update item Desk Mat (DMAT): rate 24.99 USD -> 1.00 USD; also description`. */
export function updateSummary(what: string, changes: readonly ShortChange[]): string {
  if (changes.length === 0) return `${what}: no change of a field`;
  const shown: string[] = [];
  const rest: string[] = [];
  for (const { whole, name } of changes) {
    const fits = [...`${what}: ${[...shown, whole].join('; ')}`].length <= summaryLength - restLength;
    if (fits) shown.push(whole);
    else if (!rest.includes(name)) rest.push(name);
  }
  if (rest.length === 0) return `${what}: ${shown.join('; ')}`;
  return shown.length === 0
    ? `${what}: changes ${rest.join(', ')}`
    : `${what}: ${shown.join('; ')}; also ${rest.join(', ')}`;
}

// Room kept for the names of what is not shown in figures.
const restLength = 30;
