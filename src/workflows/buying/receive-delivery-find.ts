import { InvalidArguments, Rejected } from '../../errors.ts';
import type { Api } from '../define.ts';
import { mostCandidates } from '../match.ts';
import { formatMicro, sumOf } from '../numbers.ts';
import { resolvePurchaseOrder } from '../resolve-order.ts';
import { type Row, readList, rowIn, textIn } from '../rows.ts';
import { counted, named } from '../text.ts';
import { dueOf, isAwaited, linesOfPurchase, shortWords, statusOf } from './purchase-lines.ts';
import { type Counted, coverage, type Sought } from './receive-delivery-count.ts';

/** Orders of a vendor that are read at most to find the goods in; each costs one call. */
const mostRead = 10;

/** The order the goods belong to, with its lines. */
export interface FoundOrder {
  readonly order: Row;
  /** How it was found, where a vendor was named; empty else. */
  readonly because: string;
  /** What was counted, where it was looked up on the way. */
  readonly goods?: readonly Counted[];
}

/** An order by id or number; what cannot be received is refused with the way out. */
export async function findOrder(api: Api, term: string): Promise<FoundOrder> {
  const order = await resolvePurchaseOrder(api, term);
  const status = statusOf(order);
  const number = named(order.purchaseorder_number, 40);
  const facts = { purchaseorder_id: textIn(order, 'purchaseorder_id'), status };
  const refuse = (why: string) =>
    new Rejected(`${number} is ${status === 'draft' ? 'a draft' : status}: ${why} Nothing was written.`, {
      nothingSent: true,
      facts,
    });
  if (status === 'draft')
    throw refuse('goods are received against an issued order. Issue it with issue_purchase_order first.');
  if (/^(cancelled|void)$/.test(status))
    throw refuse('nothing can be received against it. Find the order these goods belong to.');
  return { order, because: '' };
}

/** Issued orders of a vendor, oldest due first. One call for a vendor with up to 200 orders, else one a page. */
async function openOrdersOf(api: Api, vendorId: string): Promise<Row[]> {
  const listed = (input: Record<string, unknown>, maxPages: number) =>
    readList(api, 'list_purchase_orders', 'purchaseorders', { vendor_id: vendorId, ...input }, { maxPages });
  const all = await listed({}, 1);
  const rows = all.complete
    ? all.rows
    : [
        ...(await listed({ filter_by: 'Status.Issued' }, 5)).rows,
        ...(await listed({ filter_by: 'Status.PartiallyReceived' }, 5)).rows,
      ];
  const due = (row: Row) => dueOf(row) || '9';
  // A filter that the service does not know lets every row through.
  return rows
    .filter((row) => isAwaited(row) && (textIn(row, 'vendor_id') || vendorId) === vendorId)
    .sort((a, b) => due(a).localeCompare(due(b)) || textIn(a, 'date').localeCompare(textIn(b, 'date')));
}

/**
 * The one issued order of a vendor that holds the goods: the only one there is, or of several the only one with all of
 * them still to come in full, or else the only one with all of these items. Otherwise InvalidArguments with the orders.
 */
export async function findOrderOf(
  api: Api,
  vendor: Row,
  seek: ((orders: readonly Row[]) => Promise<readonly Counted[]>) | undefined,
): Promise<FoundOrder> {
  const open = await openOrdersOf(api, textIn(vendor, 'contact_id'));
  const name = named(vendor.contact_name);
  const read = async (row: Row): Promise<Row> =>
    rowIn(await api.call('get_purchase_order', { purchaseorder_id: textIn(row, 'purchaseorder_id') }), 'purchaseorder');
  const [only] = open;
  if (!only)
    throw new Rejected(
      `${name} has no issued purchase order with goods to come. Nothing was written. Look with list_purchase_orders for a draft, or add the goods with set_stock_levels.`,
      {
        nothingSent: true,
      },
    );
  if (open.length === 1) return { order: await read(only), because: `the only issued order of ${name}` };
  if (!seek)
    throw ambiguous(
      open,
      `${name} has ${open.length} issued orders`,
      'Say which by purchase_order, or count the goods in lines.',
    );
  const orders: Row[] = [];
  for (const row of open.slice(0, mostRead)) orders.push(await read(row));
  const goods = await seek(orders);
  const unread = open.length - orders.length;
  const held = orders.map((order) => ({ order, holds: coverage(linesOfPurchase(order), goods) }));
  for (const wanted of ['full', 'items'] satisfies Sought[]) {
    const fitting = held.filter(({ holds }) => holds === 'full' || holds === wanted).map(({ order }) => order);
    const [one] = fitting;
    // An order that was not read may hold the goods too: then nothing is clear.
    if (one && fitting.length === 1 && unread === 0)
      return {
        goods,
        order: one,
        because: `the only one of ${open.length} issued orders of ${name} that ${wanted === 'full' ? 'awaits all of this' : 'has these items to come'}`,
      };
    if (one)
      throw ambiguous(
        fitting,
        `${counted(fitting.length, 'issued order')} of ${name} could be meant${unread > 0 ? `, and ${unread} more were not read` : ''}`,
        'Say which by purchase_order.',
      );
  }
  throw ambiguous(
    orders,
    `No single issued order of ${name} has all of these items to come`,
    'Say which by purchase_order, and book what belongs to another order in its own call.',
  );
}

function ambiguous(orders: readonly Row[], what: string, then: string): InvalidArguments {
  const candidates = orders.slice(0, mostCandidates).map((order) => {
    const lines = linesOfPurchase(order).filter(({ left }) => left > 0n);
    return {
      purchaseorder_id: textIn(order, 'purchaseorder_id'),
      purchaseorder_number: textIn(order, 'purchaseorder_number'),
      ...(dueOf(order) === '' ? {} : { expected_delivery_date: dueOf(order) }),
      ...(lines.length === 0 ? {} : { to_come: toCome(lines) }),
    };
  });
  const words = candidates.map(({ purchaseorder_number, purchaseorder_id, expected_delivery_date, to_come }) => {
    const due = expected_delivery_date === undefined ? '' : `, due ${expected_delivery_date}`;
    return `${named(purchaseorder_number, 40)} (${purchaseorder_id})${due}${to_come === undefined ? '' : `, to come ${to_come}`}`;
  });
  const more = orders.length > candidates.length ? ` and ${orders.length - candidates.length} more` : '';
  return new InvalidArguments(`${what}: ${words.join('; ')}${more}. ${then} Nothing was written.`, {
    nothingSent: true,
    facts: { candidates },
  });
}

/** `40 DMAT, 100 UCC-1M`; of many lines three. */
function toCome(lines: ReturnType<typeof linesOfPurchase>): string {
  const shown = lines.slice(0, 3).map((line) => `${formatMicro(line.left)} ${shortWords(line)}`);
  const rest = lines.slice(3);
  return [
    ...shown,
    ...(rest.length === 0 ? [] : [`${formatMicro(sumOf(rest.map(({ left }) => left)))} of ${rest.length} more`]),
  ].join(', ');
}
