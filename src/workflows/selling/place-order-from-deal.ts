import * as z from 'zod';
import { InvalidArguments, NotFound, Rejected } from '../../errors.ts';
import { createContact } from '../../operations/contacts.ts';
import { getCrmContact, getCrmDeal, listCrmDealProducts, updateCrmDeal } from '../../operations/crm.ts';
import { id } from '../../operations/fields.ts';
import { getSalesOrder } from '../../operations/sales-orders.ts';
import { bindApi } from '../api.ts';
import { baseCurrency, readExchange } from '../currency.ts';
import { dayAfter } from '../days.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { parseBy, type Row, rowIn, rowsIn, textIn } from '../rows.ts';
import { type DealCustomer, findDealCustomer } from './place-order-from-deal-customer.ts';
import { matchProducts, pricingOf, unmatchedRefusal } from './place-order-from-deal-lines.ts';
import { planOfDeal, referenceOf } from './place-order-from-deal-plan.ts';
import { type Deal, dealShape, givenDeal, orderNamedIn, readDeal } from './place-order-from-deal-read.ts';
import { runDeal } from './place-order-from-deal-run.ts';
import { planOfStanding } from './place-order-from-deal-standing.ts';
import type { DealSteps } from './place-order-from-deal-steps.ts';
import { placeSalesOrder } from './place-sales-order.ts';
import { planFilled, shortWays } from './place-sales-order-fill.ts';
import { ordersOfCustomer } from './place-sales-order-prepare.ts';

const input = {
  deal_id: id('Read in the CRM').optional(),
  deal: dealShape.optional(),
  // Its words and default are paid for with place_sales_order.
  if_short: shortWays.optional(),
};
const schema = z.strictObject(input);
type Wish = z.infer<typeof schema>;

const shipsInDays = 7;

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan<DealSteps>> {
  const wish = parseBy(schema, raw);
  const dealId = oneDealOf(wish);
  const api = bindApi(given, context);
  const standing = await ordersOfDeal(api, dealId);
  if (standing.length > 0)
    return planOfStanding(dealId, standing, wish.deal ? undefined : await orderNamedIn(api, dealId));
  const deal = wish.deal ? givenDeal(wish.deal) : await readDeal(api, dealId, context);
  const named = deal.crm?.orderId;
  const other = named ? await orderStanding(api, named) : undefined;
  if (other) return planOfStanding(dealId, [other], named);
  context.progress('Finding the customer and the items');
  const customer = await findDealCustomer(api, deal.contact);
  const base = await baseCurrency(api, context);
  const row = rowOf(customer, base);
  const exchange = await readExchange(api, row, base, ordersOfCustomer);
  const pricing = pricingOf(deal, exchange, base);
  const { unmatched, ...found } = await matchProducts(api, deal, { exchange, pricing });
  const { if_short = 'refuse' } = wish;
  if (found.lines.length === 0) throw unmatchedRefusal(unmatched, true);
  const isRefused = unmatched.length > 0 && if_short === 'refuse';
  const prepared = { ...found, customer: row, warehouses: [], exchange, base };
  const filling = { header: headerOf(deal, context), confirm: true, if_short };
  const order = await planFilled(api, prepared, filling, context).catch((error: unknown) => {
    // What is short is told together with what has no item, so that it is corrected once.
    throw isRefused && error instanceof Rejected ? unmatchedRefusal(unmatched, false, error) : error;
  });
  if (isRefused) throw unmatchedRefusal(unmatched, false);
  return planOfDeal({ deal, customer, unmatched, order, pricing: pricing.words });
}

function oneDealOf({ deal_id, deal }: Wish): string {
  if ((deal_id === undefined) === (deal === undefined))
    throw new InvalidArguments(
      'Give deal_id, to read the deal in the CRM, or deal with its contact and products; one of the two. Nothing was written.',
      { nothingSent: true },
    );
  return deal_id ?? deal?.id ?? '';
}

/** Orders of this deal that are not void. One call; the filter is checked once more, for a service may not know it. */
async function ordersOfDeal(api: Api, dealId: string): Promise<Row[]> {
  const reference_number = referenceOf(dealId);
  const rows = rowsIn(await api.call('list_sales_orders', { reference_number }), 'salesorders');
  return rows.filter((row) => textIn(row, 'reference_number') === reference_number && textIn(row, 'status') !== 'void');
}

/** The order that the deal names, whatever its reference; undefined where it is not there any more, or void. One call. */
async function orderStanding(api: Api, salesorder_id: string): Promise<Row | undefined> {
  try {
    const order = rowIn(await api.call('get_sales_order', { salesorder_id }), 'salesorder');
    return textIn(order, 'status') === 'void' ? undefined : order;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** A customer that does not stand yet pays in the base currency. */
const rowOf = (customer: DealCustomer, base: string): Row =>
  'row' in customer ? customer.row : { ...customer.create, contact_id: '', status: 'active', currency_code: base };

function headerOf({ id: dealId, name }: Deal, { today }: WorkflowContext): Record<string, string> {
  return {
    reference_number: referenceOf(dealId),
    shipment_date: dayAfter(today, shipsInDays),
    notes: `Order created from CRM Deal: ${name || dealId}`,
  };
}

export const placeOrderFromDeal: WriteWorkflow = {
  name: 'place_order_from_deal',
  title: 'Place order from deal',
  description:
    'Orders a CRM deal once, after a yes: finds or creates the customer, matches products by code, checks stock. Unmatched or short: writes nothing, unless if_short. 15 calls for 10 products, by deal_id 4 more; the yes reads again.',
  toolset: 'sales',
  input,
  uses: [
    ...placeSalesOrder.uses,
    getSalesOrder,
    createContact,
    getCrmDeal,
    getCrmContact,
    listCrmDealProducts,
    updateCrmDeal,
  ],
  alwaysConfirm: true,
  plan,
  run: runDeal,
};
