import { expect, test, vi } from 'vitest';
import { createSlot, drawn, notDrawn, svgOf } from '../../src/mcp/charts.ts';

vi.mock('../../src/charts/draw.ts', () => {
  throw new Error('Cannot find module draw.js');
});

test('a chart that cannot be drawn costs a word and a line in the log, not the answer', async () => {
  const slot = createSlot();
  slot.charted('sales-by-item', { header: { currency: 'USD' }, rows: [{ name: 'Mat', amount: 1 }] });
  const chart = slot.chart();
  if (typeof chart === 'string') throw new Error(chart);
  const warnings: string[] = [];
  expect(await drawn(chart, 'inventory://charts/sales-by-item', (line) => warnings.push(line))).toBe(notDrawn);
  expect(warnings.join()).toContain('a chart failed');
  await expect(svgOf(chart)).rejects.toMatchObject({ kind: 'unavailable' });
});
