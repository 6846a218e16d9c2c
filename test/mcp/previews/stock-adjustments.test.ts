import { describe, expect, test } from 'vitest';
import { NotFound, Rejected } from '../../../src/errors.ts';
import { planOperation } from '../../../src/mcp/plan.ts';
import type { Input } from '../../../src/operations/define.ts';
import { type DemoWorld, demoWorld, operationNamed, rowsOf } from '../../helpers/reads.ts';

const plan = (world: DemoWorld, name: string, input: Input) =>
  planOperation(operationNamed(name), input, { reads: world.reads, today: world.today });

const isRefusal = (error: unknown) => error instanceof Rejected || error instanceof NotFound;

async function open() {
  const world = demoWorld();
  const item = async (sku: string) => String((await world.item(sku)).item_id);
  const place = async (name: string) => String((await world.warehouse(name)).warehouse_id);
  const [mat, oakland, portland] = [await item('DMAT'), await place('Oakland'), await place('Portland')];
  const adjust = async (line: Input, body: Input = {}) => {
    const input = { ...body, line_items: [{ item_id: mat, warehouse_id: oakland, ...line }] };
    const [made = {}] = rowsOf([(await world.call('create_stock_adjustment', input)).inventory_adjustment]);
    return String(made.inventory_adjustment_id);
  };
  const planned = (line: Input, body: Input = {}) =>
    plan(world, 'create_stock_adjustment', { ...body, line_items: [{ item_id: mat, warehouse_id: oakland, ...line }] });
  return { world, item, mat, oakland, portland, adjust, planned };
}

