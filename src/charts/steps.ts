import { numberWords, type StepsChart } from './chart.ts';
import { light } from './colours.ts';
import type { Font } from './font.ts';
import { drawable, frame, noteLines, page, pageHeight, size, ticksOver } from './frame.ts';

const plot = 290;
const dayMs = 86_400_000;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Place {
  readonly position: 'right' | 'top' | 'bottom';
  readonly offset?: readonly [number, number];
}

type Choice = readonly [Place, Box];

const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const dayOf = (date: string): number => Math.round(Date.parse(date) / dayMs);
const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** A line of steps, the last stock, the greatest and the least in numbers, and the level as a dashed line. */
export function stepsOption(chart: StepsChart, font: Font) {
  const { points, level, digits } = chart;
  const days = points.map(({ date }) => dayOf(date));
  const first = days[0] ?? 0;
  const span = Math.max(1, (days.at(-1) ?? 0) - first);
  const step = Math.max(1, Math.ceil(span / 6));
  const until = first + step * Math.ceil(span / step);
  const ticks = ticksOver([...points.map(({ value }) => value), ...(level ? [level.value] : [])]);
  const width = (text: string) => font.width(text, size.label);
  const tickWords = Array.from({ length: Math.round((ticks.max - ticks.min) / ticks.interval) + 1 }, (_, index) =>
    numberWords(ticks.min + index * ticks.interval, 0),
  );
  const numbers = points.map(({ value }) => numberWords(value, digits));
  const left = page.side + 28 + Math.ceil(Math.max(...tickWords.map((text) => font.width(text, size.tick))));
  const right =
    page.side + Math.max(44, Math.ceil(Math.max(width(level?.name ?? ''), width(numbers.at(-1) ?? '')))) + 12;
  const top = page.header + 14;
  const height = pageHeight(top, plot, noteLines(chart, font));
  const across = page.width - left - right;
  const at = (index: number) => ({
    x: left + (((days[index] ?? first) - first) / (until - first)) * across,
    y: top + ((ticks.max - (points[index]?.value ?? 0)) / (ticks.max - ticks.min)) * plot,
  });
  const labelled = labels();

  /** Where a number stands in full view: beside its point, and on no other text. */
  function labels(): Map<number, Place> {
    const levelY = level ? top + ((ticks.max - level.value) / (ticks.max - ticks.min)) * plot : Number.NaN;
    const taken: Box[] = level
      ? [{ left: page.width - right, right: page.width, top: levelY - 10, bottom: levelY + 10 }]
      : [];
    const values = points.map(({ value }) => value);
    const chosen = [points.length - 1, values.indexOf(Math.max(...values)), values.indexOf(Math.min(...values))];
    const places = new Map<number, Place>();
    for (const index of new Set(chosen)) {
      const { x, y } = at(index);
      const wide = width(numbers[index] ?? '') + 4;
      const beside = (lift: number): Choice => [
        { position: 'right', offset: [0, -lift] },
        { left: x + 5, right: x + 9 + wide, top: y - lift - 10, bottom: y - lift + 10 },
      ];
      const middle = { left: x - wide / 2, right: x + wide / 2 };
      const above: Choice = [{ position: 'top' }, { ...middle, top: y - 27, bottom: y - 5 }];
      const below: Choice = [{ position: 'bottom' }, { ...middle, top: y + 5, bottom: y + 27 }];
      const isLast = index === points.length - 1;
      // The last stands where nothing else does but the name of the level, which it can step aside for.
      const wanted = isLast
        ? [beside(0), beside(y - levelY + 21), beside(y - levelY - 21)]
        : index === chosen[1]
          ? [above, below]
          : [below, above];
      const free = wanted.find(
        ([, box]) =>
          box.left >= left &&
          box.right <= page.width - 4 &&
          box.bottom < top + plot + (isLast ? 10 : 0) &&
          box.top > page.header - 18 &&
          !taken.some((other) => meet(other, box)),
      );
      if (!free) continue;
      taken.push(free[1]);
      places.set(index, free[0]);
    }
    return places;
  }

  const tick = { color: light.muted, fontSize: size.tick };
  const option = {
    ...frame(chart, font, height),
    grid: { left, right, top, height: plot },
    xAxis: {
      ...{ type: 'value' as const, min: first, max: until, interval: step, splitLine: { show: false } },
      axisLine: { onZero: false, lineStyle: { color: light.muted } },
      axisTick: { show: true, lineStyle: { color: light.muted } },
      axisLabel: { ...tick, margin: 14, hideOverlap: true, formatter: (day: number) => dateOf(day) },
      ...{ name: 'date', nameLocation: 'middle' as const, nameGap: 34, nameTextStyle: tick },
    },
    yAxis: {
      ...{ ...ticks, type: 'value' as const, splitLine: { lineStyle: { color: light.grid } } },
      axisLabel: { ...tick, formatter: (value: number) => numberWords(value, 0) },
      ...{ name: drawable(chart.unit), nameLocation: 'middle' as const, nameRotate: 90, nameGap: left - page.side - 4 },
      nameTextStyle: tick,
    },
    series: [
      {
        ...{ type: 'line' as const, name: 'On hand', step: 'end' as const, silent: true },
        ...{ showAllSymbol: true, symbol: 'circle', symbolSize: points.length > 80 ? 0 : 6 },
        lineStyle: { color: light.bar, width: 2 },
        itemStyle: { color: light.bar },
        areaStyle: { color: light.bar, opacity: 0.12 },
        data: points.map(({ value }, index) => {
          const place = labelled.get(index);
          const shown = { show: true, color: light.text, fontSize: size.label, formatter: () => numbers[index] ?? '' };
          return {
            value: [days[index] ?? first, value],
            ...(place ? { label: { ...shown, ...place, textBorderColor: light.card, textBorderWidth: 3 } } : {}),
          };
        }),
        ...(level
          ? {
              markLine: {
                ...{ silent: true, symbol: 'none', data: [{ yAxis: level.value }] },
                lineStyle: { color: light.below, type: 'dashed' as const, width: 1.5 },
                label: {
                  position: 'end' as const,
                  color: light.text,
                  fontSize: size.label,
                  formatter: () => level.name,
                },
              },
            }
          : {}),
      },
    ],
  };
  return { option, height };
}
