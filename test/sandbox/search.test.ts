import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createItem, deleteItem, setItemStatus, updateItem } from '../../src/sandbox/engine/documents/items.ts';
import type { World } from '../../src/sandbox/route.ts';
import { itemRoutes } from '../../src/sandbox/routes/items.ts';
import { warehouseRoutes } from '../../src/sandbox/routes/warehouses.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids } from './engine/world.ts';

// Letters that occur often, LIKE's own signs, quotes of SQL and of the index, upper case, umlauts, two that lower case
// makes one of, one that it makes two of, and one beyond 16 bits.
const letters = ['a', 'b', 'A', '1', ' ', '-', '%', '_', '\\', '"', "'", '*', 'ä', 'Ä', 'ß', 'K', 'İ', '😀'];
const text = (most: number) => fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: most });
const named = text(20).filter((name) => name.trim() !== '');

function open() {
  const world = createTestWorld();
  const call = caller(world, [...itemRoutes, ...warehouseRoutes]);
  const list = (name: string, query: Record<string, string>, params = {}) => {
    const { items, page_context } = call(name, { query, params });
    return { items: itemIds(items), total: totalOf(page_context) };
  };
  return { world, list };
}

const itemIds = (rows: unknown): unknown[] => (Array.isArray(rows) ? rows.map(({ item_id }) => item_id) : []);
const totalOf = (context: unknown): unknown =>
  typeof context === 'object' && context !== null ? Reflect.get(context, 'total') : undefined;

/** The rule itself: the text anywhere in the search text, whatever its case, each sign meaning itself. */
function byLike(world: World, word: string, condition = '1'): unknown[] {
  const pattern = `%${word
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`;
  return world.db
    .prepare(
      `SELECT item_id FROM item WHERE search_text LIKE ? ESCAPE '\\' AND ${condition} ORDER BY name COLLATE NOCASE, sku, item_id`,
    )
    .all(pattern)
    .map(({ item_id }) => item_id);
}

