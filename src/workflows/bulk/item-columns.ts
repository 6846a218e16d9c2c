import { closest, distance } from 'fastest-levenshtein';
import { counted, fold, quoted } from '../text.ts';

/** Columns of a table of items, in the order that an export has them; an import takes them in any. */
export const itemColumns = [
  ...(['sku', 'name', 'status', 'item_type', 'unit', 'rate', 'purchase_rate', 'reorder_level', 'vendor'] as const),
  ...(['upc', 'ean', 'description', 'stock_on_hand', 'initial_stock', 'initial_stock_rate'] as const),
] as const;
export type ItemColumn = (typeof itemColumns)[number];

/** What the columns are called elsewhere: in Zoho's own exports, and in the sheets of shops. */
const otherNames: Readonly<Record<string, ItemColumn>> = {
  itemname: 'name',
  productname: 'name',
  itemcode: 'sku',
  productcode: 'sku',
  price: 'rate',
  sellingprice: 'rate',
  salesprice: 'rate',
  sellingrate: 'rate',
  cost: 'purchase_rate',
  costprice: 'purchase_rate',
  purchaseprice: 'purchase_rate',
  reorderpoint: 'reorder_level',
  usageunit: 'unit',
  vendorname: 'vendor',
  vendorid: 'vendor',
  preferredvendor: 'vendor',
  supplier: 'vendor',
  itemdescription: 'description',
  itemstatus: 'status',
  openingstock: 'initial_stock',
  openingstockrate: 'initial_stock_rate',
  onhand: 'stock_on_hand',
  quantityonhand: 'stock_on_hand',
};

const compact = (name: string): string => fold(name).replace(/[^\p{L}\p{N}]/gu, '');

const columnByName: ReadonlyMap<string, ItemColumn> = new Map([
  ...Object.entries(otherNames),
  ...itemColumns.map((column) => [compact(column), column] as const),
]);

/** The column a header means, however it is written; else in words what is wrong with it. */
export function columnOf(header: string): { column: ItemColumn } | { fault: string } {
  const column = columnByName.get(compact(header));
  if (column) return { column };
  const nearest = nearestColumn(header);
  const meant = nearest ? `; did you mean ${nearest}?` : `. The columns are ${itemColumns.join(', ')}.`;
  return { fault: `There is no column ${quoted(header, 60)}${meant}` };
}

function nearestColumn(header: string): ItemColumn | undefined {
  const name = compact(header).slice(0, 60);
  const found = closest(name, [...columnByName.keys()]);
  const far = Math.max(2, Math.floor(Math.max(name.length, found.length) / 3));
  return distance(name, found) <= far ? columnByName.get(found) : undefined;
}

/** The columns of the headers in their order, or all that is wrong with them. */
export function readHeaders(headers: readonly string[]): { columns: ItemColumn[]; faults: string[] } {
  const columns: ItemColumn[] = [];
  const faults: string[] = [];
  for (const header of headers) {
    const read = columnOf(header);
    if ('fault' in read) faults.push(read.fault);
    else if (columns.includes(read.column)) faults.push(`The column ${read.column} is there twice.`);
    else columns.push(read.column);
  }
  const shown = faults.slice(0, 8);
  return {
    columns,
    faults: faults.length > 8 ? [...shown, `And ${counted(faults.length - 8, 'more header')} like these.`] : shown,
  };
}
