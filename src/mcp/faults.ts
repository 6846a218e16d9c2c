import { closest, distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import { quoted } from '../text.ts';
import type { JsonSchema } from './schema.ts';

/** One thing wrong with the arguments. */
export interface Fault {
  /** `line_items[0].quantity`; empty for the arguments as a whole. */
  readonly field: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** More would bury the first ones; a caller that mends these sees the rest. */
const mostFaults = 8;
const mostShown = 80;

/** The name of a field as somebody sent it: as it is where it could be one, else between quotes. */
export const fieldName = (key: string): string => (/^[\w.[\]-]{1,80}$/.test(key) ? key : quoted(key, mostShown));

const wanted: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  number: 'a finite number',
  integer: 'a whole number',
  boolean: 'true or false',
};

/** What was sent, in words; long texts are cut, lists and objects only named. */
function given(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null; leave the field out instead';
  if (typeof value === 'string') return quoted(value, mostShown);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = fieldName(String(part));
    return text ? `${text}.${key}` : key;
  }, '');

function valueAt(args: unknown, path: readonly PropertyKey[]): unknown {
  let value = args;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function schemaAt(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema | undefined {
  let found: JsonSchema | undefined = schema;
  for (const part of path) found = typeof part === 'number' ? found?.items : found?.properties?.[String(part)];
  return found;
}

/** The known name nearest to a wrong one, if it is near enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || name.length > 60) return undefined;
  const found = closest(name, [...known]);
  const far = Math.max(2, Math.floor(Math.max(name.length, found.length) / 3));
  return distance(name, found) <= far ? found : undefined;
}

/** What other services and people call a field, and what it may be called here. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  qty: ['quantity'],
  count: ['quantity'],
  amount: ['quantity'],
  units: ['quantity'],
  price: ['rate'],
  unit_price: ['rate'],
  sku: ['item', 'text', 'search_text'],
  name: ['item', 'record', 'text', 'party', 'search_text'],
  item_name: ['item'],
  item_id: ['item'],
  product: ['item', 'items'],
  products: ['items', 'lines', 'rows', 'prices'],
  items: ['lines', 'rows', 'prices', 'products', 'text'],
  line_items: ['items', 'lines', 'rows'],
  lines: ['items', 'rows', 'line_items'],
  query: ['text', 'search_text', 'item'],
  search: ['text', 'search_text', 'item'],
  number: ['order', 'record', 'sales_order', 'purchase_order', 'text'],
  order: ['sales_order', 'purchase_order', 'text', 'record'],
  order_number: ['order', 'sales_order', 'purchase_order', 'text', 'record'],
  salesorder_id: ['sales_order', 'order'],
  purchaseorder_id: ['purchase_order', 'order'],
  customer: ['party', 'text'],
  customer_name: ['customer', 'party', 'customer_id'],
  supplier: ['vendor', 'party'],
  vendor: ['party', 'vendor_id'],
  vendor_name: ['vendor', 'party', 'vendor_id'],
  tracking: ['tracking_number'],
  from_warehouse: ['from'],
  to_warehouse: ['to', 'warehouse'],
  location: ['warehouse'],
  delivery_date: ['shipment_date', 'expected_delivery_date'],
  ship_date: ['shipment_date'],
  days: ['within_days', 'older_than_days'],
  start_date: ['from_date', 'since'],
  end_date: ['to_date'],
  percentage: ['percent'],
  round: ['round_to'],
};

function meantBy(key: string, known: readonly string[]): string | undefined {
  const names = Object.hasOwn(otherNames, key.toLowerCase()) ? (otherNames[key.toLowerCase()] ?? []) : [];
  return names.find((name) => known.includes(name)) ?? nearest(key, known);
}

/** Every unknown name of one object; what is known there is listed once, behind the last of them. */
function unknownFields(
  keys: readonly string[],
  path: readonly PropertyKey[],
  schema: JsonSchema,
  tool: string,
): Fault[] {
  const where = pathOf(path);
  const place = where ? `${where} of ${tool}` : tool;
  const known = Object.keys(schemaAt(schema, path)?.properties ?? {});
  const named = keys.slice(0, mostFaults);
  return named.map((key, index) => {
    const meant = meantBy(key, known);
    const hint = meant ? ` Did you mean "${meant}"?` : '';
    const list = index === named.length - 1 ? ` Known: ${known.join(', ') || 'none'}.` : '';
    return {
      field: pathOf([...path, key]),
      message: `Unknown field ${quoted(key, mostShown)} in ${place}.${hint}${list}`,
    };
  });
}

function boundOf(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const [bound, word] = issue.code === 'too_small' ? [issue.minimum, 'at least'] : [issue.maximum, 'at most'];
  if (issue.origin === 'array') return `must have ${word} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
  if (issue.origin === 'string') return `must have ${word} ${bound} characters`;
  return `must be ${word} ${bound}`;
}

/** Which tool tells the id of what somebody named by its number or name. */
const finders: readonly (readonly [RegExp, string])[] = [
  [/^(salesorder|purchaseorder)_id$/, 'find_orders'],
  [/^(contact|customer|vendor)_id$/, 'find_contacts'],
  [/^(item|composite_item)_id$/, 'find_items'],
  [/warehouse_id$/, 'list_warehouses'],
];

const finderOf = (key: string): string | undefined => finders.find(([pattern]) => pattern.test(key))?.[1];

const isIdWanted = ({ message }: Issue): boolean => message.startsWith('must be an id');

function wrongField(issue: Issue, schema: JsonSchema, args: unknown, tool: string): Fault {
  const field = pathOf(issue.path);
  const name = field || `The input of ${tool}`;
  const value = valueAt(args, issue.path);
  const expected = schemaAt(schema, issue.path);
  const isNeeded = schemaAt(schema, issue.path.slice(0, -1))?.required?.includes(String(issue.path.at(-1)));
  const got = value === null && isNeeded ? ', got null.' : `, got ${given(value)}.`;
  const described = typeof value === 'object' ? '.' : got;
  if (value === undefined) {
    const meaning = expected?.description ? ` (${expected.description})` : '';
    return { field, message: `${name} is missing in ${tool}: ${wanted[expected?.type ?? 'object']}${meaning}.` };
  }
  switch (issue.code) {
    case 'invalid_type':
      return { field, message: `${name} must be ${wanted[expected?.type ?? issue.expected] ?? issue.expected}${got}` };
    case 'invalid_value':
      return { field, message: `${name} must be one of ${issue.values.map(String).join(', ')}${got}` };
    case 'too_small':
    case 'too_big':
      return { field, message: `${name} ${boundOf(issue)}${described}` };
    default: {
      const finder = isIdWanted(issue) ? finderOf(String(issue.path.at(-1))) : undefined;
      const hint = finder && typeof value === 'string' && value !== '' ? ` ${finder} tells it by number or name.` : '';
      return { field, message: `${name} ${issue.message}${described}${hint}` };
    }
  }
}

/** The issues of a strict parse in words for a model: which field, what would be right, what came instead. */
export function faultsOf(issues: readonly Issue[], schema: JsonSchema, args: unknown, tool: string): readonly Fault[] {
  // Unknown names first: a misspelt field explains why the right one is missing.
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? unknownFields(issue.keys, issue.path, schema, tool) : [],
  );
  const wrong = issues
    .filter(({ code }) => code !== 'unrecognized_keys')
    .slice(0, mostFaults)
    .map((issue) => wrongField(issue, schema, args, tool));
  return [...unknown, ...wrong].slice(0, mostFaults);
}
