import type { Database, Row } from '../../src/sqlite.ts';

/**
 * The ten reports once more, in straight SQL over moves, revaluations and documents; none of the engine's caches (levels,
 * layers, open quantities) is read but the entries of layers, where the age of goods is. Base currency: two decimals.
 */
export interface Ask {
  readonly from: string;
  readonly to: string;
  readonly today: string;
  readonly warehouse?: string;
}

/** `top / bottom`, rounded half away from zero. */
const half = (top: string, bottom: string) =>
  `(CASE WHEN ${top} < 0 THEN -((2 * -(${top}) + ${bottom}) / (2 * ${bottom})) ELSE (2 * (${top}) + ${bottom}) / (2 * ${bottom}) END)`;

/** An amount of an order in cents of the base currency. */
const inBase = (minor: string) =>
  half(
    `(${minor}) * orders.exchange_rate_micro * 100`,
    `(1000000 * (CASE currency.minor_digits WHEN 0 THEN 1 ELSE 100 END))`,
  );

const flow = `
  place_of (place) AS (SELECT warehouse_id FROM warehouse),
  flow (item_id, place, day, quantity, cost) AS (
    SELECT item_id, to_place, effective_date, quantity_micro, cost_minor FROM stock_move
    UNION ALL SELECT item_id, from_place, effective_date, -quantity_micro, -cost_minor FROM stock_move
    UNION ALL SELECT item_id, warehouse_id, effective_date, 0, value_minor FROM revaluation)`;

/** What each open document line claims of each tracked item. */
const claims = `
  part (line_item_id, order_id, item_id, warehouse_id, per_unit) AS (
    SELECT line_item_id, order_id, item_id, warehouse_id, 1000000 FROM order_line WHERE kind = 'goods'
    UNION ALL SELECT line_item_id, order_id, json_extract(part.value, '$[0]'), warehouse_id, json_extract(part.value, '$[1]')
      FROM order_line, json_each(recipe) AS part WHERE kind = 'kit'),
  claim (kind, item_id, warehouse_id, quantity) AS (
    SELECT 'committed', part.item_id, part.warehouse_id, ${half('(quantity_micro - shipped_micro) * per_unit', '1000000')}
      FROM part JOIN order_line USING (line_item_id) JOIN orders ON orders.order_id = part.order_id
      WHERE orders.kind = 'sales' AND base_status IN ('open', 'confirmed')
    UNION ALL SELECT 'ordered', part.item_id, part.warehouse_id, quantity_micro - received_micro
      FROM part JOIN order_line USING (line_item_id) JOIN orders ON orders.order_id = part.order_id
      WHERE orders.kind = 'purchase' AND base_status = 'issued'
    UNION ALL SELECT 'packed', part.item_id, package_line.warehouse_id, ${half('package_line.quantity_micro * per_unit', '1000000')}
      FROM package_line JOIN package USING (package_id) JOIN part ON part.line_item_id = so_line_item_id
      WHERE package.status IN ('draft', 'ready_to_ship'))`;

const here = ({ warehouse }: Ask, column: string) => (warehouse === undefined ? '1' : `${column} = '${warehouse}'`);
const claimed = (ask: Ask, kind: string, place = here(ask, 'warehouse_id')) =>
  ask.to < ask.today
    ? 'NULL'
    : `coalesce((SELECT sum(quantity) FROM claim WHERE claim.item_id = item.item_id AND kind = '${kind}' AND ${place}), 0)`;

/** Rows without nulls; quantities (`_u`) from millionths, money (`_c`) from cents. */
const printed = (row: Row): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([key, value]) => {
      if (value === null) return [];
      if (key.endsWith('_u')) return [[key.slice(0, -2), Number(value) / 1_000_000]];
      if (key.endsWith('_c')) return [[key.slice(0, -2), Number(value) / 100]];
      return [[key, value]];
    }),
  );

const rows = (db: Database, sql: string) => db.prepare(sql).all().map(printed);

