import { expect, test } from 'vitest';
import { rowsIn } from '../../../src/workflows/rows.ts';
import { demoWorld } from '../demo-world.ts';

test('the alert tells what is low in one call, with the reference formula and what is on order', async () => {
  const world = demoWorld();
  const { message, text: alert } = await world.read('low_stock_alert', {});
  expect(world.callsSent()).toBe(1);
  expect(message).toBe('4 items are at or below their reorder level, 1 is promised beyond stock.');
  expect(alert).toContain(
    '- DMAT Desk Mat: on hand 4, available 4, level 15, suggested order 26, on order 40, vendor CableWorks',
  );
  expect(alert).toContain(
    '- LAMP Clip Lamp: on hand 8, available 8, level 10, suggested order 12, on order 0, vendor none kept',
  );
});

test('every item of the report stands in it, with 2 x level - on hand', async () => {
  const world = demoWorld();
  const { markdown: alert } = await world.read('low_stock_alert', { format: 'markdown' });
  const cells = (alert as string[]).map((line) =>
    line.split(' | ').map((cell) => cell.replace(/^\| |\|$/g, '').trim()),
  );
  for (const row of rowsIn(await world.call('get_low_stock_report', {}), 'items')) {
    const found = cells.find(([sku]) => sku === row.sku);
    const suggested = 2 * Number(row.reorder_level) - Number(row.stock_on_hand);
    expect(found?.slice(2, 7)).toEqual(
      [row.stock_on_hand, row.available_stock, row.reorder_level, suggested, row.quantity_ordered].map(String),
    );
  }
});

test('where nothing is low it says so', async () => {
  const { message, text: alert } = await demoWorld('empty').read('low_stock_alert', {});
  expect(message).toBe('0 items are at or below their reorder level, 0 are promised beyond stock.');
  expect(alert).toContain('None.');
});
