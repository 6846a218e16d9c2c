import type { Part } from '../allocation.ts';
import { isKit } from '../availability.ts';
import type { Api } from '../define.ts';
import { maxOf } from '../numbers.ts';
import { microIn, type Row, rowIn, rowsIn, textIn } from '../rows.ts';
import { partsOf } from '../supply.ts';
import { plainText } from '../text.ts';
import type { Wanted } from './place-sales-order-found.ts';

/** A line of the order as packing sees it; quantities in 1e-6 units. */
export interface Line {
  /** Empty where the order is still to be written. */
  readonly lineId: string;
  readonly itemId: string;
  readonly name: string;
  readonly sku: string;
  readonly unit: string;
  /** Empty where nobody says: the API takes the primary one. */
  readonly warehouseId: string;
  readonly warehouseName: string;
  readonly quantity: bigint;
  readonly packed: bigint;
  readonly shipped: bigint;
  /** Services are never packed. */
  readonly isCarried: boolean;
  readonly isKit: boolean;
  /** What leaves instead of a kit, for one of it. */
  readonly parts: readonly Part[];
}

/** What of a line is packed, or is to be. */
export interface Packed {
  readonly line: Line;
  readonly quantity: bigint;
  /** Where it is packed; most often the line's own. */
  readonly warehouseId: string;
  readonly warehouseName: string;
}

/** A package of the order that has not left. */
export interface OpenPackage {
  readonly packageId: string;
  readonly number: string;
  /** yyyy-mm-dd. */
  readonly date: string;
  readonly status: string;
  readonly contents: readonly Packed[];
}

const placeOf = (row: Row) => ({
  warehouseId: textIn(row, 'warehouse_id') || textIn(row, 'location_id'),
  warehouseName: plainText(row.warehouse_name, 60) || plainText(row.location_name, 60),
});

/** The lines of an order that is there. */
export const linesOfOrder = (order: Row): Line[] =>
  rowsIn(order, 'line_items').map((row) => ({
    lineId: textIn(row, 'line_item_id'),
    itemId: textIn(row, 'item_id'),
    name: plainText(row.name),
    sku: plainText(row.sku, 60),
    unit: plainText(row.unit, 20),
    ...placeOf(row),
    quantity: microIn(row, 'quantity') ?? 0n,
    packed: microIn(row, 'quantity_packed') ?? 0n,
    shipped: microIn(row, 'quantity_shipped') ?? 0n,
    isCarried: row.product_type !== 'service',
    isKit: isKit(row),
    // The order keeps the recipe of its day.
    parts: isKit(row) ? partsOf(row) : [],
  }));

/** The lines of an order that is still to be written; `recipes` by kit. */
export const linesOfNew = (wanted: readonly Wanted[], recipeOf: (itemId: string) => readonly Part[]): Line[] =>
  wanted.map(({ row, itemId, name, sku, unit, quantity, warehouseId = '', warehouseName }) => ({
    lineId: '',
    itemId,
    name,
    sku,
    unit,
    warehouseId,
    warehouseName,
    quantity,
    packed: 0n,
    shipped: 0n,
    isCarried: row.product_type !== 'service',
    isKit: isKit(row),
    parts: recipeOf(itemId),
  }));

/** What is not packed yet. */
export const unpackedOf = ({ isCarried, quantity, packed }: Line): bigint =>
  isCarried ? maxOf(0n, quantity - packed) : 0n;

// The live service has more words for a package that left than for one that is here.
const isHere = (row: Row): boolean =>
  /^(draft|ready[ _]to[ _]ship|not[ _]shipped|packed)$/i.test(textIn(row, 'status'));

/** The packages of an order that have not left, in its order. One call for each that the order does not list whole. */
export async function readOpenPackages(api: Api, order: Row, lines: readonly Line[]): Promise<OpenPackage[]> {
  const found: OpenPackage[] = [];
  for (const listed of rowsIn(order, 'packages').filter(isHere)) {
    const packageId = textIn(listed, 'package_id');
    const whole = rowsIn(listed, 'line_items').length > 0;
    const row = whole ? listed : rowIn(await api.call('get_package', { package_id: packageId }), 'package');
    found.push({
      packageId,
      number: plainText(row.package_number ?? listed.package_number, 40),
      date: textIn(row, 'date') || textIn(listed, 'date'),
      status: textIn(listed, 'status'),
      contents: rowsIn(row, 'line_items').flatMap((part) => {
        const line = lines.find(({ lineId }) => lineId === textIn(part, 'so_line_item_id'));
        if (!line) return [];
        const place = placeOf(part);
        const quantity = microIn(part, 'quantity') ?? 0n;
        return [{ line, quantity, ...(place.warehouseId === '' ? placeOfLine(line) : place) }];
      }),
    });
  }
  return found;
}

const placeOfLine = ({ warehouseId, warehouseName }: Line) => ({ warehouseId, warehouseName });

/** A line packed where it is held. */
export const packedOf = (line: Line, quantity: bigint): Packed => ({ line, quantity, ...placeOfLine(line) });
