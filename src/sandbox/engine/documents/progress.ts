import type { Database } from '../../../sqlite.ts';
import type { World } from '../../route.ts';
import { partQuantity } from '../quantity.ts';
import { type OrderLine, orderLines, partsOf } from './lines.ts';
import type { Order } from './order-record.ts';

type Done = 'packedMicro' | 'shippedMicro' | 'deliveredMicro' | 'receivedMicro';

/** none, some or all of the lines that can be carried (services cannot). */
function extent(lines: readonly OrderLine[], done: Done): 'none' | 'some' | 'all' {
  const carried = lines.filter((line) => line.kind !== 'service');
  if (carried.length > 0 && carried.every((line) => line[done] >= line.quantityMicro)) return 'all';
  return carried.some((line) => line[done] > 0) ? 'some' : 'none';
}

const worded = (lines: readonly OrderLine[], done: Done, word: string) =>
  ({ none: `not_${word}`, some: `partially_${word}`, all: word })[extent(lines, done)];

/** `not_packed`, `partially_packed`, `packed`, and so on for each step of a sales order. */
export const salesProgress = (lines: readonly OrderLine[]) => ({
  packed_status: worded(lines, 'packedMicro', 'packed'),
  shipped_status: worded(lines, 'shippedMicro', 'shipped'),
  delivered_status: worded(lines, 'deliveredMicro', 'delivered'),
});

export const purchaseProgress = (lines: readonly OrderLine[]) => ({
  received_status: worded(lines, 'receivedMicro', 'received'),
});

/** The status that decision and counts come to. All delivered, or all received, closes an order. */
export function statusOf(order: Pick<Order, 'kind' | 'base_status'>, lines: readonly OrderLine[]): string {
  const { kind, base_status } = order;
  if (base_status === 'draft' || base_status === 'void' || base_status === 'cancelled') return base_status;
  if (kind === 'purchase') {
    const received = extent(lines, 'receivedMicro');
    return received === 'all' ? 'closed' : received === 'some' ? 'partially_received' : base_status;
  }
  if (extent(lines, 'deliveredMicro') === 'all') return 'closed';
  const shipped = extent(lines, 'shippedMicro');
  if (shipped !== 'none') return shipped === 'all' ? 'shipped' : 'partially_shipped';
  const packed = extent(lines, 'packedMicro');
  return packed === 'none' ? base_status : packed === 'all' ? 'packed' : 'partially_packed';
}

function claim(
  db: Database,
  kind: 'committed' | 'packed' | 'ordered',
  documentId: string,
  lineId: string,
  itemId: string,
  warehouseId: string,
  quantityMicro: number,
): void {
  if (quantityMicro <= 0) return;
  db.prepare(
    `INSERT INTO open_quantity (kind, document_id, line_id, item_id, warehouse_id, quantity_micro) VALUES (?, ?, ?, ?, ?, ?)`,
  ).run(kind, documentId, lineId, itemId, warehouseId, quantityMicro);
}

/** What a line still needs of each tracked item: a kit's parts by the recipe it keeps. */
export const stillNeeded = (line: OrderLine, quantityMicro: number) =>
  partsOf(line).map((part) => ({
    item_id: part.item_id,
    quantityMicro: partQuantity(quantityMicro, part.quantityMicro),
  }));

/** Brings status and claims on stock (committed or on order) up to date with decision, lines and counts. */
export function refreshOrder(world: World, order: Order, base_status = order.base_status): void {
  const { db } = world;
  const lines = orderLines(db, order.order_id);
  const status = statusOf({ kind: order.kind, base_status }, lines);
  db.prepare('UPDATE orders SET base_status = ?, status = ?, last_modified_time = ? WHERE order_id = ?').run(
    base_status,
    status,
    world.timestamp(),
    order.order_id,
  );
  db.prepare('DELETE FROM open_quantity WHERE document_id = ?').run(order.order_id);
  if (base_status === 'draft' || base_status === 'void' || base_status === 'cancelled') return;
  const [kind, done] =
    order.kind === 'sales' ? (['committed', 'shippedMicro'] as const) : (['ordered', 'receivedMicro'] as const);
  for (const line of lines)
    for (const { item_id, quantityMicro } of stillNeeded(line, line.quantityMicro - line[done]))
      claim(db, kind, order.order_id, line.line_item_id, item_id, line.warehouse_id, quantityMicro);
}

/** Claims what a package holds until it leaves. */
export function claimPacked(
  db: Database,
  packageId: string,
  packageLineId: string,
  line: OrderLine,
  warehouseId: string,
  quantityMicro: number,
): void {
  for (const part of stillNeeded(line, quantityMicro))
    claim(db, 'packed', packageId, packageLineId, part.item_id, warehouseId, part.quantityMicro);
}
