import { InvalidArguments } from '../../errors.ts';
import { type CsvTable, readCsv } from '../csv.ts';
import { cellText, isFormula, numberIn } from '../csv-cells.ts';
import { formatMicro } from '../numbers.ts';
import { counted, quoted, visible } from '../text.ts';
import { csvColumns, type ItemColumn, isFigure, readHeaders } from './item-columns.ts';

/** One row to import. Cells that are empty or absent leave a field as it is; of a number that can be read only the figures are left. */
export interface TableRow {
  /** `line 7` of a CSV text, `row 6` of a list. */
  readonly place: string;
  readonly cells: Readonly<Partial<Record<ItemColumn, string>>>;
  /** Of the row as a whole, or of cells that say nothing for certain. */
  readonly fault?: string;
}

export const mostRows = 5_000;

export interface Table {
  readonly columns: readonly ItemColumn[];
  readonly rows: readonly TableRow[];
  /** Rows above the header, which were not read. */
  readonly above: number;
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
  const table = readCsv(csv, csvColumns);
  if (!table) throw refuse('csv is empty; its first line names the columns.');
  const { header, separator, above } = table;
  const width = header.cells.findLastIndex((cell) => !isBlank(cell)) + 1;
  const named = header.cells.flatMap((cell, index) => (isBlank(cell) ? [] : [index]));
  refuseNameless(table, width);
  const columns = columnsOf(named.map((index) => header.cells[index] ?? ''));
  const rows = table.rows.map(({ line, cells }): TableRow => {
    const place = `line ${line}`;
    if (cells.slice(width).some((cell) => !isBlank(cell)))
      return {
        place,
        cells: {},
        fault: `it has ${cells.length} cells, the header ${width}: put a cell that holds the separator between quotes`,
      };
    const told = columns.map((column, index) => [column, cells[named[index] ?? -1] ?? ''] as const);
    return { place, ...readCells(told, separator) };
  });
  return {
    columns,
    above,
    rows: rows.filter(({ cells, fault }) => fault !== undefined || Object.keys(cells).length > 0),
  };
}

/** Sheets leave empty columns behind the last one and between two; one that is full must say what it is. */
function refuseNameless({ header, rows }: CsvTable, width: number): void {
  const nameless = header.cells.slice(0, width).flatMap((cell, index) => {
    const isFull = isBlank(cell) && rows.some(({ cells }) => !isBlank(cells[index] ?? ''));
    return isFull ? [index + 1] : [];
  });
  if (nameless.length > 0)
    throw refuse(`Column ${nameless.slice(0, 5).join(', ')} has cells and no heading: name it or take it out.`);
}

type Told = readonly (readonly [ItemColumn, string])[];

/** Cells of a sheet as what they say, and what is wrong with them. */
function readCells(told: Told, separator: string): Omit<TableRow, 'place'> {
  const formulas = told.filter(([, cell]) => isFormula(cell));
  const { cells, fault } = readTexts(
    told.map(([column, cell]) => [column, cellText(cell)]),
    separator,
  );
  const faults = formulas.map(([column, cell]) => `${column} ${quoted(cell, 30)} is a formula; give what it shows`);
  const all = [...faults, ...(fault === undefined ? [] : [fault])];
  return { cells, ...(all.length > 0 ? { fault: all.join('; ') } : {}) };
}

function readTexts(told: Told, separator: string): Omit<TableRow, 'place'> {
  const filled = told.filter(([, text]) => !isBlank(text));
  const faults = filled.flatMap(([column, text]) => {
    const fault = isFigure(column) ? unclear(text, separator) : undefined;
    return fault === undefined ? [] : [`${column} ${quoted(text, 30)} ${fault}`];
  });
  const cells = filled.map(([column, text]) => [column, isFigure(column) ? figure(text, separator) : text]);
  return { cells: Object.fromEntries(cells), ...(faults.length > 0 ? { fault: faults.join('; ') } : {}) };
}

/** A number as plain decimals; what is none, or may be two, stays as it is. */
function figure(text: string, separator: string): string {
  const read = numberIn(text, separator);
  return 'micro' in read ? formatMicro(read.micro) : text;
}

function unclear(text: string, separator: string): string | undefined {
  const read = numberIn(text, separator);
  return 'or' in read ? `may be ${read.either} or ${read.or}: write the one that is meant so` : undefined;
}

function tableOfRows(rows: readonly object[]): Table {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = columnsOf(keys);
  const columnOfKey = new Map(keys.map((key, index) => [key, columns[index]]));
  return { columns, above: 0, rows: rows.map((row, index) => rowOf(row, `row ${index + 1}`, columnOfKey)) };
}

function rowOf(row: object, place: string, columnOfKey: ReadonlyMap<string, ItemColumn | undefined>): TableRow {
  const told: [ItemColumn, string][] = [];
  const entries: [string, unknown][] = Object.entries(row);
  for (const [key, value] of entries) {
    const column = columnOfKey.get(key);
    if (column === undefined || value === null) continue;
    if (typeof value !== 'string' && typeof value !== 'number')
      return { place, cells: {}, fault: `${column} must be text or a number` };
    told.push([column, String(value).trim()]);
  }
  return { place, ...readTexts(told, ',') };
}

/** Said of a table whose first rows were no header. */
export const aboveWords = ({ above }: Pick<Table, 'above'>): string[] =>
  above === 0 ? [] : [`Not read: ${counted(above, 'line')} above the header.`];
