import { daysBetween } from '../days.ts';
import { formatMicro, formatMoney, microToNumber, minorToNumber, sumOf } from '../numbers.ts';
import { type Row, textIn } from '../rows.ts';
import { counted, named, plainText } from '../text.ts';
import { openAmount, type PurchaseLine } from './purchase-lines.ts';

/** A late order, or one that is due soon, with the lines of which something is still to come. */
export interface Chased {
  readonly order: Row;
  readonly open: readonly PurchaseLine[];
  /** yyyy-mm-dd. */
  readonly due: string;
}

/** Lines of one order printed at most: nobody reads more of them in a mail or an answer. */
const mostLines = 15;

const currencyOf = ({ order }: Chased): string => textIn(order, 'currency_code');

/** What would be read aloud: how many are late, what they come to, the worst one. */
export function countMessage(chased: readonly Chased[], vendor: string, withinDays: number, today: string): string {
  const late = chased.filter(({ due }) => due < today);
  const soon = chased.length - late.length;
  const whose = vendor === '' ? '' : ` of ${vendor}`;
  const ahead = withinDays === 0 ? '' : `, ${soon} due within ${counted(withinDays, 'day')}`;
  const [worst] = late;
  const first =
    worst === undefined
      ? `No issued purchase order${whose} is late${ahead}.`
      : `${counted(late.length, 'purchase order')}${whose} ${late.length === 1 ? 'is' : 'are'} late${ahead}. Longest: ${named(worst.order.purchaseorder_number, 40)} of ${named(worst.order.vendor_name)}, ${counted(daysBetween(worst.due, today), 'day')}.`;
  if (chased.length === 0) return first;
  const sums = [
    ...(late.length > 0 ? [`${amounts(late)} late`] : []),
    ...(soon > 0 ? [`${amounts(chased.filter((one) => !late.includes(one)))} due soon`] : []),
  ];
  return `${first} Outstanding: ${sums.join(', ')}. Each subject and body can be sent by a person, or with email_purchase_order.`;
}

/** `1234.50 USD and 99.00 EUR`. */
function amounts(chased: readonly Chased[]): string {
  const currencies = [...new Set(chased.map(currencyOf))];
  return currencies
    .map((code) =>
      formatMoney(
        sumOf(chased.filter((one) => currencyOf(one) === code).map(({ open }) => openAmount(open, code))),
        code,
      ),
    )
    .join(' and ');
}

/** A row a vendor, the one with the longest overdue order first. */
export function chasedRows(chased: readonly Chased[], waiting: ReadonlyMap<string, string>, today: string) {
  const vendors = [...new Set(chased.map(({ order }) => textIn(order, 'vendor_id')))];
  return vendors.map((vendorId) => {
    const own = chased.filter(({ order }) => textIn(order, 'vendor_id') === vendorId);
    const name = plainText(own[0]?.order.vendor_name, 60);
    return {
      vendor_id: vendorId,
      vendor_name: name,
      orders: own.map((one) => orderRow(one, waiting, today)),
      ...mailOf(name, own, today),
    };
  });
}

function orderRow(one: Chased, waiting: ReadonlyMap<string, string>, today: string) {
  const { order, open, due } = one;
  const days = daysBetween(due, today);
  return {
    purchaseorder_id: textIn(order, 'purchaseorder_id'),
    purchaseorder_number: plainText(order.purchaseorder_number, 40),
    date: textIn(order, 'date'),
    expected_delivery_date: due,
    ...(days > 0 ? { days_late: days } : { due_in_days: daysBetween(today, due) }),
    outstanding_amount: minorToNumber(openAmount(open, currencyOf(one)), currencyOf(one)),
    currency_code: currencyOf(one),
    lines: open.slice(0, mostLines).map(({ itemId, sku, left }) => ({
      sku,
      item_id: itemId,
      outstanding: microToNumber(left),
      ...(waiting.has(itemId) ? { waited_for_by: waiting.get(itemId) } : {}),
    })),
    ...(open.length > mostLines ? { more_lines: open.length - mostLines } : {}),
  };
}

/** A plain, polite mail; what stands in it is what the orders say. */
function mailOf(vendor: string, own: readonly Chased[], today: string): { subject: string; body: string } {
  const numbers = own.map(({ order }) => plainText(order.purchaseorder_number, 40));
  const shown =
    numbers.length > 4 ? `${numbers.slice(0, 4).join(', ')} and ${numbers.length - 4} more` : numbers.join(', ');
  const isLate = own.some(({ due }) => due < today);
  const opening = isLate
    ? 'We are still waiting for these goods:'
    : 'These goods are due soon. Please confirm that they will arrive on time:';
  const question = isLate
    ? 'Please tell us when they will arrive, and let us know of anything that you cannot deliver.'
    : 'If anything will be later, please tell us the new date.';
  return {
    subject: `${isLate ? 'Late delivery' : 'Delivery due'}: ${shown}`,
    body: [`Dear ${vendor} team,`, opening, ...own.map((one) => orderText(one, today)), question, 'Kind regards'].join(
      '\n\n',
    ),
  };
}

function orderText({ order, open, due }: Chased, today: string): string {
  const days = daysBetween(due, today);
  const when = days > 0 ? `${counted(days, 'day')} late` : days === 0 ? 'today' : `in ${counted(-days, 'day')}`;
  const lines = open.slice(0, mostLines).map(({ name, sku, unit, left, quantity }) => {
    const what = `${plainText(name)}${sku === '' ? '' : ` (${sku})`}`;
    return `- ${formatMicro(left)}${unit === '' ? '' : ` ${unit}`} ${what}${left === quantity ? '' : `, of ${formatMicro(quantity)} ordered`}`;
  });
  return [
    `${plainText(order.purchaseorder_number, 40)} of ${textIn(order, 'date')}, due ${due} (${when}):`,
    ...lines,
    ...(open.length > mostLines ? [`- and ${counted(open.length - mostLines, 'more line')}`] : []),
  ].join('\n');
}
