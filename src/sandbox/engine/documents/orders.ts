import type { Database } from '../../../sqlite.ts';
import { invalid, missing, type World } from '../../route.ts';
import type { JsonObject } from '../../row.ts';
import { type Contact, type Currency, findContact, organization } from '../directory.ts';
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
import { orderTotals } from '../money.ts';
import { takeNumber } from '../numbering.ts';
import { convertMinor, fromMicro, micro } from '../quantity.ts';
import { baseDigits } from './item-record.ts';
import { draftLine, type OrderKind, type OrderLine, orderLines, saveLine } from './lines.ts';
import { currencyOf, type Order, orderOf, orderRules, saveOrder } from './order-record.ts';

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
  const isNamed = Object.hasOwn(body, 'reference_number') && body.reference_number !== undefined;
  const order: Order = {
    ...totals,
    order_id: before?.order_id ?? world.nextId(),
    kind,
    number: kept ? before.number : takeNumber(db, series, numberField, wanted),
    contact_id: contact.contact_id,
    base_status: before?.base_status ?? 'draft',
    status: before?.status ?? 'draft',
    date: documentDate(world, body, 'date', before?.date),
    // An emptied one is emptied, like the notes.
    reference_number: textField(body, 'reference_number') ?? (isNamed ? '' : before?.reference_number) ?? '',
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
