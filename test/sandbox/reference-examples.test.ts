import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/sqlite.ts';
import { type Caller, objectAt, organizationId, rowsAt, startSandbox } from './calls.ts';

/** The example requests of the API reference, word for word but for the ids; `id` stands where an id of ours belongs. */
const id = 'ID';

const address = (more: object) => ({ city: 'Oakland', state: 'CA', zip: '94601', country: 'USA', ...more });

const warehouseBody = {
  warehouse_name: 'West Coast Distribution Center',
  attention: 'Warehouse Manager',
  address: address({ address: '789 Warehouse Boulevard', street2: 'Building 3', phone: '555-0188', fax: '' }),
  email: 'warehouse@company.com',
  phone: '555-0188',
  is_primary: false,
  custom_fields: [],
};

const contactBody = {
  contact_name: 'Tech Solutions Inc',
  contact_type: 'customer',
  company_name: 'Tech Solutions Inc',
  payment_terms: 30,
  payment_terms_label: 'Net 30',
  currency_id: id,
  website: 'www.techsolutions.com',
  billing_address: {
    ...{ address: '456 Tech Avenue', street2: 'Floor 5', city: 'San Jose', state: 'CA', zip: '95113' },
    ...{ country: 'USA', fax: '' },
  },
  shipping_address: {
    ...{ address: '456 Tech Avenue', street2: 'Loading Dock', city: 'San Jose', state: 'CA', zip: '95113' },
    ...{ country: 'USA', fax: '' },
  },
  contact_persons: [
    {
      first_name: 'Sarah',
      last_name: 'Johnson',
      email: 'sarah.johnson@techsolutions.com',
      phone: '555-0156',
      mobile: '555-0157',
      is_primary_contact: true,
    },
  ],
  custom_fields: [],
};

const itemBody = {
  name: 'Wireless Bluetooth Headphones',
  sku: 'WBH-001',
  unit: 'pcs',
  description: 'Premium wireless headphones with noise cancellation',
  rate: 79.99,
  purchase_rate: 45.0,
  tax_id: id,
  product_type: 'goods',
  is_taxable: true,
  track_inventory: true,
  initial_stock: 100,
  initial_stock_rate: 45.0,
  reorder_level: 20,
  hsn_or_sac: '8518',
  upc: '123456789012',
  ean: '1234567890123',
  isbn: '',
  part_number: 'WBH-MODEL-X',
  item_type: 'inventory',
  vendor_id: id,
  manufacturer: 'AudioTech Inc',
  brand: 'AudioTech',
  weight: 0.5,
  weight_unit: 'kg',
  dimensions: { length: 20, width: 18, height: 8, unit: 'cm' },
  custom_fields: [
    { label: 'Color', value: 'Black' },
    { label: 'Warranty', value: '1 Year' },
  ],
};

const salesOrderBody = {
  customer_id: id,
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
      item_id: id,
      name: 'Wireless Bluetooth Headphones',
      description: 'Black color, 1 year warranty',
      rate: 79.99,
      quantity: 25,
      discount: 5,
      discount_amount: 100.0,
      tax_id: id,
      warehouse_id: id,
    },
    {
      item_id: id,
      name: 'USB-C Charging Cable',
      description: '2 meter length',
      rate: 12.99,
      quantity: 50,
      discount: 0,
      tax_id: id,
      warehouse_id: id,
    },
  ],
  notes: 'Customer requested express shipping',
  terms: 'Payment due within 15 days',
  shipping_charge: 25.0,
  adjustment: -10.0,
  adjustment_description: 'Bulk order discount',
  billing_address: {
    ...{ address: '123 Business Street', street2: 'Suite 100', city: 'San Francisco', state: 'CA', zip: '94102' },
    ...{ country: 'USA', fax: '555-0199' },
  },
  shipping_address: address({ address: '456 Warehouse Road', street2: 'Loading Dock B', fax: '' }),
};

const purchaseOrderBody = {
  vendor_id: id,
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
      item_id: id,
      name: 'Wireless Bluetooth Headphones',
      description: 'Bulk order for stock replenishment',
      rate: 45.0,
      quantity: 200,
      discount: 2,
      tax_id: id,
      warehouse_id: id,
    },
  ],
  notes: 'Delivery to main warehouse loading dock',
  terms: 'Payment within 30 days of delivery',
  shipping_charge: 150.0,
  adjustment: -50.0,
  adjustment_description: 'Volume discount',
  delivery_address: address({ address: '789 Warehouse Boulevard', street2: 'Receiving Dock A' }),
};

