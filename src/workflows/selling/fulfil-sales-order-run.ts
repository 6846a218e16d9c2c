import type { Reply } from '../../client/client.ts';
import { Rejected } from '../../errors.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { createSteps, type Step } from '../partly-done.ts';
import { parseBy, type Row, rowIn, rowsIn, textIn } from '../rows.ts';
import { named, quoted } from '../text.ts';
import { numberOf, type Packaged, resultOf } from './fulfil-sales-order-result.ts';
import { type FulfilSteps, fulfilSteps } from './fulfil-sales-order-steps.ts';
import { packingTitle } from './fulfil-sales-order-words.ts';
import { createdOrder, deleteOrder } from './place-sales-order-run.ts';

type Pack = FulfilSteps['pack'][number];

/**
 * Creates the order where it is new, confirms it where it is a draft, packs, and ships where a carrier was given. Which
 * writes are asked for follows from the plan and from the replies of earlier writes alone, and nothing is read, so that a
 * run may be executed again from its start.
 */
export async function runFulfilment(given: Api, plan: Plan, context: WorkflowContext): Promise<Reply> {
  const todo = parseBy(fulfilSteps, plan.steps);
  if (todo.nothing !== undefined) return { message: todo.nothing, ...(todo.order ? { salesorder: todo.order } : {}) };
  const api = bindApi(given, context);
  const step = createSteps({
    titles: titlesOf(todo),
    goOn: (replies) => goOn(todo, replies),
    progress: context.progress,
  });
  const order = await writeOrder(api, todo, step);
  const packed: Packaged[] = [];
  for (const pack of todo.pack) packed.push(await packOne(api, todo, order, pack, step));
  if (!todo.shipped) return resultOf(todo, order, packed);
  const shipped: Packaged[] = [];
  const ready = todo.ready.map((one) => ({ ...one, status: 'shipped' }));
  for (const one of [...ready, ...packed]) shipped.push(await shipOne(api, todo.shipped, order, one, step));
  return resultOf(todo, order, shipped);
}

type DoStep = (step: Step) => Promise<Reply>;

function titlesOf({ order, create, confirm, customer, pack, ready, shipped }: FulfilSteps): string[] {
  return [
    ...(create ? [creating(customer)] : []),
    ...(confirm ? [`confirming ${order ? named(numberOf(order), 40) : 'it'}`] : []),
    ...pack.map(packingTitle),
    ...(shipped ? ready.map(({ package_number }) => `shipping ${named(package_number, 40)}`) : []),
    ...(shipped ? pack.map((one) => `shipping the package of ${one.contents}`) : []),
  ];
}

const creating = (customer: string): string => `creating the sales order for ${named(customer)}`;

function goOn({ order, create, shipped, left }: FulfilSteps, [first = {}]: readonly Reply[]): string {
  const known = order ?? (create ? rowIn(first, 'salesorder') : {});
  // Something is left by plan only where lines were named.
  const same = [...(shipped ? ['carrier'] : []), ...(left.length > 0 ? ['lines'] : [])].join(' and ');
  return `To go on call fulfil_sales_order with sales_order ${quoted(numberOf(known), 40)}${same === '' ? '' : ` and the same ${same}`}: it does only what is missing.`;
}

async function writeOrder(
  api: Api,
  { order: known, create, confirm, customer }: FulfilSteps,
  step: DoStep,
): Promise<Row> {
  let order: Row = known ?? {};
  if (create) {
    const reply = await step({
      title: creating(customer),
      write: () => api.call('create_sales_order', create),
      told: (answer) => createdOrder(rowIn(answer, 'salesorder')),
      look: `Look for the order of ${named(customer)} with list_sales_orders (customer_id ${String(create.customer_id)}) before ordering it again.`,
    });
    order = rowIn(reply, 'salesorder');
  }
  if (!confirm) return order;
  const id = textIn(order, 'salesorder_id');
  await step({
    title: `confirming ${named(numberOf(order), 40)}`,
    write: () => api.call('confirm_sales_order', { salesorder_id: id }),
    // An order of this very job is better deleted: void keeps a record.
    told: () => ({ done: `confirmed ${named(numberOf(order), 40)}`, ...(create ? {} : { undo: voidOrder(order) }) }),
    look: `Look with get_sales_order (salesorder_id ${id}) whether it is confirmed.`,
  });
  return order;
}

async function packOne(api: Api, { packed }: FulfilSteps, order: Row, pack: Pack, step: DoStep): Promise<Packaged> {
  const id = textIn(order, 'salesorder_id');
  const reply = await step({
    title: packingTitle(pack),
    write: async () => api.call('create_package', { salesorder_id: id, line_items: packLines(pack, order), ...packed }),
    told: (answer) => {
      const row = rowIn(answer, 'package');
      const packageId = textIn(row, 'package_id');
      const done = `packed ${pack.contents} as ${named(row.package_number, 40)} (package_id ${packageId})`;
      return { done, undo: deletePackage(packageId) };
    },
    look: `Look with get_sales_order (salesorder_id ${id}) at its packages.`,
  });
  const row = rowIn(reply, 'package');
  return {
    package_id: textIn(row, 'package_id'),
    package_number: textIn(row, 'package_number'),
    warehouse: pack.warehouse,
    contents: pack.contents,
    status: textIn(row, 'status'),
  };
}

/** Lines of a new order get their ids from the reply that created it, in its order. */
function packLines({ lines }: Pack, order: Row): Record<string, unknown>[] {
  const written = rowsIn(order, 'line_items');
  return lines.map(({ line, item_id, so_line_item_id, ...rest }) => {
    if (so_line_item_id !== undefined) return { so_line_item_id, ...rest };
    const row = written[line ?? -1] ?? {};
    const id = textIn(row, 'item_id') === item_id ? textIn(row, 'line_item_id') : '';
    if (id === '')
      throw new Rejected('The new order came back with other lines than were sent.', { nothingSent: true });
    return { so_line_item_id: id, ...rest };
  });
}

const voidOrder = (order: Row): string =>
  `void_sales_order (salesorder_id ${textIn(order, 'salesorder_id')}), which ends the order`;
const deletePackage = (packageId: string): string => `delete_package (package_id ${packageId})`;

async function shipOne(
  api: Api,
  shipped: Record<string, unknown>,
  order: Row,
  one: Packaged,
  step: DoStep,
): Promise<Packaged> {
  const reply = await step({
    title: `shipping ${named(one.package_number, 40)}`,
    write: () => api.call('ship_package', { package_id: one.package_id, ...shipped }),
    told: () => ({
      done: `shipped ${named(one.package_number, 40)} (package_id ${one.package_id}), which cannot be undone`,
      noLonger: [deletePackage(one.package_id), voidOrder(order), deleteOrder(order)],
    }),
    look: `Look with get_package (package_id ${one.package_id}) whether it is shipped.`,
  });
  return { ...one, shipped: rowIn(reply, 'package') };
}
