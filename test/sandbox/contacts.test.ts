import { describe, expect, it } from 'vitest';
import { type Caller, objectAt, rowsAt, startSandbox } from './calls.ts';

/** The contact that the API reference prints as its example, currency aside. */
const example = {
  contact_name: 'Tech Solutions Inc',
  contact_type: 'customer',
  company_name: 'Tech Solutions Inc',
  payment_terms: 30,
  payment_terms_label: 'Net 30',
  website: 'www.techsolutions.com',
  billing_address: {
    address: '456 Tech Avenue',
    street2: 'Floor 5',
    city: 'San Jose',
    state: 'CA',
    zip: '95113',
    country: 'USA',
    fax: '',
  },
  shipping_address: {
    address: '456 Tech Avenue',
    street2: 'Loading Dock',
    city: 'San Jose',
    state: 'CA',
    zip: '95113',
    country: 'USA',
    fax: '',
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
  custom_fields: [{ label: 'Region', value: 'West' }],
};

async function create(caller: Caller, body: unknown): Promise<Record<string, unknown>> {
  const reply = await caller.call('POST', '/contacts', body);
  expect(reply).toMatchObject({ status: 201, body: { code: 0, message: 'The contact has been added.' } });
  return objectAt(reply, 'contact');
}

const namesOf = async (caller: Caller, query: string) =>
  rowsAt(await caller.call('GET', `/contacts${query}`), 'contacts').map((row) => row.contact_name);

describe('contacts', () => {
  it('keep every field they were given', async () => {
    const caller = startSandbox();
    const created = await create(caller, example);
    expect(created).toMatchObject({
      ...example,
      contact_id: expect.stringMatching(/^\d{17}$/),
      contact_persons: [{ ...example.contact_persons[0], contact_person_id: expect.stringMatching(/^\d+$/) }],
      status: 'active',
      currency_code: 'USD',
      email: 'sarah.johnson@techsolutions.com',
      phone: '555-0156',
      created_time: '2026-03-16T12:00:00-0700',
    });
    const read = await caller.call('GET', `/contacts/${created.contact_id}`);
    expect(objectAt(read, 'contact')).toEqual(created);
  });

  it('need no more than a name; they are customers in the base currency then', async () => {
    const created = await create(startSandbox(), { contact_name: '  Walk-in  ', favourite_colour: 'blue' });
    expect(created).toMatchObject({ contact_name: 'Walk-in', contact_type: 'customer', currency_code: 'USD' });
    expect(created).not.toHaveProperty('favourite_colour');
  });

  it('take an e-mail address and telephone number of their own', async () => {
    const created = await create(startSandbox(), { ...example, email: 'office@techsolutions.com', phone: '555-0100' });
    expect(created).toMatchObject({ email: 'office@techsolutions.com', phone: '555-0100' });
  });

  it.each([
    [{}, 1001, 'contact_name'],
    [{ contact_name: '   ' }, 1001, 'contact_name'],
    [{ contact_name: ['x'] }, 1002, 'contact_name'],
    [{ contact_name: 'A', contact_type: 'friend' }, 1002, 'contact_type'],
    [{ contact_name: 'A', currency_id: '99' }, 1002, 'currency_id'],
    [{ contact_name: 'A', payment_terms: -1 }, 1002, 'payment_terms'],
    [{ contact_name: 'A', billing_address: 'Main Street' }, 1002, 'billing_address'],
    [{ contact_name: 'A', contact_persons: { first_name: 'B' } }, 1002, 'contact_persons'],
    [{ contact_name: 'A', email: 'nobody' }, 1002, 'email'],
  ])('refuse %j with code %i for %s', async (body, code, field) => {
    const reply = await startSandbox().call('POST', '/contacts', body);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ code, field });
  });

  it('refuse a name that is taken, in any case of letters', async () => {
    const caller = startSandbox();
    await create(caller, example);
    const other = await create(caller, { contact_name: 'Other' });
    const again = await caller.call('POST', '/contacts', { contact_name: 'TECH SOLUTIONS INC' });
    expect(again.body).toMatchObject({ code: 36, message: 'Duplicate record', field: 'contact_name' });
    const renamed = await caller.call('PUT', `/contacts/${other.contact_id}`, { contact_name: 'Tech Solutions Inc' });
    expect(renamed.body.code).toBe(36);
  });

  it('change only in the fields that are sent', async () => {
    const caller = startSandbox();
    const created = await create(caller, example);
    caller.pass(60_000);
    const reply = await caller.call('PUT', `/contacts/${created.contact_id}`, { phone: '555-0999', website: '' });
    expect(reply).toMatchObject({ status: 200, body: { message: 'The contact has been updated.' } });
    expect(objectAt(reply, 'contact')).toEqual({
      ...created,
      phone: '555-0999',
      website: '',
      last_modified_time: '2026-03-16T12:01:00-0700',
    });
  });

  it('replace their persons as a list; those named by id stay the same person', async () => {
    const caller = startSandbox();
    const created = await create(caller, example);
    const [sarah] = Array.isArray(created.contact_persons) ? created.contact_persons : [];
    const persons = [{ first_name: 'Lee' }, { ...sarah, first_name: 'Sara' }];
    const reply = await caller.call('PUT', `/contacts/${created.contact_id}`, { contact_persons: persons });
    expect(objectAt(reply, 'contact').contact_persons).toEqual([
      expect.objectContaining({ first_name: 'Lee', is_primary_contact: false }),
      { ...sarah, first_name: 'Sara' },
    ]);
  });

  it('are found by words, name, type, e-mail address and status', async () => {
    const caller = startSandbox();
    await create(caller, example);
    await create(caller, { contact_name: 'Both Ways', contact_type: 'both', email: 'hello@bothways.com' });
    await create(caller, { contact_name: 'CableWorks', contact_type: 'vendor', company_name: 'CW Limited' });
    expect(await namesOf(caller, '')).toEqual(['Both Ways', 'CableWorks', 'Tech Solutions Inc']);
    expect(await namesOf(caller, '?search_text=SARAH')).toEqual(['Tech Solutions Inc']);
    expect(await namesOf(caller, '?search_text=cw lim')).toEqual(['CableWorks']);
    expect(await namesOf(caller, '?contact_name=cableworks')).toEqual(['CableWorks']);
    expect(await namesOf(caller, '?contact_name=cable')).toEqual([]);
    expect(await namesOf(caller, '?email=hello@bothways.com')).toEqual(['Both Ways']);
    expect(await namesOf(caller, '?contact_type=vendor')).toEqual(['Both Ways', 'CableWorks']);
    expect(await namesOf(caller, '?filter_by=Status.Customers')).toEqual(['Both Ways', 'Tech Solutions Inc']);
    expect(await namesOf(caller, '?filter_by=Status.Inactive')).toEqual([]);
    expect(await namesOf(caller, '?status=active&sort_column=contact_name&sort_order=D')).toEqual([
      'Tech Solutions Inc',
      'CableWorks',
      'Both Ways',
    ]);
  });

  it('come in pages', async () => {
    const caller = startSandbox();
    for (const name of ['A', 'B', 'C']) await create(caller, { contact_name: name });
    const first = await caller.call('GET', '/contacts?per_page=2');
    expect(rowsAt(first, 'contacts')).toHaveLength(2);
    expect(first.body.page_context).toEqual({ page: 1, per_page: 2, has_more_page: true, total: 3 });
    const second = await caller.call('GET', '/contacts?per_page=2&page=2');
    expect(rowsAt(second, 'contacts').map((row) => row.contact_name)).toEqual(['C']);
    expect(second.body.page_context).toMatchObject({ page: 2, has_more_page: false });
    expect(rowsAt(await caller.call('GET', '/contacts?page=9'), 'contacts')).toEqual([]);
  });

  it('without history can be deleted, and are gone then', async () => {
    const caller = startSandbox();
    const { contact_id } = await create(caller, example);
    const deleted = await caller.call('DELETE', `/contacts/${contact_id}`);
    expect(deleted).toMatchObject({ status: 200, body: { code: 0, message: 'The contact has been deleted.' } });
    expect((await caller.call('GET', `/contacts/${contact_id}`)).body.code).toBe(41);
    const again = await caller.call('DELETE', `/contacts/${contact_id}`);
    expect(again).toMatchObject({ status: 404, body: { details: `There is no contact ${contact_id}.` } });
  });

  it('of a deleted record leave an id that no other record gets', async () => {
    const caller = startSandbox();
    const first = await create(caller, { contact_name: 'A' });
    await caller.call('DELETE', `/contacts/${first.contact_id}`);
    const second = await create(caller, { contact_name: 'A' });
    expect(second.contact_id).not.toBe(first.contact_id);
  });

  it('with history are kept: the refusal says what they are part of and what to do instead', async () => {
    const caller = startSandbox({ seed: 'demo' });
    const refusal = async (name: string) => {
      const [row] = rowsAt(await caller.call('GET', `/contacts?contact_name=${name}`), 'contacts');
      const reply = await caller.call('DELETE', `/contacts/${row?.contact_id}`);
      expect(reply).toMatchObject({ status: 400, body: { code: 1002 } });
      expect((await caller.call('GET', `/contacts/${row?.contact_id}`)).status).toBe(200);
      return reply.body.details;
    };
    expect(await refusal('Marble Hotel')).toBe(
      'Marble Hotel has 2 sales orders and cannot be deleted. Keep it, or rename it so that it is not chosen again.',
    );
    expect(await refusal('Nordklang GmbH')).toContain('has 1 purchase order, 3 items bought from it and');
  });

  it('with history keep their currency and the side they stand on', async () => {
    const caller = startSandbox({ seed: 'demo' });
    const find = async (name: string) =>
      rowsAt(await caller.call('GET', `/contacts?contact_name=${name}`), 'contacts')[0] ?? {};
    const [euro, marble, paper, test] = await Promise.all(
      ['Nordklang GmbH', 'Marble Hotel', 'PaperCo', 'Test Customer'].map(find),
    );
    const change = (row: Record<string, unknown> | undefined, body: unknown) =>
      caller.call('PUT', `/contacts/${row?.contact_id}`, body);
    expect((await change(marble, { currency_id: euro?.currency_id })).body).toMatchObject({
      code: 1002,
      field: 'currency_id',
    });
    expect((await change(marble, { contact_type: 'vendor' })).body).toMatchObject({
      code: 1002,
      field: 'contact_type',
    });
    expect((await change(paper, { contact_type: 'customer' })).body).toMatchObject({ code: 1002 });
    expect((await change(marble, { contact_type: 'both' })).status).toBe(200);
    const moved = await change(test, { currency_id: euro?.currency_id, contact_type: 'vendor' });
    expect(objectAt(moved, 'contact')).toMatchObject({ currency_code: 'EUR', contact_type: 'vendor' });
  });
});