describe('a search for items', () => {
  test('finds what LIKE finds, page by page, after items were made, renamed and deleted', () => {
    const scene = fc.record({
      names: fc.array(named, { minLength: 180, maxLength: 200, size: 'max' }),
      renamed: fc.array(fc.tuple(fc.nat(), named), { maxLength: 20 }),
      deleted: fc.array(fc.nat(), { maxLength: 10 }),
      words: fc.array(text(4), { minLength: 20, maxLength: 20 }),
    });
    let [found, mostFound] = [0, 0];
    fc.assert(
      fc.property(scene, ({ names, renamed, deleted, words }) => {
        const { world, list } = open();
        const made = names.map((name) => createItem(world, { name, rate: 1 }));
        const at = (n: number) => made[n % made.length] ?? '';
        for (const [n, name] of renamed) updateItem(world, at(n), { name });
        for (const id of new Set(deleted.map(at))) deleteItem(world, id);
        for (const word of words.filter((each) => each.trim() !== '')) {
          const expected = byLike(world, word);
          found += expected.length;
          mostFound = Math.max(mostFound, expected.length);
          expect(list('GET /items', { search_text: word })).toEqual({ items: expected, total: expected.length });
          // For a page this small 86 items are too many to be looked up one by one: the other way of finding them.
          const second = { items: expected.slice(1, 2), total: expected.length };
          expect(list('GET /items', { search_text: word, per_page: '1', page: '2' })).toEqual(second);
        }
        world.db.close();
      }),
      { numRuns: 8, seed: 3 },
    );
    expect(found).toBeGreaterThan(2000);
    expect(mostFound).toBeGreaterThan(85); // so both ways of finding them were gone
  });

  test('together with a status counts and lists the items that have both', () => {
    const { world, list } = open();
    for (let n = 0; n < 140; n += 1) {
      const id = createItem(world, { name: `Bolt ${n}`, rate: 1, reorder_level: n % 3 });
      if (n % 4 === 0) setItemStatus(world, id, 'inactive');
    }
    for (const word of ['bolt', '7', '13', 'nut'])
      for (const [filter_by, condition] of [
        ['Status.Active', "status = 'active'"],
        ['Status.Inactive', "status = 'inactive'"],
        ['Status.Lowstock', "status = 'active' AND reorder_level_micro > 0"],
      ] as const)
        for (const per_page of ['1', '200']) {
          const expected = byLike(world, word, condition);
          const answer = list('GET /items', { search_text: word, filter_by, per_page });
          expect(answer).toEqual({ items: expected.slice(0, Number(per_page)), total: expected.length });
        }
  });

  test('counts right what thousands hold, also after writes that change how many', () => {
    const { world, list } = open();
    const id = (n: number) => `46000000000${900_000 + n}`;
    const many = 'WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1500)';
    world.db.exec(`${many} INSERT INTO item (item_id, kind, name, sku, unit, status, rate_micro, purchase_rate_micro, is_taxable,
        tax_id, reorder_level_micro, vendor_id, product_type, item_type, search_text, created_time, last_modified_time, json)
      SELECT printf('46000000%09d', 900000 + n), 'goods', 'Bolt ' || n, '', '', 'active', 1, 1, 1, '', 0, '', 'goods', 'inventory',
        'bolt ' || n, '', '', '{}' FROM counted`);
    const words = ['bolt', 'bo', 't', 'bolt 1'];
    const statuses = { '': '1', 'Status.Active': "status = 'active'", 'Status.Inactive': "status = 'inactive'" };
    const check = () => {
      for (const word of words)
        for (const [filter_by, condition] of Object.entries(statuses)) {
          const { total } = list('GET /items', { search_text: word, filter_by, per_page: '1' });
          expect({ word, filter_by, total }).toEqual({ word, filter_by, total: byLike(world, word, condition).length });
        }
    };
    check();
    const kept = world.db.prepare('SELECT count(*) AS n FROM search_count').get();
    expect(kept).toEqual({ n: 6 }); // three words that more than a thousand hold, once in all and once among the active
    const made = createItem(world, { name: 'BOLT new', rate: 1 });
    check();
    updateItem(world, made, { name: 'Screw' });
    updateItem(world, id(7), { name: 'Bolt 10 long' });
    check();
    setItemStatus(world, id(8), 'inactive');
    check();
    deleteItem(world, id(9));
    deleteItem(world, id(8));
    check();
    expect(world.db.prepare('SELECT count(*) AS n FROM search_count').get()).toEqual(kept); // nothing was counted anew
  });

  test('does not break on a text with a zero byte', () => {
    const { world, list } = open();
    createItem(world, { name: 'Bolt', rate: 1 });
    expect(list('GET /items', { search_text: 'bo\0lt' })).toEqual({ items: [], total: 0 });
  });
});

describe('a search for items of a warehouse', () => {
  test('finds what stands in name, SKU or codes, or in name and SKU together', () => {
    const words = fc.array(text(4), { minLength: 10, maxLength: 10 });
    const goods = fc.array(fc.tuple(named, text(4)), { minLength: 70, maxLength: 90, size: 'max' });
    let found = 0;
    fc.assert(
      fc.property(goods, words, (rows, searches) => {
        const { world, list } = open();
        const skus = new Set<string>();
        for (const [name, sku] of rows) {
          const own = skus.has(sku.trim().toLowerCase()) ? '' : sku;
          skus.add(sku.trim().toLowerCase());
          const warehouses = [{ warehouse_id: ids.east, initial_stock: 1 }];
          createItem(world, { name, rate: 1, sku: own, warehouses });
        }
        for (const search_text of searches.filter((each) => each.trim() !== '')) {
          const word = search_text.trim().toLowerCase();
          const expected = world.db
            .prepare(
              `SELECT item_id FROM item WHERE instr(search_text, ?) OR instr(lower(name || ' ' || sku), ?)
               ORDER BY name COLLATE NOCASE, sku, item_id`,
            )
            .all(word, word)
            .map(({ item_id }) => item_id);
          found += expected.length;
          const params = { warehouse_id: ids.east };
          const all = list('GET /warehouses/{warehouse_id}/items', { search_text }, params);
          expect(all).toEqual({ items: expected, total: expected.length });
          const first = list('GET /warehouses/{warehouse_id}/items', { search_text, per_page: '1' }, params);
          expect(first).toEqual({ items: expected.slice(0, 1), total: expected.length });
        }
        world.db.close();
      }),
      { numRuns: 12, seed: 5 },
    );
    expect(found).toBeGreaterThan(1000);
  });
});
