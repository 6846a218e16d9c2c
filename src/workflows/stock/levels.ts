import { readItem, warehousesOf } from '../availability.ts';
import type { Api, WorkflowContext } from '../define.ts';
import { hasMorePages, microIn, pageSize, pagesAfter, type Row, rowIn, rowsIn, textIn } from '../rows.ts';

/** Stock of one item in one warehouse, in 1e-6 units. */
export interface Level {
  readonly onHand: bigint;
  readonly committed: bigint;
  /** In packages that have not left. */
  readonly packed: bigint;
}

export interface Levels {
  /** Zeros where the warehouse holds none of it. */
  readonly at: (itemId: string, warehouseId: string) => Level;
  /** Warehouses that were met on the way, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** ISO code of the base currency, where the report was read; else empty. */
  readonly currency: string;
}

const none: Level = { onHand: 0n, committed: 0n, packed: 0n };
/** Items that are read one by one without asking the report. */
const fewItems = 2;
/** 100,000 places; what is still open then is read item by item. */
const mostPages = 500;

const key = (itemId: string, warehouseId: string) => `${itemId} ${warehouseId}`;

/**
 * What lies of these items in each warehouse, packed goods told apart, for the fewest calls: one or two items by
 * `get_item`; more by pages of the stock on hand report, until there are fewer items left than pages. `warehouseId` narrows
 * the report where one warehouse is all that is asked about. `rows` are known rows, and gain those read.
 */
export async function readLevels(
  api: Api,
  itemIds: readonly string[],
  rows: Map<string, Row>,
  { context, warehouseId }: { context: WorkflowContext; warehouseId?: string | undefined },
): Promise<Levels> {
  const found = new Map<string, Level>();
  const names = new Map<string, string>();
  let currency = '';
  const unread = new Set(itemIds.filter((itemId) => warehousesOf(rows.get(itemId) ?? {}).length === 0));
  let isWhole = false;
  for (let page = 1; unread.size > fewItems && !isWhole && page <= mostPages; page += 1) {
    const narrow = warehouseId === undefined ? {} : { warehouse_id: warehouseId };
    const reply = await api.call('get_stock_on_hand', { ...narrow, page, per_page: pageSize });
    currency = textIn(rowIn(reply, 'report'), 'currency');
    const listed = rowsIn(reply, 'items');
    for (const row of listed) {
      const [itemId, place] = [textIn(row, 'item_id'), textIn(row, 'warehouse_id')];
      names.set(place, textIn(row, 'warehouse_name'));
      found.set(key(itemId, place), levelIn(row));
    }
    isWhole = !hasMorePages(reply);
    if (isWhole) unread.clear();
    // The report is ordered by item, and the last one of a page may go on on the next.
    const last = textIn(listed.at(-1) ?? {}, 'item_id');
    for (const row of listed) if (textIn(row, 'item_id') !== last) unread.delete(textIn(row, 'item_id'));
    if (unread.size <= pagesAfter(page, reply)) break;
    context.progress(`Read stock of ${page * pageSize} places`);
  }
  for (const itemId of unread) {
    const row = await readItem(api, itemId);
    if (row) rows.set(itemId, row);
  }
  for (const itemId of itemIds) {
    for (const split of warehousesOf(rows.get(itemId) ?? {})) {
      names.set(split.warehouseId, split.warehouseName);
      const { onHand, committed, packed = 0n } = split;
      found.set(key(itemId, split.warehouseId), { onHand, committed, packed });
    }
  }
  return { at: (itemId, place) => found.get(key(itemId, place)) ?? none, names, currency };
}

const levelIn = (row: Row): Level => ({
  onHand: microIn(row, 'on_hand') ?? 0n,
  committed: microIn(row, 'committed') ?? 0n,
  packed: microIn(row, 'packed') ?? 0n,
});
