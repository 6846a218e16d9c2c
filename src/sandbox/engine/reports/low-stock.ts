import type { Database, Row } from '../../../sqlite.ts';
import type { World } from '../../route.ts';
import { integerOf, textOf } from '../../row.ts';
import { findWarehouse, organization } from '../directory.ts';
import { warehouseNotFound } from '../fields.ts';
import { fromMicro } from '../quantity.ts';

interface Candidate {
  readonly item: {
    readonly item_id: string;
    readonly sku: string;
    readonly status: string;
    readonly reorderLevelMicro: number;
  };
  readonly figures: { readonly onHand: number; readonly committed: number; readonly available: number };
  readonly found: Row;
}

function row({ item, figures, found }: Candidate): Record<string, unknown> {
  const level = item.reorderLevelMicro;
  const vendor_id = textOf(found, 'vendor_id');
  return {
    item_id: item.item_id,
    name: textOf(found, 'name'),
    sku: item.sku,
    unit: textOf(found, 'unit'),
    stock_on_hand: fromMicro(figures.onHand),
    committed_stock: fromMicro(figures.committed),
    available_stock: fromMicro(figures.available),
    quantity_ordered: fromMicro(integerOf(found, 'ordered')),
    reorder_level: fromMicro(level),
    ...(vendor_id === '' ? {} : { vendor_id, vendor_name: textOf(found, 'vendor_name') }),
    purchase_rate: fromMicro(integerOf(found, 'purchase_rate_micro')),
    // The reference's formula, which looks at what is on hand only.
    suggested_quantity: fromMicro(Math.max(2 * level - figures.onHand, level)),
  };
}

const byName = (a: Candidate, b: Candidate) =>
  a.item.sku < b.item.sku ? -1 : a.item.sku > b.item.sku ? 1 : a.item.item_id < b.item.item_id ? -1 : 1;

// available / level without a division: a/b < c/d is a*d < c*b for levels above zero.
function byShare(a: Candidate, b: Candidate): number {
  const left = BigInt(a.figures.available) * BigInt(b.item.reorderLevelMicro);
  const right = BigInt(b.figures.available) * BigInt(a.item.reorderLevelMicro);
  return left < right ? -1 : left > right ? 1 : byName(a, b);
}

/** Goods of which no more is available than their level, or less than nothing: SQLite looks through all, only these are read. */
function atRisk(db: Database, warehouseId: string | undefined): Candidate[] {
  const given = warehouseId === undefined ? [] : [warehouseId];
  const place = warehouseId === undefined ? "NOT IN ('transit', 'vendor', 'customer', 'adjustment', 'opening')" : '= ?';
  const open = (kind: string) => `coalesce((SELECT sum(quantity_micro) FROM open_quantity
    WHERE open_quantity.item_id = item.item_id AND kind = '${kind}' ${warehouseId === undefined ? '' : 'AND warehouse_id = ?'}), 0)`;
  return db
    .prepare(
      `SELECT found.*, contact.contact_id AS vendor_id, contact_name AS vendor_name FROM (
         SELECT item_id, name, sku, unit, status, reorder_level_micro, purchase_rate_micro, vendor_id AS vendor,
           coalesce((SELECT sum(quantity_micro) FROM level WHERE level.item_id = item.item_id AND place ${place}), 0)
             AS on_hand, ${open('committed')} AS committed, ${open('ordered')} AS ordered
         FROM item WHERE kind = 'goods') AS found LEFT JOIN contact ON contact.contact_id = vendor
       WHERE on_hand < committed OR (found.status = 'active' AND reorder_level_micro > 0
         AND on_hand - committed <= reorder_level_micro)`,
    )
    .all(...given, ...given, ...given)
    .map((found) => {
      const [onHand, committed] = [integerOf(found, 'on_hand'), integerOf(found, 'committed')];
      return {
        item: {
          item_id: textOf(found, 'item_id'),
          sku: textOf(found, 'sku'),
          status: textOf(found, 'status'),
          reorderLevelMicro: integerOf(found, 'reorder_level_micro'),
        },
        figures: { onHand, committed, available: onHand - committed },
        found,
      };
    });
}

/**
 * `items`: active tracked goods with a reorder level and no more available than that, scarcest first. `shortages`: goods of
 * which more is promised than there is, whatever their level. In one warehouse, or over all.
 */
export function lowStock(world: World, warehouseId: string | undefined): Record<string, unknown> {
  const { db } = world;
  const warehouse = warehouseId ? findWarehouse(db, warehouseId) : undefined;
  if (warehouseId && !warehouse) throw warehouseNotFound(warehouseId);
  const candidates = atRisk(db, warehouse?.warehouse_id);
  const low = candidates
    .filter(
      ({ item, figures }) =>
        item.status === 'active' && item.reorderLevelMicro > 0 && figures.available <= item.reorderLevelMicro,
    )
    .sort(byShare);
  const short = candidates
    .filter(({ figures }) => figures.available < 0)
    .sort((a, b) => a.figures.available - b.figures.available || byName(a, b));
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
      row_count: low.length,
      truncated: false,
      basis: 'physical book',
    },
    items: low.map((candidate) => row(candidate)),
    shortages: short.map((candidate) => row(candidate)),
  };
}
