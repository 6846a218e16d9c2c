import type { Database, Row } from '../../../sqlite.ts';
import { invalid, missing, notFound, type World } from '../../route.ts';
import { integerOf, type JsonObject, jsonOf, textOf } from '../../row.ts';
import { type Contact, type Currency, findContact, findCurrency, organization } from '../directory.ts';
import {
  amountField,
  type Body,
  dateField,
  documentDate,
  given,
  keptFields,
  microField,
  refused,
  requiredList,
  requiredText,
  textField,
} from '../fields.ts';
import { orderTotals, type Totals } from '../money.ts';
import { type NumberSeries, takeNumber } from '../numbering.ts';
import { convertMinor, fromMicro, micro } from '../quantity.ts';
import { baseDigits } from './items.ts';
import { draftLine, type OrderKind, type OrderLine, orderLines, saveLine } from './lines.ts';

export interface Order extends Totals {
  readonly order_id: string;
  readonly kind: OrderKind;
  readonly number: string;
  /** The customer or vendor. */
  readonly contact_id: string;
  /** What people decided: draft, open, confirmed, void; draft, issued, cancelled. */
  readonly base_status: string;
  /** What has come of it; follows from the lines' counts. */
  readonly status: string;
  readonly date: string;
  readonly reference_number: string;
  readonly currency_id: string;
  /** Base currency per unit of the order's currency, millionths; of the order's day. */
  readonly exchangeRateMicro: number;
  readonly shippingMinor: number;
  readonly adjustmentMinor: number;
  /** The total in base currency, minor units. */
  readonly bcyTotalMinor: number;
  readonly created_time: string;
  readonly last_modified_time: string;
  /** What was given beside, unchanged. */
  readonly fields: JsonObject;
}

interface KindRules {
  readonly series: NumberSeries;
  readonly what: string;
  readonly numberField: string;
  readonly contactField: string;
  readonly contactType: 'customer' | 'vendor';
  readonly keptKeys: readonly string[];
  /** Of those: dates that may lie ahead. */
  readonly dates: readonly string[];
  readonly addresses: readonly string[];
}

const shared = ['payment_terms', 'payment_terms_label', 'custom_fields', 'notes', 'terms', 'adjustment_description'];

/** Where sales and purchase orders differ. */
export const orderRules: Readonly<Record<OrderKind, KindRules>> = {
  sales: {
    series: 'SO',
    what: 'sales order',
    numberField: 'salesorder_number',
    contactField: 'customer_id',
    contactType: 'customer',
    keptKeys: [
      ...['shipment_date', 'salesorder_type', 'priority', 'delivery_method', 'salesperson_name'],
      ...['billing_address', 'shipping_address', ...shared],
    ],
    dates: ['shipment_date'],
    addresses: ['billing_address', 'shipping_address'],
  },
  purchase: {
    series: 'PO',
    what: 'purchase order',
    numberField: 'purchaseorder_number',
    contactField: 'vendor_id',
    contactType: 'vendor',
    keptKeys: [
      ...['delivery_date', 'expected_delivery_date', 'delivery_customer_id', 'attention', 'purchaseorder_type'],
      ...['delivery_address', ...shared],
    ],
    dates: ['delivery_date', 'expected_delivery_date'],
    addresses: [],
  },
};

export function toOrder(row: Row): Order {
  return {
    order_id: textOf(row, 'order_id'),
    kind: textOf(row, 'kind') === 'sales' ? 'sales' : 'purchase',
    number: textOf(row, 'number'),
    contact_id: textOf(row, 'contact_id'),
    base_status: textOf(row, 'base_status'),
    status: textOf(row, 'status'),
    date: textOf(row, 'date'),
    reference_number: textOf(row, 'reference_number'),
    currency_id: textOf(row, 'currency_id'),
    exchangeRateMicro: integerOf(row, 'exchange_rate_micro'),
    subTotalMinor: integerOf(row, 'sub_total_minor'),
    discountTotalMinor: integerOf(row, 'discount_total_minor'),
    taxTotalMinor: integerOf(row, 'tax_total_minor'),
    shippingMinor: integerOf(row, 'shipping_charge_minor'),
    adjustmentMinor: integerOf(row, 'adjustment_minor'),
    totalMinor: integerOf(row, 'total_minor'),
    bcyTotalMinor: integerOf(row, 'bcy_total_minor'),
    created_time: textOf(row, 'created_time'),
    last_modified_time: textOf(row, 'last_modified_time'),
    fields: jsonOf(row, 'json'),
  };
}

