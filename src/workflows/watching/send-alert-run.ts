import * as z from 'zod';
import { Cancelled, InventoryError, OutcomeUnknown, PartlyDone, Rejected, Unavailable } from '../../errors.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { parseBy, textIn } from '../rows.ts';
import { alertShape } from './alert-port.ts';

const steps = z.object({
  alert: alertShape,
  ways: z.array(
    z.object({ way: z.string(), to: z.array(z.string()), words: z.string(), after: z.string().optional() }),
  ),
  /** Why something is not sent; empty where all is. */
  note: z.string(),
});
export type SendingSteps = z.infer<typeof steps>;
type Way = SendingSteps['ways'][number];

interface Failed {
  readonly way: Way;
  readonly error: InventoryError;
}

/**
 * Sends the alert each way, one after another. A way that fails keeps no other from being tried: that is what a second
 * way is there for. So the steps are not those of a job whose next one rests on the last.
 */
export async function runSending(given: Api, plan: Plan, context: WorkflowContext) {
  const { alert, ways, note } = parseBy(steps, plan.steps);
  if (ways.length === 0) return { message: note, sent: [] };
  const api = bindApi(given, context);
  const sent: { way: Way; refused: string[]; isRepeat: boolean }[] = [];
  const failed: Failed[] = [];
  for (const way of ways) {
    context.progress(`Sending ${way.words}`);
    const { words: _, ...target } = way;
    try {
      const reply = await api.call('send_alert', { ...target, alert });
      const refused = Array.isArray(reply.refused) ? reply.refused.map(String) : [];
      sent.push({ way, refused, isRepeat: textIn(reply, 'status') === 'already_sent' });
    } catch (error) {
      // What broke off the whole call, or is a fault of ours, is nothing that a way did.
      if (!(error instanceof InventoryError) || error instanceof Cancelled || error instanceof PartlyDone) throw error;
      failed.push({ way, error });
    }
  }
  if (failed.length > 0)
    throw failure(
      sent.map(({ way }) => way),
      failed,
    );
  const now = sent.filter(({ isRepeat }) => !isRepeat);
  const repeats = sent.filter(({ isRepeat }) => isRepeat);
  return {
    message: [
      ...(now.length === 0 ? [] : [`Sent ${now.map(({ way }) => way.words).join(', and ')}.`]),
      ...now.flatMap(({ refused }) => (refused.length === 0 ? [] : [`Refused: ${refused.join(', ')}.`])),
      ...repeats.map(({ way }) => `It had been sent ${way.words} within the hour already.`),
      ...(note === '' ? [] : [note]),
    ].join(' '),
    sent: now.map(({ way: { way, to }, refused }) => ({ way, to, ...(refused.length === 0 ? {} : { refused }) })),
    ...(repeats.length === 0 ? {} : { already_sent: repeats.map(({ way: { way } }) => way) }),
  };
}

const again = 'Ask the recipients; to send it once more call again with again: true.';

/** Of several ways that failed the worst: what may have arrived, then what was sent in part, then what was not. */
function failure(sent: readonly Way[], failed: readonly Failed[]): InventoryError {
  const unknown = failed.filter(({ error }) => error instanceof OutcomeUnknown);
  const why = failed.map(({ error }) => error.message).join(' ');
  const facts = {
    done: sent.map(({ words }) => `sent ${words}`),
    failed: failed.map(({ way, error }) =>
      error instanceof OutcomeUnknown ? `sending ${way.words} (may or may not have happened)` : `sending ${way.words}`,
    ),
    not_started: [],
    undo: [],
  };
  const cause = failed[0]?.error;
  if (sent.length > 0) {
    const message = `Sent ${sent.map(({ words }) => words).join(', and ')}. Not sent the other way: ${why}`;
    return new PartlyDone(unknown.length > 0 ? `${message} ${again}` : message, { cause, facts });
  }
  if (unknown.length > 0) return new OutcomeUnknown(`${why} ${again}`, { cause, facts });
  const nothingSent = failed.every(({ error }) => error.nothingSent);
  const isRefused = failed.some(({ error }) => error instanceof Rejected || error.kind === 'denied');
  const Kind = isRefused ? Rejected : Unavailable;
  return new Kind(`The alert was not sent. ${why}`, { cause, facts, nothingSent });
}
