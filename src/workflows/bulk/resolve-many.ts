import type { Api, WorkflowContext } from '../define.ts';
import { barcodeOf, decide, itemNaming, nearest, type Problem } from '../match.ts';
import { refuseProblems, resolveItems } from '../resolve.ts';
import { type Row, textIn } from '../rows.ts';
import { fold } from '../text.ts';
import { readPages } from './catalog-pages.ts';

/** So many searches cost about what the pages of a catalog do. */
const mostSearches = 10;
/** Names that are not found are compared with every item: told are these, the rest without what comes near. */
const mostCompared = 5;

/**
 * Many items by id, SKU, exact name or else code, in order: by the pages of the whole catalog instead of a search for each. Rows are
 * cut to `keys`. Throws InvalidArguments for all that are not found or not one.
 */
export async function resolveManyItems(
  api: Api,
  terms: readonly string[],
  keys: readonly string[],
  context: WorkflowContext,
): Promise<Row[]> {
  if (terms.length <= mostSearches) return resolveItems(api, terms, { forWrite: false });
  const { rows } = await readPages(api, 'list_items', 'items', { filter_by: 'Status.All' }, keys, context);
  const known = new Map<string, Row[]>();
  const coded = new Map<string, Row[]>();
  const { barcodes, others } = itemNaming.codes ?? { barcodes: [], others: [] };
  for (const row of rows) {
    const names = [textIn(row, 'item_id'), fold(textIn(row, 'sku')), fold(textIn(row, 'name'))];
    for (const name of new Set(names)) known.set(name, [...(known.get(name) ?? []), row]);
    const codes = [
      ...barcodes.map((key) => barcodeOf(textIn(row, key))),
      ...others.map((key) => fold(textIn(row, key))),
    ];
    for (const code of new Set(codes)) if (code !== '') coded.set(code, [...(coded.get(code) ?? []), row]);
  }
  const problems: Problem[] = [];
  const found = terms.flatMap((term) => {
    const candidates = known.get(fold(term)) ?? coded.get(barcodeOf(term)) ?? coded.get(fold(term)) ?? [];
    const near =
      candidates.length > 0 || problems.length >= mostCompared ? candidates : nearest(rows, term, itemNaming);
    const choice = decide(candidates, term, itemNaming, { forWrite: false, near });
    if ('row' in choice) return [choice.row];
    problems.push(choice.problem);
    return [];
  });
  refuseProblems(problems);
  return found;
}
