import type { Database } from '../../../sqlite.ts';
import { type PageContext, pageOf } from '../../page.ts';
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

/** The page asked for of a report's rows, under `key`; header and totals are those of all rows. */
export function reportAnswer(
  call: Call,
  key: string,
  head: (page: { readonly row_count: number; readonly truncated: boolean }) => Json,
  rows: readonly Json[],
  beside: Json = {},
): Answer {
  const { rows: shown, page_context }: { rows: Json[]; page_context: PageContext } = pageOf(call, rows);
  const report = head({ row_count: rows.length, truncated: shown.length < rows.length });
  return { message: 'success', body: { report, [key]: shown, ...beside, page_context } };
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

/** Tracked goods by name; ties by SKU, then id. */
export const trackedGoods = (db: Database): Goods[] =>
  db
    .prepare(
      `SELECT item_id, name, sku, unit, status, reorder_level_micro FROM item WHERE kind = 'goods'
       ORDER BY name COLLATE NOCASE, sku, item_id`,
    )
    .all()
    .map((row) => ({
      item_id: textOf(row, 'item_id'),
      name: textOf(row, 'name'),
      sku: textOf(row, 'sku'),
      unit: textOf(row, 'unit'),
      status: textOf(row, 'status'),
      reorderLevelMicro: integerOf(row, 'reorder_level_micro'),
    }));

export interface Worth {
  readonly quantityMicro: number;
  /** FIFO, base currency, minor units. */
  readonly valueMinor: number;
}

export const nothing: Worth = { quantityMicro: 0, valueMinor: 0 };

/** What lay where: quantity and FIFO value by item id and place. Transit has the place `transit`. */
export type Holdings = ReadonlyMap<string, ReadonlyMap<string, Worth>>;

/**
 * Holdings at the end of a day, by the costs that were recorded; `day` undefined = now. `transitTo` leaves in transit only
 * what is on its way to that warehouse.
 */
export function holdings(db: Database, day: string | undefined, transitTo?: string): Holdings {
  const bound = transitTo === undefined ? '' : 'AND (place <> ? OR holder IN (SELECT line_item_id FROM coming))';
  const coming = `WITH coming AS (SELECT line_item_id FROM transfer_line JOIN transfer USING (transfer_id)
    WHERE to_warehouse_id = ?)`;
  const given = transitTo === undefined ? [] : [transitTo];
  const places = transitTo === undefined ? [] : ['transit'];
  const rows =
    day === undefined
      ? db
          .prepare(
            `${transitTo === undefined ? '' : coming}
             SELECT item_id, place, sum(quantity_micro) AS quantity_micro, sum(value_minor) AS value_minor
             FROM layer WHERE quantity_micro > 0 ${bound} GROUP BY item_id, place`,
          )
          .all(...given, ...places)
      : db
          .prepare(
            `${transitTo === undefined ? '' : coming}
             SELECT layer.item_id, layer.place, sum(entry.quantity_micro) AS quantity_micro,
               sum(entry.value_minor) AS value_minor
             FROM layer_entry AS entry JOIN layer USING (layer_id)
               LEFT JOIN stock_move USING (move_id) LEFT JOIN revaluation USING (revaluation_id)
             WHERE coalesce(stock_move.effective_date, revaluation.effective_date) <= ? ${bound}
             GROUP BY layer.item_id, layer.place`,
          )
          .all(...given, day, ...places);
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

/** What documents claim of stock now, or bring to it, in millionths, under `item warehouse kind`. */
export function openQuantities(db: Database): (item: string, kind: OpenKind, warehouse?: string) => number {
  const sums = new Map<string, number>();
  const add = (key: string, quantity: number) => sums.set(key, (sums.get(key) ?? 0) + quantity);
  const rows = db.prepare(
    `SELECT item_id, kind, warehouse_id, sum(quantity_micro) AS quantity_micro FROM open_quantity
     GROUP BY item_id, kind, warehouse_id`,
  );
  for (const row of rows.all()) {
    const key = `${textOf(row, 'item_id')} ${textOf(row, 'kind')}`;
    add(key, integerOf(row, 'quantity_micro'));
    add(`${key} ${textOf(row, 'warehouse_id')}`, integerOf(row, 'quantity_micro'));
  }
  return (item, kind, warehouse) => sums.get(`${item} ${kind}${warehouse === undefined ? '' : ` ${warehouse}`}`) ?? 0;
}