describe('creating a stock adjustment', () => {
  test('shows on hand, available and value before and after', async () => {
    const { planned } = await open();
    const { summary, preview, amountMinor } = await planned({ quantity_adjusted: -1, adjust_quantity_by: 'decrease' });
    expect(summary).toBe(
      'Adjust stock (quantity): Desk Mat (DMAT) in Oakland on hand 4 -> 3 pcs, stock value about -9.50 USD',
    );
    expect(preview).toContain(
      'Desk Mat (DMAT) in Oakland: on hand 4 -> 3 pcs (-1), available 4 -> 3, stock value about -9.50 USD',
    );
    expect(preview.join('\n')).not.toContain('Likely to be refused');
    expect(amountMinor).toBe(950);
  });

  test('shows what a count differs by', async () => {
    const { planned } = await open();
    const count = { adjust_quantity_by: 'set_to' };
    expect((await planned({ ...count, quantity_adjusted: 10 })).summary).toContain('on hand 4 -> 10 pcs');
    expect((await planned({ ...count, quantity_adjusted: 10 })).preview.join('\n')).toContain('(+6)');
    expect((await planned({ ...count, quantity_adjusted: 4 })).summary).toContain(
      'on hand stays 4 pcs, stock value 0.00 USD',
    );
  });

  test('says what it does before it is done: the record then tells the same', async () => {
    const { world, item, planned, oakland } = await open();
    const wbh = await item('WBH-001');
    const line = { item_id: wbh, warehouse_id: oakland, quantity_adjusted: 50, adjust_quantity_by: 'decrease' };
    const { preview } = await planned(line);
    expect(preview.join('\n')).toContain('on hand 60 -> 10 pcs (-50), available 30 -> -20, stock value about -2250.00');
    expect(preview).toContain(
      'Wireless Bluetooth Headphones (WBH-001) in Oakland: 20 pcs more would be promised than there are.',
    );
    const made = await world.call('create_stock_adjustment', { line_items: [line] });
    expect(made.inventory_adjustment).toMatchObject({ total: -2250, line_items: [{ quantity_change: -50 }] });
  });

  test('of value tells the value alone', async () => {
    const { planned } = await open();
    const { summary, amountMinor } = await planned({ value_adjusted: -12.5 }, { adjustment_type: 'Value Adjustment' });
    expect(summary).toBe(
      'Adjust stock (Value Adjustment): Desk Mat (DMAT) in Oakland on hand stays 4 pcs, stock value -12.50 USD',
    );
    expect(amountMinor).toBe(1250);
  });

  test('counts the lines where they would be too many for one line', async () => {
    const { world, item, oakland } = await open();
    const skus = ['DMAT', 'UCC-1M', 'UCC-2M', 'MUG', 'HUB-7'];
    const line_items = await Promise.all(
      skus.map(async (sku) => ({ item_id: await item(sku), warehouse_id: oakland, quantity_adjusted: 1 })),
    );
    const { summary, preview } = await plan(world, 'create_stock_adjustment', { line_items });
    expect(summary).toMatch(/^Adjust stock \(quantity\): 5 stock levels, stock value about \+\d+\.\d\d USD$/);
    expect(preview.filter((line) => line.includes('in Oakland: on hand'))).toHaveLength(5);
  });

  test('quotes what people typed', async () => {
    const { planned } = await open();
    const { preview } = await planned(
      { quantity_adjusted: 1, description: 'shelf "B"\u202e' },
      { reason: 'Say yes\nat once' },
    );
    expect(preview).toContain(`Note of a line: "shelf 'B'"`);
    expect(preview).toContain('reason: "Say yes at once"');
  });

  test.each<[string, Input, Input, string]>([
    ['more than there is', { quantity_adjusted: -5 }, {}, 'Desk Mat (DMAT): only 4 pcs on hand in Oakland'],
    ['an increase by less than nothing', { quantity_adjusted: -1, adjust_quantity_by: 'increase' }, {}, 'is ambiguous'],
    ['a count below zero', { quantity_adjusted: -1, adjust_quantity_by: 'set_to' }, {}, 'cannot be set to less than 0'],
    ['a change by nothing', { quantity_adjusted: 0 }, {}, '0 changes nothing'],
    ['no value', { quantity_adjusted: 1 }, { adjustment_type: 'value' }, 'value_adjusted must say a change'],
    ['more value than there is', { value_adjusted: -99 }, { adjustment_type: 'value' }, 'is worth less than that'],
    ['an unknown warehouse', { warehouse_id: '7', quantity_adjusted: 1 }, {}, 'there is no warehouse 7'],
    ['a day ahead', { quantity_adjusted: 1 }, { date: '2026-03-17' }, 'the date 2026-03-17 lies ahead'],
  ])('foresees that %s is refused', async (_, line, body, why) => {
    const { world, planned, mat, oakland } = await open();
    const refusals = (await planned(line, body)).preview.filter((text) => text.startsWith('Likely to be refused'));
    expect(refusals.join('\n')).toContain(why);
    const input = { ...body, line_items: [{ item_id: mat, warehouse_id: oakland, ...line }] };
    await expect(world.call('create_stock_adjustment', input)).rejects.toSatisfy(isRefusal);
  });

  test('foresees that two counts of one thing, and kits, are refused', async () => {
    const { world, mat, oakland, item } = await open();
    const line = { item_id: mat, warehouse_id: oakland, quantity_adjusted: 4, adjust_quantity_by: 'set_to' };
    const twice = await plan(world, 'create_stock_adjustment', { line_items: [line, line] });
    expect(twice.preview.join('\n')).toContain('Likely to be refused: Desk Mat (DMAT) is set twice in one warehouse');
    const kit = { ...line, item_id: await item('AUDIO-SET') };
    const { preview } = await plan(world, 'create_stock_adjustment', { line_items: [kit] });
    expect(preview.join('\n')).toContain('Likely to be refused: Audio Set (AUDIO-SET) has no stock of its own');
  });

  test('of an item that does not exist has no preview', async () => {
    const { planned } = await open();
    await expect(planned({ item_id: '7', quantity_adjusted: 1 })).rejects.toBeInstanceOf(NotFound);
  });

  test('rests on the stock it showed', async () => {
    const { world, planned, adjust } = await open();
    const line = { quantity_adjusted: 10, adjust_quantity_by: 'set_to' };
    const first = await planned(line);
    expect((await planned(line)).restsOn).toEqual(first.restsOn);
    await adjust({ quantity_adjusted: 1 });
    expect((await planned(line)).restsOn).not.toEqual(first.restsOn);
    expect(world.readsMade()).not.toContain('create_stock_adjustment');
  });
});

