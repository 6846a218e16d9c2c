import type { Database } from '../../../sqlite.ts';
import { type Listing, pageOfListing } from '../../page.ts';
import type { Answer, Call } from '../../route.ts';
import { integerOf, textOf } from '../../row.ts';
import { baseDigits, type Item, itemFields, toItem } from '../documents/item-record.ts';
import { recipeNow } from '../documents/lines.ts';
import { transit } from '../ledger.ts';
import { fromMicro, fromMinor } from '../quantity.ts';
import { buildable } from '../stock.ts';
import {
  type Asked,
  asked,
  filterOf,
  type Goods,
  goodsColumns,
  header,
  holdings,
  type Json,
  noHistory,
  nothing,
  openQuantities,
  pagedAnswer,
  sum,
  tallied,
  toGoods,
  totalWorth,
  type Worth,
} from './common.ts';

interface Traffic {
  readonly purchased: number;
  readonly sold: number;
}

const noTraffic: Traffic = { purchased: 0, sold: 0 };

/** Received from vendors and shipped to customers in the range, less what was taken back, by item. */
function traffic(db: Database, items: readonly string[], { from, to, warehouse }: Asked): Map<string, Traffic> {
  const here = warehouse ? 'AND ? IN (from_place, to_place)' : '';
  const rows = db
    .prepare(
      `SELECT item_id,
         sum(CASE WHEN from_place = 'vendor' THEN quantity_micro WHEN to_place = 'vendor' THEN -quantity_micro ELSE 0 END)
           AS purchased,
         sum(CASE WHEN to_place = 'customer' THEN quantity_micro WHEN from_place = 'customer' THEN -quantity_micro ELSE 0
           END) AS sold
       FROM json_each(?) CROSS JOIN stock_move ON item_id = value WHERE effective_date BETWEEN ? AND ? ${here} GROUP BY item_id`,
    )
    .all(JSON.stringify(items), from, to, ...(warehouse ? [warehouse.warehouse_id] : []));
  return new Map(
    rows.map((row) => [
      textOf(row, 'item_id'),
      { purchased: integerOf(row, 'purchased'), sold: integerOf(row, 'sold') },
    ]),
  );
}

const kits = (db: Database): Item[] =>
  db
    .prepare(
      `SELECT ${itemFields} FROM item WHERE kind = 'kit' AND +status = 'active' ORDER BY name COLLATE NOCASE, sku, item_id`,
    )
    .all()
    .map(toItem);

/** Kits have no stock of their own: only how many could be built, in the warehouse or in all. */
const kitRows = (db: Database, warehouseId: string | undefined): Json[] =>
  kits(db).map(({ item_id, name, sku, unit }) => {
    const byWarehouse = buildable(db, recipeNow(db, item_id));
    const count = warehouseId === undefined ? sum(byWarehouse.values()) : (byWarehouse.get(warehouseId) ?? 0);
    return { item_id, name, sku, unit, buildable: fromMicro(count) };
  });

interface Found extends Worth {
  readonly item: Goods;
  readonly onHand: number;
  readonly inTransit: number;
  readonly committed: number | null;
  readonly ordered: number | null;
  readonly traffic: Traffic;
}

function findings(db: Database, goods: readonly Goods[], ask: Asked): Found[] {
  const items = goods.map(({ item_id }) => item_id);
  const here = ask.warehouse?.warehouse_id;
  const held = holdings(db, items, ask.isPast ? ask.to : undefined, here);
  const moved = traffic(db, items, ask);
  const open = openQuantities(db, items);
  return goods.map((item) => {
    const places = [...(held.get(item.item_id) ?? [])];
    const inHouse = places.filter(([place]) => (here === undefined ? place !== transit : place === here));
    const moving = places.find(([place]) => place === transit)?.[1] ?? nothing;
    const onHand = sum(inHouse.map(([, worth]) => worth.quantityMicro));
    // What is in transit is owned but lies in no warehouse, so only the whole company's value holds it.
    const value = sum([...inHouse.map(([, worth]) => worth.valueMinor), here === undefined ? moving.valueMinor : 0]);
    return {
      item,
      onHand,
      quantityMicro: onHand,
      valueMinor: value,
      inTransit: moving.quantityMicro,
      committed: ask.isPast ? null : open(item.item_id, 'committed', here),
      ordered: ask.isPast ? null : open(item.item_id, 'ordered', here),
      traffic: moved.get(item.item_id) ?? noTraffic,
    };
  });
}

