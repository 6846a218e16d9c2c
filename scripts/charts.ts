// The charts of the demo company as files to look at: `npm run charts` writes out/charts/*.svg and *.png.
import { mkdirSync, writeFileSync } from 'node:fs';
import { drawPng, drawSvg } from '../src/charts/draw.ts';
import { chartOf } from '../src/charts/of-report.ts';
import { startInProcess } from './in-process.ts';

const folder = 'out/charts';
mkdirSync(folder, { recursive: true });
const { call, close } = startInProcess();

const asked: readonly [name: string, tool: string, args: Record<string, unknown>][] = [
  ['stock-by-warehouse', 'get_report', { name: 'warehouse-summary' }],
  ['sales-by-item', 'get_report', { name: 'sales-by-item' }],
  ['aging', 'get_report', { name: 'aging' }],
  ['item-transactions', 'get_report', { name: 'item-transactions', item: 'WBH-001' }],
  ['stock-over-time', 'explain_stock', { item: 'WBH-001' }],
];
for (const [name, tool, args] of asked) {
  const { charts, apiCalls } = await call(tool, { ...args, chart: true });
  const { apiCalls: without } = await call(tool, args);
  for (const chart of charts) {
    writeFileSync(`${folder}/${name}.png`, Buffer.from(chart, 'base64'));
  }
  process.stdout.write(`${name}: ${charts.length} chart, ${apiCalls} calls with it and ${without} without\n`);
}
close();

// What the demo company has none of.
const odd = chartOf('sales-by-item', {
  header: { from_date: '2026-11-01', to_date: '2026-11-23', currency: 'EUR', truncated: true, row_count: 31 },
  rows: Array.from({ length: 25 }, (_, index) => ({
    name: [
      'Kabel für Außenbereich mit sehr langem Namen, der nirgends ganz hineinpasst',
      'Ακουστικά',
      'Наушники <b>&',
      '耳机',
    ][index % 4],
    sku: `SKU-${index}`,
    amount: index === 24 ? -1234.5 : 98_765.43 / (index + 1),
  })),
});
if (odd) {
  writeFileSync(`${folder}/odd.png`, await drawPng(odd));
  writeFileSync(`${folder}/odd.svg`, drawSvg(odd));
}
