import { type Bar, type BarsChart, numberWords } from './chart.ts';
import { light } from './colours.ts';
import { type Font, fitting } from './font.ts';
import { drawable, frame, noteLines, page, pageHeight, size, ticksOver } from './frame.ts';

const pitch = 32;
const barWidth = 20;
/** A name may take a third of the page. */
const mostName = 290;

const nameOf = ({ label, sku }: Bar, font: Font): string => {
  const name = drawable(label);
  return sku !== undefined && !font.has(name) ? drawable(sku) : name || '(no name)';
};

/** A row for each bar: name, bar, number. The numbers stand in a column of their own, where nothing can cover them. */
export function barsOption(chart: BarsChart, font: Font) {
  const { bars, series, digits } = chart;
  const isStacked = series.length > 1;
  const names = bars.map((bar) => fitting(font, nameOf(bar, font), size.label, mostName));
  const numbers = bars.map(({ total }) => numberWords(total, digits));
  const widest = (texts: readonly string[]) =>
    Math.ceil(Math.max(0, ...texts.map((text) => font.width(text, size.label))));
  const left = page.side + widest(names) + 12;
  const right = page.side + widest(numbers) + 14;
  // A mark of 14, a gap to its words and one to the next; what is too wide for one line goes on two.
  const wide = series.reduce((sum, name) => sum + 41 + font.width(name, size.label), 0);
  const top = page.header + (isStacked ? page.legend * Math.ceil(wide / (page.width - 2 * page.side)) : 0);
  const height = pageHeight(top, bars.length * pitch, noteLines(chart, font));
  const spans = bars.filter(({ isSum }) => !isSum).map(({ values }) => values);
  const ticks = ticksOver(
    spans.flatMap((values) => [
      values.filter((value) => value > 0).reduce((sum, value) => sum + value, 0),
      values.filter((value) => value < 0).reduce((sum, value) => sum + value, 0),
    ]),
  );
  const pixels = (value: number) => (Math.abs(value) / (ticks.max - ticks.min)) * (page.width - left - right);
  const colourOf = (bar: Bar, value: number, at: number): string =>
    isStacked ? (light.ages[at] ?? light.bar) : value < 0 ? light.below : bar.isOther ? light.other : light.bar;
  const rows = { type: 'category' as const, inverse: true, axisTick: { show: false }, axisLine: { show: false } };
  const labels = { interval: 0, fontSize: size.label, color: light.text };
  const option = {
    ...frame(chart, font, height),
    ...(isStacked
      ? {
          legend: {
            ...{ left: page.side, top: page.header - 8, padding: 0, itemWidth: 14, itemHeight: 14, itemGap: 22 },
            ...{ selectedMode: false, data: [...series] },
            itemStyle: { borderColor: light.muted, borderWidth: 1 },
            textStyle: { color: light.text, fontSize: size.label },
          },
        }
      : {}),
    grid: { left, right, top, height: bars.length * pitch },
    xAxis: {
      ...ticks,
      type: 'value' as const,
      name: drawable(chart.unit),
      nameLocation: 'middle' as const,
      nameGap: 28,
      nameTextStyle: { color: light.muted, fontSize: size.tick },
      splitLine: { lineStyle: { color: light.grid } },
      axisLabel: {
        ...{ color: light.muted, fontSize: size.tick, hideOverlap: true },
        formatter: (value: number) => numberWords(value, 0),
      },
    },
    yAxis: [
      // An index for a name: two rows may be called alike.
      {
        ...rows,
        data: names.map((_, index) => String(index)),
        axisLabel: { ...labels, margin: 12, formatter: (_: string, at: number) => names[at] ?? '' },
      },
      {
        ...{ ...rows, position: 'right' as const, data: numbers.map((_, index) => String(index)) },
        axisLabel: {
          ...{ ...labels, align: 'right' as const, margin: right - page.side },
          formatter: (_: string, at: number) => numbers[at] ?? '',
        },
      },
    ],
    series: series.map((name, at) => ({
      ...{ type: 'bar' as const, name, silent: true, barWidth, ...(isStacked ? { stack: 'whole' } : {}) },
      ...(isStacked ? { color: light.ages[at], itemStyle: { borderColor: light.muted, borderWidth: 1 } } : {}),
      data: bars.map((bar) => {
        const value = bar.isSum ? 0 : (bar.values[at] ?? 0);
        const words = numberWords(value, chart.digits);
        const fits = isStacked && value !== 0 && font.width(words, size.tick) + 10 <= pixels(value);
        return {
          // Nothing has no edge either.
          value: value === 0 ? '-' : value,
          itemStyle: { color: colourOf(bar, value, at) },
          label: {
            ...{ show: fits, position: 'inside' as const, fontSize: size.tick, color: light.onAges[at] ?? light.text },
            ...{ textBorderWidth: 0, formatter: () => words },
          },
        };
      }),
    })),
  };
  return { option, height };
}
