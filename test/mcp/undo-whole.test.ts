import { expect, test } from 'vitest';
import { dumpOf } from '../helpers/dump.ts';
import { auditedCompany, type Row } from './audited.ts';
import { type Company, done, itemId, rows } from './undoing.ts';

// A record is changed and taken back: the whole company is as it was.

const newest = async (company: Company) => rows((await company.ask('undo_action')).facts.actions)[0]?.action_id;
const undo = async (company: Company): Promise<Row> =>
  done(company, 'undo_action', { action_id: await newest(company) });

/**
 * All tables. Times are kept inside of rows too; a discount that is named as none is none, and a place where an item
 * stood once and of which nothing is left tells nothing.
 */
const books = ({ database }: Company): string[] =>
  dumpOf(database)
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^"\\]*/g, 'time')
    .replaceAll('{\\"discount\\":0}', '{}')
    .split('\n')
    .filter((line) => !line.includes('"is_any":0'));

/** Lines of either that the other has not. */
const difference = (before: readonly string[], after: readonly string[]): string[] => [
  ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
  ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
];

async function euro(company: Company): Promise<Row> {
  const { facts } = await company.ask('list_contacts', { search_text: 'Nordklang' });
  const { contact_id } = rows(facts.contacts)[0] ?? {};
  return (await company.ask('get_contact', { contact_id })).facts.contact as Row;
}

/** A customer in euros and an order of three lines: a percentage off, an amount off, and a tax. */
async function foreignSale(company: Company) {
  const { currency_id } = await euro(company);
  const made = await done(company, 'create_contact', {
    ...{ contact_name: 'Klanghaus', contact_type: 'customer', currency_id },
  });
  const [mug, cable, mat] = [
    await itemId(company, 'MUG'),
    await itemId(company, 'UCC-1M'),
    await itemId(company, 'DMAT'),
  ];
  const { salesorder } = await done(company, 'create_sales_order', {
    customer_id: (made.contact as Row).contact_id,
    ...{ shipping_charge: 12.5, adjustment: -1.25, reference_number: 'K-1', shipment_date: '2026-04-01' },
    line_items: [
      { item_id: mug, quantity: 7, rate: 8.33, discount: '12.5%', description: 'blue' },
      { item_id: cable, quantity: 3, rate: 11.11, discount_amount: 2.5 },
      { item_id: mat, quantity: 2, rate: 20 },
    ],
  });
  const { salesorder_id, salesorder_number } = salesorder as Row;
  await done(company, 'confirm_sales_order', { salesorder_id });
  company.clock.advance(1000);
  const order = async () => (await company.ask('get_sales_order', { salesorder_id })).facts.salesorder as Row;
  return { salesorder_id, number: salesorder_number, order };
}

test('amend_order of a sale in a foreign currency with discounts: nothing is left of it', async () => {
  const company = auditedCompany();
  const { number, order } = await foreignSale(company);
  const before = books(company);
  const was = await order();
  expect([was.currency_code, was.exchange_rate]).toEqual(['EUR', 1.1]);
  const lines = rows(was.line_items).map(({ line_item_id }, index) => ({
    ...{ item: line_item_id, quantity: [5, 6, 1][index], rate: [7, 12.34, 19][index] },
  }));
  await done(company, 'amend_order', { order: number, lines, reference_number: 'K-2', shipment_date: '2026-05-01' });
  expect(difference(before, books(company))).not.toEqual([]);
  company.clock.advance(1000);
  const { stays } = await undo(company);
  expect(stays).toBeUndefined();
  expect(difference(before, books(company))).toEqual([]);
});