export const inventorySummary = (db: Database, ask: Ask) => {
  const inHouse = ask.warehouse === undefined ? 'place IN place_of' : `place = '${ask.warehouse}'`;
  const owned = ask.warehouse === undefined ? `(${inHouse} OR place = 'transit')` : inHouse;
  const coming =
    ask.warehouse === undefined
      ? `SELECT sum(quantity) FROM flow WHERE flow.item_id = item.item_id AND place = 'transit' AND day <= '${ask.to}'`
      : `SELECT sum(CASE to_place WHEN 'transit' THEN quantity_micro ELSE -quantity_micro END) FROM stock_move JOIN transfer
           ON transfer_id = document_id WHERE stock_move.item_id = item.item_id AND 'transit' IN (from_place, to_place)
           AND to_warehouse_id = '${ask.warehouse}' AND effective_date <= '${ask.to}'`;
  const moved = (to: string, from: string) =>
    `coalesce((SELECT sum(CASE WHEN ${to} THEN quantity_micro ELSE -quantity_micro END) FROM stock_move
       WHERE stock_move.item_id = item.item_id AND (${to} OR ${from}) AND effective_date BETWEEN '${ask.from}' AND '${ask.to}'
       AND ${ask.warehouse === undefined ? '1' : `'${ask.warehouse}' IN (from_place, to_place)`}), 0)`;
  return rows(
    db,
    `WITH ${flow}, ${claims}, figure AS (SELECT item.*,
       coalesce((SELECT sum(quantity) FROM flow WHERE flow.item_id = item.item_id AND ${inHouse} AND day <= '${ask.to}'), 0) AS held,
       coalesce((SELECT sum(cost) FROM flow WHERE flow.item_id = item.item_id AND ${owned} AND day <= '${ask.to}'), 0) AS worth,
       ${claimed(ask, 'committed')} AS promised, ${claimed(ask, 'ordered')} AS coming, coalesce((${coming}), 0) AS moving,
       ${moved("from_place = 'vendor'", "to_place = 'vendor'")} AS bought,
       ${moved("to_place = 'customer'", "from_place = 'customer'")} AS sold FROM item WHERE kind = 'goods')
     SELECT item_id, name, sku, unit, status, reorder_level_micro AS reorder_level_u, held AS quantity_available_u,
       promised AS quantity_demanded_u, held - promised AS quantity_available_for_sale_u, coming AS quantity_ordered_u,
       moving AS quantity_in_transit_u, bought AS quantity_purchased_u, sold AS quantity_sold_u, worth AS asset_value_c
     FROM figure WHERE status = 'active' OR held OR coalesce(promised, 0) OR coalesce(coming, 0) OR moving OR bought OR sold
     ORDER BY name COLLATE NOCASE, sku, item_id`,
  );
};

export const inventoryValuation = (db: Database, ask: Ask) =>
  rows(
    db,
    `WITH ${flow}, held AS (
       SELECT item_id, place = 'transit' AS moving, sum(quantity) AS quantity, sum(cost) AS worth FROM flow
       WHERE (place IN place_of OR place = 'transit') AND ${here(ask, 'place')} AND day <= '${ask.to}'
       GROUP BY item_id, place = 'transit'),
     figure AS (
       SELECT item.item_id, 0 AS moving, coalesce(quantity, 0) AS quantity, coalesce(worth, 0) AS worth FROM item
         LEFT JOIN held ON held.item_id = item.item_id AND NOT moving WHERE kind = 'goods' AND (status = 'active' OR quantity)
       UNION ALL SELECT * FROM held WHERE moving AND quantity)
     SELECT item_id, name, sku, unit, CASE moving WHEN 1 THEN 'true' ELSE 'false' END AS in_transit, quantity AS quantity_u,
       CASE WHEN quantity THEN ${half('(worth * 100000000 * sign(quantity))', 'abs(quantity)')} / 10000.0 END AS unit_cost, worth AS asset_value_c
     FROM figure JOIN item USING (item_id) ORDER BY worth DESC, sku, item_id, moving`,
  ).map((row) => ({ ...row, in_transit: row.in_transit === 'true' }));

