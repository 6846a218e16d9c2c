import { describe, expect, test } from 'vitest';
import { type InvalidArguments, OutcomeUnknown, PartlyDone, Rejected } from '../../../src/errors.ts';
import type { Input } from '../../../src/operations/define.ts';
import { type Row, rowIn, rowsIn, textIn } from '../../../src/workflows/rows.ts';
import { errorOf } from '../fulfil-world.ts';
import { interrupt } from '../interrupt.ts';
import { describeReplay } from '../replayed.ts';
import { manyLevels, type StockWorld, stockWorld } from '../stock-world.ts';

const name = 'set_stock_levels';

const adjustments = async (world: StockWorld) =>
  rowsIn(await world.call('list_stock_adjustments', {}), 'inventory_adjustments');
const adjustment = async (world: StockWorld, reply: Row, index = 0) => {
  const id = rowsIn(reply, 'adjustments')[index]?.inventory_adjustment_id;
  return rowIn(await world.call('get_stock_adjustment', { inventory_adjustment_id: id }), 'inventory_adjustment');
};

/** Each place of the report as a row counted at what the book says, and `off` more. */
async function countOfAll(world: StockWorld, off = 0) {
  const listed = rowsIn(await world.call('get_stock_on_hand', { per_page: 200 }), 'items');
  return listed.map((row) => ({
    item: textIn(row, 'item_id'),
    warehouse: textIn(row, 'warehouse_id'),
    quantity: Number(row.on_hand) + off,
  }));
}

const count = [
  { item: 'DMAT', quantity: 7 },
  { item: 'Logo Mug', quantity: 50 },
  { item: 'UCC-1M', quantity: 150, warehouse: 'Oakland' },
  { item: 'SHELF-SPK', quantity: 4, warehouse: 'newark' },
];

