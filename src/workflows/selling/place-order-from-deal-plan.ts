import type { Plan, Raise } from '../define.ts';
import { summaryLength } from '../record-words.ts';
import { textIn } from '../rows.ts';
import { fold, named, plainText, quoted } from '../text.ts';
import type { DealCustomer } from './place-order-from-deal-customer.ts';
import { type Unmatched, unmatchedWords } from './place-order-from-deal-lines.ts';
import type { Deal } from './place-order-from-deal-read.ts';
import type { DealSteps } from './place-order-from-deal-steps.ts';
import type { PlaceSteps } from './place-sales-order-steps.ts';

export const referenceOf = (dealId: string): string => `CRM-DEAL-${dealId}`;

/** What the deal says once its order stands. */
export const writtenStatus = 'Sales Order Created';

export interface FromDeal {
  readonly deal: Deal;
  readonly customer: DealCustomer;
  readonly unmatched: readonly Unmatched[];
  readonly order: Plan<PlaceSteps>;
  /** Of the currencies; empty where there is nothing to say. */
  readonly pricing: string;
}

/** The plan of the order with what stands around it: a new customer before, the deal in the CRM after. */
export function planOfDeal({ deal, customer, unmatched, order, pricing }: FromDeal): Plan<DealSteps> {
  const create = 'create' in customer ? customer.create : undefined;
  const { customer_id: _, ...facts } = order.facts ?? {};
  return {
    ...order,
    summary: summaryOf(deal, order, create !== undefined),
    preview: [
      dealLine(deal),
      ...customerLines(customer, deal),
      ...order.preview,
      ...unmatched.map((one) => `Left out: ${unmatchedWords(one)}`),
      ...(pricing === '' ? [] : [pricing]),
      `Reference ${referenceOf(deal.id)}; shipment date ${textIn(order.steps.create, 'shipment_date')}.`,
      ...(deal.crm ? [`Then the deal in the CRM gets the order's id and the status "${writtenStatus}".`] : []),
    ],
    facts: {
      ...(create ? facts : (order.facts ?? {})),
      deal_id: deal.id,
      ...(unmatched.length === 0 ? {} : { unmatched: unmatched.map(({ name: __, ...row }) => row) }),
    },
    restsOn: {
      order: order.restsOn,
      deal: [deal.name, deal.currency, deal.crm?.orderId ?? '', deal.products],
      create: create ?? {},
      unmatched: unmatched.map(({ asked, quantity, reason }) => [asked, quantity, reason]),
    },
    steps: {
      deal: { id: deal.id, name: deal.name, writesBack: deal.crm !== undefined },
      ...(create ? { create } : {}),
      order: order.steps,
      unmatched: unmatched.map((one) => ({ ...one })),
    },
    raises: [...order.raises, ...notWon(deal)],
    documents: order.documents + (create ? 1 : 0) + (deal.crm ? 1 : 0),
    about: [`deal ${deal.id}`, ...newParty(create), ...(order.about ?? [])],
  };
}

/** By all that the next deal of the same party would find it by. */
const newParty = ({ contact_name, email, company_name }: Readonly<Record<string, string>> = {}): string[] =>
  [contact_name, email, company_name].flatMap((name) => (name ? [`customer ${fold(name)}`] : []));

function summaryOf({ id, name }: Deal, order: Plan, isNew: boolean): string {
  const head = `${order.summary}${isNew ? '; new customer' : ''}; deal `;
  const room = summaryLength - [...head].length;
  // The id alone where there is no room for a name beside it.
  return `${head}${name === '' || room < 24 ? id : named(name, Math.min(40, room - 2))}`;
}

function dealLine({ id, name, crm }: Deal): string {
  const label = `Deal ${id}${name === '' ? '' : ` ${quoted(name)}`}`;
  if (!crm) return `${label}, as given.`;
  const stage = crm.stage === '' ? '' : `, stage ${quoted(crm.stage)}`;
  const before = crm.orderId === '' ? '' : ` It names sales order ${named(crm.orderId, 30)}, which does not stand.`;
  return `${label} of the CRM${stage}.${before}`;
}

/** Stages have the names that a company gives them. */
function notWon({ crm }: Deal): Raise[] {
  if (!crm || crm.stage === '' || /\bwon\b/i.test(crm.stage)) return [];
  return [
    { rule: 'deal_not_won', reason: `The deal's stage is ${quoted(crm.stage)}, which does not say that it is won.` },
  ];
}

function customerLines(customer: DealCustomer, { contact }: Deal): string[] {
  if ('create' in customer) {
    const { contact_name, contact_type: _, ...rest } = customer.create;
    const more = Object.values(rest).map((value) => quoted(value, 80));
    return [
      `New customer: ${[quoted(contact_name, 80), ...more].join(', ')}. Nobody has this e-mail, name or company.`,
    ];
  }
  const { row, by } = customer;
  const [known, asked] = [plainText(row.email, 80), contact.email ?? ''];
  const differs =
    by !== 'e-mail' && asked !== '' ? ` Its e-mail is ${quoted(known)}, the deal's ${quoted(asked, 80)}.` : '';
  return [`Customer ${named(row.contact_name)} found by ${by}.${differs}`];
}
