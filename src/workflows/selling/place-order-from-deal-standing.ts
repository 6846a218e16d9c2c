import type { Plan } from '../define.ts';
import { type Row, textIn } from '../rows.ts';
import { named, plainText } from '../text.ts';
import { writtenStatus } from './place-order-from-deal-plan.ts';
import type { DealSteps } from './place-order-from-deal-steps.ts';

/**
 * An order of this deal stands: it is told, and nothing is ordered. `inCrm` is the order that the deal in the CRM names,
 * empty for none, undefined where that is not known: what the CRM was never told of it is written there after a yes.
 */
export function planOfStanding(dealId: string, rows: readonly Row[], inCrm: string | undefined): Plan<DealSteps> {
  const orders = rows.map(toldOf);
  const words = orders.map((order) => `${named(order.salesorder_number, 40)} (${order.status})`).join(' and ');
  const draft = orders.some(({ status }) => status === 'draft')
    ? ' A draft reserves nothing until confirm_sales_order.'
    : '';
  const stands = `Deal ${dealId} is ordered already: ${words}.`;
  const message = `${stands} Nothing was written.${draft}`;
  const isUntold = inCrm !== undefined && !orders.some(({ salesorder_id }) => salesorder_id === inCrm);
  const missing = isUntold ? firstOf(orders) : undefined;
  const told = {
    facts: { salesorders: orders },
    restsOn: { standing: orders.map(({ salesorder_id, status }) => [salesorder_id, status]), named: inCrm ?? '' },
    raises: [],
    amountMinor: 0,
    about: [`deal ${dealId}`],
  };
  const deal = { id: dealId, name: '', writesBack: missing !== undefined };
  if (!missing)
    return {
      ...{ ...told, summary: message, preview: [message] },
      steps: { deal, standing: { message, orders }, unmatched: [] },
      documents: 0,
      nothingToDo: true,
    };
  const number = named(missing.salesorder_number, 40);
  const done = `${stands} Nothing was ordered. Deal ${dealId} in the CRM names ${number} now.`;
  return {
    ...told,
    summary: `Write ${number} into deal ${dealId} of the CRM, which does not name it; nothing is ordered`,
    preview: [
      `${stands} Nothing is ordered again.${draft}`,
      `The deal in the CRM names ${inCrm === '' ? 'no order' : `sales order ${named(inCrm, 30)}, which is not of this deal or void`}.`,
      `It gets the id of ${number} (${missing.salesorder_id}) and the status "${writtenStatus}".`,
    ],
    steps: { deal, standing: { message: done, orders, missing }, unmatched: [] },
    documents: 1,
    isRest: true,
  };
}

const toldOf = (row: Row) => ({
  salesorder_id: textIn(row, 'salesorder_id'),
  salesorder_number: plainText(row.salesorder_number, 60),
  status: plainText(row.status, 40),
  customer_name: plainText(row.customer_name),
  ...(row.total === undefined ? {} : { total: row.total }),
  ...(textIn(row, 'currency_code') === '' ? {} : { currency_code: textIn(row, 'currency_code') }),
  reference_number: plainText(row.reference_number, 100),
});
type Told = ReturnType<typeof toldOf>;

/** Of a split order the first, as the job itself would have written it. A draft is none yet: its job stopped before. */
function firstOf(orders: readonly Told[]): Told | undefined {
  const ids = ({ salesorder_id }: Told) => salesorder_id;
  return orders
    .filter(({ status }) => status !== 'draft')
    .sort((a, b) => ids(a).length - ids(b).length || (ids(a) < ids(b) ? -1 : 1))[0];
}
