import { figuresOf, onOrderOf, type WarehouseFigures, warehousesOf } from '../availability.ts';
import { microToNumber, sumOf } from '../numbers.ts';
import { microIn, type Row, rowsIn, textIn } from '../rows.ts';
import { named, plainText } from '../text.ts';
import type { Claims } from './explain-stock-claims.ts';
import type { Coming } from './explain-stock-coming.ts';
import type { Told } from './explain-stock-words.ts';

/** What the item itself says, of one warehouse or all. */
export function toldBy(row: Row, words: string, place: WarehouseFigures | undefined): Told {
  const { onHand, committed, available } = place ?? figuresOf(row);
  const split = warehousesOf(row);
  const packed = place ? place.packed : sumOf(split.map((part) => part.packed ?? 0n));
  const raw = rowsIn(row, 'warehouses').find(({ warehouse_id }) => warehouse_id === place?.warehouseId);
  return {
    what: place ? `${words} in ${named(place.warehouseName)}` : words,
    isOneWarehouse: place !== undefined,
    ...{ onHand, committed, available: available ?? onHand - committed, packed },
    onOrder: place ? microIn(raw ?? {}, 'warehouse_quantity_ordered') : onOrderOf(row),
    inTransit: place ? undefined : microIn(row, 'quantity_in_transit'),
  };
}

export const figures = ({ onHand, committed, available, packed, onOrder, inTransit }: Told) => ({
  on_hand: microToNumber(onHand),
  committed: microToNumber(committed),
  available: microToNumber(available),
  ...(packed === undefined ? {} : { packed: microToNumber(packed) }),
  ...(onOrder === undefined ? {} : { on_order: microToNumber(onOrder) }),
  ...(inTransit === undefined ? {} : { in_transit: microToNumber(inTransit) }),
});

/** A line that names no warehouse is served from the primary one. */
const isAt = (warehouseId: string, row: Row, place: WarehouseFigures): boolean => {
  const primary = rowsIn(row, 'warehouses').find(({ is_primary }) => is_primary === true);
  return (warehouseId || textIn(primary ?? {}, 'warehouse_id')) === place.warehouseId;
};

export const claimsAt = ({ claims, truncated }: Claims, row: Row, place: WarehouseFigures | undefined): Claims => ({
  claims: place ? claims.filter(({ line }) => isAt(line.warehouseId, row, place)) : claims,
  truncated,
});

export const comingTo = (
  { orders, transfers, truncated }: Coming,
  row: Row,
  place: WarehouseFigures | undefined,
): Coming => ({
  orders: place ? orders.filter(({ warehouseId }) => isAt(warehouseId, row, place)) : orders,
  transfers: place ? transfers.filter(({ warehouseId }) => warehouseId === place.warehouseId) : transfers,
  truncated,
});

export const holdsAny = ({ onHand, committed, available = 0n }: WarehouseFigures): boolean =>
  onHand !== 0n || committed !== 0n || available !== 0n;

export const splitRow = ({ warehouseName, onHand, committed, available }: WarehouseFigures) => ({
  warehouse: plainText(warehouseName, 60),
  on_hand: microToNumber(onHand),
  committed: microToNumber(committed),
  available: microToNumber(available ?? onHand - committed),
});
