import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Chart } from '../../src/charts/chart.ts';
import { numberWords, sumOf } from '../../src/charts/chart.ts';
import { dark, light } from '../../src/charts/colours.ts';
import { drawPng, drawSvg } from '../../src/charts/draw.ts';
import { chartOf } from '../../src/charts/of-report.ts';
import { clashes, contrast, readSvg } from './svg.ts';

const hostile = [
  '<script>alert(1)</script>',
  '"]]>&amp;<!--',
  'a\u0000b\ud800c\uffff',
  '__proto__',
  'constructor',
  'toString',
  '{value}',
  '{b|x}',
  '\n\n',
  '\u202eevil',
];
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(...hostile, 'Kabel für Außenbereich'),
);
const cents = fc.integer({ min: -9_999_999, max: 999_999_999 }).map((whole) => whole / 100);
const micro = fc.oneof(
  fc.integer({ min: 0, max: 2_000_000_000 }).map((whole) => whole / 1e4),
  fc.constantFrom(0, 1e9, 123_456_789.25),
);
const ages = ['value_0_30', 'value_31_60', 'value_61_90', 'value_over_90'];

const salesRows = fc.array(fc.record({ name, sku: name, amount: cents }), { minLength: 1, maxLength: 40 });
const agedRows = fc.array(
  fc.record({ item: name, warehouse: name, parts: fc.tuple(micro, micro, micro, micro) }).map(({ parts, ...row }) => ({
    ...row,
    ...Object.fromEntries(ages.map((key, at) => [key, parts[at] ?? 0])),
    value: sumOf(parts),
  })),
  { minLength: 1, maxLength: 40 },
);
const warehouseRows = fc.array(
  fc.record({
    ...{ warehouse_id: fc.constant('1'), name },
    on_hand: fc.dictionary(fc.constantFrom('pcs', 'm', 'box', 'Größe <b>'), cents, { maxKeys: 3 }),
  }),
  { minLength: 1, maxLength: 30 },
);
const days = fc.array(fc.record({ day: fc.integer({ min: 0, max: 1_500 }), balance: cents }), {
  minLength: 1,
  maxLength: 60,
});

const header = { from_date: '2026-01-01', to_date: '2026-11-23', currency: 'USD' };
const runs = { numRuns: 60 };

/** What a chart has to be whatever it shows. */
function drawnWell(chart: Chart) {
  const svg = drawSvg(chart);
  const picture = readSvg(svg);
  expect(clashes(picture)).toEqual([]);
  expect([...picture.elements].sort()).toEqual(expect.arrayContaining(['path', 'rect', 'style', 'svg', 'text']));
  expect(
    [...picture.elements].filter(
      (tag) => !['g', 'path', 'rect', 'style', 'svg', 'text', 'defs', 'clipPath'].includes(tag),
    ),
  ).toEqual([]);
  const inks: string[] = [light.text, light.muted, ...light.onAges];
  expect(picture.labels.filter(({ fill }) => !inks.includes(fill))).toEqual([]);
  return picture;
}

/** The bars are as wide as their numbers: one scale for all. */
function toScale(picture: ReturnType<typeof readSvg>, amountOf: (series: number, index: number) => number) {
  const values = picture.bars.map(({ series, index, width }) => [width, amountOf(series, index)] as const);
  const [widest] = [...values].sort(([a], [b]) => Math.abs(b) - Math.abs(a));
  if (!widest) return;
  for (const [width, value] of values) expect(Math.abs(width - (value * widest[0]) / widest[1])).toBeLessThan(1.1);
}

