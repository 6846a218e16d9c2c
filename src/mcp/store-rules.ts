import type { KeptRun, Since, State, WritesSince } from '../state/state.ts';
import type { Plan, Raise } from '../workflows/define.ts';
import { formatMoney, minorDigits } from '../workflows/numbers.ts';
import { type Action, countedMinor, type GuardSettings } from './action.ts';
import { fingerprintOf } from './canonical.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Less than ten minutes ago: ten minutes sharp are over. */
const recentMs = 10 * minuteMs - 1;
const createsWithoutAsking = 20;

/** How long a yes covers the batch it was given for. */
export const batchMs = recentMs + 1;

/** Of the shared fact that holds since when a batch of creates may go on unasked. */
export const batchKey = (organization: string, caller: string, tool: string) =>
  `batch:${fingerprintOf(tool, { organization, caller })}`;

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
  /** Runs of the same call that were looked at already. */
  readonly seen: ReadonlySet<string>;
  /** Whether a run ended while this call was under way already: then both are the same call. */
  readonly isMeanwhile: (run: KeptRun) => boolean;
}

/** Reasons to ask, and the revision of the caller's runs they were looked for at; none where no rule looked at runs. */
export interface Judgement {
  readonly raises: readonly Raise[];
  /** The same create, under way or with an unknown end: it is that one whose outcome is asked for. */
  readonly open?: KeptRun;
  readonly revision?: number;
}

/**
 * The raising rules that need the store: what this caller did before. The rules that need only the record stand in
 * `rules.ts` and arrive with the plan. The revision is read first: what begins while the rules look makes it old.
 */
export async function judgeByStore(asked: Asked): Promise<Judgement> {
  const { state, organization, action, plan, caller, atMs, limit } = asked;
  const isDoubled = (doublesWhenRepeated(action) || plan.compounds === true) && !plan.isRest;
  if (!isDoubled && (limit === undefined || plan.amountMinor <= 0)) return { raises: [] };
  const today = await state.writesSince(organization, caller, atMs - (atMs % dayMs));
  const unseen = isDoubled ? await newestLike(asked, { ms: atMs - recentMs, except: asked.seen }) : undefined;
  if (unseen && (isUnended(unseen) || asked.isMeanwhile(unseen))) return { raises: [], open: unseen };
  const like = isDoubled ? await newestLike(asked, { ms: atMs - recentMs }) : undefined;
  const identical = like && !isUnended(like) ? [{ rule: 'identical_create', reason: wordsOn(like, atMs) }] : [];
  const many = action.creates && !plan.isRest ? await manyCreates(asked) : [];
  return { raises: [...identical, ...many, ...amount(asked, today)], revision: today.revision };
}

/** Repeated, it makes a second record, moves the goods once more, or sends a second mail. */
const doublesWhenRepeated = ({ creates, effect }: Action): boolean =>
  creates || effect === 'stock' || effect === 'outward';

/** Under way, stopped or lost: what becomes of it can still be found out. */
export const isUnended = ({ status }: KeptRun): boolean =>
  status === 'running' || status === 'paused' || status === 'unknown';

/** The newest run of the very same call. */
export async function newestLike(
  { state, organization, action, caller }: Pick<Asked, 'state' | 'organization' | 'action' | 'caller'>,
  since: Since,
): Promise<KeptRun | undefined> {
  const fingerprint = action.fingerprint ?? fingerprintOf(action.tool, action.arguments);
  const like = [organization, caller, fingerprint, since] as const;
  // In this order: one that ends between the two questions is found by the second.
  const open = await state.openLike(...like);
  const done = await state.lastLike(...like);
  return open && done ? (open.startedAtMs > done.startedAtMs ? open : done) : (open ?? done);
}

/** The id of the record that the run made, so that whoever was never told of it can tell it from others. */
function recordIn({ reply }: KeptRun): string {
  const shown = typeof reply === 'object' && reply !== null ? [reply, ...Object.values(reply)] : [];
  const ids = shown.flatMap((part: unknown) => (typeof part === 'object' && part !== null ? Object.entries(part) : []));
  const [key, id] = ids.find(([name, value]) => name.endsWith('_id') && /^\d+$/.test(String(value))) ?? [];
  return key === undefined ? '' : ` (${key} ${String(id)})`;
}

function toldOf(run: KeptRun, atMs: number): string {
  const { id, status, changedAtMs, outcome } = run;
  const ago = Math.max(1, Math.round((atMs - changedAtMs) / 1000));
  switch (status) {
    case 'done':
      return `The same call succeeded ${ago} s ago: ${outcome}${recordIn(run)}.`;
    default:
      return `The same call stopped half way ${ago} s ago: ${outcome}. A part of it was carried out: resume_workflow goes on with it (${id}).`;
  }
}

const wordsOn = (run: KeptRun, atMs: number): string =>
  `${toldOf(run, atMs)} A yes does ${run.status === 'done' ? 'it a second time' : 'all of it once more'}.`;

/**
 * What is said beside a refusal of the same call: most often it was the first one that took what is missing now, and who
 * never heard of it would ask for the same in another way. Undefined where the call was not carried out of late.
 */
export async function refusedAfter(asked: Omit<Asked, 'plan' | 'limit' | 'seen' | 'isMeanwhile'>) {
  const { action, atMs } = asked;
  const like = doublesWhenRepeated(action) ? await newestLike(asked, { ms: atMs - recentMs }) : undefined;
  if (!like || isUnended(like)) return undefined;
  return `${toldOf(like, atMs)} That may be why this is refused: do not ask for it in another way before you have looked.`;
}

async function manyCreates({ state, organization, action, caller, atMs }: Asked): Promise<Raise[]> {
  const allowed = await state.get(batchKey(organization, caller, action.tool), atMs);
  const allowedAtMs = typeof allowed === 'number' ? allowed : undefined;
  const since = Math.max(atMs - recentMs, (allowedAtMs ?? -1) + 1);
  const { creates } = await state.writesSince(organization, caller, since);
  // The confirmed one was the first of its batch.
  if (creates < createsWithoutAsking - (allowedAtMs === undefined ? 0 : 1)) return [];
  const reason = `${creates} records were created in the last 10 minutes. A yes also covers the next ${createsWithoutAsking - 1} ${action.tool} calls of the next 10 minutes.`;
  return [{ rule: 'many_creates', reason }];
}

function amount({ action, plan, limit }: Asked, today: WritesSince): Raise[] {
  if (limit === undefined || plan.amountMinor <= 0) return [];
  if (limit === 'unknown') {
    const reason = "The base currency cannot be told, so the amount cannot be held against the operator's limit.";
    return [{ rule: 'amount_unknown', reason }];
  }
  const money = (minor: number) => formatMoney(BigInt(minor), limit.currency);
  const whose = `the operator's limit of ${money(limit.minor)}`;
  if (plan.amountMinor > limit.minor) return [{ rule: 'amount', reason: `The amount is over ${whose}.` }];
  const counted = countedMinor(action, plan);
  if (counted <= 0 || today.amountMinor + counted <= limit.minor) return [];
  const reason = `With ${money(today.amountMinor)} ordered today the sum would pass ${whose}.`;
  return [{ rule: 'amount_of_day', reason }];
}
