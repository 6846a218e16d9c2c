import { NotFound } from '../../src/errors.ts';
import type { Input } from '../../src/operations/define.ts';
import type { Api, WorkflowContext } from '../../src/workflows/define.ts';
import { type Row, rowsIn, textIn } from '../../src/workflows/rows.ts';

export interface Call {
  readonly name: string;
  readonly input: Input;
}

export interface Shelf {
  readonly items?: readonly Row[];
  readonly contacts?: readonly Row[];
  readonly warehouses?: readonly Row[];
  readonly organizations?: readonly Row[];
  /** Answers before the shelf does; undefined leaves the call to the shelf. */
  readonly instead?: (call: Call) => Row | undefined | Promise<Row | undefined>;
  /** Rows of a page; the API's own limit is 200. */
  readonly mostRows?: number;
  /** Whether a list says how long it is. */
  readonly counts?: boolean;
}

export interface FakeApi extends Api {
  readonly calls: Call[];
  readonly names: () => string[];
}

const has = (row: Row, keys: readonly string[], text: string) =>
  keys.some((key) => textIn(row, key).toLowerCase().includes(text.toLowerCase()));

/** A shelf of records behind the shapes of the API, for faults and for catalogs of a size the demo company does not have. */
export function fakeApi(shelf: Shelf): FakeApi {
  const calls: Call[] = [];
  const list = (rows: readonly Row[], key: string, searched: readonly string[], input: Input): Row => {
    const text = textIn(input, 'search_text');
    const found = rows.filter((row) => text === '' || has(row, searched, text));
    const size = Math.min(Number(input.per_page ?? 25), shelf.mostRows ?? 200);
    const from = (Number(input.page ?? 1) - 1) * size;
    const total = shelf.counts ? { total: found.length } : {};
    return {
      [key]: found.slice(from, from + size),
      page_context: { has_more_page: from + size < found.length, ...total },
    };
  };
  const one = (rows: readonly Row[], key: string, idKey: string, input: Input): Row => {
    const row = rows.find((candidate) => candidate[idKey] === input[idKey]);
    if (!row) throw new NotFound(`There is no ${key} ${textIn(input, idKey)}.`);
    return { [key]: row };
  };
  // A list row has no split by warehouse.
  const listed = (shelf.items ?? []).map(({ warehouses: _, mapped_items: __, ...row }) => row);
  const answers: Record<string, (input: Input) => Row> = {
    list_items: (input) => list(listed, 'items', ['name', 'sku'], input),
    get_item: (input) => one(shelf.items ?? [], 'item', 'item_id', input),
    list_contacts: (input) => list(shelf.contacts ?? [], 'contacts', ['contact_name', 'company_name'], input),
    get_contact: (input) => one(shelf.contacts ?? [], 'contact', 'contact_id', input),
    list_warehouses: () => ({ warehouses: shelf.warehouses ?? [] }),
    list_organizations: () => ({ organizations: shelf.organizations ?? [{ currency_code: 'USD' }] }),
    list_warehouse_items: (input) => {
      const id = textIn(input, 'warehouse_id');
      const rows = (shelf.items ?? []).flatMap((item) =>
        rowsIn(item, 'warehouses')
          .filter((split) => split.warehouse_id === id)
          .map((split) => ({
            item_id: item.item_id,
            stock_on_hand: split.warehouse_stock_on_hand,
            committed_stock: split.warehouse_committed_stock,
            available_stock: split.warehouse_actual_available_stock,
          })),
      );
      return list(rows, 'items', [], input);
    },
    get_low_stock_report: () => ({ items: [], shortages: [] }),
    list_purchase_orders: () => ({ purchaseorders: [] }),
    list_sales_orders: () => ({ salesorders: [] }),
  };
  return {
    calls,
    names: () => calls.map(({ name }) => name),
    call: async (name, input) => {
      calls.push({ name, input });
      const answer = (await shelf.instead?.({ name, input })) ?? answers[name]?.(input);
      if (!answer) throw new Error(`The fake API does not answer ${name}.`);
      return { ...answer };
    },
    // biome-ignore lint/correctness/useYield: no workflow asks for it; a call here is a fault of the test
    async *pages(name) {
      throw new Error(`The fake API does not page ${name}.`);
    },
  };
}

let next = 0;
/** An item row with its split; stock is on hand less committed, all of it in one warehouse unless `places` says more. */
export function anItem(fields: Row & { stock?: number; committed?: number }): Row {
  const { stock = 0, committed = 0, ...rest } = fields;
  next += 1;
  return {
    item_id: String(9000 + next),
    name: `Item ${next}`,
    sku: `SKU-${next}`,
    unit: 'pcs',
    status: 'active',
    item_type: 'inventory',
    product_type: 'goods',
    rate: 10,
    purchase_rate: 4,
    stock_on_hand: stock,
    committed_stock: committed,
    available_stock: stock - committed,
    actual_available_stock: stock - committed,
    quantity_ordered: 0,
    warehouses: [place('1', 'Oakland', stock, committed)],
    ...rest,
  };
}

export const place = (warehouse_id: string, warehouse_name: string, onHand: number, committed = 0): Row => ({
  warehouse_id,
  warehouse_name,
  status: 'active',
  warehouse_stock_on_hand: onHand,
  warehouse_committed_stock: committed,
  warehouse_actual_available_stock: onHand - committed,
});

export const quiet: WorkflowContext = { today: '2026-11-23', progress: () => {} };
