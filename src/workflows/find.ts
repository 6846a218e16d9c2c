import { InvalidArguments, NotFound } from '../errors.ts';
import type { Input } from '../operations/define.ts';
import type { Api } from './define.ts';
import { type Field, phoneOf, type Ranked, ranked } from './find-rank.ts';
import { decide, itemNaming, mostCandidates, type Naming } from './match.ts';
import { itemText, searchText } from './resolve.ts';
import { hasMorePages, pageSize, type Row, rowIn, rowsIn, textIn } from './rows.ts';
import { named, quoted } from './text.ts';

/** How one kind of record is searched for. */
export interface Finder {
  readonly naming: Naming;
  readonly fields: readonly Field[];
  readonly list: string;
  readonly rows: string;
  /** Absent: the API has no call for one record, and the row of the list is all there is. */
  readonly get?: string;
  readonly reply: string;
  /** Narrows every list. */
  readonly filter: Input;
  /** What the API is asked for a term; absent: the term. */
  readonly text?: (term: string) => string;
  /** The exact filter of the API, for terms so common that no page holds all that bear them. */
  readonly exactly?: string;
  /**
   * What a term that finds nothing is compared with: the first page of the list, and for `beginnings` also what holds the
   * beginning of its longest word where the list is longer. Absent: nothing, as for numbers.
   */
  readonly spelling?: 'page' | 'beginnings';
}

export const itemFinder: Finder = {
  naming: itemNaming,
  fields: [
    { key: 'sku', label: 'SKU', as: 'code' },
    ...['upc', 'ean', 'isbn'].map((key): Field => ({ key, label: 'barcode', as: 'barcode' })),
    { key: 'name', label: 'name', as: 'name' },
    { key: 'part_number', label: 'part number', as: 'code' },
  ],
  ...{ list: 'list_items', rows: 'items', get: 'get_item', reply: 'item' },
  filter: { filter_by: 'Status.All' },
  text: itemText,
  exactly: 'sku',
  spelling: 'beginnings',
};

const contactNaming: Naming = {
  noun: 'contact',
  id: 'contact_id',
  names: ['contact_name', 'company_name'],
  shown: ['contact_id', 'contact_name', 'company_name', 'contact_type', 'status'],
};

/** Customers and vendors; of one role where it is said, who is both counting as either. */
export const contactFinder = (role?: 'customer' | 'vendor'): Finder => ({
  naming: { ...contactNaming, noun: role ?? 'contact' },
  fields: [
    { key: 'contact_name', label: 'name', as: 'name' },
    { key: 'company_name', label: 'company', as: 'name' },
    { key: 'email', label: 'e-mail', as: 'text' },
    { key: 'phone', label: 'phone', as: 'phone' },
    { key: 'mobile', label: 'mobile', as: 'phone' },
  ],
  ...{ list: 'list_contacts', rows: 'contacts', get: 'get_contact', reply: 'contact' },
  filter: { filter_by: 'Status.All', ...(role ? { contact_type: role } : {}) },
  // Whatever signs stand between the parts of a number, its last four digits stand together.
  text: (term) => (phoneOf(term) === '' ? searchText(term) : phoneOf(term).slice(-4)),
  exactly: 'contact_name',
  spelling: 'beginnings',
});

/** One page of a list. */
export interface Page {
  readonly rows: readonly Row[];
  readonly complete: boolean;
  /** Rows on all pages together, where the API says so. */
  readonly total: number | undefined;
}

export async function readPage(api: Api, list: string, key: string, input: Input): Promise<Page> {
  const reply = await api.call(list, { ...input, page: 1, per_page: pageSize });
  const total = rowIn(reply, 'page_context').total;
  const rows = rowsIn(reply, key);
  return { rows, complete: !hasMorePages(reply), total: typeof total === 'number' ? total : undefined };
}

export interface Found {
  readonly term: string;
  readonly ranked: readonly Ranked[];
  /** The record as its own call answers it, where that was made to find it. */
  readonly whole?: Row;
  /** Undefined: all that matches was read. Else how many rows the list has that was not read whole, where the API says so. */
  readonly beyond: { readonly of: 'matches' | 'all'; readonly total: number | undefined } | undefined;
}

// Ids of the service have 15 digits and more; what is shorter is a number or a barcode.
const isLikelyId = (term: string): boolean => /^\d{15,19}$/.test(term);

/**
 * Looks for each term: one search a term, or for more than two one page of the whole list where that holds it all. A term
 * that finds nothing is compared with that page by its spelling and, where the list is longer, with the records that hold
 * the beginning of its longest word: one call each.
 */
