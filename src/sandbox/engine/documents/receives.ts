import type { Database } from '../../../sqlite.ts';
import { invalid, notFound, type World } from '../../route.ts';
import { integerOf, textOf } from '../../row.ts';
import {
  type Body,
  documentDate,
  keptFields,
  quantityField,
  refused,
  requiredList,
  requiredText,
  textField,
} from '../fields.ts';
import { bringIn, reverseDocument } from '../ledger.ts';
import { purchaseCost } from '../money.ts';
import { takeNumber } from '../numbering.ts';
import { fromMicro } from '../quantity.ts';
import { baseDigits } from './item-record.ts';
import { activeWarehouse, addCount, type OrderLine, orderLines } from './lines.ts';
import { currencyOf, type Order, orderOf } from './order-record.ts';
import { refreshOrder } from './progress.ts';

interface ReceivedLine {
  readonly line: OrderLine;
  readonly quantityMicro: number;
  readonly warehouse_id: string;
}

function receivedLines(db: Database, order: Order, rows: readonly Body[]): ReceivedLine[] {
  const lines = new Map(orderLines(db, order.order_id).map((line) => [line.line_item_id, line]));
  const taken = new Map<string, number>();
  return rows.map((row) => {
    const id = requiredText(row, 'line_item_id');
    const line = lines.get(id);
    if (!line) throw invalid('line_item_id', `${order.number} has no line ${id}.`);
    if (line.kind === 'service') throw invalid('line_item_id', `${line.name} is a service; nothing is received.`);
    const quantityMicro = quantityField(row, 'quantity_received');
    const before = taken.get(id) ?? line.receivedMicro;
    taken.set(id, before + quantityMicro);
    if (before + quantityMicro > line.quantityMicro)
      throw refused(
        `${line.name}: ${fromMicro(quantityMicro)} would exceed the ${fromMicro(line.quantityMicro - before)} still to come. Raise the quantity of the order's line first.`,
        'quantity_received',
      );
    const wanted = textField(row, 'warehouse_id') ?? line.warehouse_id;
    return { line, quantityMicro, warehouse_id: activeWarehouse(db, wanted) };
  });
}

/**
 * Books goods in: `line_items` `{ line_item_id, quantity_received, warehouse_id? }`, day `receive_date` (today if not given).
 * More than is still to come is refused as a whole. Returns the receive's id.
 */
export function receivePurchaseOrder(world: World, orderId: string, body: Body): string {
  return world.db.transaction(() => {
    const { db } = world;
    const order = orderOf(db, 'purchase', orderId);
    if (order.status !== 'issued' && order.status !== 'partially_received')
      throw refused(`${order.number} is ${order.status}; goods are received against an issued order.`);
    const date = documentDate(world, body, 'receive_date');
    const received = receivedLines(db, order, requiredList(body, 'line_items'));
    const number = takeNumber(db, 'RCV', 'receive_number', textField(body, 'receive_number'));
    const receiveId = world.nextId();
    db.prepare('INSERT INTO receive VALUES (?, ?, ?, ?, ?, ?, ?)').run(
      receiveId,
      number,
      orderId,
      'received',
      date,
      world.timestamp(),
      JSON.stringify(keptFields(body, ['notes', 'custom_fields'])),
    );
    for (const one of received) bookIn(world, order, one, { receiveId, number, date });
    refreshOrder(world, order);
    return receiveId;
  });
}

function bookIn(
  world: World,
  order: Order,
  { line, quantityMicro, warehouse_id }: ReceivedLine,
  { receiveId, number, date }: { receiveId: string; number: string; date: string },
): void {
  const { db } = world;
  const lineId = world.nextId();
  const valueMinor = purchaseCost(line, {
    quantityMicro,
    exchangeRateMicro: order.exchangeRateMicro,
    digits: currencyOf(db, order.currency_id).minor_digits,
    baseDigits: baseDigits(db),
  });
  db.prepare('INSERT INTO receive_line VALUES (?, ?, ?, ?, ?, ?, ?)').run(
    lineId,
    receiveId,
    line.line_item_id,
    line.item_id,
    warehouse_id,
    quantityMicro,
    valueMinor,
  );
  if (line.kind === 'goods') {
    const source = { type: 'receive', id: receiveId, number, line_id: lineId, date } as const;
    bringIn(world, { item_id: line.item_id, from: 'vendor', warehouse_id, quantityMicro, valueMinor }, source);
  }
  addCount(db, line.line_item_id, 'received', quantityMicro);
}

/** Takes a receive back while its goods lie untouched: layers and the order's counts are as before. */
export function reverseReceive(world: World, receiveId: string): void {
  world.db.transaction(() => {
    const { db } = world;
    const receive = db.prepare('SELECT * FROM receive WHERE receive_id = ?').get(receiveId);
    if (!receive) throw notFound('receive', receiveId);
    if (textOf(receive, 'status') === 'reversed') throw refused('The receive was taken back already.');
    const order = orderOf(db, 'purchase', textOf(receive, 'purchaseorder_id'));
    reverseDocument(world, receiveId);
    for (const row of db.prepare('SELECT * FROM receive_line WHERE receive_id = ?').all(receiveId))
      addCount(db, textOf(row, 'purchaseorder_line_id'), 'received', -integerOf(row, 'quantity_micro'));
    db.prepare("UPDATE receive SET status = 'reversed' WHERE receive_id = ?").run(receiveId);
    refreshOrder(world, order);
  });
}
