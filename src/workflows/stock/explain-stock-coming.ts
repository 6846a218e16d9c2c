import type { Api } from '../define.ts';
import { type Incoming, readIncoming } from '../incoming.ts';
import { microToNumber, sumOf } from '../numbers.ts';
import { type Row, readList, rowIn, rowsIn, textIn } from '../rows.ts';
import { plainText } from '../text.ts';
import { leftIn } from './transfer-moves.ts';

/** Goods on their way between two warehouses; quantity in 1e-6 units. */
export interface InTransit {
  readonly transfer: Row;
  readonly quantity: bigint;
}

export interface Coming {
  readonly orders: readonly Incoming[];
  readonly transfers: readonly InTransit[];
  /** More orders or transfers exist than were read. */
  readonly truncated: boolean;
}

const mostOrdersRead = 10;
const mostTransfersRead = 5;

/**
 * Purchase orders and transfers that bring an item, the soonest first; quantities known to come end the search. No call
 * where nothing comes; else one or two lists of orders, one of transfers, and a call each.
 */
export async function readComing(
  api: Api,
  itemId: string,
  known: { onOrder: bigint; inTransit: bigint },
): Promise<Coming> {
  const wanted = new Map([[itemId, known.onOrder]]);
  const { byItem, truncated } =
    known.onOrder > 0n
      ? await readIncoming(api, 'issued', { most: mostOrdersRead, wanted })
      : { byItem: new Map<string, Incoming[]>(), truncated: false };
  const moving = known.inTransit > 0n ? await readTransit(api, itemId) : { transfers: [], truncated: false };
  return {
    orders: byItem.get(itemId) ?? [],
    transfers: moving.transfers,
    truncated:
      truncated || (moving.truncated && sumOf(moving.transfers.map(({ quantity }) => quantity)) < known.inTransit),
  };
}

async function readTransit(api: Api, itemId: string): Promise<{ transfers: InTransit[]; truncated: boolean }> {
  const input = { filter_by: 'Status.InTransit', item_id: itemId };
  const { rows, complete } = await readList(api, 'list_transfers', 'transfers', input, { maxPages: 1 });
  const transfers: InTransit[] = [];
  for (const { transfer_id } of rows.slice(0, mostTransfersRead)) {
    const transfer = rowIn(await api.call('get_transfer', { transfer_id }), 'transfer');
    const quantity = transitOf(transfer, itemId);
    if (quantity > 0n) transfers.push({ transfer, quantity });
  }
  return { transfers, truncated: !complete || rows.length > mostTransfersRead };
}

const transitOf = (transfer: Row, itemId: string): bigint =>
  sumOf(
    rowsIn(transfer, 'line_items')
      .filter((line) => textIn(line, 'item_id') === itemId)
      .map(leftIn),
  );

const isLate = (expected: string, today: string) => (expected !== '' && expected < today ? { late: true } : {});

export const orderRow = (order: Incoming, today: string) => ({
  purchaseorder_number: order.number,
  purchaseorder_id: order.purchaseorderId,
  vendor: order.vendorName,
  quantity: microToNumber(order.quantity),
  warehouse: plainText(order.warehouseName, 60),
  ...(order.expected === '' ? {} : { expected: order.expected }),
  ...isLate(order.expected, today),
});

export function transferRow({ transfer, quantity }: InTransit, today: string) {
  const expected = textIn(transfer, 'expected_delivery_date');
  return {
    transfer_number: plainText(transfer.transfer_number, 40),
    transfer_id: textIn(transfer, 'transfer_id'),
    from_warehouse: plainText(transfer.from_warehouse_name, 60),
    quantity: microToNumber(quantity),
    warehouse: plainText(transfer.to_warehouse_name, 60),
    sent: textIn(transfer, 'date'),
    ...(expected === '' ? {} : { expected }),
    ...isLate(expected, today),
  };
}