describe('a chart', () => {
  test('of any sales has labels that do not meet, numbers of the rows, and bars as wide as their numbers', () => {
    fc.assert(
      fc.property(salesRows, (rows) => {
        const chart = chartOf('sales-by-item', { header, rows });
        fc.pre(chart?.kind === 'bars');
        const picture = drawnWell(chart);
        const { bars } = chart;
        expect(sumOf(bars.map(({ total }) => total))).toBe(sumOf(rows.map(({ amount }) => amount)));
        const texts = picture.labels.map(({ text }) => text);
        for (const { total } of bars) expect(texts).toContain(numberWords(total, 2));
        expect(picture.bars).toHaveLength(bars.filter(({ isSum }) => !isSum).length);
        toScale(picture, (_, index) => bars[index]?.total ?? 0);
      }),
      runs,
    );
  });

  test('of any ages has the sum of each age, each total, and parts as wide as their numbers', () => {
    fc.assert(
      fc.property(agedRows, (rows) => {
        const chart = chartOf('aging', { header, rows });
        fc.pre(chart?.kind === 'bars');
        const picture = drawnWell(chart);
        const texts = picture.labels.map(({ text }) => text);
        for (const [at, words] of ['0 to 30', '31 to 60', '61 to 90', 'over 90'].entries()) {
          const sum = sumOf(rows.map((row) => Number(Reflect.get(row, ages[at] ?? ''))));
          expect(texts).toContain(`${words} days: ${numberWords(sum, 2)}`);
        }
        for (const { total } of chart.bars) expect(texts).toContain(numberWords(total, 2));
        toScale(picture, (series, index) => chart.bars[index]?.values[series] ?? 0);
      }),
      runs,
    );
  });

  test('of any warehouses holds one unit and tells the sums of the others', () => {
    fc.assert(
      fc.property(warehouseRows, (rows) => {
        const chart = chartOf('warehouse-summary', { header: { as_of: '2026-11-23' }, rows });
        fc.pre(chart?.kind === 'bars');
        drawnWell(chart);
        const sum = (unit: string) => sumOf(rows.map(({ on_hand }) => on_hand[unit] ?? 0));
        expect(sumOf(chart.bars.map(({ total }) => total))).toBe(sum(chart.unit));
        const others = new Set(rows.flatMap(({ on_hand }) => Object.keys(on_hand)));
        others.delete(chart.unit);
        for (const unit of others) expect(chart.notes.join()).toContain(`${numberWords(sum(unit), 0)} ${unit}`);
      }),
      runs,
    );
  });

  test('of any history steps where the stock stood at the end of its days, and ends with the last number', () => {
    fc.assert(
      fc.property(days, name, fc.option(micro), (changes, item, level) => {
        const rows = changes
          .sort((a, b) => a.day - b.day)
          .map(({ day, balance }) => ({
            date: new Date(Date.UTC(2023, 0, 1 + day)).toISOString().slice(0, 10),
            balance,
          }));
        const about = { item: { name: item, unit: 'm' }, today: '2027-03-01', reorder_level: level ?? 0 };
        const chart = chartOf('stock-over-time', { header: about, rows });
        fc.pre(chart?.kind === 'steps');
        const picture = drawnWell(chart);
        const last = rows.at(-1)?.balance ?? 0;
        expect(picture.labels.map(({ text }) => text)).toContain(numberWords(last, 0));
        const byDay = new Map(rows.map(({ date, balance }) => [date, balance]));
        expect(chart.points.map(({ date, value }) => [date, value])).toEqual([
          ...byDay,
          ...(byDay.has('2027-03-01') ? [] : [['2027-03-01', last]]),
        ]);
      }),
      runs,
    );
  });

  test('steps down and up in the measure of its numbers', () => {
    const rows = [10, 40, -20, 25].map((balance, index) => ({ date: `2026-11-0${index + 1}`, balance }));
    const chart = chartOf('stock-over-time', { header: { item: { name: 'Mat' }, today: '2026-11-05' }, rows });
    if (!chart) throw new Error('no chart');
    const heights = [...new Set(readSvg(drawSvg(chart)).corners.map(([, y]) => y))];
    const [first = 0, second = 0, third = 0, fourth = 0] = heights;
    expect((third - second) / (first - second)).toBeCloseTo(2, 1);
    expect((third - fourth) / (first - second)).toBeCloseTo(1.5, 1);
  });

  test('a name that cannot be drawn gives way to its SKU, a long one is cut, and none is markup', () => {
    const chart = chartOf('sales-by-item', {
      header,
      rows: [
        { name: '耳机', sku: 'WBH-001', amount: 3 },
        { name: 'Kabel für Außenbereich mit sehr langem Namen, der nirgends hineinpasst', amount: 2 },
        { name: '<script>x</script> & co', amount: 1 },
      ],
    });
    if (!chart) throw new Error('no chart');
    const texts = readSvg(drawSvg(chart)).labels.map(({ text }) => text);
    expect(texts).toContain('WBH-001');
    expect(texts).toContain('<script>x</script> & co');
    expect(texts.find((text) => text.startsWith('Kabel'))).toMatch(/…$/);
  });
});

