import type { Effect } from '../operations/define.ts';
import { operationByName } from '../operations/index.ts';
import type { AuditTrail } from '../state/audit.ts';
import { workflowEffect } from '../workflows/define.ts';
import { createChanges, type Written } from './audit-changes.ts';
import { entryOf, type Seen } from './audit-entry.ts';
import { createRedact } from './audit-redact.ts';
import type { Calls } from './call.ts';
import { confirmAction } from './confirm-action.ts';
import { jobByName } from './jobs.ts';
import { resumeWorkflow } from './resume-workflow.ts';
import { undoAction } from './undo-action.ts';
import type { CallWatch } from './watch.ts';

export interface AuditParts {
  readonly trail: AuditTrail;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly warn: (message: string) => void;
  /** Hidden wherever they stand: the credentials of the settings. */
  readonly secrets: readonly string[];
}

/** What a tool declares; undefined for one that only reads, and for one that is not there. */
function effectOfTool(tool: string, args: unknown): Effect | 'none' | undefined {
  if (tool === confirmAction.name) return 'none';
  // Without an id it only lists.
  if (tool === resumeWorkflow.name)
    return typeof args === 'object' && args !== null && 'workflow_id' in args ? 'none' : undefined;
  if (tool === undoAction.name)
    return typeof args === 'object' && args !== null && 'action_id' in args ? 'destroy' : undefined;
  const job = jobByName.get(tool);
  if (job) return 'plan' in job ? workflowEffect(job) : undefined;
  const effect = operationByName.get(tool)?.effect;
  return effect === 'read' ? undefined : effect;
}

/**
 * The same calls, with one line in the trail for each that is not a read, however it ended. Written when the call is
 * over: nothing that goes wrong here changes its answer.
 */
export function audited(call: Calls, { trail, now, warn, secrets }: AuditParts): Calls {
  const redact = createRedact(secrets);
  const safely = (tool: string, work: () => void) => {
    try {
      work();
    } catch (error) {
      warn(`The audit of a ${tool} call failed: ${error instanceof Error ? error.message : 'no reason given'}`);
    }
  };
  return async (tool, args, context) => {
    const effect = effectOfTool(tool, args);
    if (effect === undefined) return call(tool, args, context);
    const { watch, seen } = createSeen((work) => safely(tool, work));
    const startedAtMs = now();
    const result = await call(tool, args, { ...context, watch });
    const told = { tool, args, context, result, effect, durationMs: now() - startedAtMs };
    safely(tool, () => trail.append(entryOf(told, seen(), redact)));
    return result;
  };
}

/** What is seen of one call. `safely` stands around all that could fail: a write that is done must not end as an error. */
function createSeen(safely: (work: () => void) => void) {
  const changes = createChanges();
  const written: Written[] = [];
  let action: Parameters<CallWatch['onAction']>[0] | undefined;
  let sent = 0;
  let isOpen = false;
  const watch: CallWatch = {
    onAction: (given) => {
      action = given;
    },
    onSent: (effect) => {
      sent += 1;
      if (effect !== 'read') isOpen = true;
    },
    onReply: (operation, input, reply) => {
      if (operation.effect === 'read') return safely(() => changes.note(operation, input, reply));
      isOpen = false;
      safely(() => void written.push(changes.written(operation, input, reply)));
    },
  };
  return { watch, seen: (): Seen => ({ ...(action ? { action } : {}), sent, isUnanswered: isOpen, written }) };
}
