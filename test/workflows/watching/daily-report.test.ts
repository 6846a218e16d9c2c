import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import type { Reply } from '../../../src/client/client.ts';
import type { Workflow } from '../../../src/workflows/define.ts';
import { workflowByName } from '../../../src/workflows/index.ts';
import { type Row, rowsIn } from '../../../src/workflows/rows.ts';
import { demoWorld } from '../demo-world.ts';
import { fakeApi, quiet } from '../fake-api.ts';

const linesOf = ({ text, markdown, html }: Reply): string[] => {
  const lines = text ?? markdown ?? html;
  return Array.isArray(lines) ? lines.map(String) : [];
};
const section = (lines: readonly string[], title: string): string[] => {
  const from = lines.indexOf(title);
  const end = lines.indexOf('', from);
  return lines.slice(from + 1, end < 0 ? undefined : end);
};

function readerOf(name: string): Extract<Workflow, { read: unknown }> {
  const found = workflowByName.get(name);
  if (!found || !('read' in found)) throw new Error(`${name} is no report.`);
  return found;
}

test('the day is told in four calls', async () => {
  const world = demoWorld();
  const { message } = await world.read('daily_report', { format: 'text' });
  expect(world.callsSent()).toBe(4);
  expect(message).toBe(
    '37 SKUs worth 36468.38 USD; 4 items are at or below their reorder level, 1 is promised beyond stock; orders 2 to confirm, 4 to pack, 1 to ship, 0 to deliver; 1 late purchase.',
  );
});

test('orders of one day stand in the order of their numbers, oldest first', async () => {
  const world = demoWorld();
  const items = [{ item: 'MUG', quantity: 1 }];
  for (const customer of ['Marble Hotel', 'Bluebird Cafe', 'Northwind Schools'])
    await world.run('place_sales_order', await world.plan('place_sales_order', { customer, items }));
  const waiting = section(linesOf(await world.read('daily_report', {})), 'Orders waiting');
  const ofToday = waiting.filter((line) => line.endsWith('days 0')).map((line) => line.split(' ')[1]);
  expect(ofToday).toEqual(['SO-00020', 'SO-00021', 'SO-00022']);
});

test('its figures are those of the reports and records they come from', async () => {
  const world = demoWorld();
  const lines = linesOf(await world.read('daily_report', {}));
  const valuation = await world.call('get_inventory_valuation', { per_page: 200 });
  const { totals } = valuation.report as { totals: { asset_value: number } }; // parse boundary: the sandbox's report
  expect(lines).toContain(`Total value: ${totals.asset_value} USD`);
  const low = rowsIn(await world.call('get_low_stock_report', {}), 'items');
  expect(section(lines, 'Low stock').map((line) => line.split(' ')[1])).toEqual(low.map(({ sku }) => sku));
  const transfers = rowsIn(await world.call('list_transfers', { filter_by: 'Status.InTransit' }), 'transfers');
  expect(transfers).toHaveLength(1);
  expect(section(lines, 'In transit')).toEqual(['- UCC-2M USB-C Cable 2 m: quantity 20']);
  expect(section(lines, 'Late purchases')).toEqual(['- PO-00008 PaperCo: due 2026-11-13, days late 10']);
  for (const [status, step] of [
    ['Draft', 'confirm'],
    ['Packed', 'ship'],
    ['Confirmed', 'pack'],
    ['PartiallyShipped', 'pack'],
  ]) {
    const orders = rowsIn(await world.call('list_sales_orders', { filter_by: `Status.${status}` }), 'salesorders');
    expect(orders.length).toBeGreaterThan(0);
    for (const { salesorder_number } of orders)
      expect(section(lines, 'Orders waiting').find((line) => line.includes(String(salesorder_number)))).toContain(
        `to ${step}`,
      );
  }
});

test('a company without anything has nothing to tell', async () => {
  const reply = await demoWorld('empty').read('daily_report', {});
  expect(reply.message).toMatch(
    /^0 SKUs worth 0.00 USD; 0 items .* orders 0 to confirm, 0 to pack, 0 to ship, 0 to deliver/,
  );
  expect(section(linesOf(reply), 'Low stock')).toEqual(['None.']);
});