export const stockOnHand = (db: Database, ask: Ask) => {
  const at = 'claim.warehouse_id = warehouse.warehouse_id';
  return rows(
    db,
    `WITH ${flow}, ${claims}, figure AS (SELECT item.*, warehouse.warehouse_id AS place, warehouse_name, is_primary,
       coalesce((SELECT sum(quantity) FROM flow WHERE flow.item_id = item.item_id AND flow.place = warehouse.warehouse_id
         AND day <= '${ask.to}'), 0) AS held, ${claimed(ask, 'committed', at)} AS promised, ${claimed(ask, 'packed', at)} AS set_aside
       FROM item, warehouse WHERE kind = 'goods' AND ${here(ask, 'warehouse.warehouse_id')})
     SELECT item_id, name, sku, unit, place AS warehouse_id, warehouse_name, held AS on_hand_u, promised AS committed_u,
       set_aside AS packed_u, held - promised AS available_u FROM figure
     WHERE held OR coalesce(promised, 0) OR coalesce(set_aside, 0)
     ORDER BY name COLLATE NOCASE, sku, item_id, is_primary DESC, warehouse_name`,
  );
};

export const lowStock = (db: Database, ask: Ask) =>
  rows(
    db,
    `WITH ${flow}, ${claims}, figure AS (SELECT item.*, coalesce((SELECT sum(quantity) FROM flow
         WHERE flow.item_id = item.item_id AND place IN place_of AND ${here(ask, 'place')}), 0) AS held,
       ${claimed(ask, 'committed')} AS promised, ${claimed(ask, 'ordered')} AS coming FROM item WHERE kind = 'goods')
     SELECT item_id, name, sku, unit, held AS stock_on_hand_u, promised AS committed_stock_u,
       held - promised AS available_stock_u, coming AS quantity_ordered_u, reorder_level_micro AS reorder_level_u,
       purchase_rate_micro AS purchase_rate_u, max(2 * reorder_level_micro - held, reorder_level_micro) AS suggested_quantity_u
     FROM figure WHERE status = 'active' AND reorder_level_micro > 0 AND held - promised <= reorder_level_micro
     ORDER BY (held - promised) * 1.0 / reorder_level_micro, sku, item_id`,
  );

/** Lines sold in the range, in base currency. */
const sold = (ask: Ask) => `sold AS (
  SELECT line.*, orders.contact_id, ${inBase('line.gross_minor - line.discount_minor')} AS net, ${inBase('line.tax_minor')} AS levy,
    coalesce((SELECT sum(CASE to_place WHEN 'customer' THEN cost_minor ELSE -cost_minor END) FROM stock_move
      JOIN package_line ON package_line.line_item_id = stock_move.line_id
      WHERE package_line.so_line_item_id = line.line_item_id), 0) AS cost
  FROM order_line AS line JOIN orders USING (order_id) JOIN currency USING (currency_id)
  WHERE orders.kind = 'sales' AND base_status IN ('open', 'confirmed') AND orders.date BETWEEN '${ask.from}' AND '${ask.to}'
    AND ${here(ask, 'line.warehouse_id')})`;

export const salesByItem = (db: Database, ask: Ask) =>
  rows(
    db,
    `WITH ${sold(ask)}, used (item_id, quantity) AS (
       SELECT json_extract(part.value, '$[0]'), sum(${half("quantity_micro * json_extract(part.value, '$[1]')", '1000000')})
       FROM sold, json_each(recipe) AS part WHERE kind = 'kit' GROUP BY 1),
     figure AS (SELECT item_id, sum(quantity_micro) AS ordered, sum(shipped_micro) AS shipped, sum(net) AS net,
       sum(net) - sum(cost) AS gain FROM sold GROUP BY item_id)
     SELECT item.item_id, name, sku, coalesce(ordered, 0) AS quantity_ordered_u, coalesce(shipped, 0) AS quantity_shipped_u,
       coalesce(net, 0) AS amount_c, ${half('net * 100 * 1000000', 'ordered')} / 10000.0 AS average_price,
       coalesce(gain, 0) AS margin_c, used.quantity AS quantity_used_in_kits_u
     FROM item LEFT JOIN figure USING (item_id) LEFT JOIN used USING (item_id)
     WHERE figure.item_id IS NOT NULL OR used.item_id IS NOT NULL ORDER BY coalesce(net, 0) DESC, sku, item.item_id`,
  );

