import type { Database } from '../../../sqlite.ts';
import { counted, type Listing, pageOfListing } from '../../page.ts';
import type { Answer, Call } from '../../route.ts';
import { textOf } from '../../row.ts';
import { fromMicro } from '../quantity.ts';
import {
  asked,
  filterOf,
  goodsColumns,
  header,
  holdings,
  type Json,
  noHistory,
  openQuantities,
  pagedAnswer,
  toGoods,
  worthSql,
} from './common.ts';

const columns = `stock_at.item_id AS item_id, stock_at.name AS name, stock_at.sku AS sku, item.unit AS unit,
  warehouse_id, warehouse_name, is_primary`;
const order = 'stock_at.name COLLATE NOCASE, stock_at.sku, stock_at.item_id, is_primary DESC, warehouse_name';

/** Goods and warehouses that have any figure together: the rows that are kept of them, in their order. */
function placesNow(db: Database, warehouseId: string | undefined): Listing {
  const here = warehouseId === undefined ? '' : 'AND stock_at.is_any AND stock_at.place = ?';
  const values = warehouseId === undefined ? [] : [warehouseId];
  return {
    sql: `SELECT ${columns} FROM stock_at CROSS JOIN item ON item.item_id = stock_at.item_id
        CROSS JOIN warehouse ON warehouse_id = stock_at.place WHERE stock_at.is_listed ${here}`,
    values,
    order,
    total: counted(db, `SELECT sum(listed) AS total FROM place_tally ${here && 'WHERE place = ?'}`, ...values),
  };
}

/** The same of a past day, which only the ledger knows. */
function placesThen(day: string, warehouseId: string | undefined): Listing {
  const had = `SELECT item_id, place FROM (${worthSql(day)}) GROUP BY item_id, place HAVING sum(quantity_micro) <> 0`;
  return {
    sql: `SELECT ${goodsColumns}, warehouse_id, warehouse_name, is_primary FROM item CROSS JOIN warehouse
      WHERE item.kind = 'goods' AND (item_id, warehouse_id) IN (${had})
      ${warehouseId === undefined ? '' : 'AND warehouse_id = ?'}`,
    values: [day, ...(warehouseId === undefined ? [] : [warehouseId])],
    order: 'name COLLATE NOCASE, sku, item_id, is_primary DESC, warehouse_name',
  };
}

/** What lies where: a row for each item and warehouse that has any figure, by name, the primary warehouse first. */
export function stockOnHand(call: Call): Answer {
  const { world } = call;
  const { db } = world;
  const ask = asked(call);
  const warehouseId = ask.warehouse?.warehouse_id;
  const page = pageOfListing(call, ask.isPast ? placesThen(ask.to, warehouseId) : placesNow(db, warehouseId));
  const items = [...new Set(page.rows.map((row) => textOf(row, 'item_id')))];
  const held = holdings(db, items, ask.isPast ? ask.to : undefined);
  const open = openQuantities(db, items);
  const rows = page.rows.map((found): Json => {
    const { item_id, name, sku, unit } = toGoods(found);
    const warehouse_id = textOf(found, 'warehouse_id');
    const onHand = held.get(item_id)?.get(warehouse_id)?.quantityMicro ?? 0;
    const committed = ask.isPast ? null : open(item_id, 'committed', warehouse_id);
    const packed = ask.isPast ? null : open(item_id, 'packed', warehouse_id);
    return {
      ...{ item_id, name, sku, unit, warehouse_id, warehouse_name: textOf(found, 'warehouse_name') },
      on_hand: fromMicro(onHand),
      committed: committed === null ? null : fromMicro(committed),
      packed: packed === null ? null : fromMicro(packed),
      available: committed === null ? null : fromMicro(onHand - committed),
    };
  });
  const head = (page: Json): Json =>
    header(world, 'stock-on-hand', {
      as_of: ask.to,
      ...filterOf(ask),
      ...page,
      basis: 'physical book',
      ...(ask.isPast ? { note: noHistory } : {}),
    });
  return pagedAnswer('items', head, { rows, page_context: page.page_context });
}
