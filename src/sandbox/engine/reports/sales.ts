import type { Database } from '../../../sqlite.ts';
import type { Answer, Call } from '../../route.ts';
import { integerOf } from '../../row.ts';
import { findContact, findCurrency } from '../directory.ts';
import { baseDigits, findItem } from '../documents/item-record.ts';
import { type OrderLine, orderLines } from '../documents/lines.ts';
import { currencyOf, type Order, toOrder } from '../documents/order-record.ts';
import { stillNeeded } from '../documents/progress.ts';
import { convertMinor, fromMicro, fromMinor } from '../quantity.ts';
import { type Asked, asked, filterOf, header, type Json, reportAnswer, sum, unitCost } from './common.ts';

/** A line that was sold, in base currency, minor units. */
interface Sold {
  readonly order: Order;
  readonly line: OrderLine;
  /** Net of its discount, before tax. */
  readonly amountMinor: number;
  readonly taxMinor: number;
}

interface Sale {
  readonly order: Order;
  readonly lines: readonly Sold[];
  readonly shippingAndAdjustmentMinor: number;
}

/** Orders dated in the range that were neither drafts nor void; with a warehouse only its lines, each converted once. */
function sales(db: Database, { from, to, warehouse }: Asked): Sale[] {
  const digits = baseDigits(db);
  return db
    .prepare(
      `SELECT * FROM orders WHERE kind = 'sales' AND base_status NOT IN ('draft', 'void') AND date BETWEEN ? AND ?
       ORDER BY date, order_id`,
    )
    .all(from, to)
    .map(toOrder)
    .map((order) => {
      const currency = currencyOf(db, order.currency_id);
      const inBase = (minor: number) => convertMinor(minor, currency.minor_digits, order.exchangeRateMicro, digits);
      const lines = orderLines(db, order.order_id)
        .filter((line) => warehouse === undefined || line.warehouse_id === warehouse.warehouse_id)
        .map((line) => ({
          order,
          line,
          amountMinor: inBase(line.grossMinor - line.discountMinor),
          taxMinor: inBase(line.taxMinor),
        }));
      return { order, lines, shippingAndAdjustmentMinor: inBase(order.shippingMinor + order.adjustmentMinor) };
    })
    .filter(({ lines }) => warehouse === undefined || lines.length > 0);
}

/** What the goods had cost that left for a line, kits' parts together. */
function shippedCost(db: Database, lineId: string): number {
  const row = db
    .prepare(
      `SELECT coalesce(sum(CASE WHEN to_place = 'customer' THEN cost_minor ELSE -cost_minor END), 0) AS cost
       FROM package_line JOIN stock_move ON document_id = package_id AND line_id = line_item_id
       WHERE so_line_item_id = ?`,
    )
    .get(lineId);
  return row ? integerOf(row, 'cost') : 0;
}

interface ItemSales {
  ordered: number;
  shipped: number;
  inKits: number;
  amount: number;
  cost: number;
}

const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const basis = 'ordered, not invoiced; base currency, net of discounts, before tax, shipping and adjustment';

/**
 * Sales of each item, the highest amount first; services too. A kit has its own row, and its parts say under
 * `quantity_used_in_kits` how many were ordered with it. Margin is the amount less what the goods shipped so far had cost.
 */
