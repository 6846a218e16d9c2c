import type { Allocation } from '../allocation.ts';
import type { Exchange } from '../currency.ts';
import type { Row } from '../rows.ts';
import type { Elsewhere } from './elsewhere.ts';

/** One line, resolved: quantities and rates in 1e-6. */
export interface Wanted {
  readonly row: Row;
  readonly itemId: string;
  readonly name: string;
  readonly sku: string;
  readonly unit: string;
  readonly quantity: bigint;
  /** In the customer's currency. */
  readonly rate: bigint;
  readonly warehouseId: string | undefined;
  readonly warehouseName: string;
}

/** A line as it will be ordered. */
export interface Placed {
  readonly line: Wanted;
  readonly allocation: Allocation;
  /** Less than wanted where only a part is ordered. */
  readonly ordered: bigint;
}

/** What of a line is not ordered. */
export interface Cut {
  readonly line: Wanted;
  readonly cut: bigint;
}

/** What the plan is made of. */
export interface Found {
  /** Fields of the order itself, as create_sales_order takes them. */
  readonly header: Readonly<Record<string, string>>;
  readonly confirm: boolean;
  readonly customer: Row;
  readonly placed: readonly Placed[];
  readonly cuts: readonly Cut[];
  readonly exchange: Exchange;
  readonly base: string;
  readonly onePage: boolean;
  readonly elsewhere: readonly Elsewhere[];
  /** Item rows by item_id, parts of kits among them. */
  readonly rows: ReadonlyMap<string, Row>;
  /** The organization's calendar day. */
  readonly today: string;
}
