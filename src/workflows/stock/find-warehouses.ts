import type { Api } from '../define.ts';
import type { Problem } from '../match.ts';
import { lookUpWarehouses } from '../resolve.ts';
import { pageSize, type Row, rowsIn, textIn } from '../rows.ts';
import { named } from '../text.ts';

/** A warehouse of the list, or why a text names none. */
export type Place =
  | { readonly id: string; readonly name: string }
  | { readonly why: string; readonly isInactive?: boolean };
export type Places = (text: string) => Place;

/** Warehouses by id or exact name, the empty text being the primary one; one call for all of them. */
export async function findWarehouses(api: Api, texts: readonly string[]): Promise<Places> {
  const terms = texts.filter((text) => text !== '');
  const { found, problems, rows } =
    terms.length > 0
      ? await lookUpWarehouses(api, terms, { forWrite: true })
      : { found: new Map<string, Row>(), problems: [], rows: await readList(api) };
  const told = new Map(terms.filter((term) => !found.has(term)).map((term, index) => [term, problems[index]]));
  const primary = rows.find((row) => row.is_primary === true && textIn(row, 'status') !== 'inactive');
  return (text) => {
    const row = text === '' ? primary : found.get(text);
    if (row) return { id: textIn(row, 'warehouse_id'), name: textIn(row, 'warehouse_name') };
    if (text === '') return { why: 'No warehouse is named, and none is primary.' };
    const problem = told.get(text);
    return { why: whyNot(problem), ...(problem?.reason === 'inactive' ? { isInactive: true } : {}) };
  };
}

const readList = async (api: Api): Promise<Row[]> =>
  rowsIn(await api.call('list_warehouses', { page: 1, per_page: pageSize }), 'warehouses');

function whyNot(problem: Problem | undefined): string {
  const near = (problem?.candidates ?? []).map((one) => `${named(one.warehouse_name)} (${one.warehouse_id})`);
  if (problem?.reason === 'inactive') return `The warehouse ${near.join('')} is inactive: activate_warehouse first.`;
  if (problem?.reason === 'ambiguous') return `Several bear that name: ${near.join(', ')}.`;
  return near.length === 0 ? 'There is no such warehouse.' : `There are ${near.join(', ')}.`;
}

/** Warehouses given by ids alone, where all of them were met with stock in them, so that no list need be read. */
export function placesMet(texts: readonly string[], names: ReadonlyMap<string, string>): Places | undefined {
  if (!texts.every((text) => names.has(text))) return undefined;
  return (text) => ({ id: text, name: names.get(text) ?? '' });
}
