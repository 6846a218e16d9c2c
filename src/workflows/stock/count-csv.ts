import { CsvError, parse } from 'csv-parse/sync';
import { InvalidArguments } from '../../errors.ts';
import { thousandsOrDecimals } from '../bulk/csv.ts';
import { parseMicro } from '../numbers.ts';
import { fold, quoted } from '../text.ts';

/** One row of a list of levels as it came, before anything is looked up. */
export interface SheetRow {
  /** As a person counts: the place in the list, or the row of the spreadsheet, whose header is row 1. */
  readonly row: number;
  readonly item: string;
  /** Empty where the row names none. */
  readonly warehouse: string;
  /** In 1e-6 units; undefined where the row says no number that can be trusted: see `fault`. */
  readonly quantity: bigint | undefined;
  readonly fault?: string;
}

export interface Sheet {
  readonly rows: readonly SheetRow[];
  /** Headings of columns that were not read. */
  readonly unread: readonly string[];
}

type Column = 'item' | 'warehouse' | 'quantity';

// The first heading of a list that is there is the one read: an id tells more than a name.
const headings: Record<Column, readonly string[]> = {
  item: ['item_id', 'sku', 'item', 'name', 'item_name'],
  warehouse: ['warehouse_id', 'warehouse', 'warehouse_name', 'location'],
  quantity: ['quantity', 'counted', 'count', 'qty', 'change'],
};
const delimiters = [',', ';', '\t'];
const nothingSent = { nothingSent: true };

/**
 * Rows of CSV text as spreadsheets write it: comma, semicolon or tab, a byte order mark, a `sep=` line, quoted cells, blank
 * rows. What is no CSV, or has no such columns, throws InvalidArguments; what is wrong with one row is its `fault`.
 */
export function readSheet(csv: string): Sheet {
  const [sepLine = '', sep] = /^\ufeff?sep=(.)\r?\n/i.exec(csv) ?? [];
  const body = csv.slice(sepLine.length);
  const delimiter = (sep ? [sep] : delimiters).find((sign) => columnsOf(firstRecord(body, sign)) !== undefined);
  if (delimiter === undefined) {
    const first = body.split(/[\r\n]+/).find((line) => line.trim() !== '') ?? '';
    throw new InvalidArguments(
      `The first row of the CSV must name the columns item (or sku, item_id), quantity and, if wanted, warehouse. It reads ${quoted(first, 80)}. Nothing was written.`,
      nothingSent,
    );
  }
  const records = recordsOf(body, delimiter);
  const start = records.findIndex((record) => !isBlank(record));
  const columns = columnsOf(records[start] ?? []) ?? new Map<Column, number>();
  return sheetOf(records, { start, columns, linesBefore: sepLine === '' ? 0 : 1, hasSemicolons: delimiter === ';' });
}

const asSpreadsheetsWrite = {
  bom: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  // ="00123", which keeps the zeros of an SKU, and 3" stand outside of quotes in many exports.
  relax_quotes: true,
  relax_column_count: true,
  trim: true,
};

/** The header, if this is the delimiter: with another one its quotes may not match. */
function firstRecord(csv: string, delimiter: string): string[] {
  try {
    const options = { ...asSpreadsheetsWrite, delimiter, skip_records_with_empty_values: true, to: 1 };
    return parse(csv, options)[0] ?? [];
  } catch (error) {
    if (error instanceof CsvError) return [];
    throw error;
  }
}

function recordsOf(csv: string, delimiter: string): string[][] {
  try {
    return parse(csv, { ...asSpreadsheetsWrite, delimiter });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const why = error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quotation mark is not closed' : 'its quotes do not match';
    throw new InvalidArguments(`The CSV cannot be read: ${why}. Nothing was written.`, nothingSent);
  }
}

const isBlank = (record: readonly string[]): boolean => record.every((cell) => cell.trim() === '');

