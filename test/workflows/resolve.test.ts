import { describe, expect, test } from 'vitest';
import { InvalidArguments } from '../../src/errors.ts';
import {
  lookUpItems,
  resolveContact,
  resolveItem,
  resolveItems,
  resolveWarehouse,
} from '../../src/workflows/resolve.ts';
import { anItem, type FakeApi, fakeApi } from './fake-api.ts';

const forWrite = { forWrite: true };
const cable = anItem({ name: 'USB-C Cable 1 m', sku: 'UCC-1M' });
const longer = anItem({ name: 'USB-C Cable 2 m', sku: 'UCC-2M' });
const mug = anItem({ name: 'Logo Mug', sku: 'MUG' });
const retired = anItem({ name: 'Card Holder', sku: 'CARD-H', status: 'inactive' });
const items = [cable, longer, mug, retired];

async function refused(work: Promise<unknown>): Promise<InvalidArguments> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof InvalidArguments)) throw new Error(`expected InvalidArguments, got ${String(error)}`);
  expect(error.nothingSent).toBe(true);
  return error;
}

const wrote = (api: FakeApi) => api.names().filter((name) => !/^(get|list)_/.test(name));

describe('finding one item', () => {
  test('by SKU or exact name, case and white space aside', async () => {
    for (const term of ['ucc-1m', ' USB-C  cable 1 M ', String(cable.item_id)])
      expect(await resolveItem(fakeApi({ items }), term, forWrite)).toMatchObject({ item_id: cable.item_id });
  });

  test('a part of a name is not enough: candidates are named and nothing is written', async () => {
    const api = fakeApi({ items });
    const error = await refused(resolveItem(api, 'USB-C Cable', forWrite));
    expect(error.facts.candidates).toEqual([
      { item_id: cable.item_id, name: 'USB-C Cable 1 m', sku: 'UCC-1M' },
      { item_id: longer.item_id, name: 'USB-C Cable 2 m', sku: 'UCC-2M' },
    ]);
    expect(error.message).toContain('UCC-1M USB-C Cable 1 m');
    expect(wrote(api)).toEqual([]);
  });

  test('two active items of one name are ambiguous', async () => {
    const twins = [1, 2].map(() => anItem({ name: 'Desk Mat' }));
    const error = await refused(resolveItem(fakeApi({ items: twins }), 'desk mat', forWrite));
    expect(error.message).toContain('Several items are called "desk mat"');
    expect(error.facts.candidates).toHaveLength(2);
  });

  test('of two items of one name the only active one is meant', async () => {
    const twins = [anItem({ name: 'Desk Mat', status: 'inactive' }), anItem({ name: 'Desk Mat' })];
    expect((await resolveItem(fakeApi({ items: twins }), 'Desk Mat', forWrite)).status).toBe('active');
  });

  test('an inactive item can be looked at, not ordered', async () => {
    const api = fakeApi({ items });
    expect(await resolveItem(api, 'CARD-H', { forWrite: false })).toMatchObject({ item_id: retired.item_id });
    const error = await refused(resolveItem(api, 'CARD-H', forWrite));
    expect(error.message).toContain('is inactive');
    expect(error.facts.candidates).toMatchObject([{ sku: 'CARD-H', status: 'inactive' }]);
  });

  test('digits may be an id or a SKU, and both is ambiguous', async () => {
    const numbered = anItem({ sku: '4711' });
    expect(await resolveItem(fakeApi({ items: [numbered] }), '4711', forWrite)).toMatchObject({ sku: '4711' });
    const other = anItem({ sku: String(numbered.item_id) });
    const error = await refused(resolveItem(fakeApi({ items: [numbered, other] }), String(numbered.item_id), forWrite));
    expect(error.facts.candidates).toHaveLength(2);
  });

  test('a name that the search does not find at all still gets the nearest', async () => {
    const error = await refused(resolveItem(fakeApi({ items }), 'Mugs with logo', forWrite));
    expect(error.facts.candidates).toMatchObject([{ sku: 'MUG' }]);
  });

  test('no more than five candidates are named, without what outsiders hid in their names', async () => {
    const many = Array.from({ length: 9 }, (_, index) => anItem({ name: `Lamp\u202E ${index}\u0007` }));
    const error = await refused(resolveItem(fakeApi({ items: many }), 'Lamp', forWrite));
    expect(error.facts.candidates).toHaveLength(5);
    for (const hidden of ['\u202E', '\u0007']) expect(error.message).not.toContain(hidden);
  });
});

