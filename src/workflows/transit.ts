import type { Api } from './define.ts';
import type { Incoming, IncomingByItem } from './incoming.ts';
import { maxOf } from './numbers.ts';
import { microIn, type Row, readList, rowIn, rowsIn, textIn } from './rows.ts';
import { plainText } from './text.ts';

/** Goods that a transfer brings from another warehouse; quantity in 1e-6 units. */
export interface InTransit {
  readonly transferId: string;
  readonly number: string;
  readonly fromName: string;
  /** yyyy-mm-dd. */
  readonly sent: string;
  /** yyyy-mm-dd; empty when nobody said. */
  readonly expected: string;
  readonly quantity: bigint;
  readonly warehouseId: string;
  readonly warehouseName: string;
}

/** What brings goods: a purchase order or a transfer. */
export type Arrival = Incoming | InTransit;

/** Both by item, purchase orders first. */
export function arrivalsOf(
  bought: Pick<IncomingByItem, 'byItem'>,
  moved: Pick<TransitByItem, 'byItem'>,
): Map<string, Arrival[]> {
  const arrivals = new Map<string, Arrival[]>();
  for (const { byItem } of [bought, moved])
    for (const [itemId, some] of byItem) arrivals.set(itemId, [...(arrivals.get(itemId) ?? []), ...some]);
  return arrivals;
}

export const isTransfer = (arrival: Arrival): arrival is InTransit => 'transferId' in arrival;

export interface TransitByItem {
  readonly byItem: ReadonlyMap<string, InTransit[]>;
  /** True when more transfers are on their way than were read. */
  readonly truncated: boolean;
}

export const nothingMoves: TransitByItem = { byItem: new Map(), truncated: false };

interface Wanted {
  readonly itemIds: ReadonlySet<string>;
  /** Only transfers to these; left out: to any. */
  readonly warehouseIds?: ReadonlySet<string>;
  /** Transfers read at most. */
  readonly most: number;
}

/** What transfers that were sent have not brought yet. One list, and a call each transfer. */
export async function readTransit(api: Api, { itemIds, warehouseIds, most }: Wanted): Promise<TransitByItem> {
  if (itemIds.size === 0) return nothingMoves;
  const [only] = itemIds.size === 1 ? itemIds : [];
  const [place] = warehouseIds?.size === 1 ? warehouseIds : [];
  const filter = {
    filter_by: 'Status.InTransit',
    ...(only === undefined ? {} : { item_id: only }),
    ...(place === undefined ? {} : { warehouse_id: place }),
  };
  const listing = await readList(api, 'list_transfers', 'transfers', filter, { maxPages: 1 });
  const towards = listing.rows.filter((row) => warehouseIds?.has(textIn(row, 'to_warehouse_id')) ?? true);
  const byItem = new Map<string, InTransit[]>();
  for (const { transfer_id } of towards.slice(0, most)) {
    const transfer = rowIn(await api.call('get_transfer', { transfer_id }), 'transfer');
    for (const line of rowsIn(transfer, 'line_items')) {
      const [itemId, quantity] = [textIn(line, 'item_id'), leftIn(line)];
      if (quantity > 0n && itemIds.has(itemId)) add(byItem, itemId, inTransit(transfer, quantity));
    }
  }
  return { byItem, truncated: !listing.complete || towards.length > most };
}

/** Two lines of one item in one transfer come together. */
function add(byItem: Map<string, InTransit[]>, itemId: string, one: InTransit): void {
  const others = byItem.get(itemId) ?? [];
  const same = others.find(({ transferId }) => transferId === one.transferId);
  const rest = others.filter((other) => other !== same);
  byItem.set(itemId, [...rest, same ? { ...same, quantity: same.quantity + one.quantity } : one]);
}

const inTransit = (transfer: Row, quantity: bigint): InTransit => ({
  transferId: textIn(transfer, 'transfer_id'),
  number: plainText(transfer.transfer_number, 40),
  fromName: plainText(transfer.from_warehouse_name, 60),
  sent: textIn(transfer, 'date'),
  expected: textIn(transfer, 'expected_delivery_date'),
  quantity,
  warehouseId: textIn(transfer, 'to_warehouse_id'),
  warehouseName: textIn(transfer, 'to_warehouse_name'),
});

/** What a line of a transfer took and has not brought. */
const leftIn = (line: Row): bigint =>
  maxOf(
    0n,
    microIn(line, 'quantity_in_transit') ??
      (microIn(line, 'quantity') ?? 0n) - (microIn(line, 'quantity_received') ?? 0n),
  );
