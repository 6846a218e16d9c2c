import type { Allocation, DemandLine, Part } from '../allocation.ts';
import {
  type Figures,
  figuresOf,
  inTransitOf,
  isKit,
  isTracked,
  onOrderOf,
  type WarehouseFigures,
} from '../availability.ts';
import { formatMicro, maxOf, microToNumber } from '../numbers.ts';
import { type Row, textIn } from '../rows.ts';
import { buildableTogether, buildsOf } from '../supply.ts';
import { counted, named, plainText } from '../text.ts';
import { type Arrival, isTransfer } from '../transit.ts';

export interface CheckedLine extends DemandLine {
  readonly row: Row;
  /** As asked; absent where only the figures are wanted. */
  readonly requested: number | undefined;
  readonly warehouseName: string;
}

/** What was read for the lines. */
export interface Stock {
  readonly rows: ReadonlyMap<string, Row>;
  readonly splits: ReadonlyMap<string, WarehouseFigures[]>;
  readonly recipes: ReadonlyMap<string, readonly Part[]>;
  readonly place: (itemId: string, warehouseId: string) => WarehouseFigures | undefined;
  /** By the lines' index. */
  readonly allocations: readonly Allocation[];
  /** What is on its way, by item, of items of which something is short. */
  readonly arrivals: ReadonlyMap<string, readonly Arrival[]>;
  /** More is on its way than was read. */
  readonly isCut: boolean;
}

export type Verdict = 'enough' | 'short' | 'not tracked';

/** Without a quantity, having nothing at all to promise is what a person would call short. */
export function isShort(line: CheckedLine, allocation: Allocation | undefined): boolean {
  if (allocation?.before === undefined) return false;
  return line.requested === undefined ? allocation.before <= 0n : allocation.short > 0n;
}

/** One row of the answer. Quantities in the item's unit. */
export function stockRow(
  line: CheckedLine,
  index: number,
  stock: Stock,
  today: string,
): { item: string; verdict: Verdict } & Record<string, unknown> {
  const { itemId, requested } = line;
  const row = stock.rows.get(itemId) ?? line.row;
  const allocation = stock.allocations[index];
  const name = nameOf(row);
  const asked = {
    ...(line.warehouseName === '' ? {} : { warehouse: line.warehouseName }),
    ...(requested === undefined ? {} : { requested }),
  };
  if (!isTracked(row) || allocation?.before === undefined) return { ...name, ...asked, verdict: 'not tracked' };
  const verdict = isShort(line, allocation) ? 'short' : 'enough';
  const onItsWay = verdict === 'short' ? (stock.arrivals.get(itemId) ?? []) : [];
  const figures = isKit(row)
    ? { buildable: microToNumber(maxOf(0n, allocation.before)), ...build(stock.recipes.get(itemId) ?? [], stock.rows) }
    : { ...placeFigures(line, row, stock), can_be_promised: microToNumber(allocation.before) };
  return {
    ...name,
    ...asked,
    ...figures,
    ...(isKit(row) ? {} : { on_order: microToNumber(onOrderOf(row)) }),
    ...(inTransitOf(row) > 0n ? { in_transit: microToNumber(inTransitOf(row)) } : {}),
    ...(requested === undefined ? {} : { short: microToNumber(allocation.short) }),
    verdict,
    ...(onItsWay.length > 0 ? { on_its_way: onItsWay.map((one) => comingRow(one, line, today)) } : {}),
    ...(verdict === 'enough' && isApart(line, stock) ? { in_no_single_warehouse: true } : {}),
    ...splitOf(itemId, stock),
  };
}

/** Whether goods asked for from anywhere lie in several warehouses, none of which has them all; false where nobody read it. */
function isApart({ itemId, requested, quantity, warehouseId }: CheckedLine, { splits }: Stock): boolean {
  const split = splits.get(itemId);
  if (!split || requested === undefined || warehouseId !== undefined) return false;
  return split.every(({ available = 0n }) => available < quantity);
}

/** Absent where it was not read. */
function splitOf(itemId: string, { splits }: Stock) {
  const split = splits.get(itemId);
  return split ? { warehouses: split.filter(holdsAny).map(splitRow) } : {};
}

