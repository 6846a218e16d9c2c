import type { CsvColumns } from '../csv.ts';
import { compactHeading, nearestHeading } from '../csv-headings.ts';
import { quoted } from '../text.ts';

type Column = 'item' | 'warehouse' | 'quantity';

/** Compact. Of items and warehouses the first that is there and filled is read: an id tells more than a name. */
const headings: Record<Column, readonly string[]> = {
  item: 'itemid sku itemcode productcode item name itemname product productname barcode upc ean'.split(' '),
  warehouse: 'warehouseid warehouse warehousename location'.split(' '),
  quantity: 'quantity qty counted count countedquantity quantitycounted countedqty change difference'.split(' '),
};
/** What the book says, as an export has it: read where nothing else is the quantity. */
const book = ['stockonhand', 'onhand', 'quantityonhand'];
const ofChanges = ['change', 'difference'];
const ofCounts = ['counted', 'count', 'countedquantity', 'quantitycounted', 'countedqty', ...book];

const columnByHeading: ReadonlyMap<string, Column> = new Map(
  (['item', 'warehouse', 'quantity'] as const).flatMap((column) =>
    [...headings[column], ...(column === 'quantity' ? book : [])].map((heading) => [heading, column] as const),
  ),
);

/** How a CSV text is told to be a list of levels. */
export const csvColumns: CsvColumns = {
  columnOf: (heading) => columnByHeading.get(compactHeading(heading)),
  isHeader: (columns) => columns.has('item') && columns.has('quantity'),
};

/** Where in a row each column stands; of several the first that is filled counts. */
export interface Layout {
  readonly item: readonly number[];
  readonly warehouse: readonly number[];
  readonly quantity: number;
  /** What the number is by its heading; undefined where `quantity` leaves it open. */
  readonly says: 'set_to' | 'change' | undefined;
  /** Headings of columns that are not read. */
  readonly unread: readonly string[];
}

/** The layout that a header means, or in words what is wrong with it. */
export function layoutOf(header: readonly string[]): Layout | { readonly fault: string } {
  const names = header.map(compactHeading);
  const at = (wanted: readonly string[]): number[] =>
    wanted.flatMap((heading) => names.flatMap((name, index) => (name === heading ? [index] : [])));
  const words = (places: readonly number[]) => places.map((place) => quoted(header[place], 30)).join(' and ');
  const given = at(headings.quantity);
  const quantities = given.length > 0 ? given : at(book);
  const [quantity] = quantities;
  const item = at(headings.item);
  if (item.length === 0 || quantity === undefined) return { fault: missingWords(header) };
  if (quantities.length > 1) return { fault: `${words(quantities)} could all be the quantity: leave one of them.` };
  const warehouse = at(headings.warehouse);
  const first = [...item.slice(0, 1), ...warehouse.slice(0, 1)];
  const twice = first.filter((place) => names.lastIndexOf(names[place] ?? '') !== place);
  if (twice.length > 0) return { fault: `The column ${words(twice)} is there twice: leave one of them.` };
  const read = new Set([...first, quantity]);
  const unread = header.filter((heading, index) => heading.trim() !== '' && !read.has(index));
  // A misspelt warehouse that is not read would put the whole count into the primary one.
  const misspelt = warehouse.length > 0 ? [] : unread.flatMap((heading) => nearWords(heading, 'warehouse'));
  if (misspelt.length > 0) return { fault: `${misspelt.join(' ')} Rename it, or take it out.` };
  const name = names[quantity] ?? '';
  const says = ofChanges.includes(name) ? 'change' : ofCounts.includes(name) ? 'set_to' : undefined;
  return { item, warehouse, quantity, says, unread };
}

function nearWords(heading: string, column: Column): string[] {
  if (columnByHeading.has(compactHeading(heading))) return [];
  const near = nearestHeading(heading, headings[column]);
  return near === undefined ? [] : [`There is no column ${quoted(heading, 30)}; did you mean ${column}?`];
}

function missingWords(header: readonly string[]): string {
  const near = header.flatMap((heading) => [...nearWords(heading, 'item'), ...nearWords(heading, 'quantity')]);
  const reads = quoted(header.join(', '), 80);
  return [
    'The first row of the CSV must name the columns item (or sku, item_id), quantity and, if wanted, warehouse.',
    `It reads ${reads}.`,
    ...near.slice(0, 3),
  ].join(' ');
}
