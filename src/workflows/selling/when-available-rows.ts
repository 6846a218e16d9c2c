import { warehousesOf } from '../availability.ts';
import { incomingWords } from '../incoming.ts';
import { formatMicro, microToNumber } from '../numbers.ts';
import type { Row } from '../rows.ts';
import { named, plainText } from '../text.ts';
import { type Arrival, isTransfer } from '../transit.ts';
import type { Need, Served, Share } from './when-available-queue.ts';

/** Rows told at most. */
const mostRows = 50;

interface Told {
  readonly subject: string;
  readonly draft: boolean;
  readonly packed: boolean;
  readonly served: readonly Served[];
  readonly rows: ReadonlyMap<string, Row>;
  readonly today: string;
  readonly notes: readonly string[];
  /** Items that were not looked up: of them nothing is known. */
  readonly unread: number;
}

/** From when a need is met: now, a day, or why no day can be told. */
type Ready = { readonly day: string } | { readonly why: string };

function readyOf({ short, comes, uncovered }: Served, today: string): Ready {
  if (short === 0n) return { day: '' };
  if (uncovered > 0n) return { why: comes.length === 0 ? 'nothing on order' : 'not enough on order' };
  const late = comes.find(({ order }) => order.expected !== '' && order.expected < today);
  if (late) return { why: 'late' };
  const last = comes.at(-1)?.order.expected ?? '';
  return last === '' ? { why: 'no date given' } : { day: last };
}

export function answerOf({ subject, draft, packed, served, rows, today, notes, unread }: Told) {
  const waiting = served.filter(({ short }) => short > 0n);
  const ready = waiting.map((one) => readyOf(one, today));
  const isSure = unread === 0 && ready.every((one) => 'day' in one);
  const allBy = ready
    .flatMap((one) => ('day' in one ? [one.day] : []))
    .sort()
    .at(-1);
  const table = served.map((one) => lineRow(one, rows, today));
  const more = [...notes, ...(table.length > mostRows ? [`${mostRows} of ${table.length} rows.`] : [])];
  const asDraft = draft
    ? ' It is a draft, which reserves nothing: counted as if confirmed now, behind all confirmed orders.'
    : '';
  return {
    message: `${headline(subject, { served, waiting, packed, unread, rows, today, allBy: isSure ? allBy : undefined })}${asDraft}`,
    ...(waiting.length > 0 && isSure && allBy ? { all_by: allBy } : {}),
    lines: table.slice(0, mostRows),
    ...(more.length > 0 ? { note: more.join(' ') } : {}),
  };
}

interface Head {
  readonly served: readonly Served[];
  readonly waiting: readonly Served[];
  readonly packed: boolean;
  readonly unread: number;
  readonly rows: ReadonlyMap<string, Row>;
  readonly today: string;
  readonly allBy: string | undefined;
}

const nameOf = ({ itemId, sku, name }: Need, rows: ReadonlyMap<string, Row>): string =>
  named(sku, 40) || named(rows.get(itemId)?.sku, 40) || named(name);

/** The one line a person would say. */
function headline(subject: string, { served, waiting, packed, unread, rows, today, allBy }: Head): string {
  if (served.length === 0 && unread === 0)
    return packed
      ? `All that is left of ${subject} is packed and waits for nothing.`
      : `${subject} waits for no goods.`;
  if (waiting.length === 0)
    return `${subject}: all of ${unread > 0 ? 'what was looked up, see note,' : 'it'} is there now, older orders counted.`;
  const words = waiting.slice(0, 3).map((one) => waitWords(one, today, rows));
  const rest = waiting.length > 3 ? `; and ${waiting.length - 3} more, see lines` : '';
  const end = allBy ? `All can be shipped by ${allBy}.` : 'When all can be shipped is not known.';
  return `${subject}: ${words.join('; ')}${rest}. ${end} Older confirmed orders are served first.`;
}

function waitWords(served: Served, today: string, rows: ReadonlyMap<string, Row>): string {
  const { need, short, comes } = served;
  const what = `${formatMicro(short)} of ${formatMicro(need.quantity)} ${nameOf(need, rows)} short`;
  const ready = readyOf(served, today);
  if ('why' in ready && comes.length === 0) return `${what}, ${ready.why}`;
  const by = comes.slice(0, 2).map(({ order }) => `${incomingWords(order, today)} (${whoseWords(order)})`);
  const lacks = served.uncovered > 0n ? `, ${formatMicro(served.uncovered)} of it not on order` : '';
  return `${what}, comes with ${by.join(' and ')}${comes.length > 2 ? ' and more' : ''}${lacks}`;
}

const whoseWords = (arrival: Arrival): string =>
  isTransfer(arrival) ? `from ${named(arrival.fromName)}` : named(arrival.vendorName);

/** One row of the answer. Quantities in the item's unit. */
function lineRow(served: Served, rows: ReadonlyMap<string, Row>, today: string) {
  const { need, isTracked, now, short, ahead, comes, uncovered } = served;
  const row = rows.get(need.itemId) ?? {};
  const ready = readyOf(served, today);
  const others = warehousesOf(row).filter(
    (split) => need.warehouseId !== '' && split.warehouseId !== need.warehouseId && (split.available ?? 0n) > 0n,
  );
  return {
    item: plainText(row.name) || need.name,
    ...(plainText(row.sku, 60) === '' ? {} : { sku: plainText(row.sku, 60) }),
    item_id: need.itemId,
    ...(need.partOf === '' ? {} : { part_of_item: need.partOf }),
    ...(need.warehouseName === '' ? {} : { warehouse: need.warehouseName }),
    waits_for: microToNumber(need.quantity),
    ...(isTracked ? { there_now: microToNumber(now) } : { stock: 'not kept' }),
    ...(short > 0n ? { short_now: microToNumber(short) } : {}),
    ...(short > 0n && ahead > 0n ? { older_orders_short: microToNumber(ahead) } : {}),
    ...(comes.length > 0 ? { comes: comes.map((share) => shareRow(share, today)) } : {}),
    ...(uncovered > 0n ? { not_on_order: microToNumber(uncovered) } : {}),
    ready: 'day' in ready ? ready.day || 'now' : ready.why,
    ...(short > 0n && others.length > 0
      ? {
          elsewhere: others
            .map(({ warehouseName, available }) => `${formatMicro(available ?? 0n)} in ${named(warehouseName)}`)
            .join(', '),
        }
      : {}),
  };
}

const shareRow = ({ order, quantity }: Share, today: string) => ({
  ...(isTransfer(order)
    ? { transfer_number: order.number, transfer_id: order.transferId, from_warehouse: order.fromName, sent: order.sent }
    : { purchaseorder_number: order.number, purchaseorder_id: order.purchaseorderId, vendor: order.vendorName }),
  quantity: microToNumber(quantity),
  ...(order.expected === '' ? {} : { expected: order.expected }),
  ...(order.expected !== '' && order.expected < today ? { late: true } : {}),
});
