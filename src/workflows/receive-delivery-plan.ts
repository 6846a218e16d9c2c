import type { Plan } from './define.ts';
import { formatMicro, formatMoney, microToNumber, minorToNumber, sumOf } from './numbers.ts';
import { costInBase, dueOf, lineWords, type PurchaseLine, shortWords, statusOf } from './purchase-lines.ts';
import type { Arrival, Booking, Unbooked } from './receive-delivery-count.ts';
import type { FoundOrder } from './receive-delivery-find.ts';
import type { ReceiveSteps } from './receive-delivery-run.ts';
import { type Row, textIn } from './rows.ts';
import { counted, named, plainText, quoted } from './text.ts';

/** Goods of one item that come into one warehouse, with what lies there. */
export interface Stood {
  readonly itemId: string;
  readonly warehouseId: string;
  readonly warehouseName: string;
  /** Undefined where nobody keeps count. */
  readonly onHand: bigint | undefined;
}

/** What the plan is made of. */
export interface Receipt {
  readonly found: FoundOrder;
  readonly lines: readonly PurchaseLine[];
  readonly booking: Booking;
  /** The goods were counted; else all that is to come is taken as arrived. */
  readonly isCounted: boolean;
  /** By arrival, in its order. */
  readonly stood: readonly Stood[];
  /** Sentences on who waits for the goods. */
  readonly waiting: readonly string[];
  readonly base: string;
  readonly date: string | undefined;
  readonly notes: string | undefined;
  /** Where all goes instead of the warehouse of each line. */
  readonly warehouse: { readonly id: string; readonly name: string } | undefined;
  readonly today: string;
}

const nowOf = ({ arrivals }: Booking, line: PurchaseLine): bigint =>
  sumOf(arrivals.filter((arrival) => arrival.line === line).map(({ now }) => now));

const leftAfter = ({ lines, booking }: Receipt): { line: PurchaseLine; left: bigint }[] =>
  lines.map((line) => ({ line, left: line.left - nowOf(booking, line) })).filter(({ left }) => left > 0n);

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

/** What a person reads before the yes: each line, stock, value, what is short, what is not booked, what cannot be undone. */
function previewOf(receipt: Receipt, left: readonly { line: PurchaseLine; left: bigint }[], status: string): string[] {
  const { found, booking, stood, base, date, notes, isCounted, waiting, today } = receipt;
  const { order, because } = found;
  const number = named(order.purchaseorder_number, 40);
  const due = dueOf(order);
  const worth = booking.arrivals.map(({ line, now }) => costInBase(line, now, order.exchange_rate, base));
  const head = `${number} of ${named(order.vendor_name)}, ${textIn(order, 'date')}${due === '' ? '' : `, due ${due}${due < today ? ', late' : ''}`}`;
  return [
    `Book into stock from ${head}${because === '' ? '' : ` (${because})`}:`,
    ...booking.arrivals.map((arrival, index) => arrivalLine(arrival, index, receipt, worth[index] ?? 0n)),
    `Value at cost: ${formatMoney(sumOf(worth), base)}.`,
    ...(isCounted ? [] : ['Nobody gave a count: all that is still to come is taken as arrived.']),
    ...elsewhereWords(receipt),
    ...leftWords(left),
    ...unbookedWords(booking.unbooked),
    `${number}: ${textIn(order, 'status').replace(/_/g, ' ')} -> ${status.replace(/_/g, ' ')}.`,
    ...waiting,
    ...(date === undefined || date === today ? [] : [`Received on ${date}.`]),
    ...(date !== undefined && date < textIn(order, 'date')
      ? [`That is before the order's own date, ${textIn(order, 'date')}.`]
      : []),
    ...(notes ? [`Notes: ${quoted(notes)}`] : []),
    ...(stood.some(({ onHand }) => onHand === undefined)
      ? ['Where no stock is shown, none is counted or it cannot be told.']
      : []),
    'Receiving cannot be undone by this server; a wrong count is put right with create_stock_adjustment.',
  ];
}

function arrivalLine({ line, now }: Arrival, index: number, { booking, stood, base }: Receipt, worth: bigint): string {
  const place = stood[index];
  // Earlier lines of the same goods come into the same place first.
  const earlier = booking.arrivals
    .slice(0, index)
    .filter((_, at) => stood[at]?.itemId === place?.itemId && stood[at]?.warehouseId === place?.warehouseId);
  const onHand = place?.onHand === undefined ? undefined : place.onHand + sumOf(earlier.map((one) => one.now));
  const where = place && place.warehouseName !== '' ? `${named(place.warehouseName)} ` : '';
  const unit = line.unit === '' ? '' : ` ${named(line.unit, 20)}`;
  const counts = [
    `ordered ${formatMicro(line.quantity)}`,
    `received before ${formatMicro(line.received)}`,
    `left after ${formatMicro(line.left - nowOf(booking, line))}`,
  ];
  const stock = onHand === undefined ? '' : `; ${where}on hand ${formatMicro(onHand)} -> ${formatMicro(onHand + now)}`;
  return `- ${formatMicro(now)}${unit} ${lineWords(line)}: ${counts.join(', ')}${stock}; ${formatMoney(worth, base)}`;
}

/** Goods that go elsewhere than the order said. */
function elsewhereWords({ booking, warehouse }: Receipt): string[] {
  const meant = booking.arrivals.filter(({ line }) => warehouse && line.warehouseId !== warehouse.id);
  const places = [...new Set(meant.map(({ line }) => named(line.warehouseName)))].filter(Boolean);
  return places.length === 0 ? [] : [`Into ${named(warehouse?.name)}, where the order says ${places.join(', ')}.`];
}

/** What did not come and is still awaited. */
function leftWords(left: readonly { line: PurchaseLine; left: bigint }[]): string[] {
  if (left.length === 0) return [];
  const words = left.slice(0, 20).map(({ line, left: quantity }) => `${formatMicro(quantity)} ${shortWords(line)}`);
  const rest = left.length - words.length;
  return [`Did not come, stays on order: ${words.join(', ')}${rest > 0 ? ` and ${counted(rest, 'more line')}` : ''}.`];
}

function unbookedWords(unbooked: readonly Unbooked[]): string[] {
  const of = (why: Unbooked['why']): string =>
    unbooked
      .filter((one) => one.why === why)
      .map((one) => `${formatMicro(one.quantity)} ${shortWords(one)}`)
      .join(', ');
  const [surplus, strange] = [of('surplus'), of('not on the order')];
  return [
    ...(surplus === ''
      ? []
      : [
          `Not booked, more than ordered: ${surplus}. To book it too, raise the line first with update_purchase_order.`,
        ]),
    ...(strange === ''
      ? []
      : [`Not booked, not on this order: ${strange}. Receive it against its own order, or send it back.`]),
  ];
}
