import { InvalidArguments, NotFound } from '../errors.ts';
import type { Input } from '../operations/define.ts';
import { readItem } from './availability.ts';
import type { Api } from './define.ts';
import { openTerms, type Page, pagesWhileFewer, readPage } from './fewest-pages.ts';
import {
  barcodeOf,
  decide,
  exactMatches,
  isBarcode,
  isDigits,
  itemNaming,
  mostCandidates,
  type Naming,
  nearest,
  type Problem,
} from './match.ts';
import { pageSize, type Row, readList, rowIn, rowsIn, textIn } from './rows.ts';
import { fold, quoted } from './text.ts';

export type { Candidate, Problem } from './match.ts';

/** Rows come fresh from lists or `get_item`, so that their stock figures may be used at once. */
export interface Lookup {
  /** By the term as it was asked. */
  readonly found: ReadonlyMap<string, Row>;
  readonly problems: readonly Problem[];
  /** Every row read on the way, by item_id. */
  readonly rows: ReadonlyMap<string, Row>;
  /** True when one page holds the whole catalog, so that one more call reads all figures again. */
  readonly onePage: boolean;
}

const everyItem = { filter_by: 'Status.All' };
const searchPages = 5;
/** Ids of the service have 17 to 19 digits; barcodes and SKUs of digits are shorter. */
const idDigits = 16;

/**
 * Finds items by id, SKU, exact name or else barcode or part number, for the fewest calls: up to 2 terms one search each;
 * more by pages of the whole catalog while these are fewer than searches for what no page has settled. Throws nothing for what is not
 * found: see `problems`.
 */
export async function lookUpItems(api: Api, terms: readonly string[], options: { forWrite: boolean }): Promise<Lookup> {
  const asked = [...new Set(terms)];
  const page = (input: Input): Promise<Page> => readPage(api, 'list_items', 'items', { ...everyItem, ...input });
  const read = asked.length > 2 ? await pagesWhileFewer(page, openTerms(asked, settles)) : undefined;
  let catalog: Page | undefined = read;
  const found = new Map<string, Row>();
  const problems: Problem[] = [];
  const rows = new Map((catalog?.rows ?? []).map((row) => [textIn(row, 'item_id'), row]));
  for (const term of asked) {
    let known: readonly Row[] = catalog?.rows ?? [];
    if (!catalog?.complete && !known.some((row) => settles(row, term))) known = await searchItem(api, term);
    for (const row of known) rows.set(textIn(row, 'item_id'), row);
    const isExact = exactMatches(known, term, itemNaming).length > 0;
    const compared = known;
    let near = isExact ? [] : nearest(compared, term, itemNaming);
    if (!isExact && near.length === 0) {
      catalog ??= await page({});
      // Not every service searches in barcodes; a page that holds the whole catalog settles them all the same.
      if (catalog.complete) known = catalog.rows;
      for (const row of catalog.rows) if (!rows.has(textIn(row, 'item_id'))) rows.set(textIn(row, 'item_id'), row);
      const others = known.length > 0 ? known : catalog.rows;
      if (others !== compared) near = nearest(others, term, itemNaming);
    }
    const choice = decide(known, term, itemNaming, { ...options, near: near.slice(0, mostCandidates) });
    if ('row' in choice) found.set(term, choice.row);
    else problems.push(choice.problem);
  }
  return { found, problems, rows, onePage: (catalog?.complete ?? false) && (read?.pages ?? 1) === 1 };
}

// A part of a longer catalog settles an id and a SKU, which are unique; another item of the same name may follow.
const settles = (row: Row, term: string): boolean =>
  textIn(row, 'item_id') === term.trim() || fold(textIn(row, 'sku')) === fold(term);

// The API searches for the text as it stands, so that doubled or odd white space would find nothing.
export const searchText = (term: string): string => term.replace(/\s+/gu, ' ').trim();

/** What is searched for: without the zeros before a barcode, which the catalog may not have. */
export const itemText = (term: string): string => {
  const text = searchText(term);
  return isBarcode(text) ? barcodeOf(text) : text;
};

/** Rows that an id or a text may name, fresh: one call a page, and one more for an id. */
export async function searchItem(api: Api, term: string): Promise<Row[]> {
  const text = searchText(term);
  const search = async (): Promise<Row[]> => {
    const input = { ...everyItem, search_text: itemText(text) };
    return (await readList(api, 'list_items', 'items', input, { maxPages: searchPages })).rows;
  };
  // What a scanner sends is hardly an id: asking for one first would cost a call a scan.
  const scanned = isBarcode(text) ? await search() : undefined;
  if (scanned && exactMatches(scanned, text, itemNaming).length > 0) return scanned;
  const byId = isDigits(text) ? await readItem(api, text) : undefined;
  // So long a number is an id and nothing else.
  if (byId && text.length >= idDigits) return [byId];
  const rows = scanned ?? (await search());
  return byId ? [byId, ...rows.filter((row) => textIn(row, 'item_id') !== textIn(byId, 'item_id'))] : rows;
}

/** A problem where its candidates stand beside it or its words before it, so that nothing is said twice. */
export const withoutWords = ({ message: _, ...problem }: Problem): Omit<Problem, 'message'> => problem;

