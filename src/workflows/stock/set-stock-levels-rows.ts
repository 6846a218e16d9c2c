import { countedBy, isKit, isTracked } from '../availability.ts';
import type { Problem } from '../match.ts';
import { amountMinor, formatMicro, microToNumber, sumOf } from '../numbers.ts';
import { microIn, type Row, textIn } from '../rows.ts';
import { named, plainText, quoted } from '../text.ts';
import type { SheetRow } from './count-csv.ts';
import type { Level } from './levels.ts';

export type Mode = 'set_to' | 'change';

export type Verdict =
  | 'unreadable'
  | 'unknown item'
  | 'ambiguous'
  | 'inactive'
  | 'kit'
  | 'not tracked'
  | 'serial or batch'
  | 'no such warehouse'
  | 'inactive warehouse'
  | 'negative'
  | 'counted twice';

/** A row that is not written, and why. */
export interface BadRow {
  readonly row: number;
  readonly item: string;
  readonly verdict: Verdict;
  readonly why: string;
}

/** One level before and after, by one row or by several that are added up. Quantities in 1e-6 units. */
export interface Line {
  readonly rows: readonly number[];
  readonly itemId: string;
  readonly sku: string;
  readonly name: string;
  readonly unit: string;
  readonly warehouseId: string;
  readonly warehouseName: string;
  readonly before: bigint;
  readonly after: bigint;
  /** `after` less `before`; 0 is not posted. */
  readonly difference: bigint;
  readonly committed: bigint;
  readonly packed: bigint;
  /** What the difference is worth at the item's purchase rate, minor units; undefined where it has none. */
  readonly value: bigint | undefined;
  readonly recount: boolean;
}

/** A row whose item and warehouse are known. */
export interface Placed {
  readonly asked: SheetRow;
  readonly item: Row;
  readonly itemId: string;
  readonly warehouseId: string;
}

const bad = ({ row, item }: SheetRow, verdict: Verdict, why: string): BadRow => ({
  row,
  item: plainText(item, 80),
  verdict,
  why,
});

/** The item that a row names, or why it has no stock that could be set. */
export function itemOf(
  asked: SheetRow,
  items: ReadonlyMap<string, Row>,
  problems: ReadonlyMap<string, Problem>,
): { item: Row } | { bad: BadRow } {
  const is = (verdict: Verdict, why: string) => ({ bad: bad(asked, verdict, why) });
  if (asked.fault !== undefined) return is('unreadable', `It ${asked.fault}.`);
  const item = items.get(asked.item);
  if (!item) return { bad: unfound(asked, problems.get(asked.item)) };
  const label = named(item.sku, 40) || named(item.name);
  if (isKit(item)) return is('kit', `${label} is a kit and has no stock of its own: count its parts.`);
  if (!isTracked(item)) return is('not tracked', `${label} is a service, or its stock is not kept.`);
  if (textIn(item, 'status') === 'inactive')
    return is('inactive', `${label} is inactive: activate_item first, or leave the row out.`);
  const by = countedBy(item);
  if (by !== undefined)
    return is(
      'serial or batch',
      `${label} is kept by ${by}, and a count of units says of none: set it in Zoho Inventory.`,
    );
  return { item };
}

function unfound(asked: SheetRow, problem: Problem | undefined): BadRow {
  const near = (problem?.candidates ?? []).map((one) => `${named(one.sku, 40) || named(one.name)} (${one.item_id})`);
  if (problem?.reason === 'ambiguous') return bad(asked, 'ambiguous', `Several bear that name: ${near.join(', ')}.`);
  return bad(asked, 'unknown item', near.length === 0 ? 'No item is called so.' : `Near: ${near.join(', ')}.`);
}

export const badPlace = (asked: SheetRow, why: string, isInactive: boolean): BadRow =>
  bad(asked, isInactive ? 'inactive warehouse' : 'no such warehouse', why);

interface Book {
  readonly mode: Mode;
  readonly level: (itemId: string, warehouseId: string) => Level;
  readonly nameOf: (warehouseId: string) => string;
  readonly currency: string;
  readonly recountAbove: number;
}

/** What the rows do to their levels, each level once: changes are added up, and of counts there may be one. Pure. */
export function judge(placed: readonly Placed[], book: Book): { lines: Line[]; badRows: BadRow[] } {
  const lines: Line[] = [];
  const badRows: BadRow[] = [];
  for (const ofLevel of byLevel(placed)) {
    const [first] = ofLevel;
    const judged = judgeLevel(first, ofLevel, book);
    if ('line' in judged) lines.push(judged.line);
    else badRows.push(...ofLevel.map(({ asked }) => bad(asked, judged.verdict, judged.why)));
  }
  return { lines, badRows };
}

