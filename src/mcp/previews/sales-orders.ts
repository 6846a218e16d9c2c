import { linesWithStock } from '../../workflows/lines-with-stock.ts';
import { holdsStock, linesWithPromises, readPromises, restsOnStock } from '../../workflows/promises.ts';
import { raisesOf } from '../rules.ts';
import {
  isTouched,
  linesInWords,
  type Order,
  openLines,
  orderAmount,
  orderTitle,
  readOrder,
  restsOnOrder,
  sales,
  totalText,
} from './orders.ts';
import type { Draft, Planner, Planning } from './planner.ts';
import { notUndone, refusal } from './words.ts';

/** The lines, and what they hold being free again. */
async function release(order: Order, { api }: Planning): Promise<{ lines: string[]; stock: unknown; frees: boolean }> {
  const held = holdsStock(order.row) ? openLines(order) : [];
  if (held.length === 0) {
    const why = holdsStock(order.row) ? 'all of it is shipped' : `its status is ${order.status}`;
    const lines = [
      ...linesWithStock(order.lines, [], order.currency),
      `It reserves nothing, ${why}: no stock changes.`,
    ];
    return { lines, stock: [], frees: false };
  }
  const promises = await readPromises(api, held, []);
  const lines = linesWithPromises(order.lines, promises, order.currency);
  return { lines, stock: restsOnStock(promises.availability), frees: true };
}

const packedOrShipped = (order: Order): string[] => {
  const shipped = order.lines.some(({ done }) => done > 0n);
  return isTouched(order) ? [refusal(`it is ${shipped ? 'shipped' : 'packed'} in whole or in part`)] : [];
};

async function ending(planning: Planning, verb: string, end: (order: Order) => string[]): Promise<Draft> {
  const order = await readOrder(planning, sales);
  const { lines, stock, frees } = await release(order, planning);
  const freed = frees ? ', frees its stock' : '';
  return {
    summary: `${verb} ${orderTitle(order)}: ${linesInWords(order)}, ${await totalText(order, planning)}${freed}`,
    lines: [...lines, ...end(order)],
    restsOn: { order: restsOnOrder(order), stock },
  };
}

export const deleteSalesOrder: Planner = (planning) =>
  ending(planning, 'Delete', (order) => [
    'The order and its lines are gone for good; its number is not used again.',
    notUndone,
    ...packedOrShipped(order),
  ]);

export const voidSalesOrder: Planner = (planning) =>
  ending(planning, 'Void', (order) => [
    `Status ${order.status} -> void. The order stays as a record. ${notUndone}`,
    ...(order.status === 'void' ? [refusal('it is void already')] : packedOrShipped(order)),
  ]);

/** draft -> open or confirmed: reserves stock, and asks where there is not enough. */
const promising =
  (verb: string, status: string): Planner =>
  async (planning) => {
    const order = await readOrder(planning, sales);
    const held = holdsStock(order.row) ? openLines(order) : [];
    const promises = await readPromises(planning.api, held, openLines(order));
    const facts = { operation: planning.operation, input: planning.input, before: order.row, promises };
    const impossible = order.status === status || (order.status !== 'draft' && order.status !== 'open');
    return {
      summary: `${verb} ${orderTitle(order)}: ${linesInWords(order)}, ${await totalText(order, planning)}`,
      lines: [
        ...linesWithPromises(order.lines, promises, order.currency),
        `Status ${order.status} -> ${status}.`,
        ...(impossible ? [refusal(`it is ${order.status}`)] : []),
      ],
      restsOn: { order: restsOnOrder(order), stock: restsOnStock(promises.availability) },
      raises: raisesOf(facts),
      amount: await orderAmount(order, planning),
    };
  };

export const openSalesOrder = promising('Open', 'open');
export const confirmSalesOrder = promising('Confirm', 'confirmed');
