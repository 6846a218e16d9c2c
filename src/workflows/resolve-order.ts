import { NotFound } from '../errors.ts';
import type { Input } from '../operations/define.ts';
import type { Api } from './define.ts';
import { candidateOf, decide, exactMatches, isDigits, type Naming, type Problem } from './match.ts';
import { refuseProblems } from './resolve.ts';
import { type Row, readList, rowIn, textIn } from './rows.ts';
import { quoted } from './text.ts';

/** How one kind of order is read and named. */
interface OrderKind {
  readonly kind: 'sales' | 'purchase';
  readonly naming: Naming;
  readonly get: string;
  readonly reply: string;
  readonly list: string;
  readonly rows: string;
}

const salesOrders: OrderKind = {
  kind: 'sales',
  naming: {
    noun: 'sales order',
    id: 'salesorder_id',
    names: ['salesorder_number'],
    shown: ['salesorder_id', 'salesorder_number', 'customer_name', 'status'],
  },
  ...{ get: 'get_sales_order', reply: 'salesorder', list: 'list_sales_orders', rows: 'salesorders' },
};

const purchaseOrders: OrderKind = {
  kind: 'purchase',
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

const plainTerm = (term: string): string => term.replace(/\s+/gu, ' ').trim();

const listOrders = async (api: Api, { list, rows }: OrderKind, input: Input): Promise<Row[]> =>
  (await readList(api, list, rows, input, { maxPages: 1 })).rows;

// A filter that the service does not know lets every row through, so the number is compared once more.
const byNumber = async (api: Api, kind: OrderKind, text: string): Promise<Row[]> => {
  const numbers = Object.fromEntries(kind.naming.names.map((name) => [name, text]));
  return exactMatches(await listOrders(api, kind, numbers), text, kind.naming);
};

async function resolveOrder(api: Api, kind: OrderKind, term: string): Promise<Row> {
  const { naming } = kind;
  const text = plainTerm(term);
  // Ids are digits, but so may numbers be.
  const byId = isDigits(text) ? await readOrder(api, kind, text) : undefined;
  if (byId) return byId;
  const named = await byNumber(api, kind, text);
  const others = named.length > 0 ? [] : await listOrders(api, kind, { search_text: text });
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

export interface AnyOrder {
  readonly kind: 'sales' | 'purchase';
  readonly row: Row;
}

/**
 * A sales or a purchase order with its lines, by id (one or two calls) or exact number (three: both lists are asked, as the
 * two number their orders apart). None or several: InvalidArguments with candidates of both kinds.
 */
export async function resolveAnyOrder(api: Api, term: string): Promise<AnyOrder> {
  const text = plainTerm(term);
  const kinds = [salesOrders, purchaseOrders];
  for (const kind of isDigits(text) ? kinds : []) {
    const row = await readOrder(api, kind, text);
    if (row) return { kind: kind.kind, row };
  }
  const found: { kind: OrderKind; row: Row }[] = [];
  for (const kind of kinds) for (const row of await byNumber(api, kind, text)) found.push({ kind, row });
  const [only] = found;
  if (only && found.length === 1) {
    const row = await readOrder(api, only.kind, textIn(only.row, only.kind.naming.id));
    if (row) return { kind: only.kind.kind, row };
    throw new NotFound(`There is no order ${quoted(text, 80)} any more.`, { nothingSent: true });
  }
  if (found.length > 1) refuseProblems([severalOrders(text, found)]);
  const problems: Problem[] = [];
  for (const kind of kinds) {
    const near = await listOrders(api, kind, { search_text: text });
    const choice = decide([], text, kind.naming, { forWrite: false, near });
    if ('problem' in choice) problems.push(choice.problem);
  }
  refuseProblems(problems);
  throw new NotFound(`There is no order ${quoted(text, 80)}.`, { nothingSent: true });
}

function severalOrders(text: string, found: readonly { kind: OrderKind; row: Row }[]): Problem {
  const candidates = found.map(({ kind, row }) => candidateOf(row, kind.naming));
  const ids = found.map(({ kind, row }) => `${kind.naming.noun} (${kind.naming.id} ${textIn(row, kind.naming.id)})`);
  const message = `Several orders are called ${quoted(text, 80)}: ${ids.join(', ')}. Say which by its id.`;
  return { asked: text, reason: 'ambiguous', message, candidates };
}