export const salesByCustomer = (db: Database, ask: Ask) =>
  rows(
    db,
    `WITH ${sold(ask)}, beside (contact_id, amount) AS (
       SELECT contact_id, sum(${inBase('shipping_charge_minor + adjustment_minor')}) FROM orders JOIN currency USING (currency_id)
       WHERE kind = 'sales' AND base_status IN ('open', 'confirmed') AND date BETWEEN '${ask.from}' AND '${ask.to}'
         AND ${ask.warehouse === undefined ? 1 : 0} GROUP BY contact_id)
     SELECT contact_id AS customer_id, contact_name AS name, code AS currency_code, count(DISTINCT order_id) AS order_count,
       sum(quantity_micro) AS quantity_u, sum(net) AS amount_c, sum(levy) AS tax_c,
       coalesce(max(beside.amount), 0) AS shipping_and_adjustment_c,
       sum(net) + sum(levy) + coalesce(max(beside.amount), 0) AS total_c
     FROM sold JOIN contact USING (contact_id) JOIN currency ON currency.currency_id = contact.currency_id
       LEFT JOIN beside USING (contact_id) GROUP BY contact_id ORDER BY sum(net) DESC, contact_name`,
  );

/** The day a purchase is expected; empty where it was not said. */
const due = `coalesce(nullif(json_extract(orders.json, '$.expected_delivery_date'), ''),
  nullif(json_extract(orders.json, '$.delivery_date'), ''), '')`;
const shareDone = (done: string) => half(`net * ${done}`, 'quantity_micro');

export const purchasesByVendor = (db: Database, ask: Ask) =>
  rows(
    db,
    `WITH bought AS (SELECT line.*, orders.contact_id, orders.currency_id, ${due} AS due,
       ${inBase('line.gross_minor - line.discount_minor')} AS net
       FROM order_line AS line JOIN orders USING (order_id) JOIN currency USING (currency_id)
       WHERE orders.kind = 'purchase' AND base_status = 'issued' AND orders.date BETWEEN '${ask.from}' AND '${ask.to}'
         AND ${here(ask, 'line.warehouse_id')})
     SELECT contact_id AS vendor_id, contact_name AS name, code AS currency_code, count(DISTINCT order_id) AS order_count,
       sum(net) AS ordered_amount_c, sum(CASE kind WHEN 'service' THEN 0 ELSE ${shareDone('received_micro')} END) AS received_amount_c,
       sum(CASE kind WHEN 'service' THEN 0 ELSE net - ${shareDone('received_micro')} END) AS open_amount_c,
       sum(kind <> 'service' AND received_micro < quantity_micro AND due <> '' AND due < '${ask.today}') AS overdue_lines
     FROM bought JOIN contact USING (contact_id) JOIN currency ON currency.currency_id = bought.currency_id
     GROUP BY contact_id ORDER BY sum(net) DESC, contact_name`,
  );

