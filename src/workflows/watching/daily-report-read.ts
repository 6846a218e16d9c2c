import type { Api } from '../define.ts';
import { microIn, pageSize, type Row, readList, rowIn, rowsIn, textIn } from '../rows.ts';
import { type LowStock, readLowStock } from './low-stock-rows.ts';

/** What has to be done next with a sales order. */
export const orderSteps = ['confirm', 'pack', 'ship', 'deliver'] as const;
export type OrderStep = (typeof orderSteps)[number];

const stepByStatus: Readonly<Record<string, OrderStep>> = {
  draft: 'confirm',
  open: 'pack',
  confirmed: 'pack',
  partially_packed: 'pack',
  packed: 'ship',
  partially_shipped: 'ship',
  shipped: 'deliver',
};

/** Undefined for what waits for nothing: closed, void, delivered. */
function stepOf(row: Row): OrderStep | undefined {
  const status = textIn(row, 'status').replaceAll(' ', '_');
  // A part has left; whether the rest is packed stands beside the status.
  if (status === 'partially_shipped' && !['packed', ''].includes(textIn(row, 'packed_status'))) return 'pack';
  return stepByStatus[status];
}

/** An order, and since or until when it waits. */
export interface Waiting {
  readonly number: string;
  readonly party: string;
  /** yyyy-mm-dd. */
  readonly day: string;
}

export interface Latest {
  /** Of the newest 200 only, where there are more. */
  readonly complete: boolean;
}

export interface Day {
  readonly skus: number;
  readonly value: unknown;
  readonly currency: string;
  readonly stock: LowStock;
  /** Oldest first. */
  readonly steps: Readonly<Record<OrderStep, readonly Waiting[]>>;
  readonly sales: Latest;
  /** Issued and not all received, though they were due before today; the latest first. */
  readonly late: readonly Waiting[];
  readonly purchases: Latest;
  readonly inTransit: readonly { readonly sku: string; readonly name: string; readonly quantity: bigint }[];
  /** False when only the first 200 items were looked through for what is in transit. */
  readonly allItems: boolean;
}

// Lists come newest first; of one day the lower number waits longer.
const byDay = (a: Waiting, b: Waiting): number =>
  a.day.localeCompare(b.day) || a.number.localeCompare(b.number, 'en', { numeric: true });

/** Issued orders whose day has passed, latest first. One call a filter, for its newest 200 orders. */
export async function readLatePurchases(
  api: Api,
  today: string,
  filters: readonly string[] = ['Status.All'],
): Promise<{ late: Waiting[]; complete: boolean }> {
  const late = new Map<string, Waiting>();
  let complete = true;
  for (const filter_by of filters) {
    const list = await readList(api, 'list_purchase_orders', 'purchaseorders', { filter_by }, { maxPages: 1 });
    complete &&= list.complete;
    for (const row of list.rows) {
      const day = textIn(row, 'expected_delivery_date') || textIn(row, 'delivery_date');
      const isOpen = /^(issued|partially.received)$/.test(textIn(row, 'status'));
      const number = textIn(row, 'purchaseorder_number');
      if (isOpen && day !== '' && day < today) late.set(number, { number, party: textIn(row, 'vendor_name'), day });
    }
  }
  return { late: [...late.values()].sort(byDay), complete };
}

async function readWaiting(api: Api): Promise<{ steps: Day['steps']; complete: boolean }> {
  const input = { filter_by: 'Status.All' };
  const { rows, complete } = await readList(api, 'list_sales_orders', 'salesorders', input, { maxPages: 1 });
  const steps: Record<OrderStep, Waiting[]> = { confirm: [], pack: [], ship: [], deliver: [] };
  for (const row of rows) {
    const step = stepOf(row);
    const order = { number: textIn(row, 'salesorder_number'), party: textIn(row, 'customer_name') };
    if (step) steps[step].push({ ...order, day: textIn(row, 'date') });
  }
  for (const step of orderSteps) steps[step].sort(byDay);
  return { steps, complete };
}

/** All of it: four calls, whatever the size of the company. */
export async function readDay(api: Api, today: string): Promise<Day> {
  const summary = await api.call('get_inventory_summary', { per_page: pageSize });
  const stock = await readLowStock(api);
  const { steps, complete } = await readWaiting(api);
  const { late, complete: allPurchases } = await readLatePurchases(api, today);
  const rows = rowsIn(summary, 'items');
  const moving = rows.flatMap((row) => {
    const quantity = microIn(row, 'quantity_in_transit') ?? 0n;
    return quantity > 0n ? [{ sku: textIn(row, 'sku'), name: textIn(row, 'name'), quantity }] : [];
  });
  const skus = Number(summary.total_items ?? rows.length);
  return {
    skus,
    value: summary.total_value,
    currency: textIn(rowIn(summary, 'report'), 'currency'),
    stock,
    steps,
    sales: { complete },
    late,
    purchases: { complete: allPurchases },
    inTransit: moving,
    allItems: rows.length >= skus,
  };
}
