import type { Input } from '../operations/define.ts';
import type { Raise } from './define.ts';
import { divideRounded, formatMicro, formatRate } from './numbers.ts';
import { lineChanges, linesOf, type OrderLine } from './order-lines.ts';
import { type Promises, shortagesOf } from './promises.ts';
import { quantityText } from './record-words.ts';
import { type Row, textIn } from './rows.ts';

// Why a change of an order asks first. The guard's table and the jobs that change orders raise by these same functions,
// so that no job is a way around the table.

/** At most five of them in words, the rest counted. */
export const listed = (words: readonly string[]): string =>
  words.length <= 5 ? words.join(', ') : `${words.slice(0, 5).join(', ')} and ${words.length - 5} more`;

/** What an update would drop of the lines of a record, in words. */
export function droppedLines(before: Row, input: Input): string[] {
  const { dropped, added } = lineChanges(before, input);
  return dropped.map((line) => {
    const again = added.some(({ itemId }) => itemId === line.itemId);
    const note = again ? ' (sent again without its line_item_id, so as a new line)' : '';
    return `${quantityText(line.quantity, line.unit)} ${line.label}${note}`;
  });
}

export const dropsReason = (dropped: readonly string[]): string | undefined =>
  dropped.length === 0 ? undefined : `An update replaces the whole list, and this one would drop ${listed(dropped)}.`;

/** More than 25 % up or down; from nothing to something counts. Rates in 1e-6. */
export function isPriceJump(before: bigint, after: bigint): boolean {
  const change = after > before ? after - before : before - after;
  return change !== 0n && change * 4n > before;
}

/** `rate 10.00 -> 14.00, 40 %`, where it jumps. */
export function priceJump(what: string, before: bigint | undefined, after: bigint | undefined): string[] {
  if (before === undefined || after === undefined || !isPriceJump(before, after)) return [];
  const percent =
    before === 0n ? '' : `, ${formatMicro(divideRounded((after - before) * 100n, before) * 1_000_000n)} %`;
  return [`${what} ${formatRate(before)} -> ${formatRate(after)}${percent}`];
}

/** Jumps on the lines that stay: a discount changes the price as much as a rate does, so by what a unit really costs. */
export const linePriceJumps = (before: Row, input: Input): string[] =>
  lineChanges(before, input).kept.flatMap(({ before: was, after: is }) =>
    was.itemId === is.itemId ? priceJump(`price of ${is.label}`, was.netRate, is.netRate) : [],
  );

export const priceReason = (jumps: readonly string[]): string | undefined =>
  jumps.length === 0 ? undefined : `A price changes by more than 25 %: ${listed(jumps)}.`;

export function promisesMoreReason(promises: Promises | undefined): string | undefined {
  const short = promises ? shortagesOf(promises) : [];
  if (short.length === 0) return undefined;
  const words = short.map(({ label, unit, place, wanted, available, onOrder, elsewhere }) => {
    const where = place === '' ? '' : ` in ${place}`;
    const coming = onOrder > 0n ? `, ${formatMicro(onOrder)} on order` : '';
    const rest = elsewhere > 0n ? `, ${formatMicro(elsewhere)} in other warehouses` : '';
    return `${label}${where}: ${quantityText(wanted, unit)} wanted, ${formatMicro(available)} can be promised${rest}${coming}`;
  });
  return `The order would promise more than there is: ${listed(words)}.`;
}

/** Lines of an issued order that would order more than the vendor was told. */
function ordersMoreLines(before: Row, input: Input): OrderLine[] {
  const status = textIn(before, 'status');
  if (status === 'draft' || status === '' || linesOf(before).length === 0) return [];
  const { kept, added } = lineChanges(before, input);
  return [
    ...kept.filter(({ before: was, after: is }) => is.quantity > was.quantity).map(({ after }) => after),
    ...added,
  ];
}

// To issue an order asks; else a small issued order could be made a large one without a question.
export function ordersMoreReason(before: Row, input: Input): string | undefined {
  const more = ordersMoreLines(before, input);
  if (more.length === 0) return undefined;
  return `The order is issued already and would order more: ${listed(more.map(({ quantity, unit, label }) => `${quantityText(quantity, unit)} ${label}`))}.`;
}

const dueDates = ['shipment_date', 'expected_delivery_date', 'delivery_date'];

/** True where the call names a date that this rule looks at. */
export const namesDueDate = (input: Input): boolean => dueDates.some((key) => input[key] !== undefined);

/**
 * A day on which an order ships or arrives lies before the order's own: a slip, which no service may find. `before` is empty
 * for a new order, whose date is today unless it says another.
 */
export function earlyReason(before: Row, input: Input, today: string): string | undefined {
  const dateOf = (key: string): string => textIn(input, key) || textIn(before, key);
  const isNew = (key: string): boolean => textIn(input, key) !== '' && textIn(input, key) !== textIn(before, key);
  const ordered = dateOf('date') || today;
  const early = dueDates.filter((key) => (isNew(key) || isNew('date')) && dateOf(key) !== '' && dateOf(key) < ordered);
  if (early.length === 0) return undefined;
  return `${early.map((key) => `${key} ${dateOf(key)}`).join(' and ')} ${early.length === 1 ? 'lies' : 'lie'} before the day of the order, ${ordered}.`;
}

/** The same for the jobs that plan orders. */
export function earlyRaises(before: Row, input: Input, today: string): Raise[] {
  const reason = earlyReason(before, input, today);
  return reason === undefined ? [] : [{ rule: 'early_date', reason }];
}

/** What raises a change of the lines of a sales order (with `promises`, where it holds stock) or a purchase order. */
export function orderRaises(
  kind: 'sales' | 'purchase',
  {
    before,
    input,
    promises,
  }: { readonly before: Row; readonly input: Input; readonly promises?: Promises | undefined },
): Raise[] {
  if (input.line_items === undefined) return [];
  const reasons: readonly (readonly [string, string | undefined])[] = [
    ['drops_lines', dropsReason(droppedLines(before, input))],
    ['price_change', priceReason(linePriceJumps(before, input))],
    kind === 'sales'
      ? ['promises_more', promisesMoreReason(promises)]
      : ['orders_more', ordersMoreReason(before, input)],
  ];
  return reasons.flatMap(([rule, reason]) => (reason === undefined ? [] : [{ rule, reason }]));
}
