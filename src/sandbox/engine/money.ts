import { invalid } from '../route.ts';
import { amountMinor, divideRounded, exactNumber, micro, multiplyRounded } from './quantity.ts';

/** 5 or "5%" is a percentage of the line; an amount is in minor units of the document's currency. */
export type Discount = { readonly percentMicro: number } | { readonly amountMinor: number };

export interface LineInput {
  readonly quantityMicro: number;
  readonly rateMicro: number;
  readonly discount: Discount;
  /** 8.5 % is 8,500,000. */
  readonly taxPercentageMicro: number;
}

export interface LineMoney {
  /** quantity x rate, before the discount. */
  readonly grossMinor: number;
  readonly discountMinor: number;
  /** On the net amount. */
  readonly taxMinor: number;
}

const percentOf = (minor: number, percentMicro: number): number => multiplyRounded(minor, percentMicro, 100 * micro);

/** The money of one line in minor units of a currency with `digits` decimals; each figure is rounded once, here. */
export function lineMoney(
  { quantityMicro, rateMicro, discount, taxPercentageMicro }: LineInput,
  digits: number,
): LineMoney {
  const grossMinor = amountMinor(quantityMicro, rateMicro, digits);
  const discountMinor = 'amountMinor' in discount ? discount.amountMinor : percentOf(grossMinor, discount.percentMicro);
  if (discountMinor > grossMinor) throw invalid('discount_amount', 'The discount is larger than the line.');
  return { grossMinor, discountMinor, taxMinor: percentOf(grossMinor - discountMinor, taxPercentageMicro) };
}

export interface Totals {
  /** Before discounts. */
  readonly subTotalMinor: number;
  readonly discountTotalMinor: number;
  readonly taxTotalMinor: number;
  readonly totalMinor: number;
}

const sum = (values: readonly number[]): number =>
  exactNumber(values.reduce((total, value) => total + BigInt(value), 0n));

/**
 * Totals are sums of rounded lines; shipping and adjustment are untaxed. The reference's sales order prints 2,889.44, which
 * is 2,649.25 + 225.19 + 25.00 - 10.00: it ignores the two discount keys of its own request. Here the same lines give
 * 2,889.44 without those keys and, with `discount_amount` 100, 2,780.94.
 */
export function orderTotals(lines: readonly LineMoney[], shippingMinor: number, adjustmentMinor: number): Totals {
  const subTotalMinor = sum(lines.map((line) => line.grossMinor));
  const discountTotalMinor = sum(lines.map((line) => line.discountMinor));
  const taxTotalMinor = sum(lines.map((line) => line.taxMinor));
  const totalMinor = sum([subTotalMinor, -discountTotalMinor, taxTotalMinor, shippingMinor, adjustmentMinor]);
  if (totalMinor < 0) throw invalid('adjustment', 'The total would be below zero.');
  return { subTotalMinor, discountTotalMinor, taxTotalMinor, totalMinor };
}

/**
 * What `quantityMicro` of a purchase line costs in minor units of the base currency: the line's net rate (rate less its
 * discount per unit, to 1e-6) times quantity times exchange rate; tax and shipping are no part of it.
 */
export function purchaseCost(
  line: { readonly quantityMicro: number; readonly rateMicro: number; readonly discount: Discount },
  {
    quantityMicro,
    exchangeRateMicro,
    digits,
    baseDigits,
  }: {
    readonly quantityMicro: number;
    readonly exchangeRateMicro: number;
    readonly digits: number;
    readonly baseDigits: number;
  },
): number {
  const off =
    'amountMinor' in line.discount
      ? divideRounded(
          BigInt(line.discount.amountMinor) * BigInt(micro) * BigInt(micro),
          BigInt(line.quantityMicro) * 10n ** BigInt(digits),
        )
      : divideRounded(BigInt(line.rateMicro) * BigInt(line.discount.percentMicro), BigInt(100 * micro));
  const net = BigInt(line.rateMicro) - off;
  const cost = divideRounded(
    BigInt(quantityMicro) * (net < 0n ? 0n : net) * BigInt(exchangeRateMicro) * 10n ** BigInt(baseDigits),
    BigInt(micro) ** 3n,
  );
  return exactNumber(cost);
}
