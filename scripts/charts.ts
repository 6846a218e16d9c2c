// The charts of the demo company as files to look at: `npm run charts` writes out/charts/*.svg, and a PNG of each on a light
// page and on a dark one.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-wasm';
import type { Chart } from '../src/charts/chart.ts';
import { dark, light } from '../src/charts/colours.ts';
import { drawPng, drawSvg } from '../src/charts/draw.ts';
import { chartOf } from '../src/charts/of-report.ts';
import { startInProcess } from './in-process.ts';

const folder = 'out/charts';
mkdirSync(folder, { recursive: true });
const { call, svg, close } = startInProcess();
const font = readFileSync(
  createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'),
);

/** As a dark page shows it: what the sheet in the SVG says, done by hand, because the renderer knows no page. */
function darkPng(text: string): Uint8Array {
  let dimmed = text.replace(/<style>.*<\/style>/s, '');
  for (const [part, colour] of Object.entries(dark))
    dimmed = dimmed.replaceAll(light[part as keyof typeof dark], colour); // the parts of the one are parts of the other
  return new Resvg(dimmed, { font: { fontBuffers: [font], defaultFontFamily: 'Noto Sans' } }).render().asPng();
}

function write(name: string, png: Uint8Array, text: string): void {
  writeFileSync(`${folder}/${name}.png`, png);
  writeFileSync(`${folder}/${name}.svg`, text);
  writeFileSync(`${folder}/${name}-dark.png`, darkPng(text));
}

const asked: readonly [file: string, chart: string, args: Record<string, string>][] = [
  ['stock-by-warehouse', 'warehouse-summary', {}],
  ['sales-by-item', 'sales-by-item', { from_date: '2026-01-01' }],
  ['aging', 'aging', {}],
  ['item-transactions', 'item-transactions', { item: 'WBH-001' }],
  ['stock-over-time', 'stock-over-time', { item: 'SPK-BT' }],
];
for (const [file, chart, args] of asked) {
  const isReport = chart !== 'stock-over-time';
  const [tool, input] = isReport ? ['get_report', { name: chart, ...args }] : ['explain_stock', args];
  const { charts, text, apiCalls } = await call(tool as string, { ...(input as object), chart: true }); // pairs of a name and arguments
  const [png] = charts;
  if (png === undefined) throw new Error(`${file}: ${text}`);
  const bytes = Buffer.from(png, 'base64');
  write(file, bytes, await svg(chart, args));
  process.stdout.write(`${file}: ${bytes.length} bytes of PNG, ${apiCalls} API calls\n`);
}
close();

// What the demo company has none of: long and foreign names, many rows, money below zero, a long history.
const names = [
  'Kabel für Außenbereich mit sehr langem Namen, der nirgends hineinpasst',
  'Ακουστικά',
  'Наушники <b>&',
  '耳机',
];
const header = { from_date: '2026-11-01', to_date: '2026-11-23', currency: 'EUR', row_count: 31 };
const odd: Record<string, Chart | undefined> = {
  'odd-sales': chartOf('sales-by-item', {
    header,
    rows: Array.from({ length: 25 }, (_, index) => ({
      ...{ name: names[index % 4], sku: `SKU-${index}` },
      amount: Math.round(9_876_543 / (index + 1)) / 100,
    })),
  }),
  'odd-below': chartOf('sales-by-item', {
    header,
    rows: [40, -12.5, 0.25].map((amount) => ({ name: 'Refund', amount })),
  }),
  'odd-one': chartOf('sales-by-item', { header, rows: [{ name: 'Only', amount: 3 }] }),
  'odd-steps': chartOf('stock-over-time', {
    header: {
      item: { name: 'Cable by the metre', unit: 'm' },
      today: '2026-11-23',
      reorder_level: 38,
      waiting: 'Coming: nothing.',
    },
    rows: Array.from({ length: 60 }, (_, index) => ({
      date: new Date(Date.UTC(2025, 9, 1 + index * 7)).toISOString().slice(0, 10),
      balance: Math.round(Math.sin(index / 4) * 800 + 200 + index * 2.5) / 10,
    })),
  }),
};
for (const [name, chart] of Object.entries(odd)) if (chart) write(name, await drawPng(chart), drawSvg(chart));
