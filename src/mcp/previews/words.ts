import {
  amountMinor,
  formatMicro,
  formatMoney,
  formatRate,
  minorDigits,
  parseScaled,
} from '../../workflows/numbers.ts';
import { type Row, textIn } from '../../workflows/rows.ts';
import { counted, named, plainText } from '../../workflows/text.ts';

export { quoted } from '../../workflows/text.ts';

/** Of what a person's client shows in its approval box. */
export const summaryLength = 160;

/**
 * One line of at most 160 characters that a model can repeat exactly: typographic quotes, dashes and ellipses are
 * written plainly, because models rewrite them.
 */
export function summaryLine(text: string): string {
  const plain = plainText(text.normalize('NFKC'), 2_000)
    .replace(/[\u2018\u2019\u201a\u2032]/g, "'")
    .replace(/[\u201c\u201d\u201e\u2033]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\u2026/g, '...');
  const characters = [...plain];
  return characters.length <= summaryLength ? plain : `${characters.slice(0, summaryLength - 3).join('')}...`;
}

/** `Desk Mat (DMAT)`; without a SKU the id tells namesakes apart. */
export function itemLabel(row: Row): string {
  const name = named(row.name) || 'item';
  return `${name} (${named(row.sku, 40) || `id ${textIn(row, 'item_id')}`})`;
}

/** `Tech Solutions Inc`, from an order or a contact. */
export const partyLabel = (row: Row): string =>
  named(row.customer_name) || named(row.vendor_name) || named(row.contact_name) || 'no name';

/** `40 pcs`. */
export const quantityText = (micro: bigint, unit: string): string => `${formatMicro(micro)} ${unit}`.trim();

export const unitOf = (row: Row): string => named(row.unit, 20);

/** `on hand 4 -> 44 pcs`; one figure where nothing changes. */
export function beforeAfter(what: string, before: bigint, after: bigint, unit: string): string {
  if (before === after) return `${what} stays ${quantityText(before, unit)}`;
  return `${what} ${formatMicro(before)} -> ${quantityText(after, unit)}`;
}

/** `12.99 USD`; as many places as the rate has. */
export const rateText = (rateMicro: bigint, currency: string): string => `${formatRate(rateMicro)} ${currency}`.trim();

/** `574.00 USD`. */
export const amountText = (quantityMicro: bigint, rateMicro: bigint, currency: string): string =>
  formatMoney(amountMinor(quantityMicro, rateMicro, currency), currency);

/** An amount of a record in minor units; 0 where it is absent. */
export const minorIn = (row: Row, key: string, currency: string): bigint =>
  parseScaled(row[key], minorDigits(currency)) ?? 0n;

/** `2 sales orders (SO-00012, SO-00014)`. */
export function namedList(noun: string, names: readonly string[], more: boolean): string {
  const shown = names.slice(0, 5).map((name) => named(name, 30));
  const cut = more || names.length > shown.length ? ', ...' : '';
  return `${more ? `${names.length} or more ${noun}s` : counted(names.length, noun)} (${shown.join(', ')}${cut})`;
}

/** What the API will probably say, from what the reading shows; the API decides when the call runs. */
export const refusal = (why: string): string => `${refusalWords}${why}.`;

const refusalWords = 'Likely to be refused: ';
export const isRefusal = (line: string): boolean => line.startsWith(refusalWords);

export const notUndone = 'This cannot be undone.';
