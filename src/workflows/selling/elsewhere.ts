import {
  isKit,
  isTracked,
  promisableMicro,
  readItem,
  readPlaces,
  type WarehouseFigures,
  warehousesOf,
} from '../availability.ts';
import type { Api } from '../define.ts';
import { formatMicro, maxOf, microToNumber, sumOf } from '../numbers.ts';
import { pageSize, type Row, rowsIn, textIn } from '../rows.ts';
import { named, plainText } from '../text.ts';

/** A line as it will be ordered; quantity in 1e-6 units. */
export interface OrderedLine {
  readonly itemId: string;
  readonly sku: string;
  readonly name: string;
  /** Undefined: the API takes the primary warehouse. */
  readonly warehouseId: string | undefined;
  readonly quantity: bigint;
}

/** What the primary warehouse alone cannot fill, though it is there in all. Quantities in the item's unit. */
export interface Elsewhere {
  readonly item: string;
  readonly sku: string;
  readonly item_id: string;
  readonly ordered: number;
  /** The primary one, where the API holds the stock of lines that name none. */
  readonly warehouse: string;
  readonly can_be_promised_there: number;
  /** `15 in Newark, 5 in Portland`. */
  readonly elsewhere: string;
}

/** Items whose split is read one by one; of more only the primary warehouse is known. One call each. */
const mostSplits = 3;

/**
 * Items of lines without a warehouse of which the primary one has too little. What can be promised is counted over all
 * warehouses, but the API holds the stock at the primary one: from there it cannot be packed. One call, and where there
 * is more than one warehouse at most 3 more and a page or two.
 */
export async function readElsewhere(
  api: Api,
  lines: readonly OrderedLine[],
  known: ReadonlyMap<string, Row>,
): Promise<Elsewhere[]> {
  const rows = new Map(known);
  const placeless = lines.filter(
    ({ itemId, warehouseId }) => warehouseId === undefined && isTracked(rows.get(itemId) ?? {}),
  );
  const itemIds = [...new Set(placeless.map(({ itemId }) => itemId))];
  if (itemIds.length === 0) return [];
  const listed = rowsIn(await api.call('list_warehouses', { page: 1, per_page: pageSize }), 'warehouses');
  const active = listed.filter((row) => textIn(row, 'status') !== 'inactive');
  const primary = active.find(({ is_primary }) => is_primary === true);
  if (!primary || active.length < 2) return [];
  const primaryId = textIn(primary, 'warehouse_id');
  const wanted = (itemId: string): bigint =>
    sumOf(
      lines
        .filter((line) => line.itemId === itemId && (line.warehouseId ?? primaryId) === primaryId)
        .map(({ quantity }) => quantity),
    );
  const place = await readPrimary(api, primaryId, itemIds, rows);
  const short = itemIds.filter((itemId) => wanted(itemId) > (place(itemId, primaryId)?.available ?? 0n));
  await readSplitsOf(
    api,
    short.filter((itemId) => warehousesOf(rows.get(itemId) ?? {}).length === 0).slice(0, mostSplits),
    rows,
  );
  return short.flatMap((itemId) => {
    const split = warehousesOf(rows.get(itemId) ?? {});
    const others = split.filter(({ warehouseId, available }) => warehouseId !== primaryId && (available ?? 0n) > 0n);
    const there = place(itemId, primaryId)?.available ?? 0n;
    const line = placeless.find((one) => one.itemId === itemId);
    const row = rows.get(itemId) ?? {};
    // Where nothing lies elsewhere, the line is simply short; that is told already. A list of goods says nothing of kits.
    const nowhere = split.length > 0 ? others.length === 0 : isKit(row) || (promisableMicro(row) ?? 0n) <= there;
    if (!line || nowhere || wanted(itemId) <= there) return [];
    return [
      {
        item: line.name,
        sku: line.sku,
        item_id: itemId,
        ordered: microToNumber(wanted(itemId)),
        warehouse: plainText(primary.warehouse_name, 60),
        can_be_promised_there: microToNumber(maxOf(0n, there)),
        elsewhere: others.map(placeWords).join(', ') || 'not looked up: get_item_stock tells',
      },
    ];
  });
}

const placeWords = ({ warehouseName, available }: WarehouseFigures): string =>
  `${formatMicro(available ?? 0n)} in ${named(warehouseName)}`;

async function readSplitsOf(api: Api, itemIds: readonly string[], rows: Map<string, Row>): Promise<void> {
  for (const itemId of itemIds) {
    const row = await readItem(api, itemId);
    if (row) rows.set(itemId, row);
  }
}

/** Few items by their own split, which also tells where the rest lies; more by the list of the primary warehouse. */
async function readPrimary(api: Api, primaryId: string, itemIds: readonly string[], rows: Map<string, Row>) {
  const unread = itemIds.filter((itemId) => warehousesOf(rows.get(itemId) ?? {}).length === 0);
  if (unread.length <= mostSplits) await readSplitsOf(api, unread, rows);
  return readPlaces(
    api,
    itemIds.map((itemId) => ({ itemId, warehouseId: primaryId })),
    rows,
  );
}

/** ` Oakland alone cannot fill WBH-001, see elsewhere: ...`, a sentence for the message; empty where all is in one place. */
export function elsewhereWords(rows: readonly Elsewhere[]): string {
  const [first] = rows;
  if (!first) return '';
  const names = rows.slice(0, 3).map(({ sku, item }) => named(sku) || named(item));
  const more = rows.length > names.length ? ` and ${rows.length - names.length} more` : '';
  return ` ${named(first.warehouse)} alone cannot fill ${names.join(', ')}${more}, see elsewhere: move stock there, or give the line a warehouse.`;
}