describe('a count', () => {
  test('sets what was counted, and shows book, counted, difference and value first', async () => {
    const world = stockWorld();
    const { plan, reply } = await world.done(name, { rows: count });
    expect(plan).toMatchObject({
      summary: 'Set counted stock: 3 levels in Oakland and Newark: +3 pcs, -56 pcs, -488.50 USD',
      documents: 1,
      amountMinor: 54_550,
      facts: { rows: 4, changed: 3, same: 1, to_recount: 2, plus_value: 28.5, minus_value: -517, value: -488.5 },
    });
    expect(plan.preview).toEqual([
      '- SHELF-SPK Shelf Speaker in Newark: book 10, counted 4, -6 pcs, -312.00 USD, recount',
      '- UCC-1M USB-C Cable 1 m in Oakland: book 200, counted 150, -50 pcs, -205.00 USD, recount',
      '- DMAT Desk Mat in Oakland: book 4, counted 7, +3 pcs, +28.50 USD',
      'Plus 3 pcs in 1 level, +28.50 USD. Minus 56 pcs in 2 levels, -517.00 USD.',
      'Net -488.50 USD at purchase rates; the books take what the stock cost.',
      'Unchanged and not posted: 1 level.',
      'Far off, marked recount: 2 levels. Count again before you say yes.',
      expect.stringContaining('reason "Stock Count"'),
    ]);
    expect(await world.onHand('DMAT')).toMatchObject({ Oakland: 7 });
    expect(await world.onHand('MUG')).toMatchObject({ Oakland: 50 });
    expect(await world.onHand('UCC-1M')).toEqual({ Oakland: 150, Newark: 0, Portland: 40 });
    expect(await world.onHand('SHELF-SPK')).toMatchObject({ Newark: 4 });

    const posted = await adjustment(world, reply);
    expect(posted).toMatchObject({ adjustment_type: 'stock_count', reason: 'Stock Count', total: -488.5 });
    expect(rowsIn(posted, 'line_items')).toHaveLength(3);
    expect(rowsIn(posted, 'line_items')[0]).toMatchObject({ quantity_change: 3, description: 'Counted 7, book 4' });
    expect(reply).toMatchObject({
      message: `Set 3 levels in Oakland and Newark: +3 pcs, -56 pcs, -488.50 USD. Posted as ${String(posted.adjustment_number)}.`,
      adjustments: [{ lines: 3, value_booked: -488.5 }],
      count_sheet: [
        { row: 4, sku: 'SHELF-SPK', warehouse: 'Newark', system: 10, counted: 4, difference: -6, recount: true },
        { row: 3, sku: 'UCC-1M', system: 200, counted: 150, difference: -50, value: -205, recount: true },
        { row: 1, sku: 'DMAT', system: 4, counted: 7, difference: 3, value: 28.5 },
      ],
    });
  });

  test('planning writes nothing, and the same count twice finds nothing to do', async () => {
    const world = stockWorld();
    const before = await adjustments(world);
    await world.plan(name, { rows: count });
    expect(await adjustments(world)).toEqual(before);
    await world.done(name, { rows: count });
    const again = await world.done(name, { rows: count });
    expect(again.plan).toMatchObject({ nothingToDo: true, documents: 0 });
    expect(again.reply.message).toBe('Nothing differs from the book in 4 rows; nothing was written.');
    expect(await adjustments(world)).toHaveLength(before.length + 1);
  });

  test('a hundred rows by id cost 3 calls, plan and run together; by SKU the warehouses are read once more', async () => {
    const world = stockWorld();
    // The zeros of all places that the report does not list are counted too.
    const listed = await countOfAll(world, 1);
    const places = await Promise.all(['Oakland', 'Newark', 'Portland'].map((one) => world.warehouseId(one)));
    const items = [...new Set(listed.map(({ item }) => item))];
    const rows = places
      .flatMap((warehouse) => items.map((item) => ({ item, warehouse, quantity: 1 })))
      .filter(({ item, warehouse }) => !listed.some((row) => row.item === item && row.warehouse === warehouse));
    const all = [...listed, ...rows].slice(0, 100);
    expect(all).toHaveLength(100);
    const { calls, reply } = await world.done(name, { rows: all });
    expect(calls).toBe(3);
    expect(reply).toMatchObject({ changed: 100, shown: ['count_sheet: the largest 50 of 100 differences.'] });
    const now = new Map((await countOfAll(world)).map((row) => [`${row.item} ${row.warehouse}`, row.quantity]));
    for (const { item, warehouse, quantity } of all) expect(now.get(`${item} ${warehouse}`)).toBe(quantity);

    const fresh = stockWorld();
    expect((await fresh.done(name, { rows: count })).calls).toBe(4);
    const one = stockWorld();
    expect((await one.done(name, { rows: [{ item: 'DMAT', quantity: 7 }] })).calls).toBe(5);
  });

  test('the value booked is the one that an independent valuation shows', async () => {
    const world = stockWorld();
    const value = async () => Number((await world.call('get_inventory_valuation', {})).total_value);
    const before = await value();
    const { reply } = await world.done(name, {
      rows: [...count, { item: 'CRT-OLD', warehouse: 'Portland', quantity: 20 }],
    });
    expect(Number(rowsIn(reply, 'adjustments')[0]?.value_booked)).toBeCloseTo((await value()) - before, 2);
  });

  test('of many differences a person sees the largest, and how many more there are', async () => {
    const world = stockWorld();
    const rows = await countOfAll(world, 2);
    const plan = await world.plan(name, { rows });
    expect(plan.preview.filter((line) => line.startsWith('- '))).toHaveLength(30);
    expect(plan.preview.join('\n')).toContain(`... and ${rows.length - 30} more of ${rows.length} differences`);
    const shown = plan.preview.filter((line) => line.startsWith('- ') && !line.endsWith('recount'));
    const values = shown.map((line) => Number(/([\d.]+) USD/.exec(line)?.[1]));
    expect(values).toEqual([...values].sort((a, b) => b - a));
  });

  test('recount marks by percent, and never for fewer than 5 units', async () => {
    const world = stockWorld();
    const marked = async (quantity: number, recount_above?: number) => {
      const input = { rows: [{ item: 'UCC-1M', quantity }], ...(recount_above === undefined ? {} : { recount_above }) };
      return (await world.plan(name, input)).facts?.to_recount ?? 0;
    };
    expect(await marked(160)).toBe(0);
    expect(await marked(159)).toBe(1);
    expect(await marked(190, 4)).toBe(1);
    expect(await marked(196, 0)).toBe(0);
    expect(await marked(195, 0)).toBe(1);
    const small = await world.plan(name, { rows: [{ item: 'DMAT', quantity: 0 }] });
    expect(small.facts).not.toHaveProperty('to_recount');
  });

  test('what has no purchase rate is left out of the value, and named', async () => {
    const world = stockWorld();
    await world.call('create_item', { name: 'Gift Bag', sku: 'BAG', rate: 1 });
    const plan = await world.plan(name, { rows: [...count, { item: 'BAG', quantity: 9 }] });
    expect(plan.preview).toContain('Not in the value, having no purchase rate: BAG.');
    expect(plan.facts).toMatchObject({ value: -488.5, without_cost: 1 });
  });

  test('less than orders wait for is said', async () => {
    const plan = await stockWorld().plan(name, { rows: [{ item: 'WBH-001', quantity: 20 }] });
    expect(plan.preview.join('\n')).toContain(
      'WBH-001 Wireless Bluetooth Headphones in Oakland: 30 are promised to orders, 10 more than there would be.',
    );
  });

  test('a count of a day gone by says that it is held against the stock of now', async () => {
    const world = stockWorld();
    const held = 'Counts are held against the stock of now, not of 2026-11-20';
    const previewOf = async (more: Input) =>
      (await world.plan(name, { rows: [{ item: 'MUG', quantity: 45 }], ...more })).preview.join('\n');
    expect(await previewOf({ date: '2026-11-20' })).toContain(held);
    expect(await previewOf({ date: '2026-11-23' })).not.toContain('held against');
    expect(await previewOf({ date: '2026-11-20', mode: 'change' })).not.toContain('held against');
  });

  test('rows of one warehouse need not say it, and a date and a reason stand in the document', async () => {
    const world = stockWorld();
    const rows = [{ item: 'SHELF-SPK', quantity: 9 }];
    const { reply } = await world.done(name, { rows, warehouse: 'Newark', date: '2026-11-20', reason: 'Year end' });
    expect(await adjustment(world, reply)).toMatchObject({ date: '2026-11-20', reason: 'Year end' });
    expect(await world.onHand('SHELF-SPK')).toMatchObject({ Oakland: 0, Newark: 9 });
  });

  test('a spreadsheet does the same as rows, and says which columns it did not read', async () => {
    const world = stockWorld();
    const csv =
      '\ufeffWarehouse;SKU;Shelf;Counted\r\nOakland;DMAT;A1;7\r\n\r\nOakland;MUG;A2;50\r\nNewark;SHELF-SPK;;4\r\n';
    const plan = await world.plan(name, { csv });
    expect(plan.facts).toMatchObject({ rows: 3, changed: 2, same: 1 });
    expect(plan.preview).toContain('Columns that are not read: "Shelf".');
    const reply = await world.run(name, plan);
    expect(rowsIn(reply, 'count_sheet').map(({ row }) => row)).toEqual([5, 2]);
    expect(await world.onHand('SHELF-SPK')).toMatchObject({ Newark: 4 });
  });
});