function columnsOf(header: readonly string[]): Map<Column, number> | undefined {
  const names = header.map((cell) => fold(cell).replace(/[\s-]+/g, '_'));
  const columns = new Map<Column, number>();
  for (const column of ['item', 'warehouse', 'quantity'] as const) {
    const name = headings[column].find((heading) => names.includes(heading));
    if (name !== undefined) columns.set(column, names.indexOf(name));
  }
  return columns.has('item') && columns.has('quantity') ? columns : undefined;
}

interface Layout {
  readonly start: number;
  readonly columns: ReadonlyMap<Column, number>;
  readonly linesBefore: number;
  readonly hasSemicolons: boolean;
}

function sheetOf(records: readonly string[][], layout: Layout): Sheet {
  const { start, columns, linesBefore } = layout;
  const header = records[start] ?? [];
  const read = new Set(columns.values());
  const rows = records.flatMap((record, index) =>
    index <= start || isBlank(record) ? [] : [rowOf(record, index + 1 + linesBefore, header.length, layout)],
  );
  return { rows, unread: header.filter((heading, index) => heading !== '' && !read.has(index)) };
}

function rowOf(
  record: readonly string[],
  row: number,
  width: number,
  { columns, hasSemicolons }: Pick<Layout, 'columns' | 'hasSemicolons'>,
): SheetRow {
  const cell = (column: Column): string => record[columns.get(column) ?? -1]?.trim() ?? '';
  const item = asText(cell('item'));
  const warehouse = asText(cell('warehouse'));
  const fault = isBlank(record.slice(width))
    ? (textFault(item) ?? textFault(warehouse) ?? (item === '' ? 'names no item' : undefined))
    : 'has more cells than the header: a number with a comma must be written 1.5';
  const quantity = numberIn(cell('quantity'), hasSemicolons);
  const wrong = fault ?? (typeof quantity === 'string' ? quantity : undefined);
  return {
    row,
    item,
    warehouse,
    quantity: typeof quantity === 'bigint' ? quantity : undefined,
    ...(wrong === undefined ? {} : { fault: wrong }),
  };
}

/** `="00123"` is how a spreadsheet is told that digits are text. */
const asText = (cell: string): string => /^="([^"]*)"$/.exec(cell)?.[1]?.trim() ?? cell;

function textFault(cell: string): string | undefined {
  if (cell.startsWith('=')) return 'is a formula; give what it shows';
  // A spreadsheet has cut the last digits off: which item it was cannot be told.
  return /^\d(\.\d+)?e\+\d{2}$/i.test(cell) ? 'is an id that a spreadsheet has rounded; give it as text' : undefined;
}

/** A plain number in 1e-6, or what is wrong with it. Nothing is guessed: 1,5 may be one and a half or fifteen. */
function numberIn(given: string, hasSemicolons: boolean): bigint | string {
  const cell = asText(given);
  if (cell === '') return 'has no quantity';
  if (cell.startsWith('=')) return 'has a formula for a quantity; give the number';
  if (/^[+-]?[\d.\s]*,[\d.,\s]*$/.test(cell))
    return 'has a comma in its quantity; write 1.5 for one and a half, and 1500 without a sign for thousands';
  if (hasSemicolons && thousandsOrDecimals.test(cell.replace(/^[+-]/, '')))
    return `may mean ${cell.replace('.', '')} or ${cell}0 by its quantity; write the one that is meant so`;
  if (!/^[+-]?\d+(\.\d+)?$/.test(cell)) return 'has a quantity that is no plain number';
  return quantityFault(cell) ?? parseMicro(cell) ?? 'has a quantity that is no plain number';
}

function quantityFault(cell: string): string | undefined {
  if (/\.\d{6}\d*[1-9]/.test(cell)) return 'has more than 6 decimal places';
  return Math.abs(Number(cell)) > 1_000_000_000 ? 'has a quantity of more than 1,000,000,000' : undefined;
}