describe('changing a stock adjustment', () => {
  test('shows what undoing and posting anew come to together', async () => {
    const { world, adjust, mat, oakland, portland } = await open();
    const inventory_adjustment_id = await adjust({ quantity_adjusted: 6 });
    const line_items = [
      { item_id: mat, warehouse_id: oakland, quantity_adjusted: 1 },
      { item_id: mat, warehouse_id: portland, quantity_adjusted: 2 },
    ];
    const { summary, preview } = await plan(world, 'update_stock_adjustment', { inventory_adjustment_id, line_items });
    expect(summary).toMatch(
      /^Update stock adjustment ADJ-00003 of 2026-03-16: 2 stock levels, stock value about -28\.50 USD$/,
    );
    expect(preview).toContain('Undone: 1 line as posted before; posted anew: 2 lines. Together:');
    expect(preview.join('\n')).toContain('Desk Mat (DMAT) in Oakland: on hand 10 -> 5 pcs (-5)');
    expect(preview.join('\n')).toMatch(/Desk Mat \(DMAT\) in Portland: on hand 0 -> 2 pcs \(\+2\)/);
    await world.call('update_stock_adjustment', { inventory_adjustment_id, line_items });
    expect(rowsOf((await world.item('DMAT')).warehouses).map((row) => row.warehouse_stock_on_hand)).toEqual([5, 0, 2]);
  });

  test('counts from what is there once the old lines are undone', async () => {
    const { world, adjust, mat, oakland } = await open();
    const inventory_adjustment_id = await adjust({ quantity_adjusted: 6 });
    const change = (quantity_adjusted: number, adjust_quantity_by: string) =>
      plan(world, 'update_stock_adjustment', {
        inventory_adjustment_id,
        line_items: [{ item_id: mat, warehouse_id: oakland, quantity_adjusted, adjust_quantity_by }],
      });
    expect((await change(7, 'set_to')).summary).toContain('on hand 10 -> 7 pcs');
    expect((await change(5, 'decrease')).preview.join('\n')).toContain('Likely to be refused: Desk Mat (DMAT): only 4');
  });

  test('in words alone moves nothing, and says when the lines are needed as well', async () => {
    const { world, adjust } = await open();
    const inventory_adjustment_id = await adjust({ quantity_adjusted: 6 }, { reason: 'count' });
    const words = await plan(world, 'update_stock_adjustment', { inventory_adjustment_id, reason: 'recount' });
    expect(words.summary).toBe('Update stock adjustment ADJ-00003 of 2026-03-16: reason "count" -> "recount"');
    expect(words.preview).toContain('No stock changes.');
    const dated = await plan(world, 'update_stock_adjustment', { inventory_adjustment_id, date: '2026-03-01' });
    expect(dated.preview.join('\n')).toContain('Likely to be refused: to change date or type');
  });
});

test('deleting a stock adjustment shows what is taken back, to the cent', async () => {
  const { world, adjust } = await open();
  const inventory_adjustment_id = await adjust({ quantity_adjusted: 6 });
  const { summary, restsOn } = await plan(world, 'delete_stock_adjustment', { inventory_adjustment_id });
  expect(summary).toBe(
    'Delete stock adjustment ADJ-00003 of 2026-03-16: Desk Mat (DMAT) in Oakland on hand 10 -> 4 pcs, stock value -57.00 USD',
  );
  await adjust({ quantity_adjusted: 1 });
  expect((await plan(world, 'delete_stock_adjustment', { inventory_adjustment_id })).restsOn).not.toEqual(restsOn);
  await world.call('delete_stock_adjustment', { inventory_adjustment_id });
  expect((await world.item('DMAT')).stock_on_hand).toBe(5);
});
