import * as z from 'zod';
import type { Reply } from '../../client/client.ts';
import { Rejected } from '../../errors.ts';
import { bindApi } from '../../workflows/api.ts';
import type { Api, Plan, WorkflowContext } from '../../workflows/define.ts';
import { createSteps } from '../../workflows/partly-done.ts';
import { parseBy, rowIn, textIn } from '../../workflows/rows.ts';
import { plainText } from '../../workflows/text.ts';
import { createAnew, leftIn, leftOut } from './anew.ts';
import { mostListed } from './plan.ts';
import { notTaken } from './updates.ts';
import { write } from './write.ts';

/** Of what an answer names. */
const mostTold = 100;

const planned = z.object({ writes: z.array(write), stays: z.array(z.string()), message: z.string() });

/** Goods may have moved on in ways that no reading shows; the refusal is in the journal, and the next plan goes by it. */
function tellAgain(operation: string, error: unknown): never {
  if (operation !== 'delete_stock_adjustment' || !(error instanceof Rejected)) throw error;
  const next = 'Call undo_action again with the same action_id: it then books a counter-adjustment instead.';
  throw new Rejected(`${error.message} ${next}`, { cause: error, facts: error.facts });
}

function toldRefused(title: string, error: unknown): Reply {
  if (!(error instanceof Rejected)) throw error;
  return leftOut({ stays: [`${title} was refused: ${plainText(error.message, 200)}`] });
}

/** The reversing writes in the plan's order: newest first. */
export async function runUndo(given: Api, plan: Plan, context: WorkflowContext): Promise<Reply> {
  const { writes, stays, message } = parseBy(planned, plan.steps);
  const api = bindApi(given, context);
  const step = createSteps({
    titles: writes.map(({ title }) => title),
    goOn: () => 'What is undone stays undone; undo the rest by its own tools if resuming is refused again.',
    progress: context.progress,
  });
  let made = '';
  const left: string[] = [];
  const undone: string[] = [];
  const already: string[] = [];
  const leftBy = createAnew(api, writes);
  for (const one of writes) {
    const { operation, input, title, ofNew } = one;
    const asked = ofNew ? { ...input, transfer_id: made } : input;
    // Thousands of whole items would be kept until the end.
    const keep = operation.startsWith('update_') ? { keep: (reply: Reply) => notTaken(operation, input, reply) } : {};
    const reply = await step({
      title,
      write: () =>
        api
          .call(operation, asked, { ...keep, unless: () => leftBy(one) })
          .catch((error: unknown) => (one.mayStay ? toldRefused(title, error) : tellAgain(operation, error))),
      told: (answer) => ({ done: leftIn(answer) ? `left out ${title}` : title }),
      look: 'Look at the record whether it happened.',
    });
    const out = leftIn(reply);
    if (out) {
      left.push(...(out.stays ?? []));
      already.push(...(out.already === undefined ? [] : [out.already]));
      continue;
    }
    undone.push(title);
    made = textIn(rowIn(reply, 'transfer'), 'transfer_id') || made;
    if (keep.keep) left.push(...rowsOfText(keep.keep(reply).left).map((key) => `${title}: ${key} was left as it is`));
  }
  const stay = [...stays, ...left];
  const isNone = writes.length > 0 && undone.length === 0;
  return {
    message: isNone
      ? `Nothing was put back. ${[...already, ...stay].slice(0, mostListed).join('; ')}`
      : `${message}${stay.length > 0 ? ' Not all of it: see stays.' : ''}`,
    ...told('undone', undone),
    ...(already.length > 0 ? told('already', already) : {}),
    ...(stay.length > 0 ? told('stays', stay) : {}),
  };
}

/** The first of them; of an import there are thousands. */
const told = (key: string, lines: readonly string[]): Reply => ({
  [key]: lines.slice(0, mostTold),
  ...(lines.length > mostTold ? { [`${key}_shown`]: `${mostTold} of ${lines.length}` } : {}),
});

export const rowsOfText = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
