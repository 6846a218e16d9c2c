import { Rejected } from '../../errors.ts';
import type { Api } from '../define.ts';
import { decide, itemNaming } from '../match.ts';
import { formatMicro, maxOf, microToNumber, minOf, parseMicro, sumOf } from '../numbers.ts';
import { lookUpWarehouses, refuseProblems } from '../resolve.ts';
import { textIn } from '../rows.ts';
import { itemWords, named, plainText } from '../text.ts';
import type { Line } from './fulfil-sales-order-lines.ts';
import type { Earlier } from './record-return-earlier.ts';

const one = 1_000_000n;

export interface ReturnWish {
  readonly item: string;
  readonly quantity: number;
  readonly warehouse?: string | undefined;
  readonly damaged?: boolean | undefined;
}

/** What came back of one line of the order; quantity in 1e-6 units. */
export interface Returned {
  readonly line: Line;
  readonly quantity: bigint;
  readonly warehouseId: string;
  readonly warehouseName: string;
  readonly isDamaged: boolean;
}

/** What goes back on a shelf: parts instead of kits. */
export interface Back {
  readonly itemId: string;
  readonly warehouseId: string;
  readonly warehouseName: string;
  readonly quantity: bigint;
}

/** The goods of one unit of a line. */
const goodsOf = ({ itemId, parts }: Line): readonly { itemId: string; needed: bigint }[] =>
  parts.length > 0 ? parts : [{ itemId, needed: one }];

const labelOf = ({ sku, name }: Line): string => itemWords({ sku, item: name });

/** Finds each wish among the order's lines; what stands on two lines is taken from them in their order. One call where a warehouse is named. */
export async function returnedLines(
  api: Api,
  lines: readonly Line[],
  wishes: readonly ReturnWish[],
): Promise<Returned[]> {
  const rows = [...new Map(lines.map((line) => [line.itemId, line])).values()].map(({ itemId, name, sku }) => ({
    item_id: itemId,
    name,
    sku,
  }));
  const places = await lookUpWarehouses(
    api,
    wishes.flatMap(({ warehouse }) => (warehouse === undefined ? [] : [warehouse])),
    { forWrite: true },
  );
  const choices = wishes.map(({ item }) => decide(rows, item, itemNaming, { forWrite: true, near: rows }));
  refuseProblems([...places.problems, ...choices.flatMap((choice) => ('problem' in choice ? [choice.problem] : []))]);
  const left = new Map(lines.map((line) => [line, line.shipped]));
  return wishes.flatMap((wish, index) => {
    const choice = choices[index];
    const itemId = choice && 'row' in choice ? textIn(choice.row, 'item_id') : '';
    const own = lines.filter((line) => line.itemId === itemId);
    const place = wish.warehouse === undefined ? undefined : places.found.get(wish.warehouse);
    let still = parseMicro(wish.quantity) ?? 0n;
    return own.flatMap((line, at): Returned[] => {
      refuseStockless(line);
      // What is beyond all lines stays on the last one, so that it is seen and refused.
      const part = at === own.length - 1 ? still : minOf(still, left.get(line) ?? 0n);
      still -= part;
      left.set(line, maxOf(0n, (left.get(line) ?? 0n) - part));
      if (part === 0n) return [];
      return [
        {
          line,
          quantity: part,
          warehouseId: place ? textIn(place, 'warehouse_id') : line.warehouseId,
          warehouseName: place ? plainText(place.warehouse_name, 60) : line.warehouseName,
          isDamaged: wish.damaged ?? false,
        },
      ];
    });
  });
}

/** Services do not come back, and a kit only as the parts that the order keeps. */
function refuseStockless(line: Line): void {
  const why = !line.isCarried
    ? 'is a service, which cannot be put back'
    : line.isKit && line.parts.length === 0
      ? 'is a kit whose parts the order does not tell: put its parts back with set_stock_levels'
      : '';
  if (why === '') return;
  throw new Rejected(`${labelOf(line)} ${why}. Nothing was written.`, {
    nothingSent: true,
    facts: { item_id: line.itemId },
  });
}

