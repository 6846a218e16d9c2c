import * as z from 'zod';
import { Rejected } from '../../errors.ts';
import { money, quantity, someText } from '../../operations/fields.ts';
import type { Allocation } from '../allocation.ts';
import { inTransitOf, isKit, onOrderOf, promisableMicro } from '../availability.ts';
import { baseCurrency, type Exchange, readExchange } from '../currency.ts';
import type { Api, WorkflowContext } from '../define.ts';
import { formatMicro, microToNumber, parseMicro, rateFromBase } from '../numbers.ts';
import { lookUpItems, lookUpWarehouses, refuseProblems, resolveContact } from '../resolve.ts';
import { microIn, type Row, textIn } from '../rows.ts';
import { buildableTogether, partsOf } from '../supply.ts';
import { itemWords, named, plainText } from '../text.ts';
import type { Wanted } from './place-sales-order-found.ts';

const orderedItem = z.strictObject({
  item: someText(200, 'Id, SKU, barcode or name'),
  quantity: quantity().refine((value) => value > 0, 'must be more than 0'),
  rate: money("Unit price, else the item's").optional(),
  warehouse: someText(200, 'Default the primary').optional(),
});
export type OrderedItem = z.infer<typeof orderedItem>;

/** Who orders what: what every job that takes an order asks for. */
export const orderInput = {
  customer: someText(200, 'Id or exact name'),
  items: z.array(orderedItem).min(1).max(100),
};

export const ordersOfCustomer = {
  list: 'list_sales_orders',
  key: 'salesorders',
  contactKey: 'customer_id',
  number: 'salesorder_number',
} as const;

/** An order whose names are found and whose lines are priced; stock is not looked at yet. */
export interface Prepared {
  readonly customer: Row;
  readonly lines: readonly Wanted[];
  /** Every item row read on the way, by item_id. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Every warehouse, where one was named; else empty. */
  readonly warehouses: readonly Row[];
  readonly exchange: Exchange;
  readonly base: string;
  /** True when one page of list_items holds the whole catalog. */
  readonly onePage: boolean;
}

/** Reads only. Names that are unknown, ambiguous or inactive throw InvalidArguments with candidates, all at once. */
export async function prepareOrder(
  api: Api,
  { customer: name, items }: { readonly customer: string; readonly items: readonly OrderedItem[] },
  context: WorkflowContext,
): Promise<Prepared> {
  context.progress('Finding the customer and the items');
  const customer = await resolveContact(api, name, 'customer', { forWrite: true });
  const terms = items.map(({ item }) => item);
  const lookup = await lookUpItems(api, terms, { forWrite: true });
  const named = items.flatMap(({ warehouse }) => (warehouse === undefined ? [] : [warehouse]));
  const places = await lookUpWarehouses(api, named, { forWrite: true });
  refuseProblems([...lookup.problems, ...places.problems]);
  const base = await baseCurrency(api, context);
  const exchange = await readExchange(api, customer, base, ordersOfCustomer);
  return {
    customer,
    lines: wantedLines(items, lookup.found, places.found, exchange),
    rows: lookup.rows,
    warehouses: places.rows,
    exchange,
    base,
    onePage: lookup.onePage,
  };
}

/** Prices given are in the customer's currency; the item's own is converted to it. */
export function wantedLines(
  wishes: readonly OrderedItem[],
  items: ReadonlyMap<string, Row>,
  warehouses: ReadonlyMap<string, Row>,
  exchange: Exchange,
): Wanted[] {
  return wishes.flatMap((line) => {
    const row = items.get(line.item);
    if (!row) return [];
    const place = line.warehouse === undefined ? undefined : warehouses.get(line.warehouse);
    if (line.rate === undefined && exchange.nano === undefined) throw unknownExchange(exchange);
    const own = rateFromBase(microIn(row, 'rate') ?? 0n, exchange.nano ?? 1n);
    return {
      row,
      itemId: textIn(row, 'item_id'),
      name: plainText(row.name),
      sku: plainText(row.sku, 60),
      unit: plainText(row.unit, 20),
      quantity: parseMicro(line.quantity) ?? 0n,
      rate: parseMicro(line.rate) ?? own,
      warehouseId: place ? textIn(place, 'warehouse_id') : undefined,
      warehouseName: place ? plainText(place.warehouse_name, 60) : '',
    };
  });
}

const unknownExchange = ({ currency }: Exchange): Rejected =>
  new Rejected(
    `The customer pays in ${currency} and no exchange rate for it is known. Give each line its rate in ${currency}. Nothing was written.`,
    { nothingSent: true, facts: { currency_code: currency } },
  );

/** Throws Rejected with a table of the lines that cannot be promised in full; nothing when there is none. `advice`: what to do. */
export function refuseShort(
  lines: readonly Wanted[],
  allocations: readonly Allocation[],
  rows: ReadonlyMap<string, Row>,
  advice: string,
): void {
  const short = lines.flatMap((line, index) => {
    const allocation = allocations[index];
    if (!allocation || allocation.short <= 0n) return [];
    const rest = otherwise(line, allocation, rows);
    return {
      item: line.name,
      sku: line.sku,
      item_id: line.itemId,
      ...(line.warehouseName === '' ? {} : { warehouse: line.warehouseName }),
      wanted: microToNumber(line.quantity),
      can_be_promised: microToNumber(allocation.promised),
      short: microToNumber(allocation.short),
      ...comingOf(line.row),
      ...(rest === '' ? {} : { note: rest }),
    };
  });
  if (short.length === 0) return;
  const words = short.map((row) => {
    const where = row.warehouse ? ` in ${named(row.warehouse)}` : '';
    const figures = [
      `wanted ${row.wanted}, can be promised ${row.can_be_promised}, short ${row.short}`,
      ...(row.on_order === undefined ? [] : [`on order ${row.on_order}`]),
      ...(row.in_transit === undefined ? [] : [`in transit ${row.in_transit}`]),
    ].join(', ');
    return `${itemWords(row)}${where}: ${figures}${row.note ? `; ${row.note}` : ''}`;
  });
  throw new Rejected(
    `Not enough stock, nothing was written.\n${words.join('\n')}\n${advice} check_stock tells what is on its way.`,
    // The words above hold the same figures: only what a next call needs is said again.
    { nothingSent: true, facts: { short: short.map(({ item: _, note: __, ...row }) => row) } },
  );
}

/** Of goods; a kit itself is never on order, and its parts tell their own. */
function comingOf(row: Row): { on_order?: number; in_transit?: number } {
  if (isKit(row)) return {};
  const moving = inTransitOf(row);
  return { on_order: microToNumber(onOrderOf(row)), ...(moving > 0n ? { in_transit: microToNumber(moving) } : {}) };
}

/** Where the rest of a short line stands: in other warehouses, or as parts that do not lie in one place. */
function otherwise({ row, warehouseId, itemId }: Wanted, { promised }: Allocation, rows: ReadonlyMap<string, Row>) {
  const known = rows.get(itemId) ?? row;
  if (isKit(known)) {
    const together = buildableTogether(partsOf(known), rows);
    return together > promised ? `parts for ${formatMicro(together)} in all, but not in one warehouse` : '';
  }
  const all = promisableMicro(known) ?? 0n;
  return warehouseId !== undefined && all > promised ? `${formatMicro(all - promised)} in other warehouses` : '';
}
