import * as z from 'zod';
import { createItem, updateItem } from '../../operations/items.ts';
import { microIn, type Row, textIn } from '../rows.ts';
import { fold, named, quoted } from '../text.ts';
import type { Catalog } from './import-items-catalog.ts';
import { type Fields, fieldsOf, isAsItIs, valueNow } from './import-items-cells.ts';
import type { TableRow } from './import-items-table.ts';

export interface Change {
  readonly field: string;
  readonly before: string | number;
  readonly after: string | number;
}

interface Judged {
  readonly place: string;
  readonly sku: string;
  readonly name: string;
}

/** What is to be done with one row. */
export type Verdict = Judged &
  (
    | { readonly kind: 'create'; readonly input: Readonly<Record<string, string | number>> }
    | { readonly kind: 'update'; readonly itemId: string; readonly changes: readonly Change[] }
    | { readonly kind: 'same' | 'skip' }
    | { readonly kind: 'bad'; readonly why: string }
  );

export type OnExisting = 'update' | 'skip' | 'error';

/** How often each SKU and each name that a row would give stands in the table. */
interface Counts {
  readonly skus: ReadonlyMap<string, readonly string[]>;
  readonly names: ReadonlyMap<string, readonly string[]>;
}

const create = z.strictObject(createItem.input);
const update = z.strictObject(updateItem.input);

/** Each row held against the catalog and against the other rows. Pure. */
export function judgeRows(rows: readonly TableRow[], catalog: Catalog, onExisting: OnExisting): Verdict[] {
  const read = rows.map((row) => ({ place: row.place, fields: fieldsOf(row, catalog) }));
  const places = (keyOf: (fields: Fields) => string): Map<string, string[]> => {
    const found = new Map<string, string[]>();
    for (const { place, fields } of read) {
      const key = keyOf(fields);
      if (key !== '') found.set(key, [...(found.get(key) ?? []), place]);
    }
    return found;
  };
  const counts = { skus: places(({ sku }) => fold(sku)), names: places(({ given }) => fold(String(given.name ?? ''))) };
  return read.map(({ place, fields }) => judge(place, fields, { catalog, counts, onExisting }));
}

interface Against {
  readonly catalog: Catalog;
  readonly counts: Counts;
  readonly onExisting: OnExisting;
}

function judge(place: string, fields: Fields, { catalog, counts, onExisting }: Against): Verdict {
  const { sku, given } = fields;
  const found = catalog.bySku.get(fold(sku)) ?? [];
  const [item] = found;
  const name = String(given.name ?? textIn(item ?? {}, 'name'));
  const told = { place, sku, name };
  const faults = [
    ...fields.faults,
    ...otherPlaces(counts.skus.get(fold(sku)), place, 'the SKU'),
    ...(found.length > 1 ? [`${found.length} items have this SKU`] : []),
    ...nameTaken(fields, item, catalog, counts, place),
    ...(item ? faultsOfUpdate(fields, item, onExisting) : faultsOfCreate(fields)),
  ];
  if (faults.length > 0) return { ...told, kind: 'bad', why: faults.join('; ') };
  if (!item) {
    const input = { sku, ...given, ...fields.opening };
    const why = faultIn(create, input);
    return why === undefined ? { ...told, kind: 'create', input } : { ...told, kind: 'bad', why };
  }
  if (onExisting === 'skip') return { ...told, kind: 'skip' };
  const changes = changesOf(given, item);
  if (changes.length === 0) return { ...told, kind: 'same' };
  const itemId = textIn(item, 'item_id');
  const why = faultIn(update, { item_id: itemId, ...valuesAfter(changes) });
  return why === undefined ? { ...told, kind: 'update', itemId, changes } : { ...told, kind: 'bad', why };
}

export const valuesAfter = (changes: readonly Change[]): Record<string, string | number> =>
  Object.fromEntries(changes.map(({ field, after }) => [field, after]));

const changesOf = (given: Fields['given'], item: Row): Change[] =>
  Object.entries(given)
    .map(([field, after]) => ({ field, before: valueNow(item, field, after), after }))
    .filter(({ field, before, after }) => !isAsItIs(field, before, after));

function otherPlaces(places: readonly string[] | undefined, place: string, what: string): string[] {
  const others = (places ?? []).filter((other) => other !== place);
  if (others.length === 0) return [];
  const shown = others.slice(0, 3).join(', ');
  return [`${what} stands in ${shown}${others.length > 3 ? ` and ${others.length - 3} more` : ''} too`];
}

/** The hosted service keeps names apart; the row that comes second would be refused half way. */
function nameTaken(
  { given }: Fields,
  item: Row | undefined,
  { byName }: Catalog,
  { names }: Counts,
  place: string,
): string[] {
  const name = fold(String(given.name ?? ''));
  if (name === '' || (item && fold(textIn(item, 'name')) === name)) return [];
  const other = byName.get(name)?.find((row) => textIn(row, 'item_id') !== textIn(item ?? {}, 'item_id'));
  if (!other) return otherPlaces(names.get(name), place, 'the name');
  const owner = named(other.sku, 40) || textIn(other, 'item_id');
  return [`the name ${quoted(given.name, 60)} belongs to ${owner}`];
}

function faultsOfCreate({ given, opening, status, faults }: Fields): string[] {
  // A rate that is there and cannot be read is told once.
  const needsRate = given.rate === undefined && !faults.some((fault) => fault.startsWith('rate '));
  const untracked = given.item_type !== undefined && given.item_type !== 'inventory';
  return [
    ...(given.name === undefined ? ['a new item needs a name'] : []),
    ...(needsRate ? ['a new item needs a rate, 0 if it is never sold'] : []),
    ...(given.item_type === undefined || newTypes.has(String(given.item_type))
      ? []
      : [`item_type is one of ${[...newTypes].join(', ')}`]),
    ...(untracked && (opening.initial_stock ?? 0) > 0 ? ['opening stock is kept of item_type inventory only'] : []),
    ...(status === '' || status === 'active' ? [] : ['a new item is active; deactivate_item changes that']),
  ];
}

const newTypes = new Set(['inventory', 'sales', 'purchases', 'sales_and_purchases']);

function faultsOfUpdate({ given, status }: Fields, item: Row, onExisting: OnExisting): string[] {
  if (onExisting === 'error') return [`the SKU exists already (item_id ${textIn(item, 'item_id')})`];
  if (onExisting === 'skip') return [];
  const now = textIn(item, 'status') || 'active';
  const differs = (field: string) =>
    given[field] !== undefined && !isAsItIs(field, valueNow(item, field, given[field]), given[field]);
  const moved = ['stock_on_hand', 'committed_stock', 'quantity_ordered'].some(
    (key) => (microIn(item, key) ?? 0n) !== 0n,
  );
  return [
    ...(status === '' || status === now ? [] : [`it is ${now}: activate_item and deactivate_item change that`]),
    ...['unit', 'item_type'].flatMap((field) =>
      moved && differs(field) ? [`${field} cannot change once stock has moved`] : [],
    ),
  ];
}

/** What the tool of one item would refuse, in its own words. */
function faultIn(schema: z.ZodType, input: object): string | undefined {
  const parsed = schema.safeParse(input);
  if (parsed.success) return undefined;
  return parsed.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
    .join('; ');
}
