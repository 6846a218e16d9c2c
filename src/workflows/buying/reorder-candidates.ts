import { InvalidArguments } from '../../errors.ts';
import { figuresOf, inTransitOf, isKit, isTracked, onOrderOf, readItem } from '../availability.ts';
import type { Api } from '../define.ts';
import { parseMicro, sumOf } from '../numbers.ts';
import { lookUpItems, refuseProblems } from '../resolve.ts';
import { microIn, pageSize, type Row, rowsIn, textIn } from '../rows.ts';
import { named } from '../text.ts';
import { readTransit } from '../transit.ts';
import { freshRows, lowItems, reportedLow } from './reorder-low.ts';
import type { Limits } from './reorder-rules.ts';

/** An item as it was named, with its own limits. */
export interface WishedItem {
  readonly item: string;
  readonly max_level?: number | undefined;
  readonly minimum_quantity?: number | undefined;
  readonly pack_multiple?: number | undefined;
}

/** What stands in one warehouse, or in all; in 1e-6 units. */
export interface Standing {
  readonly onHand: bigint;
  readonly committed: bigint;
  readonly onOrder: bigint;
  readonly inTransit: bigint;
}

export interface Candidates {
  /** Of the whole company; what stands in the warehouse asked is told by `standing`. */
  readonly rows: readonly Row[];
  readonly limits: ReadonlyMap<string, Limits>;
  readonly standing: (row: Row) => Standing;
  /** Items below their level of which the warehouse asked has, promises and awaits nothing. */
  readonly notCarried: number;
}

/** The items named, or all that is low, with fresh figures. */
export async function readCandidates(
  api: Api,
  items: readonly WishedItem[] | undefined,
  warehouseId: string | undefined,
): Promise<Candidates> {
  const limits = new Map<string, Limits>();
  if (items) {
    const rows = await namedItems(api, items, limits);
    if (warehouseId === undefined) return { rows, limits, standing: everywhere, notCarried: 0 };
    // Only an item read by itself tells its warehouses apart.
    const whole = await Promise.all(rows.map((row) => withSplit(api, row)));
    return inOne(api, warehouseId, {
      rows: whole,
      limits,
      notCarried: 0,
      standingHere: (row) => splitOf(row, warehouseId),
    });
  }
  if (warehouseId === undefined) return { rows: await lowItems(api), limits, standing: everywhere, notCarried: 0 };
  const reported = await reportedLow(api, warehouseId);
  // Goods that were never there are below their level there too, and nobody wants them ordered for that.
  const carried = [...reported.values()].filter(isThere);
  const fresh = await freshRows(
    api,
    new Map(),
    carried.map((row) => textIn(row, 'item_id')),
  );
  const rows = carried.map((row) => ({ ...row, ...fresh.get(textIn(row, 'item_id')) }));
  const standingHere = (row: Row): Standing => ({
    ...everywhere(reported.get(textIn(row, 'item_id')) ?? {}),
    inTransit: 0n,
  });
  return inOne(api, warehouseId, { rows, limits, notCarried: reported.size - carried.length, standingHere });
}

const everywhere = (row: Row): Standing => {
  const { onHand, committed } = figuresOf(row);
  return { onHand, committed, onOrder: onOrderOf(row), inTransit: inTransitOf(row) };
};

const isThere = (row: Row): boolean => {
  const { onHand, committed, onOrder } = everywhere(row);
  return onHand !== 0n || committed !== 0n || onOrder !== 0n;
};

async function namedItems(api: Api, items: readonly WishedItem[], limits: Map<string, Limits>): Promise<Row[]> {
  const lookup = await lookUpItems(
    api,
    items.map(({ item }) => item),
    { forWrite: false },
  );
  refuseProblems(lookup.problems);
  const rows = new Map<string, Row>();
  for (const { item, max_level, minimum_quantity, pack_multiple } of items) {
    const row = lookup.found.get(item);
    if (!row) continue;
    const itemId = textIn(row, 'item_id');
    const own = {
      target: parseMicro(max_level),
      minimum: parseMicro(minimum_quantity),
      pack: parseMicro(pack_multiple),
    };
    const before = limits.get(itemId);
    if (before && !isSame(before, own)) throw twice(row);
    rows.set(itemId, row);
    limits.set(itemId, own);
  }
  return [...rows.values()];
}

const isSame = (one: Limits, other: Limits): boolean =>
  one.target === other.target && one.minimum === other.minimum && one.pack === other.pack;

// Of two sets of limits one would be lost without a word.
const twice = (row: Row): InvalidArguments =>
  new InvalidArguments(
    `${named(row.sku, 40) || named(row.name)} is named twice in items with other limits: name it once, with all of them. Nothing was written.`,
    { nothingSent: true },
  );

const withSplit = async (api: Api, row: Row): Promise<Row> =>
  isKit(row) || !isTracked(row) || rowsIn(row, 'warehouses').length > 0
    ? row
    : ((await readItem(api, textIn(row, 'item_id'))) ?? row);

/** What an item's own row tells of one warehouse; where it does not say what is on order there, all on order counts. */
function splitOf(row: Row, warehouseId: string): Standing {
  const here = rowsIn(row, 'warehouses').find((split) => textIn(split, 'warehouse_id') === warehouseId);
  if (!here) return { onHand: 0n, committed: 0n, onOrder: 0n, inTransit: 0n };
  return {
    onHand: microIn(here, 'warehouse_stock_on_hand') ?? 0n,
    committed: microIn(here, 'warehouse_committed_stock') ?? 0n,
    onOrder: microIn(here, 'warehouse_quantity_ordered') ?? onOrderOf(row),
    inTransit: 0n,
  };
}

/** Adds what is on its way from other warehouses: read only where something is in transit at all. */
async function inOne(
  api: Api,
  warehouseId: string,
  { standingHere, ...found }: Omit<Candidates, 'standing'> & { readonly standingHere: (row: Row) => Standing },
): Promise<Candidates> {
  const moving = found.rows.filter((row) => inTransitOf(row) > 0n).map((row) => textIn(row, 'item_id'));
  const towards = { itemIds: new Set(moving), warehouseIds: new Set([warehouseId]), most: pageSize };
  const { byItem } = await readTransit(api, towards);
  const comingOf = (row: Row) => sumOf((byItem.get(textIn(row, 'item_id')) ?? []).map(({ quantity }) => quantity));
  return { ...found, standing: (row) => ({ ...standingHere(row), inTransit: comingOf(row) }) };
}
