import { ConfirmationInvalid, Denied, InvalidArguments, Rejected, Unavailable } from '../errors.ts';
import type { Effect } from '../operations/define.ts';
import type { KeptRun, PendingAction } from '../state/state.ts';
import type { Plan, Raise } from '../workflows/define.ts';
import type { Action, ActionOf, GuardParts, Verdict } from './action.ts';
import { createAgain } from './again.ts';
import { type AgreedPlan, createAgreed, type First, type Known } from './agreed.ts';
import { confirmationRequired } from './answers.ts';
import { createBefore, rememberedMs } from './before.ts';
import { type CallContext, type FormAnswer, wayToConfirm } from './caller.ts';
import { canonical, fingerprintOf } from './canonical.ts';
import { stepsOf } from './journal.ts';
import { summaryLine } from './previews/words.ts';
import { ownRun, planOfRest, resumeWorkflow, resumingAction, unfinishedRows } from './resume-workflow.ts';
import { createRuns, type Moment, replyOf } from './runs.ts';
import { amountLimit, isUnended, type Judgement, judgeByStore } from './store-rules.ts';
import { createUsed } from './used.ts';

export type { Action, ActionOf, GuardParts, GuardSettings, Verdict } from './action.ts';

const minuteMs = 60_000;
const tokenLifeMs = 5 * minuteMs;
const formLifeMs = 30 * minuteMs;
/** Clients give up on a call after 60 s; a pushed form must be answered before. */
const pushLimitMs = 50_000;

const gated: ReadonlySet<Effect> = new Set(['stock', 'commit', 'destroy', 'outward']);

const mustAsk = (action: Action, plan: Plan): boolean =>
  gated.has(action.effect) || action.alwaysConfirm || plan.documents > 1 || plan.raises.length > 0;

/** What is asked beside the plan. */
interface Question {
  readonly raises: readonly Raise[];
  readonly known: Known;
  readonly preface?: readonly string[];
}

/**
 * Decides whether a write runs at once, is asked about, or is refused, and runs what was asked about exactly once.
 * Fails closed: without a store or a preview nothing is written.
 */