export function salesByItem(call: Call): Answer {
  const { world } = call;
  const { db } = world;
  const ask = asked(call);
  const digits = baseDigits(db);
  const byItem = new Map<string, ItemSales>();
  const of = (id: string): ItemSales => {
    const found = byItem.get(id) ?? { ordered: 0, shipped: 0, inKits: 0, amount: 0, cost: 0 };
    byItem.set(id, found);
    return found;
  };
  for (const { line, amountMinor } of sales(db, ask).flatMap(({ lines }) => lines)) {
    const sold = of(line.item_id);
    sold.ordered += line.quantityMicro;
    sold.shipped += line.shippedMicro;
    sold.amount += amountMinor;
    sold.cost += shippedCost(db, line.line_item_id);
    if (line.kind === 'kit')
      for (const part of stillNeeded(line, line.quantityMicro)) of(part.item_id).inKits += part.quantityMicro;
  }
  const found = [...byItem]
    .map(([id, sold]) => ({ id, sold, item: findItem(db, id) }))
    .sort((a, b) => b.sold.amount - a.sold.amount || text(a.item?.sku ?? '', b.item?.sku ?? '') || text(a.id, b.id));
  const totals = {
    amount: fromMinor(sum(found.map(({ sold }) => sold.amount)), digits),
    margin: fromMinor(sum(found.map(({ sold }) => sold.amount - sold.cost)), digits),
  };
  const rows = found.map(({ id, item, sold }) => ({
    item_id: id,
    name: item?.name ?? '',
    sku: item?.sku ?? '',
    quantity_ordered: fromMicro(sold.ordered),
    quantity_shipped: fromMicro(sold.shipped),
    amount: fromMinor(sold.amount, digits),
    average_price: unitCost(sold.amount, sold.ordered, digits),
    margin: fromMinor(sold.amount - sold.cost, digits),
    ...(sold.inKits > 0 ? { quantity_used_in_kits: fromMicro(sold.inKits) } : {}),
  }));
  const head = (page: Json): Json =>
    header(world, 'sales-by-item', {
      from_date: ask.from,
      to_date: ask.to,
      ...filterOf(ask),
      ...page,
      basis: `${basis}; margin: amount less FIFO cost of what was shipped`,
      totals,
    });
  return reportAnswer(call, 'items', head, rows);
}

/** The same orders by customer, the highest amount first. With a warehouse an order's shipping charge belongs to nobody. */
export function salesByCustomer(call: Call): Answer {
  const { world } = call;
  const { db } = world;
  const ask = asked(call);
  const digits = baseDigits(db);
  const byCustomer = new Map<string, Sale[]>();
  for (const sale of sales(db, ask))
    byCustomer.set(sale.order.contact_id, [...(byCustomer.get(sale.order.contact_id) ?? []), sale]);
  const found = [...byCustomer]
    .map(([id, theirs]) => {
      const lines = theirs.flatMap((sale) => sale.lines);
      const contact = findContact(db, id);
      const beside = ask.warehouse ? 0 : sum(theirs.map((sale) => sale.shippingAndAdjustmentMinor));
      return {
        id,
        name: contact?.contact_name ?? '',
        currency: (contact && findCurrency(db, contact.currency_id)?.code) ?? '',
        orders: theirs.length,
        quantity: sum(lines.map(({ line }) => line.quantityMicro)),
        amount: sum(lines.map(({ amountMinor }) => amountMinor)),
        tax: sum(lines.map(({ taxMinor }) => taxMinor)),
        beside,
      };
    })
    .sort((a, b) => b.amount - a.amount || text(a.name, b.name) || text(a.id, b.id));
  const money = (minor: number) => fromMinor(minor, digits);
  const totals = {
    order_count: sum(found.map(({ orders }) => orders)),
    amount: money(sum(found.map(({ amount }) => amount))),
    total: money(sum(found.map(({ amount, tax, beside }) => amount + tax + beside))),
  };
  const rows = found.map(({ id, name, currency, orders, quantity, amount, tax, beside }) => ({
    customer_id: id,
    name,
    currency_code: currency,
    order_count: orders,
    quantity: fromMicro(quantity),
    amount: money(amount),
    tax: money(tax),
    shipping_and_adjustment: money(beside),
    total: money(amount + tax + beside),
  }));
  const head = (page: Json): Json =>
    header(world, 'sales-by-customer', {
      from_date: ask.from,
      to_date: ask.to,
      ...filterOf(ask),
      ...page,
      basis: `${basis}; currency_code is the customer's own`,
      totals,
    });
  return reportAnswer(call, 'customers', head, rows);
}
