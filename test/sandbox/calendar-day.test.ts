import { expect, test } from 'vitest';
import { objectAt, rowsAt, startSandbox } from './calls.ts';

// 22:00 on the 22nd in Oakland, where it is already the 23rd by UTC.
const lateEvening = Date.UTC(2026, 10, 23, 6, 0, 0);

async function evening() {
  const { call } = startSandbox({ now: () => lateEvening });
  const { contact_id } = objectAt(
    await call('POST', '/contacts', { contact_name: 'Dana', contact_type: 'customer' }),
    'contact',
  );
  const { item_id } = objectAt(await call('POST', '/items', { name: 'Felt Pad', rate: 2, initial_stock: 10 }), 'item');
  const order = (more: object) =>
    call('POST', '/salesorders', { customer_id: contact_id, line_items: [{ item_id, quantity: 1 }], ...more });
  return { call, order };
}

test('late in the evening an order is of the day that the organization has, not of the day by UTC', async () => {
  const { call, order } = await evening();
  const sale = objectAt(await order({}), 'salesorder');
  expect(sale).toMatchObject({ date: '2026-11-22', created_time: '2026-11-22T22:00:00-0800' });
  expect(
    rowsAt(await call('GET', '/salesorders?date_start=2026-11-22&date_end=2026-11-22'), 'salesorders'),
  ).toHaveLength(1);
  expect((await call('GET', '/reports/lowstockitems')).body.report).toMatchObject({ as_of: '2026-11-22' });
});

test('a date of tomorrow is refused with both days, that of today is taken', async () => {
  const { order } = await evening();
  expect((await order({ date: '2026-11-22' })).status).toBe(201);
  const { status, body } = await order({ date: '2026-11-23' });
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 1002, field: 'date' });
  expect(body.details).toMatch(/2026-11-23 is in the future; today is 2026-11-22/);
});
