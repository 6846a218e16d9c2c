import type { Reply } from '../client/client.ts';
import { ConfirmationInvalid, Denied, InventoryError } from '../errors.ts';
import type { Effect, Input } from '../operations/define.ts';
import type { KeptAction, PendingAction, State } from '../state/state.ts';
import type { Plan, Raise } from '../workflows/define.ts';
import { confirmationRequired, recordedOutcome } from './answers.ts';
import { type CallContext, type FormAnswer, wayToConfirm } from './caller.ts';
import { canonical, fingerprintOf } from './canonical.ts';
import { batchFingerprint, storeRules } from './store-rules.ts';

/** A writing call, made from an operation or a workflow. `plan` only reads; `run` does what the plan says. */
export interface Action {
  readonly tool: string;
  /** As parsed; kept with the pending action and compared on a second leg. */
  readonly arguments: Input;
  readonly effect: Effect;
  /** Makes a new record, so that it counts against the rules for many and for identical creates. */
  readonly creates: boolean;
  readonly alwaysConfirm: boolean;
  /** False where the amount was counted already, when the order was written. */
  readonly countsAmount: boolean;
  readonly plan: () => Promise<Plan>;
  readonly run: (plan: Plan) => Promise<Reply>;
}

/** What the guard says: an answer, or a form that has to be shown first. */
export type Verdict =
  | { readonly kind: 'answer'; readonly reply: Reply; readonly isError?: boolean }
  | { readonly kind: 'form'; readonly state: string; readonly message: string };

export interface GuardSettings {
  readonly organization: string;
  readonly confirm: 'auto' | 'token' | 'elicitation';
  /** Base currency, minor units. */
  readonly confirmAboveMinor?: number;
  readonly readOnly: boolean;
}

export interface GuardParts {
  readonly state: State;
  readonly settings: GuardSettings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** 128 random bits or more, url-safe. */
  readonly randomId: () => string;
  readonly warn: (message: string) => void;
}

const minuteMs = 60_000;
const tokenLifeMs = 5 * minuteMs;
const formLifeMs = 30 * minuteMs;
/** Clients give up on a call after 60 s; a pushed form must be answered before. */
const pushLimitMs = 50_000;

const gated: ReadonlySet<Effect> = new Set(['stock', 'commit', 'destroy', 'outward']);

