import { allocate, type Supply } from '../allocation.ts';
import type { Plan } from '../define.ts';
import { formatMicro, formatMoney, sumOf } from '../numbers.ts';
import { counted, named, plainText } from '../text.ts';
import type { Found, Placed } from './place-sales-order-found.ts';
import { planOf } from './place-sales-order-plan.ts';
import type { PlaceSteps } from './place-sales-order-steps.ts';

/**
 * What can be promised now, and the rest; a line may stand in both. The rest is counted after all that is promised now and
 * line after line, so that two lines of one item do not both begin at the same stock.
 */
export function splitOf(
  whole: readonly Placed[],
  supplies: ReadonlyMap<string, Supply>,
): { now: Placed[]; rest: Placed[] } {
  const now = whole.flatMap((one) =>
    one.allocation.promised > 0n ? [part(one, one.allocation.promised, { ...one.allocation, short: 0n })] : [],
  );
  const waiting = whole.flatMap((one) =>
    one.allocation.short > 0n ? [part(one, one.allocation.short, one.allocation)] : [],
  );
  const taken = allocate(
    [...now, ...waiting].map(({ line }) => line),
    supplies,
    { beyond: true },
  ).slice(now.length);
  const rest = waiting.map((one, index) => {
    const { before, after } = taken[index] ?? one.allocation;
    return { ...one, allocation: { before, promised: 0n, short: one.ordered, after } };
  });
  return { now, rest };
}

const part = ({ line }: Placed, quantity: bigint, allocation: Placed['allocation']): Placed => ({
  line: { ...line, quantity },
  allocation,
  ordered: quantity,
});

/** Two orders in one plan: the first is filled now, the second waits. */
export function splitPlan(found: Found, rest: readonly Placed[]): Plan<PlaceSteps> {
  const first = planOf(found);
  const second = planOf({ ...found, placed: rest, elsewhere: [] });
  const { customer, confirm, exchange, header } = found;
  const units = (placed: readonly Placed[]): string => formatMicro(sumOf(placed.map(({ ordered }) => ordered)));
  const money = (plan: Plan): string =>
    formatMoney(BigInt(plan.amountMinor), exchange.nano === undefined ? exchange.currency : found.base);
  const known = new Set(first.raises.map(({ reason }) => reason));
  const reference =
    header.reference_number === undefined ? ' Its reference names the first.' : ' It has the same reference.';
  return {
    ...first,
    summary: `Two sales orders for ${named(plainText(customer.contact_name, 50))}: ${units(found.placed)} units now, ${money(first)}; ${units(rest)} units later, ${money(second)}; ${confirm ? 'both confirmed' : 'both drafts'}`,
    preview: [
      `First order, what can be promised now, ${counted(found.placed.length, 'line')}:`,
      ...first.preview,
      `Second order, the rest, which waits, ${counted(rest.length, 'line')}:`,
      ...second.preview.slice(0, rest.length + 1),
      `${confirm ? 'It is confirmed too and waits for stock.' : 'A draft too.'}${reference}`,
    ],
    facts: { ...first.facts, second: { total_before_tax: second.facts?.total_before_tax, lines: second.facts?.lines } },
    restsOn: { first: first.restsOn, second: second.restsOn },
    steps: { ...first.steps, second: { create: second.steps.create, lines: second.steps.lines } },
    documents: 2,
    raises: [...first.raises, ...second.raises.filter(({ reason }) => !known.has(reason))],
    amountMinor: first.amountMinor + second.amountMinor,
  };
}
