import type { Row } from '../../../sqlite.ts';
import { counted } from '../../page.ts';
import type { World } from '../../route.ts';
import { integerOf, textOf } from '../../row.ts';
import { rowStream } from '../../row-stream.ts';
import { findWarehouse, organization } from '../directory.ts';
import { warehouseNotFound } from '../fields.ts';
import { fromMicro } from '../quantity.ts';
import { tallied } from './common.ts';

function row(found: Row): Record<string, unknown> {
  const level = integerOf(found, 'level');
  const [onHand, available] = [integerOf(found, 'on_hand'), integerOf(found, 'available')];
  const vendor_id = textOf(found, 'vendor_id');
  return {
    item_id: textOf(found, 'item_id'),
    name: textOf(found, 'name'),
    sku: textOf(found, 'sku'),
    unit: textOf(found, 'unit'),
    stock_on_hand: fromMicro(onHand),
    committed_stock: fromMicro(onHand - available),
    available_stock: fromMicro(available),
    quantity_ordered: fromMicro(integerOf(found, 'ordered')),
    reorder_level: fromMicro(level),
    ...(vendor_id === '' ? {} : { vendor_id, vendor_name: textOf(found, 'vendor_name') }),
    purchase_rate: fromMicro(integerOf(found, 'purchase_rate_micro')),
    // The reference's formula, which looks at what is on hand only.
    suggested_quantity: fromMicro(Math.max(2 * level - onHand, level)),
  };
}

/** Where the rows come from and which columns hold their figures; what makes them low or short there. */
interface Goods {
  readonly from: string;
  readonly figures: 'item' | 'here';
  readonly values: readonly string[];
  readonly isLow: string;
  readonly isShort: string;
}

const everywhere: Goods = { from: 'item', figures: 'item', values: [], isLow: 'is_low', isShort: 'is_short' };

// Goods that never were in the warehouse are low there too, so all goods are looked through.
const inWarehouse = (warehouseId: string): Goods => ({
  from: 'item LEFT JOIN stock_at AS here ON here.item_id = item.item_id AND here.place = ?',
  figures: 'here',
  values: [warehouseId],
  isLow: "item.status = 'active' AND item.kind = 'goods' AND level > 0 AND available <= level",
  isShort: "item.kind = 'goods' AND available < 0",
});

const query = ({ from, figures }: Goods, condition: string) => {
  const figure = (column: string) => `coalesce(${figures}.${column}, 0)`;
  return `SELECT item.item_id AS item_id, item.name AS name, item.sku AS sku, unit, reorder_level_micro AS level,
      purchase_rate_micro, ${figure('on_hand_micro')} AS on_hand, ${figure('ordered_micro')} AS ordered,
      ${figure('on_hand_micro')} - ${figure('committed_micro')} AS available,
      contact.contact_id AS vendor_id, contact_name AS vendor_name
    FROM ${from} LEFT JOIN contact ON contact.contact_id = item.vendor_id WHERE ${condition}`;
};

/**
 * Terms of ORDER BY that compare available / level exactly, which a division in floating point does not: the quotient, then
 * digit by digit (of base 8192, so that none overflows) what is left. Eight digits tell any two such fractions apart.
 */
function byShare(): string {
  const terms = ['available / level'];
  let rest = 'available % level';
  for (let digit = 0; digit < 8; digit += 1) {
    terms.push(`(${rest}) * 8192 / level`);
    rest = `(${rest}) * 8192 % level`;
  }
  return terms.join(', ');
}

/**
 * `items`: active tracked goods with a reorder level and no more available than that, scarcest first. `shortages`: goods of
 * which more is promised than there is, whatever their level. In one warehouse, or over all. Both are streams: there may be
 * as many rows as there are items.
 */
export function lowStock(world: World, warehouseId: string | undefined): Record<string, unknown> {
  const { db } = world;
  const warehouse = warehouseId ? findWarehouse(db, warehouseId) : undefined;
  if (warehouseId && !warehouse) throw warehouseNotFound(warehouseId);
  const goods = warehouse ? inWarehouse(warehouse.warehouse_id) : everywhere;
  const found = (condition: string, order: string) =>
    rowStream(() => db.prepare(`${query(goods, condition)} ORDER BY ${order}`).iterate(...goods.values), row);
  const low = `SELECT count(*) AS total FROM (${query(goods, goods.isLow)})`;
  return {
    report: {
      name: 'low-stock',
      generated_at: world.timestamp(),
      time_zone: organization(db).time_zone,
      currency: organization(db).currency_code,
      as_of: world.today(),
      ...(warehouse
        ? { filter: { warehouse_id: warehouse.warehouse_id, warehouse_name: warehouse.warehouse_name } }
        : {}),
      row_count: warehouse ? counted(db, low, ...goods.values) : tallied(db, 'is_low'),
      truncated: false,
      basis: 'physical book',
    },
    items: found(goods.isLow, `${byShare()}, item.sku, item.item_id`),
    shortages: found(goods.isShort, 'available, item.sku, item.item_id'),
  };
}
