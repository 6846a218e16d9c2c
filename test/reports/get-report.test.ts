import { describe, expect, test } from 'vitest';
import type { Input } from '../../src/operations/define.ts';
import { getReport } from '../../src/reports/get-report.ts';
import { reports, toMarkdown } from '../../src/reports/index.ts';
import type { Api } from '../../src/workflows/define.ts';
import { demoWorld } from '../workflows/demo-world.ts';

const context = { today: '2026-11-23', currency: 'USD', nowMs: Date.UTC(2026, 10, 23, 18), progress: () => {} };

function open() {
  const world = demoWorld();
  const api: Api = {
    call: world.call,
    pages: () => {
      throw new Error('Reports read page by page.');
    },
  };
  const get = (input: Input) => getReport.read(api, input, context);
  return { ...world, api, get };
}

describe('get_report', () => {
  test('only reads', () => {
    expect(getReport.uses.filter(({ effect }) => effect !== 'read')).toEqual([]);
  });

  test.each(reports.map(({ name }) => [name]))(
    '%s says when, where, in which currency, and what it cost',
    async (name) => {
      const { get, callsSent } = open();
      const { report, rows } = await get({ name, ...(name === 'item-transactions' ? { item: 'WBH-001' } : {}) });
      expect(report).toMatchObject({ name, currency: 'USD', truncated: expect.any(Boolean), calls: callsSent() });
      expect(report).toHaveProperty('generated_at');
      expect(report).toHaveProperty('row_count');
      expect(Array.isArray(rows)).toBe(true);
    },
  );

  test('the age of the stock adds up to its value, and where calls ran out it says what it lacks', async () => {
    const { api, get } = open();
    const value = (report: unknown) => (report as { totals: Record<string, unknown> }).totals; // parse boundary: a report's header
    const whole = await get({ name: 'aging', limit: 200 });
    const valuation = await get({ name: 'inventory-valuation', limit: 200 });
    expect(whole.report).toMatchObject({ truncated: false });
    expect(value(whole.report).value).toBe(value(valuation.report).asset_value);
    const aging = reports.find(({ name }) => name === 'aging');
    const cut = await aging?.read(api, {}, { ...context, mostCalls: 24 });
    expect(cut).toMatchObject({ truncated: true, calls: 24 });
    expect(cut?.header.basis).toMatch(
      /; \d+ items worth least not read, to spare calls: no row and no total counts them$/,
    );
  });

  test('refuses what the report would not have looked at', async () => {
    const { get } = open();
    const refused = get({ name: 'low-stock', from_date: '2026-11-01' });
    await expect(refused).rejects.toThrow('The report low-stock takes no from_date. It takes warehouse_id.');
    await expect(get({ name: 'aging', item: 'DMAT' })).rejects.toThrow('The report aging takes no item.');
    await expect(get({ name: 'item-transactions' })).rejects.toThrow('needs item: an id, SKU or exact name.');
  });

  test('finds the item of item-transactions by SKU or name, and names it', async () => {
    const { get } = open();
    const bySku = await get({ name: 'item-transactions', item: 'ucc-2m', from_date: '2026-01-01' });
    expect(bySku.report).toMatchObject({ filter: { sku: 'UCC-2M' }, totals: { closing_balance: 500 } });
    expect((await get({ name: 'item-transactions', item: 'USB-C Cable 2 m', from_date: '2026-01-01' })).rows).toEqual(
      bySku.rows,
    );
  });

  test('cuts rows at the limit and says so', async () => {
    const { get } = open();
    const { report, rows } = await get({ name: 'stock-on-hand', limit: 3 });
    expect(rows).toHaveLength(3);
    expect(report).toMatchObject({ truncated: true, row_count: 73 });
  });

  test('answers Markdown line by line when asked to', async () => {
    const { get } = open();
    const { markdown } = await get({ name: 'low-stock', format: 'markdown' });
    const lines = Array.isArray(markdown) ? markdown : [];
    expect(lines[0]).toBe('# Low stock');
    expect(lines[1]).toMatch(/^2026-11-23T10:00:00-0800 · America\/Los_Angeles · USD · 2026-11-23 · 4 of 4 rows$/);
    expect(lines).toContain('## shortages');
  });
});

describe('a report that reads records', () => {
  test('stops at the calls it may spend, and says that it was cut', async () => {
    const { api, callsSent } = open();
    const aging = reports.find(({ name }) => name === 'aging');
    const result = await aging?.read(api, {}, { ...context, mostCalls: 20 });
    expect(result).toMatchObject({ truncated: true, header: { truncated: true } });
    // The first page of a list is always read, so that no part of the report says "none" without having looked.
    expect(callsSent()).toBeLessThanOrEqual(30);
    expect(result?.calls).toBe(callsSent());
    expect(result?.rows.length).toBeGreaterThan(0);
  });
});

describe('Markdown', () => {
  test('keeps a cell in its cell, whatever somebody typed', () => {
    const [report] = reports;
    if (!report) throw new Error('There is no report.');
    const rows = [{ name: 'Lamp | 20 cm\nsecond line \u202eevil', quantity_available: 3 }];
    const header = { name: report.name, currency: 'USD', time_zone: 'PST', as_of: '2026-11-23', row_count: 1 };
    const text = toMarkdown(report, { header, rows, truncated: false, calls: 1 });
    expect(text.split('\n').slice(1)).toEqual([
      'PST · USD · 2026-11-23 · 1 of 1 rows',
      '',
      '| name | quantity_available |',
      '| --- | --- |',
      '| Lamp \\| 20 cm second line evil | 3 |',
    ]);
  });

  test('says that there are no rows', () => {
    const [report] = reports;
    if (!report) throw new Error('There is no report.');
    expect(toMarkdown(report, { header: {}, rows: [], truncated: false, calls: 1 })).toContain('No rows.');
  });
});
