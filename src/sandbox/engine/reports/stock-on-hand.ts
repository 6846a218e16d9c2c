import { type Listing, pageOfListing } from '../../page.ts';
import type { Answer, Call } from '../../route.ts';
import { textOf } from '../../row.ts';
import { fromMicro } from '../quantity.ts';
import {
  type Asked,
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

/** Goods and warehouses that have any figure together. Driven by the goods in their order, so that a page costs its own rows. */
function places({ warehouse, isPast, to }: Asked): Listing {
  const had = `SELECT item_id, place FROM (${worthSql(isPast ? to : undefined)})
    GROUP BY item_id, place HAVING sum(quantity_micro) <> 0`;
  const has = `EXISTS (SELECT 1 FROM level WHERE level.item_id = item.item_id AND place = warehouse_id AND quantity_micro > 0)
    OR EXISTS (SELECT 1 FROM open_quantity AS open WHERE open.item_id = item.item_id
      AND open.warehouse_id = warehouse.warehouse_id AND open.kind IN ('committed', 'packed'))`;
  return {
    sql: `SELECT ${goodsColumns}, warehouse_id, warehouse_name, is_primary FROM item CROSS JOIN warehouse
      WHERE item.kind = 'goods' AND ${isPast ? `(item_id, warehouse_id) IN (${had})` : `(${has})`}
      ${warehouse ? 'AND warehouse_id = ?' : ''}`,
    values: [...(isPast ? [to] : []), ...(warehouse ? [warehouse.warehouse_id] : [])],
    order: 'name COLLATE NOCASE, sku, item_id, is_primary DESC, warehouse_name',
  };
}

/** What lies where: a row for each item and warehouse that has any figure, by name, the primary warehouse first. */
export function stockOnHand(call: Call): Answer {
  const { world } = call;
  const { db } = world;
  const ask = asked(call);
  const page = pageOfListing(call, places(ask));
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
