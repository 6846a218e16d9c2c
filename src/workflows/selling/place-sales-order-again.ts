import { InventoryError } from '../../errors.ts';
import { isKit, promisableMicro, readItems, warehousesOf } from '../availability.ts';
import type { Api, WorkflowContext } from '../define.ts';
import { microToNumber, minOf, parseMicro, sumOf } from '../numbers.ts';
import { pageSize, type Row, rowsIn, textIn } from '../rows.ts';
import { buildableTogether, partsOf } from '../supply.ts';
import { named } from '../text.ts';
import type { PlacedLine, PlaceSteps } from './place-sales-order-steps.ts';

/** Stock that somebody else took between the check and the order. */
export interface Taken {
  readonly item: string;
  readonly item_id: string;
  readonly ordered: number;
  /** What cannot be covered any more. */
  readonly short: number;
}

/** What can be promised of an item after the order, in 1e-6 units. */
export interface Left {
  readonly all: bigint;
  /** By warehouse; empty where a list was read, which has no split. */
  readonly places: ReadonlyMap<string, bigint>;
}

export interface Again {
  readonly left: ReadonlyMap<string, Left>;
  readonly taken: readonly Taken[];
  readonly checked: boolean;
}

/** One call. The order stands whatever this finds, so that a failure here is only noted. */
export async function readAgain(api: Api, todo: PlaceSteps, context: WorkflowContext): Promise<Again> {
  const limited = todo.lines.filter((line) => line.can_be_promised_before !== undefined);
  if (limited.length === 0) return { left: new Map(), taken: [], checked: true };
  context.progress('Reading the stock again');
  try {
    const now = await availableNow(api, limited, todo);
    return { left: now, taken: takenOf(limited, now, todo.confirm), checked: true };
  } catch (error) {
    if (error instanceof InventoryError) return { left: new Map(), taken: [], checked: false };
    throw error;
  }
}

/**
 * Available by item: up to 3 items one call each, else one call for the catalog's only page, or for the
 * report of what is promised beyond stock, which names an item only if its stock was taken.
 */
async function availableNow(
  api: Api,
  lines: readonly PlacedLine[],
  todo: PlaceSteps,
): Promise<ReadonlyMap<string, Left>> {
  const ids = new Set(lines.map(({ item_id }) => item_id));
  const now = new Map<string, Left>();
  for (const row of await rowsNow(api, [...ids], todo)) {
    const all = isKit(row) ? kitsOf(row) : promisableMicro(row);
    if (!ids.has(textIn(row, 'item_id')) || all === undefined) continue;
    const places = new Map(warehousesOf(row).map(({ warehouseId, available }) => [warehouseId, available ?? 0n]));
    now.set(textIn(row, 'item_id'), { all, places });
  }
  return now;
}

/**
 * A kit is built where its parts lie, but parts that are promised elsewhere are gone all the same: what can be promised is
 * the less of both, as check_stock counts it. Undefined where the row does not tell the parts.
 */
function kitsOf(kit: Row): bigint | undefined {
  const parts = rowsIn(kit, 'mapped_items');
  if (parts.length === 0) return undefined;
  const rows = new Map(parts.map((part) => [textIn(part, 'item_id'), part]));
  return minOf(promisableMicro(kit) ?? 0n, buildableTogether(partsOf(kit), rows));
}

async function rowsNow(api: Api, itemIds: readonly string[], todo: PlaceSteps): Promise<Iterable<Row>> {
  if (itemIds.length <= 3) return (await readItems(api, itemIds)).values();
  if (!todo.onePage) return rowsIn(await api.call('get_low_stock_report', {}), 'shortages');
  return rowsIn(await api.call('list_items', { filter_by: 'Status.All', page: 1, per_page: pageSize }), 'items');
}

function takenOf(lines: readonly PlacedLine[], now: ReadonlyMap<string, Left>, confirmed: boolean): Taken[] {
  const taken: Taken[] = [];
  for (const [itemId, { all: available }] of now) {
    const own = lines.filter((line) => line.item_id === itemId);
    const ordered = sumOf(own.map((line) => parseMicro(line.quantity) ?? 0n));
    // A draft reserves nothing: what it would leave is what counts.
    const afterwards = confirmed ? available : available - ordered;
    const before = parseMicro(own[0]?.item_available_before);
    const expected = before === undefined ? 0n : before - ordered;
    if (afterwards >= 0n || afterwards >= expected) continue;
    taken.push({
      item: own[0]?.item ?? '',
      item_id: itemId,
      ordered: microToNumber(ordered),
      short: microToNumber(-afterwards),
    });
  }
  return taken;
}

export function takenWords(taken: readonly Taken[]): string {
  if (taken.length === 0) return '';
  const names = taken.map(({ item, short }) => `${named(item)} (${short} short)`).join(', ');
  return ` Meanwhile somebody else took stock of ${names}: these lines will have to wait, or be changed.`;
}