/** A company of more than a page, and what a page of it answers. */
const large = fakeApi({
  instead: ({ name }): Row | undefined => {
    const page_context = { has_more_page: true };
    if (name === 'list_sales_orders')
      return { salesorders: [{ salesorder_number: 'SO-1', status: 'open' }], page_context };
    if (name === 'list_purchase_orders') return { purchaseorders: [], page_context };
    if (name === 'get_inventory_summary')
      return { items: [{ sku: 'A' }], total_items: 5_000, total_value: 1, report: { currency: 'USD' }, page_context };
    if (name === 'get_low_stock_report') return { items: [], report: { truncated: true } };
    return undefined;
  },
});

test('a large company costs no more, and what was not read is said', async () => {
  const lines = linesOf(await readerOf('daily_report').read(large, {}, quiet));
  expect(large.names()).toHaveLength(4);
  expect(lines).toContain('Total SKUs: 5000');
  expect(lines).toContain('The API listed only a part of the low items.');
  expect(lines.filter((line) => line.includes('200'))).toEqual([
    'Of the sales orders only the newest 200 were read: older ones may wait too.',
    'Of the purchase orders only the newest 200 were read: older ones may wait too.',
    'In transit was looked up for the first 200 items only.',
  ]);
});

describe('what outsiders typed', () => {
  const name = '<img src=x onerror=alert(1)> | **now** [pay](https://evil.example)\r\nBcc: x@evil.example';
  const api = fakeApi({
    instead: (call): Row | undefined => {
      if (call.name === 'get_low_stock_report')
        return { items: [{ item_id: '1', sku: 'A&B', name, stock_on_hand: 1, available_stock: 1, reorder_level: 5 }] };
      if (call.name === 'get_inventory_summary') return { items: [], total_items: 1, total_value: 1 };
      return undefined;
    },
  });

  test.each(['daily_report', 'low_stock_alert'])('is no tag and no link in the HTML of %s', async (tool) => {
    const html = linesOf(await readerOf(tool).read(api, { format: 'html' }, quiet)).join('\n');
    expect(html).not.toContain('<img');
    expect(html).not.toContain('https://evil');
    expect(html).toContain('<td>A&amp;B</td>');
    expect(html).toContain('&lt;');
    // Every tag that is there is one of ours.
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/g)].map(([, tag]) => tag));
    expect([...tags].sort()).toEqual(
      'body h2 h3 head html meta p table td th title tr'.split(' ').filter((tag) => tags.has(tag)),
    );
  });

  test.each(['daily_report', 'low_stock_alert'])(
    'is no link, no emphasis and no new cell in the Markdown of %s',
    async (tool) => {
      const markdown = linesOf(await readerOf(tool).read(api, { format: 'markdown' }, quiet)).join('\n');
      const shown = await marked.parse(markdown, { gfm: true });
      expect(shown).toContain('<td>A&amp;B</td>');
      expect(shown).not.toMatch(/<(a|img|strong|em)[ >]/);
      const row = /<tr>\s*<td>A&amp;B<\/td>[\s\S]*?<\/tr>/.exec(shown)?.[0] ?? '';
      expect(row.match(/<td>/g)).toHaveLength(8);
    },
  );

  test('stays on its line in text', async () => {
    const lines = linesOf(await readerOf('low_stock_alert').read(api, {}, quiet));
    expect(lines.filter((line) => line.startsWith('Bcc'))).toEqual([]);
    expect(lines.find((line) => line.includes('A&B'))).toContain('on hand 1, available 1, level 5');
  });
});

test('the HTML names its colour schemes and sets no colour that a dark mail program would keep', async () => {
  const html = linesOf(await demoWorld().read('daily_report', { format: 'html' })).join('\n');
  expect(html).toContain("<meta name='color-scheme' content='light dark'>");
  expect(html).not.toMatch(/background|[^-]color:(?! ?#888)/);
  expect(html.match(/<table/g)).toHaveLength(5);
});

test('a report that cannot be read is an error and no empty day', async () => {
  const broken = fakeApi({
    instead: ({ name }) => {
      if (name === 'get_low_stock_report') throw new Error('out of order');
      return name === 'get_inventory_summary' ? {} : undefined;
    },
  });
  await expect(readerOf('daily_report').read(broken, {}, quiet)).rejects.toThrow('out of order');
});
