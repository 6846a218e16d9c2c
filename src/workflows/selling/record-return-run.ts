import * as z from 'zod';
import type { Reply } from '../../client/client.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { createSteps } from '../partly-done.ts';
import { parseBy, rowIn, textIn } from '../rows.ts';
import { named } from '../text.ts';

const steps = z.object({
  /** The very input of create_stock_adjustment. */
  adjustment: z.record(z.string(), z.unknown()),
  number: z.string(),
  party: z.string(),
  salesorder_id: z.string(),
  /** What goes back, and what is damaged, in words. */
  good: z.string(),
  damaged: z.string(),
  lines: z.array(
    z.object({
      item_id: z.string(),
      sku: z.string(),
      warehouse: z.string(),
      put_back: z.number(),
      on_hand: z.number(),
    }),
  ),
  /** Why nothing is written; absent where something is. */
  nothing: z.string().optional(),
});
export type ReturnSteps = z.infer<typeof steps>;

/** One write: the adjustment. */
export async function runReturn(given: Api, plan: Plan, context: WorkflowContext): Promise<Reply> {
  const { adjustment, number, party, salesorder_id, good, damaged, lines, nothing } = parseBy(steps, plan.steps);
  if (nothing !== undefined) return { message: nothing };
  const api = bindApi(given, context);
  const order = named(number, 40);
  const title = `putting back what came from ${order}`;
  const step = createSteps({ titles: [title], goOn: () => '', progress: context.progress });
  const reply = await step({
    title,
    write: () => api.call('create_stock_adjustment', adjustment),
    told: (answer) => {
      const id = `inventory_adjustment_id ${textIn(rowIn(answer, 'inventory_adjustment'), 'inventory_adjustment_id')}`;
      return { done: `put back (${id})`, undo: `delete_stock_adjustment (${id})` };
    },
    look: `Look with list_stock_adjustments (search_text ${order}) before recording it again.`,
  });
  const row = rowIn(reply, 'inventory_adjustment');
  const by = named(row.adjustment_number, 40);
  return {
    message: `Back into stock from ${order}, ${named(party)}: ${good}${by === '' ? '' : `, by adjustment ${by}`}.${damaged === '' ? '' : ` ${damaged}`} No credit and no refund is made.`,
    inventory_adjustment: {
      inventory_adjustment_id: textIn(row, 'inventory_adjustment_id'),
      adjustment_number: textIn(row, 'adjustment_number'),
      reference_number: number,
    },
    salesorder: { salesorder_id, salesorder_number: number },
    lines: lines.map(({ sku, ...line }) => ({ ...(sku === '' ? {} : { sku }), ...line })),
  };
}
