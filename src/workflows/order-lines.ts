import type { Input } from '../operations/define.ts';
import type { ShortChange } from './changes.ts';
import { amountMinor, divideRounded, maxOf, parseMicro, parseScaled, sumOf } from './numbers.ts';
import { itemLabel, quantityText, rateText, unitOf } from './record-words.ts';
import { microIn, type Row, rowsIn, textIn } from './rows.ts';
import { named } from './text.ts';

/** A line of a sales or purchase order. Quantities and rates in 1e-6; rates in the order's currency. */
export interface OrderLine {
  /** Empty for a line that does not exist yet. */
  readonly lineId: string;
  readonly itemId: string;
  readonly label: string;
  readonly unit: string;
  readonly quantity: bigint;
  /** Undefined where the item's own will be taken. */
  readonly rate: bigint | undefined;
  /** What one unit really costs: the rate less the line's discount. */
  readonly netRate: bigint | undefined;
  /** What is taken off the line: 1e-6 of a percent, or of the currency. */
  readonly off: Off;
  /** 1e-6 of a percent; undefined where the record does not say. */
  readonly taxPercent: bigint | undefined;
  /** Shipped of a sales line, received of a purchase line: what the order no longer waits for. */
  readonly done: bigint;
  readonly packed: bigint;
  /** On invoices of a sales line, on bills of a purchase line; always 0 where the books hold neither. */
  readonly invoiced: bigint;
  /** Empty = the primary warehouse. */
  readonly warehouseId: string;
  readonly warehouseName: string;
}

/** A percentage, or an amount off the whole line, whatever its quantity. */
export type Off = { readonly percent: bigint } | { readonly amount: bigint };

/** 100 % in 1e-6. */
export const hundred = 100_000_000n;

function offOf(row: Row): Off {
  const amount = microIn(row, 'discount_amount');
  return amount === undefined ? { percent: percentOf(row) } : { amount };
}

function netOf(off: Off, quantity: bigint, rate: bigint | undefined): bigint | undefined {
  if (rate === undefined) return undefined;
  if ('amount' in off) return quantity > 0n ? rate - divideRounded(off.amount * 1_000_000n, quantity) : rate;
  return divideRounded(rate * (hundred - off.percent), hundred);
}

function percentOf({ discount }: Row): bigint {
  return parseMicro(typeof discount === 'string' ? discount.replace(/\s*%\s*$/, '') : discount) ?? 0n;
}

function toLine(row: Row): OrderLine {
  const quantity = microIn(row, 'quantity') ?? 0n;
  const rate = microIn(row, 'rate', 'purchase_rate');
  const off = offOf(row);
  return {
    lineId: textIn(row, 'line_item_id'),
    itemId: textIn(row, 'item_id'),
    label: itemLabel(row),
    unit: unitOf(row),
    quantity,
    rate,
    netRate: netOf(off, quantity, rate),
    off,
    taxPercent: microIn(row, 'tax_percentage'),
    done: maxOf(microIn(row, 'quantity_shipped') ?? 0n, microIn(row, 'quantity_received') ?? 0n),
    packed: microIn(row, 'quantity_packed') ?? 0n,
    invoiced: maxOf(microIn(row, 'quantity_invoiced') ?? 0n, microIn(row, 'quantity_billed') ?? 0n),
    warehouseId: textIn(row, 'warehouse_id') || textIn(row, 'location_id'),
    warehouseName: named(row.warehouse_name, 60) || named(row.location_name, 60),
  };
}

// Of the two the amount wins, but some records print beside a percentage what it came to: that one is no statement of its
// own and does not hold when quantities change. Half a cent tells the two apart.
export function rulingOf(row: Row): Row {
  const percent = percentOf(row);
  if (percent <= 0n) return row;
  const { discount_amount, ...rest } = row;
  const gross = divideRounded((microIn(row, 'quantity') ?? 0n) * (microIn(row, 'rate') ?? 0n), 1_000_000n);
  const off = (parseMicro(discount_amount) ?? 0n) - divideRounded(gross * percent, hundred);
  const isOwn = (parseMicro(discount_amount) ?? 0n) > 0n && maxOf(off, -off) > 5_000n;
  return isOwn ? row : rest;
}

/** The lines of an order as read, in their order. */
export const linesOf = (order: Row): OrderLine[] => rowsIn(order, 'line_items').map((row) => toLine(rulingOf(row)));

/** The lines as a call gives them. */
export const givenLinesOf = (input: Input): OrderLine[] => rowsIn(input, 'line_items').map(toLine);

/** Names the warehouses of lines that only have their id. */
export const placedBy = (lines: readonly OrderLine[], nameOf: (warehouseId: string) => string): OrderLine[] =>
  lines.map((line) =>
    line.warehouseId !== '' && line.warehouseName === '' ? { ...line, warehouseName: nameOf(line.warehouseId) } : line,
  );

/** What an update does to the lines of an order. */
export interface LineChanges {
  /** All lines as they would be; the old ones where the update names no lines. */
  readonly after: readonly OrderLine[];
  readonly kept: readonly { readonly before: OrderLine; readonly after: OrderLine }[];
  readonly added: readonly OrderLine[];
  readonly dropped: readonly OrderLine[];
}

