import { type Availability, isKit, promisableMicro, type Row, readAvailability, readItems } from './availability.ts';
import type { Api } from './define.ts';
import { linesWithStock, type StockChange } from './lines-with-stock.ts';
import { formatMicro, maxOf, minOf, sumOf } from './numbers.ts';
import { type OrderLine, outstanding } from './order-lines.ts';
import { beforeAfter, itemLabel, unitOf } from './record-words.ts';
import { rowsIn, textIn } from './rows.ts';
import { type Part, readKits } from './supply.ts';

/** What lines take of one item in one warehouse, in 1e-6 units; a kit takes its parts. */
export interface Demand {
  readonly itemId: string;
  /** Empty where the primary warehouse could not be told. */
  readonly warehouseId: string;
  readonly warehouseName: string;
  readonly quantity: bigint;
}

/** What an order takes before and after a call, and what there is, its own earlier promise already taken off. */
export interface Promises {
  readonly before: readonly Demand[];
  readonly after: readonly Demand[];
  readonly availability: readonly Availability[];
}

/** What is promised beyond what there is; quantities in 1e-6 units. */
export interface Shortage {
  readonly label: string;
  readonly unit: string;
  readonly place: string;
  readonly wanted: bigint;
  /** What this order may have, its own earlier promise included. */
  readonly available: bigint;
  readonly onOrder: bigint;
  /** What other warehouses can promise; the order would not take it from there. */
  readonly elsewhere: bigint;
}

const one = 1_000_000n;
const placeOf = ({ itemId, warehouseId }: { itemId: string; warehouseId?: string }) => `${itemId} ${warehouseId ?? ''}`;

/** Draft and ended orders hold no stock; any other does until it is shipped. */
export const holdsStock = (order: Row): boolean =>
  !['draft', 'void', 'cancelled', 'closed', 'delivered', 'fulfilled', ''].includes(
    textIn(order, 'status').toLowerCase(),
  );

function demandsOf(lines: readonly OrderLine[], recipes: ReadonlyMap<string, readonly Part[]>): Demand[] {
  const sums = new Map<string, Demand>();
  for (const line of lines) {
    const parts = recipes.get(line.itemId);
    const takes = parts
      ? parts.map(({ itemId, needed }) => ({ itemId, needed }))
      : [{ itemId: line.itemId, needed: one }];
    for (const { itemId, needed } of takes) {
      const { warehouseId, warehouseName } = line;
      const key = placeOf({ itemId, warehouseId });
      const quantity = (outstanding(line) * needed) / one + (sums.get(key)?.quantity ?? 0n);
      sums.set(key, { itemId, warehouseId, warehouseName, quantity });
    }
  }
  return [...sums.values()].filter(({ quantity }) => quantity > 0n);
}

/** Names the primary warehouse on lines that name none. One call, and none where every line names its warehouse. */
async function placed(api: Api, lines: readonly OrderLine[]): Promise<readonly OrderLine[]> {
  if (lines.every(({ warehouseId }) => warehouseId !== '')) return lines;
  const warehouses = rowsIn(await api.call('list_warehouses', { page: 1, per_page: 200 }), 'warehouses');
  const primary = warehouses.find(({ is_primary }) => is_primary === true);
  if (!primary) return lines;
  const [warehouseId, warehouseName] = [textIn(primary, 'warehouse_id'), textIn(primary, 'warehouse_name')];
  return lines.map((line) => (line.warehouseId === '' ? { ...line, warehouseId, warehouseName } : line));
}

/** Reads what there is of all that these lines take. `before`: what the order holds now, `after`: what it would hold. */
export async function readPromises(
  api: Api,
  before: readonly OrderLine[],
  after: readonly OrderLine[],
): Promise<Promises> {
  const [held, wanted] = [await placed(api, before), await placed(api, after)];
  const rows = await readItems(api, [...new Set([...held, ...wanted].map(({ itemId }) => itemId))]);
  const kitIds = [...rows].filter(([, row]) => isKit(row)).map(([itemId]) => itemId);
  const recipes = await readKits(api, kitIds, rows, { split: true });
  const demands = { before: demandsOf(held, recipes), after: demandsOf(wanted, recipes) };
  const places = new Map([...demands.before, ...demands.after].map((demand) => [placeOf(demand), demand]));
  const availability = await readAvailability(
    api,
    [...places.values()].map(({ itemId, warehouseId, quantity }) => ({
      item_id: itemId,
      quantity,
      ...(warehouseId === '' ? {} : { warehouse_id: warehouseId }),
    })),
    rows,
  );
  return { ...demands, availability };
}

