import type { KeptAction } from '../state/state.ts';
import type { ActionOf, GuardParts, Verdict } from './action.ts';
import type { createAgain } from './again.ts';
import { recordedOutcome } from './answers.ts';
import type { CallContext } from './caller.ts';
import { resumeWorkflow } from './resume-workflow.ts';
import { replyOf } from './runs.ts';
import { isUnended } from './store-rules.ts';

export interface UsedOptions {
  readonly actionOf: ActionOf;
  /**
   * Does what was agreed to, where it is certain that nothing of it was begun. Absent for a form: it may have been taken
   * because the person said no.
   */
  readonly begin?: () => Promise<Verdict>;
}

/** A confirmation used again: what became of it is looked for where its end is not known, and it is not begun twice. */
export function createUsed(
  { state, now }: Pick<GuardParts, 'state' | 'now'>,
  { outcomeOf, isUnderWay }: ReturnType<typeof createAgain>,
) {
  const recorded = (row: KeptAction): Verdict => ({ kind: 'answer', ...recordedOutcome(row, now()) });
  /** Somebody is at it, however long ago it was taken. */
  const underWay = (row: KeptAction): Verdict => recorded({ ...row, status: 'running', changedAtMs: now() });

  async function outcomeOfUsed(
    row: KeptAction,
    context: CallContext,
    { actionOf, begin }: UsedOptions,
  ): Promise<Verdict> {
    const isOpen = row.status === 'running' || row.status === 'unknown';
    if (!isOpen) return recorded(row);
    if (await isUnderWay(row)) return underWay(row);
    const run = await state.findRun(runIdOf(row));
    // Its process died before anything was sent.
    if (!run && begin && row.status === 'running') return begin();
    if (!run) return recorded(row);
    if (await isUnderWay(run)) return underWay(row);
    if (isUnended(run)) {
      const outcome = await outcomeOf(run, actionOf(run), context);
      if (outcome.kind === 'doubt') {
        const message = outcome.raise.reason;
        await state.settle(row.id, 'unknown', { kind: 'outcome_unknown', message }, now());
        return recorded({ ...row, status: 'unknown', outcome: { kind: 'outcome_unknown', message } });
      }
      const reply = outcome.kind === 'verdict' && outcome.verdict.kind === 'answer' ? outcome.verdict.reply : undefined;
      if (reply?.status === 'unfinished') return { kind: 'answer', reply };
      await state.settle(row.id, reply ? 'done' : 'failed', reply ?? notDone(row), now());
    } else await state.settle(row.id, run.status === 'done' ? 'done' : 'failed', replyOf(run), now());
    return recorded((await state.find(row.id)) ?? row);
  }

  return { recorded, outcomeOfUsed };
}

/** A run bears the id of its yes; a yes to going on names the run. */
const runIdOf = ({ id, tool, arguments: given }: KeptAction): string =>
  tool === resumeWorkflow.name ? String(given.workflow_id) : id;

const notDone = ({ tool }: KeptAction) => ({
  kind: 'rejected',
  message: `It was looked for and was not carried out. Call ${tool} again for a new preview.`,
});
