import { expect, test } from 'vitest';
import { chartedReports, stockChart } from '../../src/charts/names.ts';
import { chartOf, hasChart } from '../../src/charts/of-report.ts';
import { reports } from '../../src/reports/index.ts';

test('every charted report is one that there is', () => {
  const names = reports.map(({ name }) => name);
  expect(chartedReports.filter((name) => !names.includes(name))).toEqual([]);
  expect(hasChart('low-stock')).toBe(false);
});

test.each([...chartedReports, stockChart] as const)('%s without rows has no chart', (name) => {
  expect(chartOf(name, { header: {}, rows: [] })).toBeUndefined();
});

test('pieces and metres are never added: the unit most warehouses hold is drawn, the others are said', () => {
  const rows = [
    { warehouse_id: '1', name: 'Oakland', on_hand: { pcs: 5, m: 900.5 } },
    { warehouse_id: '2', name: 'Newark', on_hand: { pcs: -2 } },
    { warehouse_id: '3', name: 'Empty', status: 'active', on_hand: {} },
    { warehouse_id: '4', name: 'Closed', status: 'inactive', on_hand: {} },
    { name: 'In transit', on_hand: { m: 4 } },
  ];
  expect(chartOf('warehouse-summary', { header: { as_of: '2026-11-23' }, rows })).toMatchObject({
    subtitle: 'as of 2026-11-23 · on hand, in pcs',
    unit: 'pcs',
    bars: [
      { label: 'Oakland', total: 5 },
      { label: 'Empty', total: 0 },
      { label: 'Newark', total: -2 },
    ],
    notes: ['Other units are not drawn: 904.5 m.'],
  });
});

test('of many rows the greatest are drawn, the others summed and said, and what was not read is said', () => {
  const rows = Array.from({ length: 20 }, (_, index) => ({ name: `Item ${index}`, amount: 0.1 * (index + 1) }));
  const chart = chartOf('sales-by-item', { header: { currency: 'JPY', row_count: 31, truncated: true }, rows });
  expect(chart).toMatchObject({
    digits: 0,
    notes: ['The others stand as a sum, without a bar.', 'Drawn from 20 of 31 items; the rest is left out.'],
  });
  const bars = chart?.kind === 'bars' ? chart.bars : [];
  expect(bars).toHaveLength(12);
  expect(bars.at(-1)).toMatchObject({ label: '9 others', total: 4.5, isSum: true });
});

test('what is below zero among the others is said, because their sum hides it', () => {
  const rows = Array.from({ length: 15 }, (_, index) => ({
    ...{ warehouse_id: String(index), name: `Depot ${index}` },
    on_hand: { pcs: index === 14 ? -40 : 100 - index },
  }));
  const chart = chartOf('warehouse-summary', { header: {}, rows });
  expect(chart?.kind === 'bars' && chart.bars.at(-1)).toMatchObject({ label: '4 others', total: 224 });
  expect(chart?.notes).toEqual(['The others stand as a sum, without a bar; of them 1 is below zero, together -40.']);
});

test('stock holds from its last movement until today, or until the last day asked for', () => {
  const rows = [
    { date: '2026-11-02', balance: 7 },
    { date: '2026-11-02', balance: 5 },
  ];
  const about = {
    item: { name: 'Mat', unit: 'pcs' },
    today: '2026-11-23',
    from_date: '2026-11-01',
    opening_balance: 9,
  };
  expect(chartOf('stock-over-time', { header: about, rows })).toMatchObject({
    points: [
      { date: '2026-11-01', value: 9 },
      { date: '2026-11-02', value: 5 },
      { date: '2026-11-23', value: 5 },
    ],
  });
  const until = chartOf('item-transactions', { header: { ...about, to_date: '2026-11-10' }, rows });
  expect(until?.kind === 'steps' && until.points.at(-1)).toEqual({ date: '2026-11-10', value: 5 });
});
