import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Client, Reply } from '../client/client.ts';
import { Cancelled, InvalidArguments, InventoryError } from '../errors.ts';
import { effectOf, type Input, type Operation, type Shape } from '../operations/define.ts';
import { operationByName } from '../operations/index.ts';
import { apiFor } from '../workflows/api.ts';
import { type Workflow, type WorkflowContext, workflowEffect } from '../workflows/define.ts';
import { workflowByName } from '../workflows/index.ts';
import { calendarDay } from './calendar.ts';
import type { CallContext } from './caller.ts';
import { confirmAction } from './confirm-action.ts';
import { decodeArguments, parseInput } from './decode.ts';
import { type Action, createGuard, type GuardParts, type Verdict } from './guard.ts';
import { needsPlan, planOperation } from './plan.ts';
import { chosen, toErrorResult, toResult } from './result.ts';
import { publishSchema } from './schema.ts';

export interface CallParts extends GuardParts {
  readonly client: Client;
  /** Of the organization, read once and kept; empty when it cannot be told. */
  readonly organization: () => Promise<{ readonly timeZone?: string; readonly currency?: string }>;
}

/** A form the client has to show; the transport's side turns it into an input-required result. */
export type FormNeeded = Extract<Verdict, { kind: 'form' }>;

const nothingDone = 'Nothing has been done yet.';

/** The path of a call: decode, parse, guard, run, shape. One try/catch for all of it. */
export function createCalls(parts: CallParts) {
  const guard = createGuard(parts);
  const published = new Map<Shape, ReturnType<typeof publishSchema>>();

  function parsed(shape: Shape, args: unknown, tool: string): Input {
    const schema = published.get(shape) ?? publishSchema(shape);
    published.set(shape, schema);
    return parseInput(shape, decodeArguments(schema, args), tool);
  }

  function operationAction(operation: Operation, input: Input, context: CallContext): Action {
    const options = { signal: context.signal, onWait: context.progress };
    const limit =
      parts.settings.confirmAboveMinor === undefined ? {} : { confirmAboveMinor: parts.settings.confirmAboveMinor };
    const effect = effectOf(operation, input);
    const reads = {
      call: (name: string, readInput: Input) => parts.client.call(readOnly(name), readInput, options),
    };
    return {
      tool: operation.name,
      arguments: input,
      effect,
      creates: operation.effect === 'create',
      alwaysConfirm: false,
      countsAmount: operation.effect === 'create',
      plan: async () => {
        // What can raise no rule is planned without a reading, that of the organization included.
        const reading = (effect !== 'create' && effect !== 'update') || needsPlan(operation, input, limit);
        const { currency } = reading ? await parts.organization() : {};
        return planOperation(operation, input, {
          reads,
          today: await today(reading),
          ...limit,
          ...(currency ? { currency } : {}),
        });
      },
      run: (plan) => {
        const steps = plan.steps as { operation: string; input: Input }; // parse boundary: written by planOperation
        return parts.client.call(operationNamed(steps.operation), steps.input, options);
      },
    };
  }

  function workflowAction(workflow: Extract<Workflow, { plan: unknown }>, input: Input, context: CallContext): Action {
    const api = apiFor(parts.client, workflow.uses, { signal: context.signal, onWait: context.progress });
    const uses = workflow.uses.map(({ effect }) => effect);
    const worst = workflowEffect(workflow);
    return {
      tool: workflow.name,
      arguments: input,
      effect: worst,
      creates: uses.includes('create'),
      alwaysConfirm: workflow.alwaysConfirm ?? false,
      countsAmount: true,
      plan: async () => workflow.plan(api, input, await workflowContext(context)),
      run: async (plan) => workflow.run(api, plan, await workflowContext(context)),
    };
  }

  async function today(reading = true): Promise<string> {
    return calendarDay(parts.now(), reading ? (await parts.organization()).timeZone : undefined).day;
  }

  async function workflowContext(context: CallContext): Promise<WorkflowContext> {
    const { currency } = await parts.organization();
    return {
      today: await today(),
      progress: context.progress,
      signal: context.signal,
      ...(currency ? { currency } : {}),
    };
  }

  function actionOf(tool: string, input: Input, context: CallContext): Action {
    const workflow = workflowByName.get(tool);
    if (workflow && 'plan' in workflow) return workflowAction(workflow, input, context);
    return operationAction(operationNamed(tool), input, context);
  }

  async function verdictOf(
    tool: string,
    args: unknown,
    context: CallContext,
  ): Promise<{ verdict: Verdict; fields?: string[] }> {
    if (tool === confirmAction.name) {
      const { confirmation, summary } = parsed(confirmAction.input, args, tool);
      const verdict = await guard.confirm(String(confirmation), String(summary), context, (row) =>
        actionOf(row.tool, row.arguments, context),
      );
      return { verdict };
    }
    const workflow = workflowByName.get(tool);
    if (workflow) {
      const input = parsed(workflow.input, args, tool);
      if ('plan' in workflow) return { verdict: await guard.submit(workflowAction(workflow, input, context), context) };
      const api = apiFor(parts.client, workflow.uses, { signal: context.signal, onWait: context.progress });
      return { verdict: { kind: 'answer', reply: await workflow.read(api, input, await workflowContext(context)) } };
    }
    const operation = operationNamed(tool);
    const input = parsed(operation.input, args, tool);
    if (operation.effect === 'read') {
      const reply = await parts.client.call(operation, input, { signal: context.signal, onWait: context.progress });
      const fields = Array.isArray(input.fields) ? { fields: input.fields.map(String) } : {};
      return { verdict: { kind: 'answer', reply }, ...fields };
    }
    return { verdict: await guard.submit(operationAction(operation, input, context), context) };
  }

  /** Answers one tools/call. Never throws: every failure becomes an error result with a kind. */
  return async function call(tool: string, args: unknown, context: CallContext): Promise<CallToolResult | FormNeeded> {
    try {
      if (context.signal.aborted)
        throw new Cancelled('The call was cancelled before anything was sent.', { nothingSent: true });
      const { verdict, fields } = await verdictOf(tool, args, context);
      if (verdict.kind === 'form') return verdict;
      const waits = verdict.reply.status === 'confirmation_required';
      return toResult(chosen(withoutEcho(verdict.reply), fields), {
        ...(verdict.isError ? { isError: true } : {}),
        ...(waits ? { before: nothingDone } : {}),
      });
    } catch (error) {
      if (!(error instanceof InventoryError))
        parts.warn(`${tool} failed: ${error instanceof Error ? (error.stack ?? error.message) : 'not an error'}`);
      return toErrorResult(error);
    }
  };
}

export type Calls = ReturnType<typeof createCalls>;

function operationNamed(name: string): Operation {
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

/** `message: success` tells a reader nothing that the record does not. */
function withoutEcho(reply: Reply): Reply {
  if (reply.message !== 'success') return reply;
  const { message: _, ...rest } = reply;
  return rest;
}
