import { isKit, isTracked, warehousesOf } from '../availability.ts';
import type { Api } from '../define.ts';
import { sumOf } from '../numbers.ts';
import { lookUpItems, refuseProblems } from '../resolve.ts';
import { microIn, type Row, readList, rowsIn, textIn } from '../rows.ts';
import { readSplits } from '../splits.ts';
import { readKits } from '../supply.ts';
import { readTransit } from '../transit.ts';
import { lackOf, type Stand } from './transfer-moves.ts';

/** One item and where it stands. */
export interface Placed {
  readonly itemId: string;
  readonly row: Row;
  readonly stands: readonly Stand[];
}

const mostPages = 10;
/** Transfers on their way read at most; each costs a call. */
const mostTransfers = 10;

/** Everything with any figure, by warehouse: one call for 200 rows, 10 at most. */
export async function readAllPlaced(api: Api): Promise<{ placed: Placed[]; complete: boolean }> {
  const { rows, complete } = await readList(api, 'get_stock_on_hand', 'items', {}, { maxPages: mostPages });
  const byItem = new Map<string, Row[]>();
  for (const row of rows) {
    const itemId = textIn(row, 'item_id');
    byItem.set(itemId, [...(byItem.get(itemId) ?? []), row]);
  }
  // Where the reading ended, some of the last item's warehouses may be missing.
  if (!complete) byItem.delete(textIn(rows.at(-1) ?? {}, 'item_id'));
  const placed = [...byItem].map(([itemId, own]) => ({
    itemId,
    row: own[0] ?? {},
    stands: own.map((row) => ({
      warehouseId: textIn(row, 'warehouse_id'),
      warehouseName: textIn(row, 'warehouse_name'),
      onHand: microIn(row, 'on_hand') ?? 0n,
      committed: microIn(row, 'committed') ?? 0n,
      coming: 0n,
    })),
  }));
  return { placed, complete };
}

/** The items named, in every active warehouse; a kit is its parts. One or two calls an item. */
export async function readNamedPlaced(
  api: Api,
  terms: readonly string[],
): Promise<{ placed: Placed[]; untracked: Row[] }> {
  const lookup = await lookUpItems(api, terms, { forWrite: false });
  refuseProblems(lookup.problems);
  const found = [...lookup.found.values()];
  const rows = new Map(lookup.rows);
  const kits = found.filter(isKit).map((row) => textIn(row, 'item_id'));
  const parts = [...(await readKits(api, kits, rows, { split: true })).values()].flat();
  const goods = found.filter((row) => isTracked(row) && !isKit(row));
  const ids = [...new Set([...goods.map((row) => textIn(row, 'item_id')), ...parts.map(({ itemId }) => itemId)])];
  const tracked = ids.filter((itemId) => isTracked(rows.get(itemId) ?? {}));
  const splits = await readSplits(api, tracked, rows);
  const placed = tracked.map((itemId) => {
    const row = rows.get(itemId) ?? {};
    const closed = new Set(
      rowsIn(row, 'warehouses').flatMap((one) => (one.status === 'inactive' ? [textIn(one, 'warehouse_id')] : [])),
    );
    const stands = (splits.get(itemId) ?? warehousesOf(row))
      .filter(({ warehouseId }) => !closed.has(warehouseId))
      .map(({ warehouseId, warehouseName, onHand, committed }) => ({
        ...{ warehouseId, warehouseName, onHand, committed },
        coming: 0n,
      }));
    return { itemId, row, stands };
  });
  return { placed, untracked: found.filter((row) => !isTracked(row)) };
}

/** The same with what is in transit to where something lacks: one call and one a transfer, none where nothing lacks. */
export async function withTransit(
  api: Api,
  placed: readonly Placed[],
  isLacking: (stand: Stand) => boolean,
): Promise<{ placed: readonly Placed[]; complete: boolean }> {
  const lacking = placed.filter(({ stands }) => stands.some(isLacking));
  if (lacking.length === 0) return { placed, complete: true };
  const places = new Set(
    lacking.flatMap(({ stands }) => stands.filter(isLacking).map(({ warehouseId }) => warehouseId)),
  );
  const itemIds = new Set(lacking.map(({ itemId }) => itemId));
  const { byItem, truncated } = await readTransit(api, { itemIds, warehouseIds: places, most: mostTransfers });
  const comingTo = (itemId: string, place: string): bigint =>
    sumOf(
      (byItem.get(itemId) ?? []).filter(({ warehouseId }) => warehouseId === place).map(({ quantity }) => quantity),
    );
  return {
    placed: placed.map(({ itemId, row, stands }) => ({
      ...{ itemId, row },
      stands: stands.map((stand) => ({ ...stand, coming: comingTo(itemId, stand.warehouseId) })),
    })),
    complete: !truncated,
  };
}

export const isShortOf =
  (keep: bigint, warehouseId: string | undefined) =>
  (stand: Stand): boolean =>
    (warehouseId === undefined || stand.warehouseId === warehouseId) && lackOf(stand, keep) > 0n;
