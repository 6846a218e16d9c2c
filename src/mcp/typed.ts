// Which texts of a reply people outside may have typed: customers and vendors, their feeds and forms, the staff of a shop.
// They are told once per result, by the keys they stand under: that is what a model can hold on to for few tokens.

/** Last words of the keys that hold such a text: `name` stands for `customer_name` too. What the API counts or chooses itself is not here. */
const lastWords = [
  ...['name', 'number', 'label', 'sku', 'unit', 'brand', 'manufacturer', 'upc', 'ean', 'isbn', 'sac', 'tags'],
  ...['notes', 'terms', 'description', 'reason', 'subject', 'body', 'comments', 'instructions', 'method', 'priority'],
  ...['attention', 'street2', 'city', 'state', 'zip', 'country', 'phone', 'mobile', 'fax', 'email', 'website'],
  ...['carrier', 'type', 'item', 'customer', 'vendor', 'warehouse', 'party', 'asked', 'csv'],
];
/** Of these, all that is inside. */
const wholes = [
  ...['address', 'addresses', 'contact_persons', 'custom_fields', 'custom_field_hash'],
  // Pages of ours that such texts stand in, where quotes would be read as theirs.
  ...['markdown', 'html'],
];

const endingIn = (words: readonly string[]) => new RegExp(`(?:^|_)(?:${words.join('|')})$`);
const typedKey = endingIn([...lastWords, ...wholes]);
const wholeKey = new RegExp(`${endingIn(wholes).source}|^cf_`);

/** A text under this key may be somebody's. */
export const isTyped = (key: string): boolean => typedKey.test(key) || wholeKey.test(key);
/** So may all that is inside of an object or a list under this key. */
export const isTypedWhole = (key: string): boolean => wholeKey.test(key);

/** More than a code, a unit or a single short word: enough to tell a reader something. */
export const isProse = (text: string): boolean => text !== '' && !/^[\x21-\x7e]{1,24}$/.test(text);

/** Keys of ours and of the API; a unit that somebody made up can be a key as well. */
export const isPlainKey = (key: string): boolean => /^[\w.-]{1,60}$/.test(key);
