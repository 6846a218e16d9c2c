import type { Api } from '../define.ts';
import { exactMatches, itemNaming } from '../match.ts';
import { lookUpItems } from '../resolve.ts';
import { textIn } from '../rows.ts';
import type { Line } from './fulfil-sales-order-lines.ts';

interface Wanted {
  readonly item: string;
  readonly quantity: number;
}

/**
 * What is wanted, by item_id where only the catalog knows the name: lines of orders carry no barcodes, and a scanner sends
 * nothing else. Terms that a line is called by cost nothing; what stays unknown is refused by `choose`.
 */
export async function withScanned(
  api: Api,
  lines: readonly Line[],
  wanted: readonly Wanted[] | undefined,
): Promise<readonly Wanted[] | undefined> {
  const rows = lines.map(({ itemId, name, sku }) => ({ item_id: itemId, name, sku }));
  const unknown = (wanted ?? []).map(({ item }) => item).filter((item) => !exactMatches(rows, item, itemNaming).length);
  if (unknown.length === 0) return wanted;
  const { found } = await lookUpItems(api, unknown, { forWrite: false });
  const ordered = new Set(lines.map(({ itemId }) => itemId));
  return wanted?.map((wish) => {
    const itemId = textIn(found.get(wish.item) ?? {}, 'item_id');
    return ordered.has(itemId) ? { ...wish, item: itemId } : wish;
  });
}
