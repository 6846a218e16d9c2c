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
import { formatMicro, microToNumber } from '../numbers.ts';
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
    ? { buildable: microToNumber(allocation.before), ...build(stock.recipes.get(itemId) ?? [], stock.rows) }
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
    ...splitOf(itemId, stock),
  };
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

/** The one line a person would say. */
export function verdictLine(rows: readonly { verdict: Verdict; item: string }[], unclear: number): string {
  const missing = unclear === 0 ? '' : ` ${counted(unclear, 'name')} could not be settled, see problems.`;
  const short = [...new Set(rows.filter(({ verdict }) => verdict === 'short').map(({ item }) => named(item)))];
  if (rows.length === 0) return `Nothing was checked.${missing}`;
  if (short.length === 0) return `Enough of all that was checked.${missing}`;
  const more = short.length > 5 ? ` and ${short.length - 5} more` : '';
  return `Not enough of ${short.slice(0, 5).join(', ')}${more}.${missing}`;
}
