import { InvalidArguments } from '../../errors.ts';
import { quoted, visible } from '../text.ts';
import { readCsv, separatorOf, thousandsOrDecimals, unguardCell } from './csv.ts';
import { type ItemColumn, readHeaders } from './item-columns.ts';

/** One row to import. Cells that are empty or absent leave a field as it is. */
export interface TableRow {
  /** `line 7` of a CSV text, `row 6` of a list. */
  readonly place: string;
  readonly cells: Readonly<Partial<Record<ItemColumn, string>>>;
  /** Of the row as a whole. */
  readonly fault?: string;
}

export const mostRows = 5_000;

export interface Table {
  readonly columns: readonly ItemColumn[];
  readonly rows: readonly TableRow[];
}

const refuse = (message: string) => new InvalidArguments(`${message} Nothing was written.`, { nothingSent: true });

/** The table of an input. What is wrong with it as a whole is InvalidArguments; what is wrong with one row, the row says. */
export function readTable({ csv, rows }: { csv?: string | undefined; rows?: readonly object[] | undefined }): Table {
  if ((csv === undefined) === (rows === undefined)) throw refuse('Give csv or rows, one of the two.');
  const table = csv === undefined ? tableOfRows(rows ?? []) : tableOfCsv(csv);
  if (table.rows.length === 0) throw refuse('There is no row below the header.');
  if (table.rows.length > mostRows)
    throw refuse(`There are ${table.rows.length} rows; at most ${mostRows} in one call. Split them.`);
  if (!table.columns.includes('sku')) throw refuse('The column sku is missing: items are told by it.');
  return table;
}

/** Blanks between quotes, and what draws nothing, are as empty as nothing: none of them wipes a field. */
const isBlank = (cell: string): boolean => visible(cell).trim() === '';

function columnsOf(headers: readonly string[]): ItemColumn[] {
  const { columns, faults } = readHeaders(headers);
  if (faults.length > 0) throw refuse(faults.join(' '));
  return columns;
}

function tableOfCsv(csv: string): Table {
  const [header, ...lines] = readCsv(csv);
  if (!header) throw refuse('csv is empty; its first line names the columns.');
  // Sheets leave empty columns behind the last one.
  const named = header.cells.findLastIndex((cell) => cell !== '') + 1;
  const columns = columnsOf(header.cells.slice(0, named));
  const hasSemicolons = separatorOf(csv) === ';';
  const rows = lines.map(({ line, cells }): TableRow => {
    const place = `line ${line}`;
    const more = cells.slice(columns.length).some((cell) => cell !== '');
    if (more) return { place, cells: {}, fault: `it has ${cells.length} cells, the header ${columns.length}` };
    const told = columns.map((column, index) => [column, unguardCell(cells[index] ?? '')] as const);
    const given = Object.fromEntries(told.filter(([, cell]) => !isBlank(cell)));
    const unclear = hasSemicolons ? told.find(([column, cell]) => isUnclear(column, cell)) : undefined;
    return { place, cells: given, ...(unclear ? { fault: unclearWords(...unclear) } : {}) };
  });
  return { columns, rows: rows.filter(({ cells, fault }) => fault !== undefined || Object.keys(cells).length > 0) };
}

const figures: readonly ItemColumn[] = [
  'rate',
  'purchase_rate',
  'reorder_level',
  'initial_stock',
  'initial_stock_rate',
];
const isUnclear = (column: ItemColumn, cell: string): boolean =>
  figures.includes(column) && thousandsOrDecimals.test(cell);
const unclearWords = (column: ItemColumn, cell: string): string =>
  `${column} ${quoted(cell, 30)} may be ${cell.replace('.', '')} or ${cell}0: write the one that is meant so`;

function tableOfRows(rows: readonly object[]): Table {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = columnsOf(keys);
  const columnOfKey = new Map(keys.map((key, index) => [key, columns[index]]));
  return { columns, rows: rows.map((row, index) => rowOf(row, `row ${index + 1}`, columnOfKey)) };
}

function rowOf(row: object, place: string, columnOfKey: ReadonlyMap<string, ItemColumn | undefined>): TableRow {
  const cells: Partial<Record<ItemColumn, string>> = {};
  const entries: [string, unknown][] = Object.entries(row);
  for (const [key, value] of entries) {
    const column = columnOfKey.get(key);
    if (column === undefined || value === null) continue;
    if (typeof value !== 'string' && typeof value !== 'number')
      return { place, cells, fault: `${column} must be text or a number` };
    const cell = String(value).trim();
    if (!isBlank(cell)) cells[column] = cell;
  }
  return { place, cells };
}
