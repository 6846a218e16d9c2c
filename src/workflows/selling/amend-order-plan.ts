import { updatePurchaseOrder } from '../../operations/purchase-orders.ts';
import { updateSalesOrder } from '../../operations/sales-orders.ts';
import { aboutDocument, aboutItems } from '../about.ts';
import { changeLine, changesOf, inShort, updateSummary } from '../changes.ts';
import type { Plan, Raise } from '../define.ts';
import { formerOf } from '../former.ts';
import { formatMicro, maxOf, minorToBase } from '../numbers.ts';
import { exchangeOf, grossMinor, lineChangeTexts, linesInShort, linesOf, type OrderLine } from '../order-lines.ts';
import { orderRaises } from '../order-rules.ts';
import { minorIn, partyLabel } from '../record-words.ts';
import type { AnyOrder } from '../resolve-order.ts';
import { type Row, textIn } from '../rows.ts';
import { counted, plainText } from '../text.ts';
import { keepsOf, notVouchedFor } from './amend-order-kept.ts';
import type { AmendSteps } from './amend-order-run.ts';
import { type Effects, linesBefore } from './amend-order-stock.ts';
import { worthStays, worthWords } from './amend-order-worth.ts';

/** What the plan is made of. */
export interface Found {
  readonly order: AnyOrder;
  readonly number: string;
  /** Fields of the order itself. */
  readonly header: Row;
  readonly effects: Effects;
  /** Why it asks beside what every change of an order asks for. */
  readonly raises: readonly Raise[];
  readonly currency: string;
  readonly base: string;
}

const idKeys = { sales: 'salesorder_id', purchase: 'purchaseorder_id' } as const; // literals, so that the id can be named

/** What the operator's limit is held against, as update_sales_order counts it: before discounts. */
const grossWorth = (lines: readonly OrderLine[], row: Row, currency: string): bigint =>
  grossMinor(lines, currency) +
  minorIn(row, 'shipping_charge', currency) +
  maxOf(0n, minorIn(row, 'adjustment', currency));

/** Words and figures of one change, and the very input that makes it. */
export function planOf({ order, number, header, effects, raises, currency, base }: Found): Plan<AmendSteps> {
  const { kind, row } = order;
  const { sent, changes } = effects;
  const party = plainText(row.customer_name, 60) || plainText(row.vendor_name, 60);
  const fields = changesOf(row, header, { skip: [], currency });
  const changed = Object.fromEntries(
    Object.entries(header).filter(([key]) => fields.some(({ field }) => field === key)),
  );
  const update = { [idKeys[kind]]: textIn(row, idKeys[kind]), ...changed, ...(sent ? { line_items: sent } : {}) };
  const after = sent ? changes.after : linesOf(row);
  const inBase = (lines: readonly OrderLine[]): bigint =>
    minorToBase(grossWorth(lines, row, currency), exchangeOf(row), currency, base);
  const [amountBefore, amountAfter] = sent ? [inBase(linesBefore(changes)), inBase(after)] : [0n, 0n];
  const short = sent ? linesInShort(changes, currency) : [];
  const nothing = `${number} for ${partyLabel(row)} is so already; nothing was done.`;
  const isNothing = sent === undefined && fields.length === 0;
  const title = `Amend ${kind} order ${number}, ${partyLabel(row)}`;
  return {
    summary: isNothing ? nothing : updateSummary(title, [...short, ...inShort(fields)]),
    preview: isNothing
      ? [nothing]
      : [
          `${kind === 'sales' ? 'Sales' : 'Purchase'} order ${number}, ${partyLabel(row)}, ${plainText(row.status, 40)}:`,
          ...(sent ? lineChangeTexts(changes, currency) : []),
          ...(sent ? [...staying(changes), ...notVouchedFor(order, sent)] : []),
          ...fields.map(changeLine),
          ...effects.words,
          ...(sent ? worthWords(order, changes, currency) : [worthStays(row, currency)]),
        ],
    facts: { [idKeys[kind]]: textIn(row, idKeys[kind]), currency_code: currency },
    restsOn: { order: restsOnOrder(order), stock: effects.restsOn },
    steps: {
      kind,
      update,
      number,
      party,
      currency,
      changes: isNothing ? [] : [...short.map(({ whole }) => whole), ...inShort(fields).map(({ whole }) => whole)],
      before: textIn(row, 'total'),
      keeps: keepsOf(order, update),
      former: formerOf(kind === 'sales' ? updateSalesOrder : updatePurchaseOrder, update, row),
      ...(isNothing ? { nothing } : {}),
    },
    documents: 1,
    raises: [
      ...(sent
        ? orderRaises(kind, { before: row, input: { line_items: effects.named }, promises: effects.promises })
        : []),
      ...raises,
    ],
    amountMinor: safeNumber(amountAfter ?? 0n),
    addedMinor: safeNumber(maxOf(0n, (amountAfter ?? 0n) - (amountBefore ?? 0n))),
    ...(isNothing ? { nothingToDo: true } : {}),
    about: [
      ...aboutDocument(idKeys[kind], textIn(row, idKeys[kind])),
      ...(sent ? aboutItems(after.map(({ itemId }) => itemId)) : []),
    ],
  };
}

/** Lines that are sent again only because the list is replaced. */
function staying({ kept }: Effects['changes']): string[] {
  const same = kept.filter(
    ({ before, after }) => before.quantity === after.quantity && before.rate === after.rate,
  ).length;
  return same === 0
    ? []
    : [`${counted(same, 'other line')} ${same === 1 ? 'stays' : 'stay'} as ${same === 1 ? 'it is' : 'they are'}.`];
}

/** Status, age and counts of the order: what anybody else may change meanwhile. */
const restsOnOrder = ({ kind, row }: AnyOrder) => ({
  id: textIn(row, idKeys[kind]),
  status: textIn(row, 'status'),
  last_modified_time: textIn(row, 'last_modified_time'),
  total: textIn(row, 'total'),
  lines: linesOf(row).map(({ lineId, itemId, quantity, packed, done, rate }) => [
    ...[lineId, itemId, formatMicro(quantity), formatMicro(packed), formatMicro(done), formatMicro(rate ?? 0n)],
  ]),
});

const safeNumber = (amount: bigint): number =>
  amount > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(amount);
