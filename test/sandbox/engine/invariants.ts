import type { Database } from '../../../src/sqlite.ts';

type Check = readonly [name: string, sql: string];

const outside = "('vendor', 'customer', 'adjustment', 'opening')";
const warehouses = "('transit', 'vendor', 'customer', 'adjustment', 'opening')";

/** Each query lists what breaks the rule; an empty answer means that it holds. */
const checks: readonly Check[] = [
  ["an item's places sum to zero", 'SELECT item_id FROM level GROUP BY item_id HAVING sum(quantity_micro) <> 0'],
  [
    'no warehouse and no transit is below zero',
    `SELECT * FROM level WHERE quantity_micro < 0 AND (place = 'transit' OR place NOT IN ${warehouses})`,
  ],
  [
    'transit is what open transfers hold',
    `SELECT item_id FROM (
       SELECT item_id, quantity_micro AS quantity FROM level WHERE place = 'transit'
       UNION ALL SELECT item_id, received_micro - sent_micro FROM transfer_line JOIN transfer USING (transfer_id)
         WHERE status = 'in_transit')
     GROUP BY item_id HAVING sum(quantity) <> 0`,
  ],
  [
    'the level cache is the ledger',
    `SELECT item_id, place FROM (
       SELECT item_id, place, quantity_micro AS quantity FROM level
       UNION ALL SELECT item_id, to_place, -quantity_micro FROM stock_move
       UNION ALL SELECT item_id, from_place, quantity_micro FROM stock_move)
     GROUP BY item_id, place HAVING sum(quantity) <> 0`,
  ],
  [
    'layers are the sum of their entries',
    `SELECT layer_id FROM layer LEFT JOIN layer_entry AS entry USING (layer_id) GROUP BY layer_id
     HAVING layer.quantity_micro <> sum(entry.quantity_micro) OR layer.value_minor <> sum(entry.value_minor)`,
  ],
  [
    'layers hold what the level says',
    `SELECT item_id, place FROM (
       SELECT item_id, place, quantity_micro AS quantity FROM level WHERE place = 'transit' OR place NOT IN ${warehouses}
       UNION ALL SELECT item_id, place, -quantity_micro FROM layer)
     GROUP BY item_id, place HAVING sum(quantity) <> 0`,
  ],
  [
    'what lies in transit is held by the line of its transfer',
    `SELECT line_item_id FROM transfer_line LEFT JOIN layer ON holder = line_item_id
     GROUP BY line_item_id HAVING coalesce(sum(layer.quantity_micro), 0) <> sent_micro - received_micro`,
  ],
  [
    'the value is opening + receipts + adjustments - issues',
    `SELECT item_id FROM (
       SELECT item_id, value_minor AS value FROM layer
       UNION ALL SELECT item_id, -cost_minor FROM stock_move WHERE from_place IN ${warehouses} AND from_place <> 'transit'
       UNION ALL SELECT item_id, cost_minor FROM stock_move WHERE to_place IN ${warehouses} AND to_place <> 'transit'
       UNION ALL SELECT item_id, -value_minor FROM revaluation)
     GROUP BY item_id HAVING sum(value) <> 0`,
  ],
  ['nothing has no value', 'SELECT layer_id FROM layer WHERE quantity_micro = 0 AND value_minor <> 0'],
  ['nothing is worth less than nothing', 'SELECT layer_id FROM layer WHERE value_minor < 0 OR quantity_micro < 0'],
  [
    'a move is reversed at most once, by its mirror',
    `SELECT again.move_id FROM stock_move AS again JOIN stock_move AS done ON done.move_id = again.reverses
     GROUP BY again.reverses HAVING count(*) > 1 OR done.reverses IS NOT NULL
       OR again.quantity_micro <> done.quantity_micro OR again.from_place <> done.to_place`,
  ],
  [
    'shipped <= packed <= ordered and received <= ordered',
    `SELECT line_item_id FROM order_line WHERE delivered_micro > shipped_micro OR shipped_micro > packed_micro
       OR packed_micro > quantity_micro OR received_micro > quantity_micro OR delivered_micro < 0 OR received_micro < 0`,
  ],
  [
    "an order line's packed is what its packages hold",
    `SELECT line.line_item_id FROM order_line AS line LEFT JOIN package_line ON so_line_item_id = line.line_item_id
     GROUP BY line.line_item_id HAVING packed_micro <> coalesce(sum(package_line.quantity_micro), 0)`,
  ],
  [
    "an order line's shipped is what its shipped packages hold",
    `SELECT line.line_item_id FROM order_line AS line LEFT JOIN (
       SELECT so_line_item_id, package_line.quantity_micro FROM package_line JOIN package USING (package_id)
       WHERE package.status IN ('shipped', 'delivered')) AS gone ON so_line_item_id = line.line_item_id
     GROUP BY line.line_item_id HAVING shipped_micro <> coalesce(sum(gone.quantity_micro), 0)`,
  ],
  [
    "an order line's received is what its receives brought",
    `SELECT line.line_item_id FROM order_line AS line LEFT JOIN (
       SELECT purchaseorder_line_id, quantity_micro FROM receive_line JOIN receive USING (receive_id)
       WHERE receive.status = 'received') AS came ON purchaseorder_line_id = line.line_item_id
     GROUP BY line.line_item_id HAVING received_micro <> coalesce(sum(came.quantity_micro), 0)`,
  ],
  [
    'committed is ordered less shipped of open and confirmed orders, kits by their recipe',
    `SELECT item_id, warehouse_id FROM (
       SELECT item_id, warehouse_id, quantity_micro AS quantity FROM open_quantity WHERE kind = 'committed'
       UNION ALL SELECT line.item_id, warehouse_id, shipped_micro - line.quantity_micro
         FROM order_line AS line JOIN orders USING (order_id)
         WHERE base_status IN ('open', 'confirmed') AND line.kind = 'goods'
       UNION ALL SELECT json_extract(part.value, '$[0]'), warehouse_id,
         (shipped_micro - line.quantity_micro) * json_extract(part.value, '$[1]') / 1000000
         FROM order_line AS line JOIN orders USING (order_id), json_each(line.recipe) AS part
         WHERE base_status IN ('open', 'confirmed') AND line.kind = 'kit')
     GROUP BY item_id, warehouse_id HAVING sum(quantity) <> 0`,
  ],
  [
    'on order is ordered less received of issued orders',
    `SELECT item_id, warehouse_id FROM (
       SELECT item_id, warehouse_id, quantity_micro AS quantity FROM open_quantity WHERE kind = 'ordered'
       UNION ALL SELECT line.item_id, warehouse_id, received_micro - line.quantity_micro
         FROM order_line AS line JOIN orders USING (order_id) WHERE base_status = 'issued' AND line.kind = 'goods')
     GROUP BY item_id, warehouse_id HAVING sum(quantity) <> 0`,
  ],
  [
    'packed goods are those of packages that have not left',
    `SELECT open.document_id FROM open_quantity AS open LEFT JOIN package ON package_id = open.document_id
     WHERE kind = 'packed' AND coalesce(status, 'gone') NOT IN ('draft', 'ready_to_ship')`,
  ],
  [
    'an adjustment has posted what its lines say; one that was deleted, nothing',
    `SELECT document_id FROM (
       SELECT document_id, item_id, to_place AS place, quantity_micro AS quantity, 0 AS value FROM stock_move
         WHERE document_type = 'adjustment' AND from_place = 'adjustment'
       UNION ALL SELECT document_id, item_id, from_place, -quantity_micro, 0 FROM stock_move
         WHERE document_type = 'adjustment' AND to_place = 'adjustment'
       UNION ALL SELECT document_id, item_id, warehouse_id, 0, value_minor FROM revaluation
       UNION ALL SELECT adjustment_id, item_id, warehouse_id, -quantity_micro,
         CASE adjustment_type WHEN 'value' THEN -value_minor ELSE 0 END
         FROM adjustment_line JOIN adjustment USING (adjustment_id))
     GROUP BY document_id, item_id, place HAVING sum(quantity) <> 0 OR sum(value) <> 0`,
  ],
  [
    'a receive has posted what its lines say; one that was reversed, nothing',
    `SELECT document_id FROM (
       SELECT document_id, item_id, to_place AS place, quantity_micro AS quantity FROM stock_move
         WHERE document_type = 'receive' AND from_place = 'vendor'
       UNION ALL SELECT document_id, item_id, from_place, -quantity_micro FROM stock_move
         WHERE document_type = 'receive' AND to_place = 'vendor'
       UNION ALL SELECT receive_id, item_id, warehouse_id, -quantity_micro
         FROM receive_line JOIN receive USING (receive_id) WHERE status = 'received')
     GROUP BY document_id, item_id, place HAVING sum(quantity) <> 0`,
  ],
  [
    'a transfer has moved what its lines say, out of its source and into its destination',
    `SELECT line_id FROM (
       SELECT line_id, from_place AS place, quantity_micro AS quantity FROM stock_move
         WHERE document_type = 'transfer' AND to_place = 'transit'
       UNION ALL SELECT line_id, to_place, quantity_micro FROM stock_move
         WHERE document_type = 'transfer' AND from_place = 'transit'
       UNION ALL SELECT line_item_id, from_warehouse_id, -sent_micro FROM transfer_line JOIN transfer USING (transfer_id)
       UNION ALL SELECT line_item_id, to_warehouse_id, -received_micro FROM transfer_line JOIN transfer USING (transfer_id))
     GROUP BY line_id, place HAVING sum(quantity) <> 0`,
  ],
  [
    'what is kept of an item at a place is what levels, claims and layers say',
    `SELECT item_id, place FROM (
       SELECT item_id, place, on_hand_micro AS held, committed_micro AS promised, packed_micro AS packed,
         ordered_micro AS coming, value_minor AS value FROM stock_at
       UNION ALL SELECT item_id, place, -quantity_micro, 0, 0, 0, 0 FROM level WHERE place NOT IN ${outside}
       UNION ALL SELECT item_id, warehouse_id, 0, iif(kind = 'committed', -quantity_micro, 0),
         iif(kind = 'packed', -quantity_micro, 0), iif(kind = 'ordered', -quantity_micro, 0), 0 FROM open_quantity
       UNION ALL SELECT item_id, place, 0, 0, 0, 0, -value_minor FROM layer)
     GROUP BY item_id, place
     HAVING sum(held) <> 0 OR sum(promised) <> 0 OR sum(packed) <> 0 OR sum(coming) <> 0 OR sum(value) <> 0`,
  ],
  [
    'what is kept of an item is what it has at its places',
    `SELECT item.item_id FROM item LEFT JOIN stock_at USING (item_id) GROUP BY item.item_id
     HAVING item.on_hand_micro <> sum(iif(place <> 'transit', stock_at.on_hand_micro, 0))
       OR item.committed_micro <> coalesce(sum(stock_at.committed_micro), 0)
       OR item.ordered_micro <> coalesce(sum(stock_at.ordered_micro), 0)
       OR worth_minor <> sum(iif(place <> 'transit', stock_at.value_minor, 0))
       OR transit_micro <> sum(iif(place = 'transit', stock_at.on_hand_micro, 0))
       OR transit_minor <> sum(iif(place = 'transit', stock_at.value_minor, 0))`,
  ],
  [
    'a place shows its items by their own names',
    `SELECT item_id FROM stock_at JOIN item USING (item_id)
     WHERE (stock_at.kind, stock_at.name, stock_at.sku) <> (item.kind, item.name, item.sku)`,
  ],
  [
    'the rows of a place are counted right',
    `SELECT place FROM (
       SELECT place, shown, listed, value_minor AS value FROM place_tally
       UNION ALL SELECT place, -(on_hand_micro > 0 OR committed_micro > 0), 0, -value_minor FROM stock_at
       UNION ALL SELECT place, 0, -1, 0 FROM stock_at WHERE place <> 'transit' AND kind = 'goods'
         AND (on_hand_micro > 0 OR committed_micro > 0 OR packed_micro > 0))
     GROUP BY place HAVING sum(shown) <> 0 OR sum(listed) <> 0 OR sum(value) <> 0`,
  ],
  [
    'the items of each sort are counted right',
    `SELECT kind FROM (
       SELECT kind, status, is_low, is_held, is_moving, items AS counted FROM item_tally
       UNION ALL SELECT kind, status, status = 'active' AND kind = 'goods' AND reorder_level_micro > 0
           AND on_hand_micro - committed_micro <= reorder_level_micro,
         on_hand_micro <> 0 OR worth_minor <> 0, transit_micro <> 0 OR transit_minor <> 0, -1 FROM item)
     GROUP BY kind, status, is_low, is_held, is_moving HAVING sum(counted) <> 0`,
  ],
  ['no number is used twice', 'SELECT number FROM orders GROUP BY kind, number HAVING count(*) > 1'],
];

/** The names of the rules that this database breaks; none is as it should be. */
export const broken = (db: Database): string[] =>
  checks.filter(([, sql]) => db.prepare(sql).all().length > 0).map(([name]) => name);
