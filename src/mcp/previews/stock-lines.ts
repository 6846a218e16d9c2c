import type { Input } from '../../operations/define.ts';
import { adjustmentTypeOf } from '../../operations/stock-adjustments.ts';
import { type Availability, isKit, isTracked } from '../../workflows/availability.ts';
import { amountMinor, divideRounded, formatMicro, maxOf, sumOf } from '../../workflows/numbers.ts';
import { microIn, type Row, rowsIn, textIn } from '../../workflows/rows.ts';
import type { Places } from './places.ts';
import { itemLabel, minorIn, quantityText, refusal, unitOf } from './words.ts';

/** A line of an adjustment as given. Quantities in 1e-6. */
export interface Correction {
  readonly itemId: string;
  readonly warehouseId: string;
  readonly direction: string;
  readonly quantity: bigint | undefined;
  /** Change of stock value, base currency, minor units. */
  readonly value: bigint | undefined;
  /** What an adjustment that stands has changed; 0 of one that does not yet. */
  readonly posted: bigint;
  readonly postedValue: bigint;
}

/** Lines of a call, or of an adjustment as read; a line without a warehouse is at the primary one. */
export const correctionsOf = (record: Row | Input, places: Places, currency: string): Correction[] =>
  rowsIn(record, 'line_items').map((row) => ({
    itemId: textIn(row, 'item_id'),
    warehouseId: textIn(row, 'warehouse_id') || places.primaryId,
    direction: textIn(row, 'adjust_quantity_by'),
    quantity: microIn(row, 'quantity_adjusted'),
    value: row.value_adjusted === undefined ? undefined : minorIn(row, 'value_adjusted', currency),
    posted: microIn(row, 'quantity_change') ?? 0n,
    postedValue: minorIn(row, 'value_change', currency),
  }));

export const isOfValue = (type: unknown): boolean => adjustmentTypeOf(String(type ?? '')) === 'value';

/** What happens to one item in one warehouse. */
export interface Effect {
  readonly figures: Availability;
  readonly place: string;
  readonly before: bigint;
  readonly after: bigint;
  /** Change of stock value, minor units. */
  readonly value: bigint;
  /** False where the cost of new or lost units is the average of what there is. */
  readonly isExact: boolean;
  readonly refusals: readonly string[];
}

/** On hand once the line is posted on `level`; `decrease 5` and `decrease -5` are the same. */
function levelAfter({ direction, quantity = 0n }: Correction, level: bigint): bigint {
  if (direction === 'set_to') return quantity;
  if (direction === 'decrease') return level - (quantity < 0n ? -quantity : quantity);
  return level + quantity;
}

/** What so many units are worth at the item's average cost, else at its purchase rate. */
function worthOf({ row }: Availability, quantity: bigint, currency: string): bigint {
  const owned = (microIn(row, 'stock_on_hand') ?? 0n) + (microIn(row, 'quantity_in_transit') ?? 0n);
  if (row.asset_value !== undefined && owned > 0n)
    return divideRounded(minorIn(row, 'asset_value', currency) * quantity, owned);
  return amountMinor(quantity, microIn(row, 'purchase_rate') ?? 0n, currency);
}

function faultsOf(line: Correction, ofValue: boolean, label: string): string[] {
  if (ofValue)
    return line.value === undefined || line.value === 0n ? [`${label}: value_adjusted must say a change`] : [];
  const { direction, quantity } = line;
  if (quantity === undefined) return [`${label}: quantity_adjusted is missing`];
  if (quantity < 0n && direction === 'set_to') return [`${label} cannot be set to less than 0`];
  if (quantity < 0n && direction === 'increase') return [`an increase of ${label} by a negative quantity is ambiguous`];
  return quantity === 0n && direction !== 'set_to' ? [`${label}: 0 changes nothing`] : [];
}

/**
 * Per item and warehouse, what undoing `before` and posting `after` comes to. Pure. `availability` holds the figures of
 * each place once.
 */
export function effectsOf(
  before: readonly Correction[],
  after: readonly Correction[],
  {
    ofValue,
    availability,
    places,
    currency,
  }: {
    ofValue: boolean;
    availability: readonly Availability[];
    places: Places;
    currency: string;
  },
): Effect[] {
  return availability.map((figures) => {
    const warehouseId = figures.warehouseId ?? '';
    const here = (lines: readonly Correction[]) =>
      lines.filter((line) => line.itemId === figures.itemId && line.warehouseId === warehouseId);
    const label = itemLabel(figures.row);
    const undone = figures.onHand - sumOf(here(before).map(({ posted }) => posted));
    const lines = here(after);
    // Posted one after the other: a find later in the list does not help a loss before it.
    const levels: bigint[] = [];
    for (const line of ofValue ? [] : lines) levels.push(levelAfter(line, levels.at(-1) ?? undone));
    const level = levels.at(-1) ?? undone;
    const isShort = levels.some((one) => one < 0n);
    const given = ofValue ? sumOf(lines.map(({ value = 0n }) => value)) : worthOf(figures, level - undone, currency);
    const sets = lines.filter(({ direction }) => direction === 'set_to').length;
    const fault = places.fault(warehouseId);
    const refusals = [
      ...(fault === '' ? [] : [fault]),
      ...(isKit(figures.row) || !isTracked(figures.row) ? [`${label} has no stock of its own`] : []),
      ...lines.flatMap((line) => faultsOf(line, ofValue, label)),
      ...(sets > 0 && lines.length > 1 ? [`${label} is set twice in one warehouse; give one line for it`] : []),
      ...(isShort
        ? [
            `${label}: only ${quantityText(maxOf(0n, undone), unitOf(figures.row))} on hand in ${places.name(warehouseId)}`,
          ]
        : []),
      ...(ofValue && figures.row.asset_value !== undefined && minorIn(figures.row, 'asset_value', currency) + given < 0n
        ? [`the stock of ${label} is worth less than that`]
        : []),
      ...(ofValue && lines.length > 0 && undone <= 0n
        ? [`there is no stock of ${label} whose value could change`]
        : []),
    ];
    return {
      figures,
      place: places.name(warehouseId),
      before: figures.onHand,
      after: level,
      value: given - sumOf(here(before).map(({ postedValue }) => postedValue)),
      isExact: level === undone,
      refusals: refusals.map(refusal),
    };
  });
}

/** `+6`, `-2`. */
export const signedText = (micro: bigint): string => `${micro > 0n ? '+' : ''}${formatMicro(micro)}`;
