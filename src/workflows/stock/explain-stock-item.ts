import { isKit, isTracked, readItem, type WarehouseFigures, warehousesOf } from '../availability.ts';
import type { Api } from '../define.ts';
import { decide, itemNaming, type Naming, nearest } from '../match.ts';
import { lookUpItems, lookUpWarehouses, refuseProblems } from '../resolve.ts';
import { type Row, textIn } from '../rows.ts';
import { quoted } from '../text.ts';

/** The item, and a word on how it was found where it was not named exactly. */
export interface FoundItem {
  readonly row: Row;
  readonly took: string;
}

/**
 * One item by id, SKU, exact name or code, else the only one whose names hold the words asked for; with its
 * split by warehouse. Two calls, one more for digits. None or several: InvalidArguments with candidates.
 */
export async function findItem(api: Api, term: string): Promise<FoundItem> {
  const lookup = await lookUpItems(api, [term], { forWrite: false });
  const exact = lookup.found.get(term);
  if (exact) return { row: await withSplit(api, exact), took: '' };
  const near = nearest([...lookup.rows.values()], term, itemNaming);
  const [only] = near;
  // Several of one name were told apart above, and are asked about.
  const isLoose = lookup.problems[0]?.reason === 'not found';
  if (!only || near.length > 1 || !isLoose) {
    refuseProblems(lookup.problems);
    return { row: {}, took: '' };
  }
  return { row: await withSplit(api, only), took: `Taken for ${quoted(term, 60)}: ` };
}

// Services have no stock to split.
async function withSplit(api: Api, row: Row): Promise<Row> {
  const isWhole = warehousesOf(row).length > 0 && !isKit(row);
  if (isWhole || !isTracked(row)) return row;
  return (await readItem(api, textIn(row, 'item_id'))) ?? row;
}

const places: Naming = {
  noun: 'warehouse',
  id: 'warehouse_id',
  names: ['warehouse_name'],
  shown: ['warehouse_id', 'warehouse_name'],
};

/** The item's figures in the warehouse named; a call only where its own split does not name the warehouse. */
export async function findPlace(api: Api, row: Row, term: string): Promise<WarehouseFigures> {
  const split = warehousesOf(row);
  const known = split.map(({ warehouseId, warehouseName }) => ({
    warehouse_id: warehouseId,
    warehouse_name: warehouseName,
  }));
  const choice = decide(known, term, places, { forWrite: false });
  const named = 'row' in choice ? choice.row : await lookedUp(api, term);
  const there = split.find(({ warehouseId }) => warehouseId === textIn(named, 'warehouse_id'));
  const nothing = { onHand: 0n, committed: 0n, available: isTracked(row) ? 0n : undefined, packed: 0n };
  const place = { warehouseId: textIn(named, 'warehouse_id'), warehouseName: textIn(named, 'warehouse_name') };
  return there ?? { ...place, ...nothing };
}

async function lookedUp(api: Api, term: string): Promise<Row> {
  const { found, problems } = await lookUpWarehouses(api, [term], { forWrite: false });
  refuseProblems(problems);
  return found.get(term) ?? {};
}
