import { amountMinor, divideRounded, minorDigits, parseMicro, sumOf } from './numbers.ts';
import { hundred, type OrderLine } from './order-lines.ts';
import { minorIn } from './record-words.ts';
import { type Row, textIn } from './rows.ts';

// An order is counted as the service counts it: each line is rounded once, what is taken off it once more, then comes the
// sum. A net price of one unit times the quantity would be a cent beside it now and then.

/** In minor units of the order's currency. */
const grossOf = ({ quantity, rate }: OrderLine, currency: string): bigint =>
  amountMinor(quantity, rate ?? 0n, currency);

export function lineOffMinor(line: OrderLine, currency: string): bigint {
  const { off } = line;
  if ('percent' in off) return divideRounded(grossOf(line, currency) * off.percent, hundred);
  return divideRounded(off.amount, 10n ** BigInt(6 - minorDigits(currency)));
}

export const lineNetMinor = (line: OrderLine, currency: string): bigint =>
  grossOf(line, currency) - lineOffMinor(line, currency);

/** True where more is taken off a line than it comes to, which no service takes. */
export const isOverDiscounted = (line: OrderLine, currency: string): boolean => lineNetMinor(line, currency) < 0n;

/** What some records take off the whole order, beside its lines: 1e-6 of a percent, or minor units. */
export type OrderOff = ({ readonly percent: bigint } | { readonly minor: bigint }) & { readonly beforeTax: boolean };

/** Undefined where the order has none of its own. `before`: its lines as read. */
export function orderOff(row: Row, before: readonly OrderLine[], currency: string): OrderOff | undefined {
  if (textIn(row, 'discount_type') === 'item_level') return undefined;
  const written = String(row.discount ?? '').trim();
  const percent = parseMicro(written.replace(/\s*%$/, '')) ?? 0n;
  const printed = minorIn(row, 'discount_amount', currency);
  if (percent <= 0n && printed <= 0n) return undefined;
  const beforeTax = row.is_discount_before_tax !== false;
  if (written.endsWith('%')) return { percent, beforeTax };
  // A bare figure is an amount, unless the amount that is printed beside it is what it comes to as a percentage.
  const goods = sumOf(before.map((line) => lineNetMinor(line, currency)));
  if (percent > 0n && printed > 0n && printed === divideRounded(goods * percent, hundred))
    return { percent, beforeTax };
  return { minor: printed > 0n ? printed : minorIn(row, 'discount', currency), beforeTax };
}

export const isTaxIncluded = (row: Row): boolean => row.is_inclusive_tax === true || row.is_inclusive_tax === 'true';

export interface Worth {
  /** Goods after discounts, shipping and adjustment; before tax unless the prices include it. */
  readonly goods: bigint;
  /** With tax; undefined where the record does not tell enough. */
  readonly total: bigint | undefined;
}

/** Of the order with these lines in place of its own. Minor units of its currency. */
export function worthOf(lines: readonly OrderLine[], row: Row, off: OrderOff | undefined, currency: string): Worth {
  const nets = lines.map((line) => lineNetMinor(line, currency));
  const net = sumOf(nets);
  const less = off === undefined ? 0n : 'minor' in off ? off.minor : divideRounded(net * off.percent, hundred);
  const goods = net - less + minorIn(row, 'shipping_charge', currency) + minorIn(row, 'adjustment', currency);
  if (isTaxIncluded(row)) return { goods, total: goods };
  const taxes = lines.map(({ taxPercent }, index) =>
    taxPercent === undefined ? undefined : divideRounded((nets[index] ?? 0n) * taxPercent, hundred),
  );
  const known = taxes.filter((tax) => tax !== undefined);
  const isKnown = known.length === taxes.length;
  // How a service shares such a discount among the lines that are taxed, nobody says.
  const isShared = off?.beforeTax === true && known.some((tax) => tax !== 0n);
  return { goods, total: isKnown && !isShared ? goods + sumOf(known) : undefined };
}

/** Of one unit after every discount, without the tax that its price may include; 1e-6 of the currency. `goods`: all lines net. */
function unitPrice(line: OrderLine, row: Row, off: OrderOff | undefined, goods: bigint): bigint {
  const net = line.netRate ?? 0n;
  const left =
    off === undefined || goods <= 0n
      ? net
      : 'minor' in off
        ? divideRounded(net * (goods - off.minor), goods)
        : divideRounded(net * (hundred - off.percent), hundred);
  return isTaxIncluded(row) ? divideRounded(left * hundred, hundred + (line.taxPercent ?? 0n)) : left;
}

/** Of each of these lines, as an order with all of them would be paid. */
export function unitPrices(
  lines: readonly OrderLine[],
  row: Row,
  off: OrderOff | undefined,
  currency: string,
): bigint[] {
  const goods = sumOf(lines.map((line) => lineNetMinor(line, currency)));
  return lines.map((line) => unitPrice(line, row, off, goods));
}
