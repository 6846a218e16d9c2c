import { ConfirmationInvalid, Denied, InventoryError } from '../errors.ts';
import type { Effect } from '../operations/define.ts';
import type { KeptAction, PendingAction } from '../state/state.ts';
import type { Plan, Raise } from '../workflows/define.ts';
import type { Action, GuardParts, Verdict } from './action.ts';
import { confirmationRequired, recordedOutcome } from './answers.ts';
import { type CallContext, type FormAnswer, wayToConfirm } from './caller.ts';
import { canonical } from './canonical.ts';
import { summaryLine } from './previews/words.ts';
import { type AmountLimit, amountLimit, storeRules } from './store-rules.ts';
import { createWriteNotes, mayHaveWritten } from './write-notes.ts';

export type { Action, GuardParts, GuardSettings, Verdict } from './action.ts';

const minuteMs = 60_000;
const tokenLifeMs = 5 * minuteMs;
const formLifeMs = 30 * minuteMs;
/** Clients give up on a call after 60 s; a pushed form must be answered before. */
const pushLimitMs = 50_000;

const gated: ReadonlySet<Effect> = new Set(['stock', 'commit', 'destroy', 'outward']);

const mustAsk = (action: Action, plan: Plan): boolean =>
  gated.has(action.effect) || action.alwaysConfirm || plan.documents > 1 || plan.raises.length > 0;

/**
 * Decides whether a write runs at once, is asked about, or is refused, and runs what was asked about exactly once.
 * Fails closed: without a store or a preview nothing is written.
 */
