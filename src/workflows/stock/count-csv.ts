import { InvalidArguments } from '../../errors.ts';
import { type CsvRow, readCsv } from '../csv.ts';
import { cellText, isFormula, numberIn, sheetFault } from '../csv-cells.ts';
import { csvColumns, type Layout, layoutOf } from './count-columns.ts';

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
  /** Rows above the header, which were not read. */
  readonly above: number;
  /** What the heading of the quantity says of it. */
  readonly says: Layout['says'];
}

const refused = (message: string) => new InvalidArguments(`${message} Nothing was written.`, { nothingSent: true });

/** Rows of CSV text. What has no such columns throws InvalidArguments; what is wrong with one row is its `fault`. */
export function readSheet(csv: string): Sheet {
  const table = readCsv(csv, csvColumns);
  const layout = layoutOf(table?.header.cells ?? []);
  if (!table || 'fault' in layout) throw refused('fault' in layout ? layout.fault : 'The CSV is empty.');
  const { header, rows, separator, above } = table;
  const read = rows.map((row) => rowOf(row, header.cells.length, layout, separator));
  return { rows: read, unread: layout.unread, above, says: layout.says };
}

function rowOf({ row, cells }: CsvRow, width: number, layout: Layout, separator: string): SheetRow {
  const first = (places: readonly number[]): string =>
    places.map((place) => cells[place] ?? '').find((cell) => cell.trim() !== '') ?? '';
  const [item, warehouse] = [first(layout.item), first(layout.warehouse)];
  const quantity = quantityIn(cells[layout.quantity] ?? '', separator);
  const hasMore = cells.slice(width).some((cell) => cell.trim() !== '');
  const fault = hasMore
    ? 'has more cells than the header: a number with a comma must be written 1.5'
    : (textFault(item) ?? textFault(warehouse) ?? (cellText(item) === '' ? 'names no item' : undefined));
  const wrong = fault ?? ('fault' in quantity ? quantity.fault : undefined);
  return {
    row,
    item: cellText(item),
    warehouse: cellText(warehouse),
    quantity: 'micro' in quantity ? quantity.micro : undefined,
    ...(wrong === undefined ? {} : { fault: wrong }),
  };
}

function textFault(cell: string): string | undefined {
  if (isFormula(cell)) return 'is a formula; give what it shows';
  // A spreadsheet has cut the last digits off: which item it was cannot be told.
  const fault = sheetFault(cellText(cell), { isCode: true });
  return fault?.startsWith('was') ? 'is an id that a spreadsheet has rounded; give it as text' : fault;
}

const most = 1_000_000_000_000_000n;

/** A number in 1e-6, or what is wrong with it. Nothing is guessed: 1,234 may be one and a bit or a thousand. */
function quantityIn(cell: string, separator: string): { micro: bigint } | { fault: string } {
  if (cellText(cell) === '') return { fault: 'has no quantity' };
  if (isFormula(cell)) return { fault: 'has a formula for a quantity; give the number' };
  const read = numberIn(cell, separator);
  if ('micro' in read)
    return read.micro > most || read.micro < -most ? { fault: 'has a quantity of more than 1,000,000,000' } : read;
  if ('or' in read) {
    const sign = cell.includes(',') ? 'comma' : 'point';
    return {
      fault: `may mean ${read.either} or ${read.or} by the ${sign} of its quantity; write the one that is meant so`,
    };
  }
  return { fault: faults[read.fault] };
}

const faults = {
  comma: 'has a comma in its quantity; write 1.5 for one and a half, and 1500 without a sign for thousands',
  'too fine': 'has more than 6 decimal places',
  'no number': 'has a quantity that is no plain number',
} as const;
