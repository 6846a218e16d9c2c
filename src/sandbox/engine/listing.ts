import type { SqlValue } from '../../sqlite.ts';
import type { Listing } from '../page.ts';
import { type Call, invalid } from '../route.ts';
import type { OrderKind } from './documents/lines.ts';
import { orderRules } from './documents/order-record.ts';
import { dateField } from './fields.ts';

/** A condition of a query and the values it binds. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** A word of the query; undefined where it says nothing. */
export const asked = (call: Call, key: string): string | undefined => call.query.get(key)?.trim() || undefined;

/** The condition, where there is a value for it. */
export const when = (value: string | undefined, sql: string, shape = (text: string): SqlValue => text): Condition[] =>
  value === undefined ? [] : [{ sql, values: [shape(value)] }];

// Search text is kept in lower case by JavaScript, since SQLite lowers ASCII letters only. LIKE's own signs mean themselves.
const contains = (text: string) => `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;

export const searched = (call: Call, columns: string) =>
  when(asked(call, 'search_text'), `${columns} LIKE ? ESCAPE '\\'`, contains);

export const where = (conditions: readonly Condition[]) => ({
  sql: conditions.map(({ sql }) => `(${sql})`).join(' AND ') || '1',
  values: conditions.flatMap(({ values }) => values),
});

// `Status.PartiallyShipped`, `Status.Partially_Shipped` and `partially shipped` name the same status.
const folded = (text: string) =>
  text
    .replace(/^Status\./i, '')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();

/** The status that `filter_by` or `status` asks for, folded; undefined for all, 1002 for one that is not known. */
export function statusAsked(call: Call, known: Readonly<Record<string, string>>): string | undefined {
  const key = asked(call, 'filter_by') === undefined ? 'status' : 'filter_by';
  const value = asked(call, key);
  if (value === undefined) return undefined;
  const name = folded(value);
  if (name === 'all' || name === '') return undefined;
  if (!Object.hasOwn(known, name))
    throw invalid(
      key,
      `${key} is one of Status.All, ${Object.values(known)
        .map((status) => `Status.${status}`)
        .join(', ')}.`,
    );
  return name;
}

// Statuses that the reference names and no endpoint here reaches are accepted and find nothing.
const salesStatuses = {
  draft: 'Draft',
  open: 'Open',
  confirmed: 'Confirmed',
  partiallypacked: 'PartiallyPacked',
  packed: 'Packed',
  partiallyshipped: 'PartiallyShipped',
  shipped: 'Shipped',
  delivered: 'Delivered',
  closed: 'Closed',
  void: 'Void',
  cancelled: 'Cancelled',
};
const purchaseStatuses = {
  draft: 'Draft',
  issued: 'Issued',
  partiallyreceived: 'PartiallyReceived',
  received: 'Received',
  partiallybilled: 'PartiallyBilled',
  billed: 'Billed',
  closed: 'Closed',
  cancelled: 'Cancelled',
  void: 'Void',
};

function orderStatus(call: Call, kind: OrderKind): Condition[] {
  const status = statusAsked(call, kind === 'sales' ? salesStatuses : purchaseStatuses);
  // An order that is delivered, or received, in full is closed by that.
  const reached = (kind === 'sales' && status === 'delivered') || (kind === 'purchase' && status === 'received');
  return when(reached ? 'closed' : status, "replace(orders.status, '_', '') = ?");
}

/** Sortable columns of an order list, as the API names them. */
export const orderColumns = (kind: OrderKind) => [
  ...[orderRules[kind].numberField, kind === 'sales' ? 'customer_name' : 'vendor_name', 'date', 'total', 'status'],
  ...['reference_number', 'created_time', 'last_modified_time'],
];

/** `date_start` and `date_end`, both inclusive, on the column `date`. */
export function dates(call: Call): Condition[] {
  const body = { date_start: asked(call, 'date_start'), date_end: asked(call, 'date_end') };
  const [start, end] = [dateField(body, 'date_start'), dateField(body, 'date_end')];
  if (start !== undefined && end !== undefined && start > end)
    throw invalid('date_start', 'date_start is after date_end.');
  return [...when(start, 'date >= ?'), ...when(end, 'date <= ?')];
}

/** Orders that the query asks for, newest first. */
export function listedOrders(call: Call, kind: OrderKind): Listing {
  const { numberField, contactField } = orderRules[kind];
  const party = kind === 'sales' ? 'customer_name' : 'vendor_name';
  const { sql, values } = where([
    { sql: 'orders.kind = ?', values: [kind] },
    // The name kept with the order is that of its last change; the contact may be called otherwise by now.
    ...searched(call, "(search_text || char(10) || coalesce(contact_name, ''))"),
    ...orderStatus(call, kind),
    ...when(asked(call, numberField), 'number = ?'),
    ...when(asked(call, contactField), 'orders.contact_id = ?'),
    ...when(asked(call, 'reference_number'), 'reference_number = ? COLLATE NOCASE'),
    ...when(
      asked(call, 'item_id'),
      'EXISTS (SELECT 1 FROM order_line WHERE order_line.order_id = orders.order_id AND order_line.item_id = ?)',
    ),
    ...dates(call),
  ]);
  // Totals of several currencies compare by what they are in base currency.
  return {
    sql: `SELECT order_id AS id, number AS ${numberField}, contact_name AS ${party}, date, orders.status AS status, reference_number,
         bcy_total_minor AS total, orders.created_time AS created_time,
         orders.last_modified_time AS last_modified_time
       FROM orders LEFT JOIN contact ON contact.contact_id = orders.contact_id
       WHERE ${sql}`,
    values,
    order: 'date DESC, order_id DESC',
  };
}