export function createGuard(parts: GuardParts) {
  const { state, settings, now, randomId } = parts;
  const { runNoted, afterWrite, allowBatch } = createWriteNotes(parts);

  const raisesOfStore = (action: Action, plan: Plan, { caller }: CallContext, limit: AmountLimit | undefined) =>
    storeRules({ state, organization: settings.organization, action, plan, caller, atMs: now(), limit });

  const limitFor = async (action: Action): Promise<AmountLimit | undefined> =>
    settings.confirmAbove === undefined ? undefined : amountLimit(settings, await action.currency());

  function refuseIfReadOnly(tool: string): void {
    if (!settings.readOnly) return;
    throw new Denied(`${tool} writes, and this server is read-only (INVENTORY_READ_ONLY).`, { nothingSent: true });
  }

  /** Writes now, or answers what is needed first. Throws the typed errors of the run. */
  async function submit(action: Action, context: CallContext): Promise<Verdict> {
    refuseIfReadOnly(action.tool);
    if (context.formReply) return answered(action, context.formReply.state, context.formReply.answer, context);
    const plan = await action.plan();
    if (plan.nothingToDo) return { kind: 'answer', reply: await action.run(plan) };
    const limit = await limitFor(action);
    const raises = raisesOfStore(action, plan, context, limit);
    if (mustAsk(action, plan) || raises.length > 0) return ask(action, plan, [...plan.raises, ...raises], context);
    const stillFree = () => raisesOfStore(action, plan, context, limit).length === 0;
    const reply = await runNoted(action, plan, context.caller, stillFree);
    if (reply) return { kind: 'answer', reply };
    return ask(action, plan, raisesOfStore(action, plan, context, limit), context);
  }

  async function ask(
    action: Action,
    plan: Plan,
    raises: readonly Raise[],
    context: CallContext,
    preface: readonly string[] = [],
  ): Promise<Verdict> {
    const way = wayToConfirm(settings.confirm, context);
    if (way === 'none') throw noPerson(action, context);
    const pending = keep(action, plan, raises, context, way === 'token' ? 'token' : 'form', preface);
    if (way === 'token') return { kind: 'answer', reply: confirmationRequired(pending, plan, preface) };
    if (way === 'round-trip') return { kind: 'form', state: pending.id, message: pending.preview };
    const answer = (await context.askByForm?.(pending.preview, pushLimitMs)) ?? 'silent';
    return answered(action, pending.id, answer, context);
  }

  function keep(
    action: Action,
    plan: Plan,
    raises: readonly Raise[],
    { caller }: CallContext,
    via: 'token' | 'form',
    preface: readonly string[],
  ): PendingAction {
    const at = now();
    const summary = summaryLine(plan.summary);
    const lines = plan.preview.filter((line) => line !== plan.summary && line !== summary);
    const pending: PendingAction = {
      id: randomId(),
      tool: action.tool,
      arguments: action.arguments,
      organization: settings.organization,
      caller,
      via,
      summary,
      preview: [summary, ...preface, ...lines, ...raises.map(({ reason }) => `Asked because: ${reason}`)].join('\n'),
      plan: { ...plan, raises },
      restsOn: plan.restsOn,
      createdAtMs: at,
      expiresAtMs: at + (via === 'token' ? tokenLifeMs : formLifeMs),
    };
    state.keep(pending);
    return pending;
  }

  /** A form came back. The state is a random id of ours; everything else about it is checked against the row. */
  async function answered(action: Action, stateId: string, answer: FormAnswer, context: CallContext): Promise<Verdict> {
    const row = state.find(stateId);
    const same =
      row?.via === 'form' &&
      row.tool === action.tool &&
      row.caller === context.caller &&
      row.organization === settings.organization &&
      canonical(row.arguments) === canonical(action.arguments);
    if (!row || !same)
      throw unusable(`This answer belongs to no open question about ${action.tool}.`, `Call ${action.tool} again.`);
    if (row.status !== 'pending') return recorded(row);
    if (answer === 'accepted') return runKept(row, action, context);
    if (answer === 'declined' && state.take(row.id, now()))
      state.settle(row.id, 'failed', { kind: 'denied', message: 'The person said no.' }, now());
    throw new Denied(`${notAccepted[answer]} Nothing was written.`, { nothingSent: true, facts: { answer } });
  }

  /** The yes by token. `actionOf` rebuilds the action of a kept row. */
  async function confirm(
    confirmation: string,
    summary: string,
    context: CallContext,
    actionOf: (row: KeptAction) => Action,
  ): Promise<Verdict> {
    const row = state.find(confirmation);
    // One wording for unknown, foreign and form rows, so that nothing can be learned by trying.
    if (row?.via !== 'token' || row.caller !== context.caller || row.organization !== settings.organization)
      throw unusable('There is no such confirmation for this caller.', 'Call the tool again for a new preview.');
    if (folded(summary) !== folded(row.summary)) {
      const next = 'Repeat the summary of the preview word for word.';
      throw unusable('The summary differs from the one issued.', next, { expected_summary: row.summary });
    }
    if (row.status !== 'pending') return recorded(row);
    // Issued before the operator set elicitation, by this process or another one on the same folder.
    if (settings.confirm === 'elicitation') throw noPerson(row, context);
    return runKept(row, actionOf(row), context);
  }

  const recorded = (row: KeptAction): Verdict => ({ kind: 'answer', ...recordedOutcome(row, now()) });

  /** Takes the row, reads again what its preview rested on, runs the stored plan, and records how that ended. */
  async function runKept(row: PendingAction, action: Action, context: CallContext): Promise<Verdict> {
    refuseIfReadOnly(row.tool);
    if (!state.take(row.id, now())) {
      const latest = state.find(row.id);
      if (latest && latest.status !== 'pending') return recorded(latest);
      throw unusable('This confirmation expired.', `Call ${row.tool} again for a new preview.`);
    }
    const kept = row.plan as Plan; // parse boundary: our own row, written by `keep`
    let fresh: Plan;
    try {
      fresh = await action.plan();
      if (fresh.nothingToDo) {
        const reply = await action.run(fresh);
        afterWrite(() => state.settle(row.id, 'done', reply, now()));
        return { kind: 'answer', reply };
      }
    } catch (error) {
      // Only readings were made so far.
      afterWrite(() => state.giveBack(row.id, now()));
      throw error;
    }
    if (canonical(fresh.restsOn) !== canonical(row.restsOn)) {
      state.settle(row.id, 'replaced', null, now());
      const raises = raisesOfStore(action, fresh, context, await limitFor(action));
      return ask(action, fresh, [...fresh.raises, ...raises], context, [
        'What the earlier preview rested on has changed since; this is the new one.',
      ]);
    }
    try {
      const reply = (await runNoted(action, kept, context.caller, () => true)) ?? {};
      afterWrite(() => state.settle(row.id, 'done', reply, now()));
      if (kept.raises.some(({ rule }) => rule === 'many_creates')) allowBatch(action, context.caller);
      return { kind: 'answer', reply };
    } catch (error) {
      afterWrite(() => recordFailure(row.id, error));
      throw error;
    }
  }

  /** Given back only if provably nothing was sent: what may have been done can never run again. */
  function recordFailure(id: string, error: unknown): void {
    const known = error instanceof InventoryError ? error : undefined;
    if (known?.nothingSent) {
      state.giveBack(id, now());
      return;
    }
    const outcome = {
      ...known?.facts,
      kind: known?.kind ?? 'unavailable',
      message: known?.message ?? 'The call broke off.',
    };
    // A job that stopped half way says itself what it has done.
    const isKnown = known?.kind === 'partly_done' || !mayHaveWritten(error);
    state.settle(id, isKnown ? 'failed' : 'unknown', outcome, now());
  }

  return { submit, confirm };
}

export type Guard = ReturnType<typeof createGuard>;

const notAccepted: Record<Exclude<FormAnswer, 'accepted'>, string> = {
  declined: 'The person said no.',
  cancelled: 'The question was closed without an answer.',
  silent: 'Nobody answered in time.',
};

const folded = (text: string) => text.replace(/\s+/g, ' ').trim();

const unusable = (what: string, next: string, facts: Record<string, unknown> = {}) =>
  new ConfirmationInvalid(`${what} Nothing was written. ${next}`, { nothingSent: true, facts });

const noPerson = ({ tool }: { tool: string }, { clientName }: CallContext) =>
  new Denied(
    `${tool} needs a person's yes, and INVENTORY_CONFIRM=elicitation accepts no other; the client "${clientName}" cannot show a form. Use a client that can, or set INVENTORY_CONFIRM=auto.`,
    { nothingSent: true, facts: { setting: 'INVENTORY_CONFIRM', client: clientName } },
  );
