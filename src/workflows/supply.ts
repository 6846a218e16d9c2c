import type { DemandLine, Part, Supply } from './allocation.ts';
import {
  isKit,
  isTracked,
  promisableMicro,
  readItem,
  readItems,
  readPlaces,
  type WarehouseFigures,
  warehousesOf,
} from './availability.ts';
import type { Api } from './define.ts';
import { maxOf, minOf } from './numbers.ts';
import { microIn, type Row, rowsIn, textIn } from './rows.ts';
import { named } from './text.ts';

export type { Part } from './allocation.ts';

const one = 1_000_000n;

/** The recipe of a kit's `get_item` row; empty for list rows. */
export function partsOf(kit: Row): Part[] {
  return rowsIn(kit, 'mapped_items').map((part) => ({
    itemId: textIn(part, 'item_id'),
    name: named(part.sku) || named(part.name),
    needed: microIn(part, 'quantity') ?? one,
  }));
}

/** How many kits one warehouse's parts make, and the part that runs out first. Quantities in 1e-6 units. */
export interface Build {
  readonly warehouseId: string;
  readonly warehouseName: string;
  readonly buildable: bigint;
  readonly limit: Part;
  /** What there is of that part. */
  readonly has: bigint;
}

const kitsFrom = (available: bigint, part: Part): bigint =>
  part.needed <= 0n ? 0n : (maxOf(0n, available) / part.needed) * one;

/** Per warehouse, from rows of the parts with their split. A part whose stock is not kept limits nothing. */
export function buildsOf(parts: readonly Part[], rows: ReadonlyMap<string, Row>): Build[] {
  const names = new Map<string, string>();
  for (const { itemId } of parts)
    for (const { warehouseId, warehouseName } of warehousesOf(rows.get(itemId) ?? {}))
      names.set(warehouseId, warehouseName);
  return [...names].flatMap(([warehouseId, warehouseName]) => {
    let least: Build | undefined;
    for (const part of parts) {
      const row = rows.get(part.itemId);
      if (row && !isTracked(row)) continue;
      const there = warehousesOf(row ?? {}).find((split) => split.warehouseId === warehouseId);
      const has = there?.available ?? 0n;
      const buildable = kitsFrom(has, part);
      if (!least || buildable < least.buildable) least = { warehouseId, warehouseName, buildable, limit: part, has };
    }
    return least ? [least] : [];
  });
}

/** How many kits the parts would make if all of them stood in one warehouse. */
export function buildableTogether(parts: readonly Part[], rows: ReadonlyMap<string, Row>): bigint {
  let least: bigint | undefined;
  for (const part of parts) {
    const available = promisableMicro(rows.get(part.itemId) ?? {});
    if (available === undefined) continue;
    const kits = kitsFrom(available, part);
    least = least === undefined ? kits : minOf(least, kits);
  }
  return least ?? 0n;
}

/** Reads recipes and parts of the kits among these rows; `rows` gains them. One call a kit, and one a part if `split`. */
export async function readKits(
  api: Api,
  kitIds: readonly string[],
  rows: Map<string, Row>,
  options: { split: boolean },
): Promise<Map<string, Part[]>> {
  const recipes = new Map<string, Part[]>();
  for (const kitId of kitIds) {
    const known = rows.get(kitId);
    const row = known && partsOf(known).length > 0 ? known : ((await readItem(api, kitId)) ?? known);
    if (row) rows.set(kitId, row);
    recipes.set(kitId, row ? partsOf(row) : []);
  }
  const partIds = [...new Set([...recipes.values()].flat().map(({ itemId }) => itemId))];
  const unread = partIds.filter((itemId) => {
    const row = rows.get(itemId);
    return !row || (options.split && warehousesOf(row).length === 0);
  });
  if (options.split) {
    for (const itemId of unread) {
      const row = await readItem(api, itemId);
      if (row) rows.set(itemId, row);
    }
  } else for (const [itemId, row] of await readItems(api, unread)) rows.set(itemId, row);
  return recipes;
}

/** What the lines may take from: every item they name, and the parts of kits. `rows` holds fresh rows and gains more. */
export async function readSupplies(
  api: Api,
  lines: readonly DemandLine[],
  rows: Map<string, Row>,
): Promise<{
  supplies: Map<string, Supply>;
  place: (itemId: string, warehouseId: string) => WarehouseFigures | undefined;
}> {
  const kitIds = [...new Set(lines.map(({ itemId }) => itemId))].filter((itemId) => isKit(rows.get(itemId) ?? {}));
  const split = lines.some(({ itemId, warehouseId }) => warehouseId !== undefined && kitIds.includes(itemId));
  const recipes = await readKits(api, kitIds, rows, { split });
  const placed = lines.flatMap(({ itemId, warehouseId }) =>
    warehouseId === undefined || recipes.has(itemId) ? [] : [{ itemId, warehouseId }],
  );
  const place = await readPlaces(api, placed, rows);
  const supplies = new Map<string, Supply>();
  const add = (itemId: string): void => {
    const row = rows.get(itemId);
    if (!row || supplies.has(itemId)) return;
    const available = promisableMicro(row);
    const parts = recipes.get(itemId) ?? [];
    const places = new Map<string, bigint | undefined>();
    for (const { itemId: wanted, warehouseId } of lines) {
      if (wanted !== itemId || warehouseId === undefined) continue;
      // The API may say itself how many of a kit one warehouse builds.
      const own = warehousesOf(row).find((split) => split.warehouseId === warehouseId);
      const there =
        own || parts.length === 0
          ? (own ?? place(itemId, warehouseId))?.available
          : buildsOf(parts, rows).find((build) => build.warehouseId === warehouseId)?.buildable;
      places.set(warehouseId, available === undefined ? undefined : (there ?? 0n));
    }
    supplies.set(itemId, { available, places, parts });
  };
  for (const { itemId } of lines) add(itemId);
  for (const part of [...recipes.values()].flat()) add(part.itemId);
  return { supplies, place };
}
