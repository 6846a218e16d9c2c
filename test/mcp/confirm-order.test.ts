import { expect, test } from 'vitest';
import { auditedCompany, type Row, yes } from './audited.ts';
import { itemId } from './undoing.ts';

// A call is kept with its keys in an order of its own; what its preview says must not depend on it.

test('a yes to a change of several fields is enough, in whatever order they are kept', async () => {
  const company = auditedCompany();
  const made = await company.ask('create_contact', {
    ...{ contact_name: 'Quayside', contact_type: 'customer', email: 'q@a.example' },
    billing_address: { address: '1 Quay', city: 'Oakland', state: 'CA', zip: '94607', country: 'USA' },
  });
  const { contact_id } = made.facts.contact as Row;
  const asked = await company.ask('update_contact', {
    ...{
      contact_id,
      website: 'https://q.example',
      email: 'x@a.example',
      custom_fields: [{ value: 'x', label: 'Tier' }],
    },
    billing_address: { zip: '89501', country: 'USA', state: 'NV', street2: 'Dock 2', address: '9 Hill', city: 'Reno' },
  });
  expect(asked.facts.status).toBe('confirmation_required');
  const { facts } = await company.ask('confirm_action', yes(asked.facts));
  expect(facts.changed).toBeUndefined();
  expect(facts.contact).toMatchObject({ email: 'x@a.example', billing_address: { city: 'Reno' } });
  const item_id = await itemId(company, 'MUG');
  const item = await company.ask('update_item', { item_id, rate: 99, purchase_rate: 2, description: 'x' });
  expect((await company.ask('confirm_action', yes(item.facts))).facts.item).toMatchObject({
    rate: 99,
    purchase_rate: 2,
  });
});
