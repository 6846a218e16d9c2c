import { describe, expect, test } from 'vitest';
import { operationByName } from '../../src/operations/index.ts';
import { formerOf } from '../../src/workflows/former.ts';
import { asNamed, isTaken, overwriting } from '../../src/workflows/former-parts.ts';

function operation(name: string) {
  const known = operationByName.get(name);
  if (!known) throw new Error(`there is no ${name}`);
  return known;
}

// As the hosted service prints a contact: with keys of its own beside what an update can name.
const address = {
  ...{ address_id: '77', attention: 'Ann', address: '1 Quay', street2: '', city: 'Oakland', state: 'CA' },
  ...{ state_code: 'CA', zip: '94607', country: 'USA', country_code: 'US' },
};
const contact = {
  contact_id: '1',
  billing_address: address,
  custom_fields: [
    { customfield_id: '5', index: 1, label: 'Region', value: 'West', value_formatted: 'West', data_type: 'string' },
    { customfield_id: '6', index: 2, label: 'Tier', value: '' },
  ],
  contact_persons: [{ contact_person_id: '9', salutation: 'Dr', first_name: 'Ann', email: 'a@a.example', phone: '' }],
};

describe('what stood before', () => {
  test('is kept as the update can name it, and what it cannot is told', () => {
    const input = {
      contact_id: '1',
      billing_address: { address: '9 Hill' },
      custom_fields: [{ label: 'Region', value: 'East' }],
      contact_persons: [],
    };
    expect(formerOf(operation('update_contact'), input, contact)).toEqual({
      fields: {
        billing_address: { address: '1 Quay', city: 'Oakland', state: 'CA', zip: '94607', country: 'USA' },
        custom_fields: [{ label: 'Region', value: 'West' }],
        contact_persons: [{ contact_person_id: '9', first_name: 'Ann', email: 'a@a.example' }],
      },
      unkept: ['attention in billing_address', 'salutation in contact_persons'],
    });
  });

  test('is nothing where the update says what stands there', () => {
    const { contact_id, ...rest } = contact;
    const input = { contact_id, custom_fields: [{ label: 'Region', value: 'West' }] };
    expect(formerOf(operation('update_contact'), input, { contact_id, ...rest })).toEqual({ fields: {}, unkept: [] });
  });

  test('is not kept of the lines of documents that move goods', () => {
    const line_items = [{ item_id: '1', quantity: 2 }];
    for (const name of ['update_transfer', 'update_package', 'update_stock_adjustment'])
      expect(formerOf(operation(name), { line_items }, { line_items: [{ item_id: '1', quantity: 1 }] })).toEqual({
        fields: {},
        unkept: ['line_items'],
      });
  });
});

describe('what is sent to put it back', () => {
  test('names as none what came in its place', () => {
    expect(overwriting('billing_address', { city: 'Oakland' }, { city: 'Reno', state: 'NV' })).toEqual({
      city: 'Oakland',
      state: '',
    });
    expect(overwriting('custom_fields', [], [{ label: 'Tier', value: 'Gold' }])).toEqual([
      { label: 'Tier', value: '' },
    ]);
    expect(overwriting('dimensions', { length: 2 }, { length: 3, width: 1 })).toEqual({ length: 2, width: 0 });
  });

  test('keeps the id of a person who is still there, and of no other', () => {
    const was = [
      { contact_person_id: '9', first_name: 'Ann' },
      { contact_person_id: '10', first_name: 'Bob' },
    ];
    const now = [
      { contact_person_id: '9', first_name: 'Anna', phone: '1' },
      { contact_person_id: '11', first_name: 'Cy' },
    ];
    expect(overwriting('contact_persons', was, now)).toEqual([
      { contact_person_id: '9', first_name: 'Ann', phone: '' },
      { first_name: 'Bob' },
    ]);
  });
});

test('a record that prints more than was sent took it; one that kept a part did not', () => {
  const sent = asNamed('billing_address', address);
  expect(isTaken('billing_address', address, sent)).toBe(true);
  expect(isTaken('billing_address', { ...address, state: 'NV' }, sent)).toBe(false);
  expect(isTaken('custom_fields', contact.custom_fields, [{ label: 'Region', value: 'West' }])).toBe(true);
});