export function findOrder(db: Database, kind: OrderKind, id: string): Order | undefined {
  const row = db.prepare('SELECT * FROM orders WHERE order_id = ? AND kind = ?').get(id, kind);
  return row && toOrder(row);
}

/** The order of a path; 404 when there is none. */
export function orderOf(db: Database, kind: OrderKind, id: string): Order {
  const found = findOrder(db, kind, id);
  if (!found) throw notFound(orderRules[kind].what, id);
  return found;
}

/** The currency of an order, with its decimal places. */
export function currencyOf(db: Database, currencyId: string): Currency {
  const found = findCurrency(db, currencyId);
  if (!found) throw new Error(`The inventory has no currency ${currencyId}.`);
  return found;
}

function party(db: Database, kind: OrderKind, body: Body, before: Order | undefined): Contact {
  const { contactField, contactType } = orderRules[kind];
  const id = before && given(body, contactField) === undefined ? before.contact_id : requiredText(body, contactField);
  const contact = findContact(db, id);
  if (!contact || (contact.contact_type !== contactType && contact.contact_type !== 'both'))
    throw invalid(contactField, `There is no ${contactType} ${id}.`);
  if (contact.status !== 'active' && id !== before?.contact_id)
    throw invalid(contactField, `${contact.contact_name} is inactive.`);
  return contact;
}

function exchangeRate(db: Database, body: Body, currency: Currency, before: Order | undefined): number {
  if (currency.currency_id === organization(db).currency_id) return micro;
  const wanted = microField(body, 'exchange_rate');
  if (wanted !== undefined && wanted <= 0) throw invalid('exchange_rate', 'exchange_rate must be above 0.');
  // A document keeps the rate of its day, whatever the currency does later.
  return wanted ?? (before?.currency_id === currency.currency_id ? before.exchangeRateMicro : currency.rate_micro);
}

function orderFields(kind: OrderKind, body: Body, contact: Contact, before: Order | undefined): JsonObject {
  const { keptKeys, dates, addresses } = orderRules[kind];
  for (const key of dates) dateField(body, key);
  const ofContact = Object.fromEntries(
    addresses.filter((key) => contact.fields[key] !== undefined).map((key) => [key, contact.fields[key]]),
  );
  return keptFields(body, keptKeys, before?.fields ?? ofContact);
}

/** Checks the body and writes header and lines. Status and claims on stock follow by `refreshOrder`. Returns the id. */
export function writeOrder(world: World, kind: OrderKind, body: Body, before?: Order): string {
  const { db } = world;
  const { series, numberField } = orderRules[kind];
  const contact = party(db, kind, body, before);
  const linesBefore = before ? orderLines(db, before.order_id) : [];
  const currency = currencyOf(db, contact.currency_id);
  const exchangeRateMicro = exchangeRate(db, body, currency, before);
  const context = { kind, exchangeRateMicro, digits: currency.minor_digits };
  const rows = before && given(body, 'line_items') === undefined ? undefined : requiredList(body, 'line_items');
  const lines = rows ? draftLines(world, rows, linesBefore, context) : linesBefore;
  const shippingMinor =
    amountField(body, 'shipping_charge', currency.minor_digits, { least: 0 }) ?? before?.shippingMinor ?? 0;
  const adjustmentMinor = amountField(body, 'adjustment', currency.minor_digits) ?? before?.adjustmentMinor ?? 0;
  const totals = orderTotals(lines, shippingMinor, adjustmentMinor);
  const wanted = textField(body, numberField);
  const kept = before && (wanted === undefined || wanted.toLowerCase() === before.number.toLowerCase());
  const order: Order = {
    ...totals,
    order_id: before?.order_id ?? world.nextId(),
    kind,
    number: kept ? before.number : takeNumber(db, series, numberField, wanted),
    contact_id: contact.contact_id,
    base_status: before?.base_status ?? 'draft',
    status: before?.status ?? 'draft',
    date: documentDate(world, body, 'date', before?.date),
    reference_number: textField(body, 'reference_number') ?? before?.reference_number ?? '',
    currency_id: contact.currency_id,
    exchangeRateMicro,
    shippingMinor,
    adjustmentMinor,
    bcyTotalMinor: convertMinor(totals.totalMinor, currency.minor_digits, exchangeRateMicro, baseDigits(db)),
    created_time: before?.created_time ?? world.timestamp(),
    last_modified_time: world.timestamp(),
    fields: orderFields(kind, body, contact, before),
  };
  saveOrder(db, order, contact.contact_name);
  if (rows) {
    const kept = new Set(lines.map((line) => line.line_item_id));
    for (const { line_item_id } of linesBefore)
      if (!kept.has(line_item_id)) db.prepare('DELETE FROM order_line WHERE line_item_id = ?').run(line_item_id);
    lines.forEach((line, position) => {
      saveLine(db, order.order_id, position, line);
    });
  }
  return order.order_id;
}

