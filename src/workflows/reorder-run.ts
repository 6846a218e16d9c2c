import * as z from 'zod';
import { Cancelled, InventoryError, OutcomeUnknown, PartlyDone } from '../errors.ts';
import { bindApi } from './api.ts';
import type { Api, Plan, WorkflowContext } from './define.ts';
import { parseBy, type Row, rowIn, textIn } from './rows.ts';
import { counted } from './text.ts';

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
  for (const [index, next] of orders.entries()) {
    context.progress(`Writing the draft for ${next.vendor} (${index + 1} of ${orders.length})`);
    try {
      const row = rowIn(await api.call('create_purchase_order', next.create), 'purchaseorder');
      written.push({ order: next, row });
    } catch (error) {
      throw stopped(error, written, next, orders.slice(index + 1));
    }
  }
  const numbers = written.map(({ row }) => textIn(row, 'purchaseorder_number'));
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

function stopped(
  error: unknown,
  written: readonly { order: Order; row: Row }[],
  failed: Order,
  rest: readonly Order[],
): unknown {
  const unknown = error instanceof OutcomeUnknown;
  // With nothing written, and nothing left that could be, the error alone says all.
  if (!(error instanceof InventoryError) || (written.length === 0 && !(unknown && rest.length > 0))) return error;
  const why = error instanceof Cancelled ? 'It was called off.' : error.message;
  const done = written.map(({ order: { vendor }, row }) => ({
    vendor,
    purchaseorder_id: textIn(row, 'purchaseorder_id'),
    purchaseorder_number: textIn(row, 'purchaseorder_number'),
  }));
  const numbers = done.map(({ vendor, purchaseorder_number }) => `${purchaseorder_number} (${vendor})`).join(', ');
  const next = unknown
    ? `Look with list_purchase_orders whether the draft for ${failed.vendor} exists; then`
    : 'To go on,';
  return new PartlyDone(
    `Drafts written: ${numbers || 'none'}. The one for ${failed.vendor} ${unknown ? 'may or may not have been written' : 'was not written'}: ${why} Not started: ${rest.map(({ vendor }) => vendor).join(', ') || 'none'}. ${next} run reorder_low_stock again: by its rule position it counts these drafts and orders only the rest.`,
    {
      cause: error,
      facts: {
        done,
        failed: [{ vendor: failed.vendor, kind: error.kind, outcome: unknown ? 'unknown' : 'not written' }],
        not_started: rest.map(({ vendor }) => ({ vendor })),
      },
    },
  );
}
