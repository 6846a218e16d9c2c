import { describe, expect, test } from 'vitest';
import { allocate } from '../../src/workflows/allocation.ts';
import type { Row } from '../../src/workflows/rows.ts';
import { buildableTogether, buildsOf, partsOf, readKits, readSupplies } from '../../src/workflows/supply.ts';
import { anItem, fakeApi, place } from './fake-api.ts';

const units = (count: number): bigint => BigInt(Math.round(count * 1e6));
const amplifier = anItem({
  item_id: '1',
  sku: 'AMP',
  stock: 5,
  warehouses: [place('1', 'Oakland', 4), place('2', 'Newark', 1)],
});
const speaker = anItem({
  item_id: '2',
  sku: 'SPK',
  stock: 9,
  warehouses: [place('1', 'Oakland', 7), place('2', 'Newark', 2)],
});
const cable = anItem({ item_id: '3', sku: 'CABLE', track_inventory: false, warehouses: [] });
const kit = anItem({
  item_id: '9',
  sku: 'SET',
  is_combo_product: true,
  track_inventory: false,
  available_stock: 4,
  actual_available_stock: 4,
  warehouses: [],
  mapped_items: [
    { item_id: '1', sku: 'AMP', quantity: 1 },
    { item_id: '2', sku: 'SPK', quantity: '2' },
    { item_id: '3', sku: 'CABLE', quantity: 5 },
  ],
});
const items = [amplifier, speaker, cable, kit];
const rowsOf = (...rows: Row[]) => new Map(rows.map((row) => [String(row.item_id), row]));

describe('kits', () => {
  test('each warehouse builds what its scarcest part allows; untracked parts limit nothing', () => {
    const builds = buildsOf(partsOf(kit), rowsOf(...items));
    expect(builds.map(({ warehouseName, buildable, limit }) => [warehouseName, buildable, limit.name])).toEqual([
      ['Oakland', units(3), 'SPK'],
      ['Newark', units(1), 'AMP'],
    ]);
  });

  test('the split of every part is read, however many there are', async () => {
    const parts = Array.from({ length: 5 }, () => anItem({ stock: 6 }));
    const big = { ...kit, mapped_items: parts.map(({ item_id }) => ({ item_id, quantity: 2 })) };
    const rows = rowsOf(big);
    const recipes = await readKits(fakeApi({ items: [big, ...parts] }), ['9'], rows, { split: true });
    expect(recipes.get('9')).toHaveLength(5);
    expect(buildsOf(partsOf(big), rows)).toMatchObject([{ warehouseName: 'Oakland', buildable: units(3) }]);
  });

  test('all parts in one place may make another number', () => {
    expect(buildableTogether(partsOf(kit), rowsOf(...items))).toBe(units(4));
    expect(buildableTogether([], new Map())).toBe(0n);
  });

  test('a kit and its part on one order share the stock of the part', async () => {
    const api = fakeApi({ items });
    const lines = [
      { itemId: '2', quantity: units(3) },
      { itemId: '9', quantity: units(4) },
    ];
    const { supplies } = await readSupplies(api, lines, rowsOf(speaker, kit));
    const [, sets] = allocate(lines, supplies, { beyond: false });
    // 9 speakers less 3 make 3 sets of 2
    expect(sets).toMatchObject({ before: units(3), promised: units(3), short: units(1) });
  });

  test('a kit from a named warehouse takes the parts that stand there', async () => {
    const lines = [{ itemId: '9', warehouseId: '1', quantity: units(4) }];
    const { supplies } = await readSupplies(fakeApi({ items }), lines, rowsOf(kit));
    expect(allocate(lines, supplies, { beyond: false })[0]).toMatchObject({ promised: units(3), short: units(1) });
  });

  test('where the API says itself what a warehouse builds, that counts', async () => {
    const told = { ...kit, warehouses: [{ warehouse_id: '1', warehouse_actual_available_stock: 2 }] };
    const lines = [{ itemId: '9', warehouseId: '1', quantity: units(4) }];
    const { supplies } = await readSupplies(fakeApi({ items }), lines, rowsOf(told));
    expect(allocate(lines, supplies, { beyond: false })[0]).toMatchObject({ promised: units(2) });
  });
});
