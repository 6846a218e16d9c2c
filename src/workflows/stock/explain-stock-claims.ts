import type { Api } from '../define.ts';
import { microToNumber, sumOf } from '../numbers.ts';
import {
  holding,
  isUnsent,
  lineOf,
  neededFor,
  type OpenLine,
  oldestFirst,
  readOpenOrders,
  readSalesOrder,
  toShip,
} from '../open-orders.ts';
import { type Row, rowsIn, textIn } from '../rows.ts';
import { plainText } from '../text.ts';

/** What one order line still claims of the item; quantities in 1e-6 units. */
export interface Claim {
  readonly order: Row;
  readonly line: OpenLine;
  readonly quantity: bigint;
  /** Of it in packages that have not left. */
  readonly packed: bigint;
}

export interface Claims {
  readonly claims: readonly Claim[];
  /** More open orders exist than were read. */
  readonly truncated: boolean;
}

/** Open orders read at most; each costs a call. */
export const mostOrdersRead = 20;

/**
 * Lines of open orders that claim an item, oldest first: as the item itself, or as a part of a kit. The API finds orders by
 * the items on their lines, so that of kits comes to light only where the first do not add up to `committed`: then all
 * open orders are gone through. One or two lists (at most 12 calls) and a call an order, until `committed` is found.
 */
export async function readClaims(api: Api, itemId: string, committed: bigint | undefined): Promise<Claims> {
  const claims: Claim[] = [];
  const read = new Set<string>();
  const isFound = (): boolean => committed !== undefined && sumOf(claims.map(({ quantity }) => quantity)) >= committed;
  let truncated = false;
  for (const filter of [{ item_id: itemId }, {}]) {
    // Without a figure to reach, nothing tells that kits hold more.
    if (isFound() || read.size >= mostOrdersRead || (committed === undefined && !('item_id' in filter))) break;
    const { rows, complete } = await readOpenOrders(api, holding, filter);
    truncated = !complete;
    for (const row of [...rows].sort(oldestFirst)) {
      const id = textIn(row, 'salesorder_id');
      if (isFound() || read.has(id)) continue;
      if (read.size >= mostOrdersRead) {
        truncated = true;
        break;
      }
      read.add(id);
      claims.push(...claimsIn(await readSalesOrder(api, row), itemId));
    }
  }
  return { claims: claims.sort((a, b) => oldestFirst(a.order, b.order)), truncated: truncated && !isFound() };
}

function claimsIn(order: Row, itemId: string): Claim[] {
  return rowsIn(order, 'line_items').flatMap((row): Claim[] => {
    const line = lineOf(row);
    const of = (amount: bigint): bigint =>
      line.itemId === itemId
        ? amount
        : sumOf(
            neededFor(line, amount)
              .filter((part) => part.itemId === itemId)
              .map(({ needed }) => needed),
          );
    const quantity = of(toShip(line));
    return quantity === 0n ? [] : [{ order, line, quantity, packed: of(line.packed - line.shipped) }];
  });
}

/** Numbers of an order's packages that have not left. */
export const waitingPackages = (order: Row): string[] =>
  rowsIn(order, 'packages')
    .filter(isUnsent)
    .map((one) => plainText(one.package_number, 40));

export function claimRow({ order, line, quantity, packed }: Claim, itemId: string) {
  return {
    salesorder_number: plainText(order.salesorder_number, 40),
    salesorder_id: textIn(order, 'salesorder_id'),
    customer: plainText(order.customer_name, 60),
    quantity: microToNumber(quantity),
    ...(packed === 0n ? {} : { packed: microToNumber(packed) }),
    ...(packed === 0n ? {} : { package_number: waitingPackages(order).join(', ') }),
    ...(line.itemId === itemId ? {} : { in_kit_sku: plainText(line.sku || line.name, 60) }),
    warehouse: plainText(line.warehouseName, 60),
    date: textIn(order, 'date'),
    ...(textIn(order, 'shipment_date') === '' ? {} : { shipment_date: textIn(order, 'shipment_date') }),
  };
}
