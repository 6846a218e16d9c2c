import { aboutDocument } from '../about.ts';
import type { Plan } from '../define.ts';
import { formatMicro, microToNumber, minorToNumber, sumOf } from '../numbers.ts';
import { type Row, textIn } from '../rows.ts';
import { counted, named, plainText } from '../text.ts';
import { costInBase, shortWords, statusOf } from './purchase-lines.ts';
import type { Arrival, Booking } from './receive-delivery-count.ts';
import { leftAfter, leftWords, nowOf, previewOf, type Receipt, unbookedWords } from './receive-delivery-preview.ts';
import type { ReceiveSteps } from './receive-delivery-run.ts';

/** Words and figures of one receipt, and the very input of its write. */
export function planReceipt(receipt: Receipt): Plan<ReceiveSteps> {
  const { found, booking, base, lines, stood } = receipt;
  const { order } = found;
  const number = plainText(order.purchaseorder_number, 40);
  const vendor = plainText(order.vendor_name, 60);
  const { arrivals, unbooked } = booking;
  const left = leftAfter(receipt);
  const status = arrivals.length === 0 ? statusOf(order) : left.length === 0 ? 'closed' : 'partially_received';
  const nothing =
    arrivals.length > 0
      ? undefined
      : `${named(number, 40)} from ${named(vendor)} has nothing to come any more; nothing was done.`;
  const contents = contentsOf(arrivals, 300);
  const rows = arrivals.map((arrival) => factsOf(arrival, booking, order, base));
  const notBooked = unbooked.map(({ name, sku, itemId, quantity, why }) => ({
    item: name,
    sku,
    item_id: itemId,
    quantity: microToNumber(quantity),
    reason: why,
  }));
  return {
    summary: nothing ?? summaryOf(receipt, number, vendor),
    preview: nothing === undefined ? previewOf(receipt, left, status) : [nothing],
    facts: {
      purchaseorder_id: textIn(order, 'purchaseorder_id'),
      purchaseorder_number: number,
      lines: rows,
      ...(notBooked.length === 0 ? {} : { not_booked: notBooked }),
    },
    restsOn: {
      purchaseorder_id: textIn(order, 'purchaseorder_id'),
      status: textIn(order, 'status'),
      last_modified_time: textIn(order, 'last_modified_time'),
      lines: lines.map(({ lineId, quantity, received, warehouseId }) => [
        lineId,
        formatMicro(quantity),
        formatMicro(received),
        warehouseId,
      ]),
      stock: stood.map(({ itemId, warehouseId, onHand }) => [
        itemId,
        warehouseId,
        onHand === undefined ? '' : formatMicro(onHand),
      ]),
    },
    steps: {
      ...{ purchaseorder_id: textIn(order, 'purchaseorder_id'), number, vendor, contents, status },
      ...(nothing === undefined ? { receive: receiveInput(receipt) } : { nothing }),
      lines: rows,
      unbooked: notBooked,
      notes: [...leftWords(left), ...unbookedWords(unbooked), ...receipt.waiting],
    },
    documents: arrivals.length === 0 ? 0 : 1,
    raises: [],
    // Nothing is ordered by it: that was counted when the order was issued.
    amountMinor: 0,
    ...(nothing === undefined ? {} : { nothingToDo: true }),
    about: aboutDocument('purchaseorder_id', textIn(order, 'purchaseorder_id')),
  };
}

const receiveInput = ({ found, booking, date, notes, warehouse }: Receipt): Record<string, unknown> => ({
  purchaseorder_id: textIn(found.order, 'purchaseorder_id'),
  ...(date === undefined ? {} : { receive_date: date }),
  line_items: booking.arrivals.map(({ line, now }) => ({
    line_item_id: line.lineId,
    quantity_received: microToNumber(now),
    ...(warehouse === undefined ? {} : { warehouse_id: warehouse.id }),
  })),
  ...(notes === undefined ? {} : { notes }),
});

/** `40 DMAT, 100 UCC-1M and 3 more items`, in about `room` characters. */
function contentsOf(arrivals: readonly Arrival[], room: number): string {
  const byItem = new Map<string, Arrival>();
  for (const { line, now } of arrivals)
    byItem.set(line.itemId, { line, now: now + (byItem.get(line.itemId)?.now ?? 0n) });
  const parts = [...byItem.values()].map(({ line, now }) => `${formatMicro(now)} ${shortWords(line)}`);
  let shown = parts.length;
  while (shown > 1 && parts.slice(0, shown).join(', ').length > room) shown -= 1;
  const rest = parts.length - shown;
  return `${parts.slice(0, shown).join(', ')}${rest > 0 ? ` and ${counted(rest, 'more item')}` : ''}`;
}

/** One line: which order, what is booked, where, and that something is not. */
function summaryOf({ booking, stood }: Receipt, number: string, vendor: string): string {
  const places = [...new Set(stood.map(({ warehouseName }) => named(warehouseName, 30)))].filter(Boolean);
  const into =
    places.length === 0
      ? ''
      : places.length > 2
        ? ` into ${places.length} warehouses`
        : ` into ${places.join(' and ')}`;
  const unbooked =
    booking.unbooked.length === 0
      ? ''
      : `; ${formatMicro(sumOf(booking.unbooked.map(({ quantity }) => quantity)))} not booked`;
  return `Receive ${named(number, 40)}, ${named(vendor, 30)}: ${contentsOf(booking.arrivals, 50)}${into}${unbooked}`;
}

function factsOf({ line, now }: Arrival, booking: Booking, order: Row, base: string) {
  return {
    sku: line.sku,
    item_id: line.itemId,
    quantity_received: microToNumber(now),
    left: microToNumber(line.left - nowOf(booking, line)),
    value: minorToNumber(costInBase(line, now, order.exchange_rate, base), base),
  };
}
