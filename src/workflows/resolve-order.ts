import { NotFound } from '../errors.ts';
import type { Input } from '../operations/define.ts';
import type { Api } from './define.ts';
import { decide, exactMatches, isDigits, type Naming } from './match.ts';
import { refuseProblems } from './resolve.ts';
import { type Row, readList, rowIn, textIn } from './rows.ts';
import { quoted } from './text.ts';

const orderNaming: Naming = {
  noun: 'sales order',
  id: 'salesorder_id',
  names: ['salesorder_number'],
  shown: ['salesorder_id', 'salesorder_number', 'customer_name', 'status'],
};

/** The whole record; undefined when there is none of that id. One call. */
async function readSalesOrder(api: Api, orderId: string): Promise<Row | undefined> {
  try {
    return rowIn(await api.call('get_sales_order', { salesorder_id: orderId }), 'salesorder');
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/**
 * A sales order with its lines, by id (one call) or exact number (two). None or several: InvalidArguments with
 * candidates; a number comes near by the text of number, reference and customer.
 */
export async function resolveSalesOrder(api: Api, term: string): Promise<Row> {
  const text = term.replace(/\s+/gu, ' ').trim();
  // Ids are digits, but so may numbers be.
  const byId = isDigits(text) ? await readSalesOrder(api, text) : undefined;
  if (byId) return byId;
  const listed = async (input: Input) =>
    (await readList(api, 'list_sales_orders', 'salesorders', input, { maxPages: 1 })).rows;
  // A filter that the service does not know lets every row through, so the number is compared once more.
  const named = exactMatches(await listed({ salesorder_number: text }), text, orderNaming);
  const others = named.length > 0 ? [] : await listed({ search_text: text });
  const found = named.length > 0 ? named : exactMatches(others, text, orderNaming);
  const choice = decide(found, text, orderNaming, { forWrite: false, near: others });
  const order = 'row' in choice ? await readSalesOrder(api, textIn(choice.row, 'salesorder_id')) : undefined;
  if (order) return order;
  refuseProblems('problem' in choice ? [choice.problem] : []);
  throw new NotFound(`There is no sales order ${quoted(text, 80)} any more.`, { nothingSent: true });
}
