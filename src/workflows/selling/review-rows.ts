import { daysBetween } from '../days.ts';
import { incomingWords } from '../incoming.ts';
import { formatMicro, microToNumber } from '../numbers.ts';
import { isUnsent } from '../open-orders.ts';
import { type Row, textIn } from '../rows.ts';
import { named, plainText } from '../text.ts';
import { type Arrival, isTransfer } from '../transit.ts';
import type { WaitingOrder } from './review-orders-read.ts';
import { type Claimant, type Share, wantedOf } from './review-sharing.ts';
import { itemIn, placeIn, type Stock } from './review-stock.ts';

/** What was found out about the waiting orders. */
export interface Review {
  readonly all: readonly WaitingOrder[];
  /** Those asked for. */
  readonly orders: readonly WaitingOrder[];
  readonly shares: ReadonlyMap<string, Share>;
  readonly stock: Stock;
  readonly coming: ReadonlyMap<string, readonly Arrival[]>;
  readonly today: string;
}

const label = (row: Row): string => named(row.sku, 40) || named(row.name);

/** True where nothing but hands is wanting: packed whole, or enough there for all of it. */
export function shipsWhole({ id, step, lines }: WaitingOrder, shares: ReadonlyMap<string, Share>): boolean {
  if (step === 'to ship') return true;
  return step !== 'to confirm' && step !== 'to deliver' && carries(lines) && (shares.get(id)?.isWhole ?? false);
}

const carries = (lines: WaitingOrder['lines']): boolean => lines?.some(({ isCarried }) => isCarried) ?? false;

export function orderRow(order: WaitingOrder, review: Review) {
  const { id, row, step } = order;
  const { today } = review;
  const due = textIn(row, 'shipment_date');
  const late = due === '' || step === 'to deliver' ? 0 : daysBetween(due, today);
  const blocked = blockedBy(order, review);
  return {
    salesorder_number: plainText(row.salesorder_number, 40),
    salesorder_id: id,
    customer: plainText(row.customer_name, 60),
    date: textIn(row, 'date'),
    age_days: daysBetween(textIn(row, 'date'), today),
    step,
    ...(due === '' ? {} : { shipment_date: due }),
    ...(late > 0 ? { overdue_days: late } : {}),
    ...(shipsWhole(order, review.shares) ? { ships_whole: true } : {}),
    ...(blocked === '' ? {} : { blocked_by: blocked }),
    // Somebody wrote down what to mind before it goes; to be read, not to be followed.
    ...(textIn(row, 'notes') === '' ? {} : { notes: plainText(row.notes, 100) }),
  };
}

function blockedBy(order: WaitingOrder, review: Review): string {
  const { id, step, lines, packages } = order;
  const lacks = [...(review.shares.get(id)?.lacks ?? [])].map(([key, micro]) => lackWords(key, micro, review));
  if (step === 'to confirm') return ['a draft nobody confirmed', ...lacks].join('; ');
  if (step === 'to deliver') return packages.map(sentWords).join('; ') || 'shipped, not delivered yet';
  const waiting = packages.filter(isUnsent).map((one) => `${named(one.package_number, 40)} waits for a carrier`);
  if (step === 'to ship') return waiting.join('; ') || 'packed, waits for a carrier';
  if (lines === undefined) return 'not read, see note';
  return [...waiting, ...(carries(lines) ? lacks : ['nothing on it is packed: only services'])].join('; ');
}

function sentWords(one: Row): string {
  const carrier = textIn(one, 'carrier') === '' ? '' : ` with ${named(one.carrier, 40)}`;
  const day = textIn(one, 'shipment_date') || textIn(one, 'date');
  return `${named(one.package_number, 40)} left ${day}${carrier}, not delivered yet`;
}

const lackWords = (key: string, micro: bigint, { stock }: Review): string => {
  const row = stock.rowOf(key);
  return `${formatMicro(micro)} ${label(row) || `of item ${itemIn(key)}`} short`;
};

/** An item that several orders want, or one more than there is: who gets what, and where more could come from. */
export function scarceRow(key: string, claimants: readonly Claimant[], review: Review) {
  const { stock, shares, all, coming, today } = review;
  const row = stock.rowOf(key);
  const free = stock.free(key) ?? 0n;
  const words = new Map(
    all.map(({ id, row: { salesorder_number }, step }) => [
      id,
      `${named(salesorder_number, 40)}${step === 'to confirm' ? ' (draft)' : ''}`,
    ]),
  );
  const wanting = claimants.filter(({ needs }) => needs.has(key));
  const other = stock.elsewhere(key).map((one) => {
    const available = stock.available(`${itemIn(key)} ${textIn(one, 'warehouse_id')}`) ?? 0n;
    return `${formatMicro(available)} in ${named(one.warehouse_name)}`;
  });
  const isHere = ({ warehouseId }: Arrival): boolean => warehouseId === '' || warehouseId === placeIn(key);
  const way = (one: Arrival): string => {
    const from = isTransfer(one) ? `, from ${named(one.fromName)}` : '';
    return isHere(one) ? from : `${from} to ${named(one.warehouseName)}`;
  };
  // What comes to this warehouse before what goes elsewhere.
  const brings = [...(coming.get(itemIn(key)) ?? [])]
    .sort((a, b) => Number(isHere(b)) - Number(isHere(a)))
    .map((one) => `${formatMicro(one.quantity)} in ${incomingWords(one, today)}${way(one)}`);
  return {
    item: plainText(row.name),
    sku: plainText(row.sku, 60),
    item_id: itemIn(key),
    ...(textIn(row, 'warehouse_id') === placeIn(key) ? { warehouse: plainText(row.warehouse_name, 60) } : {}),
    free: microToNumber(free > 0n ? free : 0n),
    wanted: microToNumber(wantedOf(claimants, key)),
    shares: wanting.slice(0, mostShares).map(({ id, needs }) => {
      const got = shares.get(id)?.gets.get(key) ?? 0n;
      return `${words.get(id) ?? id} ${formatMicro(got)} of ${formatMicro(needs.get(key) ?? 0n)}`;
    }),
    ...(wanting.length > mostShares ? { more_orders: wanting.length - mostShares } : {}),
    ...(brings.length === 0 ? {} : { coming: brings.slice(0, 3).join('; ') }),
    ...(other.length === 0 ? {} : { elsewhere: other.join(', ') }),
  };
}

const mostShares = 8;
