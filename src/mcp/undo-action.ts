import * as z from 'zod';
import type { Reply } from '../client/client.ts';
import { NotFound, Rejected, Unavailable } from '../errors.ts';
import type { Operation } from '../operations/define.ts';
import { operations } from '../operations/index.ts';
import type { KeptRun } from '../state/state.ts';
import { bindApi } from '../workflows/api.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../workflows/define.ts';
import { isRow, textIn } from '../workflows/rows.ts';
import { plainText } from '../workflows/text.ts';
import type { GuardParts } from './action.ts';
import { fingerprintOf } from './canonical.ts';
import { type Step, stepsOf } from './journal.ts';
import { resumeWorkflow } from './resume-workflow.ts';
import { runLease } from './under-way.ts';
import { doneBy, touchedName } from './undo/done.ts';
import { mostListed, planOf, refuse } from './undo/plan.ts';
import { reversals } from './undo/reversals.ts';
import { reverseEach } from './undo/reverse.ts';
import { keepsRows, reverseRows } from './undo/rows.ts';
import { rowsOfText, runUndo } from './undo/run.ts';
import { formerOfRun, isUpdate, reverseUpdate } from './undo/updates.ts';

/** Takes back what a call of the same caller did. Its effect is the worst it may use. */
export const undoAction = {
  name: 'undo_action',
  title: 'Undo action',
  description:
    'Takes back one of your last writes by what reverses it, after one yes. Without an id: your last 10, and what can be undone.',
  input: { action_id: z.string().min(8).max(200).describe('From the list').optional() },
} as const;

const dayMs = 24 * 60 * 60_000;
const mostNamed = 5;
const mostUndos = 100;
/** Plans of imports are megabytes, so that not a whole day is read. */
const mostRead = 40;

const changing = [
  ...new Set(Object.values(reversals).flatMap(({ by }) => by)),
  'send_transfer',
  'receive_transfer',
  ...operations.filter(({ name }) => name.startsWith('update_')).map(({ name }) => name),
];
const uses: readonly Operation[] = operations.filter(
  ({ name, effect, accept }) => (effect === 'read' && !accept) || changing.includes(name),
);

const underWay = () =>
  new Unavailable('An undo of it is under way at this moment. Nothing was written; ask again in a few seconds.', {
    nothingSent: true,
  });
const isOwnTool = ({ tool }: KeptRun) => tool === undoAction.name || tool === resumeWorkflow.name;
const isEnded = ({ status }: KeptRun) => status === 'done' || status === 'partly_done';