describe('finding many items', () => {
  test('up to two cost a search each', async () => {
    const api = fakeApi({ items });
    await resolveItems(api, ['MUG', 'UCC-1M'], forWrite);
    expect(api.calls.map(({ input }) => input.search_text)).toEqual(['MUG', 'UCC-1M']);
  });

  test('more cost one page of the catalog, the same name asked twice counts once', async () => {
    const api = fakeApi({ items });
    const rows = await resolveItems(api, ['MUG', 'UCC-1M', 'usb-c cable 2 m', 'MUG'], forWrite);
    expect(rows.map(({ sku }) => sku)).toEqual(['MUG', 'UCC-1M', 'UCC-2M', 'MUG']);
    expect(api.names()).toEqual(['list_items']);
  });

  test('in a catalog of more pages, what the first cannot settle is searched', async () => {
    const filler = Array.from({ length: 900 }, () => anItem({}));
    const api = fakeApi({ items: [mug, ...filler, cable, anItem({ name: 'Logo Mug' })], counts: true });
    const lookup = await lookUpItems(api, ['MUG', 'UCC-1M', 'Logo Mug'], forWrite);
    expect([...lookup.found.keys()]).toEqual(['MUG', 'UCC-1M']);
    expect(lookup.problems).toMatchObject([{ asked: 'Logo Mug', reason: 'ambiguous' }]);
    expect(api.calls.map(({ input }) => input.search_text)).toEqual([undefined, 'UCC-1M', 'Logo Mug']);
    expect(lookup.onePage).toBe(false);
  });

  test('in a catalog of fewer pages than there are open terms, no term is searched', async () => {
    const filler = Array.from({ length: 900 }, () => anItem({}));
    const api = fakeApi({ items: filler, counts: true });
    const terms = filler.filter((_, index) => index % 36 === 0).map(({ sku }) => String(sku));
    const lookup = await lookUpItems(api, terms, forWrite);
    expect([...lookup.found.keys()]).toEqual(terms);
    expect(api.calls.map(({ input }) => input.search_text ?? input.page)).toEqual([1, 2, 3, 4, 5]);
    expect(lookup.onePage).toBe(false);
  });

  test('all that is unclear is told at once', async () => {
    const error = await refused(resolveItems(fakeApi({ items }), ['MUG', 'Cable', 'Gizmo', 'CARD-H'], forWrite));
    expect(error.message).toMatch(/"Cable"[\s\S]*"Gizmo"[\s\S]*CARD-H/);
    expect(error.facts.problems).toMatchObject([
      { asked: 'Cable', reason: 'not found' },
      { asked: 'Gizmo', reason: 'not found', candidates: [] },
      { asked: 'CARD-H', reason: 'inactive' },
    ]);
  });
});

describe('finding a contact', () => {
  const contact = (contact_id: string, contact_name: string, more = {}) => ({
    contact_id,
    contact_name,
    contact_type: 'customer',
    status: 'active',
    ...more,
  });
  const contacts = [
    contact('1', 'Bluebird Cafe'),
    contact('2', 'Bluebird Cafes Ltd'),
    contact('3', 'CableWorks', { contact_type: 'vendor', company_name: 'CableWorks LLC' }),
    contact('4', 'Old Club', { status: 'inactive' }),
    contact('5', 'Twin Ltd', { contact_type: 'both' }),
    contact('6', 'Marta', { company_name: 'Twin Ltd' }),
  ];
  const find = (term: string, role: 'customer' | 'vendor' = 'customer') =>
    resolveContact(fakeApi({ contacts }), term, role, forWrite);

  test('an exact name is meant although a longer one begins with it', async () => {
    expect(await find('bluebird  cafe')).toMatchObject({ contact_id: '1' });
    expect(await find('2')).toMatchObject({ contact_name: 'Bluebird Cafes Ltd' });
  });

  test('a part of several names answers with the candidates', async () => {
    const error = await refused(find('Bluebird'));
    expect(error.facts.candidates).toMatchObject([{ contact_id: '1' }, { contact_id: '2' }]);
  });

  test('a vendor is no customer, who is both is either', async () => {
    expect((await refused(find('CableWorks'))).message).toContain('"CableWorks" is a vendor, not a customer.');
    expect((await refused(find('3'))).message).toContain('"CableWorks" is a vendor, not a customer.');
    expect(await find('CableWorks', 'vendor')).toMatchObject({ contact_id: '3' });
    expect(await find('Twin Ltd', 'vendor')).toMatchObject({ contact_id: '5' });
  });

  test('a company name counts where no contact bears it', async () => {
    expect(await find('CableWorks LLC', 'vendor')).toMatchObject({ contact_id: '3' });
    expect(await find('Twin Ltd')).toMatchObject({ contact_id: '5' });
  });

  test('an inactive customer is refused with that reason', async () => {
    expect((await refused(find('Old Club'))).message).toContain('inactive');
  });
});

describe('finding a warehouse', () => {
  const warehouses = [
    { warehouse_id: '1', warehouse_name: 'Oakland', status: 'active' },
    { warehouse_id: '2', warehouse_name: 'Newark', status: 'inactive' },
  ];
  const find = (term: string) => resolveWarehouse(fakeApi({ warehouses }), term, forWrite);

  test('by id or exact name; the beginning of a name is not enough', async () => {
    expect(await find('OAKLAND')).toMatchObject({ warehouse_id: '1' });
    expect(await find('1')).toMatchObject({ warehouse_name: 'Oakland' });
    expect((await refused(find('Oak'))).facts.candidates).toMatchObject([{ warehouse_name: 'Oakland' }]);
  });

  test('an inactive one takes no orders, and an unknown one names those there are', async () => {
    expect((await refused(find('Newark'))).message).toContain('inactive');
    expect((await refused(find('Paris'))).facts.candidates).toHaveLength(2);
  });
});
