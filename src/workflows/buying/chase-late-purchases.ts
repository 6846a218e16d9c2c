import * as z from 'zod';
import { getContact, listContacts } from '../../operations/contacts.ts';
import { someText, wholeNumber } from '../../operations/fields.ts';
import { getPurchaseOrder, listPurchaseOrders } from '../../operations/purchase-orders.ts';
import { getLowStockReport } from '../../operations/reports.ts';
import { listSalesOrders } from '../../operations/sales-orders.ts';
import { bindApi } from '../api.ts';
import { dayAfter } from '../days.ts';
import type { Api, ReadWorkflow, WorkflowContext } from '../define.ts';
import { resolveContact } from '../resolve.ts';
import { microIn, parseBy, type Row, readList, rowIn, rowsIn, textIn } from '../rows.ts';
import { named } from '../text.ts';
import { type Chased, chasedRows, countMessage } from './chase-words.ts';
import { dueOf, isAwaited, linesOfPurchase } from './purchase-lines.ts';
import { readWaiting } from './waiting-orders.ts';

const input = {
  vendor: someText(200, 'Else all').optional(),
  within_days: wholeNumber(0, 365, 'Also what is due by then').optional(),
};
const schema = z.strictObject(input);

/** Late orders read at most, each for one call; the longest overdue first. */
const mostOrders = 20;
/** Pages of 200 orders read at most of each status. */
const mostPages = 5;

/** Answers `{ message, vendors, note? }`: per vendor its late orders with what is outstanding, and a mail to send. */
async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const { vendor, within_days = 0 } = parseBy(schema, raw);
  const api = bindApi(given, context);
  const contact = vendor === undefined ? undefined : await resolveContact(api, vendor, 'vendor', { forWrite: false });
  context.progress('Reading issued orders');
  const { rows, complete } = await openOrders(api, contact ? textIn(contact, 'contact_id') : undefined);
  const until = dayAfter(context.today, within_days);
  // Due today is not late yet.
  const isDue = (due: string): boolean => due !== '' && (due < context.today || (within_days > 0 && due <= until));
  const due = rows.filter((row) => isDue(dueOf(row))).sort((a, b) => dueOf(a).localeCompare(dueOf(b)));
  const undated = rows.filter((row) => dueOf(row) === '');
  const chased = await readOrders(api, due.slice(0, mostOrders), context);
  const waiting = chased.length === 0 ? new Map<string, string>() : await whoWaits(api, chased, context);
  const notes = [
    ...(due.length > mostOrders
      ? [`The ${mostOrders} longest overdue of ${due.length} orders were read; name a vendor for the rest.`]
      : []),
    ...(complete ? [] : ['Not all issued orders were read: more may be late.']),
    ...(undated.length === 0 ? [] : [`No expected date: ${numbersOf(undated)}.`]),
  ];
  return {
    message: countMessage(chased, contact ? named(contact.contact_name) : '', within_days, context.today),
    vendors: chasedRows(chased, waiting, context.today),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
}

/** Orders whose goods are awaited: one call a status and page. */
async function openOrders(api: Api, vendorId: string | undefined): Promise<{ rows: Row[]; complete: boolean }> {
  const rows = new Map<string, Row>();
  let complete = true;
  for (const filter_by of ['Status.Issued', 'Status.PartiallyReceived']) {
    const query = { filter_by, ...(vendorId === undefined ? {} : { vendor_id: vendorId }) };
    const listing = await readList(api, 'list_purchase_orders', 'purchaseorders', query, { maxPages: mostPages });
    complete &&= listing.complete;
    // A filter that the service does not know lets every row through.
    for (const row of listing.rows)
      if (isAwaited(row) && (vendorId === undefined || textIn(row, 'vendor_id') === vendorId))
        rows.set(textIn(row, 'purchaseorder_id'), row);
  }
  return { rows: [...rows.values()], complete };
}

async function readOrders(api: Api, rows: readonly Row[], context: WorkflowContext): Promise<Chased[]> {
  const chased: Chased[] = [];
  for (const [index, row] of rows.entries()) {
    context.progress(`Reading order ${index + 1} of ${rows.length}`);
    const reply = await api.call('get_purchase_order', { purchaseorder_id: textIn(row, 'purchaseorder_id') });
    const order = { ...row, ...rowIn(reply, 'purchaseorder') };
    const open = linesOfPurchase(order).filter(({ left }) => left > 0n);
    // What came since the list was read, and services, are not chased.
    if (open.length > 0) chased.push({ order, open, due: dueOf(order) });
  }
  return chased;
}

/** Sales orders that wait for goods that are promised beyond stock: one call, and one an item for two of them. */
async function whoWaits(api: Api, chased: readonly Chased[], context: WorkflowContext): Promise<Map<string, string>> {
  context.progress('Looking up who waits for them');
  const short = rowsIn(await api.call('get_low_stock_report', {}), 'shortages');
  const awaited = new Set(chased.flatMap(({ open }) => open.map(({ itemId }) => itemId)));
  const ids = short
    .filter((row) => awaited.has(textIn(row, 'item_id')) && (microIn(row, 'available_stock') ?? 0n) < 0n)
    .map((row) => textIn(row, 'item_id'));
  const numbers = await readWaiting(api, ids);
  return new Map(ids.map((itemId) => [itemId, numbers.get(itemId) ?? 'promised beyond stock']));
}

function numbersOf(rows: readonly Row[]): string {
  const shown = rows.slice(0, 10).map((row) => named(row.purchaseorder_number, 40));
  return `${shown.join(', ')}${rows.length > shown.length ? ` and ${rows.length - shown.length} more` : ''}`;
}

export const chaseLatePurchases: ReadWorkflow = {
  name: 'chase_late_purchases',
  title: 'Chase late purchases',
  description:
    'Overdue purchase orders by vendor: days late, what is outstanding, who waits, and a mail ready to send. Sends nothing. Up to 6 calls + 1 an order, for 20 orders.',
  toolset: 'purchasing',
  input,
  uses: [listPurchaseOrders, getPurchaseOrder, getLowStockReport, listSalesOrders, listContacts, getContact],
  read,
};
