import { describe, expect, it } from 'vitest';
import { InvalidArguments } from '../../src/errors.ts';
import { decodeArguments, parseInput } from '../../src/mcp/decode.ts';
import { publishSchema } from '../../src/mcp/schema.ts';
import { effectOf, type Input, type Operation, toRequest } from '../../src/operations/define.ts';
import { operationByName, operations } from '../../src/operations/index.ts';
import * as examples from './examples.ts';

function operation(name: string): Operation {
  const found = operationByName.get(name);
  if (!found) throw new Error(`no operation ${name}`);
  return found;
}

/** As a call goes: decoded by the published schema, then parsed strictly. */
function accepted(name: string, args: unknown): Input {
  const { input } = operation(name);
  return parseInput(input, decodeArguments(publishSchema(input), args), name);
}

const id = '12345000000567890';

const bodies: readonly [string, Input, Input?][] = [
  ['create_item', examples.itemBody],
  ['create_item', examples.shortItemBody],
  ['update_item', examples.itemBody, { item_id: id }],
  ['create_contact', examples.contactBody],
  ['create_contact', examples.crmContactBody],
  ['update_contact', examples.contactBody, { contact_id: id }],
  ['create_warehouse', examples.warehouseBody],
  ['update_warehouse', examples.warehouseBody, { warehouse_id: id }],
  ['create_sales_order', examples.salesOrderBody],
  ['create_sales_order', examples.shortSalesOrderBody],
  ['create_sales_order', examples.crmSalesOrderBody],
  ['update_sales_order', examples.salesOrderBody, { salesorder_id: id }],
  ['create_purchase_order', examples.purchaseOrderBody],
  ['create_purchase_order', examples.reorderBody],
  ['update_purchase_order', examples.purchaseOrderBody, { purchaseorder_id: id }],
  ['receive_purchase_order', examples.receiveBody, { purchaseorder_id: id }],
  ['create_stock_adjustment', examples.stockAdjustmentBody],
  ['create_stock_adjustment', examples.shortStockAdjustmentBody],
  ['create_stock_adjustment', examples.bulkStockUpdateBody],
  ['update_stock_adjustment', examples.stockAdjustmentBody, { inventory_adjustment_id: id }],
  ['create_composite_item', examples.compositeItemBody],
  ['update_composite_item', examples.compositeItemBody, { item_id: id }],
  ['create_transfer', examples.transferBody],
  ['create_transfer', examples.shortTransferBody],
  ['update_transfer', examples.transferBody, { transfer_id: id }],
  ['create_package', examples.packageBody],
  ['ship_package', examples.shipBody, { package_id: id }],
];

describe('the reference’s example bodies', () => {
  it.each(bodies)('are sent by %s as they are', (name, body, path = {}) => {
    const input = accepted(name, { ...body, ...path });
    expect(input).toEqual({ ...body, ...path });
    expect(toRequest(operation(name), input).body).toEqual(body);
  });

  it('are sent as they are when the client turned lists and objects into text', () => {
    const { line_items, billing_address, ...rest } = examples.salesOrderBody;
    const sent = {
      ...rest,
      line_items: JSON.stringify(line_items),
      billing_address: JSON.stringify(billing_address),
    };
    expect(accepted('create_sales_order', sent)).toEqual(examples.salesOrderBody);
  });
});

describe('an update', () => {
  it.each(operations.filter(({ method }) => method === 'PUT').map(({ name, path }) => [name, path]))(
    '%s needs nothing but the id',
    (name, path) => {
      const key = /\{(\w+)\}/.exec(path)?.[1] ?? '';
      expect(accepted(name, { [key]: id })).toEqual({ [key]: id });
    },
  );

  it('keeps a line by its line_item_id alone, to lower its quantity', () => {
    const change = { salesorder_id: id, line_items: [{ line_item_id: '7', quantity: 3 }] };
    expect(accepted('update_sales_order', change)).toEqual(change);
  });

  it('refuses a line that neither is kept nor names an item and a quantity', () => {
    const change = { salesorder_id: id, line_items: [{ item_id: '7' }] };
    expect(() => accepted('update_sales_order', change)).toThrow(/line_items\[0\] must have line_item_id .*\./);
  });
});

describe('a discount', () => {
  const withDiscount = (discount: unknown) =>
    accepted('create_sales_order', {
      customer_id: '1',
      line_items: [{ item_id: '2', quantity: 1, discount }],
    }).line_items;

  it.each([
    [5, 5],
    ['5', 5],
    ['7.5%', '7.5%'],
    [7.5, 7.5],
    ['100%', '100%'],
    [0, 0],
  ])('of %j is sent as %j', (given, sent) => {
    expect(withDiscount(given)).toEqual([{ item_id: '2', quantity: 1, discount: sent }]);
  });

  it.each(['5 %', '-5', 101, '101%', 'half', '', true, null, {}])('of %j is refused', (given) => {
    expect(() => withDiscount(given)).toThrow(/line_items\[0\]\.discount must be/);
  });
});

describe('figures', () => {
  const item = (change: Input) => accepted('create_item', { name: 'Lamp', ...change });

  it.each([0, 0.000001, 12.5, 1_000_000_000, '12.5'])('%j is a rate', (rate) => {
    expect(item({ rate }).rate).toBe(Number(rate));
  });

  it.each([-1, Number.POSITIVE_INFINITY, Number.NaN, 0.0000001, 1_000_000_001, '1,5', '', null, '0x10'])(
    '%j is no rate',
    (rate) => {
      expect(() => item({ rate })).toThrow(/^rate must /);
    },
  );

  it('of 1e309 in JSON text are refused, not sent as null', () => {
    const sent = '{"name": "Lamp", "initial_stock": 1e309}';
    expect(() => accepted('create_item', sent)).toThrow('initial_stock must be a finite number');
  });

  it('may be negative where an order is adjusted', () => {
    const order = { ...examples.shortSalesOrderBody, adjustment: -0.5 };
    expect(accepted('create_sales_order', order)).toEqual(order);
  });
});

