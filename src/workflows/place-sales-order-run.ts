import { Cancelled, InventoryError, OutcomeUnknown, PartlyDone } from '../errors.ts';
import { bindApi } from './api.ts';
import type { Api, Plan, WorkflowContext } from './define.ts';
import { elsewhereWords } from './elsewhere.ts';
import { formatMoney, microToNumber, minorDigits, parseScaled } from './numbers.ts';
import { type Left, readAgain, takenWords } from './place-sales-order-again.ts';
import { type PlacedLine, type PlaceSteps, placeSteps } from './place-sales-order-steps.ts';
import { parseBy, type Row, rowIn, textIn } from './rows.ts';
import { counted } from './text.ts';

/** Creates the order, confirms it, and reads again whether somebody else took the stock meanwhile. */
export async function runPlaced(given: Api, plan: Plan, context: WorkflowContext) {
  const api = bindApi(given, context);
  const todo = parseBy(placeSteps, plan.steps);
  context.progress('Creating the sales order');
  const order = await create(api, todo);
  const id = textIn(order, 'salesorder_id');
  const number = textIn(order, 'salesorder_number');
  if (todo.confirm) {
    context.progress(`Confirming ${number}`);
    await confirm(api, id, number);
  }
  const { left, taken, checked } = await readAgain(api, todo, context);
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

/** `SO-00020 for Bluebird Cafe is confirmed: 169.12 USD.` */
function headline(order: Row, number: string, { customer, confirm }: PlaceSteps): string {
  const currency = textIn(order, 'currency_code');
  const total = parseScaled(order.total, minorDigits(currency));
  const worth = total === undefined ? '' : `: ${formatMoney(total, currency)}`;
  return `${number} for ${customer} is ${confirm ? 'confirmed' : 'a draft, which reserves nothing'}${worth}.`;
}

const cutWords = ({ leftOut }: PlaceSteps): string =>
  leftOut.length === 0 ? '' : ` ${counted(leftOut.length, 'line')} cut to what can be promised, see left_out.`;

/** What is left of the item, in the line's warehouse where it names one. */
function leftOf({ item_id, warehouse_id }: PlacedLine, left: ReadonlyMap<string, Left>) {
  const here = left.get(item_id);
  const now = warehouse_id === undefined ? here?.all : here?.places.get(warehouse_id);
  return now === undefined ? {} : { can_be_promised_now: microToNumber(now) };
}

async function create(api: Api, todo: PlaceSteps): Promise<Row> {
  try {
    return rowIn(await api.call('create_sales_order', todo.create), 'salesorder');
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    const customer = String(todo.create.customer_id);
    throw new OutcomeUnknown(
      `${error.message} Look for the order of ${todo.customer} with list_sales_orders (customer_id ${customer}) before placing it again.`,
      { cause: error, facts: { ...error.facts, customer_id: customer } },
    );
  }
}

const kept = (row: Row, keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(keys.filter((key) => row[key] !== undefined && row[key] !== '').map((key) => [key, row[key]]));

async function confirm(api: Api, id: string, number: string): Promise<void> {
  try {
    await api.call('confirm_sales_order', { salesorder_id: id });
  } catch (error) {
    // An answer that never came is no refusal: the order itself tells.
    if (error instanceof OutcomeUnknown && (await isConfirmed(api, id))) return;
    const facts = {
      done: [`created ${number}`],
      failed: ['confirm'],
      salesorder_id: id,
      salesorder_number: number,
    };
    const calledOff = error instanceof Cancelled ? 'It was called off before that.' : undefined;
    const why = calledOff ?? (error instanceof InventoryError ? error.message : 'The confirmation failed.');
    throw new PartlyDone(
      `${number} was created as a draft, but is not confirmed, so its stock is not reserved. ${why} Go on with confirm_sales_order, or remove it with delete_sales_order (salesorder_id ${id}); do not place the order again.`,
      { cause: error, facts },
    );
  }
}

async function isConfirmed(api: Api, id: string): Promise<boolean> {
  try {
    const order = rowIn(await api.call('get_sales_order', { salesorder_id: id }), 'salesorder');
    return textIn(order, 'status') === 'confirmed';
  } catch {
    return false;
  }
}
