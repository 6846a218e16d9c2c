import { sheetFault } from '../csv-cells.ts';
import { microToNumber, parseMicro } from '../numbers.ts';
import { type Row, textIn } from '../rows.ts';
import { fold, named, quoted, visible } from '../text.ts';
import type { Catalog } from './import-items-catalog.ts';
import type { TableRow } from './import-items-table.ts';

/** Fields of `create_item` that a row may give as they are. */
const texts = ['name', 'unit', 'upc', 'ean', 'description', 'item_type'] as const;
const figures = ['rate', 'purchase_rate', 'reorder_level'] as const;
const openings = ['initial_stock', 'initial_stock_rate'] as const;

/** A row in the spelling of the API, and all that is wrong with its cells. */
export interface Fields {
  readonly sku: string;
  readonly given: Readonly<Record<string, string | number>>;
  /** Of a new item only. */
  readonly opening: Readonly<Record<string, number>>;
  readonly status: string;
  readonly faults: readonly string[];
}

const decimal = /^\d{1,10}(\.\d{1,6})?$/;

/** What a sheet has made of a text, and nobody typed; an item that really has such a text keeps it. */
function textFault(column: 'sku' | (typeof texts)[number], cell: string, item: Row | undefined): string[] {
  const fault = sheetFault(cell, { isCode: column === 'sku' || column === 'upc' || column === 'ean' });
  if (fault === undefined) return [];
  const isIts = item !== undefined && (column === 'sku' || isAsItIs(column, valueNow(item, column, ''), tidy(cell)));
  return isIts ? [] : [`${column} ${quoted(cell, 30)} ${fault}`];
}

/** A text as the API keeps it: line breaks of one kind, nothing around it. */
export const tidy = (text: string): string => text.replace(/\r\n?/g, '\n').trim();

export function fieldsOf({ cells, fault }: TableRow, catalog: Catalog): Fields {
  const faults: string[] = fault === undefined ? [] : [fault];
  const given: Record<string, string | number> = {};
  const opening: Record<string, number> = {};
  const figure = (into: Record<string, unknown>, column: (typeof figures | typeof openings)[number]) => {
    const cell = cells[column];
    if (cell === undefined) return;
    const micro = decimal.test(cell) ? parseMicro(cell) : undefined;
    if (micro === undefined) faults.push(`${column} ${quoted(cell, 30)} is no number such as 1234.5, 0 or more`);
    else into[column] = microToNumber(micro);
  };
  for (const column of texts) if (cells[column] !== undefined) given[column] = tidy(cells[column]);
  // `Sales and Purchases` is how the hosted service prints it.
  if (typeof given.item_type === 'string') given.item_type = typeWord(given.item_type);
  for (const column of figures) figure(given, column);
  for (const column of openings) figure(opening, column);
  // Signs that nobody sees, carried along by a copy, would make another item of it.
  const sku = visible(cells.sku ?? '')
    .replace(/\s+/gu, ' ')
    .trim();
  const [item] = catalog.bySku.get(fold(sku)) ?? [];
  for (const column of ['sku', ...texts] as const) faults.push(...textFault(column, cells[column] ?? '', item));
  if (cells.vendor !== undefined && !(item && isVendorOf(item, cells.vendor))) {
    const vendor = vendorOf(cells.vendor, catalog);
    if ('fault' in vendor) faults.push(vendor.fault);
    else given.vendor_id = vendor.id;
  }
  if (sku === '' && fault === undefined) faults.push('it has no sku');
  return { sku, given, opening, status: (cells.status ?? '').toLowerCase(), faults };
}

/** A vendor that stays is not looked up: it may be inactive by now, or share its name. */
const isVendorOf = (item: Row, term: string): boolean =>
  textIn(item, 'vendor_id') === term || (fold(term) !== '' && fold(textIn(item, 'vendor_name')) === fold(term));

const mostVendors = 5;
const choiceOf = (vendors: readonly Row[]): string =>
  [
    ...vendors.slice(0, mostVendors).map((row) => `${named(row.contact_name)} (${textIn(row, 'contact_id')})`),
    ...(vendors.length > mostVendors ? [`${vendors.length - mostVendors} more`] : []),
  ].join(' or ');

/** One active vendor by id, contact name, or else company name. */
function vendorOf(term: string, { vendors, nearVendors }: Catalog): { id: string } | { fault: string } {
  const found = vendors.get(fold(term)) ?? [];
  const byName = found.filter((row) => fold(textIn(row, 'contact_name')) === fold(term));
  const [only, ...others] = byName.length > 0 ? byName : found;
  if (!only) {
    const near = nearVendors(term);
    const words = near.length === 0 ? '' : `; near: ${choiceOf(near)}`;
    return { fault: `there is no vendor ${quoted(term, 60)}${words}` };
  }
  if (others.length > 0)
    return { fault: `several vendors are called ${quoted(term, 60)}: give the id, ${choiceOf([only, ...others])}` };
  if (textIn(only, 'status') === 'inactive') return { fault: `the vendor ${named(only.contact_name)} is inactive` };
  return { id: textIn(only, 'contact_id') };
}

const typeWord = (text: string): string => text.toLowerCase().replace(/[\s-]+/g, '_');

/** What a field of a record is now, in the kind that a row gives it. */
export function valueNow(row: Row, field: string, like: string | number): string | number {
  if (typeof like === 'string') return field === 'item_type' ? typeWord(textIn(row, field)) : tidy(textIn(row, field));
  return microToNumber(parseMicro(row[field]) ?? 0n);
}

/**
 * Whether a cell says what the record holds already. An export leaves out what draws nothing, and a sheet takes the zeros
 * before a barcode for none: neither is somebody's change.
 */
export function isAsItIs(field: string, before: string | number, after: string | number): boolean {
  if (typeof before === 'number' || typeof after === 'number') return before === after;
  const isBarcode = field === 'upc' || field === 'ean';
  if (isBarcode && before.replace(/^0+/, '') === after && after !== '') return true;
  return before === after || visible(before).trim() === after;
}
