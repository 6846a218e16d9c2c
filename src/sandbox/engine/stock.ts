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
  /** By warehouse id; only those that have, or once had, any figure. */
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

/** All stock figures of one item: one indexed read of what is kept of it. */
export function itemFigures(db: Database, itemId: string): ItemFigures {
  const all = noSums();
  const byWarehouse = new Map<string, Figures>();
  const rows = db.prepare(
    `SELECT place, on_hand_micro, committed_micro, packed_micro, ordered_micro FROM stock_at WHERE item_id = ?`,
  );
  for (const row of rows.all(itemId)) {
    const place = textOf(row, 'place');
    const onHand = integerOf(row, 'on_hand_micro');
    if (place === transit) {
      all.inTransit += onHand;
      continue;
    }
    const sums = { ...noSums(), onHand };
    for (const kind of ['committed', 'packed', 'ordered'] as const) {
      sums[kind] = integerOf(row, `${kind}_micro`);
      all[kind] += sums[kind];
    }
    all.onHand += onHand;
    byWarehouse.set(place, withAvailable(sums));
  }
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
