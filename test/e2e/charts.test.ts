import { describe, expect, onTestFinished, test } from 'vitest';
import { readSvg } from '../charts/svg.ts';
import { connectors } from '../helpers/clients.ts';
import { startHttp } from '../helpers/servers.ts';
import { temporaryDirectory } from '../helpers/world.ts';

async function connected(era: 'v1' | 'v2') {
  const client = await connectors[era]({
    env: { INVENTORY_DATA_DIR: temporaryDirectory(), INVENTORY_LOG_LEVEL: 'warn' },
  });
  onTestFinished(() => client.close());
  await client.tools(); // from here on the client checks results against what was listed
  return client;
}

const withoutTime = (facts: Record<string, unknown>) =>
  JSON.parse(
    JSON.stringify(facts)
      .replace(/"(generated_at|calls)":("[^"]*"|\d+)/g, '"$1":0')
      // In Markdown it stands among the words.
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)?/g, 'then'),
  );

describe.each(['v1', 'v2'] as const)('charts for a %s client', (era) => {
  test.each([
    ['get_report', { name: 'warehouse-summary' }, 'Stock by warehouse'],
    ['get_report', { name: 'sales-by-item', from_date: '2025-01-01' }, 'Sales by item'],
    ['get_report', { name: 'aging' }, 'Value of stock by age'],
    ['get_report', { name: 'item-transactions', item: 'WBH-001' }, 'Stock of Wireless Bluetooth Headphones'],
    ['get_report', { name: 'sales-by-item', format: 'markdown' }, 'Sales by item'],
    ['explain_stock', { item: 'SPK-BT' }, 'Stock of Bluetooth Speaker'],
    ['explain_stock', { item: 'WBH-001', warehouse: 'Oakland' }, 'Stock of Wireless Bluetooth Headphones'],
  ])(
    '%s %j: the same facts, one small PNG, and a link to the SVG, which is drawn when read',
    async (tool, args, title) => {
      const client = await connected(era);
      const plain = await client.call(tool, args);
      const result = await client.call(tool, { ...args, chart: true });
      expect(result.isError).toBe(false);
      expect(withoutTime(result.facts)).toEqual(withoutTime(plain.facts));
      expect(plain.pictures).toEqual([]);
      const [picture, ...more] = result.pictures;
      expect(more).toEqual([]);
      expect(picture?.mimeType).toBe('image/png');
      expect(picture?.bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(picture?.bytes.length).toBeLessThan(60_000);
      const [link] = result.links;
      expect(link?.mimeType).toBe('image/svg+xml');
      const { text, mimeType } = await client.read(link?.uri ?? '');
      expect(mimeType).toBe('image/svg+xml');
      expect(readSvg(text).labels.map((label) => label.text)).toContain(title);
    },
  );

  test('the numbers of the picture are those of the rows', async () => {
    const client = await connected(era);
    const { facts, links } = await client.call('get_report', { name: 'warehouse-summary', chart: true });
    const labels = readSvg((await client.read(links[0]?.uri ?? '')).text).labels.map(({ text }) => text);
    for (const { name, on_hand } of facts.rows as { name: string; on_hand: Record<string, number> }[])
      expect(labels).toEqual(expect.arrayContaining([name, (on_hand.pcs ?? 0).toLocaleString('en-US')]));
  });

  test('over HTTP the picture is the same, and one server draws what another linked to', async () => {
    const [here, there] = [
      await connectors[era]({ url: await startHttp() }),
      await connectors[era]({ url: await startHttp() }),
    ];
    onTestFinished(async () => {
      await here.close();
      await there.close();
    });
    const { pictures, links } = await here.call('explain_stock', { item: 'SPK-BT', chart: true });
    expect(pictures).toHaveLength(1);
    expect((await there.read(links[0]?.uri ?? '')).text).toContain('Stock of Bluetooth Speaker');
  });

  test('a report without a chart comes with the names of those that have one', async () => {
    const client = await connected(era);
    const { facts, pictures, text } = await client.call('get_report', { name: 'low-stock', chart: true });
    expect(pictures).toEqual([]);
    expect(facts.rows).not.toEqual([]);
    expect(facts.chart).toMatch(/low-stock has no chart.*warehouse-summary, sales-by-item, aging, item-transactions/);
    expect(text).toContain('has no chart');
  });

  test('nothing to draw is a word, and no picture', async () => {
    const client = await connected(era);
    const asked = { name: 'sales-by-item', from_date: '2020-01-01', to_date: '2020-01-02', chart: true };
    const { facts, pictures, links } = await client.call('get_report', asked);
    expect([pictures, links]).toEqual([[], []]);
    expect(facts.chart).toBe('No chart: there is nothing to draw.');
  });

  test.each([
    'inventory://charts/low-stock',
    'inventory://charts/stock-over-time',
    'inventory://charts/stock-over-time?item=no-such-thing',
    'inventory://charts/aging?colour=red',
    'inventory://charts/sales-by-item?limit=many',
    'inventory://charts/../items',
  ])('%s is refused in words', async (uri) => {
    const client = await connected(era);
    await expect(client.read(uri)).rejects.toThrow(/./);
    expect((await client.read('inventory://charts/sales-by-item?from_date=2025-01-01')).text).toContain('<svg');
  });
});
