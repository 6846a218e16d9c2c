import { isRow, type Row } from '../rows.ts';

/** Rows kept of each list of a record; the rest is counted. */
const mostRows = 100;

// What the hosted service repeats of a value for screens, and what nobody asks for twice.
const isRepeated = (key: string): boolean => /_(formatted|symbol)$/.test(key);

/** A record without what is empty or said twice, and what was cut, as a sentence or an empty text. */
export function compactRecord(row: Row): { readonly record: Row; readonly cut: string } {
  const cuts: string[] = [];
  const compact = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) {
      if (value.length > mostRows) cuts.push(`${mostRows} of ${value.length} ${key.replaceAll('_', ' ')}`);
      return value.slice(0, mostRows).map((entry) => compact(entry, key));
    }
    if (!isRow(value)) return value;
    const entries = Object.entries(value)
      .filter(([name]) => !isRepeated(name))
      .map(([name, entry]) => [name, compact(entry, name)] as const)
      .filter(([, entry]) => !isEmpty(entry));
    return Object.fromEntries(entries);
  };
  const record = compact(row, 'record');
  return { record: isRow(record) ? record : {}, cut: cuts.length === 0 ? '' : ` Listed: ${cuts.join(', ')}.` };
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isRow(value) && Object.keys(value).length === 0);
