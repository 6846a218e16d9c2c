import type { Database } from '../../sqlite.ts';
import { integerOf, textOf } from '../row.ts';
import { allWarehouses } from './directory.ts';
import { transit } from './ledger.ts';
import { micro } from './quantity.ts';

/** What there is of an item and what is promised of it, in millionths, in one warehouse or in all. */
export interface Figures {
  readonly onHand: number;
  /** Lines of open and confirmed sales orders, not yet shipped. */
  readonly committed: number;
  /** In packages that have not left. */
  readonly packed: number;
  /** Lines of issued purchase orders, not yet received. */
  readonly ordered: number;
  readonly inTransit: number;
  /** On hand less committed; below zero when more is promised than there is. */
  readonly available: number;
}

export interface ItemFigures extends Figures {
  /** By warehouse id; only those that have any figure. */
  readonly byWarehouse: ReadonlyMap<string, Figures>;
}

interface Sums {
  onHand: number;
  committed: number;
  packed: number;
  ordered: number;
  inTransit: number;
}

const noSums = (): Sums => ({ onHand: 0, committed: 0, packed: 0, ordered: 0, inTransit: 0 });
const withAvailable = (sums: Sums): Figures => ({ ...sums, available: sums.onHand - sums.committed });
export const noFigures: Figures = withAvailable(noSums());

const outside = new Set(['vendor', 'customer', 'adjustment', 'opening']);

/** All stock figures of one item: two indexed reads. */
export function itemFigures(db: Database, itemId: string): ItemFigures {
  const all = noSums();
  const places = new Map<string, Sums>();
  const at = (place: string): Sums => {
    const found = places.get(place) ?? noSums();
    places.set(place, found);
    return found;
  };
  for (const row of db.prepare('SELECT place, quantity_micro FROM level WHERE item_id = ?').all(itemId)) {
    const place = textOf(row, 'place');
    const quantity = integerOf(row, 'quantity_micro');
    if (place === transit) all.inTransit += quantity;
    else if (!outside.has(place)) {
      at(place).onHand += quantity;
      all.onHand += quantity;
    }
  }
  const open = db.prepare(
    `SELECT kind, warehouse_id, sum(quantity_micro) AS quantity_micro FROM open_quantity
     WHERE item_id = ? GROUP BY kind, warehouse_id`,
  );
  for (const row of open.all(itemId)) {
    const kind = textOf(row, 'kind');
    const key = kind === 'packed' || kind === 'ordered' ? kind : 'committed';
    at(textOf(row, 'warehouse_id'))[key] += integerOf(row, 'quantity_micro');
    all[key] += integerOf(row, 'quantity_micro');
  }
  const byWarehouse = new Map([...places].map(([place, sums]) => [place, withAvailable(sums)]));
  return { ...withAvailable(all), byWarehouse };
}

/** Figures of one item in one warehouse. */
export const figuresAt = (db: Database, itemId: string, warehouseId: string): Figures =>
  itemFigures(db, itemId).byWarehouse.get(warehouseId) ?? noFigures;

/** FIFO value of an item wherever it is owned, transit included, in minor units of the base currency. */
export function assetValue(db: Database, itemId: string): number {
  const row = db
    .prepare('SELECT coalesce(sum(value_minor), 0) AS value FROM layer WHERE item_id = ? AND quantity_micro > 0')
    .get(itemId);
  return row ? integerOf(row, 'value') : 0;
}

export interface Part {
  readonly item_id: string;
  /** Needed for one kit, in millionths. */
  readonly quantityMicro: number;
}

/** Whole kits that can be built from what is available, by warehouse id: the parts must lie in the same one. */
export function buildable(db: Database, parts: readonly Part[]): Map<string, number> {
  const figures = parts.map((part) => ({ part, figures: itemFigures(db, part.item_id) }));
  const kits = new Map<string, number>();
  if (parts.length === 0) return kits;
  for (const { warehouse_id } of allWarehouses(db)) {
    const least = Math.min(
      ...figures.map(({ part, figures: { byWarehouse } }) =>
        Math.floor(Math.max(0, byWarehouse.get(warehouse_id)?.available ?? 0) / part.quantityMicro),
      ),
    );
    kits.set(warehouse_id, least * micro);
  }
  return kits;
}
