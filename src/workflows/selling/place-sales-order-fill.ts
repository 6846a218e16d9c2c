import * as z from 'zod';
import { flag } from '../../operations/fields.ts';
import { aboutSupplies } from '../about.ts';
import { allocate } from '../allocation.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { readSupplies } from '../supply.ts';
import { readElsewhere } from './elsewhere.ts';
import { planOf } from './place-sales-order-plan.ts';
import { type Prepared, refuseShort } from './place-sales-order-prepare.ts';
import { splitOf, splitPlan } from './place-sales-order-split.ts';
import type { PlaceSteps } from './place-sales-order-steps.ts';

/** What is done where there is not enough. */
export const shortWays = z.enum(['refuse', 'partial', 'backorder', 'split']);

/** How an order is filled: what every job that takes an order asks for beside its lines. */
export const fillInput = {
  confirm: flag('false leaves a draft, which reserves nothing').default(true),
  if_short: shortWays
    .describe('partial: only what can be promised; backorder: all; split: the rest as a second order')
    .default('refuse'),
};

export interface Filling {
  /** Fields of the order itself, as create_sales_order takes them. */
  readonly header: Readonly<Record<string, string>>;
  readonly confirm: boolean;
  readonly if_short: z.infer<typeof shortWays>;
}

const nothingNow = 'Nothing of it can be promised now: set if_short to backorder, which orders all and lets it wait.';
const ifShort =
  'Order less, or set if_short: partial orders what can be promised, backorder orders all and lets the rest wait, split makes a second order of the rest.';

/** Reads the stock of prepared lines and plans the order. What cannot be promised is refused unless `if_short` says otherwise. */
export async function planFilled(
  api: Api,
  { lines, ...prepared }: Prepared,
  { header, confirm, if_short }: Filling,
  context: WorkflowContext,
): Promise<Plan<PlaceSteps>> {
  context.progress('Checking the stock');
  const rows = new Map(prepared.rows);
  const { supplies } = await readSupplies(api, lines, rows);
  const allocations = allocate(lines, supplies, { beyond: if_short === 'backorder' });
  const whole = lines.flatMap((line, index) => {
    const allocation = allocations[index];
    return allocation ? [{ line, allocation, ordered: line.quantity }] : [];
  });
  const { now, rest } = splitOf(whole, supplies);
  const isSplit = if_short === 'split' && rest.length > 0;
  const placed = isSplit
    ? now
    : if_short === 'partial'
      ? whole.map((one) => ({ ...one, ordered: one.allocation.promised })).filter(({ ordered }) => ordered > 0n)
      : whole;
  if (if_short === 'refuse' || placed.length === 0)
    refuseShort(lines, allocations, rows, if_short === 'refuse' ? ifShort : nothingNow);
  const elsewhere = await readElsewhere(
    api,
    placed.map(({ line, ordered }) => ({ ...line, quantity: ordered })),
    rows,
  );
  const cuts = if_short === 'partial' ? whole.map(({ line, allocation }) => ({ line, cut: allocation.short })) : [];
  const found = {
    ...prepared,
    rows,
    header,
    confirm,
    placed,
    cuts: cuts.filter(({ cut }) => cut > 0n),
    elsewhere,
    today: context.today,
  };
  const about = aboutSupplies(supplies);
  return { ...(isSplit ? splitPlan(found, rest) : planOf(found)), about };
}
