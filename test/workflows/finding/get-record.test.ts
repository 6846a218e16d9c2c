import { describe, expect, test } from 'vitest';
import { RateLimited } from '../../../src/errors.ts';
import { compactRecord } from '../../../src/workflows/finding/compact-record.ts';
import { getRecord } from '../../../src/workflows/finding/get-record.ts';
import { rowIn, rowsIn } from '../../../src/workflows/rows.ts';
import { tokensOf } from '../answered-text.ts';
import { demoWorld } from '../demo-world.ts';
import { anItem, fakeApi, quiet } from '../fake-api.ts';
import { errorOf } from '../fulfil-world.ts';

const get = async (kind: string, record: string) => {
  const world = demoWorld();
  const reply = await world.read('get_record', { kind, record });
  return { world, reply, message: String(reply.message), calls: world.callsSent() };
};

describe('one record of the demo company', () => {
  test.each([
    ['item', 'WBH-001', 'item', { sku: 'WBH-001' }, 2],
    ['item', '1234567890128', 'item', { sku: 'WBH-001' }, 2],
    ['item', '46000000000010190', 'item', { sku: 'WBH-001' }, 1],
    ['kit', 'audio set', 'composite_item', { sku: 'AUDIO-SET' }, 2],
    ['contact', 'Bluebird Cafe', 'contact', { contact_name: 'Bluebird Cafe' }, 2],
    ['contact', 'nora@bluebirdcafe.example', 'contact', { contact_name: 'Bluebird Cafe' }, 2],
    ['sales_order', 'so-00016', 'salesorder', { salesorder_number: 'SO-00016' }, 2],
    ['sales_order', 'TS-5208', 'salesorder', { salesorder_number: 'SO-00012' }, 2],
    ['purchase_order', 'PO-00007', 'purchaseorder', { purchaseorder_number: 'PO-00007' }, 2],
    ['purchase_order', '46000000000010213', 'purchaseorder', { purchaseorder_number: 'PO-00007' }, 1],
    ['package', 'PKG-00009', 'package', { package_number: 'PKG-00009' }, 2],
    ['shipment', 'SHP-00009', 'shipmentorder', { shipment_number: 'SHP-00009' }, 1],
    ['shipment', '46000000000010222', 'shipmentorder', { shipment_number: 'SHP-00009' }, 2],
    ['transfer', 'TRN-00003', 'transfer', { transfer_number: 'TRN-00003' }, 2],
    ['adjustment', 'ADJ-00002', 'inventory_adjustment', { adjustment_number: 'ADJ-00002' }, 2],
    ['warehouse', 'newark', 'warehouse', { warehouse_name: 'Newark' }, 2],
  ])('%s %s', async (kind, record, key, expected, most) => {
    const { reply, calls } = await get(kind, record);
    expect(reply[key]).toMatchObject(expected);
    expect(calls).toBe(most);
    expect(tokensOf(reply)).toBeLessThan(2_000);
  });

  test('an order comes whole: the same as its own call, but for what is empty', async () => {
    const { world, reply, message } = await get('sales_order', 'SO-00016');
    const order = rowIn(reply, 'salesorder');
    const salesorder_id = order.salesorder_id;
    const own = rowIn(await world.call('get_sales_order', { salesorder_id }), 'salesorder');
    expect(order).toEqual(compactRecord(own).record);
    expect(rowsIn(order, 'line_items')).toMatchObject([{ quantity: 10, quantity_shipped: 6 }]);
    expect(message).toBe('Sales order SO-00016, partially shipped, Northwind Schools.');
  });

  test('the tail of a number is enough where only one ends so, and is said', async () => {
    const { message } = await get('sales_order', '16');
    expect(message).toContain('"16" was taken as SO-00016 (part of number).');
  });

  test('several that match come back as candidates', async () => {
    const error = await errorOf(demoWorld().read('get_record', { kind: 'sales_order', record: 'Northwind' }));
    expect(error).toMatchObject({
      kind: 'invalid_arguments',
      facts: { candidates: [{ salesorder_number: 'SO-00016' }, { salesorder_number: 'SO-00008' }] },
    });
  });

  test('a SKU of one other figure is a candidate, never the answer', async () => {
    const error = await errorOf(demoWorld().read('get_record', { kind: 'item', record: 'WBH-002' }));
    expect(error).toMatchObject({ facts: { candidates: [{ sku: 'WBH-001' }] } });
  });

  test('nothing of that name says what to try', async () => {
    const world = demoWorld();
    const error = await errorOf(world.read('get_record', { kind: 'transfer', record: 'TRN-09999' }));
    expect(String(error)).toContain('No transfer is called "TRN-09999". Check it');
    expect(world.callsSent()).toBe(1);
    expect(String(await errorOf(world.read('get_record', { kind: 'item', record: '../../x' })))).toContain('No item');
  });

  test('a note that outsiders wrote stays a note', async () => {
    const { reply, message } = await get('sales_order', 'SO-00018');
    expect(String(rowIn(reply, 'salesorder').notes)).toMatch(/address/);
    expect(message).not.toMatch(/address/);
  });

  test('two items of one name are told apart by id, and a limit used up is an error', async () => {
    const items = [anItem({ name: 'Twin' }), anItem({ name: 'Twin' })];
    const ask = getRecord.read(fakeApi({ items }), { kind: 'item', record: 'twin' }, quiet);
    expect(await errorOf(ask)).toMatchObject({ facts: { candidates: items.map(({ item_id }) => ({ item_id })) } });
    const instead = () => {
      throw new RateLimited(9);
    };
    const limited = getRecord.read(fakeApi({ instead }), { kind: 'item', record: 'twin' }, quiet);
    await expect(limited).rejects.toThrow(RateLimited);
  });
});

describe('a record made compact', () => {
  test('loses what is empty and what is said twice, and keeps zeros and falsehoods', () => {
    const row = {
      a: '',
      b: null,
      c: [],
      d: { e: '' },
      f: 0,
      g: false,
      total: 5,
      total_formatted: '5',
      currency_symbol: '$',
    };
    expect(compactRecord(row)).toEqual({ record: { f: 0, g: false, total: 5 }, cut: '' });
  });

  test('keeps the first hundred rows of a list and counts the others', () => {
    const line_items = Array.from({ length: 130 }, (_, index) => ({ index }));
    const { record, cut } = compactRecord({ line_items });
    expect(rowsIn(record, 'line_items')).toHaveLength(100);
    expect(cut).toBe(' Listed: 100 of 130 line items.');
  });
});