export function createGuard({ state, settings, now, randomId, warn }: GuardParts) {
  const rulesOfStore = (action: Action, plan: Plan, { caller }: CallContext) =>
    storeRules(state, settings, action, plan, caller, now());

  function mustAsk(action: Action, plan: Plan): boolean {
    return gated.has(action.effect) || action.alwaysConfirm || plan.documents > 1 || plan.raises.length > 0;
  }

  /** Runs a write that is noted first, so that counts and sums hold for calls that run side by side. */
  async function runNoted(
    action: Action,
    plan: Plan,
    context: CallContext,
    admit: () => boolean,
  ): Promise<Reply | undefined> {
    const id = randomId();
    const admitted = state.note(
      {
        id,
        organization: settings.organization,
        caller: context.caller,
        tool: action.tool,
        fingerprint: fingerprintOf(action.tool, action.arguments),
        isCreate: action.creates,
        amountMinor: action.countsAmount ? plan.amountMinor : 0,
        atMs: now(),
      },
      admit,
    );
    if (!admitted) return undefined;
    try {
      const reply = await action.run(plan);
      afterWrite(() => state.noteEnd(id, plan.summary));
      return reply;
    } catch (error) {
      afterWrite(() => state.noteEnd(id, mayHaveWritten(error) ? `${plan.summary} (outcome not certain)` : null));
      throw error;
    }
  }

  /** The write is over: a store that fails now must not turn a done write into an error. */
  function afterWrite(keepRecord: () => void): void {
    try {
      keepRecord();
    } catch (error) {
      warn(
        `The outcome of a write could not be kept: ${error instanceof InventoryError ? error.message : 'store failed'}`,
      );
    }
  }

  function keep(
    action: Action,
    plan: Plan,
    raises: readonly Raise[],
    context: CallContext,
    via: 'token' | 'form',
    preface: string[],
  ): PendingAction {
    const at = now();
    const preview = [
      plan.summary,
      ...preface,
      ...plan.preview.filter((line) => line !== plan.summary),
      ...raises.map(({ reason }) => `Asked because: ${reason}`),
    ].join('\n');
    const pending: PendingAction = {
      id: randomId(),
      tool: action.tool,
      arguments: action.arguments,
      organization: settings.organization,
      caller: context.caller,
      via,
      summary: plan.summary,
      preview,
      plan: { ...plan, raises },
      restsOn: plan.restsOn,
      createdAtMs: at,
      expiresAtMs: at + (via === 'token' ? tokenLifeMs : formLifeMs),
    };
    state.keep(pending);
    return pending;
  }

  async function ask(
    action: Action,
    plan: Plan,
    raises: readonly Raise[],
    context: CallContext,
    preface: string[] = [],
  ): Promise<Verdict> {
    const way = wayToConfirm(settings.confirm, context);
    if (way === 'none') {
      throw new Denied(
        `${action.tool} needs a person's yes, and INVENTORY_CONFIRM=elicitation accepts no other; the client "${context.clientName}" cannot show a form. Use a client that can, or set INVENTORY_CONFIRM=auto.`,
        { nothingSent: true, facts: { setting: 'INVENTORY_CONFIRM', client: context.clientName } },
      );
    }
    const pending = keep(action, plan, raises, context, way === 'token' ? 'token' : 'form', preface);
    if (way === 'token') return { kind: 'answer', reply: confirmationRequired(pending, plan, preface) };
    if (way === 'round-trip') return { kind: 'form', state: pending.id, message: pending.preview };
    const answer = (await context.askByForm?.(pending.preview, pushLimitMs)) ?? 'silent';
    return answered(action, pending.id, answer, context);
  }

  /** Writes now, or answers what is needed first. Throws the typed errors of the run. */
  async function submit(action: Action, context: CallContext): Promise<Verdict> {
    if (settings.readOnly)
      throw new Denied(`${action.tool} writes, and this server is read-only (INVENTORY_READ_ONLY).`, {
        nothingSent: true,
      });
    if (context.formReply) return answered(action, context.formReply.state, context.formReply.answer, context);
    const plan = await action.plan();
    if (plan.nothingToDo) return { kind: 'answer', reply: await action.run(plan) };
    if (!mustAsk(action, plan)) {
      let raises = rulesOfStore(action, plan, context);
      if (raises.length === 0) {
        const reply = await runNoted(action, plan, context, () => rulesOfStore(action, plan, context).length === 0);
        if (reply) return { kind: 'answer', reply };
        raises = rulesOfStore(action, plan, context);
      }
      return ask(action, plan, raises, context);
    }
    return ask(action, plan, [...plan.raises, ...rulesOfStore(action, plan, context)], context);
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
      throw new ConfirmationInvalid(
        `This answer belongs to no open question about ${action.tool}. Nothing was written. Call ${action.tool} again.`,
        { nothingSent: true },
      );
    if (row.status !== 'pending') return recorded(row);
    if (answer === 'accepted') return runKept(row, action, context);
    if (answer === 'declined' && state.take(row.id, now())) {
      state.settle(row.id, 'failed', { kind: 'denied', message: 'The person said no.' }, now());
    }
    const why = {
      declined: 'The person said no.',
      cancelled: 'The question was closed without an answer.',
      silent: 'Nobody answered in time.',
    }[answer];
    throw new Denied(`${why} Nothing was written.`, { nothingSent: true, facts: { answer } });
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
    if (row?.via !== 'token' || row.caller !== context.caller || row.organization !== settings.organization) {
      throw new ConfirmationInvalid(
        'There is no such confirmation for this caller. Nothing was written. Call the tool again for a new preview.',
        { nothingSent: true },
      );
    }
    if (folded(summary) !== folded(row.summary)) {
      throw new ConfirmationInvalid(
        'The summary differs from the one issued. Nothing was written. Repeat the summary of the preview word for word.',
        {
          nothingSent: true,
          facts: { expected_summary: row.summary },
        },
      );
    }
    if (row.status !== 'pending') return recorded(row);
    return runKept(row, actionOf(row), context);
  }

  const recorded = (row: KeptAction): Verdict => ({ kind: 'answer', ...recordedOutcome(row, now()) });

  async function runKept(row: PendingAction, action: Action, context: CallContext): Promise<Verdict> {
    if (!state.take(row.id, now())) {
      const latest = state.find(row.id);
      if (latest && latest.status !== 'pending') return recorded(latest);
      throw new ConfirmationInvalid(
        `This confirmation expired. Nothing was written. Call ${row.tool} again for a new preview.`,
        { nothingSent: true },
      );
    }
    const kept = row.plan as Plan; // parse boundary: our own row, written by `keep`
    let fresh: Plan;
    try {
      fresh = await action.plan();
    } catch (error) {
      state.giveBack(row.id, now());
      throw error;
    }
    if (fresh.nothingToDo || canonical(fresh.restsOn) !== canonical(row.restsOn)) {
      state.settle(row.id, 'replaced', null, now());
      if (fresh.nothingToDo) return { kind: 'answer', reply: await action.run(fresh) };
      return ask(action, fresh, [...fresh.raises, ...rulesOfStore(action, fresh, context)], context, [
        'What the earlier preview rested on has changed since; this is the new one.',
      ]);
    }
    try {
      const reply = (await runNoted(action, kept, context, () => true)) ?? {};
      afterWrite(() => state.settle(row.id, 'done', reply, now()));
      if (kept.raises.some(({ rule }) => rule === 'many_creates')) afterWrite(() => allowBatch(action, context));
      return { kind: 'answer', reply };
    } catch (error) {
      afterWrite(() => {
        if (error instanceof InventoryError && error.nothingSent) return state.giveBack(row.id, now());
        const known = error instanceof InventoryError ? error : undefined;
        const outcome = {
          kind: known?.kind ?? 'unavailable',
          message: known?.message ?? 'The call broke off.',
          ...known?.facts,
        };
        return state.settle(row.id, known && known.kind !== 'outcome_unknown' ? 'failed' : 'unknown', outcome, now());
      });
      throw error;
    }
  }

  function allowBatch(action: Action, context: CallContext): void {
    const id = randomId();
    state.note(
      {
        id,
        organization: settings.organization,
        caller: context.caller,
        tool: action.tool,
        fingerprint: batchFingerprint(action.tool),
        isCreate: false,
        amountMinor: 0,
        atMs: now(),
      },
      () => true,
    );
    state.noteEnd(id, 'batch allowed');
  }

  return { submit, confirm };
}

export type Guard = ReturnType<typeof createGuard>;

const folded = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Refusals say for certain that nothing was written; anything else may have. */
function mayHaveWritten(error: unknown): boolean {
  if (!(error instanceof InventoryError)) return true;
  return !error.nothingSent && (error.kind === 'outcome_unknown' || error.kind === 'partly_done');
}
