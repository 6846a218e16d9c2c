import { NotFound } from '../errors.ts';
import type { Api } from './define.ts';
import { maxOf, sumOf } from './numbers.ts';
import { hasMorePages, microIn, pageSize, type Row, rowIn, rowsIn, textIn } from './rows.ts';

export type { Row } from './rows.ts';

/** Kits have no stock of their own: their `available_stock` is how many can be built. */
export const isKit = (row: Row): boolean => row.is_combo_product === true || row.item_type === 'composite';

// Item types that the live service keeps no stock for.
const withoutStock = new Set(['sales', 'purchases', 'sales_and_purchases']);

/** False for services and for goods whose stock is not kept: these can always be promised. */
export function isTracked(row: Row): boolean {
  if (isKit(row)) return true;
  if (row.product_type === 'service' || row.track_inventory === false) return false;
  return row.track_inventory === true || !withoutStock.has(textIn(row, 'item_type'));
}

/** Of goods whose every unit or batch is known, which of these it is; the live service then wants to hear which ones. */
export function countedBy(row: Row): 'serial number' | 'batch' | undefined {
  if (row.track_serial_number === true) return 'serial number';
  return row.track_batch_number === true ? 'batch' : undefined;
}

/**
 * What may be promised, in 1e-6 units; undefined when nothing limits it. A row without any figure counts as 0, so
 * that nothing is promised on a guess.
 */
export function promisableMicro(row: Row): bigint | undefined {
  if (!isTracked(row)) return undefined;
  if (isKit(row)) return microIn(row, 'available_stock', 'actual_available_stock') ?? 0n;
  return microIn(row, 'actual_available_for_sale_stock', 'actual_available_stock', 'available_stock') ?? 0n;
}

/** A list row may stand for the item only if it has the physical figures; a live list row lacks them. */
export const hasFigures = (row: Row): boolean =>
  !isTracked(row) ||
  isKit(row) ||
  microIn(row, 'actual_available_for_sale_stock', 'actual_available_stock') !== undefined;

/**
 * Fresh rows of these items by id, with their stock figures, for the fewest calls: up to 3 items one `get_item` each;
 * more by pages of `list_items`, as long as a page may spare a call, and `get_item` for what is still missing. An item
 * that does not exist is absent from the map.
 */
export async function readItems(api: Api, itemIds: readonly string[]): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  const missing = new Set(itemIds);
  if (missing.size > 3) {
    for (let page = 1; page <= missing.size; page += 1) {
      const reply = await api.call('list_items', { filter_by: 'Status.All', page, per_page: pageSize });
      for (const row of rowsIn(reply, 'items')) {
        const itemId = textIn(row, 'item_id');
        if (missing.has(itemId) && hasFigures(row)) {
          rows.set(itemId, row);
          missing.delete(itemId);
        }
      }
      if (!hasMorePages(reply)) break;
    }
  }
  await Promise.all(
    [...missing].map(async (itemId) => {
      const row = await readItem(api, itemId);
      if (row) rows.set(itemId, row);
    }),
  );
  return rows;
}

