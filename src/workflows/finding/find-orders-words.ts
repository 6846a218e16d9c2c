import { formatMicro, minorDigits, minorToNumber, parseScaled } from '../numbers.ts';
import { microIn, type Row, textIn } from '../rows.ts';
import { counted, named, plainText } from '../text.ts';
import type { Orders } from './find-orders-read.ts';
import { isOpen, type OrderList, orderLists, statusKey } from './find-orders-read.ts';

/** `4 open sales orders of Marble Hotel; the newest is SO-00019 of 2026-11-22, confirmed.` */
export function ordersWords(
  { kind, rows, complete, count }: Orders,
  asked: { readonly status: string; readonly whose: string; readonly limit: number; readonly oldestFirst: boolean },
): string {
  const { status, whose, limit, oldestFirst } = asked;
  const what = `${status === 'any' ? '' : `${statusWords(kind, status)} `}${kind.noun}`;
  const tail = whose === '' ? '' : ` ${whose}`;
  const [first] = rows;
  const unread = complete ? '' : ' Not all were read: narrow it by party, status or dates.';
  if (!first) return `No ${what}${tail}${complete ? '' : ' among those read'}.${unread}`;
  const number = `${named(first[kind.number], 40)} of ${textIn(first, 'date')}, ${named(first[kind.party])}`;
  const many = count === undefined ? `At least ${counted(rows.length, what)}` : counted(count, what);
  const lead =
    rows.length === 1 && complete ? `: ${number}.` : `; the ${oldestFirst ? 'oldest' : 'newest'} is ${number}.`;
  const listed = Math.min(limit, rows.length);
  const cut = listed < (count ?? rows.length + 1) ? ` ${listed} are listed.` : '';
  return `${many}${tail}${lead}${cut}${listed < limit ? unread : ''}`;
}

function statusWords({ statuses }: OrderList, status: string): string {
  const known = statuses.find((one) => statusKey(one) === status) ?? status;
  return known.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

/**
 * What is left as far as the row of a list knows: `all of 8`, `part of 10`. How much of a part stands in the lines of the
 * record, and services, which nobody ships, count in the quantity.
 */
export function orderRow(kind: OrderList, row: Row, today: string) {
  const isSale = kind === orderLists.sales;
  const currency = plainText(row.currency_code, 10);
  const total = parseScaled(row.total, minorDigits(currency));
  const progress = statusKey(textIn(row, isSale ? 'shipped_status' : 'received_status'));
  const quantity = microIn(row, 'quantity');
  const left = /^not(shipped|received)$/.test(progress) ? 'all' : /^partially/.test(progress) ? 'part' : '';
  const isLeft = isOpen(kind, row) && left !== '' && quantity !== undefined;
  const expected = textIn(row, 'expected_delivery_date') || textIn(row, 'delivery_date');
  const due = isSale ? textIn(row, 'shipment_date') : expected;
  return {
    [kind.id]: textIn(row, kind.id),
    [kind.number]: plainText(row[kind.number], 60),
    ...(textIn(row, 'reference_number') === '' ? {} : { reference_number: plainText(row.reference_number, 60) }),
    date: textIn(row, 'date'),
    [kind.party]: plainText(row[kind.party], 80),
    status: plainText(row.status, 40),
    ...(total === undefined ? {} : { total: minorToNumber(total, currency) }),
    ...(currency === '' ? {} : { currency_code: currency }),
    ...(due === '' ? {} : { [isSale ? 'shipment_date' : 'expected_delivery_date']: due }),
    ...(due !== '' && due < today && isOpen(kind, row) ? { overdue: true } : {}),
    ...(isLeft ? { [isSale ? 'left_to_ship' : 'left_to_receive']: `${left} of ${formatMicro(quantity)}` } : {}),
  };
}
