/**
 * Exact decimal arithmetic for quantities and money: integers held in a bigint, never a float on the way.
 * Quantities and rates are `Micro` (1e-6 of a unit or of a currency unit), amounts are `Minor` (cents, yen, fils).
 */
const decimal = /^([+-]?)(\d{1,30})(?:\.(\d{0,30}))?(?:e([+-]?\d{1,2}))?$/i;

/** Integer division, rounded half away from zero. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const top = dividend < 0n ? -dividend : dividend;
  const bottom = divisor < 0n ? -divisor : divisor;
  const rounded = (top * 2n + bottom) / (bottom * 2n);
  return negative ? -rounded : rounded;
}

/** A number or numeric text of the API as an integer of 10^-digits; undefined for what is no plain decimal. */
export function parseScaled(value: unknown, digits: number): bigint | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const match = decimal.exec(String(value).trim());
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const magnitude = BigInt(whole + fraction);
  const shift = Number(exponent) - fraction.length + digits;
  const scaled =
    shift >= 0 ? magnitude * 10n ** BigInt(shift) : divideRounded(magnitude, 10n ** BigInt(Math.min(-shift, 200)));
  return sign === '-' ? -scaled : scaled;
}

/** `formatScaled(1250000n, 6)` is `1.25`; at least `decimals` places are kept. */
export function formatScaled(value: bigint, digits: number, decimals = 0): string {
  const text = (value < 0n ? -value : value).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = text
    .slice(text.length - digits)
    .replace(/0+$/, '')
    .padEnd(decimals, '0');
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Quantity or rate in 1e-6; undefined for what is no number. */
export const parseMicro = (value: unknown): bigint | undefined => parseScaled(value, 6);

export const formatMicro = (micro: bigint): string => formatScaled(micro, 6);

/** For JSON results: the number whose shortest decimal text is the exact value (up to 15 significant digits). */
export const microToNumber = (micro: bigint): number => Number(formatMicro(micro));

export const maxOf = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const minOf = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const sumOf = (values: Iterable<bigint>): bigint => {
  let sum = 0n;
  for (const value of values) sum += value;
  return sum;
};

// ISO 4217 minor units that are not 2, read 2026-11-23.
const withoutMinor = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const withThree = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** Decimal places of a currency's minor unit. */
export function minorDigits(currency: string): number {
  if (withoutMinor.has(currency)) return 0;
  return withThree.has(currency) ? 3 : 2;
}

/** Quantity times rate in minor units, rounded once, half away from zero. */
export function amountMinor(quantityMicro: bigint, rateMicro: bigint, currency: string): bigint {
  return divideRounded(quantityMicro * rateMicro, 10n ** BigInt(12 - minorDigits(currency)));
}

/** `155.88 USD`. */
export function formatMoney(minor: bigint, currency: string): string {
  const digits = minorDigits(currency);
  return `${formatScaled(minor, digits, digits)} ${currency}`.trim();
}

export const minorToNumber = (minor: bigint, currency: string): number =>
  Number(formatScaled(minor, minorDigits(currency)));

/** A rate as printed: two places at least, more where it has them (`0.0125`). */
export const formatRate = (rateMicro: bigint): string => formatScaled(rateMicro, 6, 2);

/** How many base currency units one foreign unit is worth, in 1e-9. Absent, zero or unreadable counts as 1. */
export function exchangeNano(value: unknown): bigint {
  const nano = parseScaled(value, 9);
  return nano === undefined || nano <= 0n ? 1_000_000_000n : nano;
}

/** Base currency rate -> rate in a currency worth `nano` base units, to 1e-6. */
export const rateFromBase = (rateMicro: bigint, nano: bigint): bigint =>
  divideRounded(rateMicro * 1_000_000_000n, nano);

/** Foreign amount -> base amount, both in minor units. */
export function minorToBase(minor: bigint, nano: bigint, currency: string, base: string): bigint {
  const top = minor * nano * 10n ** BigInt(minorDigits(base));
  return divideRounded(top, 1_000_000_000n * 10n ** BigInt(minorDigits(currency)));
}
