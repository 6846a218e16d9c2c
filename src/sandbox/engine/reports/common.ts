import type { Database, Row } from '../../../sqlite.ts';
import { counted, type PageContext, pageOf } from '../../page.ts';
import { remembered } from '../../remembered.ts';
import { type Answer, type Call, invalid, type World } from '../../route.ts';
import { integerOf, textOf } from '../../row.ts';
import { findWarehouse, organization, type Warehouse } from '../directory.ts';
import { dateField, warehouseNotFound } from '../fields.ts';
import { divideRounded, exactNumber, micro } from '../quantity.ts';

export type Json = Record<string, unknown>;

/** What a report is asked for; days are inclusive. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly warehouse: Warehouse | undefined;
  /** True when `to` lies before today: what is committed or on order has no history and is then not known. */
  readonly isPast: boolean;
}

/** The days asked for by the two named keys: until today, from the first of that month, unless the query says otherwise. */
export function daysAsked(call: Call, fromKey: string, toKey: string): { from: string; to: string } {
  const body = { [fromKey]: call.query.get(fromKey)?.trim(), [toKey]: call.query.get(toKey)?.trim() };
  const to = dateField(body, toKey) ?? call.world.today();
  const from = dateField(body, fromKey) ?? `${to.slice(0, 8)}01`;
  if (from > to) throw invalid(fromKey, `${fromKey} ${from} is after ${toKey} ${to}.`);
  return { from, to };
}

export function asked(call: Call): Asked {
  const { db, today } = call.world;
  const id = call.query.get('warehouse_id')?.trim() || undefined;
  const warehouse = id === undefined ? undefined : findWarehouse(db, id);
  if (id !== undefined && !warehouse) throw warehouseNotFound(id);
  const days = daysAsked(call, 'from_date', 'to_date');
  return { ...days, warehouse, isPast: days.to < today() };
}

/** What stands over every report: when, where, in which currency, about which days, by which book. */
export function header(world: World, name: string, particulars: Json): Json {
  const { time_zone, currency_code } = organization(world.db);
  return { name, generated_at: world.timestamp(), time_zone, currency: currency_code, ...particulars };
}

export const filterOf = ({ warehouse }: Asked): Json =>
  warehouse ? { filter: { warehouse_id: warehouse.warehouse_id, warehouse_name: warehouse.warehouse_name } } : {};

/** Rows that are tallied by `item_tally` under a condition. */
export const tallied = (db: Database, condition: string): number =>
  counted(db, `SELECT sum(items) AS total FROM item_tally WHERE ${condition}`);

type Head = (page: { readonly row_count: number; readonly truncated: boolean }) => Json;

/** The page asked for of a report's rows, under `key`; header and totals are those of all rows. */
export const reportAnswer = (call: Call, key: string, head: Head, rows: readonly Json[], beside: Json = {}): Answer =>
  pagedAnswer(key, head, pageOf(call, rows), beside);

/** The same of a page that is cut already. */
export function pagedAnswer(
  key: string,
  head: Head,
  { rows, page_context }: { readonly rows: readonly Json[]; readonly page_context: PageContext },
  beside: Json = {},
): Answer {
  const report = head({ row_count: page_context.total, truncated: rows.length < page_context.total });
  return { message: 'success', body: { report, [key]: rows, ...beside, page_context } };
}

export const noHistory = 'Committed and on order have no history: they are null for a day before today.';

/** Minor units of many rows together. */
export const sum = (values: Iterable<number>): number => {
  let total = 0n;
  for (const value of values) total += BigInt(value);
  return exactNumber(total);
};

/** `minor` shared over a quantity, as a rate with 4 decimal places; null for no quantity. */
export function unitCost(minor: number, quantityMicro: number, digits: number): number | null {
  if (quantityMicro === 0) return null;
  const tenThousandths = divideRounded(
    BigInt(minor) * BigInt(micro) * 10_000n,
    BigInt(quantityMicro) * 10n ** BigInt(digits),
  );
  return exactNumber(tenThousandths) / 10_000;
}

/** Of an item what reports print. Its other fields are not read: a catalog may hold 100,000. */
export interface Goods {
  readonly item_id: string;
  readonly name: string;
  readonly sku: string;
  readonly unit: string;
  readonly status: string;
  readonly reorderLevelMicro: number;
}

export const goodsColumns = 'item.item_id, name AS name, sku AS sku, unit, item.status AS status, reorder_level_micro';

export const toGoods = (row: Row): Goods => ({
  item_id: textOf(row, 'item_id'),
  name: textOf(row, 'name'),
  sku: textOf(row, 'sku'),
  unit: textOf(row, 'unit'),
  status: textOf(row, 'status'),
  reorderLevelMicro: integerOf(row, 'reorder_level_micro'),
});

