import * as z from 'zod';
import type { Reply } from '../../client/client.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { createSteps } from '../partly-done.ts';
import { parseBy, type Row, rowIn, textIn } from '../rows.ts';
import { named } from '../text.ts';

const steps = z.object({
  /** `5 pcs DMAT from Oakland to Newark`. */
  way: z.string(),
  from: z.string(),
  to: z.string(),
  /** The very input of create_transfer. */
  create: z.record(z.string(), z.unknown()),
  /** What receive_transfer is given beside the id; absent where the goods stay in transit. */
  receive: z.record(z.string(), z.unknown()).optional(),
  lines: z.array(z.record(z.string(), z.unknown())),
  left: z.array(z.object({ sku: z.string(), item: z.string(), item_id: z.string(), not_moved: z.number() })),
});
export type MoveSteps = z.infer<typeof steps>;

/** Creates the transfer, sends it and, where asked to, receives it. */
export async function runMove(given: Api, plan: Plan, context: WorkflowContext) {
  const { way, from, to, create, receive, lines, left } = parseBy(steps, plan.steps);
  const api = bindApi(given, context);
  const titles = ['creating the transfer', 'sending it', ...(receive ? ['receiving it'] : [])];
  const step = createSteps({ titles, goOn: (replies) => goOnWords(replies, receive), progress: context.progress });

  const created = transferIn(
    await step({
      title: 'creating the transfer',
      write: () => api.call('create_transfer', create),
      told: (reply) => {
        const row = transferIn(reply);
        return { done: `created ${numberOf(row)} (${idWords(row)})`, undo: deleting(row) };
      },
      look: 'Look with list_transfers whether the draft exists.',
    }),
  );
  const transfer_id = textIn(created, 'transfer_id');
  const look = `Look with get_transfer (${idWords(created)}) at its status.`;
  let last = transferIn(
    await step({
      title: `sending ${numberOf(created)}`,
      write: () => api.call('send_transfer', { transfer_id }),
      told: () => ({
        done: `sent ${numberOf(created)}: ${way} is in transit`,
        noLonger: [deleting(created)],
      }),
      look,
    }),
  );
  if (receive)
    last = transferIn(
      await step({
        title: `receiving ${numberOf(created)}`,
        write: () => api.call('receive_transfer', { transfer_id, ...receive }),
        told: () => ({ done: `received ${numberOf(created)}` }),
        look,
      }),
    );
  const end = receive
    ? 'moved and received'
    : `on its way; receive_transfer (${idWords(created)}) books it in at ${named(to)}`;
  const short = left.length > 0 ? ' Not all that was asked for: see left_out.' : '';
  return {
    message: `${numberOf(created)}: ${way}, ${end}.${short}`,
    transfer_id,
    transfer_number: textIn(created, 'transfer_number'),
    status: textIn(last, 'status') || (receive ? 'received' : 'in_transit'),
    from_warehouse: from,
    to_warehouse: to,
    line_items: lines,
    ...(left.length > 0 ? { left_out: left } : {}),
  };
}

const transferIn = (reply: Reply): Row => rowIn(reply, 'transfer');
const numberOf = (row: Row): string => named(row.transfer_number, 40);
const idWords = (row: Row): string => `transfer_id ${textIn(row, 'transfer_id')}`;
const deleting = (row: Row): string => `delete_transfer (${idWords(row)})`;

function goOnWords([created, sent]: readonly Reply[], receive: MoveSteps['receive']): string {
  const id = idWords(transferIn(created ?? {}));
  if (sent) return `To go on call receive_transfer (${id}). Once received, a move back takes the goods back.`;
  const then = receive ? ', then receive_transfer' : '';
  return `To go on call send_transfer (${id})${then}. A new move_stock would write a second transfer.`;
}
