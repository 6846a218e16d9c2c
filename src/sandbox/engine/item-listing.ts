import { counted, type Listing, reachOf } from '../page.ts';
import type { Call } from '../route.ts';
import { asked, type Condition, statusAsked, when, where } from './listing.ts';
import { holders, holding, isRare, textAsked } from './search.ts';

const statuses = { active: 'Active', inactive: 'Inactive', lowstock: 'Lowstock' };

/** Sortable columns of the item list, as the API names them. */
export const itemColumns = [
  'name',
  'sku',
  'rate',
  'purchase_rate',
  'reorder_level',
  'created_time',
  'last_modified_time',
];

const columns = `item_id AS id, name, sku, rate_micro AS rate, purchase_rate_micro AS purchase_rate,
  reorder_level_micro AS reorder_level, created_time, last_modified_time`;
const order = 'name COLLATE NOCASE, sku, item_id';

/** Items that the query asks for, by name; `kind` narrows them to composite items. */
export function listedItems(call: Call, kind?: 'kit'): Listing {
  const { db } = call.world;
  const status = statusAsked(call, statuses);
  // In words that hold for the items and for their tally. Kits are written out, so that their index serves.
  const sort = where([
    ...(kind === undefined ? [] : [{ sql: "kind = 'kit'", values: [] }]),
    ...(status === 'lowstock' ? [{ sql: 'is_low', values: [] }] : when(status, 'status = ?')),
  ]);
  const total = counted(db, `SELECT sum(items) AS total FROM item_tally WHERE ${sort.sql}`, ...sort.values);
  // A plus sign keeps SQLite from looking up all items of the sort only to bring them into another order than by name.
  const isReordered = (asked(call, 'sort_column') ?? 'name') !== 'name' && !isRare(total, reachOf(call));
  const ofSort = { sql: isReordered ? `+(${sort.sql})` : sort.sql, values: sort.values };
  const one = [
    ...when(asked(call, 'name'), 'name = ? COLLATE NOCASE'),
    ...when(asked(call, 'sku'), "sku = ? COLLATE NOCASE AND sku <> ''"),
    ...when(asked(call, 'vendor_id'), 'vendor_id = ?'),
    ...when(asked(call, 'item_id'), 'item_id = ?'),
  ];
  const text = textAsked(call);
  if (text !== undefined) {
    const isCounted = one.length === 0 && kind === undefined && status !== 'lowstock';
    return searched(call, text, [ofSort, ...one], isCounted ? (status ?? '') : undefined);
  }
  const { sql, values } = where([ofSort, ...one]);
  const listing = { sql: `SELECT ${columns} FROM item WHERE ${sql}`, values, order };
  return one.length > 0 ? listing : { ...listing, total };
}

/** Items that hold a text, which is in lower case; `countedBy` is the status whose count is known, '' for any. */
function searched(call: Call, text: string, others: readonly Condition[], countedBy: string | undefined): Listing {
  const { db } = call.world;
  const found = holders(db, text);
  const total = countedBy === undefined ? found : holders(db, text, countedBy);
  const known = countedBy === undefined ? {} : { total };
  if (isRare(found, reachOf(call))) {
    const held = holding(text);
    const { sql, values } = where(others);
    const from = `(${held.sql}) AS held CROSS JOIN item ON item.item_id = held.id`;
    return { sql: `SELECT ${columns} FROM ${from} WHERE ${sql}`, values: [...held.values, ...values], order, ...known };
  }
  const { sql, values } = where([{ sql: 'instr(search_text, ?) > 0', values: [text] }, ...others]);
  return { sql: `SELECT ${columns} FROM item WHERE ${sql}`, values, order, ...known };
}