/** A PUT replaces the list: a line keeps its counts by `line_item_id`, one that is not named is gone. */
export function lineChanges(order: Row, input: Input): LineChanges {
  const rows = rowsIn(order, 'line_items').map(rulingOf);
  const before = rows.map(toLine);
  if (input.line_items === undefined) {
    return { after: before, kept: before.map((line) => ({ before: line, after: line })), added: [], dropped: [] };
  }
  const byId = new Map(rows.map((row) => [textIn(row, 'line_item_id'), row]));
  const after = rowsIn(input, 'line_items').map((given) => {
    const old = byId.get(textIn(given, 'line_item_id'));
    if (!old) {
      // Goods that the order names already need no look to be called by name.
      const { name, sku, unit } = rows.find(({ item_id }) => item_id === given.item_id) ?? {};
      return { ...toLine({ name, sku, unit, ...given }), lineId: '' };
    }
    const sameItem = given.item_id === undefined || given.item_id === old.item_id;
    // Of another item nothing holds but the counts; and a new word on the discount takes the place of both old ones.
    const { discount: _percent, discount_amount: _amount, ...undiscounted } = old;
    const restated = given.discount !== undefined || given.discount_amount !== undefined;
    const { name: _name, sku: _sku, rate: _rate, ...counts } = undiscounted;
    const stays = given.warehouse_id === undefined || given.warehouse_id === old.warehouse_id;
    const kept = sameItem ? (restated ? undiscounted : old) : counts;
    return toLine({ ...kept, ...(stays ? {} : { warehouse_name: '', location_name: '' }), ...given });
  });
  const kept = before.flatMap((line) => {
    const match = after.find(({ lineId }) => lineId !== '' && lineId === line.lineId);
    return match ? [{ before: line, after: match }] : [];
  });
  const keptIds = new Set(kept.map(({ before: { lineId } }) => lineId));
  return {
    after,
    kept,
    added: after.filter(({ lineId }) => !keptIds.has(lineId)),
    dropped: before.filter(({ lineId }) => !keptIds.has(lineId)),
  };
}

/** `40 pcs Desk Mat (DMAT) at 4.10 USD, Oakland`. */
export function lineText(line: OrderLine, currency: string): string {
  const price = line.rate === undefined ? '' : ` at ${rateText(line.rate, currency)}`;
  const net =
    line.netRate !== line.rate && line.netRate !== undefined ? ` (net ${rateText(line.netRate, currency)})` : '';
  const place = line.warehouseName === '' ? '' : `, ${line.warehouseName}`;
  return `${quantityText(line.quantity, line.unit)} ${line.label}${price}${net}${place}`;
}

/** `100 pcs, 9.99 USD`: what is not as it was, and the whole line where it is another item. */
function newParts(before: OrderLine, after: OrderLine, currency: string): string {
  if (before.itemId !== after.itemId) return lineText(after, currency);
  const net = after.netRate === after.rate ? '' : ` (net ${rateText(after.netRate ?? 0n, currency)})`;
  const parts = [
    before.quantity === after.quantity ? '' : quantityText(after.quantity, after.unit),
    before.rate === after.rate && before.netRate === after.netRate
      ? ''
      : `${rateText(after.rate ?? 0n, currency)}${net}`,
    before.warehouseId === after.warehouseId ? '' : after.warehouseName || `warehouse ${after.warehouseId}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** What an update does to the lines, one line of text each; unchanged ones are left out. */
export function lineChangeTexts({ kept, added, dropped }: LineChanges, currency: string): string[] {
  const changed = kept.flatMap(({ before, after }) => {
    const is = newParts(before, after, currency);
    return is === '' ? [] : [`line changed: ${lineText(before, currency)} -> ${is}`];
  });
  return [
    ...dropped.map((line) => `line dropped: ${lineText(line, currency)}`),
    ...changed,
    ...added.map((line) => `line added: ${lineText(line, currency)}`),
  ];
}

/** The same for a summary: `adds 5 pcs Desk Mat (DMAT) at 24.99 USD`. */
export function linesInShort({ kept, added, dropped }: LineChanges, currency: string): ShortChange[] {
  const price = ({ rate, netRate }: OrderLine): string => rateText(netRate ?? rate ?? 0n, currency);
  const changed = kept.flatMap(({ before, after }) => {
    if (newParts(before, after, currency) === '') return [];
    const quantity =
      before.quantity === after.quantity && before.itemId === after.itemId
        ? ''
        : ` ${quantityText(before.quantity, before.unit)} -> ${quantityText(after.quantity, after.unit)}`;
    const rate = price(before) === price(after) ? '' : ` at ${price(before)} -> ${price(after)}`;
    return [{ whole: `${before.label}${quantity}${rate}`, name: `line ${before.label}` }];
  });
  return [
    ...dropped.map((line) => ({
      whole: `drops ${quantityText(line.quantity, line.unit)} ${line.label}`,
      name: 'dropped lines',
    })),
    ...changed,
    ...added.map((line) => ({
      whole: `adds ${quantityText(line.quantity, line.unit)} ${line.label} at ${price(line)}`,
      name: 'added lines',
    })),
  ];
}

/** Below this no line may fall: what is packed, shipped, received or invoiced of it. */
export const floorOf = ({ packed, done, invoiced }: OrderLine): bigint => maxOf(maxOf(packed, done), invoiced);

/** What the order still waits for of a line. */
export const outstanding = ({ quantity, done }: OrderLine): bigint => maxOf(0n, quantity - done);

/** Gross value of lines whose rate is known, minor units of the order's currency; each line rounded once. */
export const grossMinor = (lines: readonly OrderLine[], currency: string): bigint =>
  sumOf(lines.map(({ quantity, rate }) => amountMinor(quantity, rate ?? 0n, currency)));

/** Exchange rate of a document, base units per unit in 1e-9; even where it says none. */
export const exchangeOf = (order: Row): bigint => {
  const nano = parseScaled(order.exchange_rate, 9);
  return nano === undefined || nano <= 0n ? 1_000_000_000n : nano;
};
