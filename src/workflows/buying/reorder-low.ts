import { figuresOf, hasFigures, isKit, isTracked, readItems } from '../availability.ts';
import type { Api } from '../define.ts';
import { microIn, type Row, readList, rowsIn, textIn } from '../rows.ts';

/** All that is low or promised beyond stock, the scarcest first. One call where the catalog fits on a page. */
export async function lowItems(api: Api): Promise<Row[]> {
  const { rows, complete } = await readList(api, 'list_items', 'items', { filter_by: 'Status.All' }, { maxPages: 1 });
  if (complete && rows.every(hasFigures)) return rows.filter(isLow).sort(byScarcity);
  const reported = await reportedLow(api, undefined);
  const known = new Map(rows.filter(hasFigures).map((row) => [textIn(row, 'item_id'), row]));
  // The report lacks what is in transit, and the status; all figures come from one reading of the items.
  const fresh = await freshRows(api, known, [...reported.keys()]);
  return [...reported].map(([itemId, row]) => ({ ...row, ...fresh.get(itemId) }));
}

/** The same goods that the low stock report tells. */
function isLow(row: Row): boolean {
  if (isKit(row) || !isTracked(row)) return false;
  const { onHand, committed } = figuresOf(row);
  const level = microIn(row, 'reorder_level') ?? 0n;
  const available = onHand - committed;
  return available < 0n || (textIn(row, 'status') !== 'inactive' && level > 0n && available <= level);
}

/** By available to level as the report does; what has no level comes last, most wanted first. */
function byScarcity(a: Row, b: Row): number {
  const [x, y] = [a, b].map((row) => {
    const { onHand, committed } = figuresOf(row);
    return { available: onHand - committed, level: microIn(row, 'reorder_level') ?? 0n, sku: textIn(row, 'sku') };
  });
  if (!x || !y) return 0;
  if (x.level > 0n !== y.level > 0n) return x.level > 0n ? -1 : 1;
  const [left, right] = x.level > 0n ? [x.available * y.level, y.available * x.level] : [x.available, y.available];
  return left === right ? x.sku.localeCompare(y.sku) : left < right ? -1 : 1;
}

export async function reportedLow(api: Api, warehouseId: string | undefined): Promise<Map<string, Row>> {
  const report = await api.call('get_low_stock_report', warehouseId === undefined ? {} : { warehouse_id: warehouseId });
  const listed = [...rowsIn(report, 'items'), ...rowsIn(report, 'shortages')];
  return new Map(listed.map((row) => [textIn(row, 'item_id'), row]));
}

/** Rows with all figures: those known, else of many the page of low ones, else one call an item. */
export async function freshRows(
  api: Api,
  known: Map<string, Row>,
  itemIds: readonly string[],
): Promise<Map<string, Row>> {
  const missing = () => itemIds.filter((itemId) => !known.has(itemId));
  if (missing().length > 3) {
    const { rows } = await readList(api, 'list_items', 'items', { filter_by: 'Status.Lowstock' }, { maxPages: 1 });
    for (const row of rows.filter(hasFigures)) known.set(textIn(row, 'item_id'), row);
  }
  for (const [itemId, row] of await readItems(api, missing())) known.set(itemId, row);
  return known;
}
