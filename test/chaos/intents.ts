import type { Input } from '../../src/operations/define.ts';
import { company } from '../client/writes.ts';
import type { ChaoticWorld } from './world.ts';

/** One record that is to be there in the end. */
export interface Intent {
  readonly tool: string;
  readonly input: Input;
  /** Of a program that means the same content twice. */
  readonly idempotencyKey?: string;
  /** Means a second one like the one it was told of before. */
  readonly isSecond?: boolean;
}

/** What one caller does, one after the other. */
export type Errand = readonly Intent[];

/** Items with and without a SKU are two kinds. */
type Kind =
  | ('coded' | 'named' | 'contacts' | 'warehouses' | 'sales' | 'purchases')
  | ('packages' | 'transfers' | 'adjustments' | 'kits' | 'shipments');

/** How many of which kind. */
export type Counts = Partial<Record<Kind, number>> & {
  /** Of each kind that may be alike, so many pairs of the same content per record; default 0.1. */
  readonly pairs?: number;
};

/** Of a thousand. */
export const thousand: Counts = {
  ...{ coded: 140, named: 100, contacts: 140, warehouses: 10, sales: 200, purchases: 140, packages: 90 },
  ...{ transfers: 60, adjustments: 50, kits: 30, shipments: 40 },
};

/** Records of which two may be alike: others have a name, a code or a package of their own. */
const keptTwice = /_(sales_order|purchase_order|package|transfer|stock_adjustment)$/;
const toldOfTheFirst = /_(sales_order|purchase_order|transfer)$/;

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Errands that come one right after the other, so that several callers have them at the same time. */
export type Group = readonly Errand[];

/** Pairs of the same content, each with a key of its own; and pairs whose second one is asked for when the first is told. */
function groupsOf(
  tool: string,
  { count = 0, share = 0.1 }: { count: number | undefined; share: number | undefined },
  contentOf: (n: number) => Input,
): Group[] {
  const pairs = keptTwice.test(tool) ? Math.floor(count * share) : 0;
  const seconds = toldOfTheFirst.test(tool) ? Math.floor(count / 20) : 0;
  const keyed = range(pairs).map((n) =>
    ['first', 'second'].map((which) => [{ tool, input: contentOf(n), idempotencyKey: `${tool} ${n} ${which}` }]),
  );
  const told = range(seconds).map((n) => {
    const one = { tool, input: contentOf(pairs + n) };
    return [[one, { ...one, isSecond: true }]];
  });
  const single = range(count - 2 * pairs - 2 * seconds).map((n) => [[{ tool, input: contentOf(pairs + seconds + n) }]]);
  return [...keyed, ...told, ...single];
}

/** A company with plenty of a few items, and some it deals with. */
async function stocked(prepare: ChaoticWorld['prepare']) {
  const its = await company(prepare);
  const plenty = {
    item_id: its.item,
    warehouse_id: its.main,
    quantity_adjusted: 10_000,
    adjust_quantity_by: 'increase',
  };
  const counted = { adjustment_type: 'quantity', reason: 'Stock Count', line_items: [plenty] };
  await prepare('create_stock_adjustment', counted);
  const items = await Promise.all(
    range(6).map((n) => its.newItem(`S-${n}`, { initial_stock: 10_000, initial_stock_rate: 1 })),
  );
  const contact = (kind: string, n: number) =>
    its.record('create_contact', 'contact', { contact_name: `${kind} ${n}`, contact_type: kind });
  const customers = await Promise.all(range(3).map((n) => contact('customer', n)));
  const vendors = await Promise.all(range(3).map((n) => contact('vendor', n)));
  return { its, customers, vendors, item: (n: number) => items[n % items.length] ?? its.item };
}

/** The creates of mixed kinds that are meant in a company. */
export async function intended({ prepare }: Pick<ChaoticWorld, 'prepare'>, counts: Counts): Promise<Group[]> {
  const { its, customers, vendors, item } = await stocked(prepare);
  /** Contents that differ by little: one of few parties, few items, another quantity. */
  const linesOf = (n: number, rate: number) => [
    { item_id: item(n), quantity: 1 + (Math.floor(n / 18) % 9), rate: rate + Math.floor(n / 162) },
  ];
  const party = (parties: readonly Record<string, unknown>[], n: number) => parties[Math.floor(n / 6) % parties.length];

  const of = (kind: Kind) => ({ count: counts[kind], share: counts.pairs });
  const toPack = await Promise.all(range(counts.packages ?? 0).map(() => its.packing()));
  const packed = await Promise.all(range(counts.shipments ?? 0).map(() => its.packed()));

  return [
    ...groupsOf('create_item', of('coded'), (n) => ({
      ...{ name: `Coded ${n % 50}`, sku: `C-${n}`, rate: 5, item_type: 'inventory' },
      ...(n % 10 === 0 ? { initial_stock: 3, initial_stock_rate: 2 } : {}),
    })),
    ...groupsOf('create_item', of('named'), (n) => ({ name: `Named ${n}`, rate: 5, item_type: 'inventory' })),
    ...groupsOf('create_contact', of('contacts'), (n) => ({ contact_name: `Guest ${n}`, contact_type: 'customer' })),
    ...groupsOf('create_warehouse', of('warehouses'), (n) => ({ warehouse_name: `Depot ${n}` })),
    ...groupsOf('create_sales_order', of('sales'), (n) => ({
      customer_id: party(customers, n)?.contact_id,
      line_items: linesOf(n, 10),
    })),
    ...groupsOf('create_purchase_order', of('purchases'), (n) => ({
      vendor_id: party(vendors, n)?.contact_id,
      line_items: linesOf(n, 4),
    })),
    ...groupsOf('create_package', of('packages'), (n) => {
      const { salesorder_id, line_items } = toPack[n] ?? {};
      return { salesorder_id, line_items: (line_items ?? []).map((line) => ({ ...line, quantity: 1 })) };
    }),
    ...groupsOf('create_transfer', of('transfers'), (n) => ({
      ...{ from_warehouse_id: its.main, to_warehouse_id: its.other },
      line_items: [{ item_id: item(n), quantity: 1 + Math.floor(n / 6) }],
    })),
    ...groupsOf('create_stock_adjustment', of('adjustments'), (n) => ({
      ...{ adjustment_type: 'quantity', reason: 'Damaged goods' },
      line_items: [
        {
          ...{ item_id: item(n), warehouse_id: its.main, adjust_quantity_by: 'decrease' },
          quantity_adjusted: 1 + Math.floor(n / 6),
        },
      ],
    })),
    ...groupsOf('create_composite_item', of('kits'), (n) => its.kit(`Z-${n}`)),
    ...groupsOf('create_shipment_order', of('shipments'), (n) => {
      const { id, order } = packed[n] ?? {};
      return { salesorder_id: order, package_ids: [id], carrier: 'UPS', tracking_number: `1Z${n}` };
    }),
  ];
}

/** Each place with the same chance (Fisher and Yates). */
export function shuffled<T>(given: readonly T[], chance: () => number): T[] {
  const mixed = [...given];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(chance() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] as T, mixed[last] as T]; // both places exist
  }
  return mixed;
}
