import { describe, expect, test } from 'vitest';
import { InvalidArguments } from '../../../src/errors.ts';
import { lookUpItems, resolveItem } from '../../../src/workflows/resolve.ts';
import { rowsIn } from '../../../src/workflows/rows.ts';
import { demoWorld } from '../demo-world.ts';
import { anItem, fakeApi, place } from '../fake-api.ts';
import { errorOf, fulfilWorld } from '../fulfil-world.ts';

const forWrite = { forWrite: true };
const upc = '123456789012';
const ean = '1234567890128';

describe('a barcode or part number in the demo company', () => {
  test.each([upc, ean, `0${upc}`, 'wbh-model-x'])('%s is the headphones to check_stock, for one call', async (code) => {
    const world = demoWorld();
    const reply = await world.read('check_stock', { items: [{ item: code, quantity: 50 }] });
    expect(rowsIn(reply, 'items')).toMatchObject([{ sku: 'WBH-001', can_be_promised: 50, verdict: 'enough' }]);
    expect(world.callsSent()).toBe(1);
  });

  test('takes an order as the SKU would', async () => {
    const given = (item: string) => ({ customer: 'Marble Hotel', items: [{ item, quantity: 2 }] });
    const bySku = await demoWorld().plan('place_sales_order', given('WBH-001'));
    expect(await demoWorld().plan('place_sales_order', given(ean))).toEqual(bySku);
  });

  test('picks the line to pack, and one that is on no line is refused with the lines', async () => {
    const world = fulfilWorld();
    const given = (item: string) => ({ sales_order: 'SO-00012', lines: [{ item, quantity: 3 }] });
    expect(await world.plan(given(upc))).toEqual(await fulfilWorld().plan(given('WBH-001')));
    await world.call('update_item', { item_id: (await world.itemBy('MUG')).item_id, upc: '036000291452' });
    const error = await errorOf(world.plan(given('036000291452')));
    expect(error).toBeInstanceOf(InvalidArguments);
    expect(error).toMatchObject({ facts: { candidates: [{ sku: 'WBH-001' }] } });
  });
});

describe('codes of items', () => {
  test('two active items of one barcode are ambiguous, an inactive one does not count', async () => {
    const twins = [anItem({ upc }), anItem({ ean: `0${upc}` })];
    const items = [...twins, anItem({ upc, status: 'inactive' })];
    const error = await errorOf(resolveItem(fakeApi({ items }), upc, forWrite));
    expect(error).toMatchObject({ nothingSent: true });
    expect(error).toMatchObject({ facts: { candidates: twins.map(({ item_id }) => ({ item_id })) } });
    const others = items.filter((item) => item !== twins[1]);
    const found = await resolveItem(fakeApi({ items: others }), upc, forWrite);
    expect(found).toMatchObject({ item_id: twins[0]?.item_id });
  });

  test('an inactive item alone is not ordered by its barcode', async () => {
    const items = [anItem({ upc, status: 'inactive' })];
    expect(String(await errorOf(resolveItem(fakeApi({ items }), upc, forWrite)))).toContain('is inactive');
  });

  test('a SKU or name goes before the part number of another item', async () => {
    const items = [anItem({ part_number: 'WBH' }), anItem({ sku: 'WBH' }), anItem({ name: 'Lamp', isbn: upc })];
    expect(await resolveItem(fakeApi({ items }), 'wbh', forWrite)).toMatchObject({ sku: 'WBH' });
  });

  test('a book is found with and without the hyphens of its number', async () => {
    const items = [anItem({ sku: 'BOOK', isbn: '978-3-16-148410-0' }), anItem({})];
    expect(await resolveItem(fakeApi({ items }), '9783161484100', forWrite)).toMatchObject({ sku: 'BOOK' });
  });

  test('a part of a barcode is no name, and ordinary digits keep their zeros', async () => {
    const items = [anItem({ upc, sku: '0042' }), anItem({ part_number: '0042' })];
    expect(await errorOf(resolveItem(fakeApi({ items }), upc.slice(0, 11), forWrite))).toBeInstanceOf(InvalidArguments);
    expect(await errorOf(resolveItem(fakeApi({ items }), '42', forWrite))).toBeInstanceOf(InvalidArguments);
  });

  test('of many scans each is settled by the one page of the catalog', async () => {
    const items = ['036000291452', '012345678905', upc].map((code) =>
      anItem({ upc: code, warehouses: [place('1', 'A', 1)] }),
    );
    const api = fakeApi({ items });
    const { found, problems } = await lookUpItems(api, ['036000291452', '12345678905', ean, upc], forWrite);
    expect([...found.values()].map(({ upc: code }) => code)).toEqual(['036000291452', '012345678905', upc]);
    expect(problems).toMatchObject([{ asked: ean, reason: 'not found' }]);
    expect(api.names()).toEqual(['list_items']);
  });
});
