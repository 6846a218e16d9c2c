import { describe, expect, test } from 'vitest';
import { purchaseOrderRoutes } from '../../src/sandbox/routes/purchase-orders.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids, lineId, refusal, stocked } from './engine/world.ts';

function open() {
  const world = createTestWorld();
  const call = caller(world, purchaseOrderRoutes);
  const headphones = stocked(world, {}, { name: 'Headphones', sku: 'WBH-001', purchase_rate: 45 });
  /** The reference's example request, with the ids of the test company. */
  const example = {
    vendor_id: ids.vendor,
    purchaseorder_number: 'PO-00001',
    reference_number: 'REF-2025-001',
    date: '2025-01-15',
    delivery_date: '2025-02-01',
    expected_delivery_date: '2025-02-01',
    delivery_customer_id: '',
    attention: 'Purchasing Department',
    purchaseorder_type: 'regular',
    line_items: [
      {
        item_id: headphones,
        name: 'Wireless Bluetooth Headphones',
        description: 'Bulk order for stock replenishment',
        rate: 45.0,
        quantity: 200,
        discount: 2,
        tax_id: ids.tax,
        warehouse_id: ids.main,
      },
    ],
    notes: 'Delivery to main warehouse loading dock',
    terms: 'Payment within 30 days of delivery',
    shipping_charge: 150.0,
    adjustment: -50.0,
    adjustment_description: 'Volume discount',
    delivery_address: { address: '789 Warehouse Boulevard', city: 'Oakland', state: 'CA', zip: '94601' },
  };
  const create = (body: object): string => {
    const { purchaseorder } = call('POST /purchaseorders', { body: { ...example, purchaseorder_number: '', ...body } });
    return typeof purchaseorder === 'object' && purchaseorder && 'purchaseorder_id' in purchaseorder
      ? String(purchaseorder.purchaseorder_id)
      : '';
  };
  const act = (name: string, purchaseorder_id: string, body = {}) =>
    call(name.replace(' ', ' /purchaseorders/{purchaseorder_id}'), { params: { purchaseorder_id }, body });
  return { world, call, example, create, act };
}

describe('POST /purchaseorders', () => {
  test("answers the reference's example with every key that was given", () => {
    const { call, example } = open();
    expect(call('POST /purchaseorders', { body: example })).toMatchObject({
      message: 'Purchase Order has been created.',
      status: 201,
      purchaseorder: {
        ...example,
        status: 'draft',
        vendor_name: 'AudioTech',
        currency_code: 'USD',
        line_items: [{ ...example.line_items[0], sku: 'WBH-001', quantity_received: 0, item_total: 9000 }],
        sub_total: 9000,
        discount_total: 180,
        tax_total: 749.7,
        total: 9669.7,
      },
    });
  });

  test("is in the vendor's currency, with its total in base currency beside", () => {
    const { call, example } = open();
    const [line] = example.line_items;
    const line_items = [{ item_id: line?.item_id, quantity: 10 }];
    expect(call('POST /purchaseorders', { body: { vendor_id: ids.euroVendor, line_items } })).toMatchObject({
      purchaseorder: {
        currency_code: 'EUR',
        exchange_rate: 1.1,
        line_items: [{ rate: 40.909091, item_total: 409.09 }],
        total: 409.09,
        bcy_total: 450,
      },
    });
  });
});

describe('a purchase order', () => {
  test('is issued and received, and the answer tells both records', () => {
    const { create, act, world } = open();
    const id = create({});
    expect(act('POST /status/issued', id)).toMatchObject({
      message: 'Purchase Order status has been changed to Issued.',
      purchaseorder: { status: 'issued', received_status: 'not_received' },
    });
    const line_item_id = lineId(world, id);
    const line_items = [{ line_item_id, quantity_received: 120, warehouse_id: ids.east }];
    expect(
      act('POST /receive', id, { receive_date: '2025-02-01', line_items, notes: 'All items in good condition' }),
    ).toMatchObject({
      message: 'The items have been received.',
      status: 201,
      purchasereceive: {
        receive_number: 'RCV-00001',
        receive_date: '2025-02-01',
        notes: 'All items in good condition',
        line_items: [{ line_item_id, quantity_received: 120, warehouse_name: 'East', cost: 5292 }],
      },
      purchaseorder: {
        status: 'partially_received',
        received_status: 'partially_received',
        line_items: [{ quantity: 200, quantity_received: 120 }],
        purchasereceives: [{ receive_number: 'RCV-00001' }],
      },
    });
    act('POST /receive', id, { line_items: [{ line_item_id, quantity_received: 80 }] });
    expect(act('GET ', id)).toMatchObject({ purchaseorder: { status: 'closed', received_status: 'received' } });
  });

  test('is updated, e-mailed, cancelled and deleted, each with its words', () => {
    const { create, act, world } = open();
    const id = create({});
    expect(act('PUT ', id, { shipping_charge: 0 })).toMatchObject({
      message: 'Purchase Order has been updated.',
      purchaseorder: { total: 9519.7 },
    });
    expect(refusal(() => act('POST /email', id))).toMatch(/^1001: /);
    expect(act('POST /email', id, { to_mail_ids: ['v@x.example'] }).message).toBe('Purchase Order has been sent.');
    expect(world.db.prepare('SELECT subject FROM outbox').all()).toEqual([{ subject: 'Purchase Order PO-00001' }]);
    expect(act('POST /status/cancelled', id)).toMatchObject({ purchaseorder: { status: 'cancelled' } });
    expect(act('DELETE ', id).message).toBe('Purchase Order has been deleted.');
    expect(refusal(() => act('GET ', id))).toBe(`41: There is no purchase order ${id}.`);
  });
});

describe('GET /purchaseorders', () => {
  test.each([
    [{}, 'CBA'],
    [{ filter_by: 'Status.Draft' }, 'A'],
    [{ filter_by: 'Status.Issued' }, 'B'],
    [{ filter_by: 'Status.Received' }, 'C'],
    [{ filter_by: 'Status.Closed' }, 'C'],
    [{ filter_by: 'Status.PartiallyReceived' }, ''],
    [{ filter_by: 'Status.Billed' }, ''],
    [{ vendor_id: ids.euroVendor }, 'B'],
    [{ purchaseorder_number: 'A' }, 'A'],
    [{ date_end: '2025-01-31' }, 'A'],
    [{ search_text: 'nordk' }, 'B'],
    [{ sort_column: 'vendor_name' }, 'CAB'],
  ])('with %j finds %s', (query, expected) => {
    const { call, create, act, world } = open();
    create({ purchaseorder_number: 'A', date: '2025-01-10' });
    const second = create({ purchaseorder_number: 'B', date: '2025-02-10', vendor_id: ids.euroVendor });
    const third = create({ purchaseorder_number: 'C', date: '2025-03-10' });
    act('POST /status/issued', second);
    act('POST /status/issued', third);
    act('POST /receive', third, { line_items: [{ line_item_id: lineId(world, third), quantity_received: 200 }] });
    const { purchaseorders } = call('GET /purchaseorders', { query });
    const numbers = Array.isArray(purchaseorders) ? purchaseorders.map((order) => order.purchaseorder_number) : [];
    expect(numbers.join('')).toBe(expected);
  });
});
