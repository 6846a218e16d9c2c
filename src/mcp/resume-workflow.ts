import * as z from 'zod';
import type { Reply } from '../client/client.ts';
import { NotFound } from '../errors.ts';
import type { KeptRun } from '../state/state.ts';
import type { Plan } from '../workflows/define.ts';
import type { Action, GuardParts } from './action.ts';
import { type Step, stepsOf } from './journal.ts';
import { summaryLine } from './previews/words.ts';
import { runLease } from './under-way.ts';

/** Goes on with a job that stopped half way. Its effect is that of what is left. */
export const resumeWorkflow = {
  name: 'resume_workflow',
  title: 'Resume workflow',
  description:
    'Goes on with a job that stopped half way; what is done is not repeated. After 10 minutes it shows what is left and asks first. Without an id: which jobs are unfinished.',
  input: { workflow_id: z.string().min(8).max(200).optional() },
} as const;

export const listUnfinishedWorkflows = {
  name: 'list_unfinished_workflows',
  title: 'List unfinished workflows',
  description: 'Your jobs and writes that are under way, stopped half way, or whose outcome is not known.',
  toolset: 'reports',
  effect: 'read',
  input: {},
} as const;

const stepWords = ({ operation, status, message }: Step) =>
  ({
    done: operation,
    begun: `${operation} (outcome to be looked for)`,
    refused: `${operation} (refused: ${message ?? ''})`,
    left: `${operation} (left out: changed since)`,
  })[status];

/** Steps are told one by one as long as anybody would read them; an import has thousands. */
const mostSteps = 20;

/** `2499 x create_item` in place of as many words. */
function stepsWords(steps: readonly Step[]): string[] {
  if (steps.length <= mostSteps) return steps.map(stepWords);
  const counts = new Map<string, number>();
  for (const step of steps) {
    const words = step.status === 'refused' ? `${step.operation} (refused)` : stepWords(step);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => `${count} x ${words}`);
}

/** What the resuming of a run shows and rests on. The steps left are those of the plan that was agreed to. */
export function planOfRest(run: KeptRun, steps: readonly Step[], nowMs: number): Plan {
  const plan = run.plan as Plan; // parse boundary: our own row, written when the run began
  const minutes = Math.round((nowMs - run.startedAtMs) / 60_000);
  const done = stepsWords(steps.filter(({ status }) => status === 'done'));
  const other = stepsWords(steps.filter(({ status }) => status !== 'done'));
  return {
    summary: summaryLine(`Go on with: ${plan.summary}`),
    preview: [
      `Begun ${minutes} min ago; done so far: ${done.join(', ') || 'nothing'}.`,
      ...(other.length > 0 ? [`Not done: ${other.join(', ')}.`] : []),
      'The plan as it was agreed to then:',
      ...plan.preview,
    ],
    restsOn: {
      status: run.status,
      steps: steps.length <= mostSteps ? steps.map(({ operation, status }) => [operation, status]) : stepsWords(steps),
    },
    steps: null,
    documents: 2,
    raises: [],
    amountMinor: 0,
  };
}

/** The runs of this caller that have not ended, as rows. */
export async function unfinishedRows(
  { state, settings, now }: Pick<GuardParts, 'state' | 'settings' | 'now'>,
  caller: string,
): Promise<Record<string, unknown>[]> {
  const runs = await state.unfinishedRuns(settings.organization, caller);
  return Promise.all(
    runs.map(async (run) => {
      const steps = stepsOf(await state.journal(run.id));
      const plan = run.plan as Plan; // parse boundary: as above
      const isUnderWay = await state.isHeld(runLease(run.id), now());
      return {
        workflow_id: run.id,
        tool: run.tool,
        summary: plan.summary,
        begun: new Date(run.startedAtMs).toISOString(),
        status: isUnderWay ? 'under way' : run.status === 'unknown' ? 'outcome unknown' : 'stopped',
        steps: stepsWords(steps),
      };
    }),
  );
}

/** The run of this caller; one wording for unknown and foreign ones. */
export async function ownRun(
  { state, settings }: Pick<GuardParts, 'state' | 'settings'>,
  id: string,
  caller: string,
): Promise<KeptRun> {
  const run = await state.findRun(id);
  if (run?.caller !== caller || run.organization !== settings.organization) {
    throw new NotFound('There is no such workflow of this caller. list_unfinished_workflows tells which there are.', {
      nothingSent: true,
    });
  }
  return run;
}

/** The action of resuming, for a run that is asked about anew. */
export const resumingAction = (
  run: KeptRun,
  action: Action,
  plan: () => Promise<Plan>,
  goOn: () => Promise<Reply>,
): Action => ({
  tool: resumeWorkflow.name,
  arguments: { workflow_id: run.id },
  effect: action.effect,
  creates: false,
  alwaysConfirm: true,
  countsAmount: false,
  currency: action.currency,
  isJob: true,
  plan,
  run: goOn,
  goOn,
});
