import type { Input, Operation } from '../operations/define.ts';
import { isTracked } from '../workflows/availability.ts';
import { sameValue } from '../workflows/changes.ts';
import type { Raise } from '../workflows/define.ts';
import { parseMicro } from '../workflows/numbers.ts';
import { lineChanges } from '../workflows/order-lines.ts';
import {
  droppedLines,
  dropsReason,
  earlyReason,
  linePriceJumps,
  listed,
  namesDueDate,
  ordersMoreReason,
  priceJump,
  priceReason,
  promisesMoreReason,
} from '../workflows/order-rules.ts';
import type { Promises } from '../workflows/promises.ts';
import { type Row, rowsIn, textIn } from '../workflows/rows.ts';
import { fold, named } from '../workflows/text.ts';

export { isPriceJump } from '../workflows/order-rules.ts';

/** What a rule judges: the call, the record as it was read, and what the order takes of the stock. */
export interface Facts {
  readonly operation: Operation;
  readonly input: Input;
  readonly before?: Row;
  readonly promises?: Promises;
  /** Calendar day of the organization. */
  readonly today?: string;
}

/**
 * Raises a create or update to a confirmation. Pure. `appliesTo` says from the call alone whether the rule could fire, so
 * that nothing is read where none could; `reason` is one sentence for the preview, or undefined where it does not fire.
 */
export interface Rule {
  readonly name: string;
  readonly appliesTo: (operation: Operation, input: Input) => boolean;
  readonly reason: (facts: Facts) => string | undefined;
}

const isUpdate = ({ method, effect }: Operation): boolean => method === 'PUT' && effect === 'update';
const names = (input: Input, fields: readonly string[]): boolean => fields.some((field) => input[field] !== undefined);
/** A list that a PUT replaces, and what makes an entry the same one as before. */
const replacedLists: Record<string, { keys: (entry: Row) => string[]; words: (entry: Row) => string }> = {
  contact_persons: { keys: personKeys, words: personWords },
  custom_fields: {
    keys: (entry) => [fold(textIn(entry, 'label')) || textIn(entry, 'customfield_id')],
    words: (entry) => `${named(entry.label, 40)} = ${named(entry.value, 40)}`,
  },
  package_custom_fields: {
    keys: (entry) => [fold(textIn(entry, 'label'))],
    words: (entry) => `${named(entry.label, 40)} = ${named(entry.value, 40)}`,
  },
  mapped_items: {
    keys: (entry) => [textIn(entry, 'item_id')],
    words: (entry) => `${named(entry.quantity, 20)} ${named(entry.name, 60)}`.trim(),
  },
};

// A person is known again by id, else by e-mail, else by name.
function personKeys(person: Row): string[] {
  const name = fold(`${textIn(person, 'first_name')} ${textIn(person, 'last_name')}`);
  const email = fold(textIn(person, 'email'));
  return [`id ${textIn(person, 'contact_person_id')}`, `email ${email}`, `name ${name}`].filter(
    (key) => !/^\w+ $/.test(key),
  );
}

function personWords(person: Row): string {
  const name = named(`${textIn(person, 'first_name')} ${textIn(person, 'last_name')}`, 60);
  return `${name} ${named(person.email, 80)}`.trim();
}

function droppedOf(list: string, before: Row, input: Input): string[] {
  const kind = replacedLists[list];
  if (!kind || input[list] === undefined) return [];
  const kept = new Set(rowsIn(input, list).flatMap(kind.keys));
  return rowsIn(before, list)
    .filter((entry) => entry.value !== '' && !kind.keys(entry).some((key) => kept.has(key)))
    .map(kind.words);
}

const dropsLines: Rule = {
  name: 'drops_lines',
  appliesTo: (operation, input) => isUpdate(operation) && names(input, ['line_items', ...Object.keys(replacedLists)]),
  reason: ({ before, input }) => {
    if (!before) return undefined;
    return dropsReason([
      ...droppedLines(before, input),
      ...Object.keys(replacedLists).flatMap((list) => droppedOf(list, before, input)),
    ]);
  },
};

const priceFields = ['rate', 'purchase_rate'];

const priceChange: Rule = {
  name: 'price_change',
  appliesTo: (operation, input) => isUpdate(operation) && names(input, [...priceFields, 'line_items']),
  reason: ({ before, input }) => {
    if (!before) return undefined;
    return priceReason([
      ...priceFields.flatMap((field) => priceJump(field, parseMicro(before[field]) ?? 0n, parseMicro(input[field]))),
      ...linePriceJumps(before, input),
    ]);
  },
};

