import { isKit, isTracked, onOrderOf, readItems } from '../../workflows/availability.ts';
import { linesWithStock, type StockChange } from '../../workflows/lines-with-stock.ts';
import { sumOf } from '../../workflows/numbers.ts';
import { outstanding } from '../../workflows/order-lines.ts';
import { type Row, textIn } from '../../workflows/rows.ts';
import { plainText } from '../../workflows/text.ts';
import {
  isTouched,
  linesInWords,
  type Order,
  openLines,
  orderAmount,
  orderTitle,
  purchase,
  readOrder,
  restsOnOrder,
  totalText,
} from './orders.ts';
import type { Draft, Planner, Planning } from './planner.ts';
import { beforeAfter, itemLabel, notUndone, refusal, unitOf } from './words.ts';

const notOnOrder = new Set(['draft', 'cancelled', 'void', 'closed', 'received', 'billed']);
const isOnOrder = (order: Order): boolean => !notOnOrder.has(order.status);

/** How the quantities on order change; `sign` -1 when the order falls away. */
async function onOrderChange(
  order: Order,
  { api }: Planning,
  sign: 1n | -1n,
): Promise<{ changes: StockChange[]; stock: unknown }> {
  const waiting = openLines(order);
  const rows = await readItems(api, [...new Set(waiting.map(({ itemId }) => itemId))]);
  const changes = [...rows].flatMap(([itemId, row]) => {
    if (!isTracked(row) || isKit(row)) return [];
    const own = sumOf(waiting.filter((line) => line.itemId === itemId).map(outstanding));
    const words = beforeAfter('on order', onOrderOf(row), onOrderOf(row) + sign * own, unitOf(row));
    return [{ itemId, warehouseId: '', label: itemLabel(row), words }];
  });
  const stock = [...rows].map(([itemId, row]) => ({ item_id: itemId, on_order: row.quantity_ordered ?? null }));
  return { changes, stock };
}

async function ending(planning: Planning, verb: string, end: (order: Order) => string[]): Promise<Draft> {
  const order = await readOrder(planning, purchase);
  const change = isOnOrder(order) ? await onOrderChange(order, planning, -1n) : { changes: [], stock: [] };
  return {
    summary: `${verb} ${orderTitle(order)}: ${linesInWords(order)}, ${await totalText(order, planning)}`,
    lines: [
      ...linesWithStock(order.lines, change.changes, order.currency),
      isOnOrder(order)
        ? 'The vendor is not told by this; nothing is sent.'
        : `Its status is ${order.status}: nothing of it is on order and no stock changes.`,
      ...end(order),
      ...(isTouched(order) ? [refusal('goods of it were received')] : []),
    ],
    restsOn: { order: restsOnOrder(order), stock: change.stock },
  };
}

export const deletePurchaseOrder: Planner = (planning) =>
  ending(planning, 'Delete', () => [
    'The order and its lines are gone for good; its number is not used again.',
    notUndone,
  ]);

export const cancelPurchaseOrder: Planner = (planning) =>
  ending(planning, 'Cancel', ({ status }) => [
    `Status ${status} -> cancelled. The order stays as a record. ${notUndone}`,
    ...(status === 'cancelled' ? [refusal('it is cancelled already')] : []),
  ]);

function expectedDay(row: Row, today: string): string {
  const expected =
    plainText(row.expected_delivery_date, 10) || plainText(row.delivery_date, 10) || textIn(row, 'due_date');
  if (expected === '') return 'No date of arrival is agreed.';
  return `Expected ${expected}${expected < today ? ', which is past already' : ''}.`;
}

export const issuePurchaseOrder: Planner = async (planning) => {
  const order = await readOrder(planning, purchase);
  const change = await onOrderChange(order, planning, 1n);
  const total = await totalText(order, planning);
  return {
    summary: `Issue purchase order ${order.number} to ${order.party}: ${linesInWords(order)}, ${total}`,
    lines: [
      ...linesWithStock(order.lines, change.changes, order.currency),
      `Total ${total}. ${expectedDay(order.row, planning.today)}`,
      `Status ${order.status} -> issued. The company is bound to the vendor; cancel_purchase_order works only while nothing is received.`,
      ...(order.status === 'draft' ? [] : [refusal(`it is ${order.status}`)]),
    ],
    restsOn: { order: restsOnOrder(order), stock: change.stock },
    amount: await orderAmount(order, planning),
  };
};
