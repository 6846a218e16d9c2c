import { InvalidArguments, NotFound } from '../../errors.ts';
import type { Input } from '../../operations/define.ts';
import { withoutUnseen } from '../../text.ts';
import type { Api } from '../define.ts';
import { searchText } from '../resolve.ts';
import { hasMorePages, pageSize, pagesAfter, type Row, rowIn, rowsIn, textIn } from '../rows.ts';
import { fold } from '../text.ts';
import { type Ranked, ranked } from './find-rank.ts';
import type { Finder } from './finders.ts';

/** One page of a list. */
export interface Page {
  readonly rows: readonly Row[];
  readonly complete: boolean;
  /** Rows on all pages together, where the API says so. */
  readonly total: number | undefined;
  /** Pages behind it, as far as can be told. */
  readonly left: number;
}

export async function readPage(api: Api, list: string, key: string, input: Input): Promise<Page> {
  const reply = await api.call(list, { page: 1, ...input, per_page: pageSize });
  const { total } = rowIn(reply, 'page_context');
  return {
    rows: rowsIn(reply, key),
    complete: !hasMorePages(reply),
    total: typeof total === 'number' ? total : undefined,
    left: pagesAfter(Number(input.page ?? 1), reply),
  };
}

export interface Found {
  readonly term: string;
  readonly ranked: readonly Ranked[];
  /** The record as its own call answers it, where that was made to find it. */
  readonly whole?: Row;
  /** Undefined: all that matches was read. Else how many rows the list has that was not read whole, where the API says so. */
  readonly beyond: { readonly of: 'matches' | 'all'; readonly total: number | undefined } | undefined;
}

/** Characters of `search_text` at most, per the operations. */
const mostSearched = 100;
const cut = (text: string): string => [...text].slice(0, mostSearched).join('');

// Ids of the service have 15 digits and more; what is shorter is a number or a barcode.
const isLikelyId = (term: string): boolean => /^\d{15,19}$/.test(term);

/**
 * Looks for each term: one search a term, or for more than two by pages of the whole list where these are fewer. A term that
 * finds nothing is compared with those pages by its spelling and, where the list is longer, with the records that hold the
 * beginning of its longest word: one call each.
 */
export async function findRecords(api: Api, finder: Finder, terms: readonly string[]): Promise<Found[]> {
  const { list, rows, filter, wider = filter } = finder;
  if (terms.some((term) => fold(term) === ''))
    throw new InvalidArguments('There is nothing to look for in a text without a letter, digit or sign.', {
      nothingSent: true,
    });
  const page = (input: Input) => readPage(api, list, rows, { ...filter, ...input });
  const widePage = (input: Input) => readPage(api, list, rows, { ...wider, ...input });
  const whole = terms.length > 2 ? await readPages(finder, terms, page) : undefined;
  let everything = whole;
  const results: Found[] = [];
  for (const term of terms) {
    const text = visibleText(term);
    const isSettled = whole !== undefined && (whole.complete || isShown(finder, term, whole.rows));
    let found = isSettled
      ? seen(finder, term, { ...whole, complete: true }, 'all')
      : await searched(api, finder, term, page);
    const isKnown =
      found.ranked.length > 0 || whole?.complete === true || (isLikelyId(text) && finder.get !== undefined);
    if (!isKnown && finder.spelling !== undefined) {
      everything ??= await widePage({});
      found = await spelt(finder, term, everything, widePage);
    }
    results.push(found);
  }
  return results;
}

/** Pages of the list until it ends, or until what is not settled costs no more searches than there are pages left. */
async function readPages(finder: Finder, terms: readonly string[], page: ReadRows): Promise<Page> {
  let read = await page({});
  for (let next = 2; !read.complete; next += 1) {
    const open = terms.filter((term) => !isShown(finder, term, read.rows));
    if (open.length <= read.left) break;
    const { rows, ...more } = await page({ page: next });
    read = { ...more, rows: [...read.rows, ...rows] };
  }
  return read;
}

/** Whether the record that alone can be called so is among the rows. */
function isShown({ naming, unique }: Finder, term: string, rows: readonly Row[]): boolean {
  const [id, folded] = [visibleText(term), fold(term)];
  return rows.some(
    (row) => textIn(row, naming.id) === id || (unique !== undefined && fold(textIn(row, unique)) === folded),
  );
}

/** A term as the API is asked for it: what draws nothing matches nothing. */
const visibleText = (term: string): string => searchText(withoutUnseen(term));

type ReadRows = (input: Input) => Promise<Page>;

function seen(finder: Finder, term: string, read: Page, of: 'matches' | 'all', found = false): Found {
  const { fields, naming } = finder;
  return {
    term,
    ranked: ranked(read.rows, visibleText(term), { fields, id: naming.id, found }),
    beyond: read.complete ? undefined : { of, total: read.total },
  };
}

async function searched(api: Api, finder: Finder, term: string, page: ReadRows): Promise<Found> {
  const text = visibleText(term);
  const record = isLikelyId(text) ? await readById(api, finder, text) : undefined;
  const matched = { matched: 'id', exact: true, isGuess: false, distance: -1 };
  if (record) return { term, ranked: [{ row: record, ...matched }], whole: record, beyond: undefined };
  // The API takes no longer text; what holds the whole of it holds its beginning.
  const asked = cut(finder.text?.(text) ?? text);
  const read = await page({ search_text: asked });
  const found = seen(finder, term, read, 'matches', asked === text);
  if (read.complete || finder.exactly === undefined || found.ranked.some(({ exact }) => exact)) return found;
  // So common a text that the record called so may stand on a later page.
  const { rows } = await page({ [finder.exactly]: cut(text) });
  return seen(finder, term, joined(rows, read, finder.naming.id), 'matches', asked === text);
}

async function spelt(finder: Finder, term: string, everything: Page, page: ReadRows): Promise<Found> {
  const beginning = finder.spelling === 'beginnings' ? beginningOf(visibleText(term)) : '';
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

export async function readById(api: Api, { get, reply, naming }: Finder, id: string): Promise<Row | undefined> {
  if (get === undefined) return undefined;
  try {
    return rowIn(await api.call(get, { [naming.id]: id }), reply);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