export function createUndo({ state, settings, now }: Pick<GuardParts, 'state' | 'settings' | 'now'>) {
  const { organization } = settings;
  const journalOf = async (run: KeptRun) => stepsOf(await state.journal(run.id));

  /** Of the newest hundred undos: older ones are of actions nobody comes back to. */
  const undosSince = (caller: string, sinceMs: number) =>
    state.recentRuns(organization, caller, { sinceMs, most: mostUndos, tool: undoAction.name });

  async function list(caller: string): Promise<Reply> {
    const sinceMs = now() - dayMs;
    const recent = await state.recentRuns(organization, caller, { sinceMs, most: mostRead });
    const shown = recent.filter((run) => run.status !== 'failed' && !isOwnTool(run));
    const undos = await undosSince(caller, sinceMs);
    // Newest first: the oldest one that put something back is the last to be set.
    const undone = new Map(undos.filter(hasUndone).map((undo) => [undo.arguments.action_id, undo]));
    const actions = await Promise.all(shown.slice(0, mostListed).map((run) => rowOf(run, undone.get(run.id))));
    const message =
      actions.length === 0
        ? 'You wrote nothing in the last 24 hours.'
        : `Your last writes, newest first: ${actions.length} of ${shown.length}${recent.length === mostRead ? ' or more' : ''} in 24 hours. What a record allows now is read when you undo.`;
    return { message, actions };
  }

  async function rowOf(run: KeptRun, undone: KeptRun | undefined): Promise<Record<string, unknown>> {
    const plan = run.plan as Plan; // parse boundary: our own row, written when the run began
    const steps = await journalOf(run);
    const formerKept = keepsRows(run.tool) || formerOfRun(run, steps) !== undefined;
    const { touched, stays } = doneBy(run, formerKept ? withoutUpdates(steps) : steps);
    const names = touched.slice(0, mostNamed).map(touchedName);
    const more = touched.length > names.length ? [`and ${touched.length - names.length} more`] : [];
    const by = [...new Set(touched.flatMap(({ reversal }) => reversal.by.slice(0, 2).join(' or ')))];
    const updated = [...new Set(formerKept ? steps.filter(isUpdate).map(({ operation }) => operation) : [])];
    const way = [...updated.map((operation) => `${operation} with the former values`), ...by];
    return {
      action_id: run.id,
      tool: run.tool,
      done: run.outcome ?? plan.summary,
      ...(names.length > 0 ? { records: [...names, ...more] } : {}),
      at: new Date(run.startedAtMs).toISOString(),
      ...(undone
        ? { undone: leftBy(undone).length > 0 ? 'in part' : true }
        : !isEnded(run)
          ? { cannot: ['it has not ended; resume_workflow first'] }
          : { ...(way.length > 0 ? { undo_by: way } : {}), ...(stays.length > 0 ? { cannot: stays } : {}) }),
    };
  }

  async function ownAction(id: string, caller: string): Promise<KeptRun> {
    const run = await state.findRun(id);
    if (run?.caller !== caller || run.organization !== organization || run.status === 'failed')
      throw new NotFound('There is no such action of this caller. undo_action without an id lists them.', {
        nothingSent: true,
      });
    if (isOwnTool(run)) throw refuse(await whyNoUndoOfUndo(run));
    if (!isEnded(run))
      throw refuse(`This ${run.tool} has not ended. Call resume_workflow with workflow_id ${run.id} first.`);
    return run;
  }

  /** What was taken back and how to have it again. */
  async function whyNoUndoOfUndo(undo: KeptRun): Promise<string> {
    const action = await state.findRun(String(undo.arguments.action_id));
    if (undo.status !== 'done')
      return `An undo is not undone, and this one has not ended. Call resume_workflow with workflow_id ${undo.id} first.`;
    if (!action) return 'An undo is not undone: do anew what was taken back.';
    const what = plainText(whatOf(action), 120);
    const did = !hasUndone(undo) ? 'put nothing back of' : leftBy(undo).length > 0 ? 'took back in part' : 'took back';
    return `An undo is not undone. This one ${did}: ${what}. To have it again call ${action.tool} anew; that can then be undone like any other.`;
  }

  /** Undos of this action; one that stopped half way goes on, and is not begun again. */
  async function earlierUndos(run: KeptRun, caller: string) {
    const undos = (await undosSince(caller, run.startedAtMs)).filter(
      ({ arguments: given }) => given.action_id === run.id,
    );
    // However many undos of other actions came since. In this order: one that ends in between is found as done.
    const like = [organization, caller, fingerprintOf(undoAction.name, { action_id: run.id })] as const;
    const since = { ms: run.startedAtMs };
    const open = (await state.openLike(...like, since)) ?? undos.find(isOpen);
    const undone = [await state.lastLike(...like, since), ...undos].find((undo) => undo && hasUndone(undo));
    if (open && (await state.isHeld(runLease(open.id), now()))) throw underWay();
    if (open) throw refuse(`An undo of it stopped half way. Call resume_workflow with workflow_id ${open.id}.`);
    const tried = (await Promise.all(undos.filter(({ status }) => status === 'failed').map(journalOf))).flat();
    const refused = new Set(tried.filter(({ status }) => status === 'refused').map(({ fingerprint }) => fingerprint));
    return { undone, refused };
  }

  async function plan(given: Api, id: string, caller: string, context: WorkflowContext): Promise<Plan> {
    const run = await ownAction(id, caller);
    const { undone, refused } = await earlierUndos(run, caller);
    if (undone) return planOfUndone(run, undone);
    try {
      return await planOfUndo(bindApi(given, context), run, refused, context);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      // Another yes to the same may have been at work while this one read: then its own doing is what was found.
      const since = await earlierUndos(run, caller);
      if (since.undone) return planOfUndone(run, since.undone);
      throw error;
    }
  }

  async function planOfUndo(
    api: Api,
    run: KeptRun,
    refused: ReadonlySet<string>,
    context: WorkflowContext,
  ): Promise<Plan> {
    const what = whatOf(run);
    const around = { api, context, refused, unpacked: new Set<string>() };
    const steps = await journalOf(run);
    const former = formerOfRun(run, steps);
    const [step] = steps;
    if (former && step) return planOf(what, [await reverseUpdate(former, step, around)], []);
    const isRows = keepsRows(run.tool);
    const { touched, stays } = doneBy(run, isRows ? withoutUpdates(steps) : steps);
    const found = isRows ? await reverseRows(run, steps, touched, around) : await reverseEach(touched, around);
    return planOf(what, found, stays);
  }

  const workflowOf = (caller: string): WriteWorkflow => ({
    ...undoAction,
    toolset: 'reports',
    uses,
    alwaysConfirm: true,
    isLong: true,
    isOnce: true,
    plan: (api, input, context) => plan(api, textIn(input, 'action_id'), caller, context),
    run: runUndo,
  });

  return { list, workflowOf };
}

const isOpen = ({ status }: KeptRun) => status !== 'done' && status !== 'failed';

const whatOf = ({ outcome, plan }: KeptRun): string => outcome ?? (plan as Plan).summary; // parse boundary: as above

const replyIn = ({ reply }: KeptRun): Reply => (isRow(reply) ? reply : {});
/** One that found everything changed since put nothing back, and may be tried again. */
const hasUndone = (undo: KeptRun) => undo.status === 'done' && rowsOfText(replyIn(undo).undone ?? ['all']).length > 0;
const leftBy = (undo: KeptRun): string[] => rowsOfText(replyIn(undo).stays);

function planOfUndone(run: KeptRun, undone: KeptRun): Plan {
  const at = new Date(undone.changedAtMs).toISOString();
  const left = leftBy(undone);
  if (left.length === 0) return planOf(whatOf(run), [], [], [`It was undone already, at ${at}.`]);
  const stays = left.slice(0, mostNamed).join('; ');
  const more = left.length > mostNamed ? ` and ${left.length - mostNamed} more` : '';
  return planOf(whatOf(run), [], [], [`It was undone already, at ${at}, but for what stayed then: ${stays}${more}.`]);
}

const withoutUpdates = (steps: readonly Step[]) => steps.filter((step) => !isUpdate(step));