describe('changes', () => {
  const mode = 'change';

  test('of one level are added up to one, which is said, and its order does not matter', async () => {
    const world = stockWorld();
    const rows = [
      { item: 'DMAT', quantity: -14 },
      { item: 'MUG', quantity: 2 },
      { item: 'Desk Mat', quantity: 20, warehouse: 'Oakland' },
      { item: 'DMAT', quantity: -3 },
    ];
    const { plan, reply } = await world.done(name, { mode, rows });
    expect(plan.summary).toMatch(/^Change stock: 2 levels in Oakland: \+5 pcs, /);
    expect(plan.facts).toMatchObject({ rows: 4, changed: 2, same: 0 });
    expect(plan.preview).toContain('- DMAT Desk Mat in Oakland: on hand 4 -> 7, +3 pcs, +28.50 USD, rows 1, 3 to 4');
    expect(plan.preview).toContain('Added up, being of one item and warehouse: 3 rows to 1 level.');
    expect(reply.message).toContain('3 rows to 1 level.');
    expect(rowsIn(reply, 'count_sheet').find(({ sku }) => sku === 'DMAT')).toMatchObject({ row: 1, rows: '1, 3 to 4' });
    expect(rowsIn(await adjustment(world, reply), 'line_items')).toHaveLength(2);
    expect(await world.onHand('DMAT')).toMatchObject({ Oakland: 7 });
  });

  test('that take more than there is are refused, alone or together', async () => {
    const world = stockWorld();
    const badRowsOf = async (...quantities: number[]) => {
      const rows = quantities.map((quantity) => ({ item: 'DMAT', quantity }));
      const error = (await errorOf(world.plan(name, { mode, rows }))) as InvalidArguments; // parse boundary: looked at below
      return rowsIn(error.facts, 'bad_rows').map(({ row, verdict, why }) => [row, verdict, why]);
    };
    expect(await badRowsOf(-5)).toEqual([[1, 'negative', '4 on hand in Oakland, 5 to take off.']]);
    const why = '4 on hand in Oakland, 5 to take off by rows 1 and 2 together.';
    expect(await badRowsOf(-4, -1)).toEqual([
      [1, 'negative', why],
      [2, 'negative', why],
    ]);
  });

  test('that add up to nothing are nothing to do, and this is said', async () => {
    const rows = [3, -3].map((quantity) => ({ item: 'DMAT', quantity }));
    const { plan, reply } = await stockWorld().done(name, { mode, rows });
    expect(plan).toMatchObject({ nothingToDo: true, facts: { rows: 2, changed: 0, same: 1 } });
    expect(reply.message).toBe(
      'Nothing differs from the book in 2 rows; nothing was written. Added up, being of one item and warehouse: 2 rows to 1 level.',
    );
  });

  test('of nothing are not posted', async () => {
    const plan = await stockWorld().plan(name, { mode, rows: [{ item: 'DMAT', quantity: 0 }] });
    expect(plan).toMatchObject({ nothingToDo: true, documents: 0 });
  });

  test('are posted in the fewest documents: 450 levels in 3', async () => {
    const world = stockWorld();
    const rows = await manyLevels(world, 450);
    const { plan, reply, calls } = await world.done(name, { mode, rows });
    expect(plan.documents).toBe(3);
    expect(calls).toBeLessThanOrEqual(7);
    expect(rowsIn(reply, 'adjustments').map(({ lines }) => lines)).toEqual([200, 200, 50]);
    const total = rowsIn(
      await world.call('get_stock_on_hand', { per_page: 200, warehouse_id: rows[0]?.warehouse }),
      'items',
    );
    expect(total.every(({ on_hand }) => on_hand === 1)).toBe(true);
    expect(total).toHaveLength(rows.filter(({ warehouse }) => warehouse === rows[0]?.warehouse).length);
  });
});

