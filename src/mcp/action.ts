import type { Client, Reply } from '../client/client.ts';
import type { Every } from '../client/wait.ts';
import type { Effect, Input } from '../operations/define.ts';
import type { State } from '../state/state.ts';
import type { Plan } from '../workflows/define.ts';

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
  /** ISO code of the base currency that `Plan.amountMinor` is in; undefined where it cannot be told. */
  readonly currency: () => Promise<string | undefined>;
  readonly plan: () => Promise<Plan>;
  /** `through` stands between the run and the client: the journal of its steps. */
  readonly run: (plan: Plan, through?: (client: Client) => Client) => Promise<Reply>;
  /** Of several steps, so that it can stop half way and be resumed. */
  readonly isJob?: boolean;
  /** Of more steps than the call limit lets through at once. */
  readonly isLong?: boolean;
  /** Two calls with the same arguments are one call, whatever keys they bear. */
  readonly isOnce?: boolean;
  /** Goes on with a run of before instead of beginning one. */
  readonly goOn?: () => Promise<Reply>;
  /** Of the call, where the caller gave a key of its own; default: of tool and arguments. */
  readonly fingerprint?: string;
}

/** Builds the action of a kept call again. */
export type ActionOf = (call: { readonly tool: string; readonly arguments: Input }) => Action;

/** What the guard says: an answer, or a form that has to be shown first. */
export type Verdict =
  | { readonly kind: 'answer'; readonly reply: Reply; readonly isError?: boolean }
  | { readonly kind: 'form'; readonly state: string; readonly message: string };

export interface GuardSettings {
  readonly organization: string;
  readonly confirm: 'auto' | 'token' | 'elicitation';
  /** The operator's limit in units of the base currency: 499.99 of USD, 500 of JPY. */
  readonly confirmAbove?: number;
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
  /** Between two looks at a call under way; default: a timer. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Renews the leases of runs under way; a timer of the process's own by default. */
  readonly every?: Every;
}

/**
 * What this call counts in the sum of the caller's day: an order once, when it is written, and later what a change adds,
 * by whatever tool it is changed.
 */
export const countedMinor = (action: Action, plan: Plan): number =>
  plan.addedMinor ?? (action.countsAmount ? plan.amountMinor : 0);
