import { bindApi } from './api.ts';
import type { Api, Plan, WorkflowContext } from './define.ts';
import { elsewhereWords } from './elsewhere.ts';
import { formatMoney, microToNumber, minorDigits, parseScaled } from './numbers.ts';
import { createSteps, type Told } from './partly-done.ts';
import { type Left, readAgain, takenWords } from './place-sales-order-again.ts';
import { type PlacedLine, type PlaceSteps, placeSteps } from './place-sales-order-steps.ts';
import { parseBy, type Row, rowIn, textIn } from './rows.ts';
import { counted, named } from './text.ts';

/** Creates the order, confirms it, and reads again whether somebody else took the stock meanwhile. */
export async function runPlaced(given: Api, plan: Plan, context: WorkflowContext) {
  const api = bindApi(given, context);
  const todo = parseBy(placeSteps, plan.steps);
  const order = await placeOrder(api, todo, context);
  const { left, taken, checked } = await readAgain(api, todo, context);
  const id = textIn(order, 'salesorder_id');
  const number = textIn(order, 'salesorder_number');
  const status = todo.confirm ? 'confirmed' : textIn(order, 'status') || 'draft';
  return {
    message: `${headline(order, number, todo)}${cutWords(todo)}${elsewhereWords(todo.elsewhere)}${takenWords(taken)}`,
    salesorder: {
      salesorder_id: id,
      salesorder_number: number,
      status,
      customer_id: textIn(order, 'customer_id'),
      customer_name: todo.customer,
      ...kept(order, ['date', 'shipment_date', 'reference_number', 'currency_code']),
      line_items: todo.lines.map((line) => ({
        item_id: line.item_id,
        name: line.item,
        sku: line.sku,
        quantity: line.quantity,
        rate: line.rate,
        item_total: line.amount,
        ...(line.warehouse === undefined ? {} : { warehouse_name: line.warehouse }),
        ...leftOf(line, left),
      })),
      ...kept(order, ['sub_total', 'tax_total', 'total']),
    },
    ...(todo.leftOut.length > 0 ? { left_out: todo.leftOut } : {}),
    ...(todo.elsewhere.length > 0 ? { elsewhere: todo.elsewhere.map(({ item: _, ...row }) => row) } : {}),
    ...(taken.length > 0 ? { taken_meanwhile: taken } : {}),
    ...(checked ? {} : { note: 'The stock could not be read again after the order; check_stock tells what is left.' }),
  };
}

/** The writes: the order, and its confirmation where the plan says so. Answers the order as it was created. */
async function placeOrder(api: Api, { create, confirm, customer }: PlaceSteps, context: WorkflowContext): Promise<Row> {
  const creating = `creating the sales order for ${named(customer)}`;
  const step = createSteps({
    titles: [creating, ...(confirm ? ['confirming it'] : [])],
    goOn: ([created = {}]) =>
      `The draft reserves no stock. Go on with confirm_sales_order, or remove it with delete_sales_order (salesorder_id ${textIn(rowIn(created, 'salesorder'), 'salesorder_id')}); do not place the order again.`,
    progress: context.progress,
  });
  const created = await step({
    title: creating,
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

/** What is left of the item, in the line's warehouse where it names one. */
function leftOf({ item_id, warehouse_id }: PlacedLine, left: ReadonlyMap<string, Left>) {
  const here = left.get(item_id);
  const now = warehouse_id === undefined ? here?.all : here?.places.get(warehouse_id);
  return now === undefined ? {} : { can_be_promised_now: microToNumber(now) };
}

const kept = (row: Row, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.filter((key) => row[key] !== undefined && row[key] !== '').map((key) => [key, row[key]]));
