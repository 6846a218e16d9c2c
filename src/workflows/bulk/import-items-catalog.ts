import type { Api, WorkflowContext } from '../define.ts';
import { mostCandidates, nearest } from '../match.ts';
import { contactNaming } from '../resolve.ts';
import { type Row, textIn } from '../rows.ts';
import { fold } from '../text.ts';
import { readPages } from './catalog-pages.ts';

/** The records that rows are held against. */
export interface Catalog {
  readonly bySku: ReadonlyMap<string, readonly Row[]>;
  readonly byName: ReadonlyMap<string, readonly Row[]>;
  /** Vendors by id, and by folded contact or company name. */
  readonly vendors: ReadonlyMap<string, readonly Row[]>;
  /** Vendors that come near a name, best first. */
  readonly nearVendors: (term: string) => readonly Row[];
  /** Calls spent. */
  readonly calls: number;
  readonly complete: boolean;
}

const itemKeys =
  'item_id name sku status item_type is_combo_product unit rate purchase_rate reorder_level description upc ean vendor_id vendor_name stock_on_hand committed_stock quantity_ordered'.split(
    ' ',
  );
const vendorKeys = ['contact_id', 'contact_name', 'company_name', 'contact_type', 'status'];

function grouped(rows: readonly Row[], keysOf: (row: Row) => readonly string[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    for (const key of new Set(keysOf(row))) {
      if (key === '') continue;
      const group = groups.get(key);
      if (group) group.push(row);
      else groups.set(key, [row]);
    }
  }
  return groups;
}

/** Names compared with every vendor at most: a column of thousands that nobody knows is told without what comes near. */
const mostCompared = 25;

/** One misspelt name stands in many rows, and is compared once. */
function nearOnce(vendors: readonly Row[]): Catalog['nearVendors'] {
  const known = new Map<string, readonly Row[]>();
  return (term) => {
    const found = known.get(term) ?? (known.size < mostCompared ? nearest(vendors, term, contactNaming('vendor')) : []);
    if (known.size < mostCompared) known.set(term, found.slice(0, mostCandidates));
    return found.slice(0, mostCandidates);
  };
}

/** Pages of all items once, and of all vendors where a row names one. */
export async function readCatalog(api: Api, context: WorkflowContext, withVendors: boolean): Promise<Catalog> {
  const items = await readPages(api, 'list_items', 'items', { filter_by: 'Status.All' }, itemKeys, context);
  const contacts = withVendors
    ? await readPages(
        api,
        'list_contacts',
        'contacts',
        { filter_by: 'Status.All', contact_type: 'vendor' },
        vendorKeys,
        context,
      )
    : { rows: [], pages: 0, complete: true };
  const vendors = contacts.rows.filter((row) => /^(vendor|both|)$/i.test(textIn(row, 'contact_type')));
  const namesOf = (row: Row) => [
    textIn(row, 'contact_id'),
    ...['contact_name', 'company_name'].map((key) => fold(textIn(row, key))),
  ];
  return {
    bySku: grouped(items.rows, (row) => [fold(textIn(row, 'sku'))]),
    byName: grouped(items.rows, (row) => [fold(textIn(row, 'name'))]),
    vendors: grouped(vendors, namesOf),
    nearVendors: nearOnce(vendors),
    calls: items.pages + contacts.pages,
    complete: items.complete && contacts.complete,
  };
}
