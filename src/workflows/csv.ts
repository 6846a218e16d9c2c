import { CsvError, parse } from 'csv-parse/sync';
import { InvalidArguments } from '../errors.ts';

/** One record of a CSV text; its cells are trimmed and else as they were written. */
export interface CsvRow {
  /** The line of the text in which it begins. */
  readonly line: number;
  /** Its row in a spreadsheet: a blank line counts, the line breaks of a cell do not. */
  readonly row: number;
  readonly cells: readonly string[];
}

export interface CsvTable {
  readonly header: CsvRow;
  /** Without blank ones, and without the header where it stands again. */
  readonly rows: readonly CsvRow[];
  readonly separator: string;
  /** Rows with a text above the header: a title, a date. */
  readonly above: number;
}

/** What a job knows of its columns. */
export interface CsvColumns {
  /** Undefined for a heading that it does not know. */
  readonly columnOf: (heading: string) => string | undefined;
  /** Whether these columns are enough to read the rows below. */
  readonly isHeader: (columns: ReadonlySet<string>) => boolean;
}

// A sheet saved in a country of decimal commas is separated by semicolons, one copied from a grid by tabs.
const separators = [',', ';', '\t', '|'];
/** Rows of a title, a date and the like that a report of a shop has above its header. */
const mostAbove = 10;
const mostProbed = 50_000;

const asSpreadsheetsWrite = {
  record_delimiter: '\n',
  skip_empty_lines: true,
  relax_column_count: true,
  // 3" and ="00123" stand outside of quotes in many exports.
  relax_quotes: true,
  trim: true,
};

// The library's own words do not reach a model.
const faults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'a quote ends in the middle of a cell',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'a quote ends in the middle of a cell',
};

/**
 * A CSV text as spreadsheets, shops and models write it: a byte order mark, a `sep=` line, a fence of Markdown, rows above the
 * header, any line ends. The separator is the one that gives the most columns of the job. Undefined where nothing is in it; throws
 * InvalidArguments that names the line of a quote that does not match.
 */
export function readCsv(text: string, columns: CsvColumns): CsvTable | undefined {
  const { body, linesBefore, told } = bodyOf(text);
  const separator = separatorOf(body, told, columns);
  const records = recordsOf(body, separator, linesBefore);
  const start = headerAt(records, separator, columns);
  const first = records[start];
  if (!first) return undefined;
  const header = { ...first, cells: unfolded(first.cells, separator) };
  const isFolded = header.cells.length > first.cells.length;
  const rows = records
    .slice(start + 1)
    .map((row) =>
      isFolded || isFoldedLine(row.cells, separator) ? { ...row, cells: unfolded(row.cells, separator) } : row,
    )
    .filter(({ cells }) => !isSame(cells, header.cells));
  if (rows.length === 0 && !body.trim().includes('\n') && body.includes('\\n'))
    throw new InvalidArguments(
      'csv is one line: its line breaks came as the two signs \\n. Send real line breaks. Nothing was written.',
      { nothingSent: true },
    );
  return { header, rows, separator, above: start };
}

interface Body {
  /** Lines end in `\n`. */
  readonly body: string;
  readonly linesBefore: number;
  /** The separator that a `sep=` line names. */
  readonly told: string | undefined;
}

function bodyOf(text: string): Body {
  const lines = text.replace(/\r\n?/g, '\n').replace(/^\ufeff/, '');
  const [fence = ''] = /^\s*```\w*\n/.exec(lines) ?? [];
  const unfenced = fence === '' ? lines : lines.slice(fence.length).replace(/\n```\s*$/, '\n');
  const [sepLine = '', told] = /^\s*"?sep=(.)"?[\s,;]*?\n/i.exec(unfenced) ?? [];
  const body = unfenced.slice(sepLine.length, filledEnd(unfenced));
  return { body, linesBefore: breaksIn(fence) + breaksIn(sepLine), told };
}

/** Where the last cell with something in it ends: a sheet may be saved with the million rows that it could have. */
function filledEnd(text: string): number {
  let end = text.length;
  while (end > 0 && ' \t\n,;|'.includes(text.charAt(end - 1))) end -= 1;
  return end;
}

