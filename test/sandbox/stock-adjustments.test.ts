import { describe, expect, test } from 'vitest';
import { levelAt, stockValue } from '../../src/sandbox/engine/ledger.ts';
import { routes } from '../../src/sandbox/routes/index.ts';
import { caller } from './engine/caller.ts';
import { createTestWorld, ids, refusal, stocked } from './engine/world.ts';

type Json = Record<string, unknown>;

function open() {
  const world = createTestWorld();
  const call = caller(world, routes);
  const item = stocked(world, { [ids.main]: 60, [ids.east]: 10 }, { name: 'Headphones', sku: 'WBH-001' });
  const other = stocked(world, { [ids.main]: 2 }, { name: 'Desk Mat', sku: 'DMAT' });
  /** The reference's example request, with the ids of the test company. */
  const example = {
    date: '2025-01-15',
    adjustment_number: 'ADJ-00001',
    reference_number: 'INV-COUNT-Q1-2025',
    reason: 'Physical inventory count',
    description: 'Quarterly inventory count adjustment',
    adjustment_type: 'quantity',
    line_items: [
      {
        item_id: item,
        warehouse_id: ids.main,
        quantity_adjusted: -5,
        adjust_quantity_by: 'decrease',
        description: 'Found 5 damaged units during count',
      },
      {
        item_id: other,
        warehouse_id: ids.main,
        quantity_adjusted: 10,
        adjust_quantity_by: 'increase',
        description: 'Missing units found in secondary storage',
      },
    ],
  };
  const create = (body: object) =>
    call('POST /inventoryadjustments', { body: { ...body } }).inventory_adjustment as Json; // parse boundary: a record
  const act = (method: string, inventory_adjustment_id: unknown, body: Json = {}): Json =>
    call(`${method} /inventoryadjustments/{inventory_adjustment_id}`, {
      params: { inventory_adjustment_id: String(inventory_adjustment_id) },
      body,
    });
  const one = (line: object, body: object = {}) => create({ ...body, line_items: [{ item_id: item, ...line }] });
  const onHand = (place: string = ids.main, id = item) => levelAt(world.db, id, place) / 1e6;
  return { world, call, item, other, example, create, act, one, onHand };
}

