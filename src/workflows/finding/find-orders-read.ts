import type { Input } from '../../operations/define.ts';
import type { Api } from '../define.ts';
import { type Page, readPage } from '../fewest-pages.ts';
import { type Row, textIn } from '../rows.ts';
import { fold } from '../text.ts';

/** What the two kinds of orders are called, and what their statuses mean. */
export interface OrderList {
  readonly noun: string;
  readonly list: string;
  readonly rows: string;
  readonly id: string;
  readonly number: string;
  readonly party: string;
  readonly partyId: string;
  /** Statuses that the API filters by, as it writes them after `Status.`; `open` is told apart. */
  readonly statuses: readonly string[];
  /** Of these, promised or ordered and not done. */
  readonly open: readonly string[];
}

export const orderLists: Readonly<Record<'sales' | 'purchase', OrderList>> = {
  sales: {
    ...{ noun: 'sales order', list: 'list_sales_orders', rows: 'salesorders' },
    ...{ id: 'salesorder_id', number: 'salesorder_number', party: 'customer_name', partyId: 'customer_id' },
    statuses: [
      ...['Draft', 'Confirmed', 'PartiallyPacked', 'Packed', 'PartiallyShipped'],
      ...['Shipped', 'Delivered', 'Closed', 'Void'],
    ],
    open: ['Open', 'Confirmed', 'PartiallyPacked', 'Packed', 'PartiallyShipped'],
  },
  purchase: {
    ...{ noun: 'purchase order', list: 'list_purchase_orders', rows: 'purchaseorders' },
    ...{ id: 'purchaseorder_id', number: 'purchaseorder_number', party: 'vendor_name', partyId: 'vendor_id' },
    statuses: ['Draft', 'Issued', 'PartiallyReceived', 'Received', 'Closed', 'Cancelled'],
    open: ['Issued', 'PartiallyReceived'],
  },
};

/** `partially_shipped`, `Partially Shipped` and `Status.PartiallyShipped` are one status. */
export const statusKey = (text: string): string =>
  fold(text)
    .replace(/^status\./, '')
    .replace(/[^a-z]/g, '');

export const isOpen = ({ open }: OrderList, row: Row): boolean =>
  open.some((status) => statusKey(status) === statusKey(textIn(row, 'status')));

export interface Asked {
  readonly text: string | undefined;
  readonly partyId: string | undefined;
  readonly itemId: string | undefined;
  /** `open`, `any`, or one of the API's statuses as `statusKey` writes it. */
  readonly status: string;
  /** yyyy-mm-dd, both inclusive. */
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly oldestFirst: boolean;
}

export interface Orders {
  readonly kind: OrderList;
  readonly rows: readonly Row[];
  /** False where the API holds more than was read. */
  readonly complete: boolean;
  /** How many there are; undefined where nobody can tell. */
  readonly count: number | undefined;
}

/**
 * Orders of one kind. One call; in a book of several pages one more for a number that the first did not hold, or one for each
 * status that is open, because the API filters by one status at a time.
 */
export async function readOrders(api: Api, kind: OrderList, asked: Asked): Promise<Orders> {
  const page = (input: Input) => readPage(api, kind.list, kind.rows, { ...filtersOf(kind, asked), ...input });
  const status = kind.statuses.find((name) => statusKey(name) === asked.status);
  const first = await page(status ? { filter_by: `Status.${status}` } : {});
  const pages: Page[] = [first];
  if (!first.complete && asked.status === 'open') {
    pages.pop();
    for (const name of kind.open) pages.push(await page({ filter_by: `Status.${name}` }));
  } else if (!first.complete && asked.text !== undefined && !first.rows.some((row) => isCalled(kind, row, asked))) {
    pages.push(await page({ [kind.number]: asked.text, search_text: undefined }));
  }
  const complete = pages.every((one) => one.complete);
  const all = [...new Map(pages.flatMap(({ rows }) => rows).map((row) => [textIn(row, kind.id), row])).values()];
  const rows = sorted(
    kind,
    all.filter((row) => isMeant(kind, row, asked)),
    asked,
  );
  // A total of the API counts what its search found elsewhere in the order as well.
  const totals = asked.text === undefined ? pages.map(({ total }) => total) : [undefined];
  const known = totals.flatMap((total) => total ?? []);
  const total = known.length === totals.length ? known.reduce((sum, one) => sum + one, 0) : undefined;
  return { kind, rows, complete, count: complete ? rows.length : total };
}

function filtersOf(kind: OrderList, { text, partyId, itemId, from, until, oldestFirst }: Asked): Input {
  return {
    ...(text === undefined ? {} : { search_text: text }),
    ...(partyId === undefined ? {} : { [kind.partyId]: partyId }),
    ...(itemId === undefined ? {} : { item_id: itemId }),
    ...(from === undefined ? {} : { date_start: from }),
    ...(until === undefined ? {} : { date_end: until }),
    ...{ sort_column: 'date', sort_order: oldestFirst ? 'A' : 'D' },
  };
}

const isCalled = (kind: OrderList, row: Row, { text }: Asked): boolean =>
  text !== undefined && fold(textIn(row, kind.number)) === fold(text);

// A filter that the service does not know lets every row through; what a row shows is therefore compared once more.
function isMeant(kind: OrderList, row: Row, asked: Asked): boolean {
  const { text, partyId, status, from, until } = asked;
  const date = textIn(row, 'date');
  const own = statusKey(textIn(row, 'status'));
  // An order that arrived whole is closed by that.
  const isDone = (status === 'received' || status === 'delivered') && own === 'closed';
  const words = [kind.number, 'reference_number', kind.party].map((key) => fold(textIn(row, key)));
  return (
    (status === 'any' || own === status || isDone || (status === 'open' && isOpen(kind, row))) &&
    (partyId === undefined || textIn(row, kind.partyId) === partyId) &&
    (from === undefined || date >= from) &&
    (until === undefined || date <= until) &&
    (text === undefined || words.some((word) => word.includes(fold(text))))
  );
}

/** By date, then as the API counts its ids; an order that is called so exactly comes first. */
function sorted(kind: OrderList, rows: readonly Row[], asked: Asked): Row[] {
  const sign = asked.oldestFirst ? 1 : -1;
  const compare = (a: string, b: string): number => (a < b ? -sign : a > b ? sign : 0);
  const called = (row: Row): number => (isCalled(kind, row, asked) ? 0 : 1);
  return [...rows].sort(
    (a, b) =>
      called(a) - called(b) ||
      compare(textIn(a, 'date'), textIn(b, 'date')) ||
      compare(textIn(a, kind.id).padStart(19, '0'), textIn(b, kind.id).padStart(19, '0')),
  );
}
