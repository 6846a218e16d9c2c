import type { Api, WorkflowContext } from './define.ts';
import { exchangeNano } from './numbers.ts';
import { type Row, rowIn, rowsIn, textIn } from './rows.ts';

/** Base units for one unit of a contact's currency, and where that figure comes from. */
export interface Exchange {
  readonly currency: string;
  /** In 1e-9; undefined when nothing tells it. */
  readonly nano: bigint | undefined;
  /** Words for a preview; empty for the base currency. */
  readonly source: string;
}

const even = 1_000_000_000n;

/** The organization's currency code, empty where it does not say. One call, unless the context knows it. */
export async function baseCurrency(api: Api, context: WorkflowContext): Promise<string> {
  if (context.currency) return context.currency;
  const rows = rowsIn(await api.call('list_organizations', {}), 'organizations');
  const row = rows.find(({ is_default_org }) => is_default_org === true) ?? rows[0];
  return row ? textIn(row, 'currency_code') : '';
}

const rateOf = (row: Row): bigint | undefined => {
  const given = row.exchange_rate;
  return given === undefined || given === null || given === '' || Number(given) <= 0 ? undefined : exchangeNano(given);
};

/**
 * The rate of a contact's currency: from the contact, else from its newest order in that currency (`orders` names the
 * list to look in, newest last date wins). No call for the base currency; `isWhole`: the contact was read by its id.
 */
export async function readExchange(
  api: Api,
  contact: Row,
  base: string,
  orders: { list: 'list_purchase_orders' | 'list_sales_orders'; key: string; contactKey: string; number: string },
  { isWhole = false }: { isWhole?: boolean } = {},
): Promise<Exchange> {
  const currency = textIn(contact, 'currency_code') || base;
  if (currency === base || base === '') return { currency, nano: even, source: '' };
  const words = (nano: bigint, from: string): Exchange => ({ currency, nano, source: from });
  const own = rateOf(contact);
  if (own !== undefined) return words(own, "the contact's exchange rate");
  const contactId = textIn(contact, 'contact_id');
  const detail = isWhole ? contact : rowIn(await api.call('get_contact', { contact_id: contactId }), 'contact');
  const detailed = rateOf(detail);
  if (detailed !== undefined) return words(detailed, "the contact's exchange rate");
  const rows = rowsIn(await api.call(orders.list, { [orders.contactKey]: contactId }), orders.key);
  const newest = rows
    .filter((row) => textIn(row, 'currency_code') === currency && rateOf(row) !== undefined)
    .sort((a, b) => textIn(a, 'date').localeCompare(textIn(b, 'date')))
    .at(-1);
  const past = newest === undefined ? undefined : rateOf(newest);
  if (newest && past !== undefined)
    return words(past, `the exchange rate of ${textIn(newest, orders.number)}, ${textIn(newest, 'date')}`);
  return { currency, nano: undefined, source: '' };
}
