import * as z from 'zod';
import { InvalidArguments } from '../../errors.ts';
import { getContact, listContacts } from '../../operations/contacts.ts';
import { day, flag, someText, wholeNumber } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { listPurchaseOrders } from '../../operations/purchase-orders.ts';
import { listSalesOrders } from '../../operations/sales-orders.ts';
import { withoutUnseen } from '../../text.ts';
import { bindApi } from '../api.ts';
import { daysBefore } from '../days.ts';
import type { Api, ReadWorkflow, WorkflowContext } from '../define.ts';
import { searchText } from '../resolve.ts';
import { parseBy, type Row, textIn } from '../rows.ts';
import { itemWords, named, quoted } from '../text.ts';
import { findRecords } from './find.ts';
import { type Asked, type OrderList, orderLists, readOrders, statusKey } from './find-orders-read.ts';
import { orderRow, ordersWords } from './find-orders-words.ts';
import { settled } from './find-settled.ts';
import { contactFinder, type Finder, hasRole, itemFinder } from './finders.ts';

const input = {
  kind: z.enum(['sales', 'purchase']).optional(),
  text: someText(100, 'Number or reference').optional(),
  party: someText(200, 'Customer or vendor').optional(),
  item: someText(200).optional(),
  status: someText(40, 'open (promised, not done), any, or one status').optional(),
  older_than_days: wholeNumber(0, 36_500).optional(),
  since: day().optional(),
  oldest_first: flag().optional(),
};
const schema = z.strictObject(input);
type Ask = z.infer<typeof schema>;

/** Rows of each kind. */
const mostRows = 25;

/** Answers `{ message, salesorders?, purchaseorders? }`: a list for each kind that was read. */
async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const ask = parseBy(schema, raw);
  const api = bindApi(given, context);
  const status = statusKey(ask.status ?? 'any');
  const kinds = kindsOf(ask, status);
  const until = ask.older_than_days === undefined ? undefined : daysBefore(context.today, ask.older_than_days + 1);
  if (until !== undefined && ask.since !== undefined && ask.since > until)
    throw refusal(`No order can be both from ${ask.since} or later and older than ${ask.older_than_days} days.`);
  const text = ask.text === undefined ? undefined : searchText(withoutUnseen(ask.text));
  if (text === '') throw refusal('text has nothing to look for: it is empty or draws nothing.');
  const role = kinds.length > 1 ? undefined : kinds[0] === orderLists.sales ? 'customer' : 'vendor';
  const party = await resolved(api, contactFinder(role), ask.party, role);
  const item = await resolved(api, itemFinder, ask.item);
  const wanted = kinds.filter((kind) => isOfParty(kind, party?.row));
  const asked: Asked = {
    ...{ text, status, from: ask.since, until },
    partyId: party && textIn(party.row, 'contact_id'),
    itemId: item && textIn(item.row, 'item_id'),
    oldestFirst: ask.oldest_first ?? false,
  };
  context.progress('Reading the orders');
  const orders = [];
  for (const kind of wanted) orders.push(await readOrders(api, kind, asked));
  const whose = [
    ...(party ? [`of ${named(party.row.contact_name)}`] : []),
    ...(item ? [`with ${itemWords({ sku: textIn(item.row, 'sku'), item: textIn(item.row, 'name') })}`] : []),
    ...(asked.text === undefined ? [] : [`with ${quoted(asked.text, 80)} in number, reference or name`]),
    ...(asked.from === undefined ? [] : [`since ${asked.from}`]),
    ...(until === undefined ? [] : [`until ${until}`]),
  ].join(' ');
  if (wanted.length === 0 && party)
    throw refusal(
      `${named(party.row.contact_name)} is a ${textIn(party.row, 'contact_type')}: ask for the other kind.`,
    );
  const message = orders.map((one) => ordersWords(one, { ...asked, whose, limit: mostRows })).join(' ');
  return {
    message: `${message}${party?.note ?? ''}${item?.note ?? ''}`,
    ...Object.fromEntries(
      orders.map(({ kind, rows }) => [
        kind.rows,
        rows.slice(0, mostRows).map((row) => orderRow(kind, row, context.today)),
      ]),
    ),
  };
}

const refusal = (message: string) => new InvalidArguments(message, { nothingSent: true });

/** The kinds that have such a status, of those asked for. */
function kindsOf({ kind, status: given = '' }: Ask, status: string): OrderList[] {
  const all = kind === undefined ? [orderLists.sales, orderLists.purchase] : [orderLists[kind]];
  if (status === 'open' || status === 'any') return all;
  const kinds = all.filter(({ statuses }) => statuses.some((one) => statusKey(one) === status));
  if (kinds.length > 0) return kinds;
  const known = all.map(({ noun, statuses }) => `${noun}s: ${statuses.map(spelled).join(', ')}`).join('; ');
  throw refusal(`No order can have the status ${quoted(given, 40)}. Say open or any, or for ${known}.`);
}

const spelled = (status: string): string => status.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();

async function resolved(api: Api, finder: Finder, term: string | undefined, role?: 'customer' | 'vendor') {
  if (term === undefined) return undefined;
  const [found] = await findRecords(api, finder, [term]);
  if (!found) return undefined;
  const ofRole = role ? found.ranked.filter(({ row }) => hasRole(row, role)) : found.ranked;
  return settled(ofRole.length > 0 ? { ...found, ranked: ofRole } : found, finder.naming);
}

/** Who only sells to us has no sales orders: the other list need not be read. */
const isOfParty = (kind: OrderList, party: Row | undefined): boolean =>
  party === undefined || hasRole(party, kind === orderLists.sales ? 'customer' : 'vendor');

export const findOrders: ReadWorkflow = {
  name: 'find_orders',
  title: 'Find orders',
  description:
    'Sales and purchase orders by number, party, item, status or age, newest first, with what is left to ship or receive. Spends 1 call a kind, more for a party, an item or long lists.',
  toolset: 'sales',
  input,
  uses: [listSalesOrders, listPurchaseOrders, listContacts, getContact, listItems, getItem],
  read,
};