function nameOf(row: Row) {
  return {
    item: plainText(row.name),
    ...(textIn(row, 'sku') === '' ? {} : { sku: plainText(row.sku, 60) }),
    item_id: textIn(row, 'item_id'),
    ...(textIn(row, 'unit') === '' ? {} : { unit: plainText(row.unit, 20) }),
    ...(textIn(row, 'status') === 'inactive' ? { status: 'inactive' } : {}),
  };
}

function placeFigures({ itemId, warehouseId }: CheckedLine, row: Row, stock: Stock) {
  const nothing: Pick<Figures, 'onHand' | 'committed'> = { onHand: 0n, committed: 0n };
  const { onHand, committed } =
    warehouseId === undefined ? figuresOf(row) : (stock.place(itemId, warehouseId) ?? nothing);
  return { on_hand: microToNumber(onHand), committed: microToNumber(committed) };
}

/** Which part each warehouse runs out of first, and what all parts in one place would make. */
function build(parts: readonly Part[], rows: ReadonlyMap<string, Row>) {
  if (parts.length === 0) return {};
  return {
    limited_by: buildsOf(parts, rows).map(
      ({ warehouseName, limit, has }) =>
        `${named(warehouseName)}: ${limit.name}, ${formatMicro(has)} there, ${formatMicro(limit.needed)} a kit`,
    ),
    buildable_if_in_one_warehouse: microToNumber(buildableTogether(parts, rows)),
  };
}

/** Where it goes is told where a warehouse was asked about, and of a transfer always. */
function comingRow(one: Arrival, { warehouseId }: CheckedLine, today: string) {
  const { number, expected, quantity, warehouseName } = one;
  return {
    ...(isTransfer(one)
      ? { transfer_number: number, transfer_id: one.transferId, from_warehouse: one.fromName }
      : { purchaseorder_number: number, purchaseorder_id: one.purchaseorderId, vendor: one.vendorName }),
    ...(warehouseName !== '' && (isTransfer(one) || warehouseId !== undefined)
      ? { warehouse: plainText(warehouseName, 60) }
      : {}),
    quantity: microToNumber(quantity),
    ...(expected === '' ? {} : { expected }),
    ...(expected !== '' && expected < today ? { overdue: true } : {}),
  };
}

/** An empty warehouse says nothing. */
const holdsAny = ({ onHand, committed, available = 0n }: WarehouseFigures): boolean =>
  onHand !== 0n || committed !== 0n || available !== 0n;

/** On hand and committed only where they say more than what can be promised: a hundred lines are paid for in tokens. */
const splitRow = ({ warehouseName, onHand, committed, available }: WarehouseFigures) => ({
  warehouse: plainText(warehouseName, 60),
  ...(committed === 0n && onHand === available
    ? {}
    : { on_hand: microToNumber(onHand), committed: microToNumber(committed) }),
  ...(available === undefined ? {} : { can_be_promised: microToNumber(available) }),
});

type Told = ReturnType<typeof stockRow>;

/** The one line a person would say. */
export function verdictLine(rows: readonly Told[], unclear: number): string {
  const missing = unclear === 0 ? '' : ` ${counted(unclear, 'name')} could not be settled, see problems.`;
  if (rows.length === 0) return `Nothing was checked.${missing}`;
  const short = namesOf(rows.filter(({ verdict }) => verdict === 'short'));
  const apart = namesOf(rows.filter((row) => row.in_no_single_warehouse === true));
  const isAsked = rows.some(({ requested }) => requested !== undefined);
  const scattered = apart === '' ? '' : ` No single warehouse has all of ${apart}.`;
  if (short === '') return `${isAsked ? 'Enough of all that was checked.' : promisable(rows)}${scattered}${missing}`;
  return `${isAsked ? 'Not enough of' : 'Nothing can be promised of'} ${short}.${scattered}${missing}`;
}

/** Of rows that were not asked for a quantity. */
function promisable(rows: readonly Told[]): string {
  const [row] = rows;
  if (!row || rows.length > 1) return `The figures of ${counted(rows.length, 'item')}: each has something to promise.`;
  const figure = row.can_be_promised ?? row.buildable;
  if (figure === undefined) return `Stock of ${named(row.item)} is not tracked.`;
  return `${String(figure)}${row.unit === undefined ? '' : ` ${String(row.unit)}`} of ${named(row.item)} can be promised.`;
}

function namesOf(rows: readonly Told[]): string {
  const names = [...new Set(rows.map(({ item }) => named(item)))];
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}
