import { Rejected } from '../../errors.ts';
import { formatMicro, formatMoney } from '../numbers.ts';
import { type LineChanges, linesOf, type OrderLine } from '../order-lines.ts';
import {
  isOverDiscounted,
  isTaxIncluded,
  lineNetMinor,
  lineOffMinor,
  type OrderOff,
  orderOff,
  type Worth,
  worthOf,
} from '../order-worth.ts';
import { minorIn, quantityText, rateText } from '../record-words.ts';
import type { AnyOrder } from '../resolve-order.ts';
import type { Row } from '../rows.ts';

/** What a change of the lines does to the worth of the order, in words. Throws Rejected for what no service takes. */
export function worthWords({ kind, row }: AnyOrder, { kept, added, after }: LineChanges, currency: string): string[] {
  const held = linesOf(row);
  const off = orderOff(row, held, currency);
  const [was, is] = [worthOf(held, row, off, currency), worthOf(after, row, off, currency)];
  // What its record says was taken, however odd.
  const odd = new Set(held.filter((line) => isOverDiscounted(line, currency)).map(({ lineId }) => lineId));
  refuseOver(
    after.filter((line) => !odd.has(line.lineId) && isOverDiscounted(line, currency)),
    currency,
  );
  if (sumIn(was) >= 0n && sumIn(is) < 0n) throw belowNothing(sumIn(is), currency);
  const changed = kept.filter(
    ({ before, after: line }) => before.quantity !== line.quantity || before.rate !== line.rate,
  );
  return [
    ...changed.flatMap(({ after: line }) => stayingOff(line, currency)),
    ...kept.flatMap(({ before, after: line }) =>
      before.netRate === line.netRate ? [] : doneAtOldPrice(before, kind, currency),
    ),
    ...(off === undefined ? [] : [orderOffWords(off, currency)]),
    ...(isTaxIncluded(row) && added.length > 0
      ? ['The prices of this order include tax, that of a new line too.']
      : []),
    worthText(was, is, row, currency),
  ];
}

/** The worth of an order whose lines stay. */
export function worthStays(row: Row, currency: string): string {
  const held = linesOf(row);
  const { goods } = worthOf(held, row, orderOff(row, held, currency), currency);
  return `Its worth stays ${formatMoney(goods, currency)} ${taxWords(row)}.`;
}

const taxWords = (row: Row): string => (isTaxIncluded(row) ? 'with tax' : 'before tax');

/** The total beside it only where what we count for the order as it is comes to what its record says. */
function worthText(was: Worth, is: Worth, row: Row, currency: string): string {
  const move = (before: bigint, after: bigint): string =>
    `${formatMoney(before, currency)} -> ${formatMoney(after, currency)}`;
  const isSure = was.total !== undefined && is.total !== undefined && was.total === minorIn(row, 'total', currency);
  const isSame = was.total === was.goods && is.total === is.goods;
  const total = isSure && !isSame ? `; total ${move(was.total, is.total)}` : '';
  return `Goods and charges ${taxWords(row)}: ${move(was.goods, is.goods)}${total}.`;
}

/** An amount is off the line, not off each unit: of fewer units it takes more. */
const stayingOff = (line: OrderLine, currency: string): string[] =>
  'amount' in line.off && line.off.amount > 0n
    ? [`The discount of ${formatMoney(lineOffMinor(line, currency), currency)} on ${line.label} stays whole.`]
    : [];

/** A new price reaches back to nothing that is booked. */
function doneAtOldPrice(line: OrderLine, kind: AnyOrder['kind'], currency: string): string[] {
  const done = kind === 'purchase' ? line.done : line.invoiced;
  if (done === 0n) return [];
  const what = `${quantityText(done, line.unit)} of ${line.label}`;
  return kind === 'purchase'
    ? [`${what} came in at ${rateText(line.netRate ?? 0n, currency)}; what they cost in stock stays.`]
    : [`${what} are invoiced at the old price; the invoice stays.`];
}

const orderOffWords = (off: OrderOff, currency: string): string =>
  'minor' in off
    ? `The discount of ${formatMoney(off.minor, currency)} on the whole order stays as it is.`
    : `The discount of ${formatMicro(off.percent)} % on the whole order is taken of what is left.`;

const sumIn = ({ total, goods }: Worth): bigint => total ?? goods;

function refuseOver(over: readonly OrderLine[], currency: string): void {
  if (over.length === 0) return;
  const money = (minor: bigint): string => formatMoney(minor, currency);
  const words = over.map((line) => {
    const off = lineOffMinor(line, currency);
    return `${line.label}: ${money(off)} is taken off, and the line would come to ${money(lineNetMinor(line, currency) + off)}`;
  });
  throw new Rejected(
    `A discount would be larger than its line. Nothing was written.\n${words.join('\n')}\nChange the discount first, or remove the line with quantity 0.`,
    {
      nothingSent: true,
      facts: { over_discounted: over.map(({ lineId, itemId }) => ({ line_item_id: lineId, item_id: itemId })) },
    },
  );
}

const belowNothing = (worth: bigint, currency: string): Rejected =>
  new Rejected(
    `The order would be worth less than nothing: ${formatMoney(worth, currency)} after discounts, shipping and adjustment. Nothing was written.`,
    { nothingSent: true },
  );