describe('dates', () => {
  const dated = (date: unknown) => accepted('create_sales_order', { ...examples.shortSalesOrderBody, date });

  it.each(['2025-01-15', '2024-02-29'])('%s is a date', (date) => {
    expect(dated(date).date).toBe(date);
  });

  it.each(['2025-02-29', '2025-13-01', '15.01.2025', '2025-1-5', 'today', '2025-01-15T00:00:00Z', ''])(
    '%j is none, and the form is said',
    (date) => {
      expect(() => dated(date)).toThrow('date must be a date as yyyy-mm-dd');
    },
  );
});

describe('ids', () => {
  const paths = operations.flatMap(({ name, path }) => {
    const key = /\{(\w+)\}/.exec(path)?.[1];
    return key ? [[name, key] as const] : [];
  });

  it.each(paths)('of %s cannot climb out of the path', (name, key) => {
    for (const wrong of ['..', '../x', '1/2', '1%2F2', '', ' 1', '1\n', '１', '1'.repeat(20)])
      expect(() => accepted(name, { [key]: wrong })).toThrow(`${key} must be an id: 1 to 19 digits, as a string`);
  });
});

describe('lists', () => {
  const paged = operations.filter((candidate) => candidate.paged).map(({ name }) => name);

  it.each(paged)('%s answers 25 rows unless told otherwise, and at most 200', (name) => {
    const { path } = operation(name);
    const where = Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => [key, '1']));
    expect(accepted(name, where)).toMatchObject({ ...where, per_page: 25 });
    expect(accepted(name, { ...where, per_page: '200', page: 2 })).toMatchObject({ ...where, per_page: 200, page: 2 });
    expect(() => accepted(name, { ...where, per_page: 201 })).toThrow('per_page must be at most 200, got 201.');
    expect(() => accepted(name, { ...where, page: 0 })).toThrow('page must be at least 1, got 0.');
    expect(() => accepted(name, { ...where, page: 1.5 })).toThrow('page must be a whole number, got 1.5.');
  });

  it('keep `fields` to themselves and send the rest as the query', () => {
    const input = accepted('list_items', {
      fields: ['name', 'sku'],
      search_text: 'lamp',
      filter_by: 'Status.Lowstock',
      sort_column: 'name',
      sort_order: 'D',
    });
    expect(toRequest(operation('list_items'), input)).toEqual({
      method: 'GET',
      path: '/items',
      query: {
        per_page: '25',
        search_text: 'lamp',
        filter_by: 'Status.Lowstock',
        sort_column: 'name',
        sort_order: 'D',
      },
    });
  });

  it.each<[string, Input]>([
    ['list_items', { name: 'Lamp', sku: 'LAMP', filter_by: 'Status.All' }],
    ['list_contacts', { contact_name: 'Bluebird Cafe', email: 'a@b.example', contact_type: 'vendor' }],
    [
      'list_sales_orders',
      {
        customer_id: '1',
        salesorder_number: 'SO-00012',
        reference_number: 'X',
        status: 'partially_shipped',
        item_id: '2',
        date_start: '2025-01-01',
        date_end: '2025-01-31',
      },
    ],
    ['list_purchase_orders', { vendor_id: '1', purchaseorder_number: 'PO-00007', filter_by: 'Status.Draft' }],
    ['get_low_stock_report', { warehouse_id: '1' }],
  ])('%s takes its filters', (name, filters) => {
    expect(accepted(name, filters)).toMatchObject(filters);
  });
});

describe('e-mails', () => {
  const mail = { salesorder_id: '1', to_mail_ids: ['a@b.example'], subject: 'Your order', body: 'Thank you.' };

  it('name their recipients, subject and text', () => {
    expect(accepted('email_sales_order', mail)).toEqual(mail);
  });

  it.each([[[]], [['']], [['nobody']], [['a b@c.example']], ['a@b.example']])('are not sent to %j', (to_mail_ids) => {
    expect(() => accepted('email_sales_order', { ...mail, to_mail_ids })).toThrow(/to_mail_ids.* must /);
  });
});

describe('effects', () => {
  it('of an item with opening stock rise to a stock move', () => {
    const create = operation('create_item');
    expect(effectOf(create, { name: 'Lamp', initial_stock: 5 })).toBe('stock');
    expect(effectOf(create, { name: 'Lamp', initial_stock: 0 })).toBe('create');
    expect(effectOf(create, { name: 'Lamp' })).toBe('create');
  });

  it('of changing the opening stock rise to a stock move, also to 0', () => {
    const update = operation('update_item');
    expect(effectOf(update, { item_id: '1', initial_stock: 0 })).toBe('stock');
    expect(effectOf(update, { item_id: '1', rate: 5 })).toBe('update');
  });
});

describe('lists of lines', () => {
  const line = { item_id: '1', quantity: 1 };

  it('are never empty and never longer than 200', () => {
    const order = (line_items: unknown) => accepted('create_sales_order', { customer_id: '1', line_items });
    expect(order(Array(200).fill(line)).line_items).toHaveLength(200);
    expect(() => order([])).toThrow('line_items must have at least 1 entry.');
    expect(() => order(Array(201).fill(line))).toThrow('line_items must have at most 200 entries.');
    expect(() => order(line)).toThrow('line_items must be a list, got an object.');
  });

  it('refuse unknown keys inside a line', () => {
    expect(() => accepted('create_sales_order', { customer_id: '1', line_items: [{ ...line, qty: 2 }] })).toThrow(
      InvalidArguments,
    );
  });
});
