import * as z from 'zod';
import { Cancelled, InventoryError, OutcomeUnknown, PartlyDone } from '../errors.ts';
import { bindApi } from './api.ts';
import { promisableMicro, readItems } from './availability.ts';
import type { Api, Plan, WorkflowContext } from './define.ts';
import { microToNumber, parseMicro, sumOf } from './numbers.ts';
import { pageSize, parseBy, type Row, rowIn, rowsIn, textIn } from './rows.ts';

const placedLine = z.object({
  item: z.string(),
  sku: z.string(),
  item_id: z.string(),
  unit: z.string(),
  warehouse: z.string().optional(),
  quantity: z.number(),
  rate: z.number(),
  amount: z.number(),
  can_be_promised_before: z.number().optional(),
  can_be_promised_after: z.number().optional(),
  /** Of the item in all, before the order; a warehouse may have had less. */
  item_available_before: z.number().optional(),
});
const steps = z.object({
  /** The very input of create_sales_order. */
  create: z.record(z.string(), z.unknown()),
  confirm: z.boolean(),
  customer: z.string(),
  lines: z.array(placedLine),
  leftOut: z.array(z.record(z.string(), z.unknown())),
  /** True when one page of list_items holds the whole catalog. */
  onePage: z.boolean(),
});
export type PlaceSteps = z.infer<typeof steps>;
export type PlacedLine = PlaceSteps['lines'][number];

/** Creates the order, confirms it, and reads again whether somebody else took the stock meanwhile. */
export async function runPlaced(given: Api, plan: Plan, context: WorkflowContext) {
  const api = bindApi(given, context);
  const todo = parseBy(steps, plan.steps);
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
    message: `${number} for ${todo.customer} is ${status}.${takenWords(taken)}`,
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
        ...(left.has(line.item_id) ? { can_be_promised_now: left.get(line.item_id) } : {}),
      })),
      ...kept(order, ['sub_total', 'tax_total', 'total']),
    },
    ...(todo.leftOut.length > 0 ? { left_out: todo.leftOut } : {}),
    ...(taken.length > 0 ? { taken_meanwhile: taken } : {}),
    ...(checked ? {} : { note: 'The stock could not be read again after the order; check_stock tells what is left.' }),
  };
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

interface Taken {
  readonly item: string;
  readonly item_id: string;
  readonly ordered: number;
  /** What cannot be covered any more. */
  readonly short: number;
}

interface Again {
  readonly left: ReadonlyMap<string, number>;
  readonly taken: readonly Taken[];
  readonly checked: boolean;
}

/** One call. The order stands whatever this finds, so that a failure here is only noted. */
async function readAgain(api: Api, todo: PlaceSteps, context: WorkflowContext): Promise<Again> {
  const limited = todo.lines.filter((line) => line.can_be_promised_before !== undefined);
  if (limited.length === 0) return { left: new Map(), taken: [], checked: true };
  context.progress('Reading the stock again');
  try {
    const now = await availableNow(api, limited, todo);
    return { ...compare(limited, now, todo.confirm), checked: true };
  } catch (error) {
    if (error instanceof InventoryError) return { left: new Map(), taken: [], checked: false };
    throw error;
  }
}

/**
 * Available by item, in 1e-6 units: up to 3 items one call each, else one call for the catalog's only page, or for the
 * report of what is promised beyond stock, which names an item only if its stock was taken.
 */
async function availableNow(
  api: Api,
  lines: readonly PlacedLine[],
  todo: PlaceSteps,
): Promise<ReadonlyMap<string, bigint>> {
  const ids = new Set(lines.map(({ item_id }) => item_id));
  const now = new Map<string, bigint>();
  for (const row of await rowsNow(api, [...ids], todo)) {
    const available = promisableMicro(row);
    if (ids.has(textIn(row, 'item_id')) && available !== undefined) now.set(textIn(row, 'item_id'), available);
  }
  return now;
}

async function rowsNow(api: Api, itemIds: readonly string[], todo: PlaceSteps): Promise<Iterable<Row>> {
  if (itemIds.length <= 3) return (await readItems(api, itemIds)).values();
  if (!todo.onePage) return rowsIn(await api.call('get_low_stock_report', {}), 'shortages');
  return rowsIn(await api.call('list_items', { filter_by: 'Status.All', page: 1, per_page: pageSize }), 'items');
}

function compare(
  lines: readonly PlacedLine[],
  now: ReadonlyMap<string, bigint>,
  confirmed: boolean,
): { left: Map<string, number>; taken: Taken[] } {
  const left = new Map<string, number>();
  const taken: Taken[] = [];
  for (const [itemId, available] of now) {
    left.set(itemId, microToNumber(available));
    const own = lines.filter((line) => line.item_id === itemId);
    const ordered = sumOf(own.map((line) => parseMicro(line.quantity) ?? 0n));
    // A draft reserves nothing: what it would leave is what counts.
    const afterwards = confirmed ? available : available - ordered;
    const before = parseMicro(own[0]?.item_available_before);
    const expected = before === undefined ? 0n : before - ordered;
    if (afterwards >= 0n || afterwards >= expected) continue;
    taken.push({
      item: own[0]?.item ?? '',
      item_id: itemId,
      ordered: microToNumber(ordered),
      short: microToNumber(-afterwards),
    });
  }
  return { left, taken };
}

function takenWords(taken: readonly Taken[]): string {
  if (taken.length === 0) return '';
  const names = taken.map(({ item, short }) => `${item} (${short} short)`).join(', ');
  return ` Meanwhile somebody else took stock of ${names}: these lines will have to wait, or be changed.`;
}