const breaksIn = (text: string): number => text.split('\n').length - 1;
const isFilled = ({ cells }: Pick<CsvRow, 'cells'>): boolean => cells.some((cell) => cell.trim() !== '');
const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((cell, index) => cell === b[index]);

/** Of those that make a header the one that knows most columns, then the one that makes most cells. */
function separatorOf(body: string, told: string | undefined, columns: CsvColumns): string {
  const probe = body.slice(0, mostProbed);
  const ranked = [...(told === undefined ? [] : [told]), ...separators].map((separator) => {
    const records = firstRecords(probe, separator).filter(isFilled);
    const header = records[headerAt(records, separator, columns)]?.cells ?? [];
    const cells = unfolded(header, separator);
    const known = columnsIn(cells, columns);
    return { separator, rank: [Number(columns.isHeader(known)), known.size, cells.length] };
  });
  const best = ranked.reduce((first, other) => (isHigher(other.rank, first.rank) ? other : first));
  return best.separator;
}

function isHigher(a: readonly number[], b: readonly number[]): boolean {
  const index = a.findIndex((value, place) => value !== b[place]);
  return index >= 0 && (a[index] ?? 0) > (b[index] ?? 0);
}

const columnsIn = (cells: readonly string[], { columnOf }: CsvColumns): Set<string> =>
  new Set(cells.flatMap((cell) => columnOf(cell) ?? []));

/** The first of the first rows that is a header; where none is, the first of all. */
function headerAt(records: readonly Pick<CsvRow, 'cells'>[], separator: string, columns: CsvColumns): number {
  const first = records.slice(0, mostAbove + 1).map(({ cells }) => unfolded(cells, separator));
  return Math.max(
    0,
    first.findIndex((cells) => columns.isHeader(columnsIn(cells, columns))),
  );
}

/** Those before a fault: with another separator the quotes may not match. */
function firstRecords(probe: string, delimiter: string): { cells: string[] }[] {
  const records: { cells: string[] }[] = [];
  const keep = (cells: string[]) => {
    records.push({ cells });
    return null;
  };
  try {
    parse(probe, { ...asSpreadsheetsWrite, delimiter, on_record: keep, to: mostAbove * 2 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  }
  return records;
}

function recordsOf(body: string, delimiter: string, linesBefore: number): CsvRow[] {
  const records: CsvRow[] = [];
  let seen = 0;
  let breaks = 0;
  let line = linesBefore + 1;
  // Empty lines are counted and not handed on: a sheet may end in a million of them.
  const keep = (cells: string[], { empty_lines }: { readonly empty_lines: number }) => {
    line = linesBefore + empty_lines + seen + breaks + 1;
    if (isFilled({ cells })) records.push({ line, row: linesBefore + empty_lines + seen + 1, cells });
    seen += 1;
    breaks += cells.reduce((sum, cell) => sum + breaksIn(cell), 0);
    line = linesBefore + empty_lines + seen + breaks + 1;
    return null;
  };
  try {
    parse(body, { ...asSpreadsheetsWrite, delimiter, on_record: keep });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as CsvError & { lines?: unknown }; // parse boundary: a fact of the library's error
    const why = faults[error.code] ?? 'it cannot be read as CSV';
    // The line in which the row begins is the one to mend; where the library gave up may be far below.
    const end = typeof lines === 'number' ? lines + linesBefore : line;
    const until = error.code === 'CSV_QUOTE_NOT_CLOSED' || end <= line ? '' : ` (line ${end})`;
    throw new InvalidArguments(
      `Line ${line} of csv: ${why}${until}. Double a quote that belongs to a text, and put the cell between quotes. Nothing was written.`,
      { nothingSent: true },
    );
  }
  return records;
}

/** A sheet that takes each line for one cell puts it between quotes when it saves: such a cell is the line it was. */
function unfolded(cells: readonly string[], separator: string): readonly string[] {
  const [only = '', ...others] = cells;
  if (others.length > 0 || !only.includes(separator) || only.includes('\n')) return cells;
  return firstRecords(only, separator)[0]?.cells ?? cells;
}

/** Below a header that needed no quotes only those lines are folded that have some: one of its cells begins with one. */
const isFoldedLine = ([only = '', ...others]: readonly string[], separator: string): boolean =>
  others.length === 0 && (only.startsWith('"') || only.includes(`${separator}"`));
