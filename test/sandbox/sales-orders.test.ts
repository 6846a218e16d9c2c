import { describe, expect, test } from 'vitest';
import { createPackage, shipPackage } from '../../src/sandbox/engine/documents/packages.ts';
import { salesOrderRoutes } from '../../src/sandbox/routes/sales-orders.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids, lineId, refusal, stocked } from './engine/world.ts';

function open() {
  const world = createTestWorld();
  const call = caller(world, salesOrderRoutes);
  const headphones = stocked(world, { [ids.main]: 60 }, { name: 'Headphones', sku: 'WBH-001', tax_id: ids.tax });
  const cable = stocked(world, { [ids.main]: 50 }, { name: 'Cable', tax_id: ids.tax });
  /** The reference's example request, with the ids of the test company and dates before its today. */
  const example = {
    customer_id: ids.customer,
    salesorder_number: 'SO-00001',
    reference_number: 'PO-CUST-123',
    date: '2025-01-15',
    shipment_date: '2025-01-20',
    salesorder_type: 'standard',
    priority: 'high',
    payment_terms: 15,
    payment_terms_label: 'Net 15',
    delivery_method: 'Express Shipping',
    salesperson_name: 'John Doe',
    custom_fields: [],
    line_items: [
      {
        item_id: headphones,
        name: 'Wireless Bluetooth Headphones',
        description: 'Black color, 1 year warranty',
        rate: 79.99,
        quantity: 25,
        discount: 5,
        discount_amount: 100.0,
        tax_id: ids.tax,
        warehouse_id: ids.main,
      },
      {
        item_id: cable,
        name: 'USB-C Charging Cable',
        description: '2 meter length',
        rate: 12.99,
        quantity: 50,
        discount: 0,
        tax_id: ids.tax,
        warehouse_id: ids.main,
      },
    ],
    notes: 'Customer requested express shipping',
    terms: 'Payment due within 15 days',
    shipping_charge: 25.0,
    adjustment: -10.0,
    adjustment_description: 'Bulk order discount',
    billing_address: { address: '123 Business Street', city: 'San Francisco', zip: '94102', fax: '555-0199' },
    shipping_address: { address: '456 Warehouse Road', city: 'Oakland', zip: '94601', fax: '' },
  };
  const create = (body: object): string => {
    const { salesorder } = call('POST /salesorders', { body: { ...example, salesorder_number: '', ...body } });
    return typeof salesorder === 'object' && salesorder && 'salesorder_id' in salesorder
      ? String(salesorder.salesorder_id)
      : '';
  };
  const act = (name: string, salesorder_id: string, body = {}) =>
    call(name.replace(' ', ' /salesorders/{salesorder_id}'), { params: { salesorder_id }, body });
  return { world, call, example, create, act, headphones };
}

describe('POST /salesorders', () => {
  test("answers the reference's example with every key that was given, and the discount counted", () => {
    const { call, example } = open();
    const { line_items, ...head } = example;
    const [first, second] = line_items;
    expect(call('POST /salesorders', { body: example })).toMatchObject({
      message: 'Sales Order has been created.',
      status: 201,
      salesorder: {
        ...head,
        status: 'draft',
        customer_name: 'Tech Solutions',
        currency_code: 'USD',
        exchange_rate: 1,
        line_items: [
          {
            ...first,
            sku: 'WBH-001',
            unit: 'pcs',
            quantity_packed: 0,
            quantity_shipped: 0,
            quantity_invoiced: 0,
            warehouse_name: 'Main',
            tax_name: 'Sales Tax',
            tax_percentage: 8.5,
            item_total: 1999.75,
          },
          { ...second, item_total: 649.5 },
        ],
        sub_total: 2649.25,
        discount_total: 100,
        tax_total: 216.69,
        total: 2780.94,
        bcy_total: 2780.94,
        created_time: '2025-03-15T18:00:00+0000',
      },
    });
  });

  test("totals exactly the reference's 2,889.44 without the two discount keys", () => {
    const { call, example } = open();
    const line_items = example.line_items.map(({ discount: _percent, discount_amount: _amount, ...line }) => line);
    expect(call('POST /salesorders', { body: { ...example, line_items } })).toMatchObject({
      salesorder: { sub_total: 2649.25, discount_total: 0, tax_total: 225.19, total: 2889.44 },
    });
  });

  test('reads a discount of 5 and of "5%" as five percent', () => {
    const { call, example } = open();
    const [line] = example.line_items;
    const discounts = [5, '5%', '5 %'].map((discount) => {
      const line_items = [{ ...line, discount, discount_amount: undefined }];
      const { salesorder } = call('POST /salesorders', { body: { ...example, salesorder_number: '', line_items } });
      return salesorder;
    });
    for (const order of discounts) expect(order).toMatchObject({ discount_total: 99.99 });
  });

  test('takes price and tax from the item, and the address from the customer, when none is given', () => {
    const { world, call, headphones } = open();
    world.db.exec(`UPDATE contact SET json = '{"billing_address":{"city":"San Jose"}}' WHERE contact_id = '21'`);
    const body = { customer_id: ids.customer, line_items: [{ item_id: headphones, quantity: 2 }] };
    expect(call('POST /salesorders', { body })).toMatchObject({
      salesorder: {
        date: '2025-03-15',
        sub_total: 20,
        tax_total: 1.7,
        total: 21.7,
        billing_address: { city: 'San Jose' },
        line_items: [{ name: 'Headphones', rate: 10, warehouse_id: ids.main }],
      },
    });
  });
});

