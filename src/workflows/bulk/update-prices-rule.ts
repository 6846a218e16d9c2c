import { divideRounded, minOf, minorDigits } from '../numbers.ts';

const unit = 1_000_000n;
/** From here on half a step is half a percent at most. */
const smallInSteps = 100n;

/**
 * How a price is rounded: to a multiple of something, or so that it ends in something. All in 1e-6. What nobody asked for
 * keeps the decimal places of small prices: in whole cents a screw of 0.0125 would be 0.01 after a rise.
 */
export type Rounding = { readonly multiple: bigint; readonly keepsSmall?: boolean } | { readonly ending: bigint };

/** Between a half and one a step makes no sense: 0.99 and 0.95 are how prices end. */
export function roundingOf(roundTo: bigint | undefined, currency: string): Rounding {
  if (roundTo === undefined || roundTo === 0n)
    return { multiple: unit / 10n ** BigInt(minorDigits(currency)), keepsSmall: true };
  return roundTo * 2n > unit && roundTo < unit ? { ending: roundTo } : { multiple: roundTo };
}

/** A rate changed by a percentage in 1e-6, rounded once. A price of nothing stays nothing. */
export function changedBy(rate: bigint, percentMicro: bigint, rounding: Rounding): bigint {
  if (rate === 0n) return 0n;
  // Multiplied out and rounded at the end: a rate rounded twice could end on the wrong side.
  const whole = 100n * unit;
  const exact = rate * (whole + percentMicro);
  if ('multiple' in rounding) {
    const { multiple: step, keepsSmall } = rounding;
    const multiple = keepsSmall && rate < step * smallInSteps ? minOf(step, lastPlaceOf(rate)) : step;
    return divideRounded(exact, whole * multiple) * multiple;
  }
  const below = exact - rounding.ending * whole;
  return below <= 0n ? rounding.ending : divideRounded(below, whole * unit) * unit + rounding.ending;
}

/** The worth of the last decimal place that a rate has: 0.0001 of 0.0125. */
function lastPlaceOf(rate: bigint): bigint {
  let place = 1n;
  while (place < unit && rate % (place * 10n) === 0n) place *= 10n;
  return place;
}

/** Hundredths of a percent of change; undefined from nothing. */
export const changePercent = (before: bigint, after: bigint): bigint | undefined =>
  before === 0n ? undefined : divideRounded((after - before) * 10_000n, before);

/** What is left of the price after the cost, in hundredths of a percent; undefined where one of them is not known. */
export const marginPercent = (rate: bigint, cost: bigint): bigint | undefined =>
  rate === 0n || cost === 0n ? undefined : divideRounded((rate - cost) * 10_000n, rate);
