import type { CallOptions, Client } from '../client/client.ts';
import { InvalidArguments } from '../errors.ts';
import { effectOf, type Input, type Operation } from '../operations/define.ts';
import { operationByName } from '../operations/index.ts';
import { apiFor } from '../workflows/api.ts';
import type { Api, Plan, Workflow, WorkflowContext, WriteWorkflow } from '../workflows/define.ts';
import { workflowEffect } from '../workflows/define.ts';
import { formerOf } from '../workflows/former.ts';
import { type Row, rowIn } from '../workflows/rows.ts';
import type { Action, GuardSettings } from './action.ts';
import { calendarDay } from './calendar.ts';
import type { CallContext } from './caller.ts';
import { needsPlan, planOperation } from './plan.ts';
import { withWatch } from './watch.ts';

export interface ActionParts {
  readonly client: Client;
  readonly settings: Pick<GuardSettings, 'confirmAbove'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Of the organization, read once and kept; empty when it cannot be told. */
  readonly organization: () => Promise<{ readonly timeZone?: string; readonly currency?: string }>;
}

/** What the guard judges and runs, made of the catalog's operations and workflows. */
export function createActions({ client, settings, now, organization }: ActionParts) {
  const currency = async () => (await organization()).currency;

  function ofOperation(operation: Operation, input: Input, context: CallContext): Action {
    // To a plan it only matters whether there is a limit; what it comes to is told by the guard, which knows the currency.
    const limit = settings.confirmAbove === undefined ? {} : { confirmAboveMinor: 0 };
    const effect = effectOf(operation, input);
    const api = withWatch(client, context.watch);
    context.watch?.onAction({ tool: operation.name, arguments: input, effect });
    const seen = new Map<string, Row>();
    const reads = {
      call: async (name: string, readInput: Input) => {
        const read = readOnly(name);
        const reply = await api.call(read, readInput, freshly(context));
        seen.set(name, rowIn(reply, read.reply ?? ''));
        return reply;
      },
    };
    return {
      tool: operation.name,
      arguments: input,
      effect,
      creates: operation.effect === 'create',
      alwaysConfirm: false,
      countsAmount: operation.effect === 'create',
      currency,
      plan: async () => {
        // What can raise no rule is planned without a reading, that of the organization included.
        const isRead = (effect !== 'create' && effect !== 'update') || needsPlan(operation, input, limit);
        const { timeZone, currency: base } = isRead ? await organization() : {};
        const { day } = calendarDay(now(), timeZone);
        const about = { reads, today: day, ...limit, ...(base ? { currency: base } : {}) };
        return withFormer(await planOperation(operation, input, about), operation, seen);
      },
      run: (plan, through = itself) => {
        const steps = plan.steps as { operation: string; input: Input }; // parse boundary: written by planOperation
        return through(api).call(operationNamed(steps.operation), steps.input, optionsOf(context));
      },
    };
  }

  function ofWorkflow(workflow: WriteWorkflow, input: Input, context: CallContext): Action {
    const reads = readsOf(workflow, context, freshly(context));
    const effect = workflowEffect(workflow);
    context.watch?.onAction({ tool: workflow.name, arguments: input, effect });
    return {
      tool: workflow.name,
      arguments: input,
      effect,
      creates: workflow.uses.some(({ effect }) => effect === 'create'),
      alwaysConfirm: workflow.alwaysConfirm ?? false,
      countsAmount: true,
      currency,
      plan: async () => workflow.plan(reads, input, await workflowContext(context)),
      isJob: true,
      isLong: workflow.isLong ?? false,
      isOnce: workflow.isOnce ?? false,
      run: async (plan, through = itself) => {
        if (plan.nothingToDo) return workflow.run(reads, plan, await workflowContext(context));
        const api = apiFor(through(withWatch(client, context.watch)), workflow.uses, optionsOf(context));
        return workflow.run(api, plan, await workflowContext(context));
      },
    };
  }

  /** By construction, not by promise: a report, a plan, and a job with nothing to do hold nothing that writes. */
  const readsOf = ({ uses }: Workflow, context: CallContext, options = optionsOf(context)): Api =>
    apiFor(
      withWatch(client, context.watch),
      uses.filter(({ effect }) => effect === 'read'),
      options,
    );

  async function workflowContext({ progress, signal }: CallContext): Promise<WorkflowContext> {
    const { timeZone, currency: base } = await organization();
    const { day } = calendarDay(now(), timeZone);
    const zone = timeZone ? { timeZone } : {};
    return { today: day, nowMs: now(), progress, signal, ...zone, ...(base ? { currency: base } : {}) };
  }

  return { ofOperation, ofWorkflow, readsOf, workflowContext };
}

/** What the preview read anyway is kept where the update can be taken back with it; nothing is read for it. */
function withFormer(
  plan: Plan<{ operation: string; input: Input }>,
  operation: Operation,
  seen: Map<string, Row>,
): Plan {
  const { trace, method } = operation;
  const record = method === 'PUT' && trace?.kind === 'same' ? seen.get(trace.get) : undefined;
  if (!record) return plan;
  return { ...plan, steps: { ...plan.steps, former: formerOf(operation, plan.steps.input, record) } };
}

const itself = (client: Client) => client;

/** What a preview rests on must be so now. */
const freshly = (context: CallContext): CallOptions => ({ ...optionsOf(context), fresh: true });

export const optionsOf = ({ signal, progress }: CallContext): CallOptions => ({ signal, onWait: progress });

export function operationNamed(name: string): Operation {
  const operation = operationByName.get(name);
  if (!operation)
    throw new InvalidArguments(`There is no tool ${name}. Ask for the tool list again.`, { nothingSent: true });
  return operation;
}

function readOnly(name: string): Operation {
  const operation = operationNamed(name);
  if (operation.effect !== 'read') throw new Error(`a plan may only read, and ${name} writes`);
  return operation;
}
