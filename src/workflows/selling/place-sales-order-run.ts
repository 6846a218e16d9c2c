import type { Reply } from '../../client/client.ts';
import { atPlace } from '../allocation.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { formatMoney, microToNumber, minorDigits, parseScaled } from '../numbers.ts';
import { createSteps, type Told } from '../partly-done.ts';
import { parseBy, type Row, rowIn, textIn } from '../rows.ts';
import { counted, named } from '../text.ts';
import { elsewhereWords } from './elsewhere.ts';
import { type Left, readAgain, takenWords } from './place-sales-order-again.ts';
import { type PlacedLine, type PlaceSteps, placeSteps } from './place-sales-order-steps.ts';

/** Creates the order, confirms it, and reads again whether somebody else took the stock meanwhile. */
export async function runPlaced(given: Api, plan: Plan, context: WorkflowContext): Promise<Reply> {
  const api = bindApi(given, context);
  const todo = parseBy(placeSteps, plan.steps);
  const step = createSteps({
    titles: orderTitles(todo),
    goOn: (replies) => goOn(replies, todo),
    progress: context.progress,
  });
  return answerPlaced(api, todo, await placeOrders(api, todo, step), context);
}

/** What is answered when the orders stand: the first as it is, and what is left of the stock. */
export async function answerPlaced(api: Api, todo: PlaceSteps, { order, second }: Orders, context: WorkflowContext) {
  const all = { ...todo, lines: [...todo.lines, ...(todo.second?.lines ?? [])] };
  const { left, taken, checked } = await readAgain(api, all, context);
  const id = textIn(order, 'salesorder_id');
  const number = textIn(order, 'salesorder_number');
  const status = todo.confirm ? 'confirmed' : textIn(order, 'status') || 'draft';
  return {
    message: `${headline(order, number, todo)}${cutWords(todo)}${secondWords(second, todo)}${elsewhereWords(todo.elsewhere)}${takenWords(taken)}`,
    salesorder: {
      salesorder_id: id,
      salesorder_number: number,
      status,
      customer_id: textIn(order, 'customer_id'),
      customer_name: todo.customer,
      ...kept(order, ['date', 'shipment_date', 'reference_number', 'currency_code']),
      line_items: todo.lines.map((line) => lineRow(line, left)),
      ...kept(order, ['sub_total', 'tax_total', 'total']),
    },
    ...(second && todo.second ? { second: secondRow(second, todo, todo.second.lines) } : {}),
    ...(todo.leftOut.length > 0 ? { left_out: todo.leftOut } : {}),
    ...(todo.elsewhere.length > 0 ? { elsewhere: todo.elsewhere.map(({ item: _, ...row }) => row) } : {}),
    ...(taken.length > 0 ? { taken_meanwhile: taken } : {}),
    ...(checked ? {} : { note: 'The stock could not be read again after the order; check_stock tells what is left.' }),
  };
}

type Numbered = Pick<PlaceSteps, 'create' | 'confirm' | 'customer'>;

/** Orders as they were created. */
export interface Orders {
  readonly order: Row;
  readonly second?: Row;
}

const orderNames = ({ customer, second }: PlaceSteps): string[] => [
  `the sales order for ${named(customer)}`,
  ...(second ? ['the second order, of the rest'] : []),
];

/** Of the writes of `placeOrders`, in their order. */
export const orderTitles = (todo: PlaceSteps): string[] =>
  orderNames(todo).flatMap((name) => [`creating ${name}`, ...(todo.confirm ? ['confirming it'] : [])]);

/**
 * The writes: the order, its confirmation where the plan says so, and the same of a second order for the rest, whose reference
 * names the first unless the customer's own stands there.
 */
export async function placeOrders(api: Api, todo: PlaceSteps, step: DoStep): Promise<Orders> {
  const { customer, confirm, second } = todo;
  const [first = '', rest = ''] = orderNames(todo);
  const order = await placeOne(api, todo, `creating ${first}`, step);
  if (!second) return { order };
  const reference_number = second.create.reference_number ?? `Rest of ${textIn(order, 'salesorder_number')}`;
  const later = { confirm, customer, create: { ...second.create, reference_number } };
  return { order, second: await placeOne(api, later, `creating ${rest}`, step) };
}