/** Active goods, and of the others those that had anything in the days asked for: by name. */
function shownGoods(db: Database, ask: Asked): Listing {
  const moved = (days: string) =>
    `EXISTS (SELECT 1 FROM stock_move WHERE stock_move.item_id = item.item_id AND effective_date ${days})`;
  // Only these can have a figure: of what was put aside long ago there may be more than of what is sold.
  const some = ask.isPast
    ? moved('<= ?')
    : `(is_held OR is_moving OR committed_micro <> 0 OR ordered_micro <> 0 OR ${moved('BETWEEN ? AND ?')})`;
  const idle = db
    .prepare(`SELECT ${goodsColumns} FROM item WHERE kind = 'goods' AND status = 'inactive' AND ${some}`)
    .all(...(ask.isPast ? [ask.to] : [ask.from, ask.to]));
  const shown = findings(db, idle.map(toGoods), ask).filter(hasFigure);
  // The plus signs keep SQLite from looking rows up by status and id, which it would then have to sort.
  return {
    sql: `SELECT ${goodsColumns} FROM item
      WHERE kind = 'goods' AND (+item.status = 'active' OR +item_id IN (SELECT value FROM json_each(?)))`,
    values: [JSON.stringify(shown.map(({ item }) => item.item_id))],
    order: 'name COLLATE NOCASE, sku, item_id',
    total: tallied(db, "kind = 'goods' AND status = 'active'") + shown.length,
  };
}

const hasFigure = ({ onHand, inTransit, committed, ordered, traffic: { purchased, sold } }: Found): boolean =>
  [onHand, inTransit, committed, ordered, purchased, sold].some((figure) => Boolean(figure));

const orNull = (figure: number | null) => (figure === null ? null : fromMicro(figure));

function row({ item, onHand, inTransit, committed, ordered, traffic: moved, valueMinor }: Found, digits: number): Json {
  return {
    item_id: item.item_id,
    name: item.name,
    sku: item.sku,
    unit: item.unit,
    status: item.status,
    reorder_level: fromMicro(item.reorderLevelMicro),
    quantity_available: fromMicro(onHand),
    quantity_demanded: orNull(committed),
    quantity_available_for_sale: committed === null ? null : fromMicro(onHand - committed),
    quantity_ordered: orNull(ordered),
    quantity_in_transit: fromMicro(inTransit),
    quantity_purchased: fromMicro(moved.purchased),
    quantity_sold: fromMicro(moved.sold),
    asset_value: fromMinor(valueMinor, digits),
  };
}

/**
 * Stock, claims, traffic of the range and value of each tracked item, by name. `total_items` rows, worth `total_value`
 * together; kits apart under `composite_items`, with how many can be built.
 */
export function inventorySummary(call: Call): Answer {
  const { world } = call;
  const ask = asked(call);
  const digits = baseDigits(world.db);
  const { rows: goods, page_context } = pageOfListing(call, shownGoods(world.db, ask));
  const worth = totalWorth(world.db, ask.isPast ? ask.to : undefined, ask.warehouse?.warehouse_id);
  const totals = {
    total_items: page_context.total,
    total_value: fromMinor(worth.valueMinor, digits),
  };
  const head = (page: Json): Json =>
    header(world, 'inventory-summary', {
      from_date: ask.from,
      to_date: ask.to,
      ...filterOf(ask),
      ...page,
      basis: 'physical book, FIFO',
      totals,
      ...(ask.isPast ? { note: noHistory } : {}),
    });
  const beside = ask.isPast ? {} : { composite_items: kitRows(world.db, ask.warehouse?.warehouse_id) };
  const rows = findings(world.db, goods.map(toGoods), ask).map((found) => row(found, digits));
  return pagedAnswer('items', head, { rows, page_context }, { ...totals, ...beside });
}
