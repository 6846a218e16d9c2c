import { plainText } from '../text.ts';
import type { Chart } from './chart.ts';
import { light } from './colours.ts';
import { type Font, fitting, wrapped } from './font.ts';

export const size = { title: 20, text: 13, label: 13, tick: 12 } as const;
export const page = { width: 900, side: 24, header: 84, legend: 28, axis: 52, foot: 16 } as const;

const noteLine = 19;
const room = page.width - 2 * page.side;

/** One line, without what nobody sees: XML has no place for control characters and half ones. */
export const drawable = (text: string): string => asText(plainText(text, 200));

/** The library keeps what it measured in plain objects by its text: `__proto__` spoilt every later chart of the process. */
const asText = (text: string): string => (text in {} ? `"${text}"` : text);

/** The notes as lines that fit the page. */
export const noteLines = (chart: Chart, font: Font): string[] =>
  chart.notes
    .flatMap((note) => wrapped(font, drawable(note), size.text, room))
    .slice(0, 6)
    .map(asText);

const notesHeight = (lines: readonly string[]): number => (lines.length === 0 ? 0 : lines.length * noteLine + 10);

/** An even number, so that one and a half times it is whole: half a pixel row would show through. */
export const pageHeight = (top: number, plot: number, lines: readonly string[]): number =>
  2 * Math.ceil((top + plot + page.axis + notesHeight(lines) + page.foot) / 2);

/** A title the font has the letters of, where there is one. */
function titleOf({ title, titleBySku }: Chart, font: Font): string {
  const whole = drawable(title);
  return titleBySku !== undefined && !font.has(whole) ? drawable(titleBySku) : whole;
}

/** Title, subtitle and notes, the same on every chart. */
export function frame(chart: Chart, font: Font, height: number) {
  const lines = noteLines(chart, font);
  const words = (text: string, top: number, fontSize: number, color: string) => ({
    ...{ text, left: page.side, top, padding: 0, itemGap: 0 },
    textStyle: { color, fontSize, fontWeight: 'normal' as const, lineHeight: fontSize + 6 },
  });
  const first = height - page.foot - lines.length * noteLine;
  return {
    animation: false,
    backgroundColor: light.card,
    textStyle: { fontFamily: 'Noto Sans, Arial, sans-serif' },
    title: [
      words(fitting(font, titleOf(chart, font), size.title, room), 18, size.title, light.text),
      words(fitting(font, drawable(chart.subtitle), size.text, room), 48, size.text, light.muted),
      ...lines.map((line, index) => words(line, first + index * noteLine, size.text, light.muted)),
    ],
  };
}

export interface Ticks {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
}

/** From zero or below to the greatest value or above, in five or so steps of 1, 2 or 5 times a power of ten. */
export function ticksOver(values: readonly number[]): Ticks {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const rough = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = ([1, 2, 5].find((step) => step * power >= rough) ?? 10) * power;
  const [below, above] = [Math.floor(low / interval + 1e-9), Math.ceil(high / interval - 1e-9)];
  return { min: below * interval, max: Math.max(above, below + 1) * interval, interval };
}
