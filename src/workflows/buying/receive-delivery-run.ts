import * as z from 'zod';
import type { Reply } from '../../client/client.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { createSteps } from '../partly-done.ts';
import { parseBy, rowIn, textIn } from '../rows.ts';
import { named } from '../text.ts';

/** What a planned receipt carries to its run, through the store: read back by this schema. */
export const receiveSteps = z.object({
  number: z.string(),
  vendor: z.string(),
  /** `40 DMAT, 100 UCC-1M`. */
  contents: z.string(),
  /** The very input of receive_purchase_order; absent where nothing is to come. */
  receive: z.record(z.string(), z.unknown()).optional(),
  /** What the order's status should be afterwards, where the reply does not say. */
  status: z.string(),
  lines: z.array(z.record(z.string(), z.unknown())),
  unbooked: z.array(z.record(z.string(), z.unknown())),
  purchaseorder_id: z.string(),
  /** Sentences that belong to the result as much as to the preview. */
  notes: z.array(z.string()),
  /** What is said where nothing is to be done. */
  nothing: z.string().optional(),
});
export type ReceiveSteps = z.infer<typeof receiveSteps>;

/** Books the goods in: one write. */
export async function runReceive(given: Api, plan: Plan, context: WorkflowContext): Promise<Reply> {
  const todo = parseBy(receiveSteps, plan.steps);
  const { number, vendor, contents, receive, lines, unbooked, purchaseorder_id } = todo;
  const order = { purchaseorder_id, purchaseorder_number: number };
  if (!receive)
    return { message: todo.nothing ?? 'Nothing to receive.', purchaseorder: { ...order, status: todo.status } };
  const api = bindApi(given, context);
  const title = `receiving ${named(number, 40)}`;
  const step = createSteps({ titles: [title], goOn: () => '', progress: context.progress });
  const reply = await step({
    title,
    write: () => api.call('receive_purchase_order', receive),
    told: () => ({ done: `received ${contents} of ${named(number, 40)}, which cannot be undone` }),
    look: `Look with get_purchase_order (purchaseorder_id ${purchaseorder_id}) at quantity_received and its receives.`,
  });
  const receipt = rowIn(reply, 'purchasereceive');
  const status = textIn(rowIn(reply, 'purchaseorder'), 'status') || todo.status;
  const by = textIn(receipt, 'receive_number');
  const said = `${contents} of ${named(number, 40)} from ${named(vendor)} are in stock${by === '' ? '' : `, ${named(by, 40)}`}. The order is ${status.replace(/_/g, ' ')}.`;
  return {
    message: [said, ...todo.notes].join(' '),
    purchaseorder: { ...order, status },
    receive_id: textIn(receipt, 'receive_id'),
    lines,
    ...(unbooked.length === 0 ? {} : { not_booked: unbooked }),
  };
}
