import { type Row, textIn } from '../workflows/rows.ts';

/** What a chart shows, before anything is drawn: words and numbers only. */
export type Chart = BarsChart | StepsChart;

interface Words {
  readonly title: string;
  /** Drawn instead where the font lacks letters of the title. */
  readonly titleBySku?: string;
  /** Date or period, and the unit. */
  readonly subtitle: string;
  /** What the numbers count: a unit or a currency. */
  readonly unit: string;
  /** Digits after the point at least: money has its own, quantities none. */
  readonly digits: number;
  /** What is not drawn or stands in a sum, said below. */
  readonly notes: readonly string[];
}

/** Horizontal bars, a row each; of several parts where there are several series. */
export interface BarsChart extends Words {
  readonly kind: 'bars';
  readonly series: readonly string[];
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly label: string;
  /** Drawn instead where the font lacks letters of the label, as it does those of Chinese and Japanese. */
  readonly sku?: string;
  /** One for each series. */
  readonly values: readonly number[];
  /** The whole of the bar. */
  readonly total: number;
  /** Goods on the road: no row like the rest. */
  readonly isOther?: boolean;
  /** The sum of many, told in its number: a bar of it would make the others stubs. */
  readonly isSum?: boolean;
  /** Those of a sum that are below zero, which it hides. */
  readonly below?: readonly number[];
}

/** A line of steps over days. */
export interface StepsChart extends Words {
  readonly kind: 'steps';
  /** The stock at the end of a day, yyyy-mm-dd, oldest first; it holds until the next. */
  readonly points: readonly { readonly date: string; readonly value: number }[];
  /** A line across, as the reorder level. */
  readonly level?: { readonly name: string; readonly value: number };
}

/** The charted rows of a report or of a job, with what its header says. */
export interface Figures {
  readonly header: Row;
  readonly rows: readonly Row[];
  readonly totals?: Row;
}

export const numberOf = (value: unknown): number => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : 0;
};

/** Sums of what has at most six digits after the point, without the dust of binary fractions. */
export const sumOf = (values: readonly number[]): number =>
  Number(values.reduce((sum, value) => sum + BigInt(Math.round(value * 1e6)), 0n)) / 1e6;

/** `1,234.5`: every digit that counts. */
export const numberWords = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: Math.max(digits, 6) });

/** `2026-11-01 to 2026-11-23` or `as of 2026-11-23`. */
export function periodWords(header: Row): string {
  const [from, to] = [textIn(header, 'from_date'), textIn(header, 'to_date')];
  if (from !== '' && to !== '') return `${from} to ${to}`;
  const day = textIn(header, 'as_of') || to || textIn(header, 'generated_at').slice(0, 10);
  return day === '' ? '' : `as of ${day}`;
}

/** Rows at most; the rest is one row. */
export const mostBars = 12;

/** The greatest, and a row of the sum of the others. */
export function topAndOthers(bars: readonly Bar[], series: number): Bar[] {
  const sorted = [...bars].sort((a, b) => b.total - a.total);
  if (sorted.length <= mostBars) return sorted;
  const others = sorted.slice(mostBars - 1);
  return [
    ...sorted.slice(0, mostBars - 1),
    {
      label: `${others.length} others`,
      values: Array.from({ length: series }, (_, at) => sumOf(others.map(({ values }) => values[at] ?? 0))),
      total: sumOf(others.map(({ total }) => total)),
      isSum: true,
      below: others.map(({ total }) => total).filter((total) => total < 0),
    },
  ];
}

/** The sum of the others is a number, and why is said; so is what it hides. */
export function othersNote(bars: readonly Bar[], digits: number): string[] {
  const sum = bars.find(({ isSum }) => isSum);
  if (!sum) return [];
  const below = sum.below ?? [];
  const hidden =
    below.length === 0
      ? ''
      : `; of them ${below.length} ${below.length === 1 ? 'is' : 'are'} below zero, together ${numberWords(sumOf(below), digits)}`;
  return [`The others stand as a sum, without a bar${hidden}.`];
}

/** What the answer itself left out is not drawn. */
export function cutNote({ header, rows }: Figures, noun: string): string[] {
  const all = numberOf(header.row_count);
  if (all > rows.length) return [`Drawn from ${rows.length} of ${all} ${noun}; the rest is left out.`];
  return header.truncated === true ? [`Drawn from the ${rows.length} ${noun} that were read; there are more.`] : [];
}
