import type { Reply } from '../../client/client.ts';
import { InvalidArguments } from '../../errors.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { createSteps } from '../partly-done.ts';
import { parseBy, type Row, rowIn, textIn } from '../rows.ts';
import { counted, named } from '../text.ts';
import { writtenStatus } from './place-order-from-deal-plan.ts';
import { type DealSteps, dealSteps } from './place-order-from-deal-steps.ts';
import { answerPlaced, type DoStep, goOn as goOnWithOrder, orderTitles, placeOrders } from './place-sales-order-run.ts';
import type { PlaceSteps } from './place-sales-order-steps.ts';

/** The customer where there is none, the order, and the deal in the CRM; then the stock is read again. */
export async function runDeal(given: Api, plan: Plan, context: WorkflowContext): Promise<Reply> {
  const todo = parseBy(dealSteps, plan.steps);
  const { deal, create, unmatched, standing } = todo;
  if (standing) return runStanding(given, deal, standing, context);
  const order = todo.order;
  if (!order) throw new InvalidArguments('The plan holds no order.', { nothingSent: true });
  const api = bindApi(given, context);
  const step = createSteps({
    titles: [
      ...(create ? [contactTitle(create)] : []),
      ...orderTitles(order),
      ...(deal.writesBack ? [dealTitle(deal)] : []),
    ],
    goOn: (replies) => goOn(replies, todo, order),
    progress: context.progress,
  });
  const contact = create && (await createCustomer(api, create, step));
  const placed = contact ? forCustomer(order, textIn(contact, 'contact_id')) : order;
  const orders = await placeOrders(api, placed, step);
  if (deal.writesBack) await writeBack(api, deal, orders.order, step);
  const { message, ...answer } = await answerPlaced(api, placed, orders, context);
  const left = [...(answer.left_out ?? []), ...unmatched.map(leftOutRow)];
  return {
    message: `${message}${newWords(create)}${unmatchedTold(unmatched)}${backWords(deal)}`,
    ...answer,
    ...(left.length === 0 ? {} : { left_out: left }),
    ...(contact ? { contact: { contact_id: textIn(contact, 'contact_id'), contact_name: create.contact_name } } : {}),
    deal: dealRow(deal, orders.order),
  };
}

/** No order: the one that stands is told, and the CRM is told of it where it was not. */
async function runStanding(
  given: Api,
  deal: DealSteps['deal'],
  { message, orders, missing }: NonNullable<DealSteps['standing']>,
  context: WorkflowContext,
): Promise<Reply> {
  const [first = {}, ...others] = missing ? [missing, ...orders.filter((one) => !isSame(one, missing))] : orders;
  if (missing) {
    const step = createSteps({ titles: [dealTitle(deal)], goOn: () => '', progress: context.progress });
    await writeBack(bindApi(given, context), deal, missing, step);
  }
  return {
    message,
    salesorder: first,
    ...(others.length > 0 ? { others } : {}),
    ...(missing ? { deal: dealRow(deal, missing) } : {}),
  };
}

const isSame = (one: Row, other: Row): boolean => textIn(one, 'salesorder_id') === textIn(other, 'salesorder_id');

const dealRow = (deal: DealSteps['deal'], order: Row): Row => ({
  deal_id: deal.id,
  ...(deal.name === '' ? {} : { deal_name: deal.name }),
  ...(deal.writesBack ? { Inventory_SO_ID: textIn(order, 'salesorder_id'), Inventory_Status: writtenStatus } : {}),
});

const contactTitle = ({ contact_name }: Readonly<Record<string, string>>) =>
  `creating the customer ${named(contact_name)}`;
const dealTitle = ({ id }: DealSteps['deal']) => `writing the order into deal ${id} of the CRM`;

async function createCustomer(api: Api, create: Readonly<Record<string, string>>, step: DoStep): Promise<Row> {
  const reply = await step({
    title: contactTitle(create),
    write: () => api.call('create_contact', { ...create }),
    told: (answer) => {
      const contact = rowIn(answer, 'contact');
      const id = textIn(contact, 'contact_id');
      return {
        done: `created the customer ${named(create.contact_name)} (contact_id ${id})`,
        undo: `delete_contact (contact_id ${id})`,
      };
    },
    look: `Look for the customer ${named(create.contact_name)} with find_contacts.`,
  });
  return rowIn(reply, 'contact');
}

/** The plan could not know the id of a customer that it was to create. */
const forCustomer = (order: PlaceSteps, customer_id: string): PlaceSteps => ({
  ...order,
  create: { ...order.create, customer_id },
  ...(order.second ? { second: { ...order.second, create: { ...order.second.create, customer_id } } } : {}),
});

/** Sent again it leaves the same. */
async function writeBack(api: Api, deal: DealSteps['deal'], order: Row, step: DoStep): Promise<void> {
  const fields = { Inventory_SO_ID: textIn(order, 'salesorder_id'), Inventory_Status: writtenStatus };
  await step({
    title: dealTitle(deal),
    write: () => api.call('update_crm_deal', { deal_id: deal.id, ...fields }),
    told: () => ({ done: `wrote the order into deal ${deal.id} of the CRM` }),
    look: `Look in the CRM whether deal ${deal.id} names it (Inventory_SO_ID).`,
  });
}

/** How to go on after the writes that were done. */
function goOn(replies: readonly Reply[], { create, deal }: DealSteps, order: PlaceSteps): string {
  const ofOrder = create ? replies.slice(1) : replies;
  if (ofOrder.length === 0)
    return 'The customer stands and is found by its e-mail or name next time: call place_order_from_deal again.';
  if (ofOrder.length < orderTitles(order).length) return goOnWithOrder(ofOrder, order);
  const id = textIn(rowIn(ofOrder[0] ?? {}, 'salesorder'), 'salesorder_id');
  return `The order stands; do not place it again. Only the deal in the CRM does not know it: set Inventory_SO_ID of deal ${deal.id} to ${id} and Inventory_Status to "${writtenStatus}" there.`;
}

const newWords = (create: DealSteps['create']): string =>
  create ? ` ${named(create.contact_name)} is a new customer.` : '';

const unmatchedTold = ({ length }: DealSteps['unmatched']): string =>
  length === 0 ? '' : ` ${counted(length, 'product')} of the deal could not be matched, see left_out.`;

const backWords = ({ id, writesBack }: DealSteps['deal']): string =>
  writesBack ? ` Deal ${id} in the CRM names the order now.` : '';

const leftOutRow = ({ asked, name, quantity, reason }: Row): Row => ({
  sku: asked,
  item: name,
  wanted: quantity,
  left_out: quantity,
  reason,
});