describe('POST /inventoryadjustments', () => {
  test("answers the reference's example with every key that was given, and what came of it", () => {
    const { call, example, onHand, other } = open();
    expect(call('POST /inventoryadjustments', { body: example })).toMatchObject({
      message: 'Inventory Adjustment has been created.',
      status: 201,
      inventory_adjustment: {
        ...example,
        status: 'adjusted',
        total: 20,
        line_items: [
          {
            ...example.line_items[0],
            name: 'Headphones',
            warehouse_name: 'Main',
            quantity_change: -5,
            value_change: -20,
          },
          { ...example.line_items[1], sku: 'DMAT', quantity_change: 10, value_change: 40 },
        ],
      },
    });
    expect([onHand(), onHand(ids.main, other)]).toEqual([55, 12]);
  });

  test.each([
    [{ quantity_adjusted: 5, adjust_quantity_by: 'decrease' }, 55],
    [{ quantity_adjusted: -5, adjust_quantity_by: 'decrease' }, 55],
    [{ quantity_adjusted: 5, adjust_quantity_by: 'increase' }, 65],
    [{ quantity_adjusted: 100, adjust_quantity_by: 'set_to' }, 100],
    [{ quantity_adjusted: 0, adjust_quantity_by: 'set_to' }, 0],
    [{ quantity_adjusted: 60, adjust_quantity_by: 'set_to' }, 60],
    [{ quantity_adjusted: -5 }, 55],
    [{ quantity_adjusted: 5 }, 65],
    [{ quantity_adjusted: 0.25 }, 60.25],
  ])('with %j leaves %d on hand', (line, after) => {
    const { one, onHand } = open();
    expect(one(line).line_items).toMatchObject([{ quantity_change: after - 60 }]);
    expect(onHand()).toBe(after);
  });

  test.each([
    ['Quantity Adjustment', 'quantity'],
    ['Damage', 'damage'],
    ['Loss', 'loss'],
    ['Theft', 'theft'],
    ['Write-off', 'write_off'],
    ['Stock Count', 'stock_count'],
    ['Returns', 'returns'],
  ])('takes %s for a reason and keeps it as %s', (written, kept) => {
    const { one, onHand } = open();
    expect(one({ quantity_adjusted: -1 }, { adjustment_type: written }).adjustment_type).toBe(kept);
    expect(onHand()).toBe(59);
  });

  test('of value changes what the stock is worth and not how much there is', () => {
    const { one, onHand, world, item } = open();
    expect(one({ value_adjusted: -12.5 }, { adjustment_type: 'Value Adjustment' })).toMatchObject({
      adjustment_type: 'value',
      total: -12.5,
      line_items: [{ quantity_change: 0, value_change: -12.5 }],
    });
    expect(onHand()).toBe(60);
    expect(stockValue(world.db, item, ids.main).valueMinor).toBe(227_50);
  });

  test('without a warehouse is about the primary one', () => {
    const { one, onHand } = open();
    expect(one({ quantity_adjusted: -1 }).line_items).toMatchObject([{ warehouse_name: 'Main' }]);
    expect([onHand(), onHand(ids.east)]).toEqual([59, 10]);
  });

  test.each<[string, object, object, string]>([
    ['an increase by less than nothing', { quantity_adjusted: -5, adjust_quantity_by: 'increase' }, {}, 'is ambiguous'],
    ['a count below zero', { quantity_adjusted: -1, adjust_quantity_by: 'set_to' }, {}, 'cannot be set to less than 0'],
    ['a change by nothing', { quantity_adjusted: 0 }, {}, 'changes nothing'],
    ['another direction', { quantity_adjusted: 1, adjust_quantity_by: 'add' }, {}, 'increase, decrease or set_to'],
    ['more than there is', { quantity_adjusted: -61 }, {}, '1003: Headphones: 61 to take off, 60 on hand in Main.'],
    ['no quantity', {}, {}, '1001: The quantity_adjusted field is required.'],
    ['no value', { quantity_adjusted: 1 }, { adjustment_type: 'value' }, 'The value_adjusted field is required.'],
    ['another type', { quantity_adjusted: 1 }, { adjustment_type: 'breakage' }, 'adjustment_type is one of quantity'],
    [
      "a type of a line that is not the adjustment's",
      { quantity_adjusted: -1, adjustment_type: 'damage' },
      { adjustment_type: 'quantity' },
      '1002: adjustment_type belongs to the whole adjustment, which is of quantity; a line has none of its own.',
    ],
    ['a day ahead', { quantity_adjusted: 1 }, { date: '2025-03-16' }, 'is in the future'],
    ['an inactive warehouse', { quantity_adjusted: 1, warehouse_id: ids.closed }, {}, 'Closed is inactive'],
    ['an unknown item', { item_id: '404', quantity_adjusted: 1 }, {}, '1004: There is no item 404.'],
  ])('refuses %s', (_, line, body, words) => {
    const { one, onHand } = open();
    expect(refusal(() => one(line, body))).toContain(words);
    expect(onHand()).toBe(60);
  });

  test('refuses a second count of one item in one warehouse, and a count beside a change', () => {
    const { create, item, onHand } = open();
    const set = { item_id: item, quantity_adjusted: 7, adjust_quantity_by: 'set_to' };
    const change = { item_id: item, warehouse_id: ids.main, quantity_adjusted: 1 };
    const words = /^1002: Headphones is set twice in one warehouse/;
    for (const line_items of [
      [set, { ...set, warehouse_id: ids.main }],
      [set, change],
      [change, set],
    ])
      expect(refusal(() => create({ line_items }))).toMatch(words);
    expect(onHand()).toBe(60);
    create({ line_items: [set, { ...set, warehouse_id: ids.east }] });
    expect([onHand(), onHand(ids.east)]).toEqual([7, 7]);
  });

  test('refuses kits and services, which have no stock', () => {
    const { create, item, world, call } = open();
    const kit = call('POST /compositeitems', {
      body: { name: 'Set', rate: 1, mapped_items: [{ item_id: item, quantity: 1 }] },
    }).composite_item as Json; // parse boundary: a record
    const service = stocked(world, {}, { name: 'Setup', product_type: 'service', track_inventory: false });
    for (const item_id of [kit.item_id, service])
      expect(refusal(() => create({ line_items: [{ item_id, quantity_adjusted: 1 }] }))).toMatch(
        /has no stock that could be adjusted/,
      );
  });

  test('posts all lines or none', () => {
    const { example, create, onHand, other } = open();
    const [first, second] = example.line_items;
    const line_items = [first, { ...second, quantity_adjusted: 3, adjust_quantity_by: 'decrease' }];
    expect(refusal(() => create({ ...example, line_items }))).toMatch(/^1003: Desk Mat: 3 to take off, 2 on hand/);
    expect([onHand(), onHand(ids.main, other)]).toEqual([60, 2]);
  });
});

