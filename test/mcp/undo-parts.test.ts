import { expect, test } from 'vitest';
import { auditedCompany, type Row, yes } from './audited.ts';
import { type Company, done, itemId, rows } from './undoing.ts';

// Fields that hold more than one value: addresses, custom fields, people of a contact, parts of a kit.

const newest = async (company: Company) => rows((await company.ask('undo_action')).facts.actions)[0]?.action_id;
const undo = async (company: Company): Promise<Row> =>
  done(company, 'undo_action', { action_id: await newest(company) });

const home = { address: '1 Quay', city: 'Oakland', zip: '94607', country: 'USA' };
const label = 'Region';
const ann = { first_name: 'Ann', last_name: 'Lee', email: 'ann@a.example', phone: '1', is_primary_contact: true };
const bob = { first_name: 'Bob', last_name: 'Ray', email: 'bob@a.example', mobile: '2', is_primary_contact: false };

/** A customer with an address, a custom field and two people. */
async function customer(company: Company, more: Row = {}) {
  const { contact } = await done(company, 'create_contact', {
    ...{ contact_name: 'Quayside', contact_type: 'customer', billing_address: home, phone: '1', email: 'q@a.example' },
    ...{ custom_fields: [{ label, value: 'West' }], contact_persons: [ann, bob], ...more },
  });
  const { contact_id } = contact as Row;
  company.clock.advance(1000);
  const read = async () => {
    const { last_modified_time: _, ...rest } = (await company.ask('get_contact', { contact_id })).facts.contact as Row;
    return rest;
  };
  return { contact_id, read };
}

test.each([
  ['an address', { billing_address: { address: '9 Hill', city: 'Reno', state: 'NV' } }],
  ['an address that was none', { shipping_address: { address: '9 Hill', city: 'Reno' } }],
  ['a custom field', { custom_fields: [{ label, value: 'East' }] }],
  ['a custom field that was dropped', { custom_fields: [] }],
  ['several at once', { billing_address: {}, custom_fields: [{ label, value: 'East' }], email: 'x@a.example' }],
])('of a contact %s goes back', async (_, change) => {
  const company = auditedCompany();
  const { contact_id, read } = await customer(company);
  const before = await read();
  await done(company, 'update_contact', { contact_id, ...change });
  expect(await read()).not.toEqual(before);
  company.clock.advance(1000);
  const { stays } = await undo(company);
  expect(stays).toBeUndefined();
  expect(withoutEmpty(await read())).toEqual(withoutEmpty(before));
});

/** An address of nothing but empty parts is none. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, withoutEmpty(part)] as const);
  return Object.fromEntries(entries.filter(([, part]) => part !== '' && JSON.stringify(part) !== '{}'));
}

test('a custom field that the update brought is empty again', async () => {
  const company = auditedCompany();
  const { contact_id, read } = await customer(company);
  await done(company, 'update_contact', {
    contact_id,
    custom_fields: [
      { label, value: 'West' },
      { label: 'Tier', value: 'Gold' },
    ],
    email: 'x@a.example',
  });
  company.clock.advance(1000);
  const { stays } = await undo(company);
  expect(stays).toBeUndefined();
  // A service that keeps what is not named would keep it otherwise.
  expect((await read()).custom_fields).toEqual([{ label, value: 'West' }, { label: 'Tier' }]);
});

test('people of a contact go back by their ids; who was removed is written anew', async () => {
  const company = auditedCompany();
  const { contact_id, read } = await customer(company);
  const before = await read();
  const [first = {}] = rows(before.contact_persons);
  const { contact_person_id } = first;
  await done(company, 'update_contact', {
    contact_id,
    contact_persons: [{ contact_person_id, ...ann, email: 'else@a.example', mobile: '77' }],
  });
  company.clock.advance(1000);
  const asked = await company.ask('undo_action', { action_id: await newest(company) });
  expect(String(asked.facts.preview)).toContain('bob@a.example');
  const { stays } = await done(company, 'confirm_action', yes(asked.facts));
  expect(stays).toBeUndefined();
  const persons = rows((await read()).contact_persons);
  expect(persons[0]).toEqual(first);
  const { contact_person_id: _, ...second } = persons[1] ?? {};
  const { contact_person_id: _was, ...was } = rows(before.contact_persons)[1] ?? {};
  expect(second).toEqual(was);
});

test('parts that somebody changed since stay, before the yes and until the very write', async () => {
  const company = auditedCompany();
  const { contact_id, read } = await customer(company);
  await done(company, 'update_contact', { contact_id, billing_address: { city: 'Reno' }, email: 'x@a.example' });
  const action_id = await newest(company);
  company.clock.advance(1000);
  await done(company, 'update_contact', { contact_id, billing_address: { city: 'Elko' } });
  const asked = await company.ask('undo_action', { action_id });
  expect(String(asked.facts.preview)).toMatch(
    /Stays as it is: billing_address of Quayside was changed since, to "Elko"/,
  );
  await done(company, 'confirm_action', yes(asked.facts));
  expect(await read()).toMatchObject({ email: 'q@a.example', billing_address: { city: 'Elko' } });
});

test('of an order the address to send to goes back', async () => {
  const company = auditedCompany();
  const { contact_id } = await customer(company);
  const { salesorder } = await done(company, 'create_sales_order', {
    customer_id: contact_id,
    ...{ shipping_address: home, line_items: [{ item_id: await itemId(company, 'MUG'), quantity: 1 }] },
  });
  const { salesorder_id } = salesorder as Row;
  company.clock.advance(1000);
  const order = async () => (await company.ask('get_sales_order', { salesorder_id })).facts.salesorder as Row;
  const before = await order();
  await done(company, 'update_sales_order', { salesorder_id, shipping_address: { address: '9 Hill', state: 'NV' } });
  company.clock.advance(1000);
  const { stays } = await undo(company);
  expect(stays).toBeUndefined();
  expect(withoutEmpty((await order()).shipping_address)).toEqual(before.shipping_address);
});

test('a kit gets back its parts', async () => {
  const company = auditedCompany();
  const [mug, hub] = [await itemId(company, 'MUG'), await itemId(company, 'HUB-7')];
  const made = await done(company, 'create_composite_item', {
    ...{ name: 'Two', sku: 'TWO', rate: 9 },
    mapped_items: [{ item_id: mug, quantity: 2 }],
  });
  const item_id = (made.composite_item as Row).composite_item_id;
  const parts = async () => {
    const { composite_item } = (await company.ask('get_composite_item', { item_id })).facts;
    return rows((composite_item as Row).mapped_items).map((part) => [part.item_id, part.quantity]);
  };
  company.clock.advance(1000);
  await done(company, 'update_composite_item', {
    ...{ item_id, rate: 20 },
    mapped_items: [
      { item_id: mug, quantity: 1 },
      { item_id: hub, quantity: 3 },
    ],
  });
  expect(await parts()).toHaveLength(2);
  company.clock.advance(1000);
  const { stays } = await undo(company);
  expect(stays).toBeUndefined();
  expect(await parts()).toEqual([[mug, 2]]);
});
