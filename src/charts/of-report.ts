import { minorDigits } from '../workflows/numbers.ts';
import { type Row, rowIn, textIn } from '../workflows/rows.ts';
import {
  type Bar,
  type Chart,
  cutNote,
  type Figures,
  numberOf,
  numberWords,
  othersNote,
  periodWords,
  sumOf,
  topAndOthers,
} from './chart.ts';
import { type ChartName, stockChart } from './names.ts';
import { stockOverTime } from './stock-over-time.ts';

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' · ');

const skuOf = (row: Row) => (textIn(row, 'sku') === '' ? {} : { sku: textIn(row, 'sku') });

/**
 * Pieces and metres have no common axis: of several units the one is drawn that most warehouses hold, the others are said
 * below.
 */
function stockByWarehouse(figures: Figures): Chart | undefined {
  const held = figures.rows.map((row) => ({ row, units: rowIn(row, 'on_hand') }));
  const all = [...new Set(held.flatMap(({ units }) => Object.keys(units)))];
  const holders = (unit: string) =>
    held.filter(({ row, units }) => row.warehouse_id !== undefined && numberOf(units[unit]) !== 0).length;
  const sum = (unit: string) => sumOf(held.map(({ units }) => numberOf(units[unit])));
  const [unit, ...rest] = all.sort((a, b) => holders(b) - holders(a) || sum(b) - sum(a) || (a < b ? -1 : 1));
  if (unit === undefined) return undefined;
  const bars = held
    .filter(({ row, units }) => numberOf(units[unit]) !== 0 || textIn(row, 'status') !== 'inactive')
    .filter(({ row, units }) => row.warehouse_id !== undefined || numberOf(units[unit]) !== 0)
    .map(({ row, units }): Bar => {
      const value = numberOf(units[unit]);
      const isTransit = row.warehouse_id === undefined;
      return { label: textIn(row, 'name'), values: [value], total: value, ...(isTransit ? { isOther: true } : {}) };
    });
  const places = topAndOthers(
    bars.filter(({ isOther }) => !isOther),
    1,
  );
  return {
    kind: 'bars',
    title: 'Stock by warehouse',
    subtitle: joined(periodWords(figures.header), `on hand, in ${unit}`),
    unit,
    digits: 0,
    series: ['On hand'],
    bars: [...places, ...bars.filter(({ isOther }) => isOther)],
    notes: [
      ...othersNote(places, 0),
      ...(rest.length === 0
        ? []
        : [`Other units are not drawn: ${rest.map((one) => `${numberWords(sum(one), 0)} ${one}`).join(', ')}.`]),
    ],
  };
}

function salesByItem(figures: Figures): Chart | undefined {
  const { header, rows } = figures;
  const currency = textIn(header, 'currency');
  const bars = rows
    .map(
      (row): Bar => ({
        label: textIn(row, 'name'),
        ...skuOf(row),
        values: [numberOf(row.amount)],
        total: numberOf(row.amount),
      }),
    )
    .filter(({ total }) => total !== 0);
  if (bars.length === 0) return undefined;
  const drawn = topAndOthers(bars, 1);
  return {
    kind: 'bars',
    title: 'Sales by item',
    subtitle: joined(periodWords(header), `ordered, in ${currency}`),
    unit: currency,
    digits: minorDigits(currency),
    series: ['Amount'],
    bars: drawn,
    notes: [...othersNote(drawn, minorDigits(currency)), ...cutNote(figures, 'items')],
  };
}

const ages = [
  ['value_0_30', '0 to 30 days'],
  ['value_31_60', '31 to 60 days'],
  ['value_61_90', '61 to 90 days'],
  ['value_over_90', 'over 90 days'],
] as const;

/** In money: the buckets of the report count pieces of one row and metres of the next, which no axis holds. */
function aging(figures: Figures): Chart | undefined {
  const { header, rows } = figures;
  const currency = textIn(header, 'currency');
  const digits = minorDigits(currency);
  const bars = rows
    .map(
      (row): Bar => ({
        label: joined(textIn(row, 'item'), textIn(row, 'warehouse')),
        ...(textIn(row, 'sku') === '' ? {} : { sku: joined(textIn(row, 'sku'), textIn(row, 'warehouse')) }),
        values: ages.map(([key]) => numberOf(row[key])),
        total: numberOf(row.value),
      }),
    )
    .filter(({ total }) => total !== 0);
  if (bars.length === 0) return undefined;
  const drawn = topAndOthers(bars, ages.length);
  return {
    kind: 'bars',
    title: 'Value of stock by age',
    subtitle: joined(periodWords(header), `since it came in, in ${currency}`),
    unit: currency,
    digits,
    series: ages.map(
      ([, words], at) => `${words}: ${numberWords(sumOf(bars.map(({ values }) => values[at] ?? 0)), digits)}`,
    ),
    bars: drawn,
    notes: [...othersNote(drawn, digits), ...cutNote(figures, 'rows')],
  };
}

const charts: Readonly<Record<ChartName, (figures: Figures) => Chart | undefined>> = {
  'warehouse-summary': stockByWarehouse,
  'sales-by-item': salesByItem,
  aging,
  'item-transactions': stockOverTime,
  [stockChart]: stockOverTime,
};

export const hasChart = (name: string): name is ChartName => Object.hasOwn(charts, name);

/** The chart of a report by its name; none where there is nothing to draw. */
export const chartOf = (name: ChartName, figures: Figures): Chart | undefined => charts[name](figures);