export function createGuard(parts: GuardParts) {
  const { state, settings, now, randomId } = parts;
  const runs = createRuns(parts);
  const { runUnlessRaised } = runs;
  const again = createAgain(parts, runs);
  const { outcomeOf, isUnderWay } = again;
  const used = createUsed(parts, again);
  const { outcomeOfUsed } = used;
  const before = createBefore(parts);
  const { lastCall, planned, nothingDone } = before;
  const runAgreed = createAgreed(parts, { runs, again, used, before, askAnew });

  /** What the store says against running this plan unasked; each call of the answer looks anew. */
  async function judgeOf(
    action: Action,
    plan: Plan,
    { caller }: CallContext,
    { seen = new Set(), begun = runs.moment() }: { seen?: ReadonlySet<string>; begun?: Moment } = {},
  ): Promise<() => Promise<Judgement>> {
    const { organization, confirmAbove } = settings;
    const limit = confirmAbove === undefined ? undefined : amountLimit(settings, await action.currency());
    const isMeanwhile = (run: KeptRun) => runs.endedSince(run, begun);
    return () => judgeByStore({ state, organization, action, plan, caller, atMs: now(), limit, seen, isMeanwhile });
  }

  function refuseIfReadOnly(tool: string): void {
    if (!settings.readOnly) return;
    throw new Denied(`${tool} writes, and this server is read-only (INVENTORY_READ_ONLY).`, { nothingSent: true });
  }

  /** Writes now, or answers what is needed first. Throws the typed errors of the run. */
  async function submit(given: Action, context: CallContext): Promise<Verdict> {
    refuseIfReadOnly(given.tool);
    if (context.formReply) return answered(given, context.formReply, context, () => given);
    const action = await keyed(given, context);
    const since = await lookedNow(context);
    const begun = runs.moment();
    const seen = new Set<string>();
    const doubts: Raise[] = [];
    const last = await lastCall(action, context);
    const known = () => ({ ...since, runs: [...seen, ...idsOf(last)] });
    let earlier = last && isTold(last, action) ? last : undefined;
    for (;;) {
      if (earlier) {
        seen.add(earlier.id);
        const outcome = await outcomeOf(earlier, action, context);
        if (outcome.kind === 'verdict') return outcome.verdict;
        if (outcome.kind === 'doubt') doubts.push(outcome.raise);
      }
      const turns = await runs.turnsSoFar();
      const plan = await planned(action, context);
      if (plan.nothingToDo) return { kind: 'answer', reply: await nothingDone(action, plan, last) };
      const judge = await judgeOf(action, plan, context, { seen, begun });
      const asked = (raises: readonly Raise[]) => ask(action, plan, { raises, known: known() }, context);
      if (mustAsk(action, plan) || doubts.length > 0)
        return asked([...plan.raises, ...doubts, ...(await judge()).raises]);
      const ran = await runUnlessRaised(action, plan, context, { judge, turns });
      if ('reply' in ran) return { kind: 'answer', reply: ran.reply };
      if ('raises' in ran) return asked(ran.raises);
      earlier = ran.open;
    }
  }

  /** What a preview is made in the knowledge of; read before anything else is looked for. */
  async function lookedNow({ caller }: CallContext): Promise<Pick<Known, 'atMs' | 'revision'>> {
    const atMs = now();
    const { revision } = await state.writesSince(settings.organization, caller, atMs);
    return { atMs, revision };
  }

  /** What became of it is open; or the call bears the caller's own key, which stands for one call only. */
  const isTold = (run: KeptRun, { fingerprint }: Action): boolean =>
    isUnended(run) || (fingerprint !== undefined && run.status === 'done');

  /**
   * A key makes the call another one than all without it, and may stand for one call only. What has one outcome at most
   * is the same call under every key: two that begin at the same moment must find each other.
   */
  async function keyed(action: Action, { caller, idempotencyKey }: CallContext): Promise<Action> {
    if (idempotencyKey === undefined) return action;
    const { organization } = settings;
    const own = fingerprintOf(action.tool, action.arguments);
    const place = `key:${fingerprintOf('', { organization, caller, idempotencyKey })}`;
    const known = await state.putIfAbsent(place, own, now() + rememberedMs, now());
    if (known !== undefined && known !== own) {
      const message =
        'This idempotency key was used for another call. Nothing was written; give this call a key of its own.';
      throw new InvalidArguments(message, { nothingSent: true });
    }
    if (action.isOnce) return action;
    return { ...action, fingerprint: fingerprintOf(action.tool, { ...action.arguments, idempotencyKey }) };
  }

  /** Goes on with a run of this caller; after ten minutes it shows what is left first. */
  async function resume(id: string, context: CallContext, actionOf: ActionOf): Promise<Verdict> {
    const run = await ownRun(parts, id, context.caller);
    const { resuming, action } = resumingOf(run, actionOf, context);
    refuseIfReadOnly(run.tool);
    if (context.formReply) return answered(resuming, context.formReply, context, actionOf);
    if (run.status === 'done') return { kind: 'answer', reply: { ...replyOf(run), note: doneNote } };
    if (run.status === 'failed') throw notBegun(run);
    if (await isUnderWay(run)) throw underWay(run);
    const resumed = await runs.resume(run, action, context);
    if ('reply' in resumed) return { kind: 'answer', reply: resumed.reply };
    if (!resumed.isHalfDone) throw notBegun(run);
    return ask(
      resuming,
      await resuming.plan(),
      { raises: [], known: { ...(await lookedNow(context)), runs: [] } },
      context,
    );
  }

  function resumingOf(run: KeptRun, actionOf: ActionOf, context: CallContext): { resuming: Action; action: Action } {
    const action = actionOf(run);
    const plan = async () => {
      const latest = (await state.findRun(run.id)) ?? run;
      return planOfRest(latest, stepsOf(await state.journal(run.id)), now());
    };
    const goOn = async () => {
      const end = await runs.resume(run, action, context, { freshYes: true });
      return 'reply' in end ? end.reply : { message: 'Nothing was left to do.' };
    };
    return { action, resuming: resumingAction(run, action, plan, goOn) };
  }

  /** What was agreed to rested on something that is otherwise now. */
  async function askAnew(
    action: Action,
    fresh: Plan,
    { doubts, told, since }: First,
    context: CallContext,
  ): Promise<Verdict> {
    const looked = since ?? (await lookedNow(context));
    const last = await lastCall(action, context);
    const judge = await judgeOf(action, fresh, context, { seen: told });
    const raises = [...fresh.raises, ...doubts, ...(await judge()).raises];
    const preface = ['What the earlier preview rested on has changed since; this is the new one.'];
    // One that is open was shown nowhere: the next yes must find out first what became of it.
    const runs = [...told, ...(last && !isUnended(last) ? [last.id] : [])];
    return ask(action, fresh, { raises, preface, known: { ...looked, runs } }, context);
  }

  async function ask(action: Action, plan: Plan, question: Question, context: CallContext): Promise<Verdict> {
    const way = wayToConfirm(settings.confirm, context);
    if (way === 'none') throw noPerson(action, context);
    const pending = await keep(action, plan, question, context, way === 'token' ? 'token' : 'form');
    if (way === 'token') return { kind: 'answer', reply: confirmationRequired(pending, plan, question.preface ?? []) };
    if (way === 'round-trip') return { kind: 'form', state: pending.id, message: pending.preview };
    const answer = (await context.askByForm?.(pending.preview, pushLimitMs)) ?? 'silent';
    return answered(action, { state: pending.id, answer }, context, () => action);
  }

  async function keep(
    action: Action,
    plan: Plan,
    { raises, known, preface = [] }: Question,
    { caller }: CallContext,
    via: 'token' | 'form',
  ): Promise<PendingAction> {
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
      plan: {
        ...plan,
        raises,
        known,
        ...(action.fingerprint === undefined ? {} : { fingerprint: action.fingerprint }),
      } satisfies AgreedPlan,
      restsOn: plan.restsOn,
      createdAtMs: at,
      expiresAtMs: at + (via === 'token' ? tokenLifeMs : formLifeMs),
    };
    await state.keep(pending);
    return pending;
  }

  /** A form came back. The state is a random id of ours; everything else about it is checked against the row. */
  async function answered(
    action: Action,
    { state: stateId, answer }: NonNullable<CallContext['formReply']>,
    context: CallContext,
    actionOf: ActionOf,
  ): Promise<Verdict> {
    const row = await state.find(stateId);
    const same =
      row?.via === 'form' &&
      row.tool === action.tool &&
      row.caller === context.caller &&
      row.organization === settings.organization &&
      canonical(row.arguments) === canonical(action.arguments);
    if (!row || !same)
      throw unusable(`This answer belongs to no open question about ${action.tool}.`, `Call ${action.tool} again.`);
    if (row.status !== 'pending') return outcomeOfUsed(row, context, { actionOf });
    if (answer === 'accepted') return runAgreed(row, action, context);
    if (answer === 'declined' && (await state.take(row.id, now())))
      await state.settle(row.id, 'failed', { kind: 'denied', message: 'The person said no.' }, now());
    throw new Denied(`${notAccepted[answer]} Nothing was written.`, { nothingSent: true, facts: { answer } });
  }

  /** The yes by token. `actionOf` rebuilds the action of a kept row. */
  async function confirm(
    confirmation: string,
    summary: string,
    context: CallContext,
    actionOf: ActionOf,
  ): Promise<Verdict> {
    const row = await state.find(confirmation);
    // One wording for unknown, foreign and form rows, so that nothing can be learned by trying.
    if (row?.via !== 'token' || row.caller !== context.caller || row.organization !== settings.organization)
      throw unusable('There is no such confirmation for this caller.', 'Call the tool again for a new preview.');
    if (folded(summary) !== folded(row.summary)) {
      const next = 'Repeat the summary of the preview word for word.';
      throw unusable('The summary differs from the one issued.', next, { expected_summary: row.summary });
    }
    const begin = async () => {
      refuseIfReadOnly(row.tool);
      // Issued before the operator set elicitation, by this process or another one on the same folder.
      if (settings.confirm === 'elicitation') throw noPerson(row, context);
      if (row.tool !== resumeWorkflow.name) return runAgreed(row, actionOf(row), context);
      const run = await ownRun(parts, String(row.arguments.workflow_id), context.caller);
      return runAgreed(row, resumingOf(run, actionOf, context).resuming, context);
    };
    return row.status === 'pending' ? begin() : outcomeOfUsed(row, context, { actionOf, begin });
  }

  return { submit, confirm, resume, unfinished: (caller: string) => unfinishedRows(parts, caller) };
}