describe('PUT /inventoryadjustments', () => {
  test('undoes the old lines and posts the new ones', () => {
    const { one, act, item, onHand } = open();
    const { inventory_adjustment_id } = one({ quantity_adjusted: -5 });
    const line_items = [{ item_id: item, warehouse_id: ids.east, quantity_adjusted: -2 }];
    expect(act('PUT', inventory_adjustment_id, { line_items })).toMatchObject({
      message: 'Inventory Adjustment has been updated.',
      inventory_adjustment: { total: -8, line_items: [{ warehouse_name: 'East', quantity_change: -2 }] },
    });
    expect([onHand(), onHand(ids.east)]).toEqual([60, 8]);
  });

  test('of words alone leaves the stock alone', () => {
    const { one, act, world } = open();
    const { inventory_adjustment_id } = one({ quantity_adjusted: -5 });
    const moves = () => world.db.prepare('SELECT count(*) AS n FROM stock_move').get();
    const before = moves();
    act('PUT', inventory_adjustment_id, { reason: 'Found in the yard', description: 'x' });
    expect(act('GET', inventory_adjustment_id)).toMatchObject({
      inventory_adjustment: { reason: 'Found in the yard', description: 'x', adjustment_number: 'ADJ-00001' },
    });
    expect(moves()).toEqual(before);
  });

  test('sent back as it was read changes nothing, whatever the direction of its lines', () => {
    const { act, create, item, other, onHand } = open();
    const made = create({
      line_items: [
        { item_id: item, quantity_adjusted: 9, adjust_quantity_by: 'set_to' },
        { item_id: other, quantity_adjusted: 1, adjust_quantity_by: 'decrease' },
        { item_id: item, warehouse_id: ids.east, quantity_adjusted: 4 },
      ],
    });
    act('PUT', made.inventory_adjustment_id, made);
    expect([onHand(), onHand(ids.main, other), onHand(ids.east)]).toEqual([9, 1, 14]);
    expect(act('GET', made.inventory_adjustment_id)).toMatchObject({ inventory_adjustment: { total: made.total } });
  });

  test('changes date or type only together with the lines', () => {
    const { one, act, onHand } = open();
    const { inventory_adjustment_id } = one({ quantity_adjusted: -5 });
    for (const change of [{ date: '2025-02-01' }, { adjustment_type: 'theft' }])
      expect(refusal(() => act('PUT', inventory_adjustment_id, change))).toMatch(/give the line_items as well/);
    expect(onHand()).toBe(55);
  });

  test('is refused whole when the new lines cannot be', () => {
    const { one, act, item, onHand } = open();
    const { inventory_adjustment_id } = one({ quantity_adjusted: -5 });
    const line_items = [{ item_id: item, quantity_adjusted: -61 }];
    expect(refusal(() => act('PUT', inventory_adjustment_id, { line_items }))).toMatch(/61 to take off, 60 on hand/);
    expect(onHand()).toBe(55);
  });
});

describe('DELETE /inventoryadjustments', () => {
  test('takes the change back, once', () => {
    const { one, act, onHand, world, item } = open();
    const { inventory_adjustment_id } = one({ quantity_adjusted: -5 });
    expect(act('DELETE', inventory_adjustment_id)).toMatchObject({ message: 'Inventory Adjustment has been deleted.' });
    expect(onHand()).toBe(60);
    expect(stockValue(world.db, item, ids.main).valueMinor).toBe(240_00);
    expect(refusal(() => act('DELETE', inventory_adjustment_id))).toBe(
      `41: There is no adjustment ${inventory_adjustment_id}.`,
    );
    expect(onHand()).toBe(60);
  });

  test('is refused once the goods it brought have moved on', () => {
    const { one, act, call, item, onHand } = open();
    const { inventory_adjustment_id } = one({ quantity_adjusted: 5, warehouse_id: ids.east });
    one({ quantity_adjusted: 0, adjust_quantity_by: 'set_to', warehouse_id: ids.east });
    expect(refusal(() => act('DELETE', inventory_adjustment_id))).toBe(
      '1002: Goods that ADJ-00001 brought in have moved or changed value since.',
    );
    const line_items = [{ item_id: item, quantity_adjusted: 1 }];
    expect(refusal(() => act('PUT', inventory_adjustment_id, { line_items }))).toMatch(/have moved/);
    expect(onHand(ids.east)).toBe(0);
    expect(call('GET /inventoryadjustments').inventory_adjustments).toHaveLength(2);
  });

  test('does not free its number', () => {
    const { one, act } = open();
    act('DELETE', one({ quantity_adjusted: 1 }).inventory_adjustment_id);
    expect(one({ quantity_adjusted: 1 }).adjustment_number).toBe('ADJ-00002');
    expect(refusal(() => one({ quantity_adjusted: 1 }, { adjustment_number: 'ADJ-00001' }))).toMatch(/^36: /);
  });
});

describe('GET /inventoryadjustments', () => {
  test.each([
    [{}, 'CBA'],
    [{ search_text: 'count' }, 'A'],
    [{ search_text: 'inv-q1' }, 'B'],
    [{ adjustment_type: 'damage' }, 'B'],
    [{ warehouse_id: ids.east }, 'B'],
    [{ item_id: '404' }, ''],
    [{ date_start: '2025-02-01' }, 'CB'],
    [{ date_end: '2025-01-31' }, 'A'],
    [{ reference_number: 'INV-Q1' }, 'B'],
    [{ adjustment_number: 'C' }, 'C'],
    [{ sort_column: 'date' }, 'ABC'],
    [{ per_page: '1', page: '2' }, 'B'],
  ])('with %j finds %s', (query, expected) => {
    const { call, one } = open();
    const line = { quantity_adjusted: 1 };
    one(line, { adjustment_number: 'A', date: '2025-01-10', reason: 'Stock Count' });
    one(
      { ...line, warehouse_id: ids.east },
      { adjustment_number: 'B', date: '2025-02-10', adjustment_type: 'Damage', reference_number: 'INV-Q1' },
    );
    one(line, { adjustment_number: 'C', date: '2025-03-10' });
    const { inventory_adjustments: rows } = call('GET /inventoryadjustments', { query });
    expect(Array.isArray(rows) ? rows.map((row) => row.adjustment_number).join('') : '').toBe(expected);
  });
});
