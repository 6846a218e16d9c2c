import { formatMicro, formatMoney, sumOf } from '../numbers.ts';
import { counted, itemWords, named, quoted } from '../text.ts';
import type { Sheet } from './count-csv.ts';
import {
  type BadRow,
  type Line,
  largestFirst,
  type Mode,
  magnitude,
  rangesOf,
  rowWords,
} from './set-stock-levels-rows.ts';

/** What a person reads before saying yes; of more differences only the largest. */
const mostShown = 30;
const mostWarned = 10;

/** What the plan is made of. */
export interface Found {
  readonly lines: readonly Line[];
  readonly badRows: readonly BadRow[];
  readonly sheet: Sheet;
  readonly mode: Mode;
  readonly currency: string;
  readonly reason: string | undefined;
  readonly date: string | undefined;
  readonly today: string;
}

/** One side of the differences. */
interface Side {
  readonly levels: number;
  readonly units: string;
  readonly value: bigint;
}

export interface Sums {
  /** Lines that differ, in the order of the rows, and the same with those to recount and the largest first. */
  readonly moved: readonly Line[];
  readonly sheet: readonly Line[];
  readonly plus: Side;
  readonly minus: Side;
  /** Of what has a cost. */
  readonly total: bigint;
  readonly unknown: readonly Line[];
  readonly recount: number;
}

export function sumsOf({ lines }: Found): Sums {
  const moved = lines.filter(({ difference }) => difference !== 0n);
  const worthOf = (some: readonly Line[]) => sumOf(some.map(({ value = 0n }) => value));
  const side = (some: readonly Line[]): Side => ({
    levels: some.length,
    units: unitsOf(some),
    value: worthOf(some),
  });
  return {
    moved,
    sheet: largestFirst(moved),
    plus: side(moved.filter(({ difference }) => difference > 0n)),
    minus: side(moved.filter(({ difference }) => difference < 0n)),
    total: worthOf(moved),
    unknown: moved.filter(({ value }) => value === undefined),
    recount: moved.filter((line) => line.recount).length,
  };
}

export const reasonOf = ({ mode, reason }: Pick<Found, 'mode' | 'reason'>): string =>
  reason ?? (mode === 'set_to' ? 'Stock Count' : 'Bulk stock update');

const signed = (text: string): string => (text.startsWith('-') ? text : `+${text}`);
const signedMoney = (minor: bigint, currency: string): string =>
  minor === 0n ? formatMoney(minor, currency) : signed(formatMoney(minor, currency));

/** `40 pcs, 2.5 m`: unlike units are not summed. */
function unitsOf(lines: readonly Line[]): string {
  const sums = new Map<string, bigint>();
  for (const { unit, difference } of lines) sums.set(unit, (sums.get(unit) ?? 0n) + magnitude(difference));
  const words = [...sums].map(([unit, sum]) => `${formatMicro(sum)} ${named(unit, 20) || 'units'}`);
  return words.length <= 3 ? words.join(', ') : `${words.slice(0, 3).join(', ')} and ${words.length - 3} other units`;
}

/** `3 levels in Oakland and Newark: +3 pcs, -56 pcs, -488.50 USD`. */
export function headingOf({ moved, plus, minus, total }: Sums, currency: string): string {
  const names = [...new Map(moved.map((line) => [line.warehouseId, named(line.warehouseName, 30)])).values()];
  const where = names.length <= 2 ? names.join(' and ') : `${names.length} warehouses`;
  const units = [...(plus.levels > 0 ? [`+${plus.units}`] : []), ...(minus.levels > 0 ? [`-${minus.units}`] : [])];
  return `${counted(moved.length, 'level')} in ${where}: ${units.join(', ')}, ${signedMoney(total, currency)}`;
}

/** The count sheet as a person reads it, its totals, what is worth knowing, what is left out, what is posted. */
export function previewOf(found: Found, sums: Sums, documents: number): string[] {
  const { lines, mode, currency, badRows, sheet } = found;
  const same = lines.length - sums.moved.length;
  const rest = sums.sheet.slice(mostShown);
  return [
    ...sums.sheet.slice(0, mostShown).map((line) => lineWords(line, mode, currency)),
    ...(rest.length > 0 ? [`... and ${rest.length} more of ${sums.sheet.length} differences: ${unitsOf(rest)}.`] : []),
    ...totalWords(sums, currency),
    ...addedUpWords(lines),
    ...(same > 0 ? [`Unchanged and not posted: ${counted(same, 'level')}.`] : []),
    ...(sums.recount > 0
      ? [`Far off, marked recount: ${counted(sums.recount, 'level')}. Count again before you say yes.`]
      : []),
    ...promisedWords(sums.moved),
    ...leftOutWords(badRows),
    ...unreadWords(sheet),
    postedWords(found, documents),
  ];
}

