import { isKit, isTracked, onOrderOf, readItems } from '../availability.ts';
import type { Api, Raise } from '../define.ts';
import { formatMicro, sumOf } from '../numbers.ts';
import { type LineChanges, lineChanges, type OrderLine, outstanding, placedBy } from '../order-lines.ts';
import { listed } from '../order-rules.ts';
import { type Promises, promiseLines, readPromises, restsOnStock } from '../promises.ts';
import { beforeAfter, itemLabel, quantityText, unitOf } from '../record-words.ts';
import type { AnyOrder } from '../resolve-order.ts';
import { microIn, pageSize, type Row, rowsIn, textIn } from '../rows.ts';
import { named } from '../text.ts';
import type { Amended } from './amend-order-lines.ts';

/** What the new list does to the lines and to stock. */
export interface Effects {
  /** The list to send; undefined where every line stays as it is. */
  readonly sent: readonly Row[] | undefined;
  /** The same, with what the catalog calls the new ones: only words are made of it. */
  readonly named?: readonly Row[];
  readonly changes: LineChanges;
  readonly promises: Promises | undefined;
  /** What becomes of stock, a line each. */
  readonly words: readonly string[];
  readonly restsOn: unknown;
}

/** Reads what there is of the items whose lines change, and of no others: what stays takes the same as before. */
export async function readEffects(api: Api, { kind, row }: AnyOrder, { sent, rows }: Amended): Promise<Effects> {
  const bare = lineChanges(row, sent.length > 0 ? { line_items: sent } : {});
  const changed = new Set(
    [
      ...bare.dropped,
      ...bare.added,
      ...bare.kept.flatMap(({ before, after }) => (before.quantity === after.quantity ? [] : [before])),
    ].map(({ itemId }) => itemId),
  );
  const isPriced = bare.kept.some(({ before, after }) => before.rate !== after.rate);
  if (changed.size === 0 && !isPriced)
    return { sent: undefined, changes: bare, promises: undefined, words: [], restsOn: null };
  const changes = await withNames(api, bare, rows, kind);
  const named = sent.map((line) => {
    const { name, sku, unit } = rows.get(textIn(line, 'item_id')) ?? {};
    return line.line_item_id === undefined ? { name, sku, unit, ...line } : line;
  });
  const same = { sent, named, changes, promises: undefined, restsOn: null };
  if (changed.size === 0) return { ...same, words: ['No stock changes.'] };
  if (textIn(row, 'status').toLowerCase() === 'draft')
    return {
      ...same,
      words: [`A draft: nothing is ${kind === 'sales' ? 'reserved' : 'on order'} yet, no stock changes.`],
    };
  const waits = (line: OrderLine): boolean => changed.has(line.itemId) && outstanding(line) > 0n;
  const [before, after] = [linesBefore(changes).filter(waits), changes.after.filter(waits)];
  if (kind === 'purchase') return { ...same, ...(await onOrder(api, before, after)) };
  const promises = await readPromises(api, before, after);
  const words = promiseLines(promises);
  return {
    ...same,
    promises,
    words: words.length > 0 ? words : ['No stock changes.'],
    restsOn: restsOnStock(promises.availability),
  };
}

/** The lines as they stand, whatever becomes of them. */
export const linesBefore = ({ kept, dropped }: LineChanges): OrderLine[] => [
  ...kept.map(({ before }) => before),
  ...dropped,
];

/**
 * Somebody who names another warehouse for an item of the order mostly means to move its line, and would double it: asked,
 * unless a line of the item falls or goes in the same call.
 */
export function besideRaises({ kept, dropped, added }: LineChanges): Raise[] {
  const words = added.flatMap((line) => {
    const same = kept.filter(({ before }) => before.itemId === line.itemId);
    const isMoved = dropped.some(({ itemId }) => itemId === line.itemId);
    if (same.length === 0 || isMoved || same.some(({ before, after }) => after.quantity < before.quantity)) return [];
    const there = same.map(({ after }) => `${quantityText(after.quantity, after.unit)}${inPlace(after)}`);
    return [`${quantityText(line.quantity, line.unit)} ${line.label}${inPlace(line)} beside ${listed(there)}`];
  });
  if (words.length === 0) return [];
  const reason = `The order has this already, and gets more of it: ${listed(words)}. To move a line instead, give the old one quantity 0 in the same call.`;
  return [{ rule: 'beside', reason }];
}

const inPlace = ({ warehouseName }: OrderLine): string =>
  warehouseName === '' ? '' : ` in ${named(warehouseName, 60)}`;

/** New lines only name ids: their items were read, their warehouses may cost one call. */
async function withNames(
  api: Api,
  changes: LineChanges,
  rows: ReadonlyMap<string, Row>,
  kind: AnyOrder['kind'],
): Promise<LineChanges> {
  if (changes.added.length === 0) return changes;
  const strange = changes.added.some(({ warehouseId }) => warehouseId !== '');
  const listed = strange
    ? rowsIn(await api.call('list_warehouses', { page: 1, per_page: pageSize }), 'warehouses')
    : [];
  const nameOf = (id: string) =>
    named(listed.find((row) => textIn(row, 'warehouse_id') === id)?.warehouse_name, 60) || `warehouse ${id}`;
  // A sale takes the item's tax; whether a purchase does is not said where the others are taxed.
  const isUntaxed = linesBefore(changes).every(({ taxPercent }) => taxPercent === 0n);
  const taxOf = (row: Row): bigint | undefined =>
    kind === 'purchase' ? (isUntaxed ? 0n : undefined) : row.is_taxable === false ? 0n : microIn(row, 'tax_percentage');
  const added = placedBy(changes.added, nameOf).map((line) => {
    const row = rows.get(line.itemId);
    return row ? { ...line, label: itemLabel(row), unit: unitOf(row), taxPercent: taxOf(row) } : line;
  });
  return { ...changes, added, after: [...changes.kept.map(({ after }) => after), ...added] };
}

/** What is on order of goods whose stock is kept. */
async function onOrder(
  api: Api,
  before: readonly OrderLine[],
  after: readonly OrderLine[],
): Promise<Pick<Effects, 'words' | 'restsOn'>> {
  const rows = await readItems(api, [...new Set([...before, ...after].map(({ itemId }) => itemId))]);
  const waiting = (lines: readonly OrderLine[], itemId: string): bigint =>
    sumOf(lines.filter((line) => line.itemId === itemId).map(outstanding));
  const words = [...rows].flatMap(([itemId, row]) => {
    if (!isTracked(row) || isKit(row)) return [];
    const now = onOrderOf(row);
    const then = now + waiting(after, itemId) - waiting(before, itemId);
    return [`${itemLabel(row)}: ${beforeAfter('on order', now, then, unitOf(row))}`];
  });
  return { words, restsOn: [...rows].map(([itemId, row]) => [itemId, formatMicro(onOrderOf(row))]) };
}
