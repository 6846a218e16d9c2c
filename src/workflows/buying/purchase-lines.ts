import { amountMinor, divideRounded, exchangeNano, maxOf, minorDigits, parseMicro, sumOf } from '../numbers.ts';
import { microIn, type Row, rowsIn, textIn } from '../rows.ts';
import { named, plainText } from '../text.ts';

/** A line of a purchase order as the dock sees it; quantities in 1e-6 units. */
export interface PurchaseLine {
  readonly lineId: string;
  readonly itemId: string;
  readonly name: string;
  readonly sku: string;
  readonly unit: string;
  /** Empty where nobody says: the API takes the primary one. */
  readonly warehouseId: string;
  readonly warehouseName: string;
  readonly quantity: bigint;
  readonly received: bigint;
  /** Still to come; 0 for a service, which never arrives. */
  readonly left: bigint;
  /** Price of one less its discount, in 1e-6 of the order's currency. */
  readonly netRate: bigint;
}

const million = 1_000_000n;

/** Price of one after the line's discount; `discount_amount` is off the whole line and wins over a percentage. */
function netRateOf(row: Row, quantity: bigint, currency: string): bigint {
  const rate = microIn(row, 'rate') ?? 0n;
  const amount = parseMicro(row.discount_amount) ?? 0n;
  if (amount > 0n && quantity > 0n) {
    const digits = 10n ** BigInt(6 - minorDigits(currency));
    const minor = divideRounded(amount, digits);
    return maxOf(0n, rate - divideRounded(minor * digits * million, quantity));
  }
  const percent = parseMicro(typeof row.discount === 'string' ? row.discount.replace('%', '') : row.discount) ?? 0n;
  return maxOf(0n, rate - divideRounded(rate * percent, 100n * million));
}

/** The lines of a purchase order, in its order. */
export function linesOfPurchase(order: Row): PurchaseLine[] {
  const currency = textIn(order, 'currency_code');
  return rowsIn(order, 'line_items').map((row) => {
    const quantity = microIn(row, 'quantity') ?? 0n;
    const received = microIn(row, 'quantity_received') ?? 0n;
    return {
      lineId: textIn(row, 'line_item_id'),
      itemId: textIn(row, 'item_id'),
      name: plainText(row.name),
      sku: plainText(row.sku, 60),
      unit: plainText(row.unit, 20),
      warehouseId: textIn(row, 'warehouse_id') || textIn(row, 'location_id'),
      warehouseName: plainText(row.warehouse_name, 60) || plainText(row.location_name, 60),
      quantity,
      received,
      left: row.product_type === 'service' ? 0n : maxOf(0n, quantity - received),
      netRate: netRateOf(row, quantity, currency),
    };
  });
}

/** What a quantity of a line costs in minor units of the base currency: no tax, no shipping, rounded once. */
export function costInBase(line: PurchaseLine, quantity: bigint, exchangeRate: unknown, base: string): bigint {
  const top = quantity * line.netRate * exchangeNano(exchangeRate) * 10n ** BigInt(minorDigits(base));
  return divideRounded(top, million * million * 1_000_000_000n);
}

/** What is still to come of these lines, in minor units of the order's currency. */
export const openAmount = (lines: readonly PurchaseLine[], currency: string): bigint =>
  sumOf(lines.map(({ left, netRate }) => amountMinor(left, netRate, currency)));

/** yyyy-mm-dd; empty where nobody said. */
export const dueOf = (order: Row): string =>
  textIn(order, 'expected_delivery_date') || textIn(order, 'delivery_date') || '';

/** `Desk Mat (DMAT)`. */
export const lineWords = ({ name, sku, itemId }: Pick<PurchaseLine, 'name' | 'sku' | 'itemId'>): string =>
  `${named(name)} (${named(sku, 40) || `id ${itemId}`})`;

/** SKU, or the name of what has none. */
export const shortWords = ({ name, sku }: Pick<PurchaseLine, 'name' | 'sku'>): string => named(sku, 40) || named(name);

/** Statuses in which goods are awaited, folded: the live service writes them with spaces or underscores. */
const awaited = new Set(['issued', 'open', 'partiallyreceived']);

export const statusOf = (order: Row): string => textIn(order, 'status').toLowerCase();

export const isAwaited = (order: Row): boolean => awaited.has(statusOf(order).replace(/[^a-z]/g, ''));
