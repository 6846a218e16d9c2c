import type { State } from '../state/state.ts';
import type { Plan, Raise } from '../workflows/define.ts';
import { fingerprintOf } from './canonical.ts';
import type { Action, GuardSettings } from './guard.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Less than ten minutes ago: ten minutes sharp are over. */
const recentMs = 10 * minuteMs - 1;
const createsWithoutAsking = 20;

/** Fingerprint of the note that lets a batch of creates go on unasked. */
export const batchFingerprint = (tool: string) => `batch ${tool}`;

/**
 * The raising rules that need the store: what this caller did before. The rules that need only the record stand in
 * `rules.ts` and arrive with the plan. Asked once before a write and once more inside the transaction that notes it.
 */
export function storeRules(
  state: State,
  settings: GuardSettings,
  action: Action,
  plan: Plan,
  caller: string,
  at: number,
): Raise[] {
  return [
    ...(action.creates
      ? [...identicalCreate(state, settings, action, caller, at), ...manyCreates(state, settings, action, caller, at)]
      : []),
    ...amount(state, settings, action, plan, caller, at),
  ];
}

function identicalCreate(
  state: State,
  { organization }: GuardSettings,
  action: Action,
  caller: string,
  at: number,
): Raise[] {
  const first = state.lastLike(organization, caller, fingerprintOf(action.tool, action.arguments), at - recentMs);
  if (!first) return [];
  const ago = Math.max(1, Math.round((at - first.atMs) / 1000));
  return [
    {
      rule: 'identical_create',
      reason: `The same call succeeded ${ago} s ago: ${first.outcome}. A yes makes a second one.`,
    },
  ];
}

function manyCreates(
  state: State,
  { organization }: GuardSettings,
  action: Action,
  caller: string,
  at: number,
): Raise[] {
  const allowed = state.lastLike(organization, caller, batchFingerprint(action.tool), at - recentMs);
  const since = Math.max(at - recentMs, (allowed?.atMs ?? -1) + 1);
  const { creates } = state.writesSince(organization, caller, since);
  // The confirmed one was the first of its batch.
  if (creates < createsWithoutAsking - (allowed ? 1 : 0)) return [];
  return [
    {
      rule: 'many_creates',
      reason: `${creates} records were created in the last 10 minutes. A yes also covers the next ${createsWithoutAsking - 1} ${action.tool} calls of the next 10 minutes.`,
    },
  ];
}

function amount(
  state: State,
  settings: GuardSettings,
  action: Action,
  plan: Plan,
  caller: string,
  at: number,
): Raise[] {
  const limit = settings.confirmAboveMinor;
  if (limit === undefined || plan.amountMinor <= 0) return [];
  if (plan.amountMinor > limit)
    return [{ rule: 'amount', reason: `The amount is over the operator's limit of ${money(limit)}.` }];
  if (!action.countsAmount) return [];
  const before = state.writesSince(settings.organization, caller, at - (at % dayMs)).amountMinor;
  if (before + plan.amountMinor <= limit) return [];
  return [
    {
      rule: 'amount_of_day',
      reason: `With ${money(before)} ordered today the sum would pass the operator's limit of ${money(limit)}.`,
    },
  ];
}

const money = (minor: number) => (minor / 100).toFixed(2);
