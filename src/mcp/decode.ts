import { InvalidArguments } from '../errors.ts';
import type { Input, Shape } from '../operations/define.ts';
import { faultsOf, fieldName } from './faults.ts';
import { type JsonSchema, publishSchema, strictObject } from './schema.ts';

const plainDecimal = /^-?(0|[1-9]\d{0,15})(\.\d{1,15})?$/;
/** Deeper than any schema of ours; what is deeper is hostile or broken. */
const deepest = 12;
// A key that reaches a prototype could hide from the strict parse, so it is refused before anything is copied.
const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const refuse = (message: string) => new InvalidArguments(message, { nothingSent: true });
const placeOf = (path: string) => (path === '' ? 'The arguments' : fieldName(path));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The parsed text if it is JSON of the wanted kind; else undefined, and the text stays what it was. */
function parsedAs(type: 'object' | 'array', text: string): unknown {
  const first = text.trimStart()[0];
  if (first !== (type === 'object' ? '{' : '[')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `WBH-001` for `{"item": "WBH-001"}`, where that text is all that such an object must have. */
function wrapped({ required = [], properties = {} }: JsonSchema, text: string): unknown {
  const [key] = required;
  const isPlain = key !== undefined && required.length === 1 && properties[key]?.type === 'string';
  return isPlain && !/^\s*[[{]/.test(text) ? { [key]: text } : text;
}

const spelled = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

/** `Partial` for `partial`, where one of the values alone can be meant. */
function chosen(values: readonly string[] | undefined, text: string): string {
  if (!values || values.includes(text)) return text;
  const alike = values.filter((value) => spelled(value) === spelled(text));
  return alike.length === 1 ? (alike[0] ?? text) : text;
}

function decodeText(schema: JsonSchema | undefined, value: string): unknown {
  switch (schema?.type) {
    case 'object':
      return parsedAs('object', value) ?? wrapped(schema, value);
    case 'array':
      return parsedAs('array', value) ?? value;
    case 'number':
    case 'integer':
      return plainDecimal.test(value) ? Number(value) : value;
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'string':
      return chosen(schema.enum, value);
    default:
      return value;
  }
}

function decodeNumber(schema: JsonSchema | undefined, value: number, path: string): unknown {
  if (schema?.type !== 'string' || !Number.isInteger(value)) return value;
  if (Number.isSafeInteger(value)) return String(value);
  // An id of 19 digits sent as a number has already been rounded to another id.
  throw refuse(
    `${placeOf(path)}: the number ${value} is too large to be exact, digits were lost. Send it as a string.`,
  );
}

interface Reading {
  /** Whether null for a field that may be left out is taken for its absence; in an update it may mean: empty it. */
  readonly dropsNull: boolean;
}

const isDropped = (schema: JsonSchema | undefined, key: string, value: unknown, { dropsNull }: Reading): boolean =>
  dropsNull &&
  value === null &&
  schema?.properties !== undefined &&
  Object.hasOwn(schema.properties, key) &&
  !(schema.required ?? []).includes(key);

function decode(
  schema: JsonSchema | undefined,
  given: unknown,
  { path, depth }: { readonly path: string; readonly depth: number },
  how: Reading,
): unknown {
  if (depth > deepest) throw refuse(`${placeOf(path)} is nested deeper than ${deepest} levels.`);
  const value = typeof given === 'string' ? decodeText(schema, given) : given;
  if (typeof value === 'number') return decodeNumber(schema, value, path);
  if (Array.isArray(value)) {
    return value.map((entry, index) =>
      decode(schema?.items, entry, { path: `${path}[${index}]`, depth: depth + 1 }, how),
    );
  }
  if (!isRecord(value)) return value;
  const decoded: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (forbiddenKeys.has(key)) throw refuse(`${placeOf(path)}: a field cannot be named ${key}.`);
    if (isDropped(schema, key, entry, how)) continue;
    const fields = schema?.properties;
    const field = fields && Object.hasOwn(fields, key) ? fields[key] : undefined;
    decoded[key] = decode(field, entry, { path: path ? `${path}.${key}` : key, depth: depth + 1 }, how);
  }
  return decoded;
}

/**
 * Takes back what clients do to arguments on the way, where the published schema leaves no doubt: lists and objects sent as
 * JSON text, numbers and booleans sent as text, ids sent as numbers, a text for an object that must have nothing but it, one
 * of a few values in other letter case, and null for what was not given. Everything else stays as it is for the strict
 * parse, which then says what is wrong; a single object where a list is wanted is not guessed at.
 * Throws InvalidArguments for ids beyond 2^53 sent as numbers, prototype keys, and nesting beyond every schema.
 */
export function decodeArguments(schema: JsonSchema, args: unknown, how: Reading = { dropsNull: false }): unknown {
  return decode(schema, args ?? {}, { path: '', depth: 0 }, how);
}

/**
 * The strict parse. Returns the input with defaults filled in.
 * Throws InvalidArguments that names every wrong field by its path and says what would be right; `tool` stands in its words.
 */
export function parseInput(shape: Shape, args: unknown, tool: string): Input {
  const result = strictObject(shape).safeParse(args);
  if (result.success) return result.data;
  const faults = faultsOf(result.error.issues, publishSchema(shape), args, tool);
  throw new InvalidArguments(faults.map(({ message }) => message).join(' '), {
    nothingSent: true,
    facts: { fields: faults.map(({ field }) => field) },
  });
}

/** What was parsed before and kept, with its keys in the schema's order again: a store has an order of its own. */
export function inOrder(shape: Shape, kept: Input): Input {
  const result = strictObject(shape).safeParse(kept);
  return result.success ? result.data : kept;
}
