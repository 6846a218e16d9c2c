import type { Input } from '../operations/define.ts';
import type { Api, WorkflowContext } from './define.ts';
import { pagesWhileFewer, readPage } from './fewest-pages.ts';
import { barcodeOf, decide, exactMatches, itemNaming, mostCandidates, nearest, type Problem } from './match.ts';
import { lookUpItems, searchItem } from './resolve.ts';
import { cutTo, pageSize, type Row, textIn } from './rows.ts';
import { fold } from './text.ts';

/** What each term of a long list names: by the term as it was asked. */
export interface Found {
  readonly items: ReadonlyMap<string, Row>;
  readonly problems: ReadonlyMap<string, Problem>;
  /** Every row read on the way, by item_id. */
  readonly rows: Map<string, Row>;
}

/** Terms that are told what comes near them; to compare every name with every item takes too long for more. */
const mostNear = 25;

/**
 * Hundreds of items by id, SKU, exact name or code, for the fewest calls: one or two by searches; more by pages of the whole
 * catalog, until every term is settled, or until there are fewer terms left than pages. Inactive ones are found too.
 * `keys` are what is kept of the rows of pages: a long catalog whole would be tens of megabytes.
 */
export async function lookUpInCatalog(
  api: Api,
  terms: readonly string[],
  context: WorkflowContext,
  keys?: readonly string[],
): Promise<Found> {
  const asked = [...new Set(terms)];
  if (asked.length <= 2) {
    const { found, problems, rows } = await lookUpItems(api, asked, { forWrite: false });
    const told = asked.filter((term) => !found.has(term));
    return {
      items: found,
      problems: new Map(told.flatMap((term, index) => (problems[index] ? [[term, problems[index]]] : []))),
      rows: new Map(rows),
    };
  }
  const { rows, index, isWhole, open } = await readCatalog(api, asked, { context, keys });
  const searched = new Map<string, readonly Row[]>();
  for (const term of isWhole ? [] : open) {
    const found = await searchItem(api, term);
    searched.set(term, found);
    for (const row of found) rows.set(textIn(row, 'item_id'), row);
  }
  return settle(asked, { rows, candidates: (term) => searched.get(term) ?? rowsNamed(index, term) });
}

type Index = Map<string, Row[]>;

const { names, codes = { barcodes: [], others: [] } } = itemNaming;
const scanned = (code: string): string => (code === '' ? '' : `barcode ${code}`);

/** An id is compared as it stands, names without regard to case and white space, barcodes by their digits. */
const keysOf = (row: Row): string[] => [
  ...new Set([
    textIn(row, 'item_id'),
    ...[...names, ...codes.others].map((key) => fold(textIn(row, key))),
    ...codes.barcodes.map((key) => scanned(barcodeOf(textIn(row, key)))),
  ]),
];

const rowsNamed = (index: Index, term: string): Row[] => [
  ...new Set([term.trim(), fold(term), scanned(barcodeOf(term))].flatMap((key) => index.get(key) ?? [])),
];

// Ids and SKUs are unique; another item of the same name may stand on a later page.
const isSettled = (index: Index, term: string): boolean =>
  rowsNamed(index, term).some(
    (row) => textIn(row, 'item_id') === term.trim() || fold(textIn(row, 'sku')) === fold(term),
  );

interface Reading {
  readonly context: WorkflowContext;
  readonly keys: readonly string[] | undefined;
}

async function readCatalog(api: Api, asked: readonly string[], { context, keys }: Reading) {
  const rows = new Map<string, Row>();
  const index: Index = new Map();
  let open = [...asked];
  const page = async (input: Input) => {
    const read = await readPage(api, 'list_items', 'items', { filter_by: 'Status.All', ...input });
    return keys === undefined ? read : { ...read, rows: read.rows.map((row) => cutTo(row, keys)) };
  };
  const { complete } = await pagesWhileFewer(page, (read, pages) => {
    for (const row of read) {
      rows.set(textIn(row, 'item_id'), row);
      for (const key of keysOf(row)) if (key !== '') index.set(key, [...(index.get(key) ?? []), row]);
    }
    open = open.filter((term) => !isSettled(index, term));
    context.progress(`Read ${pages * pageSize} items, ${open.length} still to be found`);
    return open.length;
  });
  return { rows, index, isWhole: complete, open };
}

function settle(
  asked: readonly string[],
  { rows, candidates }: { rows: Map<string, Row>; candidates: (term: string) => readonly Row[] },
): Found {
  const items = new Map<string, Row>();
  const problems = new Map<string, Problem>();
  const all = [...rows.values()];
  for (const term of asked) {
    const known = candidates(term);
    const isMissing = exactMatches(known, term, itemNaming).length === 0;
    const near = isMissing && problems.size < mostNear ? nearest(known.length > 0 ? known : all, term, itemNaming) : [];
    const choice = decide(known, term, itemNaming, { forWrite: false, near: near.slice(0, mostCandidates) });
    if ('row' in choice) items.set(term, choice.row);
    else problems.set(term, choice.problem);
  }
  return { items, problems, rows };
}
