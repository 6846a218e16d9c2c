import { daysBetween } from '../workflows/days.ts';
import { divideRounded, formatMicro, minorToNumber, parseMicro } from '../workflows/numbers.ts';
import { rowsIn, textIn } from '../workflows/rows.ts';
import { named } from '../workflows/text.ts';
import type { Row } from './define.ts';
import { expectedOn, type LineFigures, linesOf, type OrderKind } from './orders.ts';

/** Stock that can be packed, under `item warehouse`. */
export type FreeStock = ReadonlyMap<string, { readonly row: Row; readonly free: bigint }>;

interface About {
  readonly today: string;
  readonly base: string;
  readonly free: FreeStock;
  readonly warehouseId: string | undefined;
}

function bucket(days: number): string {
  if (days < 0) return 'not due';
  return days <= 30 ? '0-30' : days <= 60 ? '31-60' : days <= 90 ? '61-90' : 'over 90';
}

/** What has to be done next; `none` where an order holds nothing that is carried. */
function stepOf(kind: OrderKind, status: string, lines: readonly LineFigures[]): string {
  if (status === 'draft') return kind === 'sales' ? 'confirm' : 'issue';
  if (kind === 'purchase') return lines.length > 0 ? 'receive' : 'none';
  if (lines.some(({ packed, quantity }) => packed < quantity)) return 'pack';
  if (lines.some(({ shipped, packed }) => shipped < packed)) return 'ship';
  return lines.length > 0 ? 'deliver' : 'none';
}

/** What a line still needs of each item: itself, or the parts of a kit. */
function neededBy({ row, quantity, packed }: LineFigures): [itemId: string, micro: bigint][] {
  const left = quantity - packed;
  if (row.is_combo_product !== true) return [[textIn(row, 'item_id'), left]];
  return rowsIn(row, 'mapped_items').map((part) => [
    textIn(part, 'item_id'),
    divideRounded(left * (parseMicro(part.quantity) ?? 0n), 1_000_000n),
  ]);
}

/** `SPK-BT 5 short, ...`: what keeps an order from being packed. Items whose stock is not kept keep nothing up. */
function blockedBy(lines: readonly LineFigures[], free: FreeStock): string {
  const needed = new Map<string, bigint>();
  for (const line of lines)
    for (const [itemId, micro] of neededBy(line)) {
      const key = `${itemId} ${textIn(line.row, 'warehouse_id')}`;
      needed.set(key, (needed.get(key) ?? 0n) + micro);
    }
  const short = [...needed].flatMap(([key, micro]) => {
    const stock = free.get(key);
    if (!stock || stock.free >= micro) return [];
    const label = named(stock.row.sku, 40) || named(stock.row.name);
    return [`${label} ${formatMicro(micro - (stock.free > 0n ? stock.free : 0n))} short`];
  });
  return short.sort().join(', ');
}

/** Value of the lines that has not left, or not come. */
const openMinor = (lines: readonly LineFigures[], done: 'shipped' | 'received'): bigint =>
  lines.reduce(
    (sum, line) =>
      sum + line.netMinor - (line.quantity === 0n ? 0n : divideRounded(line.netMinor * line[done], line.quantity)),
    0n,
  );

/** The row of an order, or none where it has no line in the warehouse asked for. */
export function agedOrder(kind: OrderKind, order: Row, { today, base, free, warehouseId }: About): Row[] {
  const all = linesOf(order, base, warehouseId);
  if (warehouseId !== undefined && all.length === 0) return [];
  const lines = all.filter(({ isCarried }) => isCarried);
  const since = (kind === 'purchase' && expectedOn(order)) || textIn(order, 'date');
  const days = daysBetween(since, today);
  const step = stepOf(kind, textIn(order, 'status'), lines);
  return [
    {
      number: order[kind === 'sales' ? 'salesorder_number' : 'purchaseorder_number'],
      kind,
      party: order[kind === 'sales' ? 'customer_name' : 'vendor_name'],
      date: since,
      age_days: days,
      bucket: bucket(days),
      step,
      open_amount: minorToNumber(openMinor(lines, kind === 'sales' ? 'shipped' : 'received'), base),
      blocked_by: step === 'pack' ? blockedBy(lines, free) : '',
    },
  ];
}