function draftLines(
  world: World,
  rows: readonly Body[],
  linesBefore: readonly OrderLine[],
  context: Parameters<typeof draftLine>[2],
): OrderLine[] {
  const left = new Map(linesBefore.map((line) => [line.line_item_id, line]));
  const lines = rows.map((row) => {
    const id = textField(row, 'line_item_id');
    const before = id === undefined ? undefined : left.get(id);
    if (id !== undefined && !before)
      throw invalid('line_item_id', `The order has no line ${id}, or it is given twice.`);
    if (before) left.delete(before.line_item_id);
    return draftLine(world, row, context, before);
  });
  for (const line of left.values())
    if (line.packedMicro + line.receivedMicro > 0)
      throw refused(
        `The line of ${line.name} cannot be dropped: ${fromMicro(Math.max(line.packedMicro, line.receivedMicro))} of it is packed, shipped or received.`,
        'line_items',
      );
  return lines;
}

function saveOrder(db: Database, order: Order, contactName: string): void {
  const search = [order.number, order.reference_number, contactName].join('\n').toLowerCase();
  db.prepare(
    `INSERT INTO orders (order_id, kind, number, contact_id, base_status, status, date, reference_number, currency_id,
       exchange_rate_micro, sub_total_minor, discount_total_minor, tax_total_minor, shipping_charge_minor,
       adjustment_minor, total_minor, bcy_total_minor, search_text, created_time, last_modified_time, json)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (order_id) DO UPDATE SET number = excluded.number, contact_id = excluded.contact_id,
       date = excluded.date, reference_number = excluded.reference_number, currency_id = excluded.currency_id,
       exchange_rate_micro = excluded.exchange_rate_micro, sub_total_minor = excluded.sub_total_minor,
       discount_total_minor = excluded.discount_total_minor, tax_total_minor = excluded.tax_total_minor,
       shipping_charge_minor = excluded.shipping_charge_minor, adjustment_minor = excluded.adjustment_minor,
       total_minor = excluded.total_minor, bcy_total_minor = excluded.bcy_total_minor,
       search_text = excluded.search_text, last_modified_time = excluded.last_modified_time, json = excluded.json`,
  ).run(
    order.order_id,
    order.kind,
    order.number,
    order.contact_id,
    order.base_status,
    order.status,
    order.date,
    order.reference_number,
    order.currency_id,
    order.exchangeRateMicro,
    order.subTotalMinor,
    order.discountTotalMinor,
    order.taxTotalMinor,
    order.shippingMinor,
    order.adjustmentMinor,
    order.totalMinor,
    order.bcyTotalMinor,
    search,
    order.created_time,
    order.last_modified_time,
    JSON.stringify(order.fields),
  );
}

/** Removes the order and its lines; the caller has looked that nothing hangs on them. Its number stays used. */
export function removeOrder(db: Database, orderId: string): void {
  db.prepare('DELETE FROM open_quantity WHERE document_id = ?').run(orderId);
  db.prepare('DELETE FROM order_line WHERE order_id = ?').run(orderId);
  db.prepare('DELETE FROM orders WHERE order_id = ?').run(orderId);
}

/** Keeps an e-mail as sent: recipients from `to_mail_ids`, else the contact's address. */
export function emailOrder(world: World, kind: OrderKind, id: string, body: Body): void {
  const order = orderOf(world.db, kind, id);
  const wanted = given(body, 'to_mail_ids');
  const contact = findContact(world.db, order.contact_id);
  const own = contact?.fields.email;
  const recipients = Array.isArray(wanted) ? wanted : wanted === undefined ? (own ? [own] : []) : [wanted];
  if (recipients.length === 0) throw missing('to_mail_ids');
  for (const address of recipients)
    if (typeof address !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(address))
      throw invalid('to_mail_ids', 'to_mail_ids holds e-mail addresses.');
  world.db
    .prepare(
      `INSERT INTO outbox (document_type, document_id, recipients, subject, body, sent_at) VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .run(
      kind === 'sales' ? 'salesorder' : 'purchaseorder',
      id,
      JSON.stringify(recipients),
      textField(body, 'subject') ?? `${kind === 'sales' ? 'Sales' : 'Purchase'} Order ${order.number}`,
      textField(body, 'body') ?? '',
      world.timestamp(),
    );
}
