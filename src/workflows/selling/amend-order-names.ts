import { InvalidArguments } from '../../errors.ts';
import { decide, itemNaming, type Problem } from '../match.ts';
import { formatMicro } from '../numbers.ts';
import { lineText, type OrderLine } from '../order-lines.ts';
import { type Row, textIn } from '../rows.ts';
import { named, plainText, quoted } from '../text.ts';

/** What the caller wants of one line. */
export interface LineWish {
  readonly item: string;
  readonly quantity?: number | undefined;
  readonly rate?: number | undefined;
  readonly warehouse?: string | undefined;
}

/** A line of the order with its row as read. */
export interface Held {
  readonly row: Row;
  readonly line: OrderLine;
}

/** A wish with the warehouse it names, found. */
export type Wished = LineWish & { readonly placeId: string; readonly placeName: string };

export const unclear = (message: string): InvalidArguments =>
  new InvalidArguments(`${message} Nothing was written.`, { nothingSent: true });

/** What a wish names. */
export type Found = { readonly held: Held } | { readonly problem: Problem } | { readonly isNew: true };

/** The line of that id, or of that item (and warehouse, where one is named); else a new one. */
export function lineNamed(held: readonly Held[], wish: Wished): Found {
  const byId = held.find(({ line }) => line.lineId !== '' && line.lineId === wish.item.trim());
  if (byId) {
    if (wish.placeId !== '' && wish.placeId !== byId.line.warehouseId)
      throw unclear(`The line ${byId.line.lineId} is not in ${named(wish.placeName)}; a line's warehouse stays.`);
    return { held: byId };
  }
  const goods = new Map(held.map(({ row }) => [textIn(row, 'item_id'), row]));
  const choice = decide([...goods.values()].map(withoutStatus), wish.item, itemNaming, { forWrite: false });
  if ('problem' in choice) return choice.problem.reason === 'not found' ? { isNew: true } : choice;
  const itemId = textIn(choice.row, 'item_id');
  const same = held.filter(
    ({ line }) => line.itemId === itemId && (wish.placeId === '' || line.warehouseId === wish.placeId),
  );
  const [only] = same;
  if (!only) return { isNew: true };
  return same.length === 1 ? { held: only } : { problem: severalLines(wish.item, same) };
}

// Of the item on a line only id and names count here: what is ordered already may be inactive by now.
const withoutStatus = ({ status: _, ...row }: Row): Row => row;

function severalLines(asked: string, same: readonly Held[]): Problem {
  const words = same.map(({ line }) => `${lineText(line, '')} (line_item_id ${line.lineId})`);
  return {
    asked: plainText(asked),
    reason: 'ambiguous',
    message: `${quoted(asked, 80)} stands on ${same.length} lines: ${words.join('; ')}. Say which by its line_item_id.`,
    candidates: same.map(({ line }) => ({
      line_item_id: line.lineId,
      quantity: formatMicro(line.quantity),
      ...(line.warehouseName === '' ? {} : { warehouse: plainText(line.warehouseName, 60) }),
    })),
  };
}