test('discounts that changed their kind, came or went, charges, taxes, places and dates go back as they were', async () => {
  const company = auditedCompany();
  const { salesorder_id, order } = await foreignSale(company);
  const before = books(company);
  const warehouse_id = await company.idOf('list_warehouses', 'warehouses', 'warehouse_id', {
    warehouse_name: 'Newark',
  });
  const [mug = {}, cable = {}, mat = {}] = rows((await order()).line_items);
  await done(company, 'update_sales_order', {
    ...{ salesorder_id, shipping_charge: 0, adjustment: 3, reference_number: 'K-3', date: '2026-03-01' },
    line_items: [
      { line_item_id: mug.line_item_id, item_id: mug.item_id, quantity: 7, discount_amount: 4 },
      { line_item_id: cable.line_item_id, item_id: cable.item_id, quantity: 2, discount: '5%', warehouse_id },
      { line_item_id: mat.line_item_id, item_id: mat.item_id, quantity: 2, rate: 21, discount: '10%', tax_id: '' },
    ],
  });
  company.clock.advance(1000);
  const { stays } = await undo(company);
  expect(stays).toBeUndefined();
  expect(difference(before, books(company))).toEqual([]);
});

test('a discount that was taken away comes back', async () => {
  const company = auditedCompany();
  const { salesorder_id, order } = await foreignSale(company);
  const before = books(company);
  const line_items = rows((await order()).line_items).map(({ line_item_id, item_id, quantity, rate }) => ({
    ...{ line_item_id, item_id, quantity, rate, discount: 0 },
  }));
  await done(company, 'update_sales_order', { salesorder_id, line_items });
  expect((await order()).discount_total).toBe(0);
  company.clock.advance(1000);
  const { stays } = await undo(company);
  expect(stays).toBeUndefined();
  expect(difference(before, books(company))).toEqual([]);
});

test('a line that was removed is written anew, with its discount, and what was added is gone', async () => {
  const company = auditedCompany();
  const { number, order } = await foreignSale(company);
  const before = await order();
  const [mug = {}] = rows(before.line_items);
  await done(company, 'amend_order', {
    order: number,
    lines: [
      { item: mug.line_item_id, quantity: 0 },
      { item: 'HUB-7', quantity: 1, rate: 5 },
    ],
  });
  company.clock.advance(1000);
  const { stays } = await undo(company);
  expect(stays).toBeUndefined();
  const told = (record: Row) => {
    const { last_modified_time: _, line_items, ...rest } = record;
    const lines = rows(line_items).map(({ line_item_id: _id, ...line }) => line);
    return { ...rest, lines };
  };
  expect(told(await order())).toEqual(told(before));
});

test.each(['amend_order', 'update_purchase_order'])(
  '%s of a purchase in a foreign currency: nothing is left of it',
  async (tool) => {
    const company = auditedCompany();
    const { contact_id } = await euro(company);
    const line_items = [
      { item_id: await itemId(company, 'SPK-BT'), quantity: 5, rate: 43.21, discount: '7.5%' },
      { item_id: await itemId(company, 'HUB-7'), quantity: 3, rate: 9.99 },
    ];
    const { purchaseorder } = await done(company, 'create_purchase_order', {
      ...{ vendor_id: contact_id, line_items, shipping_charge: 20, expected_delivery_date: '2026-04-01' },
    });
    const { purchaseorder_id, purchaseorder_number, currency_code, ...made } = purchaseorder as Row;
    expect(currency_code).toBe('EUR');
    await done(company, 'issue_purchase_order', { purchaseorder_id });
    company.clock.advance(1000);
    const before = books(company);
    const [speaker = {}, hub = {}] = rows(made.line_items);
    await done(
      company,
      tool,
      tool === 'amend_order'
        ? {
            order: purchaseorder_number,
            lines: [
              { item: speaker.line_item_id, quantity: 4, rate: 40 },
              { item: hub.line_item_id, quantity: 6 },
            ],
            expected_delivery_date: '2026-05-01',
          }
        : {
            ...{ purchaseorder_id, shipping_charge: 5 },
            line_items: [
              { line_item_id: speaker.line_item_id, item_id: speaker.item_id, quantity: 4, rate: 40, discount: 0 },
              { line_item_id: hub.line_item_id, item_id: hub.item_id, quantity: 6, discount: '3%' },
            ],
          },
    );
    company.clock.advance(1000);
    const { stays } = await undo(company);
    expect(stays).toBeUndefined();
    expect(difference(before, books(company))).toEqual([]);
  },
);
