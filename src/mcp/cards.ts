import type { Effect } from '../operations/define.ts';
import { operations } from '../operations/index.ts';
import { type Workflow, workflowEffect } from '../workflows/define.ts';
import { confirmAction } from './confirm-action.ts';
import { describeOperation, describeTool, type ToolCard } from './describe.ts';
import { getApiUsage } from './get-api-usage.ts';
import { jobs } from './jobs.ts';
import { listUnfinishedWorkflows, resumeWorkflow } from './resume-workflow.ts';
import { undoAction } from './undo-action.ts';

/** Every tool as clients see it, always in this order: jobs first, then the endpoints, then the server's own. */
export function allCards(): readonly ToolCard[] {
  return [
    ...jobs.map((workflow) => describeTool({ ...workflow, effect: shownEffect(workflow) })),
    ...operations.map(describeOperation),
    describeTool(getApiUsage),
    describeTool(listUnfinishedWorkflows, { workflows: { description: 'Rows' } }),
    describeTool({ ...resumeWorkflow, effect: 'stock' }),
    describeTool({ ...undoAction, effect: 'destroy' }, { actions: { description: 'Rows' } }),
    describeTool({ ...confirmAction, effect: 'destroy' }),
  ];
}

/** A job that creates and then updates its own record is no idempotent update: called twice it makes two. */
function shownEffect(workflow: Workflow): Effect {
  const worst = workflowEffect(workflow);
  return worst === 'update' && workflow.uses.some(({ effect }) => effect === 'create') ? 'create' : worst;
}