/** Throws InvalidArguments for all problems at once; nothing was written. */
export function refuseProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw refusalOf(problems);
}

/** Of what cannot be settled, all at once; nothing was written. */
export const refusalOf = (problems: readonly Problem[]): InvalidArguments =>
  new InvalidArguments(`${problems.map(({ message }) => message).join('\n')}\nNothing was written.`, {
    nothingSent: true,
    facts:
      problems.length === 1 ? { candidates: problems[0]?.candidates ?? [] } : { problems: problems.map(withoutWords) },
  });

/** The items named, in order; any that is unknown, ambiguous or (for writes) inactive throws InvalidArguments. */
export async function resolveItems(api: Api, terms: readonly string[], options: { forWrite: boolean }): Promise<Row[]> {
  const { found, problems } = await lookUpItems(api, terms, options);
  refuseProblems(problems);
  return terms.map((term) => found.get(term)).filter((row) => row !== undefined);
}

/** One item by id, SKU, exact name, barcode or part number. */
export async function resolveItem(api: Api, term: string, options: { forWrite: boolean }): Promise<Row> {
  const [row] = await resolveItems(api, [term], options);
  if (!row) throw new NotFound(`There is no item ${term}.`);
  return row;
}

export type ContactRole = 'customer' | 'vendor';

export const contactNaming = (role: ContactRole): Naming => ({
  noun: role,
  id: 'contact_id',
  names: ['contact_name', 'company_name'],
  shown: ['contact_id', 'contact_name', 'company_name', 'status'],
});

export const hasRole = (row: Row, role: ContactRole): boolean => {
  const type = textIn(row, 'contact_type').toLowerCase();
  return type === '' || type === 'both' || type === role;
};

/**
 * A customer or vendor by id, exact contact name, or else exact company name. Several or none: InvalidArguments with
 * candidates. `forWrite` refuses an inactive one.
 */
export async function resolveContact(
  api: Api,
  term: string,
  role: ContactRole,
  options: { forWrite: boolean },
): Promise<Row> {
  const text = searchText(term);
  const naming = contactNaming(role);
  const byId = isDigits(text) ? await readContact(api, text) : undefined;
  const others: Row[] = [];
  const inRole = (rows: readonly Row[]): Row[] => {
    others.push(...rows.filter((row) => !hasRole(row, role)));
    return rows.filter((row) => hasRole(row, role));
  };
  const search = async (input: Input, maxPages: number): Promise<Row[]> => {
    const { rows } = await readList(
      api,
      'list_contacts',
      'contacts',
      { filter_by: 'Status.All', ...input },
      { maxPages },
    );
    return inRole(rows);
  };
  const rows = byId ? inRole([byId]) : await search({ search_text: text }, searchPages);
  // A company of that name counts only where no contact bears it, or a second contact of one company would be ambiguous.
  const byName: Naming = { ...naming, names: ['contact_name'] };
  const named = exactMatches(rows, text, byName).length > 0;
  const near = rows.length > 0 ? rows : nearest(await search({}, 1), text, naming);
  const choice = decide(rows, text, named ? byName : naming, { ...options, near });
  if ('row' in choice) return choice.row;
  const [other] = exactMatches(others, text, byName);
  if (!other || choice.problem.reason !== 'not found') throw refusalOf([choice.problem]);
  const type = textIn(other, 'contact_type');
  const message = `${quoted(other.contact_name, 80)} is a ${type}, not a ${role}. ${choice.problem.message}`;
  throw refusalOf([{ ...choice.problem, message }]);
}

async function readContact(api: Api, contactId: string): Promise<Row | undefined> {
  try {
    return rowIn(await api.call('get_contact', { contact_id: contactId }), 'contact');
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

const warehouseNaming: Naming = {
  noun: 'warehouse',
  id: 'warehouse_id',
  names: ['warehouse_name'],
  shown: ['warehouse_id', 'warehouse_name', 'status'],
};

/** Warehouses by id or exact name, by the term as asked: one call for all of them, none when none is named. */
export async function lookUpWarehouses(
  api: Api,
  terms: readonly string[],
  options: { forWrite: boolean },
): Promise<{ found: ReadonlyMap<string, Row>; problems: readonly Problem[]; rows: readonly Row[] }> {
  const asked = [...new Set(terms)];
  if (asked.length === 0) return { found: new Map(), problems: [], rows: [] };
  const rows = rowsIn(await api.call('list_warehouses', { page: 1, per_page: pageSize }), 'warehouses');
  const found = new Map<string, Row>();
  const problems: Problem[] = [];
  for (const term of asked) {
    const near = nearest(rows, term, warehouseNaming);
    const choice = decide(rows, term, warehouseNaming, { ...options, near: near.length > 0 ? near : rows });
    if ('row' in choice) found.set(term, choice.row);
    else problems.push(choice.problem);
  }
  return { found, problems, rows };
}

/** One warehouse by id or exact name; a part of a name is not enough. */
export async function resolveWarehouse(api: Api, term: string, options: { forWrite: boolean }): Promise<Row> {
  const { found, problems } = await lookUpWarehouses(api, [term], options);
  refuseProblems(problems);
  const row = found.get(term);
  if (!row) throw new NotFound(`There is no warehouse ${quoted(term, 80)}.`);
  return row;
}
