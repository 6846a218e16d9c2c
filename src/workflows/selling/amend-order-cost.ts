import { isKit, readItems } from '../availability.ts';
import type { Api, Raise } from '../define.ts';
import { exchangeOf, linesOf } from '../order-lines.ts';
import { orderOff, unitPrices } from '../order-worth.ts';
import type { AnyOrder } from '../resolve-order.ts';
import type { Row } from '../rows.ts';
import { readKits } from '../supply.ts';
import type { Effects } from './amend-order-stock.ts';
import { belowCost, type Sold } from './below-cost.ts';

/**
 * Asks where the change sells below cost: a new line, a lower price, or more at a price that was low before. What stays
 * or falls was agreed to already. Spends a call an item whose row is not at hand; none where nothing is sold for less.
 */
export async function costRaises(
  api: Api,
  { kind, row }: AnyOrder,
  { sent, changes, promises }: Effects,
  known: ReadonlyMap<string, Row>,
  { currency, base }: { readonly currency: string; readonly base: string },
): Promise<Raise[]> {
  if (kind === 'purchase' || !sent) return [];
  const held = linesOf(row);
  const off = orderOff(row, held, currency);
  const prices = unitPrices(changes.after, row, off, currency);
  const before = new Map(unitPrices(held, row, off, currency).map((price, index) => [held[index]?.lineId, price]));
  const formerly = new Map(held.map((line) => [line.lineId, line]));
  const sold = changes.after.flatMap((line, index): Sold[] => {
    const price = prices[index] ?? 0n;
    const was = formerly.get(line.lineId);
    const isAgreed = was && line.quantity <= was.quantity && price >= (before.get(line.lineId) ?? 0n);
    return isAgreed ? [] : [{ itemId: line.itemId, label: line.label, price }];
  });
  if (sold.length === 0) return [];
  const rows = new Map([
    ...known,
    ...(promises?.availability ?? []).map(({ itemId, row: found }): [string, Row] => [itemId, found]),
  ]);
  const ids = [...new Set(sold.map(({ itemId }) => itemId))];
  for (const [itemId, found] of await readItems(
    api,
    ids.filter((id) => !rows.has(id)),
  ))
    rows.set(itemId, found);
  await readKits(
    api,
    ids.filter((id) => isKit(rows.get(id) ?? {})),
    rows,
    { split: false },
  );
  return belowCost(sold, rows, { currency, nano: exchangeOf(row) }, base);
}