const placeWords = (line: Line): string =>
  `${itemWords({ sku: line.sku, item: line.name })} in ${named(line.warehouseName)}`;

function lineWords(line: Line, mode: Mode, currency: string): string {
  const { before, after, difference, value } = line;
  const level =
    mode === 'set_to'
      ? `book ${formatMicro(before)}, counted ${formatMicro(after)}`
      : `on hand ${formatMicro(before)} -> ${formatMicro(after)}`;
  const worth = value === undefined ? 'no cost known' : signedMoney(value, currency);
  const change = `${signed(formatMicro(difference))} ${named(line.unit, 20)}`.trim();
  const by = line.rows.length > 1 ? `, rows ${rangesOf(line.rows, 3)}` : '';
  return `- ${placeWords(line)}: ${level}, ${change}, ${worth}${by}${line.recount ? ', recount' : ''}`;
}

/** Said where a level is named by more than one row. */
export function addedUpWords(lines: readonly Line[]): string[] {
  const several = lines.filter(({ rows }) => rows.length > 1);
  const rows = several.reduce((sum, line) => sum + line.rows.length, 0);
  return rows === 0
    ? []
    : [`Added up, being of one item and warehouse: ${rows} rows to ${counted(several.length, 'level')}.`];
}

function totalWords({ plus, minus, total, unknown }: Sums, currency: string): string[] {
  const side = (word: string, { units, value, levels }: Side) =>
    levels === 0 ? [] : [`${word} ${units} in ${counted(levels, 'level')}, ${signedMoney(value, currency)}`];
  const names = unknown.slice(0, 5).map(({ sku, name }) => named(sku, 40) || named(name));
  const more = unknown.length > names.length ? ` and ${unknown.length - names.length} more` : '';
  return [
    [...side('Plus', plus), ...side('Minus', minus)].join('. ').concat('.'),
    `Net ${signedMoney(total, currency)} at purchase rates; the books take what the stock cost.`,
    ...(unknown.length > 0 ? [`Not in the value, having no purchase rate: ${names.join(', ')}${more}.`] : []),
  ];
}

/** Less than stands packed, or than orders wait for: not refused, and worth knowing. */
function promisedWords(moved: readonly Line[]): string[] {
  const short = moved.filter((line) => line.difference < 0n && line.after < (lacking(line)?.wanted ?? 0n));
  const words = short.slice(0, mostWarned).map((line) => {
    const { wanted, what } = lacking(line) ?? { wanted: 0n, what: '' };
    return `${placeWords(line)}: ${formatMicro(wanted)} ${what}, ${formatMicro(wanted - line.after)} more than there would be.`;
  });
  const more = short.length - words.length;
  return more > 0 ? [...words, `... and ${more} more with less than is packed or promised.`] : words;
}

function lacking({ after, committed, packed }: Line): { wanted: bigint; what: string } | undefined {
  if (after < packed) return { wanted: packed, what: 'stand packed' };
  return after < committed ? { wanted: committed, what: 'are promised to orders' } : undefined;
}

function leftOutWords(badRows: readonly BadRow[]): string[] {
  const rest = badRows.slice(mostWarned);
  return [
    ...badRows.slice(0, mostWarned).map((row) => `Left out: ${rowWords(row)}`),
    ...(rest.length > 0 ? [`Left out too: ${counted(rest.length, 'row')}, from row ${rest[0]?.row} on.`] : []),
  ];
}

const unreadWords = ({ unread, above }: Sheet): string[] => {
  const names = unread.slice(0, 5).map((heading) => quoted(heading, 30));
  return [
    ...(names.length === 0 ? [] : [`Columns that are not read: ${names.join(', ')}.`]),
    ...(above === 0 ? [] : [`Not read: ${counted(above, 'line')} above the header.`]),
  ];
};

function postedWords({ mode, reason, date, today }: Found, documents: number): string {
  const on = date === undefined ? '' : `, dated ${date}`;
  // The book of that day is not known: what moved since would be counted twice.
  const held =
    date !== undefined && date < today && mode === 'set_to'
      ? ` Counts are held against the stock of now, not of ${date}: what moved since is in the differences.`
      : '';
  return `Posted at once as ${counted(documents, 'stock adjustment')}${on}, reason ${quoted(reasonOf({ mode, reason }), 80)}. The differences are posted, so that goods that move meanwhile are not counted away. delete_stock_adjustment takes one back while the goods have not moved on.${held}`;
}
