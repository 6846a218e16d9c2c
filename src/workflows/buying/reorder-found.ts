import type { Row } from '../rows.ts';
import type { Reorder, ReorderRule, Stock } from './reorder-rules.ts';
import type { VendorTerms } from './reorder-vendors.ts';

/** An item to order, before prices. */
export interface Need {
  readonly row: Row;
  readonly itemId: string;
  readonly name: string;
  readonly sku: string;
  readonly stock: Stock;
  readonly reorder: Reorder;
  readonly vendorId: string;
  /** Free in other warehouses, where one warehouse is reordered for; else 0. */
  readonly elsewhere: bigint;
}

/** An item that is not ordered, and why. */
export interface LeftOut {
  readonly item: string;
  readonly sku: string;
  readonly item_id: string;
  readonly reason: string;
}

export interface Found {
  readonly rule: ReorderRule;
  readonly needs: readonly Need[];
  readonly vendors: ReadonlyMap<string, VendorTerms>;
  readonly leftOut: readonly LeftOut[];
  /** Base currency code; empty when nothing is ordered. */
  readonly base: string;
  /** More drafts exist than were read. */
  readonly truncated: boolean;
  /** The one that is reordered for; undefined for all together. */
  readonly warehouse: { readonly id: string; readonly name: string } | undefined;
  /** Low items that this warehouse does not carry. */
  readonly notCarried: number;
  /** What a vendor's order must come to, in minor units of the base currency. */
  readonly leastMinor: bigint;
  /** yyyy-mm-dd: expected arrival of the drafts. */
  readonly expected: string | undefined;
}

export interface Priced {
  readonly need: Need;
  readonly rate: bigint;
  readonly cost: bigint;
}

export interface VendorOrder {
  readonly vendor: VendorTerms;
  readonly lines: readonly Priced[];
  readonly subtotal: bigint;
  readonly subtotalBase: bigint;
}