/**
 * Where the order would promise more than it did and more than there is. What it held before is added back to what is
 * available, so that an order's own promise is not counted twice. Pure.
 */
export function shortagesOf({ before, after, availability }: Promises): Shortage[] {
  return after.flatMap((demand) => {
    const figures = availability.find((row) => placeOf(row) === placeOf(demand));
    if (figures?.available === undefined) return [];
    const own = sumOf(before.filter((held) => placeOf(held) === placeOf(demand)).map(({ quantity }) => quantity));
    const available = maxOf(0n, minOf(figures.available + own, inAll(figures, demand, { before, after })));
    if (demand.quantity <= own || demand.quantity <= available) return [];
    return [
      {
        label: itemLabel(figures.row),
        unit: unitOf(figures.row),
        place: demand.warehouseName,
        wanted: demand.quantity,
        available,
        onOrder: figures.onOrder,
        elsewhere: figures.warehouseId ? maxOf(0n, (promisableMicro(figures.row) ?? 0n) - figures.available) : 0n,
      },
    ];
  });
}

/**
 * What the item has free in all for one warehouse's lines, beside what this order takes of it from others: what lies there may
 * be promised to orders that look elsewhere.
 */
function inAll(
  { row, available = 0n }: Availability,
  { itemId, warehouseId }: Demand,
  { before, after }: Pick<Promises, 'before' | 'after'>,
): bigint {
  const ofItem = (demands: readonly Demand[]) => demands.filter((one) => one.itemId === itemId);
  const own = sumOf(ofItem(before).map(({ quantity }) => quantity));
  const others = ofItem(after).filter((one) => one.warehouseId !== warehouseId);
  return (promisableMicro(row) ?? available) + own - sumOf(others.map(({ quantity }) => quantity));
}

/** What an order takes or frees, per item and warehouse whose stock is kept; where nothing changes, nothing. */
function stockChanges({ before, after, availability }: Promises): StockChange[] {
  return availability.flatMap((figures) => {
    if (figures.available === undefined) return [];
    const here = (demands: readonly Demand[]) => demands.filter((demand) => placeOf(demand) === placeOf(figures));
    const quantityIn = (demands: readonly Demand[]) => sumOf(here(demands).map(({ quantity }) => quantity));
    const name = here([...before, ...after])[0]?.warehouseName ?? '';
    const more = quantityIn(after) - quantityIn(before);
    if (more === 0n) return [];
    const unit = unitOf(figures.row);
    return [
      {
        itemId: figures.itemId,
        warehouseId: figures.warehouseId ?? '',
        label: `${itemLabel(figures.row)}${name === '' ? '' : ` in ${name}`}`,
        words: `${beforeAfter('committed', figures.committed, figures.committed + more, unit)}, ${beforeAfter('available', figures.available, figures.available - more, unit)}`,
      },
    ];
  });
}

/** A line per item and warehouse. */
export const promiseLines = (promises: Promises): string[] =>
  stockChanges(promises).map(({ label, words }) => `${label}: ${words}`);

/** The lines of an order, each with what it does to stock. */
export const linesWithPromises = (lines: readonly OrderLine[], promises: Promises, currency: string): string[] =>
  linesWithStock(lines, stockChanges(promises), currency);

/** Figures a preview rested on, as plain JSON. */
export const restsOnStock = (availability: readonly Availability[]) =>
  availability.map(({ itemId, warehouseId, onHand, committed, available, onOrder }) => ({
    item_id: itemId,
    warehouse_id: warehouseId ?? null,
    on_hand: formatMicro(onHand),
    committed: formatMicro(committed),
    available: available === undefined ? null : formatMicro(available),
    on_order: formatMicro(onOrder),
  }));
