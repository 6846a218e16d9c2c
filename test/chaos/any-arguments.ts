import fc from 'fast-check';
import { hostileTexts } from '../helpers/hostile.ts';
import type { KnownValues } from './known-values.ts';

/** The part of JSON Schema that tools are listed with. */
export interface ListedSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ListedSchema>>;
  readonly required?: readonly string[];
  readonly items?: ListedSchema;
  readonly enum?: readonly string[];
}

type Value = fc.Arbitrary<unknown>;

/** Of a hundred values so many are none that belongs there: nothing, a slip, or half of all. */
export type Trouble = 0 | 6 | 50;

const nested = (depth: number, inner: unknown): unknown =>
  Array.from({ length: depth }).reduce<unknown>((value, _, n) => (n % 2 === 0 ? [value] : { a: value }), inner);

const strangeTexts = [
  ...['', ' ', '0', '-1', '00', 'null', 'undefined', 'NaN', '[object Object]', '{}', '[]', '{"a":', 'true', '\0'],
  ...['../../etc/passwd', '..%2f..%2f', '1/../2', '1?x=1&organization_id=2', '%00', "' OR 1=1 --", '%', '_', '*', '\\'],
  ...['9'.repeat(400), '1e999', '0x10', '١٢٣', '\ud800', '\udc00\ud800', '\u0000\u001b[2J', '__proto__', 'constructor'],
  ...['2026-02-30', '0000-00-00', '9999-12-31', '-000001-01-01', '2026-1-1', '12:00'],
  ...['a'.repeat(60_000), '%'.repeat(3_000), ' '.repeat(20_000), `${'a@'.repeat(4_000)}!`, '\u0301'.repeat(5_000)],
  ...['😀'.repeat(3_000), `${'-'.repeat(20_000)}x`, `${'"'.repeat(3_000)}`],
  ...hostileTexts('m4rk'),
];

const strangeNumbers = [
  ...[0, -0, -1, 0.1, 1e-7, 5e-324, 1e21, 1.7e308, -1.7e308, 2 ** 31, 2 ** 53, 2 ** 63, -(2 ** 53)],
  ...[0.1 + 0.2, 1 / 3, 100.005, 999_999_999_999.999, Number.NaN, Number.POSITIVE_INFINITY],
];

const strangeShapes = [
  ...[null, true, false, [], {}, [[]], [null], { __proto: 1 }],
  ...[4, 13, 60, 2_000].map((depth) => nested(depth, 'x')),
  Array.from({ length: 3_000 }, (_, n) => ({ item_id: String(n) })),
];

const edges: Value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<unknown>(...strangeTexts) },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...strangeNumbers) },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...strangeShapes) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** One of a list that may be long, and grows while it is drawn from. */
const oneOf = (values: readonly string[]): fc.Arbitrary<string> => fc.nat().map((n) => values[n % values.length] ?? '');

const dayMs = 24 * 3_600_000;
// Mostly of late: much is refused on days to come.
const day = fc
  .oneof(fc.integer({ min: -90, max: 0 }), fc.integer({ min: -900, max: 900 }))
  .map((days) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10));

const isDay = (field: string): boolean => /(^|_)date(_|$)/.test(field);

/** Words of a description that look like values: `Status.Active`, `quantity`. */
const wordsOf = (description = ''): string[] => description.match(/[A-Za-z][\w.]{2,}/g) ?? [];

function text(field: string, schema: ListedSchema, known: KnownValues): fc.Arbitrary<string> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const met = known.like(field);
  const words = wordsOf(schema.description);
  const isId = /_ids?$/.test(field);
  const invented = isId ? fc.bigInt({ min: 0n, max: 10n ** 19n }).map(String) : fc.lorem({ maxCount: 4 });
  if (isDay(field)) return fc.oneof({ weight: 9, arbitrary: day }, { weight: 1, arbitrary: invented });
  return fc.oneof(
    { weight: isId ? 1 : 5, arbitrary: invented },
    ...(met.length > 0 ? [{ weight: 12, arbitrary: oneOf(met) }] : []),
    ...(words.length > 0 ? [{ weight: 2, arbitrary: oneOf(words) }] : []),
  );
}

const count = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 300 }));
const amount = fc.oneof(
  count,
  fc.integer({ min: 0, max: 100_000 }).map((cents) => cents / 100),
);

function fitting(field: string, schema: ListedSchema, known: KnownValues, trouble: Trouble): Value {
  switch (schema.type) {
    case 'object':
      return record(schema, known, trouble);
    case 'array':
      return fc.array(value(field, schema.items ?? {}, known, trouble), {
        minLength: trouble > 0 ? 0 : 1,
        maxLength: 3,
      });
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return count;
    case 'number':
      return amount;
    default:
      return text(field, schema, known);
  }
}

/** What fits; the same as JSON text, as some clients send it; an edge; or what was met under any other name. */
function value(field: string, schema: ListedSchema, known: KnownValues, trouble: Trouble): Value {
  const right = fitting(field, schema, known, trouble);
  if (trouble === 0) return right;
  return fc.oneof(
    { weight: 100 - trouble, arbitrary: right },
    { weight: trouble, arbitrary: edges },
    { weight: 2, arbitrary: oneOf(known.some()) },
    { weight: 3, arbitrary: right.map((sent) => JSON.stringify(sent)) },
  );
}

const strangeKeys = fc.oneof(fc.constantFrom('item', 'itemId', '__proto__', 'a.b', ''), fc.string());
const strangeFields = fc.dictionary(strangeKeys, edges, { minKeys: 1, maxKeys: 2 });

function record(schema: ListedSchema, known: KnownValues, trouble: Trouble): fc.Arbitrary<Record<string, unknown>> {
  const properties = schema.properties ?? {};
  const required = schema.required ?? [];
  const optional = Object.keys(properties).filter((key) => !required.includes(key));
  const more = fc.subarray(optional, { maxLength: Math.min(4, optional.length) });
  const needed = trouble === 0 ? fc.constant([...required]) : mostOf([...required]);
  const fields = fc
    .tuple(needed, more)
    .chain(([first, then]) =>
      fc.record(
        Object.fromEntries([...first, ...then].map((key) => [key, value(key, properties[key] ?? {}, known, trouble)])),
      ),
    );
  if (trouble === 0) return fields;
  return fc.oneof(
    { weight: 15, arbitrary: fields },
    { weight: 1, arbitrary: fc.tuple(fields, strangeFields).map(([right, strange]) => ({ ...right, ...strange })) },
  );
}

/** All of them, or now and then only some. */
const mostOf = (keys: string[]): fc.Arbitrary<string[]> =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(keys) }, { weight: 1, arbitrary: fc.subarray(keys) });

/** Arguments for a tool that was listed with this schema: half of them right by it, the others with slips or wild. */
export const argumentsFor = (schema: ListedSchema, known: KnownValues): fc.Arbitrary<Record<string, unknown>> =>
  fc.constantFrom<Trouble>(0, 0, 0, 0, 0, 6, 6, 6, 50, 50).chain((trouble) => record(schema, known, trouble));