describe('a bad row', () => {
  const csv = [
    'item;warehouse;quantity',
    'DMAT;Oakland;9',
    'NOPE;Oakland;1',
    'USB-C Cable;Oakland;1',
    'MUG;Oakland;1,500',
    'MUG;Mars;3',
    'AUDIO-SET;Oakland;3',
    'INSTALL;Oakland;3',
    'CARD-H;Oakland;3',
    'HUB-7;Oakland;-1',
    'UCC-2M;Newark;5',
    'UCC-2M;Newark;6',
  ].join('\n');
  const verdicts = [
    [3, 'unknown item'],
    [4, 'unknown item'],
    [5, 'unreadable'],
    [6, 'no such warehouse'],
    [7, 'kit'],
    [8, 'not tracked'],
    [9, 'inactive'],
    [10, 'negative'],
    [11, 'counted twice'],
    [12, 'counted twice'],
  ];

  test('stops all, and every one is told with its row and why', async () => {
    const world = stockWorld();
    const before = await adjustments(world);
    const error = (await errorOf(world.plan(name, { csv }))) as InvalidArguments; // parse boundary: looked at below
    expect(error).toMatchObject({ kind: 'invalid_arguments', nothingSent: true });
    expect(rowsIn(error.facts, 'bad_rows').map(({ row, verdict }) => [row, verdict])).toEqual(verdicts);
    expect(error.message).toContain('10 of 11 rows cannot be written, so nothing was written.');
    expect(error.message).toContain('row 4, "USB-C Cable": unknown item: Near: UCC-1M');
    expect(error.message).toContain('Rows 11 and 12 set the same item in Newark');
    expect(error.message).toContain('There are Oakland');
    expect(await adjustments(world)).toEqual(before);
  });

  test('is left out where that is asked for, and named in preview and result', async () => {
    const world = stockWorld();
    const { plan, reply } = await world.done(name, { csv, skip_bad: true });
    expect(plan.summary).toBe('Set counted stock: 1 level in Oakland: +5 pcs, +47.50 USD; 10 left out');
    expect(plan.preview.filter((line) => line.startsWith('Left out: '))).toHaveLength(10);
    expect(rowsIn(reply, 'left_out').map(({ row, verdict }) => [row, verdict])).toEqual(verdicts);
    expect(await world.onHand('DMAT')).toMatchObject({ Oakland: 9 });
    expect(await world.onHand('UCC-2M')).toMatchObject({ Newark: 100 });
  });

  test('counts for one item however it is called', async () => {
    const world = stockWorld();
    const item_id = await world.itemId('DMAT');
    const rows = [
      { item: 'dmat', quantity: 1 },
      { item: 'Desk Mat', quantity: 2, warehouse: 'Oakland' },
      { item: item_id, quantity: 3, warehouse: await world.warehouseId('Oakland') },
    ];
    const error = (await errorOf(world.plan(name, { rows }))) as InvalidArguments; // parse boundary: looked at below
    expect(rowsIn(error.facts, 'bad_rows').map(({ why }) => why)).toEqual(
      Array.from({ length: 3 }, () => 'Rows 1 and 2 and 3 set the same item in Oakland: give one.'),
    );
  });

  test('of a level that a whole list counts names a few of its rows', async () => {
    const rows = Array.from({ length: 1_000 }, () => ({ item: 'DMAT', quantity: 1 }));
    const error = (await errorOf(stockWorld().plan(name, { rows }))) as InvalidArguments; // parse boundary: looked at below
    expect(rowsIn(error.facts, 'bad_rows')[0]?.why).toBe(
      'Rows 1 and 2 and 3 and 4 and 5 and 995 more set the same item in Oakland: give one.',
    );
    expect(JSON.stringify(error.facts).length).toBeLessThan(50_000);
  });

  test('is told too where nothing else differs', async () => {
    const rows = [
      { item: 'DMAT', quantity: 4 },
      { item: 'NOPE', quantity: 4 },
    ];
    const { plan, reply } = await stockWorld().done(name, { rows, skip_bad: true });
    expect(plan.nothingToDo).toBe(true);
    expect(reply).toMatchObject({
      message: 'Nothing differs from the book in 1 row; nothing was written. 1 row left out, see left_out.',
      left_out: [{ row: 2, verdict: 'unknown item' }],
    });
  });

  test('of a name that two items bear is told with both', async () => {
    const world = stockWorld();
    await world.call('create_item', { name: 'Desk Mat', sku: 'DMAT-2', rate: 1 });
    const error = await errorOf(world.plan(name, { rows: [{ item: 'desk mat', quantity: 1 }] }));
    expect(error).toMatchObject({
      facts: { bad_rows: [{ verdict: 'ambiguous', why: expect.stringMatching(/DMAT \(\d+\).*DMAT-2 \(\d+\)/) }] },
    });
  });

  test('in an inactive warehouse, or one that does not exist, is told', async () => {
    const world = stockWorld();
    const reply = await world.call('create_warehouse', { warehouse_name: 'Annex' });
    const { warehouse_id } = rowIn(reply, 'warehouse');
    await world.call('deactivate_warehouse', { warehouse_id });
    const rows = ['Annex', String(warehouse_id), '999'].map((warehouse) => ({ item: 'DMAT', quantity: 1, warehouse }));
    const error = (await errorOf(world.plan(name, { rows }))) as InvalidArguments; // parse boundary: looked at below
    expect(rowsIn(error.facts, 'bad_rows').map(({ why }) => why)).toEqual([
      expect.stringContaining('is inactive'),
      expect.stringContaining('is inactive'),
      expect.stringContaining('There are'),
    ]);
  });

  test('nothing left after bad rows is an error even with skip_bad', async () => {
    const error = await errorOf(stockWorld().plan(name, { rows: [{ item: 'NOPE', quantity: 1 }], skip_bad: true }));
    expect(error).toMatchObject({
      kind: 'invalid_arguments',
      message: expect.stringContaining('Mend them and call again.'),
    });
  });

  test.each([
    ['neither rows nor csv', {}],
    ['both', { rows: count, csv: 'item,quantity\nMUG,1' }],
    ['a change taken for a count', { csv: 'item,change\nMUG,3' }],
    ['a count taken for a change', { csv: 'item,counted\nMUG,3', mode: 'change' }],
    ['a header alone', { csv: 'item,quantity\n' }],
    ['too many rows', { csv: `item,quantity\n${'MUG,1\n'.repeat(1001)}` }],
    ['a day that lies ahead', { rows: count, date: '2026-11-24' }],
  ])('%s is refused without a call', async (_, input) => {
    const world = stockWorld();
    const calls = world.callsSent();
    expect(await errorOf(world.plan(name, input))).toMatchObject({ kind: 'invalid_arguments', nothingSent: true });
    expect(world.callsSent()).toBe(calls);
  });
});

