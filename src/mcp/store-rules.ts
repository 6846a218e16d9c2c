import type { State, WriteNote } from '../state/state.ts';
import type { Plan, Raise } from '../workflows/define.ts';
import { formatMoney, minorDigits } from '../workflows/numbers.ts';
import { type Action, countedMinor, type GuardSettings } from './action.ts';
import { fingerprintOf } from './canonical.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Less than ten minutes ago: ten minutes sharp are over. */
const recentMs = 10 * minuteMs - 1;
const createsWithoutAsking = 20;

/** Fingerprint of the note that lets a batch of creates go on unasked. */
export const batchFingerprint = (tool: string) => `batch ${tool}`;

/** Caller of the second note of a create: who calls and what, so that one which never ended is found. */
export const begunBy = (caller: string, { fingerprint }: Pick<WriteNote, 'fingerprint'>) => `${caller} ${fingerprint}`;

/** Ends the outcome of a note whose write may or may not have been carried out. */
export const notCertain = '(outcome not certain)';

/** The operator's limit in minor units of the base currency; without a currency it cannot be told. */
export type AmountLimit = { readonly minor: number; readonly currency: string } | 'unknown';

/** What `INVENTORY_CONFIRM_ABOVE` means in this currency; undefined where the operator set none. */
export function amountLimit({ confirmAbove }: GuardSettings, currency: string | undefined): AmountLimit | undefined {
  if (confirmAbove === undefined) return undefined;
  if (currency === undefined) return 'unknown';
  return { minor: Math.round(confirmAbove * 10 ** minorDigits(currency)), currency };
}

/** What the rules look at: the call, what it means to do, and who calls when. */
export interface Asked {
  readonly state: State;
  readonly organization: string;
  readonly action: Action;
  readonly plan: Plan;
  readonly caller: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly limit: AmountLimit | undefined;
}

/**
 * The raising rules that need the store: what this caller did before. The rules that need only the record stand in
 * `rules.ts` and arrive with the plan. Asked once before a write and once more inside the transaction that notes it.
 */
export function storeRules(asked: Asked): Raise[] {
  return [...(asked.action.creates ? [...identicalCreate(asked), ...manyCreates(asked)] : []), ...amount(asked)];
}

function identicalCreate({ state, organization, action, caller, atMs }: Asked): Raise[] {
  const fingerprint = fingerprintOf(action.tool, action.arguments);
  const since = atMs - recentMs;
  const rule = 'identical_create';
  const first = state.lastLike(organization, caller, fingerprint, since);
  if (first) {
    const ago = Math.max(1, Math.round((atMs - first.atMs) / 1000));
    if (!first.outcome.endsWith(notCertain))
      return [{ rule, reason: `The same call succeeded ${ago} s ago: ${first.outcome}. A yes makes a second one.` }];
    const reason = `The same call was sent ${ago} s ago and its answer never came: ${first.outcome}. It may have been carried out: look first. A yes may make a second one.`;
    return [{ rule, reason }];
  }
  if (state.writesSince(organization, begunBy(caller, { fingerprint }), since).creates === 0) return [];
  const reason =
    'The same call was begun less than 10 minutes ago and has not ended: it is under way, or was broken off. It may have been carried out: look first. A yes may make a second one.';
  return [{ rule, reason }];
}

function manyCreates({ state, organization, action, caller, atMs }: Asked): Raise[] {
  const allowed = state.lastLike(organization, caller, batchFingerprint(action.tool), atMs - recentMs);
  const since = Math.max(atMs - recentMs, (allowed?.atMs ?? -1) + 1);
  const { creates } = state.writesSince(organization, caller, since);
  // The confirmed one was the first of its batch.
  if (creates < createsWithoutAsking - (allowed ? 1 : 0)) return [];
  const reason = `${creates} records were created in the last 10 minutes. A yes also covers the next ${createsWithoutAsking - 1} ${action.tool} calls of the next 10 minutes.`;
  return [{ rule: 'many_creates', reason }];
}

function amount({ state, organization, action, plan, caller, atMs, limit }: Asked): Raise[] {
  if (limit === undefined || plan.amountMinor <= 0) return [];
  if (limit === 'unknown') {
    const reason = "The base currency cannot be told, so the amount cannot be held against the operator's limit.";
    return [{ rule: 'amount_unknown', reason }];
  }
  const money = (minor: number) => formatMoney(BigInt(minor), limit.currency);
  const whose = `the operator's limit of ${money(limit.minor)}`;
  if (plan.amountMinor > limit.minor) return [{ rule: 'amount', reason: `The amount is over ${whose}.` }];
  const counted = countedMinor(action, plan);
  if (counted <= 0) return [];
  const before = state.writesSince(organization, caller, atMs - (atMs % dayMs)).amountMinor;
  if (before + counted <= limit.minor) return [];
  const reason = `With ${money(before)} ordered today the sum would pass ${whose}.`;
  return [{ rule: 'amount_of_day', reason }];
}
