import { isKit, isTracked } from '../availability.ts';
import type { Api, WorkflowContext } from '../define.ts';
import { expectedOf, type IncomingByItem, incomingWords, nothingComes, readIncoming } from '../incoming.ts';
import { formatMicro, sumOf } from '../numbers.ts';
import { type Row, textIn } from '../rows.ts';
import { readSplits } from '../splits.ts';
import { named, plainText } from '../text.ts';
import type { LeftOut, Need } from './reorder-found.ts';
import type { Reorder, Stock } from './reorder-rules.ts';
import type { VendorTerms } from './reorder-vendors.ts';

/** Orders read at most to tell which one brings what is not ordered again; each costs one call. */
const mostExplained = 10;

export const leftOutOf = (row: Row, reason: string): LeftOut => ({
  item: plainText(row.name),
  sku: plainText(row.sku, 60),
  item_id: textIn(row, 'item_id'),
  reason,
});

export function unfit(row: Row): string | undefined {
  if (isKit(row)) return 'a kit: order its parts instead';
  if (!isTracked(row)) return 'its stock is not tracked';
  return textIn(row, 'status') === 'inactive' ? 'inactive' : undefined;
}

/** Orders named at most that were not read. */
const mostNamed = 3;

/** Calls that may still be made to explain. */
type Spare = () => number;

/** Why nothing more is ordered of these: which orders bring it, and when, as far as the calls go. */
export async function explainEnough(
  api: Api,
  enough: readonly { row: Row; stock: Stock; reorder: Reorder }[],
  drafts: IncomingByItem,
  { warehouseId, spare }: { readonly warehouseId: string | undefined; readonly spare: Spare },
  context: WorkflowContext,
): Promise<LeftOut[]> {
  const ordered = enough.filter(({ stock }) => stock.onOrder > 0n);
  const wanted = new Map(ordered.map(({ row, stock }) => [textIn(row, 'item_id'), stock.onOrder] as const));
  const vendors = new Set(ordered.map(({ row }) => textIn(row, 'vendor_id')).filter(Boolean));
  const limits = { most: mostExplained, mostCalls: spare() };
  const issued =
    wanted.size === 0 ? nothingComes : await readIncoming(api, 'issued', { ...limits, wanted, warehouseId, vendors });
  return enough.map(({ row, stock, reorder }) => {
    const itemId = textIn(row, 'item_id');
    const read = issued.byItem.get(itemId) ?? [];
    const untold = stock.onOrder - sumOf(read.map((order) => order.quantity));
    const isUntold = wanted.has(itemId) && untold > 0n && issued.truncated;
    const unread = isUntold ? unreadWords(row, issued, wanted.size === 1, context.today) : '';
    const coming = [
      ...read.map((order) => `${formatMicro(order.quantity)} in ${incomingWords(order, context.today)}`),
      ...(unread === '' ? [] : [`${formatMicro(untold)} in ${unread}`]),
      ...(drafts.byItem.get(itemId) ?? []).map(
        (draft) => `${formatMicro(draft.quantity)} in draft ${named(draft.number, 40)}`,
      ),
    ];
    if (stock.level <= 0n && reorder.position >= 0n && coming.length === 0) return leftOutOf(row, 'no reorder level');
    return leftOutOf(row, coming.length === 0 ? reorder.why : `enough on order (${coming.join('; ')}): ${reorder.why}`);
  });
}

/** What is told of orders that were listed and not read. Those listed for one item bring it; else its vendor's may. */
function unreadWords(row: Row, { unread }: IncomingByItem, isListedForIt: boolean, today: string): string {
  const likely = unread.filter((order) => isListedForIt || textIn(order, 'vendor_id') === textIn(row, 'vendor_id'));
  if (likely.length === 0) return 'orders that explain_stock names';
  const words = likely
    .slice(0, mostNamed)
    .map((order) =>
      incomingWords({ number: plainText(order.purchaseorder_number, 40), expected: expectedOf(order) }, today),
    );
  const more = likely.length > mostNamed ? ` and ${likely.length - mostNamed} more` : '';
  return `${isListedForIt ? words.join(', ') : `open orders, perhaps ${words.join(' or ')}`}${more}`;
}

/** No vendor or no price: says so, and where stock stands that a transfer could move. */
export async function explainUnbuyable(api: Api, needs: readonly Need[], spare: Spare): Promise<LeftOut[]> {
  if (needs.length === 0) return [];
  const rows = new Map(needs.map(({ itemId, row }) => [itemId, row]));
  const splits = await readSplits(api, rows.size <= spare() ? [...rows.keys()] : [], rows);
  return needs.map(({ row, itemId, vendorId }) => {
    const reason = vendorId === '' ? 'no vendor' : 'no purchase price';
    const remedy = vendorId === '' ? 'set one on the item, or give default_vendor' : 'set purchase_rate on the item';
    const places = (splits.get(itemId) ?? []).filter(({ onHand }) => onHand > 0n);
    const where = places.map(({ warehouseName, onHand }) => `${formatMicro(onHand)} in ${named(warehouseName)}`);
    const transfer = places.length > 1 ? `; ${where.join(', ')}: a transfer may help where it runs short` : '';
    return leftOutOf(row, `${reason}: ${remedy}${transfer}`);
  });
}

export function vendorTrouble(vendor: VendorTerms | undefined): string | undefined {
  if (!vendor) return 'its vendor does not exist any more';
  if (!vendor.active) return `its vendor ${named(vendor.name)} is inactive`;
  if (vendor.exchange.nano === undefined)
    return `no exchange rate is known for ${vendor.exchange.currency}, the currency of ${named(vendor.name)}`;
  return undefined;
}
