import type { Api } from '../define.ts';
import { pageSize, type Row, rowsIn, textIn } from '../rows.ts';
import { named } from '../text.ts';

/** Statuses of a sales order whose goods have not all left, folded. */
const waiting = new Set(['open', 'confirmed', 'partiallypacked', 'packed', 'partiallyshipped']);

/** Calls spent at most on naming the orders that wait; one an item. */
export const mostLookedUp = 2;

const numbersShown = 5;

/**
 * Numbers of the sales orders that name an item and have not left, oldest first: one call an item, for the first
 * `mostLookedUp` items. An order for a kit does not name its parts.
 */
export async function readWaiting(api: Api, itemIds: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const itemId of itemIds.slice(0, mostLookedUp)) {
    const rows = rowsIn(await api.call('list_sales_orders', { item_id: itemId, per_page: pageSize }), 'salesorders');
    const numbers = rows
      .filter(isWaiting)
      .sort(byDate)
      .map((row) => named(row.salesorder_number, 40));
    const rest = numbers.length - numbersShown;
    if (numbers.length > 0)
      found.set(itemId, `${numbers.slice(0, numbersShown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`);
  }
  return found;
}

const isWaiting = (row: Row): boolean =>
  waiting.has(
    textIn(row, 'status')
      .toLowerCase()
      .replace(/[^a-z]/g, ''),
  );

const byDate = (a: Row, b: Row): number => textIn(a, 'date').localeCompare(textIn(b, 'date'));
