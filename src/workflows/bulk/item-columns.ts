import type { CsvColumns } from '../csv.ts';
import { compactHeading, nearestHeading } from '../csv-headings.ts';
import { counted, quoted } from '../text.ts';

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

/** Columns of numbers. */
const figures: ReadonlySet<ItemColumn> = new Set([
  ...(['rate', 'purchase_rate', 'reorder_level', 'initial_stock', 'initial_stock_rate'] as const),
]);
export const isFigure = (column: ItemColumn): boolean => figures.has(column);

const columnByName: ReadonlyMap<string, ItemColumn> = new Map([
  ...Object.entries(otherNames),
  ...itemColumns.map((column) => [compactHeading(column), column] as const),
]);

const columnOf = (header: string): ItemColumn | undefined => columnByName.get(compactHeading(header));

/** How a CSV text is told to be a table of items. */
export const csvColumns: CsvColumns = { columnOf, isHeader: (columns) => columns.has('sku') };

function unknownWords(header: string): string {
  const nearest = columnByName.get(nearestHeading(header, [...columnByName.keys()]) ?? '');
  const meant = nearest ? `; did you mean ${nearest}?` : `. The columns are ${itemColumns.join(', ')}.`;
  return `There is no column ${quoted(header, 60)}${meant}`;
}

/** The columns of the headers in their order, or all that is wrong with them. */
export function readHeaders(headers: readonly string[]): { columns: ItemColumn[]; faults: string[] } {
  const columns: ItemColumn[] = [];
  const faults: string[] = [];
  for (const header of headers) {
    const column = columnOf(header);
    if (column === undefined) faults.push(unknownWords(header));
    else if (columns.includes(column)) faults.push(`The column ${column} is there twice.`);
    else columns.push(column);
  }
  const shown = faults.slice(0, 8);
  return {
    columns,
    faults: faults.length > 8 ? [...shown, `And ${counted(faults.length - 8, 'more header')} like these.`] : shown,
  };
}
