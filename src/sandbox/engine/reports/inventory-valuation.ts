import type { Database } from '../../../sqlite.ts';
import { type Listing, pageOfListing } from '../../page.ts';
import type { Answer, Call } from '../../route.ts';
import { integerOf } from '../../row.ts';
import { baseDigits } from '../documents/item-record.ts';
import { fromMicro, fromMinor } from '../quantity.ts';
import {
  type Asked,
  asked,
  filterOf,
  goodsColumns,
  header,
  type Json,
  pagedAnswer,
  tallied,
  toGoods,
  totalWorth,
  unitCost,
  worthSql,
} from './common.ts';

const order = 'value_minor DESC, sku, item_id, in_transit';

/** A row for each good that is active or worth anything, and one for what of it is in transit: the most valuable first. */
function valuedNow(db: Database): Listing {
  return {
    sql: `SELECT ${goodsColumns}, 0 AS in_transit, on_hand_micro AS quantity_micro, worth_minor AS value_minor FROM item
        WHERE kind = 'goods' AND (status = 'active' OR is_held)
      UNION ALL
      SELECT ${goodsColumns}, 1, transit_micro, transit_minor FROM item WHERE is_moving`,
    values: [],
    order,
    total: tallied(db, "kind = 'goods' AND (status = 'active' OR is_held)") + tallied(db, 'is_moving'),
  };
}

/** The same of one warehouse, or of a past day: from the layers themselves. */
function valued({ warehouse, isPast, to }: Asked): Listing {
  const day = isPast ? to : undefined;
  return {
    sql: `SELECT * FROM (
      WITH held AS (
        SELECT item_id, place = 'transit' AS in_transit, sum(quantity_micro) AS quantity_micro,
          sum(value_minor) AS value_minor
        FROM (${worthSql(day)}) ${warehouse ? 'WHERE place = ?' : ''} GROUP BY item_id, place = 'transit'
      )
      SELECT ${goodsColumns}, 0 AS in_transit, coalesce(held.quantity_micro, 0) AS quantity_micro,
        coalesce(held.value_minor, 0) AS value_minor
      FROM item LEFT JOIN held ON held.item_id = item.item_id AND NOT in_transit
      WHERE kind = 'goods' AND (item.status = 'active' OR held.quantity_micro <> 0 OR held.value_minor <> 0)
      UNION ALL
      SELECT ${goodsColumns}, 1, held.quantity_micro, held.value_minor FROM held JOIN item ON item.item_id = held.item_id
      WHERE in_transit AND (held.quantity_micro <> 0 OR held.value_minor <> 0)
    )`,
    values: [...(day === undefined ? [] : [day]), ...(warehouse ? [warehouse.warehouse_id] : [])],
    order,
  };
}

/** What the stock of a day cost by FIFO, the most valuable first; goods in transit stand in a row of their own. */
export function inventoryValuation(call: Call): Answer {
  const { world } = call;
  const { db } = world;
  const ask = asked(call);
  const digits = baseDigits(db);
  const page = pageOfListing(call, ask.isPast || ask.warehouse ? valued(ask) : valuedNow(db));
  const worth = totalWorth(db, ask.isPast ? ask.to : undefined, ask.warehouse?.warehouse_id);
  const totals = {
    asset_value: fromMinor(worth.valueMinor, digits),
    in_transit_value: fromMinor(worth.movingMinor, digits),
  };
  const head = (page: Json): Json =>
    header(world, 'inventory-valuation', {
      as_of: ask.to,
      ...filterOf(ask),
      ...page,
      basis: 'physical book, FIFO by the costs recorded until that day',
      totals,
    });
  const rows = page.rows.map((found) => {
    const { item_id, name, sku, unit } = toGoods(found);
    const quantityMicro = integerOf(found, 'quantity_micro');
    const valueMinor = integerOf(found, 'value_minor');
    return {
      ...{ item_id, name, sku, unit },
      in_transit: integerOf(found, 'in_transit') === 1,
      quantity: fromMicro(quantityMicro),
      unit_cost: unitCost(valueMinor, quantityMicro, digits),
      asset_value: fromMinor(valueMinor, digits),
    };
  });
  const { page_context } = page;
  return pagedAnswer('items', head, { rows, page_context }, { total_value: totals.asset_value });
}