/** Keys that the reference prints in an answer. */
const answerKeys = {
  item: `item_id name sku unit status product_type rate purchase_rate available_stock actual_available_stock reorder_level
    stock_on_hand asset_value is_taxable tax_id tax_name tax_percentage created_time last_modified_time`,
  salesorder: `salesorder_id salesorder_number reference_number date status shipment_date customer_id customer_name
    line_items sub_total tax_total shipping_charge adjustment total created_time`,
  salesorderLine: `line_item_id item_id name rate quantity quantity_packed quantity_shipped quantity_invoiced warehouse_id
    warehouse_name item_total`,
  warehouse: 'warehouse_id warehouse_name status is_primary email phone address created_time',
  organization: `organization_id name contact_name email is_default_org language_code currency_id currency_code
    currency_symbol time_zone date_format field_separator fiscal_year_start_month`,
  /** What the examples read of a row of the low stock report. */
  lowStock: 'item_id name sku stock_on_hand reorder_level purchase_rate',
  /** What the examples read of an item to tell what can be sold. */
  availability: 'name sku available_stock committed_stock actual_available_stock reorder_level warehouses',
};
const keysOf = (words: string): string[] => words.trim().split(/\s+/);
const holds = (row: Record<string, unknown>, words: string) =>
  expect(keysOf(words).filter((key) => row[key] === undefined)).toEqual([]);

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}$/;

type Ids = Record<'currency_id' | 'tax_id' | 'warehouse_id' | 'vendor_id' | 'customer_id', string>;

/** An empty company with what the examples name: a second warehouse, a vendor and a customer. */
async function company(): Promise<Caller & { ids: Ids }> {
  const database = openDatabase(':memory:');
  const caller = startSandbox({ database });
  const { call } = caller;
  const [organization = {}] = rowsAt(await call('GET', '/organizations'), 'organizations');
  const currency_id = String(organization.currency_id);
  const tax_id = String(database.prepare('SELECT tax_id FROM tax').all()[0]?.tax_id);
  const warehouse = objectAt(await call('POST', '/warehouses', warehouseBody), 'warehouse');
  const customer = objectAt(await call('POST', '/contacts', { ...contactBody, currency_id }), 'contact');
  const vendor = objectAt(
    await call('POST', '/contacts', { contact_name: 'AudioTech', contact_type: 'vendor' }),
    'contact',
  );
  const ids = {
    ...{ currency_id, tax_id, warehouse_id: String(warehouse.warehouse_id) },
    ...{ vendor_id: String(vendor.contact_id), customer_id: String(customer.contact_id) },
  };
  return { ...caller, ids };
}

const headphonesIn = async ({ call, ids: { tax_id, vendor_id } }: Awaited<ReturnType<typeof company>>) =>
  call('POST', '/items', { ...itemBody, tax_id, vendor_id });