/** One row a warehouse and one for transit; quantities as JSON by unit. */
export const warehouseSummary = (db: Database) => {
  const byUnit = (from: string) => `(SELECT coalesce(json_group_object(unit, quantity / 1000000.0), '{}') FROM (
    SELECT coalesce(nullif(unit, ''), 'units') AS unit, sum(quantity) AS quantity FROM (${from}) GROUP BY 1 HAVING sum(quantity) <> 0
    ORDER BY 1))`;
  const lies = 'SELECT unit, quantity FROM flow JOIN item USING (item_id) WHERE place = warehouse.warehouse_id';
  const promised = (sign: string) =>
    `SELECT unit, ${sign}quantity AS quantity FROM claim JOIN item USING (item_id)
       WHERE claim.kind = 'committed' AND claim.warehouse_id = warehouse.warehouse_id`;
  const way = (side: string) =>
    `SELECT unit, sent_micro - received_micro AS quantity FROM transfer_line JOIN transfer USING (transfer_id) JOIN item
       USING (item_id) WHERE transfer.status = 'in_transit' AND ${side} = warehouse.warehouse_id`;
  const orders = (
    test: string,
  ) => `(SELECT count(DISTINCT orders.order_id) FROM orders JOIN order_line AS line USING (order_id)
    WHERE orders.kind = 'sales' AND base_status IN ('open', 'confirmed') AND line.kind <> 'service'
      AND line.warehouse_id = warehouse.warehouse_id AND ${test})`;
  const houses = db
    .prepare(
      `WITH ${flow}, ${claims} SELECT warehouse_id, warehouse_name AS name, status,
         (SELECT count(*) FROM (SELECT item_id FROM flow WHERE place = warehouse.warehouse_id GROUP BY item_id
           HAVING sum(quantity) <> 0)) AS sku_count, ${byUnit(lies)} AS on_hand, ${byUnit(promised(''))} AS committed,
         ${byUnit(`${lies} UNION ALL ${promised('-')}`)} AS available, ${byUnit(way('to_warehouse_id'))} AS in_transit_in,
         ${byUnit(way('from_warehouse_id'))} AS in_transit_out,
         coalesce((SELECT sum(cost) FROM flow WHERE place = warehouse.warehouse_id), 0) / 100.0 AS asset_value,
         ${orders('shipped_micro < quantity_micro')} AS open_orders, ${orders('packed_micro < quantity_micro')} AS to_pack,
         ${orders('shipped_micro < packed_micro')} AS to_ship
       FROM warehouse ORDER BY is_primary DESC, warehouse_name`,
    )
    .all();
  const transit = db
    .prepare(
      `WITH ${flow} SELECT 'In transit' AS name, (SELECT count(*) FROM (SELECT item_id FROM flow WHERE place = 'transit'
         GROUP BY item_id HAVING sum(quantity) <> 0)) AS sku_count,
         ${byUnit("SELECT unit, quantity FROM flow JOIN item USING (item_id) WHERE place = 'transit'")} AS on_hand,
         coalesce((SELECT sum(cost) FROM flow WHERE place = 'transit'), 0) / 100.0 AS asset_value`,
    )
    .all();
  const units = ['on_hand', 'committed', 'available', 'in_transit_in', 'in_transit_out'];
  return [...houses, ...transit].map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key, units.includes(key) ? JSON.parse(String(value)) : value]),
    ),
  );
};

export const itemTransactions = (db: Database, ask: Ask, itemId: string) =>
  rows(
    db,
    `WITH posting AS (
       SELECT effective_date AS day, (SELECT min(entry_id) FROM layer_entry AS entry WHERE entry.move_id = move.move_id) AS turn,
         document_type, document_number, warehouse_name, (warehouse_id = to_place) AS arrives, quantity_micro AS quantity,
         CASE WHEN warehouse_id = to_place THEN cost_minor ELSE -cost_minor END AS worth, reverses
       FROM stock_move AS move JOIN warehouse ON warehouse_id IN (from_place, to_place) WHERE item_id = '${itemId}'
       UNION ALL SELECT effective_date, (SELECT min(entry_id) FROM layer_entry AS entry
           WHERE entry.revaluation_id = done.revaluation_id),
         document_type, document_number, warehouse_name, 1, 0, value_minor, reverses
       FROM revaluation AS done JOIN warehouse USING (warehouse_id) WHERE item_id = '${itemId}'),
     run AS (SELECT *, sum(CASE arrives WHEN 1 THEN quantity ELSE -quantity END) OVER (ORDER BY day, turn) AS balance
       FROM posting)
     SELECT day AS date, document_type, document_number, warehouse_name, CASE arrives WHEN 1 THEN quantity ELSE 0 END AS quantity_in_u,
       CASE arrives WHEN 1 THEN 0 ELSE quantity END AS quantity_out_u, balance AS balance_u, worth AS value_c,
       CASE WHEN reverses IS NOT NULL THEN document_type || ' ' || document_number END AS reverses
     FROM run WHERE day BETWEEN '${ask.from}' AND '${ask.to}' ORDER BY day, turn`,
  );

export const agedStock = (db: Database, ask: Ask) => {
  const between = (least: number, most: number) =>
    `sum(CASE WHEN age BETWEEN ${least} AND ${most} THEN quantity ELSE 0 END)`;
  return rows(
    db,
    `WITH lot AS (SELECT layer.item_id, place, cast(julianday('${ask.today}') - julianday(layer_date) AS INTEGER) AS age,
       sum(entry.quantity_micro) AS quantity, sum(entry.value_minor) AS worth
       FROM layer_entry AS entry JOIN layer USING (layer_id) GROUP BY layer_id HAVING sum(entry.quantity_micro) > 0)
     SELECT name AS item, sku, coalesce(warehouse_name, 'In transit') AS warehouse, sum(quantity) AS quantity_u, sum(worth) AS value_c,
       ${between(0, 30)} AS q_0_30_u, ${between(31, 60)} AS q_31_60_u, ${between(61, 90)} AS q_61_90_u,
       ${between(91, 99999)} AS q_over_90_u, max(age) AS oldest_days,
       (SELECT max(effective_date) FROM stock_move WHERE stock_move.item_id = lot.item_id AND to_place = 'customer') AS last_sold
     FROM lot JOIN item USING (item_id) LEFT JOIN warehouse ON warehouse_id = place WHERE ${here(ask, 'place')}
     GROUP BY lot.item_id, place ORDER BY max(age) DESC, sku, lot.item_id, 3`,
  );
};

