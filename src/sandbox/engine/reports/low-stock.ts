import type { World } from '../../route.ts';
import { findContact, findWarehouse, organization } from '../directory.ts';
import { type Item, toItem } from '../documents/item-record.ts';
import { warehouseNotFound } from '../fields.ts';
import { fromMicro } from '../quantity.ts';
import { type Figures, itemFigures, noFigures } from '../stock.ts';

interface Candidate {
  readonly item: Item;
  readonly figures: Figures;
}

function row(world: World, { item, figures }: Candidate): Record<string, unknown> {
  const vendor = item.vendor_id === '' ? undefined : findContact(world.db, item.vendor_id);
  const level = item.reorderLevelMicro;
  return {
    item_id: item.item_id,
    name: item.name,
    sku: item.sku,
    unit: item.unit,
    stock_on_hand: fromMicro(figures.onHand),
    committed_stock: fromMicro(figures.committed),
    available_stock: fromMicro(figures.available),
    quantity_ordered: fromMicro(figures.ordered),
    reorder_level: fromMicro(level),
    ...(vendor ? { vendor_id: vendor.contact_id, vendor_name: vendor.contact_name } : {}),
    purchase_rate: fromMicro(item.purchaseRateMicro),
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

/**
 * `items`: active tracked goods with a reorder level and no more available than that, scarcest first. `shortages`: goods of
 * which more is promised than there is, whatever their level. In one warehouse, or over all.
 */
export function lowStock(world: World, warehouseId: string | undefined): Record<string, unknown> {
  const { db } = world;
  const warehouse = warehouseId ? findWarehouse(db, warehouseId) : undefined;
  if (warehouseId && !warehouse) throw warehouseNotFound(warehouseId);
  const candidates = db
    .prepare("SELECT * FROM item WHERE kind = 'goods'")
    .all()
    .map((found): Candidate => {
      const item = toItem(found);
      const all = itemFigures(db, item.item_id);
      return { item, figures: warehouse ? (all.byWarehouse.get(warehouse.warehouse_id) ?? noFigures) : all };
    });
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
    items: low.map((candidate) => row(world, candidate)),
    shortages: short.map((candidate) => row(world, candidate)),
  };
}
