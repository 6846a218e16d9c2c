import type { Database, Row } from '../../../sqlite.ts';
import { notFound } from '../../route.ts';
import { integerOf, type JsonObject, jsonOf, textOf } from '../../row.ts';
import { type Currency, findCurrency } from '../directory.ts';
import type { Totals } from '../money.ts';
import type { NumberSeries } from '../numbering.ts';
import type { OrderKind } from './lines.ts';

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

/** Writes the header, new or changed; decision and status change by `refreshOrder` only. */
export function saveOrder(db: Database, order: Order, contactName: string): void {
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
