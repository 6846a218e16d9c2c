import { describe, expect, it } from 'vitest';
import { decodeArguments, parseInput } from '../../src/mcp/decode.ts';
import { publishSchema } from '../../src/mcp/schema.ts';
import { effectOf, type Input, type Operation } from '../../src/operations/define.ts';
import { operationByName } from '../../src/operations/index.ts';
import { adjustmentTypeOf } from '../../src/operations/stock-adjustments.ts';
import * as examples from './examples.ts';

function operation(name: string): Operation {
  const found = operationByName.get(name);
  if (!found) throw new Error(`no operation ${name}`);
  return found;
}

function accepted(name: string, args: unknown): Input {
  const { input } = operation(name);
  return parseInput(input, decodeArguments(publishSchema(input), args), name);
}

const adjust = (change: Input) =>
  accepted('create_stock_adjustment', { ...examples.shortStockAdjustmentBody, ...change });

describe('the type of an adjustment', () => {
  // As the reference prints them under "Adjustment Types".
  it.each([
    ['Quantity Adjustment', 'quantity'],
    ['Value Adjustment', 'value'],
    ['Damage', 'damage'],
    ['Loss', 'loss'],
    ['Theft', 'theft'],
    ['Write-off', 'write_off'],
    ['Stock Count', 'stock_count'],
    ['Returns', 'returns'],
  ])('%s is sent as it was written and means %s', (written, meaning) => {
    expect(adjust({ adjustment_type: written }).adjustment_type).toBe(written);
    expect(adjustmentTypeOf(written)).toBe(meaning);
  });

  it('that is none of the eight is refused, and they are named', () => {
    expect(() => adjust({ adjustment_type: 'breakage' })).toThrow(
      'adjustment_type must be one of quantity, value, damage, loss, theft, write_off, stock_count, returns',
    );
  });
});

describe('a line of an adjustment', () => {
  it('says a quantity or a value', () => {
    expect(() => adjust({ line_items: [{ item_id: '1' }] })).toThrow(/line_items\[0\] must have quantity_adjusted/);
    expect(adjust({ line_items: [{ item_id: '1', value_adjusted: -2.5 }] }).line_items).toHaveLength(1);
  });

  it('goes up, down or to a count, and no other way', () => {
    const line = (adjust_quantity_by: string) => ({ item_id: '1', quantity_adjusted: 1, adjust_quantity_by });
    expect(() => adjust({ line_items: [line('add')] })).toThrow(/adjust_quantity_by/);
  });
});

describe('an update of a transfer', () => {
  const update = (change: Input) => accepted('update_transfer', { transfer_id: '1', ...change });

  it('that cancels it takes something away, any other changes a draft', () => {
    expect(effectOf(operation('update_transfer'), update({ status: 'cancelled' }))).toBe('destroy');
    expect(effectOf(operation('update_transfer'), update({ notes: 'x' }))).toBe('update');
  });

  it('sets no other status', () => {
    expect(() => update({ status: 'received' })).toThrow(/status/);
  });

  it('keeps a line by its id, or names item and quantity of a new one', () => {
    expect(update({ line_items: [{ line_item_id: '7', quantity: 3 }] }).line_items).toHaveLength(1);
    expect(() => update({ line_items: [{ item_id: '7' }] })).toThrow(/line_items\[0\] must have line_item_id/);
  });
});