test.each(['stock-over-time', 'item-transactions'] as const)(
  '%s titles an item that cannot be drawn by its SKU',
  (name) => {
    const titled = (item: Record<string, string>) => {
      const chart = chartOf(name, {
        header: { item, today: '2026-11-23' },
        rows: [{ date: '2026-11-01', balance: 5 }],
      });
      if (!chart) throw new Error('no chart');
      return readSvg(drawSvg(chart)).labels.map(({ text }) => text);
    };
    expect(titled({ name: '耳机', sku: 'WBH-001' })).toContain('Stock of WBH-001');
    expect(titled({ name: 'Наушники', sku: 'WBH-001' })).toContain('Stock of Наушники');
    expect(titled({ name: '耳机' })).toContain('Stock of 耳机');
  },
);

describe('the colours', () => {
  test('of every text stand out on its ground, on a light page and on a dark one', () => {
    for (const page of [light, dark])
      for (const ink of [page.text, page.muted]) expect(contrast(ink, page.card)).toBeGreaterThanOrEqual(4.5);
    for (const [at, ground] of light.ages.entries())
      expect(contrast(light.onAges[at] ?? '', ground), ground).toBeGreaterThanOrEqual(4.5);
  });

  test('of bars stand out on both pages, or have an edge that does', () => {
    for (const page of [light, dark])
      for (const bar of [page.bar, page.below, page.other, page.muted])
        expect(contrast(bar, page.card)).toBeGreaterThanOrEqual(3);
  });

  test('the dark sheet names every colour that has another at night', () => {
    const chart = chartOf('sales-by-item', { header, rows: [{ name: 'Mat', amount: 1 }] });
    const sheet = /<style>(.*)<\/style>/s.exec(chart ? drawSvg(chart) : '')?.[1] ?? '';
    expect(sheet).toMatch(/^@media \(prefers-color-scheme: dark\)/);
    for (const [part, colour] of Object.entries(dark))
      expect(sheet).toContain(`[fill="${Reflect.get(light, part)}"]{fill:${colour}}`);
    expect(new Set(Object.values(light).flat()).size).toBe(Object.values(light).flat().length);
  });
});

test('a PNG of the fullest chart is small, one and a half pixels for one, and opaque', async () => {
  const rows = Array.from({ length: 40 }, (_, index) => ({
    item: `Item ${index} with a name of many different letters qxzkjv`,
    ...{
      warehouse: 'Oakland',
      value_0_30: 1_000 + index,
      value_31_60: 900.25,
      value_61_90: 800.5,
      value_over_90: 700.75,
    },
    value: 3_401.5 + index,
  }));
  const chart = chartOf('aging', { header, rows });
  if (!chart) throw new Error('no chart');
  const png = Buffer.from(await drawPng(chart));
  const { width, height } = readSvg(drawSvg(chart));
  expect(png.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'));
  expect([png.readUInt32BE(16), png.readUInt32BE(20), png[25]]).toEqual([width * 1.5, height * 1.5, 3]);
  expect(png.includes('tRNS')).toBe(false);
  expect(png.length).toBeLessThan(80_000);
});
