import type { Input } from '../operations/define.ts';
import type { Supply } from './allocation.ts';
import type { About } from './define.ts';
import { rowsIn, textIn } from './rows.ts';

/** Documents that grow by what is done to them: two counts of one delivery, two parcels of one order. */
const documents = ['salesorder_id', 'purchaseorder_id', 'transfer_id'] as const;

/** A count of a thousand items holds no more names than these; items that share one only wait for each other. */
const places = 64;
/** Ids end in a counter. */
const lastDigits = 6;

export const aboutDocument = (key: (typeof documents)[number], id: string): About =>
  id === '' ? [] : [`${key} ${id}`];

/** Of items whose stock is promised, moved or counted by what was read of it. */
export const aboutItems = (itemIds: Iterable<string>): About => [
  ...new Set([...itemIds].map((id) => `items ${Number(id.slice(-lastDigits)) % places}`)),
];

/** Of what is promised of these; the parts of a kit too, which others may want by themselves. */
export const aboutSupplies = (supplies: ReadonlyMap<string, Supply>): About =>
  aboutItems([...supplies].flatMap(([itemId, { parts }]) => [itemId, ...parts.map((part) => part.itemId)]));

/** Of a call of one operation, by the documents and the items of lines that its input names. */
export const aboutInput = (input: Input): About => [
  ...documents.flatMap((key) => aboutDocument(key, textIn(input, key))),
  ...aboutItems(rowsIn(input, 'line_items').flatMap((line) => textIn(line, 'item_id') || [])),
];