export async function findRecords(api: Api, finder: Finder, terms: readonly string[]): Promise<Found[]> {
  const { list, rows, filter } = finder;
  const page = (input: Input) => readPage(api, list, rows, { ...filter, ...input });
  const whole = terms.length > 2 ? await page({}) : undefined;
  let everything = whole;
  const results: Found[] = [];
  for (const term of terms) {
    const text = searchText(term);
    let found = whole?.complete ? seen(finder, term, whole, 'all') : await searched(api, finder, term, page);
    const isKnown =
      found.ranked.length > 0 || whole?.complete === true || (isLikelyId(text) && finder.get !== undefined);
    if (!isKnown && finder.spelling !== undefined) {
      everything ??= await page({});
      found = await spelt(finder, term, everything, page);
    }
    results.push(found);
  }
  return results;
}

type ReadRows = (input: Input) => Promise<Page>;

function seen(finder: Finder, term: string, read: Page, of: 'matches' | 'all', found = false): Found {
  const { fields, naming } = finder;
  return {
    term,
    ranked: ranked(read.rows, searchText(term), { fields, id: naming.id, found }),
    beyond: read.complete ? undefined : { of, total: read.total },
  };
}

async function searched(api: Api, finder: Finder, term: string, page: ReadRows): Promise<Found> {
  const text = searchText(term);
  const record = isLikelyId(text) ? await readById(api, finder, text) : undefined;
  const matched = { matched: 'id', exact: true, distance: -1 };
  if (record) return { term, ranked: [{ row: record, ...matched }], whole: record, beyond: undefined };
  const asked = finder.text?.(text) ?? text;
  const read = await page({ search_text: asked });
  const found = seen(finder, term, read, 'matches', asked === text);
  if (read.complete || finder.exactly === undefined || found.ranked.some(({ exact }) => exact)) return found;
  // So common a text that the record called so may stand on a later page.
  const { rows } = await page({ [finder.exactly]: text });
  return seen(finder, term, joined(rows, read, finder.naming.id), 'matches', asked === text);
}

async function spelt(finder: Finder, term: string, everything: Page, page: ReadRows): Promise<Found> {
  const beginning = finder.spelling === 'beginnings' ? beginningOf(searchText(term)) : '';
  if (everything.complete || beginning === '') return seen(finder, term, everything, 'all');
  const { rows } = await page({ search_text: beginning });
  return seen(finder, term, joined(rows, everything, finder.naming.id), 'all');
}

const joined = (rows: readonly Row[], read: Page, id: string): Page => ({
  ...read,
  rows: [...new Map([...rows, ...read.rows].map((row) => [textIn(row, id), row])).values()],
});

/** The letters of the longest word that a typing error has most likely spared. */
function beginningOf(text: string): string {
  const longest = text.split(' ').reduce((best, word) => (word.length > best.length ? word : best), '');
  return longest.length < 4 ? '' : longest.slice(0, longest.length < 6 ? 3 : 4);
}

async function readById(api: Api, { get, reply, naming }: Finder, id: string): Promise<Row | undefined> {
  if (get === undefined) return undefined;
  try {
    return rowIn(await api.call(get, { [naming.id]: id }), reply);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

export const isInactive = ({ row }: Ranked): boolean => textIn(row, 'status') === 'inactive';

/**
 * The one record that a reader means: called so exactly, else the only one that comes near, which the note then says. None or
 * several: InvalidArguments with candidates.
 */
export function settled({ term, ranked: near }: Found, naming: Naming): { readonly row: Row; readonly note: string } {
  const exact = near.filter((entry) => entry.exact);
  const pool = exact.length > 0 ? exact : near;
  const active = pool.filter((entry) => !isInactive(entry));
  const preferred = active.length > 0 ? active : pool;
  const rows = preferred.map(({ row }) => row);
  const choice = decide(rows, term, naming, { forWrite: false, near: rows.slice(0, mostCandidates) });
  if ('row' in choice) return { row: choice.row, note: '' };
  const [only] = preferred;
  if (only && preferred.length === 1 && choice.problem.reason === 'not found') {
    const name = naming.names.map((key) => named(only.row[key])).find((words) => words !== '');
    return { row: only.row, note: ` ${quoted(term, 80)} was taken as ${name ?? ''} (${only.matched}).` };
  }
  throw new InvalidArguments(choice.problem.message, {
    nothingSent: true,
    facts: { candidates: choice.problem.candidates },
  });
}

/** The one record that a reader means, whole: what `settled` chose, read by its own call where that was not made yet. */
export async function readRecord(api: Api, finder: Finder, term: string): Promise<{ row: Row; note: string }> {
  const [found] = await findRecords(api, finder, [term]);
  if (!found) throw new NotFound(`There is no ${finder.naming.noun} ${quoted(term, 80)}.`);
  if (found.whole) return { row: found.whole, note: '' };
  const { row, note } = settled(found, finder.naming);
  const id = textIn(row, finder.naming.id);
  const whole = finder.get === undefined ? row : await readById(api, finder, id);
  if (!whole) throw new NotFound(`The ${finder.naming.noun} ${id} is not there any more. Nothing was written.`);
  return { row: whole, note };
}
