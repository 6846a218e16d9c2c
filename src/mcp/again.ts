import { type InventoryError, OutcomeUnknown, Unavailable } from '../errors.ts';
import type { KeptRun } from '../state/state.ts';
import type { Raise } from '../workflows/define.ts';
import type { Action, GuardParts, Verdict } from './action.ts';
import type { CallContext } from './caller.ts';
import { type createRuns, replyOf } from './runs.ts';
import { isUnended } from './store-rules.ts';
import { runLease } from './under-way.ts';

const patienceMs = 20_000;
const pollMs = 200;

/** What became of an earlier call like this one; nothing where it was not carried out, so that the call may begin. */
export type Earlier =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'doubt'; readonly raise: Raise }
  | { readonly kind: 'nothing' };

const nothing: Earlier = { kind: 'nothing' };
const answer = (reply: Record<string, unknown>): Earlier => ({ kind: 'verdict', verdict: { kind: 'answer', reply } });

/** A repeated call finds its own outcome, instead of being carried out once more. */
export function createAgain(parts: GuardParts, { resume }: Pick<ReturnType<typeof createRuns>, 'resume'>) {
  const { state, now, sleep = realSleep } = parts;

  /** Of a run, or of a confirmation: its run bears the same id. */
  const isUnderWay = ({ id }: { readonly id: string }) => state.isHeld(runLease(id), now());

  /** The run as it stands once nobody works at it; throws when that takes longer than a caller waits. */
  async function settled(run: KeptRun, { signal, progress }: CallContext): Promise<KeptRun> {
    const untilMs = now() + patienceMs;
    while (await isUnderWay(run)) {
      if (signal.aborted || now() > untilMs) {
        const message = `The same ${run.tool} call is under way. Nothing was started again; ask once more in a few seconds.`;
        throw new Unavailable(message, { nothingSent: true, facts: { under_way: true } });
      }
      progress('The same call is under way; waiting for its outcome.');
      await sleep(pollMs);
    }
    return (await state.findRun(run.id)) ?? run;
  }

  async function outcomeOf(run: KeptRun, action: Action, context: CallContext): Promise<Earlier> {
    const waited = await isUnderWay(run);
    const latest = await settled(run, context);
    if (latest.status === 'done') return answer({ ...replyOf(latest), note: waited ? sameNote : lostNote });
    if (latest.status === 'partly_done') return answer(stopped(latest));
    if (!isUnended(latest)) return nothing;
    try {
      const resumed = await resume(latest, action, context);
      if ('reply' in resumed) {
        const isWhole = resumed.reply.status !== 'unfinished';
        return answer(isWhole ? { ...resumed.reply, note: lostNote } : resumed.reply);
      }
      return resumed.isHalfDone ? answer(stopped(latest)) : nothing;
    } catch (error) {
      if (action.isJob || !(error instanceof OutcomeUnknown) || error.facts.looked !== true) throw error;
      return { kind: 'doubt', raise: doubtOf(latest, error) };
    }
  }

  const doubtOf = ({ startedAtMs }: KeptRun, error: InventoryError): Raise => {
    const ago = Math.max(1, Math.round((now() - startedAtMs) / 1000));
    const reason = `The same call was sent ${ago} s ago, and it cannot be told what became of it. ${error.message}${recordsIn(error)} Look first: a yes sends it again.`;
    return { rule: 'outcome_unknown', reason };
  };

  return { outcomeOf, isUnderWay };
}

/** The records that come into question: an error tells them as facts, a preview has only words. */
function recordsIn({ facts }: InventoryError): string {
  const ids = Object.entries(facts).filter(([key]) => key.endsWith('_id'));
  return ids.map(([key, value]) => ` In question: ${key} ${[value].flat().join(', ')}.`).join('');
}

const sameNote = 'The same call was under way already: this is its one outcome.';
const lostNote =
  'The same call was made before and its answer was lost: this is its outcome, and nothing was done twice.';
/** What an answer says that was found and not made. */
export const repeatNotes: readonly string[] = [sameNote, lostNote];

const stopped = ({ id, tool }: KeptRun) => ({
  status: 'unfinished',
  message: `The same ${tool} call was begun before and stopped half way. Nothing was done now.`,
  workflow_id: id,
  next: 'Call resume_workflow with this workflow_id: it shows what is left and goes on after a yes.',
});

const realSleep = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });
