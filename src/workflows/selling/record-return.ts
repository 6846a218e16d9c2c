import * as z from 'zod';
import { Rejected } from '../../errors.ts';
import { flag, quantity, someText } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { getSalesOrder, listSalesOrders } from '../../operations/sales-orders.ts';
import { createStockAdjustment, getStockAdjustment, listStockAdjustments } from '../../operations/stock-adjustments.ts';
import { listWarehouseItems, listWarehouses } from '../../operations/warehouses.ts';
import { bindApi } from '../api.ts';
import { readAvailability } from '../availability.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { resolveSalesOrder } from '../resolve-order.ts';
import { parseBy, textIn } from '../rows.ts';
import { named } from '../text.ts';
import { linesOfOrder } from './fulfil-sales-order-lines.ts';
import { readEarlier } from './record-return-earlier.ts';
import { backOf, refuseBeyond, returnedLines } from './record-return-lines.ts';
import { planOf } from './record-return-plan.ts';
import { type ReturnSteps, runReturn } from './record-return-run.ts';

const line = z.strictObject({
  item: someText(200, 'Id, SKU, barcode or name'),
  quantity: quantity().refine((value) => value > 0, 'must be more than 0'),
  warehouse: someText(200, "Else the line's").optional(),
  damaged: flag('Not put back, only told').optional(),
});
const input = {
  sales_order: someText(100, 'Id or number'),
  lines: z.array(line).min(1).max(100),
};
const schema = z.strictObject(input);

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan<ReturnSteps>> {
  const wish = parseBy(schema, raw);
  const api = bindApi(given, context);
  context.progress('Finding the order');
  const order = await resolveSalesOrder(api, wish.sales_order);
  const lines = linesOfOrder(order);
  const number = textIn(order, 'salesorder_number');
  if (lines.every(({ shipped }) => shipped === 0n))
    throw new Rejected(
      `Nothing of ${named(number, 40)} was shipped, so nothing of it can come back. Nothing was written.`,
      { nothingSent: true, facts: { salesorder_id: textIn(order, 'salesorder_id') } },
    );
  const returned = await returnedLines(api, lines, wish.lines);
  context.progress('Looking for earlier returns');
  const earlier = await readEarlier(api, number);
  refuseBeyond(lines, returned, earlier, number);
  const back = backOf(returned);
  context.progress('Reading the stock');
  const stock = await readAvailability(
    api,
    back.map(({ itemId, warehouseId, quantity: units }) => ({
      item_id: itemId,
      quantity: units,
      ...(warehouseId === '' ? {} : { warehouse_id: warehouseId }),
    })),
  );
  return planOf({ order, returned, back, earlier, stock });
}

export const recordReturn: WriteWorkflow = {
  name: 'record_return',
  title: 'Record return',
  description:
    'Puts goods a customer sent back into stock, at most what was shipped less earlier returns. No credit, no refund. Spends 4 calls + 1 an item and an earlier return.',
  toolset: 'fulfilment',
  input,
  uses: [
    listSalesOrders,
    getSalesOrder,
    listStockAdjustments,
    getStockAdjustment,
    listItems,
    getItem,
    listWarehouses,
    listWarehouseItems,
    createStockAdjustment,
  ],
  plan,
  run: runReturn,
};
