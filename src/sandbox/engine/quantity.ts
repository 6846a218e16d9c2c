import { invalid } from '../route.ts';

/** Integers of 1e-6 units (quantities), of 1e-6 currency units per unit (rates) or of 1e-6 percent (taxes). */
export const micro = 1_000_000;

// 1e9 units or currency units: far above any stock room, and every such value stays below 2^53 in millionths.
const largestMicro = 1_000_000_000 * micro;

const decimalPattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,2}))?$/i;

/** `numerator / denominator`, rounded half away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const top = numerator < 0n ? -numerator : numerator;
  const bottom = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * top + bottom) / (2n * bottom);
  return negative ? -rounded : rounded;
}

/** A number that SQLite and JSON carry exactly; what is larger is refused rather than blurred. */
export function exactNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw invalid('amount', 'The amount is too large.');
  return number;
}

/** `left * right / divisor` without a rounding step in between. */
export const multiplyRounded = (left: number, right: number, divisor: number): number =>
  exactNumber(divideRounded(BigInt(left) * BigInt(right), BigInt(divisor)));

/**
 * Millionths of a decimal that arrived as a JSON number or a string of digits; a seventh decimal is rounded half away
 * from zero. Undefined for what is no number or beyond 1e9. Read from its digits: 79.99 * 1e6 is not 79,990,000 in floats.
 */
export function toMicro(value: unknown): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = String(value).trim();
  const match = text.length <= 40 ? decimalPattern.exec(text) : null;
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const shift = 6 + Number(exponent) - fraction.length;
  const digits = BigInt(`${whole}${fraction}`);
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : divideRounded(digits, 10n ** BigInt(-shift));
  if (scaled > BigInt(largestMicro)) return undefined;
  const result = Number(scaled);
  return sign === '-' && result !== 0 ? -result : result;
}

/** Millionths as the JSON number that prints them exactly: the division of two exact integers is correctly rounded. */
export const fromMicro = (value: number): number => value / micro;

/** An amount given in millionths of a currency unit, in minor units of a currency with `digits` decimals. */
export const minorOfMicro = (value: number, digits: number): number =>
  exactNumber(divideRounded(BigInt(value) * 10n ** BigInt(digits), BigInt(micro)));

/** Minor units as a JSON number of currency units. */
export const fromMinor = (minor: number, digits: number): number => minor / 10 ** digits;

/** `quantity x rate` in minor units of a currency with `digits` decimals. */
export const amountMinor = (quantityMicro: number, rateMicro: number, digits: number): number =>
  exactNumber(divideRounded(BigInt(quantityMicro) * BigInt(rateMicro) * 10n ** BigInt(digits), 1_000_000_000_000n));

/** An amount of one currency in another: `rateMicro` is units of the target per unit of the source, times 1e6. */
export const convertMinor = (minor: number, digits: number, rateMicro: number, targetDigits: number): number =>
  exactNumber(
    divideRounded(
      BigInt(minor) * BigInt(rateMicro) * 10n ** BigInt(targetDigits),
      BigInt(micro) * 10n ** BigInt(digits),
    ),
  );

/** How many of the kit's part this many kits need. */
export const partQuantity = (kitsMicro: number, perKitMicro: number): number =>
  multiplyRounded(kitsMicro, perKitMicro, micro);
