import { describe, expect, test } from 'vitest';
import { incomingWords, readIncoming } from '../../src/workflows/incoming.ts';
import { type FakeApi, fakeApi } from './fake-api.ts';

const units = (count: number): bigint => BigInt(count) * 1_000_000n;

/** Orders of 10 of item 1, of which `received` came; the first is due last. */
function orders(count: number, received = 0): FakeApi {
  const rows = Array.from({ length: count }, (_, index) => ({
    purchaseorder_id: String(index),
    purchaseorder_number: `PO-${index}`,
    vendor_name: 'CableWorks',
    expected_delivery_date: `2026-12-${String(28 - index).padStart(2, '0')}`,
  }));
  const line_items = [
    { item_id: '1', quantity: 10, quantity_received: received },
    { item_id: '2', quantity: 3, quantity_received: 3 },
  ];
  return fakeApi({
    instead: ({ name, input }) => {
      if (name === 'list_purchase_orders')
        return {
          purchaseorders: input.filter_by === 'Status.Issued' || input.filter_by === 'Status.Draft' ? rows : [],
        };
      const row = rows.find(({ purchaseorder_id }) => purchaseorder_id === input.purchaseorder_id);
      return { purchaseorder: { ...row, line_items } };
    },
  });
}

const reads = (api: FakeApi) => api.names().filter((name) => name === 'get_purchase_order').length;

describe('what is on its way', () => {
  test('the soonest orders are read first, and no more once all is found', async () => {
    const api = orders(20);
    const { byItem, truncated } = await readIncoming(api, 'issued', { most: 50, wanted: new Map([['1', units(20)]]) });
    expect(byItem.get('1')?.map(({ number, quantity }) => [number, quantity])).toEqual([
      ['PO-19', units(10)],
      ['PO-18', units(10)],
    ]);
    expect([reads(api), truncated]).toEqual([2, false]);
  });

  test('what was received does not come again', async () => {
    const wanted = new Map([
      ['1', units(6)],
      ['2', units(3)],
    ]);
    const { byItem } = await readIncoming(orders(1, 4), 'issued', { most: 50, wanted });
    expect(byItem.get('1')?.[0]?.quantity).toBe(units(6));
    expect(byItem.has('2')).toBe(false);
  });

  test('it reads no more orders than allowed, and says that there are more', async () => {
    const api = orders(20);
    const { byItem, truncated } = await readIncoming(api, 'draft', { most: 5, wanted: new Map([['1', undefined]]) });
    expect([reads(api), truncated]).toEqual([5, true]);
    expect(byItem.get('1')).toHaveLength(5);
  });

  test('a list longer than its page is told too', async () => {
    const api = fakeApi({
      instead: () => ({ purchaseorders: [], page_context: { has_more_page: true } }),
    });
    expect(await readIncoming(api, 'draft', { most: 5, wanted: new Map([['1', undefined]]) })).toMatchObject({
      truncated: true,
    });
  });

  test('a date that is past is said to be past', () => {
    const order = { purchaseorderId: '1', number: 'PO-8', vendorName: '', quantity: 1n, warehouseId: '' };
    expect(incomingWords({ ...order, expected: '2026-11-22' }, '2026-11-23')).toBe('PO-8, was due 2026-11-22');
    expect(incomingWords({ ...order, expected: '2026-11-23' }, '2026-11-23')).toBe('PO-8, due 2026-11-23');
    expect(incomingWords({ ...order, expected: '' }, '2026-11-23')).toBe('PO-8, no date given');
  });
});