/** Throws Rejected with a table where more came back than was shipped, less what came back before. */
export function refuseBeyond(
  lines: readonly Line[],
  returned: readonly Returned[],
  earlier: Earlier,
  number: string,
): void {
  const wanted = (itemId: string): bigint =>
    sumOf(returned.flatMap(({ line, quantity }) => goodsIn(line, quantity, itemId)));
  const shipped = (itemId: string): bigint => sumOf(lines.flatMap((line) => goodsIn(line, line.shipped, itemId)));
  const beyond = new Map<string, { label: string; wanted: bigint; shipped: bigint; before: bigint }>();
  for (const { line } of returned) {
    const own = sumOf(returned.filter((other) => other.line.itemId === line.itemId).map(({ quantity }) => quantity));
    const sent = sumOf(lines.filter(({ itemId }) => itemId === line.itemId).map((other) => other.shipped));
    const alone = line.parts.length > 0 ? 0n : cameAlone(line.itemId, lines, earlier);
    if (own > sent - alone)
      beyond.set(line.itemId, { label: labelOf(line), wanted: own, shipped: sent, before: alone });
    for (const { itemId } of goodsOf(line)) {
      const before = earlier.byItem.get(itemId) ?? 0n;
      const part = line.parts.find((one) => one.itemId === itemId);
      const label = part ? `${part.name || `item ${itemId}`}, part of ${labelOf(line)}` : labelOf(line);
      if (beyond.has(line.itemId) || wanted(itemId) <= shipped(itemId) - before) continue;
      beyond.set(itemId, { label, wanted: wanted(itemId), shipped: shipped(itemId), before });
    }
  }
  if (beyond.size === 0) return;
  const words = [...beyond.values()].map(
    (row) =>
      `${row.label}: ${formatMicro(row.wanted)} came back, ${formatMicro(row.shipped)} shipped, ${formatMicro(row.before)} returned before`,
  );
  throw new Rejected(
    `More came back than ${named(number, 40)} sent out. Nothing was written.\n${words.join('\n')}\nReturn less, or name the order the rest belongs to; goods of no order: set_stock_levels.`,
    {
      nothingSent: true,
      facts: {
        too_much: [...beyond].map(([itemId, row]) => ({
          item_id: itemId,
          wanted: microToNumber(row.wanted),
          shipped: microToNumber(row.shipped),
          returned_before: microToNumber(row.before),
        })),
      },
    },
  );
}

/**
 * How many of an item must have come back by themselves before: the rest of what was put back can be parts of kits, as far as
 * their other parts came back too. Without it the parts of kits that are still out would make room for the same goods twice.
 */
function cameAlone(itemId: string, lines: readonly Line[], { byItem }: Earlier): bigint {
  const asParts = sumOf(
    lines.flatMap(({ parts, shipped }) => {
      const own = parts.find((part) => part.itemId === itemId);
      if (!own) return [];
      const kits = parts
        .filter(({ needed }) => needed > 0n)
        .map((part) => ((byItem.get(part.itemId) ?? 0n) * one) / part.needed);
      return [(kits.reduce(minOf, shipped) * own.needed) / one];
    }),
  );
  return maxOf(0n, (byItem.get(itemId) ?? 0n) - asParts);
}

const goodsIn = (line: Line, quantity: bigint, itemId: string): bigint[] =>
  goodsOf(line)
    .filter((goods) => goods.itemId === itemId)
    .map(({ needed }) => (quantity * needed) / one);

/** What goes back, goods of one shelf together; damaged goods do not. */
export function backOf(returned: readonly Returned[]): Back[] {
  const shelves = new Map<string, Back>();
  for (const { line, quantity, warehouseId, warehouseName, isDamaged } of returned) {
    for (const { itemId, needed } of isDamaged ? [] : goodsOf(line)) {
      const key = `${itemId} ${warehouseId}`;
      const sum = (shelves.get(key)?.quantity ?? 0n) + (quantity * needed) / one;
      shelves.set(key, { itemId, warehouseId, warehouseName, quantity: sum });
    }
  }
  return [...shelves.values()];
}