/** Rows of each item and warehouse, in the order of the first of them. */
function byLevel(placed: readonly Placed[]): [Placed, ...Placed[]][] {
  const levels = new Map<string, [Placed, ...Placed[]]>();
  for (const one of placed) {
    const place = `${one.itemId} ${one.warehouseId}`;
    const known = levels.get(place);
    if (known) known.push(one);
    else levels.set(place, [one]);
  }
  return [...levels.values()];
}

type Judged = { readonly line: Line } | { readonly verdict: Verdict; readonly why: string };

function judgeLevel({ item, itemId, warehouseId }: Placed, ofLevel: readonly Placed[], book: Book): Judged {
  const rows = ofLevel.map(({ asked }) => asked.row);
  const where = `in ${named(book.nameOf(warehouseId))}`;
  const isCount = book.mode === 'set_to';
  // Which of two counts is right nobody can tell.
  if (isCount && rows.length > 1)
    return { verdict: 'counted twice', why: `Rows ${andMore(rows)} set the same item ${where}: give one.` };
  const { onHand: before, committed, packed } = book.level(itemId, warehouseId);
  const quantity = sumOf(ofLevel.map(({ asked }) => asked.quantity ?? 0n));
  const after = isCount ? quantity : before + quantity;
  if (after < 0n) {
    const together = rows.length > 1 ? ` by rows ${andMore(rows)} together` : '';
    const short = `${formatMicro(before)} on hand ${where}, ${formatMicro(-quantity)} to take off${together}.`;
    return { verdict: 'negative', why: isCount ? 'A level cannot be less than 0.' : short };
  }
  const difference = after - before;
  const rate = microIn(item, 'purchase_rate') ?? 0n;
  return {
    line: {
      ...{ rows, itemId, warehouseId, before, after, difference, committed, packed },
      sku: plainText(item.sku, 60),
      name: plainText(item.name),
      unit: plainText(item.unit, 20),
      warehouseName: plainText(book.nameOf(warehouseId), 60),
      value: rate > 0n ? amountMinor(difference, rate, book.currency) : undefined,
      recount: isCount && isFarOff(before, difference, book.recountAbove),
    },
  };
}

const mostTold = 5;
/** `1 and 2 and 3`: a list of a thousand rows of one level would say each of them a thousand times. */
const andMore = (rows: readonly number[]): string => {
  const more = rows.length > mostTold ? [`${rows.length - mostTold} more`] : [];
  return [...rows.slice(0, mostTold), ...more].join(' and ');
};

/** `1 to 3, 7`: the numbers in their order, neighbours as one; of more than `most` pieces the first, and how many rows follow. */
export function rangesOf(numbers: readonly number[], most = Number.POSITIVE_INFINITY): string {
  const ranges: { from: number; to: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last.to + 1 === number) last.to = number;
    else ranges.push({ from: number, to: number });
  }
  const words = ranges.slice(0, most).map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`));
  const left = sumOf(ranges.slice(most).map(({ from, to }) => BigInt(to - from + 1)));
  return left === 0n ? words.join(', ') : `${words.join(', ')} and ${left} more`;
}

/** Fewer units are within what people miscount, however large a share of the level they are. */
const fewestToRecount = 5_000_000n;

/** More than so many percent of what the book says, and 5 units at least. */
function isFarOff(before: bigint, difference: bigint, percent: number): boolean {
  const off = magnitude(difference);
  return off >= fewestToRecount && off * 100_000_000n > before * BigInt(Math.round(percent * 1_000_000));
}

export const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Largest first: by value, and by units where it is not known; ties in the order of the rows. */
export function largestFirst(lines: readonly Line[]): Line[] {
  const size = ({ value }: Line) => magnitude(value ?? 0n);
  const compare = (a: bigint, b: bigint) => (a === b ? 0 : a > b ? -1 : 1);
  return [...lines].sort(
    (a, b) =>
      Number(b.recount) - Number(a.recount) ||
      compare(size(a), size(b)) ||
      compare(magnitude(a.difference), magnitude(b.difference)) ||
      (a.rows[0] ?? 0) - (b.rows[0] ?? 0),
  );
}

/** A line as data: a row of the count sheet. */
export const sheetLine = (line: Line, mode: Mode, money: (minor: bigint) => number) => ({
  row: line.rows[0] ?? 0,
  ...(line.rows.length > 1 ? { rows: rangesOf(line.rows, mostTold) } : {}),
  sku: line.sku,
  item: line.name,
  item_id: line.itemId,
  warehouse: line.warehouseName,
  ...(mode === 'set_to'
    ? { system: microToNumber(line.before), counted: microToNumber(line.after) }
    : { before: microToNumber(line.before), after: microToNumber(line.after) }),
  difference: microToNumber(line.difference),
  ...(line.value === undefined ? {} : { value: money(line.value) }),
  ...(line.recount ? { recount: true } : {}),
});

export const rowWords = ({ row, item, verdict, why }: BadRow): string =>
  `row ${row}, ${item === '' ? 'no item' : quoted(item, 60)}: ${verdict}: ${why}`;