export type Guard = ReturnType<typeof createGuard>;

const idsOf = (run: KeptRun | undefined): string[] => (run ? [run.id] : []);

const notAccepted: Record<Exclude<FormAnswer, 'accepted'>, string> = {
  declined: 'The person said no.',
  cancelled: 'The question was closed without an answer.',
  silent: 'Nobody answered in time.',
};

const doneNote = 'This workflow was finished before; nothing was done now.';

const underWay = ({ tool }: KeptRun) =>
  new Unavailable(`This ${tool} is under way at this moment. Ask again in a few seconds.`, { nothingSent: true });

const notBegun = ({ tool }: KeptRun) =>
  new Rejected(`Nothing of this ${tool} was carried out, so there is nothing to go on with. Call ${tool} again.`, {
    nothingSent: true,
  });

const folded = (text: string) => text.replace(/\s+/g, ' ').trim();

const unusable = (what: string, next: string, facts: Record<string, unknown> = {}) =>
  new ConfirmationInvalid(`${what} Nothing was written. ${next}`, { nothingSent: true, facts });

const noPerson = ({ tool }: { tool: string }, { clientName }: CallContext) =>
  new Denied(
    `${tool} needs a person's yes, and INVENTORY_CONFIRM=elicitation accepts no other; the client "${clientName}" cannot show a form. Use a client that can, or set INVENTORY_CONFIRM=auto.`,
    { nothingSent: true, facts: { setting: 'INVENTORY_CONFIRM', client: clientName } },
  );
