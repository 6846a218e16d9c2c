import type { Api } from '../define.ts';
import { type Incoming, readIncoming } from '../incoming.ts';
import { microToNumber, sumOf } from '../numbers.ts';
import { plainText } from '../text.ts';
import { type InTransit, nothingMoves, readTransit } from '../transit.ts';

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
  const moving =
    known.inTransit > 0n
      ? await readTransit(api, { itemIds: new Set([itemId]), most: mostTransfersRead })
      : nothingMoves;
  const transfers = moving.byItem.get(itemId) ?? [];
  return {
    orders: byItem.get(itemId) ?? [],
    transfers,
    truncated: truncated || (moving.truncated && sumOf(transfers.map(({ quantity }) => quantity)) < known.inTransit),
  };
}

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

export const transferRow = (transfer: InTransit, today: string) => ({
  transfer_number: transfer.number,
  transfer_id: transfer.transferId,
  from_warehouse: transfer.fromName,
  quantity: microToNumber(transfer.quantity),
  warehouse: plainText(transfer.warehouseName, 60),
  sent: transfer.sent,
  ...(transfer.expected === '' ? {} : { expected: transfer.expected }),
  ...isLate(transfer.expected, today),
});