describe('the example requests of the reference', () => {
  test('a warehouse is created and printed with every key of the example', async () => {
    const { call } = startSandbox();
    const reply = await call('POST', '/warehouses', warehouseBody);
    expect(reply).toMatchObject({ status: 201, body: { code: 0, message: 'Warehouse has been created.' } });
    const warehouse = objectAt(reply, 'warehouse');
    holds(warehouse, answerKeys.warehouse);
    expect(warehouse).toMatchObject({ status: 'active', is_primary: false, email: warehouseBody.email });
    expect(warehouse.address).toMatchObject({ address: '789 Warehouse Boulevard', street2: 'Building 3' });
    expect(warehouse.created_time).toMatch(timestamp);
  });

  test('the organization is printed with every key of the example', async () => {
    const { call } = startSandbox();
    const [organization = {}] = rowsAt(await call('GET', '/organizations'), 'organizations');
    holds(organization, answerKeys.organization);
  });

  test('a contact is created with all that the example says of it', async () => {
    const { call, ids } = await company();
    const contact = objectAt(await call('GET', `/contacts/${ids.customer_id}`), 'contact');
    const { contact_persons, custom_fields: _, currency_id, ...given } = contactBody;
    expect(currency_id).toBe(id);
    expect(contact).toMatchObject({ ...given, contact_persons, currency_id: ids.currency_id });
  });

  test('an item is created with opening stock and printed with every key of the example', async () => {
    const world = await company();
    const reply = await headphonesIn(world);
    expect(reply).toMatchObject({ status: 201, body: { code: 0, message: 'The item has been added.' } });
    const item = objectAt(reply, 'item');
    holds(item, answerKeys.item);
    expect(item).toMatchObject({
      ...{ status: 'active', product_type: 'goods', rate: 79.99, purchase_rate: 45, reorder_level: 20 },
      ...{ available_stock: 100, actual_available_stock: 100, stock_on_hand: 100, asset_value: 4500 },
      ...{ is_taxable: true, tax_name: 'Sales Tax', tax_percentage: 8.5 },
    });
    const { isbn, tax_id, vendor_id, ...given } = itemBody;
    expect([isbn, tax_id, vendor_id]).toEqual(['', id, id]);
    expect(item).toMatchObject(given);
    expect(item.created_time).toMatch(timestamp);
  });

  test.each([
    // 2,649.25 - 100.00 + 216.69 + 25.00 - 10.00: the discount amount wins over the percentage.
    ['with its discounts', (line: object) => line, { discount_total: 100, tax_total: 216.69, total: 2780.94 }],
    // 2,649.25 + 225.19 + 25.00 - 10.00, as the reference prints it.
    [
      'without them',
      ({ discount: _, discount_amount: __, ...line }: Record<string, unknown>) => line,
      { discount_total: 0, tax_total: 225.19, total: 2889.44 },
    ],
  ] as const)('a sales order %s has the keys of the example and its totals', async (_, lineOf, totals) => {
    const world = await company();
    const { tax_id, warehouse_id, customer_id } = world.ids;
    const { item_id } = objectAt(await headphonesIn(world), 'item');
    const cable = objectAt(await world.call('POST', '/items', { name: 'USB-C Cable', rate: 12.99 }), 'item');
    const itemIds = [item_id, cable.item_id];
    const line_items = salesOrderBody.line_items.map((line, index) =>
      lineOf({ ...line, item_id: itemIds[index], tax_id, warehouse_id }),
    );
    const reply = await world.call('POST', '/salesorders', { ...salesOrderBody, customer_id, line_items });
    expect(reply).toMatchObject({ status: 201, body: { code: 0, message: 'Sales Order has been created.' } });
    const order = objectAt(reply, 'salesorder');
    holds(order, answerKeys.salesorder);
    expect(order).toMatchObject({
      ...{ salesorder_number: 'SO-00001', reference_number: 'PO-CUST-123', status: 'draft', date: '2025-01-15' },
      ...{ customer_name: 'Tech Solutions Inc', sub_total: 2649.25, shipping_charge: 25, adjustment: -10, ...totals },
    });
    const [first = {}] = rowsAt(reply && { ...reply, body: order }, 'line_items');
    holds(first, answerKeys.salesorderLine);
    expect(first).toMatchObject({ quantity: 25, item_total: 1999.75, warehouse_id });
    const { line_items: _lines, custom_fields, customer_id: _customer, ...header } = salesOrderBody;
    expect(custom_fields).toEqual([]);
    expect(order).toMatchObject(header);
  });

  test('a purchase order is taken, issued and received as the examples do it', async () => {
    const world = await company();
    const { call } = world;
    const { tax_id, warehouse_id, vendor_id } = world.ids;
    const { item_id } = objectAt(await headphonesIn(world), 'item');
    const [line = {}] = purchaseOrderBody.line_items;
    const reply = await call('POST', '/purchaseorders', {
      ...{ ...purchaseOrderBody, vendor_id },
      line_items: [{ ...line, item_id, tax_id, warehouse_id }],
    });
    expect(reply).toMatchObject({ status: 201, body: { code: 0 } });
    const order = objectAt(reply, 'purchaseorder');
    // 200 x 45.00 less 2 %, 8.5 % on the net, shipping 150.00, adjustment -50.00
    expect(order).toMatchObject({ sub_total: 9000, discount_total: 180, tax_total: 749.7, total: 9669.7 });
    const [{ line_item_id } = {}] = rowsAt({ ...reply, body: order }, 'line_items');
    const path = `/purchaseorders/${order.purchaseorder_id}`;
    expect((await call('POST', `${path}/status/issued`)).body.code).toBe(0);
    const received = await call('POST', `${path}/receive`, {
      receive_date: '2025-02-01',
      line_items: [{ line_item_id, quantity_received: 200, warehouse_id }],
      notes: 'All items received in good condition',
    });
    expect(received.body.code).toBe(0);
    expect(objectAt(await call('GET', `/items/${item_id}`), 'item')).toMatchObject({ stock_on_hand: 300 });
  });
});