const itemIdentity = ['unit', 'track_inventory', 'item_type', 'product_type'];
const whereTo = ['email', 'billing_address', 'shipping_address', 'delivery_address', 'delivery_customer_id'];
const identityFields = [...itemIdentity, ...whereTo, 'currency_id', 'customer_id', 'vendor_id'];

const kept = (before: Row, field: string): unknown =>
  field === 'track_inventory' ? (before.track_inventory ?? isTracked(before)) : before[field];

function identityChanges(operation: Operation, before: Row, input: Input): string[] {
  const fields = identityFields.filter(
    // The preferred vendor of an item binds nobody; the vendor of an order does.
    (field) => !(field === 'vendor_id' && operation.path.startsWith('/items')),
  );
  const changed = fields.filter((field) => input[field] !== undefined && !sameValue(kept(before, field), input[field]));
  const items = lineChanges(before, input).kept.filter(({ before: was, after: is }) => was.itemId !== is.itemId);
  return [
    ...changed,
    ...emailChanges(before, input),
    ...items.map(({ before: was }) => `the item of the line ${was.label}`),
  ];
}

/** Addresses of people that were not there before, and another person in the first place. */
function emailChanges(before: Row, input: Input): string[] {
  if (input.contact_persons === undefined) return [];
  const emails = (row: Row) => rowsIn(row, 'contact_persons').map((person) => fold(textIn(person, 'email')));
  const first = (row: Row) =>
    fold(textIn(rowsIn(row, 'contact_persons').find((person) => person.is_primary_contact === true) ?? {}, 'email'));
  const known = new Set(emails(before));
  const strange = emails(input).filter((email) => email !== '' && !known.has(email));
  const words = strange.map((email) => `e-mail ${named(email, 80)} of a contact person`);
  const moved = strange.length === 0 && first(input) !== '' && first(before) !== '' && first(input) !== first(before);
  return moved ? [`who gets mail first (${named(first(input), 80)})`] : words;
}

const identityChange: Rule = {
  name: 'identity_change',
  appliesTo: (operation, input) =>
    isUpdate(operation) &&
    !operation.path.startsWith('/warehouses') &&
    names(input, [...identityFields, 'contact_persons', 'line_items']),
  reason: ({ operation, before, input }) => {
    if (!before) return undefined;
    const changed = identityChanges(operation, before, input);
    return changed.length === 0
      ? undefined
      : `This changes what or whom the record stands for, or where goods and mail go: ${listed(changed)}.`;
  },
};

const promisingCalls = new Set(['confirm_sales_order', 'open_sales_order']);

const promisesMore: Rule = {
  name: 'promises_more',
  appliesTo: ({ name }, input) =>
    promisingCalls.has(name) || (name === 'update_sales_order' && input.line_items !== undefined),
  reason: ({ promises }) => promisesMoreReason(promises),
};

const ordersMore: Rule = {
  name: 'orders_more',
  appliesTo: ({ name }, input) => name === 'update_purchase_order' && input.line_items !== undefined,
  reason: ({ before, input }) => (before ? ordersMoreReason(before, input) : undefined),
};

const writesOrder = /^(create|update)_(sales|purchase)_order$/;

const earlyDate: Rule = {
  name: 'early_date',
  appliesTo: ({ name, effect }, input) =>
    writesOrder.test(name) && (namesDueDate(input) || (effect === 'update' && input.date !== undefined)),
  reason: ({ before = {}, input, today = '' }) => earlyReason(before, input, today),
};

const replacesImage: Rule = {
  name: 'replaces_image',
  appliesTo: ({ name }) => name === 'upload_item_image',
  reason: ({ before }) =>
    before && textIn(before, 'image_name') !== ''
      ? `The item has the image ${named(before.image_name, 60)} already; it would be gone for good.`
      : undefined,
};

/** The rules that need only the record. Those that need to know what a caller did before stand in `store-rules.ts`. */
export const rules: readonly Rule[] = [
  dropsLines,
  priceChange,
  identityChange,
  promisesMore,
  ordersMore,
  earlyDate,
  replacesImage,
];

/** True where a reading could raise this call. */
export const couldRaise = (operation: Operation, input: Input): boolean =>
  rules.some(({ appliesTo }) => appliesTo(operation, input));

export const raisesOf = (facts: Facts): Raise[] =>
  rules.flatMap(({ name, appliesTo, reason }) => {
    const why = appliesTo(facts.operation, facts.input) ? reason(facts) : undefined;
    return why === undefined ? [] : [{ rule: name, reason: why }];
  });