export const agedOrders = (db: Database, ask: Ask) =>
  rows(
    db,
    `WITH ${flow}, ${claims}, line AS (SELECT order_line.*, orders.kind AS side,
       ${inBase('order_line.gross_minor - order_line.discount_minor')} AS net
       FROM order_line JOIN orders USING (order_id) JOIN currency USING (currency_id)
       WHERE order_line.kind <> 'service' AND ${here(ask, 'order_line.warehouse_id')}),
     need AS (SELECT part.order_id, part.item_id, part.warehouse_id,
       sum(${half('(quantity_micro - packed_micro) * per_unit', '1000000')}) AS quantity
       FROM part JOIN order_line USING (line_item_id) WHERE ${here(ask, 'part.warehouse_id')} GROUP BY 1, 2, 3),
     lack AS (SELECT order_id, item_id, quantity - max(0, coalesce((SELECT sum(quantity) FROM flow
           WHERE flow.item_id = need.item_id AND place = need.warehouse_id), 0)
         - coalesce((SELECT sum(quantity) FROM claim WHERE kind = 'packed' AND claim.item_id = need.item_id
           AND claim.warehouse_id = need.warehouse_id), 0)) AS short FROM need WHERE quantity > 0),
     figure AS (SELECT orders.*, contact_name,
       coalesce((SELECT sum(net - ${half("net * (CASE side WHEN 'sales' THEN shipped_micro ELSE received_micro END)", 'quantity_micro')})
         FROM line WHERE line.order_id = orders.order_id), 0) AS rest,
       CASE WHEN orders.kind = 'purchase' AND ${due} <> '' THEN ${due} ELSE orders.date END AS since,
       CASE WHEN orders.status = 'draft' AND orders.kind = 'sales' THEN 'confirm' WHEN orders.status = 'draft' THEN 'issue'
         WHEN NOT EXISTS (SELECT 1 FROM line WHERE line.order_id = orders.order_id) THEN 'none'
         WHEN orders.kind = 'purchase' THEN 'receive'
         WHEN EXISTS (SELECT 1 FROM line WHERE line.order_id = orders.order_id AND packed_micro < quantity_micro) THEN 'pack'
         WHEN EXISTS (SELECT 1 FROM line WHERE line.order_id = orders.order_id AND shipped_micro < packed_micro) THEN 'ship'
         ELSE 'deliver' END AS step
       FROM orders JOIN contact USING (contact_id) WHERE orders.status NOT IN ('closed', 'void', 'cancelled')
         AND EXISTS (SELECT 1 FROM order_line WHERE order_line.order_id = orders.order_id AND ${here(ask, 'order_line.warehouse_id')})),
     aged AS (SELECT *, cast(julianday('${ask.today}') - julianday(since) AS INTEGER) AS age FROM figure)
     SELECT number, kind, contact_name AS party, since AS date, age AS age_days,
       CASE WHEN age < 0 THEN 'not due' WHEN age <= 30 THEN '0-30' WHEN age <= 60 THEN '31-60' WHEN age <= 90 THEN '61-90'
         ELSE 'over 90' END AS bucket, step, rest AS open_amount_c,
       CASE WHEN step = 'pack' THEN coalesce((SELECT group_concat(words, ', ') FROM (
         SELECT coalesce(nullif(sku, ''), name) || ' ' || printf('%.10g', short / 1000000.0) || ' short' AS words
         FROM lack JOIN item USING (item_id) WHERE lack.order_id = aged.order_id AND short > 0 ORDER BY 1)), '') ELSE '' END AS blocked_by
     FROM aged ORDER BY age DESC, number`,
  );
