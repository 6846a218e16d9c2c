import { describe, expect, test } from 'vitest';
import { RateLimited } from '../../../src/errors.ts';
import { findContacts } from '../../../src/workflows/finding/find-contacts.ts';
import { rowsIn } from '../../../src/workflows/rows.ts';
import { demoWorld } from '../demo-world.ts';
import { fakeApi, quiet } from '../fake-api.ts';

const find = async (text: string, more: object = {}) => {
  const world = demoWorld();
  const reply = await world.read('find_contacts', { text, ...more });
  return { message: reply.message, rows: rowsIn(reply, 'contacts'), calls: world.callsSent() };
};

describe('finding contacts in the demo company', () => {
  test.each([
    ['bluebird cafe', 'name'],
    ['nora@bluebirdcafe.example', 'e-mail'],
    ['(510) 555 0140', 'phone'],
    ['+1 5105550140', 'phone'],
    ['46000000000010023', 'id'],
  ])('%s finds the cafe by %s for one call', async (term, matched) => {
    const { rows, calls } = await find(term);
    expect(rows[0]).toEqual({
      contact_id: '46000000000010023',
      contact_name: 'Bluebird Cafe',
      contact_type: 'customer',
      email: 'nora@bluebirdcafe.example',
      phone: '510-555-0140',
      currency_code: 'USD',
      status: 'active',
      matched,
    });
    expect(calls).toBe(1);
  });

  test('a company is another name of its contact', async () => {
    expect((await find('AudioTech Inc')).rows).toMatchObject([
      { contact_name: 'AudioTech', company_name: 'AudioTech Inc', matched: 'company' },
    ]);
  });

  test('a part of two names answers with both, the message naming the nearest', async () => {
    const { message, rows } = await find('bluebird');
    expect(rows.map(({ contact_name }) => contact_name)).toEqual(['Bluebird Cafe', 'Bluebird Cafes Ltd']);
    expect(message).toMatch(/^2 contacts match "bluebird"; the nearest is Bluebird Cafe, customer,/);
  });

  test('a misspelt name costs one page more', async () => {
    const { message, rows, calls } = await find('Tekh Solutions');
    expect(rows).toMatchObject([{ contact_name: 'Tech Solutions Inc', matched: 'near spelling' }]);
    expect(message).toContain('(near spelling: "Tekh Solutions")');
    expect(calls).toBe(2);
  });

  test('of one kind only, and who is of the other kind is told in words', async () => {
    expect((await find('cableworks', { type: 'vendor' })).rows).toMatchObject([{ contact_type: 'vendor' }]);
    const { message, rows, calls } = await find('cableworks', { type: 'customer' });
    expect(rows).toEqual([]);
    expect(message).toMatch(/^No customer matches "cableworks"\. Of the other kind: CableWorks, vendor,/);
    expect(calls).toBe(2);
    expect((await find('46000000000010023', { type: 'vendor' })).rows).toEqual([]);
  });

  test('nobody of that name is said in words', async () => {
    expect(await find('Zqzq')).toEqual({ message: 'No contact matches "Zqzq".', rows: [], calls: 2 });
  });

  test('an inactive one is shown on request', async () => {
    const contacts = [{ contact_id: '7', contact_name: 'Old Club', contact_type: 'customer', status: 'inactive' }];
    const ask = (input: object) => findContacts.read(fakeApi({ contacts }), { text: 'old club', ...input }, quiet);
    const hidden = await ask({});
    expect(rowsIn(hidden, 'contacts')).toEqual([]);
    expect(hidden.message).toContain('Inactive, shown with inactive: Old Club');
    expect(rowsIn(await ask({ inactive: true }), 'contacts')).toMatchObject([{ status: 'inactive' }]);
  });
});

describe('finding contacts among thousands', () => {
  const contacts = Array.from({ length: 900 }, (_, index) => ({
    contact_id: String(1_000 + index),
    contact_name: `Cafe ${String(index).padStart(3, '0')}`,
    contact_type: index % 2 === 0 ? 'customer' : 'vendor',
    status: 'active',
    phone: `555-${String(1_000 + index)}`,
  }));

  test('a service that filters by no type and tells no total is not believed', async () => {
    const reply = await findContacts.read(fakeApi({ contacts }), { text: 'cafe', type: 'vendor' }, quiet);
    const rows = rowsIn(reply, 'contacts');
    expect(rows).toHaveLength(20);
    expect(rows.every(({ contact_type }) => contact_type === 'vendor')).toBe(true);
    expect(reply.message).toContain('More than 100 vendors match "cafe"');
    expect(reply.message).toContain('20 are listed of 100 read; a longer term finds fewer.');
  });

  test.each([1, 2, 3])('a limit that is used up at call %i is an error, never an empty answer', async (last) => {
    let calls = 0;
    const instead = () => {
      calls += 1;
      if (calls === last) throw new RateLimited(30);
      return undefined;
    };
    await expect(findContacts.read(fakeApi({ contacts, instead }), { text: 'Zeppelin' }, quiet)).rejects.toThrow(
      RateLimited,
    );
  });
});