describe('a sales order', () => {
  test('is opened, confirmed, updated, voided and deleted, each with its words', () => {
    const { create, act } = open();
    const id = create({});
    expect(act('POST /status/open', id)).toMatchObject({
      message: 'Sales Order status has been changed to Open.',
      salesorder: { status: 'open' },
    });
    expect(act('POST /status/confirmed', id)).toMatchObject({ salesorder: { status: 'confirmed' } });
    expect(act('PUT ', id, { notes: 'Ring twice' })).toMatchObject({
      message: 'Sales Order has been updated.',
      salesorder: { notes: 'Ring twice', total: 2780.94 },
    });
    expect(act('POST /status/void', id)).toMatchObject({ salesorder: { status: 'void' } });
    expect(act('DELETE ', id).message).toBe('Sales Order has been deleted.');
    expect(refusal(() => act('GET ', id))).toBe(`41: There is no sales order ${id}.`);
  });

  test('an emptied reference number is emptied, and one that is not given stays', () => {
    const { create, act } = open();
    const id = create({});
    const reference = () => (act('GET ', id).salesorder as { reference_number: string }).reference_number; // parse boundary: a record
    act('PUT ', id, { notes: 'Ring twice' });
    expect(reference()).toBe('PO-CUST-123');
    act('PUT ', id, { reference_number: '' });
    expect(reference()).toBe('');
  });

  test('sent back as it was read, with more units, keeps its percentage', () => {
    const { create, act, example } = open();
    const [line] = example.line_items;
    const id = create({ line_items: [{ ...line, discount: 10, discount_amount: undefined }] });
    const { salesorder } = act('GET ', id);
    const record = JSON.parse(JSON.stringify(salesorder));
    record.line_items[0].quantity = 50;
    expect(act('PUT ', id, record)).toMatchObject({
      salesorder: { sub_total: 3999.5, discount_total: 399.95, line_items: [{ discount: 10, discount_total: 399.95 }] },
    });
  });

  test('is found by the name its customer has now', () => {
    const { create, call, world } = open();
    create({});
    world.db.exec("UPDATE contact SET contact_name = 'Renamed Ltd' WHERE contact_id = '21'");
    expect(call('GET /salesorders', { query: { search_text: 'renamed' } })).toMatchObject({
      page_context: { total: 1 },
    });
  });

  test('is e-mailed into the outbox, to the given addresses or the customer', () => {
    const { create, act, world } = open();
    const id = create({});
    act('POST /email', id, { to_mail_ids: ['a@x.example', 'b@x.example'], subject: 'Yours', body: 'Hello' });
    expect(act('POST /email', id).message).toBe('Sales Order has been sent.');
    expect(world.db.prepare('SELECT * FROM outbox').all()).toMatchObject([
      { document_id: id, recipients: '["a@x.example","b@x.example"]', subject: 'Yours', body: 'Hello' },
      { document_id: id, recipients: '["buy@tech.example"]', subject: 'Sales Order SO-00001' },
    ]);
    expect(refusal(() => act('POST /email', id, { to_mail_ids: ['nobody'] }))).toMatch(/^1002: to_mail_ids/);
    const other = create({ customer_id: ids.otherCustomer });
    expect(refusal(() => act('POST /email', other))).toBe('1001: The to_mail_ids field is required.');
  });

  test('lists its shipments', () => {
    const { create, act, world } = open();
    const salesorder_id = create({});
    act('POST /status/confirmed', salesorder_id);
    expect(act('GET /shipments', salesorder_id)).toMatchObject({ shipments: [] });
    const line_items = [{ so_line_item_id: lineId(world, salesorder_id), quantity: 25 }];
    const box = createPackage(world, { salesorder_id, line_items, carrier: 'FedEx' });
    shipPackage(world, box, { tracking_number: '1Z' });
    expect(act('GET /shipments', salesorder_id)).toMatchObject({
      shipments: [
        {
          shipment_number: 'SHP-00001',
          carrier: 'FedEx',
          tracking_number: '1Z',
          status: 'shipped',
          packages: [{ package_number: 'PKG-00001', line_items: [{ quantity: 25 }] }],
        },
      ],
    });
    expect(act('GET ', salesorder_id)).toMatchObject({
      salesorder: {
        status: 'partially_shipped',
        packed_status: 'partially_packed',
        shipped_status: 'partially_shipped',
        packages: [{ package_id: box, status: 'shipped' }],
      },
    });
  });
});

