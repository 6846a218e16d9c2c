import { InvalidArguments, NotFound } from '../../errors.ts';
import type { Input } from '../../operations/define.ts';
import { withoutUnseen } from '../../text.ts';
import type { Api } from '../define.ts';
import { openTerms, type Page, pagesWhileFewer, readPage } from '../fewest-pages.ts';
import { searchText } from '../resolve.ts';
import { type Row, rowIn, textIn } from '../rows.ts';
import { fold } from '../text.ts';
import { createTexts, type Ranked, ranked, type Texts } from './find-rank.ts';
import { readTogether } from './find-together.ts';
import type { Finder } from './finders.ts';

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
 * Looks for each term: one search a term, or for more than two by pages of the whole list where these are fewer, and by
 * searches for what several begin with. A term that finds nothing is compared with those pages by its spelling and, where the list is longer, with the records that hold the
 * beginning of its longest word: one call each.
 */
export async function findRecords(api: Api, given: Finder, terms: readonly string[]): Promise<Found[]> {
  const finder = { ...given, texts: createTexts() };
  const { list, rows, filter, wider = filter } = finder;
  if (terms.some((term) => fold(term) === ''))
    throw new InvalidArguments('There is nothing to look for in a text without a letter, digit or sign.', {
      nothingSent: true,
    });
  const page = (input: Input) => readPage(api, list, rows, { ...filter, ...input });
  const widePage = (input: Input) => readPage(api, list, rows, { ...wider, ...input });
  const open = openTerms(terms, (row, term) => settles(finder, row, term));
  const whole = terms.length > 2 ? await pagesWhileFewer(page, open) : undefined;
  const together = whole && !whole.complete ? await togetherIn(finder, terms, whole, page) : undefined;
  let everything: Page | undefined = whole;
  const results: Found[] = [];
  for (const term of terms) {
    const text = visibleText(term);
    const isShown = whole?.complete || whole?.rows.some((row) => settles(finder, row, term));
    const shown = isShown ? whole : together?.get(term);
    let found = shown
      ? seen(finder, term, { ...shown, complete: true }, 'all')
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

/** A finder at work. */
interface Search extends Finder {
  readonly texts: Texts;
}

/** Whether the row is the one record that the term can call so. */
function settles({ naming, unique, texts }: Search, row: Row, term: string): boolean {
  const isNamed = unique !== undefined && texts.fold(textIn(row, unique)) === texts.fold(term);
  return isNamed || textIn(row, naming.id) === visibleText(term);
}

/** Terms that no page has shown, by the beginnings that they share. */
function togetherIn(finder: Search, terms: readonly string[], whole: Page, page: ReadRows) {
  const open = terms.filter((term) => !whole.rows.some((row) => settles(finder, row, term)));
  const { unique, naming } = finder;
  const searched = unique === undefined ? naming.names : [unique, ...naming.names];
  return readTogether(open, whole, page, {
    // An id is read by itself, and a barcode may be searched for by a part of it.
    textOf: (term) => {
      const text = visibleText(term);
      return isLikelyId(text) || (finder.text?.(text) ?? text) !== text ? undefined : cut(text);
    },
    searchedIn: (row) => searched.map((key) => textIn(row, key)).join('\n'),
    settles: (row, term) => settles(finder, row, term),
  });
}

/** A term as the API is asked for it: what draws nothing matches nothing. */
const visibleText = (term: string): string => searchText(withoutUnseen(term));

type ReadRows = (input: Input) => Promise<Page>;

function seen(finder: Search, term: string, read: Page, of: 'matches' | 'all', found = false): Found {
  const { fields, naming, texts } = finder;
  return {
    term,
    ranked: ranked(read.rows, visibleText(term), { fields, id: naming.id, found, texts }),
    beyond: read.complete ? undefined : { of, total: read.total },
  };
}

async function searched(api: Api, finder: Search, term: string, page: ReadRows): Promise<Found> {
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

async function spelt(finder: Search, term: string, everything: Page, page: ReadRows): Promise<Found> {
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
