import * as z from 'zod';
import { defineOperation, type Input, type Operation } from './define.ts';
import { allOptional, day, id, listInput, signedMoney, signedQuantity, text } from './fields.ts';
import { created, gone, newestFirst, ofFirstLine, same } from './trace.ts';

const source = 'https://www.zoho.com/inventory/api/v1/inventoryadjustments/';
const adjustmentId = { inventory_adjustment_id: id() };

/** The eight types of the reference. All but `value` change quantities; they differ in why. */
const types = ['quantity', 'value', 'damage', 'loss', 'theft', 'write_off', 'stock_count', 'returns'];

/** `Write-off`, `Stock Count` and `Quantity Adjustment` are written as the reference prints them, and sent as they came. */
export const adjustmentTypeOf = (value: string): string =>
  value
    .trim()
    .toLowerCase()
    .replace(/ adjustment$/, '')
    .replace(/[\s-]+/g, '_');

const spelling = (value: unknown) => (typeof value === 'string' ? adjustmentTypeOf(value) : value);

/** The record with its type in the caller's spelling, where both mean the same one. */
const typeAsGiven = (adjustment: Record<string, unknown>, { adjustment_type }: Input) =>
  spelling(adjustment.adjustment_type) === spelling(adjustment_type) ? { ...adjustment, adjustment_type } : adjustment;

const line = z
  .strictObject({
    item_id: id(),
    warehouse_id: id('Default the primary').optional(),
    adjust_quantity_by: z
      .enum(['increase', 'decrease', 'set_to'])
      .describe('set_to: counted quantity. Absent: the sign decides')
      .optional(),
    quantity_adjusted: signedQuantity('Units').optional(),
    value_adjusted: signedMoney('Of a value adjustment: change of stock value, + or -').optional(),
    description: text(2_000).optional(),
  })
  .refine(
    ({ quantity_adjusted, value_adjusted }) => quantity_adjusted !== undefined || value_adjusted !== undefined,
    'must have quantity_adjusted, or value_adjusted for a value adjustment',
  );

const adjustmentFields = {
  adjustment_type: z
    .string()
    .refine((value) => types.includes(adjustmentTypeOf(value)), `must be one of ${types.join(', ')}`)
    .describe(types.join(', '))
    .optional(),
  line_items: z.array(line).min(1).max(200),
  reason: text(500, 'Why, in words').optional(),
  date: day('Default today').optional(),
  adjustment_number: text(100).optional(),
  reference_number: text(100).optional(),
  description: text(5_000).optional(),
};

export const listStockAdjustments = defineOperation({
  name: 'list_stock_adjustments',
  title: 'List stock adjustments',
  description: 'Corrections of stock with type, reason and change of value, newest first.',
  toolset: 'stock',
  method: 'GET',
  path: '/inventoryadjustments',
  effect: 'read',
  scope: 'ZohoInventory.inventoryadjustments.READ',
  source,
  input: {
    ...listInput('number, reference, reason'),
    item_id: id('On any line').optional(),
    warehouse_id: id('On any line').optional(),
    date_start: day('From').optional(),
    date_end: day('Until').optional(),
  },
  reply: 'inventory_adjustments',
  paged: true,
});

export const getStockAdjustment = defineOperation({
  name: 'get_stock_adjustment',
  title: 'Get stock adjustment',
  description: 'One stock adjustment with its lines and the quantity and value each one changed.',
  toolset: 'stock',
  method: 'GET',
  path: '/inventoryadjustments/{inventory_adjustment_id}',
  effect: 'read',
  scope: 'ZohoInventory.inventoryadjustments.READ',
  source,
  input: adjustmentId,
  reply: 'inventory_adjustment',
});

export const createStockAdjustment = defineOperation({
  name: 'create_stock_adjustment',
  title: 'Create stock adjustment',
  description:
    'Corrects stock on hand, or its value, at once: a count, damage, loss or find. Goods from a vendor: receive_purchase_order; between warehouses: create_transfer.',
  toolset: 'stock',
  method: 'POST',
  path: '/inventoryadjustments',
  effect: 'stock',
  scope: 'ZohoInventory.inventoryadjustments.CREATE',
  source,
  input: adjustmentFields,
  reply: 'inventory_adjustment',
  trace: created({
    list: 'list_stock_adjustments',
    narrow: (input) => ({ ...ofFirstLine(input, 'item_id'), ...newestFirst }),
    id: 'inventory_adjustment_id',
    get: 'get_stock_adjustment',
    same: () => [],
    // Not by quantity: the hosted service prints a signed change whatever was asked for.
    lines: { of: 'item_id' },
    spell: typeAsGiven,
  }),
});

export const updateStockAdjustment = defineOperation({
  name: 'update_stock_adjustment',
  title: 'Update stock adjustment',
  description:
    'Changes an adjustment. line_items replaces all lines: the old change of stock is undone, the new one posted. Refused once the goods moved on.',
  toolset: 'stock',
  method: 'PUT',
  path: '/inventoryadjustments/{inventory_adjustment_id}',
  effect: 'stock',
  scope: 'ZohoInventory.inventoryadjustments.UPDATE',
  source,
  input: { ...adjustmentId, ...allOptional(adjustmentFields) },
  reply: 'inventory_adjustment',
  trace: same('get_stock_adjustment', typeAsGiven),
});

export const deleteStockAdjustment = defineOperation({
  name: 'delete_stock_adjustment',
  title: 'Delete stock adjustment',
  description: 'Undoes the stock change of an adjustment and deletes it. Refused once the goods moved on.',
  toolset: 'stock',
  method: 'DELETE',
  path: '/inventoryadjustments/{inventory_adjustment_id}',
  effect: 'destroy',
  scope: 'ZohoInventory.inventoryadjustments.DELETE',
  source,
  input: adjustmentId,
  trace: gone('get_stock_adjustment'),
});

/** In the order of the reference. */
export const stockAdjustmentOperations: readonly Operation[] = [
  listStockAdjustments,
  getStockAdjustment,
  createStockAdjustment,
  updateStockAdjustment,
  deleteStockAdjustment,
];