/** One item with its split by warehouse; undefined when it does not exist. One call. */
export async function readItem(api: Api, itemId: string): Promise<Row | undefined> {
  try {
    return rowIn(await api.call('get_item', { item_id: itemId }), 'item');
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Stock of one item in one warehouse, or in all; quantities in 1e-6 units. */
export interface Figures {
  readonly onHand: bigint;
  readonly committed: bigint;
  /** Undefined: nothing limits it. */
  readonly available: bigint | undefined;
}

export interface WarehouseFigures extends Figures {
  readonly warehouseId: string;
  readonly warehouseName: string;
  /** In packages that have not left; undefined where the row does not say. */
  readonly packed: bigint | undefined;
}

export const figuresOf = (row: Row): Figures => ({
  onHand: microIn(row, 'stock_on_hand', 'actual_stock_on_hand') ?? 0n,
  committed: microIn(row, 'committed_stock', 'actual_committed_stock') ?? 0n,
  available: promisableMicro(row),
});

/** Issued purchase lines not yet received, in 1e-6 units. */
export const onOrderOf = (row: Row): bigint => microIn(row, 'quantity_ordered') ?? 0n;

/** Sent from one warehouse and not yet in another, in 1e-6 units. */
export const inTransitOf = (row: Row): bigint => microIn(row, 'quantity_in_transit') ?? 0n;

function warehouseFigures(row: Row, tracked: boolean): WarehouseFigures {
  const onHand = microIn(row, 'warehouse_stock_on_hand', 'location_stock_on_hand', 'stock_on_hand', 'on_hand') ?? 0n;
  const committed =
    microIn(row, 'warehouse_committed_stock', 'location_committed_stock', 'committed_stock', 'committed') ?? 0n;
  const available = microIn(
    row,
    'warehouse_actual_available_for_sale_stock',
    'warehouse_actual_available_stock',
    'location_actual_available_for_sale_stock',
    'location_actual_available_stock',
    'warehouse_available_stock',
    'actual_available_stock',
    'available_stock',
    'available',
  );
  return {
    warehouseId: textIn(row, 'warehouse_id') || textIn(row, 'location_id'),
    warehouseName: textIn(row, 'warehouse_name') || textIn(row, 'location_name'),
    onHand,
    committed,
    available: tracked ? (available ?? onHand - committed) : undefined,
    packed: microIn(row, 'warehouse_quantity_packed', 'quantity_packed'),
  };
}

/** The split of a `get_item` row; empty for list rows. */
export function warehousesOf(row: Row): WarehouseFigures[] {
  const split = rowsIn(row, 'warehouses');
  return (split.length > 0 ? split : rowsIn(row, 'locations')).map((part) => warehouseFigures(part, isTracked(row)));
}

export interface WantedLine {
  readonly item_id: string;
  /** In 1e-6 units. */
  readonly quantity: bigint;
  readonly warehouse_id?: string | undefined;
}

/** What stands against one wanted line; quantities in 1e-6 units. */
export interface Availability extends Figures {
  readonly row: Row;
  readonly itemId: string;
  readonly warehouseId?: string;
  readonly requested: bigint;
  readonly onOrder: bigint;
  /** What cannot be promised of the quantity wanted, lines of the same item and warehouse summed. */
  readonly short: bigint;
}

const placeKey = (itemId: string, warehouseId: string) => `${itemId} ${warehouseId}`;

/**
 * Figures of items in the warehouses named, by `placeKey`. Where several items name one warehouse its list is read,
 * else the item, unless a known row already has the split.
 */
export async function readPlaces(
  api: Api,
  places: readonly { itemId: string; warehouseId: string }[],
  rows: Map<string, Row>,
): Promise<(itemId: string, warehouseId: string) => WarehouseFigures | undefined> {
  const found = new Map<string, WarehouseFigures>();
  const wanted = new Map<string, Set<string>>();
  for (const { itemId, warehouseId } of places) {
    const row = rows.get(itemId);
    if (row && warehousesOf(row).length > 0) continue;
    wanted.set(warehouseId, (wanted.get(warehouseId) ?? new Set()).add(itemId));
  }
  for (const [warehouseId, items] of wanted) {
    const unread = new Set([...items].filter((itemId) => warehousesOf(rows.get(itemId) ?? {}).length === 0));
    let complete = false;
    for (let page = 1; unread.size > 1 && page <= unread.size && !complete; page += 1) {
      const reply = await api.call('list_warehouse_items', { warehouse_id: warehouseId, page, per_page: pageSize });
      for (const row of rowsIn(reply, 'items')) {
        const itemId = textIn(row, 'item_id');
        if (!unread.delete(itemId)) continue;
        const tracked = isTracked(rows.get(itemId) ?? row);
        found.set(placeKey(itemId, warehouseId), { ...warehouseFigures(row, tracked), warehouseId });
      }
      complete = !hasMorePages(reply);
    }
    // What a whole list of the warehouse does not name, it does not hold.
    if (complete) continue;
    for (const itemId of unread) {
      const row = await readItem(api, itemId);
      if (row) rows.set(itemId, row);
    }
  }
  return (itemId, warehouseId) => {
    const split = warehousesOf(rows.get(itemId) ?? {}).find((part) => part.warehouseId === warehouseId);
    return split ?? found.get(placeKey(itemId, warehouseId));
  };
}

/**
 * What can be promised of each line, in the lines' order; a line whose item does not exist throws NotFound. `rows` are
 * fresh rows that are already known and need not be read again.
 */
export async function readAvailability(
  api: Api,
  lines: readonly WantedLine[],
  known: ReadonlyMap<string, Row> = new Map(),
): Promise<Availability[]> {
  const rows = new Map(known);
  const unread = lines.map((line) => line.item_id).filter((itemId) => !rows.has(itemId));
  for (const [itemId, row] of await readItems(api, [...new Set(unread)])) rows.set(itemId, row);
  const placed = lines.flatMap(({ item_id, warehouse_id }) =>
    warehouse_id === undefined ? [] : [{ itemId: item_id, warehouseId: warehouse_id }],
  );
  const place = await readPlaces(api, placed, rows);
  return lines.map(({ item_id: itemId, quantity, warehouse_id: warehouseId }) => {
    const row = rows.get(itemId);
    if (!row) throw new NotFound(`There is no item ${itemId}.`, { facts: { item_id: itemId } });
    const all = figuresOf(row);
    const there = warehouseId === undefined ? undefined : place(itemId, warehouseId);
    const nothing: Figures = { onHand: 0n, committed: 0n, available: all.available === undefined ? undefined : 0n };
    const { onHand, committed, available } = warehouseId === undefined ? all : (there ?? nothing);
    const together = lines.filter((line) => line.item_id === itemId && line.warehouse_id === warehouseId);
    const wanted = sumOf(together.map((line) => line.quantity));
    const short = available === undefined ? 0n : maxOf(0n, wanted - maxOf(0n, available));
    return {
      row,
      itemId,
      ...(warehouseId === undefined ? {} : { warehouseId }),
      requested: quantity,
      onHand,
      committed,
      available,
      onOrder: onOrderOf(row),
      short,
    };
  });
}