async function placeOne(api: Api, { create, confirm, customer }: Numbered, title: string, step: DoStep): Promise<Row> {
  const created = await step({
    title,
    write: () => api.call('create_sales_order', create),
    told: (reply) => createdOrder(rowIn(reply, 'salesorder')),
    look: `Look for the order of ${named(customer)} with list_sales_orders (customer_id ${String(create.customer_id)}) before placing it again.`,
  });
  const order = rowIn(created, 'salesorder');
  if (!confirm) return order;
  const [id, number] = [textIn(order, 'salesorder_id'), named(order.salesorder_number, 40)];
  await step({
    title: `confirming ${number}`,
    write: () => api.call('confirm_sales_order', { salesorder_id: id }),
    told: () => ({ done: `confirmed ${number}` }),
    look: `Look with get_sales_order (salesorder_id ${id}) whether it is confirmed.`,
  });
  return order;
}

export type DoStep = ReturnType<typeof createSteps>;

/** How to go on after the writes of `placeOrders` that were done. */
export function goOn(replies: readonly Reply[], { confirm }: PlaceSteps): string {
  const each = confirm ? 2 : 1;
  const last = rowIn(replies[Math.floor((replies.length - 1) / each) * each] ?? {}, 'salesorder');
  if (replies.length % each === 0)
    return 'The first order stands. Place only the rest, with place_sales_order and if_short backorder.';
  return `The draft reserves no stock. Go on with confirm_sales_order, or remove it with delete_sales_order (salesorder_id ${textIn(last, 'salesorder_id')}); do not place the order again.`;
}

export const deleteOrder = (order: Row): string =>
  `delete_sales_order (salesorder_id ${textIn(order, 'salesorder_id')})`;

/** What is said of an order that was created when a later step fails. */
export const createdOrder = (order: Row): Told => ({
  done: `created ${named(order.salesorder_number, 40)} as a draft (salesorder_id ${textIn(order, 'salesorder_id')})`,
  undo: deleteOrder(order),
});

/** `SO-00020 for Bluebird Cafe is confirmed: 169.12 USD.` */
function headline(order: Row, number: string, { customer, confirm }: PlaceSteps): string {
  const currency = textIn(order, 'currency_code');
  const total = parseScaled(order.total, minorDigits(currency));
  const worth = total === undefined ? '' : `: ${formatMoney(total, currency)}`;
  return `${named(number, 40)} for ${named(customer)} is ${confirm ? 'confirmed' : 'a draft, which reserves nothing'}${worth}.`;
}

const cutWords = ({ leftOut }: PlaceSteps): string =>
  leftOut.length === 0 ? '' : ` ${counted(leftOut.length, 'line')} cut to what can be promised, see left_out.`;

function lineRow(line: PlacedLine, left: ReadonlyMap<string, Left>) {
  return {
    item_id: line.item_id,
    name: line.item,
    sku: line.sku,
    quantity: line.quantity,
    rate: line.rate,
    item_total: line.amount,
    ...(line.warehouse === undefined ? {} : { warehouse_name: line.warehouse }),
    ...leftOf(line, left),
  };
}

/** ` The rest waits as SO-00021, confirmed.` */
function secondWords(second: Row | undefined, { confirm }: PlaceSteps): string {
  if (!second) return '';
  return ` The rest waits as ${named(second.salesorder_number, 40)}, ${confirm ? 'confirmed' : 'a draft'}; when_available tells until when.`;
}

const secondRow = (order: Row, { confirm }: PlaceSteps, lines: readonly PlacedLine[]) => ({
  salesorder_id: textIn(order, 'salesorder_id'),
  salesorder_number: textIn(order, 'salesorder_number'),
  status: confirm ? 'confirmed' : textIn(order, 'status') || 'draft',
  ...kept(order, ['reference_number', 'total']),
  line_items: lines.map(({ item_id, sku, quantity, rate }) => ({ item_id, sku, quantity, rate })),
});

/** What is left of the item, in the line's warehouse where it names one, as check_stock counts it. */
function leftOf({ item_id, warehouse_id }: PlacedLine, left: ReadonlyMap<string, Left>) {
  const here = left.get(item_id);
  const there = warehouse_id === undefined ? undefined : here?.places.get(warehouse_id);
  const now = warehouse_id === undefined ? here?.all : there === undefined ? undefined : atPlace(there, here?.all);
  return now === undefined ? {} : { can_be_promised_now: microToNumber(now) };
}

const kept = (row: Row, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.filter((key) => row[key] !== undefined && row[key] !== '').map((key) => [key, row[key]]));
