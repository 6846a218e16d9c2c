import { countedBy } from './availability.ts';
import { amountMinor, formatMicro, formatMoney, formatRate, minorDigits, parseScaled } from './numbers.ts';
import { type Row, textIn } from './rows.ts';
import { named } from './text.ts';

/** Of what a person's client shows in its approval box. */
export const summaryLength = 160;

/** `Desk Mat (DMAT)`; without a SKU the id tells namesakes apart. */
export function itemLabel(row: Row): string {
  const name = named(row.name) || 'item';
  return `${name} (${named(row.sku, 40) || `id ${textIn(row, 'item_id')}`})`;
}

/** `Tech Solutions Inc`, from an order or a contact. */
export const partyLabel = (row: Row): string =>
  named(row.customer_name) || named(row.vendor_name) || named(row.contact_name) || 'no name';

/** Of goods that are kept by serial number or batch, that a job which takes only quantities cannot book them live. */
export function noneGiven(row: Row): string[] {
  const by = countedBy(row);
  return by === undefined
    ? []
    : [`Likely to be refused: ${itemLabel(row)} is kept by ${by}, and none is given. Book it in Zoho Inventory.`];
}

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
