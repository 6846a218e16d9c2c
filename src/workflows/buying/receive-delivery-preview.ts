import { formatMicro, formatMoney, sumOf } from '../numbers.ts';
import { textIn } from '../rows.ts';
import { counted, named, quoted } from '../text.ts';
import { costInBase, dueOf, lineWords, type PurchaseLine, shortWords } from './purchase-lines.ts';
import type { Arrival, Booking, Unbooked } from './receive-delivery-count.ts';
import type { FoundOrder } from './receive-delivery-find.ts';

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
  /** What is said of goods that are kept by serial number or batch. */
  readonly tracked: readonly string[];
  /** Where all goes instead of the warehouse of each line. */
  readonly warehouse: { readonly id: string; readonly name: string } | undefined;
  readonly today: string;
}

/** Booked now on a line. */
export const nowOf = ({ arrivals }: Booking, line: PurchaseLine): bigint =>
  sumOf(arrivals.filter((arrival) => arrival.line === line).map(({ now }) => now));

/** Lines of which something is still to come afterwards. */
export const leftAfter = ({ lines, booking }: Receipt): { line: PurchaseLine; left: bigint }[] =>
  lines.map((line) => ({ line, left: line.left - nowOf(booking, line) })).filter(({ left }) => left > 0n);

/** What a person reads before the yes: each line, stock, value, what is short, what is not booked, what cannot be undone. */
export function previewOf(
  receipt: Receipt,
  left: readonly { line: PurchaseLine; left: bigint }[],
  status: string,
): string[] {
  const { found, booking, stood, base, date, notes, isCounted, waiting, tracked, today } = receipt;
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
    ...tracked,
    ...(date === undefined || date === today ? [] : [`Received on ${date}.`]),
    ...(date !== undefined && date < textIn(order, 'date')
      ? [`That is before the order's own date, ${textIn(order, 'date')}.`]
      : []),
    ...(notes ? [`Notes: ${quoted(notes)}`] : []),
    ...(stood.some(({ onHand }) => onHand === undefined)
      ? ['Where no stock is shown, none is counted or it cannot be told.']
      : []),
    'Receiving cannot be undone by this server; a wrong count is put right with set_stock_levels.',
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
export function leftWords(left: readonly { line: PurchaseLine; left: bigint }[]): string[] {
  if (left.length === 0) return [];
  const words = left.slice(0, 20).map(({ line, left: quantity }) => `${formatMicro(quantity)} ${shortWords(line)}`);
  const rest = left.length - words.length;
  return [`Did not come, stays on order: ${words.join(', ')}${rest > 0 ? ` and ${counted(rest, 'more line')}` : ''}.`];
}

export function unbookedWords(unbooked: readonly Unbooked[]): string[] {
  const of = (why: Unbooked['why']): string =>
    unbooked
      .filter((one) => one.why === why)
      .map((one) => `${formatMicro(one.quantity)} ${shortWords(one)}`)
      .join(', ');
  const [surplus, strange] = [of('surplus'), of('not on the order')];
  return [
    ...(surplus === ''
      ? []
      : [`Not booked, more than ordered: ${surplus}. To book it too, raise the line first with amend_order.`]),
    ...(strange === ''
      ? []
      : [`Not booked, not on this order: ${strange}. Receive it against its own order, or send it back.`]),
  ];
}
