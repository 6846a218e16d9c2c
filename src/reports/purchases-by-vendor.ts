import { listOrganizations } from '../operations/organizations.ts';
import { getPurchaseOrder, listPurchaseOrders } from '../operations/purchase-orders.ts';
import { baseCurrency } from '../workflows/currency.ts';
import { divideRounded, minorToNumber } from '../workflows/numbers.ts';
import { textIn } from '../workflows/rows.ts';
import type { Report, Row } from './define.ts';
import { expectedOn, linesOf, readOrders } from './orders.ts';
import { computedHeader, createReader } from './reader.ts';

interface Bought {
  readonly vendor_id: string;
  readonly name: string;
  readonly currency_code: string;
  orders: number;
  ordered: bigint;
  received: bigint;
  open: bigint;
  overdue: number;
}

const isCounted = (row: Row) => row.status !== 'draft' && row.status !== 'cancelled' && row.status !== 'void';

/** Adds one order up; `today` decides what is overdue. False when it has no line in the warehouse asked for. */
function addOrder(bought: Bought, order: Row, base: string, today: string, warehouseId: string | undefined): boolean {
  const lines = linesOf(order, base, warehouseId);
  if (warehouseId !== undefined && lines.length === 0) return false;
  const expected = expectedOn(order);
  bought.orders += 1;
  for (const { isCarried, quantity, received, netMinor } of lines) {
    bought.ordered += netMinor;
    if (!isCarried) continue;
    const done = quantity === 0n ? 0n : divideRounded(netMinor * received, quantity);
    bought.received += done;
    bought.open += netMinor - done;
    if (received < quantity && expected !== '' && expected < today) bought.overdue += 1;
  }
  return true;
}

export const purchasesByVendor: Report = {
  name: 'purchases-by-vendor',
  title: 'Purchases by vendor',
  description:
    'What was ordered from each vendor in the dates, received and still open, in base currency. One call for 200 orders and one for each.',
  columns: 'vendor_id name currency_code order_count ordered_amount received_amount open_amount overdue_lines'.split(
    ' ',
  ),
  uses: [listPurchaseOrders, getPurchaseOrder, listOrganizations],
  parameters: ['warehouse_id', 'from_date', 'to_date'],
  read: async (api, { warehouse_id, from_date, to_date }, context) => {
    const reader = createReader(api, context);
    const to = to_date ?? context.today;
    const from = from_date ?? `${to.slice(0, 8)}01`;
    const base = await baseCurrency({ call: reader.call, pages: api.pages }, context);
    const dates = { date_start: from, date_end: to };
    const listed = await reader.list('list_purchase_orders', 'purchaseorders', dates);
    const orders = await readOrders(reader, 'purchase', listed.rows.filter(isCounted));
    const byVendor = new Map<string, Bought>();
    for (const order of orders) {
      const id = textIn(order, 'vendor_id');
      const bought = byVendor.get(id) ?? {
        vendor_id: id,
        name: textIn(order, 'vendor_name'),
        currency_code: textIn(order, 'currency_code'),
        ...{ orders: 0, ordered: 0n, received: 0n, open: 0n, overdue: 0 },
      };
      if (addOrder(bought, order, base, context.today, warehouse_id)) byVendor.set(id, bought);
    }
    const money = (minor: bigint) => minorToNumber(minor, base);
    const found = [...byVendor.values()].sort(
      (a, b) => Number(b.ordered - a.ordered) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
    );
    const total = (figure: (bought: Bought) => bigint) => money(found.reduce((sum, one) => sum + figure(one), 0n));
    const rows = found.slice(0, context.mostRows ?? 200).map((one) => ({
      vendor_id: one.vendor_id,
      name: one.name,
      currency_code: one.currency_code,
      order_count: one.orders,
      ordered_amount: money(one.ordered),
      received_amount: money(one.received),
      open_amount: money(one.open),
      overdue_lines: one.overdue,
    }));
    const truncated = reader.cut() || rows.length < found.length;
    return {
      header: computedHeader(
        'purchases-by-vendor',
        { ...context, currency: base },
        {
          from_date: from,
          to_date: to,
          ...(warehouse_id === undefined ? {} : { filter: { warehouse_id } }),
          row_count: found.length,
          truncated,
          basis:
            'ordered, not billed; base currency, net of discounts, before tax and shipping; currency_code is the order’s own; services are never received',
        },
      ),
      rows,
      totals: {
        ordered_amount: total(({ ordered }) => ordered),
        received_amount: total(({ received }) => received),
        open_amount: total(({ open }) => open),
      },
      truncated,
      calls: reader.calls(),
    };
  },
};
