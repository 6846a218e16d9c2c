import * as z from 'zod';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { createSteps, type Told } from '../partly-done.ts';
import { parseBy, type Row, rowIn, textIn } from '../rows.ts';
import { counted, named } from '../text.ts';

const order = z.object({
  vendor: z.string(),
  vendor_id: z.string(),
  currency_code: z.string(),
  subtotal: z.number(),
  /** The very input of create_purchase_order. */
  create: z.record(z.string(), z.unknown()),
  lines: z.array(z.record(z.string(), z.unknown())),
});
const steps = z.object({
  orders: z.array(order),
  rule: z.string(),
  /** Told in the result: where a person says yes in a form, the model never sees the preview. */
  leftOut: z.array(z.object({ item: z.string(), sku: z.string(), item_id: z.string(), reason: z.string() })),
});
export type ReorderSteps = z.infer<typeof steps>;
type Order = ReorderSteps['orders'][number];

/** Writes one draft purchase order a vendor, in the plan's order, and stops at the first that fails. */
export async function runReorder(given: Api, plan: Plan, context: WorkflowContext) {
  const { orders, rule, leftOut } = parseBy(steps, plan.steps);
  const api = bindApi(given, context);
  const written: { order: Order; row: Row }[] = [];
  const step = createSteps({
    titles: orders.map(titleOf),
    goOn: () =>
      'To go on run reorder_low_stock again: by its rule position it counts these drafts and orders the rest.',
    progress: context.progress,
  });
  for (const order of orders) {
    const reply = await step({
      title: titleOf(order),
      write: () => api.call('create_purchase_order', order.create),
      told: (answer) => draftWritten(order, rowIn(answer, 'purchaseorder')),
      look: `Look with list_purchase_orders (vendor_id ${order.vendor_id}) whether the draft exists.`,
    });
    written.push({ order, row: rowIn(reply, 'purchaseorder') });
  }
  const numbers = written.map(({ row }) => named(row.purchaseorder_number, 40));
  return {
    message:
      written.length === 0
        ? 'Nothing to order.'
        : `${counted(written.length, 'draft purchase order')} written: ${numbers.join(', ')}. Nothing is ordered until issue_purchase_order.`,
    purchaseorders: written.map(({ order: { vendor, vendor_id, currency_code, subtotal, lines }, row }) => ({
      purchaseorder_id: textIn(row, 'purchaseorder_id'),
      purchaseorder_number: textIn(row, 'purchaseorder_number'),
      status: textIn(row, 'status') || 'draft',
      vendor_id,
      vendor_name: vendor,
      currency_code: textIn(row, 'currency_code') || currency_code,
      total: row.total ?? subtotal,
      line_items: lines,
    })),
    rule,
    left_out: leftOut,
  };
}

const titleOf = ({ vendor }: Order): string => `writing the draft for ${named(vendor)}`;

function draftWritten({ vendor }: Order, row: Row): Told {
  const id = `purchaseorder_id ${textIn(row, 'purchaseorder_id')}`;
  return {
    done: `wrote draft ${named(row.purchaseorder_number, 40)} for ${named(vendor)} (${id})`,
    undo: `delete_purchase_order (${id})`,
  };
}
