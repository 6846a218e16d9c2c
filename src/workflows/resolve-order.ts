import { NotFound } from '../errors.ts';
import type { Input } from '../operations/define.ts';
import type { Api } from './define.ts';
import { decide, exactMatches, isDigits, type Naming } from './match.ts';
import { refuseProblems } from './resolve.ts';
import { type Row, readList, rowIn, textIn } from './rows.ts';
import { quoted } from './text.ts';

/** How one kind of order is read and named. */
interface OrderKind {
  readonly naming: Naming;
  readonly get: string;
  readonly reply: string;
  readonly list: string;
  readonly rows: string;
}

const salesOrders: OrderKind = {
  naming: {
    noun: 'sales order',
    id: 'salesorder_id',
    names: ['salesorder_number'],
    shown: ['salesorder_id', 'salesorder_number', 'customer_name', 'status'],
  },
  ...{ get: 'get_sales_order', reply: 'salesorder', list: 'list_sales_orders', rows: 'salesorders' },
};

const purchaseOrders: OrderKind = {
  naming: {
    noun: 'purchase order',
    id: 'purchaseorder_id',
    names: ['purchaseorder_number'],
    shown: ['purchaseorder_id', 'purchaseorder_number', 'vendor_name', 'status'],
  },
  ...{ get: 'get_purchase_order', reply: 'purchaseorder', list: 'list_purchase_orders', rows: 'purchaseorders' },
};

/** The whole record; undefined when there is none of that id. One call. */
async function readOrder(api: Api, { get, reply, naming }: OrderKind, orderId: string): Promise<Row | undefined> {
  try {
    return rowIn(await api.call(get, { [naming.id]: orderId }), reply);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

async function resolveOrder(api: Api, kind: OrderKind, term: string): Promise<Row> {
  const { naming } = kind;
  const text = term.replace(/\s+/gu, ' ').trim();
  // Ids are digits, but so may numbers be.
  const byId = isDigits(text) ? await readOrder(api, kind, text) : undefined;
  if (byId) return byId;
  const listed = async (input: Input) => (await readList(api, kind.list, kind.rows, input, { maxPages: 1 })).rows;
  // A filter that the service does not know lets every row through, so the number is compared once more.
  const byNumber = Object.fromEntries(naming.names.map((name) => [name, text]));
  const named = exactMatches(await listed(byNumber), text, naming);
  const others = named.length > 0 ? [] : await listed({ search_text: text });
  const found = named.length > 0 ? named : exactMatches(others, text, naming);
  const choice = decide(found, text, naming, { forWrite: false, near: others });
  const order = 'row' in choice ? await readOrder(api, kind, textIn(choice.row, naming.id)) : undefined;
  if (order) return order;
  refuseProblems('problem' in choice ? [choice.problem] : []);
  throw new NotFound(`There is no ${naming.noun} ${quoted(text, 80)} any more.`, { nothingSent: true });
}

/**
 * A sales order with its lines, by id (one call) or exact number (two). None or several: InvalidArguments with
 * candidates; a number comes near by the text of number, reference and customer.
 */
export const resolveSalesOrder = (api: Api, term: string): Promise<Row> => resolveOrder(api, salesOrders, term);

/** The same for a purchase order. */
export const resolvePurchaseOrder = (api: Api, term: string): Promise<Row> => resolveOrder(api, purchaseOrders, term);
