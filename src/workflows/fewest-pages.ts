import type { Input } from '../operations/define.ts';
import type { Api } from './define.ts';
import { hasMorePages, pageSize, pagesAfter, type Row, rowIn, rowsIn } from './rows.ts';

/** One page of a list, or several from the first on. */
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

/** 20,000 rows. */
const mostPages = 100;

/**
 * Pages of a list from the first on, until it ends or until what is open costs no more searches than there are pages left.
 * `openAfter` is shown the rows of each page and answers how many terms no page has settled.
 */
export async function pagesWhileFewer(
  page: (input: Input) => Promise<Page>,
  openAfter: (rows: readonly Row[], pages: number) => number,
): Promise<Page & { readonly pages: number }> {
  const rows: Row[] = [];
  for (let pages = 1; ; pages += 1) {
    const read = await page({ page: pages });
    rows.push(...read.rows);
    const open = openAfter(read.rows, pages);
    if (read.complete || open <= read.left || pages === mostPages) return { ...read, rows, pages };
  }
}

/** A count of terms that rows may still settle, for `openAfter`; `settles` says whether a row is all that a term can mean. */
export function openTerms(terms: readonly string[], settles: (row: Row, term: string) => boolean) {
  let open = terms;
  return (rows: readonly Row[]): number => {
    open = open.filter((term) => !rows.some((row) => settles(row, term)));
    return open.length;
  };
}
