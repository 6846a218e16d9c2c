import * as z from 'zod';
import { InvalidArguments, MissingScope, NotFound, Rejected } from '../../errors.ts';
import { getCrmContact, getCrmDeal, listCrmDealProducts, updateCrmDeal } from '../../operations/crm.ts';
import { email, id, money, quantity, someText, text } from '../../operations/fields.ts';
import type { Api, WorkflowContext } from '../define.ts';
import { parseBy, type Row, readList, rowIn, textIn } from '../rows.ts';
import { plainText, quoted } from '../text.ts';

const contact = z.strictObject({
  name: someText(200),
  email: email().optional(),
  phone: text(50).optional(),
  company: text(200).optional(),
});

const product = z.strictObject({
  code: someText(200, 'SKU or barcode'),
  name: text(200).optional(),
  quantity: quantity().refine((value) => value > 0, 'must be more than 0'),
  rate: money().optional(),
});

const currency = z.string().regex(/^[A-Z]{3}$/, 'must be a code such as USD');

/** A deal as an argument. */
export const dealShape = z.strictObject({
  id: id(),
  name: text(200).optional(),
  contact,
  products: z.array(product).min(1).max(100),
  currency: currency.optional(),
});

export type DealContact = z.infer<typeof contact>;

/** One product of a deal. The CRM may leave out what an order needs. */
export interface DealProduct {
  readonly code: string;
  readonly name: string;
  readonly quantity: number | undefined;
  /** In the deal's currency. */
  readonly rate: number | undefined;
}

/** What an order is made of, wherever it was told. */
export interface Deal {
  readonly id: string;
  readonly name: string;
  readonly contact: DealContact;
  readonly products: readonly DealProduct[];
  /** Empty: the base currency. */
  readonly currency: string;
  /** Of a deal that was read in the CRM. */
  readonly crm?: { readonly stage: string; readonly orderId: string };
}

export const givenDeal = ({
  id: dealId,
  name,
  contact: who,
  products,
  currency: code,
}: z.infer<typeof dealShape>): Deal => ({
  id: dealId,
  name: plainText(name, 120),
  contact: tidy(who),
  products: products.map((one) => ({
    code: one.code,
    name: plainText(one.name, 120),
    quantity: one.quantity,
    rate: one.rate,
  })),
  currency: code ?? '',
});

/** On one line and without what draws nothing: it becomes the name of a contact. */
function tidy(who: DealContact): DealContact {
  const name = plainText(who.name, 200);
  if (name === '')
    throw new InvalidArguments("The deal's contact has no name that can be seen.", { nothingSent: true });
  const { email: mail, phone, company } = who;
  const rest = Object.entries({ email: mail, phone, company }).flatMap(([key, value]) => {
    const plain = plainText(value, 254);
    return plain === '' ? [] : [[key, plain] as const];
  });
  return { name, ...Object.fromEntries(rest) };
}

const instead = 'Give the deal as an argument instead (deal, without deal_id).';

/** What credentials need for a deal by its id. */
export const crmScopes = [getCrmDeal, getCrmContact, listCrmDealProducts, updateCrmDeal].map(({ scope }) => scope);

/** More goods than a sales order takes. */
const mostProducts = 100;

/** The deal, its contact and its products: three calls of the CRM. Throws what says why it cannot be ordered. */
export async function readDeal(api: Api, dealId: string, context: WorkflowContext): Promise<Deal> {
  context.progress('Reading the deal in the CRM');
  try {
    const deal = rowIn(await api.call('get_crm_deal', { deal_id: dealId }), 'deal');
    const contactId = textIn(rowIn(deal, 'Contact_Name'), 'id');
    if (contactId === '')
      throw refused(`The CRM's deal ${dealId} names no contact. Name one there, or give the deal as an argument.`);
    const person = rowIn(await api.call('get_crm_contact', { crm_contact_id: contactId }), 'crm_contact');
    const listed = await readList(api, 'list_crm_deal_products', 'products', { deal_id: dealId }, { maxPages: 1 });
    if (listed.rows.length === 0)
      throw refused(`The CRM's deal ${dealId} has no products, so there is nothing to order.`);
    if (!listed.complete || listed.rows.length > mostProducts)
      throw refused(
        `The CRM's deal ${dealId} has more than ${mostProducts} products; one order takes ${mostProducts}. ${instead}`,
      );
    return {
      id: dealId,
      name: plainText(deal.Deal_Name, 120),
      contact: contactOf(person, deal),
      products: listed.rows.map(productOf),
      currency: currencyOf(deal),
      crm: { stage: plainText(deal.Stage, 60), orderId: textIn(deal, 'Inventory_SO_ID') },
    };
  } catch (error) {
    if (error instanceof MissingScope) throw withoutScope(error);
    throw error;
  }
}

/**
 * Which order the CRM's deal names, empty for none; undefined where the CRM cannot tell: what stands is told all the same.
 * One call.
 */
export async function orderNamedIn(api: Api, dealId: string): Promise<string | undefined> {
  try {
    return textIn(rowIn(await api.call('get_crm_deal', { deal_id: dealId }), 'deal'), 'Inventory_SO_ID');
  } catch (error) {
    if (error instanceof MissingScope || error instanceof NotFound) return undefined;
    throw error;
  }
}

const refused = (message: string) => new Rejected(`${message} Nothing was written.`, { nothingSent: true });

/** All that are needed at once, so that a token is made anew only once. */
const withoutScope = (error: MissingScope): MissingScope =>
  new MissingScope(error.scope, {
    cause: error,
    nothingSent: true,
    facts: { ...error.facts, scopes: crmScopes },
    message: `The credentials may not read the CRM: they lack ${error.scope}. Nothing was written. Give the deal as an argument (deal, without deal_id), or grant ${crmScopes.join(', ')} in the API console, make a new refresh token and restart.`,
  });

function currencyOf(deal: Row): string {
  const code = textIn(deal, 'Currency').trim().toUpperCase();
  if (code !== '' && !currency.safeParse(code).success)
    throw refused(`The CRM's deal names a currency that is no code such as USD: ${quoted(deal.Currency, 20)}.`);
  return code;
}

/** By the same rules as a contact that was given. */
function contactOf(person: Row, deal: Row): DealContact {
  const company = textIn(rowIn(person, 'Account_Name'), 'name') || textIn(rowIn(deal, 'Account_Name'), 'name');
  const name = textIn(person, 'Full_Name') || `${textIn(person, 'First_Name')} ${textIn(person, 'Last_Name')}`.trim();
  const given = { name, email: textIn(person, 'Email'), phone: textIn(person, 'Phone'), company };
  try {
    return tidy(parseBy(contact, given));
  } catch (error) {
    if (!(error instanceof InvalidArguments)) throw error;
    throw refused(`The contact of the CRM's deal cannot be used: ${error.message}. Correct it there. ${instead}`);
  }
}

const productOf = (row: Row): DealProduct => ({
  code: plainText(row.Product_Code, 200),
  name: plainText(row.Product_Name, 120),
  quantity: numberIn(row, 'Quantity'),
  rate: numberIn(row, 'Unit_Price'),
});

const figure = quantity();

/** Undefined where the CRM does not tell a figure that an order can have. */
function numberIn(row: Row, key: string): number | undefined {
  const value = row[key];
  if (value === undefined || value === null || value === '') return undefined;
  const parsed = figure.safeParse(Number(value));
  return parsed.success ? parsed.data : undefined;
}
