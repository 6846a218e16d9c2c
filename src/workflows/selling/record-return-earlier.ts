import type { Api } from '../define.ts';
import { maxOf } from '../numbers.ts';
import { microIn, type Row, readList, rowIn, rowsIn, textIn } from '../rows.ts';
import { fold, plainText } from '../text.ts';

/** Returns of the order that were recorded before; quantities in 1e-6 units by item_id, parts instead of kits. */
export interface Earlier {
  readonly byItem: ReadonlyMap<string, bigint>;
  readonly numbers: readonly string[];
  /** False where there may be more than were read. */
  readonly complete: boolean;
}

/** Adjustments read at most; each costs a call. */
const mostRead = 20;

const isReturn = (row: Row, number: string): boolean =>
  /^returns?$/i.test(textIn(row, 'adjustment_type').replace(/ adjustment$/i, '')) &&
  fold(textIn(row, 'reference_number')) === fold(number);

/** Adjustments of type returns that name the order's number as their reference. One call, and one for each of them. */
export async function readEarlier(api: Api, number: string): Promise<Earlier> {
  const input = { search_text: number };
  const listing = await readList(api, 'list_stock_adjustments', 'inventory_adjustments', input, { maxPages: 2 });
  // The hosted list may print fewer fields than a record: what it does not say is looked up.
  const rows = listing.rows.filter(
    (row) => isReturn(row, number) || row.reference_number === undefined || row.adjustment_type === undefined,
  );
  const byItem = new Map<string, bigint>();
  const numbers: string[] = [];
  for (const listed of rows.slice(0, mostRead)) {
    const id = textIn(listed, 'inventory_adjustment_id');
    const row = rowIn(await api.call('get_stock_adjustment', { inventory_adjustment_id: id }), 'inventory_adjustment');
    if (!isReturn(row, number)) continue;
    numbers.push(plainText(row.adjustment_number, 40) || id);
    for (const line of rowsIn(row, 'line_items')) {
      const itemId = textIn(line, 'item_id');
      const came = maxOf(0n, microIn(line, 'quantity_change', 'quantity_adjusted') ?? 0n);
      byItem.set(itemId, (byItem.get(itemId) ?? 0n) + came);
    }
  }
  return { byItem, numbers, complete: listing.complete && rows.length <= mostRead };
}
