import { expect, onTestFinished, test } from 'vitest';
import { startInProcess } from '../../scripts/in-process.ts';
import { readSvg } from './svg.ts';

function company() {
  const server = startInProcess();
  onTestFinished(server.close);
  return server;
}

test.each([
  ['get_report', { name: 'warehouse-summary' }],
  ['get_report', { name: 'sales-by-item' }],
  ['get_report', { name: 'aging' }],
  ['get_report', { name: 'item-transactions', item: 'WBH-001' }],
  ['explain_stock', { item: 'SPK-BT' }],
])('%s %j costs no API call more with its chart', async (tool, args) => {
  const { call } = company();
  await call(tool, args); // what is kept is kept from here on
  const without = await call(tool, args);
  const { charts, apiCalls } = await call(tool, { ...args, chart: true });
  expect(charts).toHaveLength(1);
  expect(apiCalls).toBe(without.apiCalls);
});

test('the ages of the picture add up to the value the report tells', async () => {
  const { call, svg } = company();
  const { facts } = await call('get_report', { name: 'aging' });
  const labels = readSvg(await svg('aging', {})).labels.map(({ text }) => text);
  const sums = labels.flatMap((text) => /days: (.*)$/.exec(text)?.[1]?.replaceAll(',', '') ?? []);
  expect(sums).toHaveLength(4);
  const cents = sums.reduce((sum, text) => sum + Math.round(Number(text) * 100), 0);
  expect(facts.report).toMatchObject({ totals: { value: cents / 100 } });
});

test('the stock of the picture ends with what is on hand, in a warehouse and since a day too', async () => {
  const { call, svg } = company();
  for (const args of [
    { item: 'SPK-BT' },
    { item: 'SPK-BT', warehouse: 'Oakland' },
    { item: 'SPK-BT', from_date: '2026-11-10' },
  ]) {
    const { facts } = await call('explain_stock', args);
    const labels = readSvg(await svg('stock-over-time', args)).labels.map(({ text }) => text);
    expect(labels).toContain(String(facts.on_hand));
  }
});

test('a kit, which lies nowhere by itself, comes with a word instead', async () => {
  const { call } = company();
  const { facts: list } = await call('list_composite_items', {});
  const [kit] = Object.values(list).find(Array.isArray) as { sku: string }[]; // parse boundary: rows of a list
  const { charts, facts } = await call('explain_stock', { item: kit?.sku ?? '', chart: true });
  expect(charts).toEqual([]);
  expect(facts.chart).toMatch(/^No chart/);
});
