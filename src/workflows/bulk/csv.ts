import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { InvalidArguments } from '../../errors.ts';

/** One line of a table as it was written; `line` is where it begins in the text. */
export interface CsvLine {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Where cells are separated by semicolons, `1.234` is mostly one thousand and more. */
export const thousandsOrDecimals = /^[1-9]\d{0,2}\.\d{3}$/;

const separators = [',', ';', '\t'];

/** A sheet saved in a country of decimal commas is separated by semicolons, one copied from a grid by tabs. */
export function separatorOf(text: string): string {
  const [header = ''] = text.trimStart().split(/\r?\n/, 1);
  const counts = separators.map((separator) => header.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ',';
}

// The library's own words do not reach a model.
const faults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'a quote ends in the middle of a cell',
  INVALID_OPENING_QUOTE: 'a quote begins in the middle of a cell; double it, and put the cell between quotes',
};

/** The lines of a CSV text, the first of them the header. Throws InvalidArguments that names the line. */
export function readCsv(text: string): CsvLine[] {
  try {
    const records = parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { info: { lines: number }; record: string[] }[]; // parse boundary: the library's types do not know of `info`
    // `lines` is where a record ends; a cell may hold line breaks.
    return records.map(({ info, record }) => ({
      line: info.lines - record.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0),
      cells: record,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as CsvError & { lines?: unknown }; // parse boundary: facts of the library's error
    const where = typeof lines === 'number' ? `Line ${lines} of csv` : 'csv';
    const why = faults[error.code] ?? 'it cannot be read as CSV';
    throw new InvalidArguments(`${where}: ${why}. Nothing was written.`, { nothingSent: true });
  }
}

// What spreadsheets take for the beginning of a formula, full-width signs included; a plain number is none.
const formula = /^[=+\-@\t\r＝＋－＠]/;
const plainNumber = /^-?\d+(\.\d+)?$/;
/** One that looks guarded already is guarded as well, so that its own apostrophe is not the one taken off. */
const mayBeGuarded = (cell: string): boolean => formula.test(cell.replace(/^'+/, ''));

/** The cell as text that no spreadsheet runs: an apostrophe before what could be a formula. */
export const guardCell = (cell: string): string => (mayBeGuarded(cell) && !plainNumber.test(cell) ? `'${cell}` : cell);

/** A guarded cell as it was before. */
export const unguardCell = (cell: string): string =>
  cell.startsWith("'") && mayBeGuarded(cell.slice(1)) ? cell.slice(1) : cell;

/** CSV text with a header; `guarded` counts the cells that were neutralised. */
export function writeCsv(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): { text: string; guarded: number } {
  let guarded = 0;
  const safe = rows.map((row) =>
    row.map((cell) => {
      const kept = guardCell(cell);
      if (kept !== cell) guarded += 1;
      return kept;
    }),
  );
  return { text: stringify([[...header], ...safe]), guarded };
}