describe('the shorter requests of the code examples', () => {
  test('an item of five keys, an order for it by item and quantity alone, and the confirmation', async () => {
    const world = await company();
    const { call } = world;
    const mouse = { name: 'Wireless Mouse', sku: 'WM-001', rate: 29.99, initial_stock: 100, reorder_level: 20 };
    const { item_id } = objectAt(await call('POST', '/items', mouse), 'item');
    const order = objectAt(
      await call('POST', '/salesorders', {
        customer_id: world.ids.customer_id,
        line_items: [{ item_id, quantity: 5 }],
      }),
      'salesorder',
    );
    expect(order).toMatchObject({ sub_total: 149.95, status: 'draft' });
    const confirmed = await call('POST', `/salesorders/${order.salesorder_id}/status/confirmed`, {});
    expect(confirmed.body.code).toBe(0);
    const item = objectAt(await call('GET', `/items/${item_id}`), 'item');
    holds(item, answerKeys.availability);
    expect(item).toMatchObject({ available_stock: 95, committed_stock: 5 });
    const [place = {}] = rowsAt({ status: 200, headers: new Headers(), body: item }, 'warehouses');
    holds(place, 'warehouse_id warehouse_available_stock');
  });

  test('a contact of name, company, type, e-mail and phone is found again by its e-mail', async () => {
    const { call } = startSandbox();
    const body = {
      ...{ contact_name: 'Dana Reed', company_name: 'Reed Ltd', contact_type: 'customer' },
      ...{ email: 'dana@reed.example', phone: '555-0100' },
    };
    expect((await call('POST', '/contacts', body)).status).toBe(201);
    const found = rowsAt(await call('GET', '/contacts?search_text=dana@reed.example'), 'contacts');
    expect(found).toMatchObject([{ contact_name: 'Dana Reed', email: 'dana@reed.example' }]);
  });

  test('items are searched among all of them, page by page', async () => {
    const { call } = startSandbox();
    for (const name of ['Red Mug', 'Blue Mug', 'Plate']) await call('POST', '/items', { name, rate: 1 });
    const reply = await call('GET', '/items?search_text=mug&filter_by=Status.All&page=1&per_page=1');
    expect(rowsAt(reply, 'items')).toHaveLength(1);
    expect(objectAt(reply, 'page_context')).toMatchObject({ page: 1, per_page: 1, has_more_page: true });
  });

  test('the low stock report has what a reorder is computed from, and a purchase order takes it', async () => {
    const world = await company();
    const { call } = world;
    const { vendor_id } = world.ids;
    const few = {
      name: 'Felt Pad',
      sku: 'FELT',
      rate: 2,
      purchase_rate: 1,
      initial_stock: 3,
      reorder_level: 10,
      vendor_id,
    };
    await call('POST', '/items', few);
    const [row = {}] = rowsAt(await call('GET', '/reports/lowstockitems'), 'items');
    holds(row, answerKeys.lowStock);
    const quantity = Math.max(Number(row.reorder_level) * 2 - Number(row.stock_on_hand), Number(row.reorder_level));
    const line_items = [{ item_id: row.item_id, quantity, rate: row.purchase_rate }];
    const reply = await call('POST', '/purchaseorders', { vendor_id: row.vendor_id, date: '2026-03-16', line_items });
    expect(objectAt(reply, 'purchaseorder')).toMatchObject({ total: 17 });
  });

  test('a missing field is told as the reference prints it', async () => {
    const { call } = startSandbox();
    const { status, body } = await call('POST', '/salesorders', { line_items: [] });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 1001, message: 'Mandatory field missing', field: 'customer_id' });
    expect(body.details).toMatch(/customer_id field is required/);
  });

  test('every answer carries the headers of the limits', async () => {
    const { headers } = await startSandbox().send(`/inventory/v1/items?organization_id=${organizationId}`, {
      headers: { Authorization: 'Zoho-oauthtoken good' },
    });
    for (const name of ['Limit', 'Remaining', 'Reset', 'Day-Limit', 'Day-Remaining'])
      expect(headers.get(`X-Rate-Limit-${name}`)).toMatch(/^\d+$/);
  });
});