export interface Worth {
  readonly quantityMicro: number;
  /** FIFO, base currency, minor units. */
  readonly valueMinor: number;
}

export const nothing: Worth = { quantityMicro: 0, valueMinor: 0 };

/** What lay where: quantity and FIFO value by item id and place. Transit has the place `transit`. */
export type Holdings = ReadonlyMap<string, ReadonlyMap<string, Worth>>;

/**
 * The parts that goods are worth, as a query with `item_id`, `place`, `holder`, `quantity_micro` and `value_minor`: the open
 * layers, or, for the end of a day, what had been entered in each by then.
 */
export const worthSql = (day: string | undefined): string =>
  day === undefined
    ? 'SELECT item_id, place, holder, quantity_micro, value_minor FROM layer WHERE quantity_micro > 0'
    : `SELECT layer.item_id, layer.place, layer.holder, entry.quantity_micro, entry.value_minor
       FROM layer CROSS JOIN layer_entry AS entry ON entry.layer_id = layer.layer_id
         LEFT JOIN stock_move USING (move_id) LEFT JOIN revaluation USING (revaluation_id)
       WHERE coalesce(stock_move.effective_date, revaluation.effective_date) <= ?`;

/** Worth of all goods together at the end of `day` (undefined = now), in one warehouse or everywhere; `moving` lies in transit. */
export function totalWorth(
  db: Database,
  day: string | undefined,
  warehouseId: string | undefined,
): { readonly valueMinor: number; readonly movingMinor: number } {
  const place = warehouseId === undefined ? '' : 'WHERE place = ?';
  const row = remembered(
    db,
    `SELECT sum(value_minor) AS value, sum(CASE WHEN place = 'transit' THEN value_minor ELSE 0 END) AS moving
     FROM ${day === undefined ? 'place_tally' : `(${worthSql(day)})`} ${place}`,
    [...(day === undefined ? [] : [day]), ...(warehouseId === undefined ? [] : [warehouseId])],
  );
  return { valueMinor: integerOf(row, 'value'), movingMinor: integerOf(row, 'moving') };
}

/**
 * Holdings of `items` at the end of a day, by the costs that were recorded; `day` undefined = now. `transitTo` leaves in
 * transit only what is on its way to that warehouse.
 */
export function holdings(
  db: Database,
  items: readonly string[],
  day: string | undefined,
  transitTo?: string,
): Holdings {
  const bound =
    transitTo === undefined
      ? ''
      : `AND (place <> 'transit' OR holder IN (
          SELECT line_item_id FROM transfer_line JOIN transfer USING (transfer_id) WHERE to_warehouse_id = ?))`;
  const rows = db
    .prepare(
      `SELECT item_id, place, sum(quantity_micro) AS quantity_micro, sum(value_minor) AS value_minor
       FROM (${worthSql(day)}) WHERE item_id IN (SELECT value FROM json_each(?)) ${bound} GROUP BY item_id, place`,
    )
    .all(...(day === undefined ? [] : [day]), JSON.stringify(items), ...(transitTo === undefined ? [] : [transitTo]));
  const byItem = new Map<string, Map<string, Worth>>();
  for (const row of rows) {
    const item = textOf(row, 'item_id');
    const places = byItem.get(item) ?? new Map<string, Worth>();
    byItem.set(item, places);
    places.set(textOf(row, 'place'), {
      quantityMicro: integerOf(row, 'quantity_micro'),
      valueMinor: integerOf(row, 'value_minor'),
    });
  }
  return byItem;
}

export type OpenKind = 'committed' | 'packed' | 'ordered';

/** What documents claim of the stock of `items` now, or bring to it, in millionths, under `item warehouse kind`. */
export function openQuantities(
  db: Database,
  items: readonly string[],
): (item: string, kind: OpenKind, warehouse?: string) => number {
  const sums = new Map<string, number>();
  const add = (key: string, quantity: number) => sums.set(key, (sums.get(key) ?? 0) + quantity);
  const rows = db.prepare(
    `SELECT item_id, kind, warehouse_id, sum(quantity_micro) AS quantity_micro FROM open_quantity
     WHERE item_id IN (SELECT value FROM json_each(?)) GROUP BY item_id, kind, warehouse_id`,
  );
  for (const row of rows.all(JSON.stringify(items))) {
    const key = `${textOf(row, 'item_id')} ${textOf(row, 'kind')}`;
    add(key, integerOf(row, 'quantity_micro'));
    add(`${key} ${textOf(row, 'warehouse_id')}`, integerOf(row, 'quantity_micro'));
  }
  return (item, kind, warehouse) => sums.get(`${item} ${kind}${warehouse === undefined ? '' : ` ${warehouse}`}`) ?? 0;
}