describe('GET /salesorders', () => {
  const book = () => {
    const scene = open();
    const { create, act } = scene;
    create({ salesorder_number: 'A', date: '2025-01-10' });
    const second = create({
      salesorder_number: 'B',
      date: '2025-02-10',
      reference_number: 'Web-7',
      shipping_charge: 0,
    });
    const third = create({ salesorder_number: 'C', date: '2025-03-10', customer_id: ids.otherCustomer });
    act('POST /status/confirmed', second);
    act('POST /status/void', third);
    const numbers = (query: Record<string, string>) => {
      const { salesorders } = scene.call('GET /salesorders', { query });
      return Array.isArray(salesorders) ? salesorders.map((order) => order.salesorder_number).join('') : '';
    };
    return { ...scene, numbers };
  };

  test.each([
    [{}, 'CBA'],
    [{ filter_by: 'Status.All' }, 'CBA'],
    [{ filter_by: 'Status.Draft' }, 'A'],
    [{ filter_by: 'Status.Confirmed' }, 'B'],
    [{ filter_by: 'Status.Void' }, 'C'],
    [{ filter_by: 'Status.Partially_Shipped' }, ''],
    [{ filter_by: 'Status.Cancelled' }, ''],
    [{ status: 'confirmed' }, 'B'],
    [{ customer_id: ids.otherCustomer }, 'C'],
    [{ salesorder_number: 'b' }, 'B'],
    [{ reference_number: 'web-7' }, 'B'],
    [{ search_text: 'blue' }, 'C'],
    [{ date_start: '2025-02-10' }, 'CB'],
    [{ date_start: '2025-01-11', date_end: '2025-02-10' }, 'B'],
    [{ sort_column: 'salesorder_number' }, 'ABC'],
    [{ sort_column: 'total', sort_order: 'A' }, 'BCA'],
    [{ sort_column: 'customer_name' }, 'CBA'],
    [{ item_id: '404' }, ''],
    [{ per_page: '1', page: '3' }, 'A'],
  ])('with %j finds %s', (query, expected) => {
    expect(book().numbers(query)).toBe(expected);
  });

  test('prints rows with totals and no lines', () => {
    const { call } = book();
    const { salesorders, page_context } = call('GET /salesorders', { query: { per_page: '2' } });
    expect(page_context).toMatchObject({ has_more_page: true, total: 3 });
    expect(salesorders).toMatchObject([
      { customer_name: 'Blue Cafe', status: 'void', total: 2780.94, quantity: 75, shipment_date: '2025-01-20' },
      { customer_name: 'Tech Solutions', status: 'confirmed' },
    ]);
    expect(salesorders).not.toHaveProperty('0.line_items');
  });

  test('refuses a status, a date or a range that makes no sense', () => {
    const { numbers } = book();
    expect(refusal(() => numbers({ filter_by: 'Status.Lost' }))).toMatch(
      /^1002: filter_by is one of Status.All, Status.Draft/,
    );
    expect(refusal(() => numbers({ date_start: 'today' }))).toMatch(/^1002: date_start must be a date/);
    expect(refusal(() => numbers({ date_start: '2025-02-01', date_end: '2025-01-01' }))).toMatch(/is after date_end/);
  });
});
