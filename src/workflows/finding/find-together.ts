import type { Input } from '../../operations/define.ts';
import { openTerms, type Page, pagesWhileFewer } from '../fewest-pages.ts';
import { pageSize, type Row } from '../rows.ts';

/** A shorter beginning is in every second name. */
const shortest = 3;
/** Two terms are two searches: nothing is saved. */
const fewest = 3;

interface Together {
  readonly beginning: string;
  readonly terms: readonly string[];
}

/** What a search for many terms needs to know of them. */
export interface Terms {
  /** A term as it is searched for; undefined where it is looked for in another way. */
  readonly textOf: (term: string) => string | undefined;
  /** What the API searches in, of one row. */
  readonly searchedIn: (row: Row) => string;
  /** Whether a row is all that a term can mean. */
  readonly settles: (row: Row, term: string) => boolean;
}

/**
 * SKUs of one family begin alike, and a search for the beginning finds them all at once. Answers the rows in which each term
 * is settled; a term that is not among them is searched for by itself. `known` are rows of the list, from which is guessed
 * how many hold a beginning; a guess that saved nothing ends it.
 */
export async function readTogether(
  terms: readonly string[],
  known: Page,
  page: (input: Input) => Promise<Page>,
  how: Terms,
): Promise<ReadonlyMap<string, Page>> {
  const answers = new Map<string, Page>();
  const texts = known.rows.map((row) => how.searchedIn(row).toLowerCase());
  const total = known.total ?? texts.length * 2;
  const pagesOf = (beginning: string): number => {
    const held = texts.filter((text) => text.includes(beginning)).length;
    return Math.max(1, Math.ceil((held * total) / Math.max(1, texts.length) / pageSize));
  };
  let open = terms;
  for (;;) {
    const best = bestBeginning(open, how.textOf, pagesOf);
    if (!best) return answers;
    const search = (input: Input) => page({ search_text: best.beginning, ...input });
    const read = await pagesWhileFewer(search, openTerms(best.terms, how.settles));
    // What holds a term holds its beginning: who has seen all that holds this has seen all that holds the term.
    const settled = best.terms.filter((term) => read.complete || read.rows.some((row) => how.settles(row, term)));
    for (const term of settled) answers.set(term, { ...read, complete: true });
    open = open.filter((term) => !settled.includes(term));
    if (settled.length <= read.pages) return answers;
  }
}

/** The beginning that spares most searches, of those for the same terms the longest. */
function bestBeginning(
  terms: readonly string[],
  textOf: Terms['textOf'],
  pagesOf: (beginning: string) => number,
): Together | undefined {
  const groups = new Map<string, string[]>();
  for (const term of terms) {
    const text = textOf(term)?.toLowerCase() ?? '';
    for (let length = shortest; length <= text.length; length += 1) {
      const beginning = text.slice(0, length);
      // The API takes a text without blanks at its end.
      if (!beginning.endsWith(' ')) groups.set(beginning, [...(groups.get(beginning) ?? []), term]);
    }
  }
  const rated = [...groups]
    .filter(([, shared]) => shared.length >= fewest)
    .map(([beginning, shared]) => ({ beginning, terms: shared, saved: shared.length - pagesOf(beginning) }))
    .filter(({ saved }) => saved > 0)
    .sort((a, b) => b.saved - a.saved || b.beginning.length - a.beginning.length);
  return rated[0];
}