describe('stock that moves meanwhile', () => {
  const move = (world: StockWorld, by: number) =>
    world.done(name, { mode: 'change', rows: [{ item: 'MUG', quantity: by }] });

  test('between plan and yes changes what the plan rests on, also where the row agreed before', async () => {
    const world = stockWorld();
    const plan = await world.plan(name, { rows: count });
    expect((await world.plan(name, { rows: count })).restsOn).toEqual(plan.restsOn);
    await move(world, -5);
    const changed = await world.plan(name, { rows: count });
    expect(changed.restsOn).not.toEqual(plan.restsOn);
    expect(changed.preview.join('\n')).toContain('MUG Logo Mug in Oakland: book 45, counted 50');
  });

  test('after the last reading is not counted away: the difference is posted, not the level', async () => {
    const world = stockWorld();
    const plan = await world.plan(name, { rows: [{ item: 'MUG', quantity: 47 }] });
    await move(world, -10);
    await world.run(name, plan);
    expect(await world.onHand('MUG')).toMatchObject({ Oakland: 37 });
  });

  test('by more than is left is refused whole', async () => {
    const world = stockWorld();
    const plan = await world.plan(name, {
      rows: [
        { item: 'MUG', quantity: 5 },
        { item: 'DMAT', quantity: 7 },
      ],
    });
    await move(world, -30);
    expect(await errorOf(world.run(name, plan))).toBeInstanceOf(Rejected);
    expect(await world.onHand('DMAT')).toMatchObject({ Oakland: 4 });
  });
});

