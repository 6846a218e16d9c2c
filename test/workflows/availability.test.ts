import { describe, expect, test } from 'vitest';
import { NotFound } from '../../src/errors.ts';
import { promisableMicro, readAvailability, readItem, readItems } from '../../src/workflows/availability.ts';
import { anItem, fakeApi, place } from './fake-api.ts';

const units = (count: number): bigint => BigInt(Math.round(count * 1e6));
const idsOf = (rows: readonly { item_id?: unknown }[]) => rows.map(({ item_id }) => String(item_id));

describe('what can be promised', () => {
  test('physical stock for sale goes before physical stock, and that before the books', () => {
    expect(promisableMicro({ available_stock: 9, actual_available_stock: 8, actual_available_for_sale_stock: 7 })).toBe(
      units(7),
    );
    expect(promisableMicro({ available_stock: 9, actual_available_stock: '8.5' })).toBe(units(8.5));
    expect(promisableMicro({ available_stock: 9 })).toBe(units(9));
  });

  test('nothing is promised on a guess: without any figure there is none', () => {
    expect(promisableMicro({ name: 'Mystery' })).toBe(0n);
    expect(promisableMicro({ available_stock: 'plenty' })).toBe(0n);
  });

  test('services and untracked goods can always be promised', () => {
    expect(promisableMicro({ product_type: 'service' })).toBeUndefined();
    expect(promisableMicro({ track_inventory: false, available_stock: 0 })).toBeUndefined();
    expect(promisableMicro({ item_type: 'sales', available_stock: 0 })).toBeUndefined();
  });

  test('of a kit as many as can be built, although its own stock is not kept', () => {
    expect(promisableMicro({ is_combo_product: true, track_inventory: false, available_stock: 3 })).toBe(units(3));
    expect(promisableMicro({ item_type: 'composite', track_inventory: false })).toBe(0n);
  });
});

describe('reading items', () => {
  test('up to three items cost one call each', async () => {
    const items = [1, 2, 3].map((stock) => anItem({ stock }));
    const api = fakeApi({ items });
    const rows = await readItems(api, idsOf(items));
    expect(rows.size).toBe(3);
    expect(api.names()).toEqual(['get_item', 'get_item', 'get_item']);
  });

  test('more are read by one page of 200', async () => {
    const items = Array.from({ length: 40 }, (_, stock) => anItem({ stock }));
    const api = fakeApi({ items });
    const rows = await readItems(api, idsOf(items.slice(5, 15)));
    expect([...rows.keys()].sort()).toEqual(idsOf(items.slice(5, 15)).sort());
    expect(api.calls).toEqual([{ name: 'list_items', input: { filter_by: 'Status.All', page: 1, per_page: 200 } }]);
  });

  test('pages are walked only while a page may spare a call', async () => {
    const items = Array.from({ length: 1000 }, (_, stock) => anItem({ stock }));
    const api = fakeApi({ items, mostRows: 10 });
    const rows = await readItems(api, idsOf(items.slice(-4)));
    expect(rows.size).toBe(4);
    const names = api.names();
    expect(names.filter((name) => name === 'list_items')).toHaveLength(4);
    expect(names.filter((name) => name === 'get_item')).toHaveLength(4);
  });

  test('a list row without physical figures is not trusted', async () => {
    const items = Array.from({ length: 5 }, (_, stock) => anItem({ stock }));
    const bare = items.map(({ item_id, name, available_stock }) => ({ item_id, name, available_stock }));
    const api = fakeApi({ items, instead: ({ name }) => (name === 'list_items' ? { items: bare } : undefined) });
    const rows = await readItems(api, idsOf(items));
    expect(api.names().filter((name) => name === 'get_item')).toHaveLength(5);
    expect([...rows.values()].map((row) => row.actual_available_stock)).toEqual([0, 1, 2, 3, 4]);
  });

  test('an item that is gone is absent, any other failure is passed on', async () => {
    const api = fakeApi({
      instead: ({ input }) => {
        if (input.item_id === '2') throw new Error('broken');
        return undefined;
      },
    });
    expect((await readItems(api, ['1'])).size).toBe(0);
    expect(await readItem(api, '1')).toBeUndefined();
    await expect(readItems(api, ['2'])).rejects.toThrow('broken');
  });
});

describe('reading availability', () => {
  const split = [place('1', 'Oakland', 5, 2), place('2', 'Newark', 7)];

  test('lines of one item and place are counted together', async () => {
    const item = anItem({ stock: 12, committed: 2, warehouses: split });
    const api = fakeApi({ items: [item] });
    const line = { item_id: String(item.item_id), quantity: units(6) };
    const rows = await readAvailability(api, [line, line, { ...line, warehouse_id: '1' }]);
    expect(rows.map(({ available, short }) => [available, short])).toEqual([
      [units(10), units(2)],
      [units(10), units(2)],
      [units(3), units(3)],
    ]);
    expect(api.names()).toEqual(['get_item']);
  });

  test('one list of a warehouse serves all lines that name it', async () => {
    const items = Array.from({ length: 6 }, () => anItem({ stock: 12, warehouses: split }));
    const api = fakeApi({ items });
    const lines = idsOf(items).map((item_id) => ({ item_id, quantity: units(8), warehouse_id: '2' }));
    const rows = await readAvailability(api, lines);
    expect(rows.every(({ available, short }) => available === units(7) && short === units(1))).toBe(true);
    expect(api.names()).toEqual(['list_items', 'list_warehouse_items']);
  });

  test('a warehouse that does not list an item has none of it', async () => {
    const items = Array.from({ length: 4 }, () => anItem({ stock: 12, warehouses: split }));
    const api = fakeApi({ items });
    const lines = idsOf(items).map((item_id) => ({ item_id, quantity: units(1), warehouse_id: '3' }));
    const rows = await readAvailability(api, lines);
    expect(rows.map(({ available, short }) => [available, short])).toEqual(items.map(() => [0n, units(1)]));
    expect(api.names()).toEqual(['list_items', 'list_warehouse_items']);
  });

  test('an item that does not exist is an error, not a zero', async () => {
    await expect(readAvailability(fakeApi({}), [{ item_id: '404', quantity: units(1) }])).rejects.toThrow(NotFound);
  });
});
