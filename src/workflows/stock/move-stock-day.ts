import { Rejected } from '../../errors.ts';
import type { Api } from '../define.ts';
import { formatMicro, microToNumber } from '../numbers.ts';
import { microIn, readList, textIn } from '../rows.ts';
import { named } from '../text.ts';
import type { Move, Warehouse } from './move-stock-stock.ts';

const mostPages = 5;

/**
 * Refuses a move on an earlier day on which the goods were not there yet: it would be drafted, and then not sent. One call
 * for 200 items of the warehouse, 5 at most; what was not read passes.
 */
export async function refuseBefore(api: Api, moves: readonly Move[], from: Warehouse, date: string): Promise<void> {
  const input = { warehouse_id: from.id, to_date: date };
  const { rows, complete } = await readList(api, 'get_stock_on_hand', 'items', input, { maxPages: mostPages });
  const then = new Map(rows.map((row) => [textIn(row, 'item_id'), microIn(row, 'on_hand') ?? 0n]));
  const short = moves.flatMap(({ itemId, sku, name, quantity }) => {
    const there = then.get(itemId) ?? (complete ? 0n : quantity);
    return there < quantity ? [{ itemId, label: named(sku, 40) || named(name), quantity, there }] : [];
  });
  if (short.length === 0) return;
  const words = short.map(({ label, quantity, there }) => `${formatMicro(there)} of ${formatMicro(quantity)} ${label}`);
  throw new Rejected(
    `On ${date} not all of this lay in ${named(from.name)}: ${words.join(', ')}. Nothing was written. Give a later date, or none for today.`,
    {
      nothingSent: true,
      facts: {
        short: short.map(({ itemId, quantity, there }) => ({
          ...{ item_id: itemId, wanted: microToNumber(quantity), there_then: microToNumber(there) },
        })),
      },
    },
  );
}
