import * as z from 'zod';
import type { Shape } from '../operations/define.ts';

/** The part of JSON Schema that every known client takes. A type alias, so that it passes for a plain record. */
export type JsonSchema = {
  readonly type: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly string[];
  readonly default?: string | number | boolean;
  readonly additionalProperties?: boolean;
};

const types: ReadonlySet<unknown> = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean']);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Keeps only what helps a caller write a right call. Bounds, lengths and patterns are left out: they cost tokens on every
 * listing, some clients refuse some of them, and the strict schema decides anyway, in words.
 * Throws a plain Error for a schema that cannot be said in one type: a fault of the catalog, found by its tests.
 */
function clean(schema: unknown, path: string): JsonSchema {
  if (!isRecord(schema) || !types.has(schema.type))
    throw new Error(`${path} has no single type and cannot be published`);
  const type = schema.type as JsonSchema['type']; // parse boundary: one of `types`, checked above
  const { description, properties, required, items, default: fallback } = schema;
  const cleaned: JsonSchema = {
    type,
    ...(typeof description === 'string' ? { description } : {}),
    ...(Array.isArray(schema.enum) ? { enum: schema.enum.map(String) } : {}),
    ...(typeof fallback === 'string' || typeof fallback === 'number' || typeof fallback === 'boolean'
      ? { default: fallback }
      : {}),
  };
  if (type === 'array') return { ...cleaned, items: clean(items, `${path}[]`) };
  if (type !== 'object') return cleaned;
  const fields = Object.entries(isRecord(properties) ? properties : {});
  return {
    ...cleaned,
    properties: Object.fromEntries(fields.map(([key, value]) => [key, clean(value, `${path}.${key}`)])),
    ...(Array.isArray(required) && required.length > 0 ? { required: required.map(String) } : {}),
  };
}

const strictByShape = new WeakMap<Shape, z.ZodObject<Shape, z.core.$strict>>();

/** The strict object of a shape, made once: zod compiles a parser at the first use of each. */
export function strictObject(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const kept = strictByShape.get(shape);
  if (kept) return kept;
  const made = z.strictObject(shape);
  strictByShape.set(shape, made);
  return made;
}

/**
 * What clients are shown of an input: one type per field, no `$schema`, `$ref` or combinators. `additionalProperties:
 * false` stands only where there is no field at all, as the protocol advises: in each of a hundred tools it would cost as
 * much as three more of them, and an unknown key is refused by the strict schema all the same, with the nearest right name.
 */
export function publishSchema(shape: Shape): JsonSchema {
  const converted = z.toJSONSchema(strictObject(shape), { io: 'input', reused: 'inline' });
  const cleaned = clean(converted, 'input');
  return Object.keys(shape).length === 0 ? { ...cleaned, additionalProperties: false } : cleaned;
}
