import type { Input } from './input.ts';

/**
 * How one finds out what became of a write whose answer never came: the API has no idempotency keys. Data only;
 * `client/lost/` does the looking.
 */
export type Trace = CreatedTrace | ReachedTrace | SameTrace | GoneTrace | GrownTrace | AgainTrace | UntraceableTrace;

type Row = Record<string, unknown>;

/** A new record: searched among those that were made no earlier than the first attempt. */
export interface CreatedTrace {
  readonly kind: 'created';
  /** Read operation whose rows hold the record. */
  readonly list: string;
  /** Input of the list that brings the record among few others; filters may be ignored by the API. */
  readonly narrow: (input: Input) => Input;
  /** Key of a row's id. */
  readonly id: string;
  /** Read operation that brings a row whole; absent where the list does. */
  readonly get?: string;
  /** Given fields without which a record is surely another one: ids and names that the API does not make itself. */
  readonly same: (input: Input) => readonly string[];
  /** The same of lines: which key tells the goods, and which the quantity where the API prints it as it came. */
  readonly lines?: { readonly of: string; readonly quantity?: string };
  /** The record's fields in the spelling of the input, where they differ. */
  readonly spell?: (record: Row, input: Input) => Row;
}

/** A status that the record has afterwards, or has left behind since. */
export interface ReachedTrace {
  readonly kind: 'reached';
  readonly get: string;
  readonly field: string;
  readonly is: readonly string[];
  readonly spell?: CreatedTrace['spell'];
}

/** A change: the given fields stand in the record. Sent again it leaves the same record. */
export interface SameTrace {
  readonly kind: 'same';
  readonly get: string;
  readonly spell?: CreatedTrace['spell'];
}

/** A delete: the record is not found any more. */
export interface GoneTrace {
  readonly kind: 'gone';
  readonly get: string;
}

/** Line id -> quantity; a line whose quantity is not printed is left out. */
export type Quantities = Readonly<Record<string, number>>;

/** Quantities that grow with each such write: told by what they were before and are after. */
export interface GrownTrace {
  readonly kind: 'grown';
  readonly get: string;
  readonly counts: (record: Row) => Quantities;
  /** By how much each line grows; `record` as it was before, for an input that names no lines. */
  readonly growth: (input: Input, record: Row) => Quantities;
  /** The rows of the record of which each such write adds one; absent where the reply is the record itself. */
  readonly made?: { readonly rows: string; readonly id: string };
}

/** Leaves the same state however often it is sent, and nothing in the record tells it apart. */
export interface AgainTrace {
  readonly kind: 'again';
}

/** Leaves nothing behind that can be read. */
export interface UntraceableTrace {
  readonly kind: 'untraceable';
  /** Where a person can look. */
  readonly look: string;
}

export const created = (trace: Omit<CreatedTrace, 'kind'>): CreatedTrace => ({ kind: 'created', ...trace });
export const reached = (get: string, field: string, ...is: string[]): ReachedTrace => ({
  kind: 'reached',
  get,
  field,
  is,
});
export const same = (get: string, spell?: CreatedTrace['spell']): SameTrace => ({
  kind: 'same',
  get,
  ...(spell ? { spell } : {}),
});
export const gone = (get: string): GoneTrace => ({ kind: 'gone', get });
export const grown = (trace: Omit<GrownTrace, 'kind'>): GrownTrace => ({ kind: 'grown', ...trace });
export const again: AgainTrace = { kind: 'again' };
export const untraceable = (look: string): UntraceableTrace => ({ kind: 'untraceable', look });

/** Of a list: what was made last comes first. */
export const newestFirst = { sort_column: 'created_time', sort_order: 'D' } as const; // literals, so that traces agree

/** An item or kit: its SKU is unique, and its name where it has none. */
export const byCode = ({ sku }: Input): readonly string[] => [sku ? 'sku' : 'name'];

/** By SKU where there is one: that filter is exact, whereas a search may lag behind what was just written. */
export const listedByCode = ({ sku }: Input): Input => ({
  filter_by: 'Status.All',
  ...(sku ? { sku } : {}),
  ...newestFirst,
});

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The rows of a list field; empty where there is none. */
export const rowsOf = (record: Row, key: string): Row[] => {
  const list = record[key];
  return Array.isArray(list) ? list.filter(isRow) : [];
};

/** The object at a key; empty where there is none. */
export const objectAt = (record: Row, key: string): Row => {
  const value = record[key];
  return isRow(value) ? value : {};
};

/** Lines by their id; a line that is named twice counts with both. */
export function quantities(record: Row, quantity: (line: Row) => unknown): Quantities {
  const found: Record<string, number> = {};
  for (const line of rowsOf(record, 'line_items')) {
    const id = String(line.line_item_id);
    const value = quantity(line);
    const number = value === undefined || value === null || value === '' ? Number.NaN : Number(value);
    if (!Number.isNaN(number)) found[id] = (found[id] ?? 0) + number;
  }
  return found;
}

/** The first line's value of a key: what a list is narrowed by. */
export const ofFirstLine = (input: Input, key: string): Input => {
  const value = rowsOf(input, 'line_items')[0]?.[key];
  return value === undefined ? {} : { [key]: value };
};
