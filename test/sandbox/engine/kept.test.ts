import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createItem, updateItem } from '../../../src/sandbox/engine/documents/items.ts';
import { prepareTables } from '../../../src/sandbox/engine/schema.ts';
import { ApiError } from '../../../src/sandbox/route.ts';
import { contactRoutes } from '../../../src/sandbox/routes/contacts.ts';
import { itemRoutes } from '../../../src/sandbox/routes/items.ts';
import type { Database } from '../../../src/sqlite.ts';
import { acts, createScene, type Scene } from './acts.ts';
import { caller } from './caller.ts';
import { broken } from './invariants.ts';
import { createTestWorld, stocked } from './world.ts';

const free = fc.nat({ max: 9999 });
const draw = fc.record({ act: fc.nat({ max: acts.length - 1 }), a: free, b: free, c: free });

function perform(scene: Scene, count: number, seed: number): void {
  for (const one of fc.sample(draw, { numRuns: count, seed }))
    try {
      acts[one.act]?.(scene, one);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
}

const names = (db: Database, sql: string) =>
  db
    .prepare(sql)
    .all()
    .map(({ name }) => String(name));

/** Takes away all that is kept beside the ledger and the documents, as a file of before has it. */
function forget(db: Database): void {
  for (const name of names(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name <> 'stock_move'"))
    if (!/_no_(update|delete)$|^layer_entry_layer_sum$/.test(name)) db.exec(`DROP TRIGGER ${name}`);
  for (const table of [
    'stock_at',
    'place_tally',
    'item_tally',
    'item_words',
    'item_letters',
    'search_count',
    'directory_words',
  ])
    db.exec(`DROP TABLE ${table}`);
  for (const index of ['item_low', 'item_short', 'item_worth', 'item_moving']) db.exec(`DROP INDEX ${index}`);
  const columns = names(db, "SELECT name FROM pragma_table_xinfo('item') ORDER BY cid DESC");
  for (const column of columns.slice(0, columns.indexOf('json'))) db.exec(`ALTER TABLE item DROP COLUMN ${column}`);
}

const items = (db: Database) => db.prepare('SELECT * FROM item ORDER BY item_id').all();

describe('what is kept beside the ledger', () => {
  // Each writes where a trigger would have written otherwise.
  test.each([
    [
      'what is kept of an item at a place is what levels, claims and layers say',
      'UPDATE stock_at SET packed_micro = 1',
    ],
    ['what is kept of an item is what it has at its places', 'UPDATE item SET committed_micro = committed_micro + 1'],
    ['a place shows its items by their own names', "UPDATE stock_at SET name = 'Other'"],
    ['the rows of a place are counted right', 'UPDATE place_tally SET shown = shown + 1'],
    ['the items of each sort are counted right', 'UPDATE item_tally SET items = items + 1'],
  ])('is seen to be wrong: %s', (rule, tampering) => {
    const { db } = createScene(createTestWorld()).world;
    expect(broken(db)).toEqual([]);
    db.exec(tampering);
    expect(broken(db)).toContain(rule);
  });

  test('follows the name and the sort of an item that has stock', () => {
    const world = createTestWorld();
    const item = stocked(world, { 31: 5 }, { name: 'Bolt', sku: 'B' });
    updateItem(world, item, { name: 'Nut', sku: 'N', reorder_level: 9 });
    expect(world.db.prepare('SELECT name, sku FROM stock_at').all()).toEqual([{ name: 'Nut', sku: 'N' }]);
    expect(broken(world.db)).toEqual([]);
  });

  test('is made up for a file that was written before, and kept from then on', () => {
    const scene = createScene(createTestWorld());
    const { db } = scene.world;
    perform(scene, 1_500, 42);
    createItem(scene.world, { name: 'Grüner Bolzen', rate: 1 });
    const before = items(db);
    const sums = ['on_hand_micro', 'committed_micro', 'ordered_micro', 'worth_minor', 'transit_micro'];
    for (const sum of sums) expect(before.some((item) => Number(item[sum]) > 0)).toBe(true);
    forget(db);
    expect(Object.keys(items(db)[0] ?? {})).not.toContain('on_hand_micro');
    prepareTables(db);
    expect(items(db)).toEqual(before);
    expect(broken(db)).toEqual([]);
    const call = caller(scene.world, [...itemRoutes, ...contactRoutes]);
    for (const search_text of ['GRÜN', 'ü', 'ze'])
      expect(call('GET /items', { query: { search_text } }).items).toMatchObject([{ name: 'Grüner Bolzen' }]);
    const found = call('GET /contacts', { query: { search_text: 'tech solutions' } });
    expect(found.contacts).toMatchObject([{ contact_name: 'Tech Solutions' }]);
    perform(scene, 500, 43);
    expect(broken(db)).toEqual([]);
  });

  test('is left alone when a file is opened again', () => {
    const scene = createScene(createTestWorld());
    perform(scene, 200, 7);
    const changes = () => scene.world.db.prepare('SELECT total_changes() AS changes').get();
    const before = changes();
    prepareTables(scene.world.db);
    expect(changes()).toEqual(before);
  });
});