describe('a count that stops in the middle', () => {
  /** Units in the new warehouses. */
  const posted = async (world: StockWorld) => {
    const seen = new Set(['Oakland', 'Newark', 'Portland']);
    const pages = await Promise.all([1, 2].map((page) => world.call('get_stock_on_hand', { page, per_page: 200 })));
    const rows = pages.flatMap((page) => rowsIn(page, 'items'));
    return rows.filter(({ warehouse_name }) => !seen.has(String(warehouse_name))).length;
  };

  test.each([
    ['refused', new Rejected('Not today.'), 'Failed: posting 50 levels of rows 201 to 250. Not today.'],
    ['without an answer', new OutcomeUnknown('No answer came.'), 'Look with list_stock_adjustments'],
  ])('%s, it tells what is posted, how to undo it and which rows are left', async (_, error, words) => {
    const world = stockWorld();
    const rows = await manyLevels(world, 250);
    const plan = await world.plan(name, { mode: 'change', rows });
    let asked = 0;
    const api = interrupt(world.apiOf(name), {
      create_stock_adjustment: async (go) => {
        asked += 1;
        return asked === 1 ? go() : Promise.reject(error);
      },
    });
    const stopped = await errorOf(world.run(name, plan, api));
    expect(stopped).toBeInstanceOf(PartlyDone);
    expect(stopped).toMatchObject({
      message: expect.stringContaining(words),
      facts: {
        done: [expect.stringMatching(/^posted ADJ-\d+, 200 levels of rows 1 to 200 \(/)],
        undo: [expect.stringMatching(/^delete_stock_adjustment \(inventory_adjustment_id \d+\)$/)],
      },
    });
    expect((stopped as PartlyDone).message).toContain('with row 201 and those after it only'); // parse boundary: checked above
    expect(await posted(world)).toBe(200);
  });

  test('whose levels stand in rows far apart, it names every row that is left', async () => {
    const world = stockWorld();
    const levels = await manyLevels(world, 201);
    // Level 200 again in row 201, level 201 in rows 202 and 203, level 1 again in row 204.
    const rows = [...levels.slice(0, 200), ...levels.slice(199), ...levels.slice(200), ...levels.slice(0, 1)];
    const plan = await world.plan(name, { mode: 'change', rows });
    let asked = 0;
    const api = interrupt(world.apiOf(name), {
      create_stock_adjustment: async (go) => {
        asked += 1;
        return asked === 1 ? go() : Promise.reject(new Rejected('Not today.'));
      },
    });
    const stopped = await errorOf(world.run(name, plan, api));
    expect(stopped).toMatchObject({
      message: expect.stringContaining('with rows 202 to 203 only: the changes of the others are made.'),
      facts: { done: [expect.stringContaining('200 levels of rows 1 to 201, 204 (')] },
    });
  });

  test('called off between two documents it does no more', async () => {
    const world = stockWorld();
    const abort = new AbortController();
    const rows = await manyLevels(world, 250);
    const plan = await world.plan(name, { mode: 'change', rows });
    const api = interrupt(world.apiOf(name), {
      create_stock_adjustment: async (go) => {
        const reply = await go();
        abort.abort();
        return reply;
      },
    });
    expect(await errorOf(world.run(name, plan, api, abort.signal))).toMatchObject({
      kind: 'partly_done',
      facts: { failed: [], not_started: ['posting 50 levels of rows 201 to 250'] },
    });
    expect(await posted(world)).toBe(200);
  });

  test('called off before the first it writes nothing', async () => {
    const world = stockWorld();
    const plan = await world.plan(name, { rows: count });
    const error = await errorOf(world.run(name, plan, world.apiOf(name), AbortSignal.abort()));
    expect(error).toMatchObject({ kind: 'cancelled', nothingSent: true });
    expect(await world.onHand('DMAT')).toMatchObject({ Oakland: 4 });
  });
});

describeReplay(name, async (world) => ({ mode: 'change', rows: await manyLevels(world, 201) }), [
  'create_stock_adjustment',
  'create_stock_adjustment',
]);
