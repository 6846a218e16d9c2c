import { raisesOf } from '../rules.ts';
import { lineText } from './order-lines.ts';
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
import { holdsStock, promiseLines, readPromises, restsOnStock } from './promises.ts';
import { notUndone, refusal } from './words.ts';

/** What an order holds is free again. */
async function release(order: Order, { api }: Planning): Promise<{ lines: string[]; stock: unknown }> {
  if (!holdsStock(order.row)) {
    return { lines: [`Its status is ${order.status}: it reserves nothing and no stock changes.`], stock: [] };
  }
  const promises = await readPromises(api, openLines(order), []);
  return { lines: promiseLines(promises), stock: restsOnStock(promises.availability) };
}

const packedOrShipped = (order: Order): string[] => {
  const shipped = order.lines.some(({ done }) => done > 0n);
  return isTouched(order) ? [refusal(`it is ${shipped ? 'shipped' : 'packed'} in whole or in part`)] : [];
};

async function ending(planning: Planning, verb: string, end: (order: Order) => string[]): Promise<Draft> {
  const order = await readOrder(planning, sales);
  const { lines, stock } = await release(order, planning);
  const freed = holdsStock(order.row) ? ', frees its stock' : '';
  return {
    summary: `${verb} ${orderTitle(order)}: ${linesInWords(order)}, ${await totalText(order, planning)}${freed}`,
    lines: [...order.lines.map((line) => lineText(line, order.currency)), ...lines, ...end(order)],
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
        ...order.lines.map((line) => lineText(line, order.currency)),
        ...promiseLines(promises),
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
