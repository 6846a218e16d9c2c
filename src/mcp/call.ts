import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Reply } from '../client/client.ts';
import { Cancelled, InventoryError } from '../errors.ts';
import type { Input, Shape } from '../operations/define.ts';
import type { Action, GuardParts, Verdict } from './action.ts';
import { type ActionParts, createActions, operationNamed, optionsOf } from './actions.ts';
import type { CallContext } from './caller.ts';
import { withCallsLeft } from './calls-left.ts';
import { chartUri } from './chart-address.ts';
import { createSlot, type Drawn, drawn, withChart } from './charts.ts';
import { confirmAction } from './confirm-action.ts';
import { decodeArguments, inOrder, parseInput } from './decode.ts';
import { checkSave, type EmbeddedFile, fileAnswer, type SaveFile, withFile } from './files.ts';
import { getApiUsage, type Quota, usageReply } from './get-api-usage.ts';
import { type ActionOf, createGuard } from './guard.ts';
import { jobByName } from './jobs.ts';
import { type ChosenFields, chosen, toErrorResult, toResult } from './result.ts';
import { listUnfinishedWorkflows, resumeWorkflow } from './resume-workflow.ts';
import { publishSchema } from './schema.ts';
import { createUndo, undoAction } from './undo-action.ts';

export type CallParts = GuardParts &
  ActionParts & {
    /** Where the operator lets files be saved; absent over HTTP and where no folder is set. */
    readonly saveFile?: SaveFile;
    /** How the call limits stand; absent: nothing is told of them. */
    readonly quota?: Quota;
  };

/** A form the client has to show; the transport's side turns it into an input-required result. */
export type FormNeeded = Extract<Verdict, { kind: 'form' }>;

/** Of a record that is changed: null for one of its fields could mean to empty it. */
const changesRecord = (tool: string): boolean => /^(update|amend)_/.test(tool);

const nothingDone = 'Nothing has been done yet.';

/** The path of a call: decode, parse, guard, run, shape. One try/catch for all of it. */
export function createCalls(parts: CallParts) {
  const guard = createGuard(parts);
  const actions = createActions(parts);
  const undo = createUndo(parts);
  const published = new Map<Shape, ReturnType<typeof publishSchema>>();
  const told = (result: CallToolResult) => (parts.quota ? withCallsLeft(result, parts.quota.callsLeft()) : result);

  function parsed(shape: Shape, args: unknown, tool: string): Input {
    const schema = published.get(shape) ?? publishSchema(shape);
    published.set(shape, schema);
    return parseInput(shape, decodeArguments(schema, args, { dropsNull: !changesRecord(tool) }), tool);
  }

  function actionOf(tool: string, input: Input, context: CallContext): Action {
    if (tool === undoAction.name) return actions.ofWorkflow(undo.workflowOf(context.caller), input, context);
    const workflow = jobByName.get(tool);
    if (workflow && 'plan' in workflow) return actions.ofWorkflow(workflow, input, context);
    return actions.ofOperation(operationNamed(tool), input, context);
  }

  const shapeOf = (tool: string): Shape =>
    tool === undoAction.name ? undoAction.input : (jobByName.get(tool) ?? operationNamed(tool)).input;

  async function verdictOf(
    tool: string,
    args: unknown,
    context: CallContext,
  ): Promise<{ verdict: Verdict; fields?: ChosenFields; embedded?: EmbeddedFile; chart?: Drawn }> {
    const again: ActionOf = (kept) => actionOf(kept.tool, inOrder(shapeOf(kept.tool), kept.arguments), context);
    if (tool === confirmAction.name) {
      const { confirmation, summary } = parsed(confirmAction.input, args, tool);
      return { verdict: await guard.confirm(String(confirmation), String(summary), context, again) };
    }
    if (tool === resumeWorkflow.name || tool === listUnfinishedWorkflows.name) {
      const shape: Shape = tool === resumeWorkflow.name ? resumeWorkflow.input : listUnfinishedWorkflows.input;
      const { workflow_id } = parsed(shape, args, tool);
      if (workflow_id !== undefined) return { verdict: await guard.resume(String(workflow_id), context, again) };
      return { verdict: { kind: 'answer', reply: { workflows: await guard.unfinished(context.caller) } } };
    }
    if (tool === undoAction.name) {
      const input = parsed(undoAction.input, args, tool);
      if (input.action_id !== undefined)
        return { verdict: await guard.submit(actionOf(tool, input, context), context) };
      return { verdict: { kind: 'answer', reply: await undo.list(context.caller) } };
    }
    if (tool === getApiUsage.name && parts.quota) {
      parsed(getApiUsage.input, args, tool);
      return { verdict: { kind: 'answer', reply: await usageReply(parts.quota) } };
    }
    const workflow = jobByName.get(tool);
    if (workflow) {
      const input = parsed(workflow.input, args, tool);
      if ('plan' in workflow)
        return { verdict: await guard.submit(actions.ofWorkflow(workflow, input, context), context) };
      checkSave(input, parts.saveFile);
      const reads = actions.readsOf(workflow, context);
      const about = await actions.workflowContext(context);
      const { saveFile } = parts;
      const slot = input.chart === true ? createSlot() : undefined;
      const reply = await workflow.read(reads, input, {
        ...about,
        ...(saveFile ? { saveFile } : {}),
        ...(slot ? { charted: slot.charted } : {}),
      });
      if (!slot) return { verdict: { kind: 'answer', reply } };
      const chart = await drawn(slot.chart(), chartUri(tool, input, reply), parts.warn);
      if (typeof chart === 'string') return { verdict: { kind: 'answer', reply: { ...reply, chart } } };
      return { verdict: { kind: 'answer', reply }, chart };
    }
    const operation = operationNamed(tool);
    const input = parsed(operation.input, args, tool);
    if (operation.effect === 'read') {
      checkSave(input, parts.saveFile);
      const reply = await parts.client.call(operation, input, optionsOf(context));
      if (operation.accept) {
        const { facts, embedded } = await fileAnswer(operation, input, reply, parts.saveFile);
        return { verdict: { kind: 'answer', reply: facts }, embedded };
      }
      if (!Array.isArray(input.fields)) return { verdict: { kind: 'answer', reply } };
      const fields = { keys: input.fields.map(String), named: namesFields(args) };
      return { verdict: { kind: 'answer', reply }, fields };
    }
    return { verdict: await guard.submit(actions.ofOperation(operation, input, context), context) };
  }

  /** Answers one tools/call. Never throws: every failure becomes an error result with a kind. */
  return async function call(tool: string, args: unknown, context: CallContext): Promise<CallToolResult | FormNeeded> {
    try {
      if (context.signal.aborted)
        throw new Cancelled('The call was cancelled before anything was sent.', { nothingSent: true });
      const { verdict, fields, embedded, chart } = await verdictOf(tool, args, context);
      if (verdict.kind === 'form') return verdict;
      const waits = verdict.reply.status === 'confirmation_required';
      const result = toResult(chosen(withoutEcho(verdict.reply), fields), {
        ...(verdict.isError ? { isError: true } : {}),
        ...(waits ? { before: nothingDone } : {}),
      });
      if (chart) return told(withChart(result, chart));
      return told(embedded ? withFile(result, embedded) : result);
    } catch (error) {
      if (!(error instanceof InventoryError))
        parts.warn(`${tool} failed: ${error instanceof Error ? (error.stack ?? error.message) : 'not an error'}`);
      return told(toErrorResult(error));
    }
  };
}

export type Calls = ReturnType<typeof createCalls>;

/** A list has main keys of its own where the caller names none. */
const namesFields = (args: unknown): boolean => typeof args === 'object' && args !== null && 'fields' in args;

/** `message: success` tells a reader nothing that the record does not. */
function withoutEcho(reply: Reply): Reply {
  if (reply.message !== 'success') return reply;
  const { message: _, ...rest } = reply;
  return rest;
}
