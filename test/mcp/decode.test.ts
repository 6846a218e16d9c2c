import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { InvalidArguments } from '../../src/errors.ts';
import { decodeArguments, parseInput } from '../../src/mcp/decode.ts';
import { publishSchema } from '../../src/mcp/schema.ts';
import { createSalesOrder } from '../../src/operations/sales-orders.ts';

const shape = {
  order_id: z.string().optional(),
  count: z.number().optional(),
  whole: z.number().meta({ type: 'integer' }).optional(),
  ready: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  place: z.strictObject({ city: z.string().optional(), floor: z.number().optional() }).optional(),
  lines: z.array(z.strictObject({ id: z.string(), count: z.number() })).optional(),
  kind: z.enum(['sales_order', 'partial', 'Cut', 'cut']).optional(),
  goods: z.array(z.strictObject({ item: z.string(), count: z.number().optional() })).optional(),
};
const schema = publishSchema(shape);
const decoded = (args: unknown) => decodeArguments(schema, args);

describe('arguments that a client has turned into text', () => {
  it.each<[string, unknown, unknown]>([
    ['a list as text', { tags: '["a","b"]' }, { tags: ['a', 'b'] }],
    ['an object as text', { place: ' {"city":"Oakland"}' }, { place: { city: 'Oakland' } }],
    ['text inside text', { lines: '[{"id":7,"count":"2.5"}]' }, { lines: [{ id: '7', count: 2.5 }] }],
    ['entries as text', { lines: ['{"id":"7","count":2}'] }, { lines: [{ id: '7', count: 2 }] }],
    ['numbers as text', { count: '-12.50', whole: '3' }, { count: -12.5, whole: 3 }],
    ['booleans as text', { ready: 'true' }, { ready: true }],
    ['an id as a number', { order_id: 4_600_000 }, { order_id: '4600000' }],
    [
      'the text that an object needs alone',
      { goods: ['WBH-001', 'null'] },
      { goods: [{ item: 'WBH-001' }, { item: 'null' }] },
    ],
    ['a list of such as text', { goods: '["WBH-001"]' }, { goods: [{ item: 'WBH-001' }] }],
    ['a value in other letter case', { kind: 'Partial' }, { kind: 'partial' }],
    ['a value spelled with a blank', { kind: ' Sales Order' }, { kind: 'sales_order' }],
    ['all arguments as text', '{"count":"1"}', { count: 1 }],
    ['no arguments', undefined, {}],
  ])('are taken back: %s', (_, args, expected) => {
    expect(decoded(args)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['an object where a list is wanted', { lines: { id: '7', count: 2 } }],
    ['an object as text where a list is wanted', { lines: '{"id":"7","count":2}' }],
    ['a list as text where an object is wanted', { place: '[]' }],
    ['text where text is wanted, whatever it looks like', { order_id: '["7"]' }],
    ['words with commas', { tags: 'a,b' }],
    ['figures with a thousands mark', { count: '1,000' }],
    ['figures in other notations', { count: '0x10' }],
    ['figures with a leading zero', { count: '007' }],
    ['empty text', { count: '', ready: '' }],
    ['yes and no', { ready: 'yes' }],
    ['broken JSON', { tags: '["a"' }],
    ['a fraction where text is wanted', { order_id: 1.5 }],
    ['a value that could be one of two', { kind: 'CUT' }],
    ['a value that is one of two', { kind: 'Cut' }],
    ['another value', { kind: 'partially' }],
    ['text for an object that needs more', { lines: ['7'] }],
    ['text for an object that needs nothing', { place: 'Oakland' }],
    ['broken JSON for an object that needs one text', { goods: ['{"item"', '[1]'] }],
    ['null', { count: null, tags: null }],
    ['fields nobody knows', { colour: '["a"]', toString: '1' }],
  ])('stay as they are where there is a doubt: %s', (_, args) => {
    expect(decoded(args)).toEqual(args);
  });

  it('null is the absence of what may be left out, unless a record is changed by it', () => {
    const given = { count: null, kind: null, lines: [{ id: null, count: null }], goods: [{ item: 'A', count: null }] };
    expect(decodeArguments(schema, given, { dropsNull: true })).toEqual({
      lines: [{ id: null, count: null }],
      goods: [{ item: 'A' }],
    });
    expect(decodeArguments(schema, { colour: null }, { dropsNull: true })).toEqual({ colour: null });
    expect(decoded(given)).toEqual(given);
  });

  it('never take a rounded id for an id', () => {
    // As JSON.parse hands it on: the last digits are gone.
    expect(() => decoded(JSON.parse('{"order_id": 4600000000000012345}'))).toThrow(/order_id: .* digits were lost/);
    expect(() => decoded({ lines: '[{"id": 4600000000000012345, "count": 1}]' })).toThrow(/lines\[0\]\.id: .*string/);
    expect(decoded({ order_id: Number.MAX_SAFE_INTEGER })).toEqual({ order_id: '9007199254740991' });
  });

  it.each(['__proto__', 'constructor', 'prototype'])('are refused with a field named %s, at any depth', (key) => {
    for (const text of [`{"${key}":{"count":1}}`, `{"place":{"${key}":1}}`, `{"lines":"[{\\"${key}\\":1}]"}`])
      expect(() => decoded(JSON.parse(text))).toThrow(`a field cannot be named ${key}`);
    expect(({} as { count?: number }).count).toBeUndefined(); // parse boundary: what pollution would show
  });

  it('are refused when nested deeper than any schema', () => {
    let nested: unknown = 1;
    for (let depth = 0; depth < 10_000; depth += 1) nested = { place: nested };
    expect(() => decoded(nested)).toThrow(InvalidArguments);
  });

  it('come back the same when every value was turned into text on the way', () => {
    const line = fc.record({ id: fc.stringMatching(/^[1-9]\d{0,14}$/), count: fc.integer({ min: 0, max: 1e9 }) });
    const args = fc.record({ lines: fc.array(line, { maxLength: 4 }), ready: fc.boolean(), count: fc.integer() });
    fc.assert(
      fc.property(args, (value) => {
        const texts = Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, JSON.stringify(entry)]));
        expect(decoded(texts)).toEqual(value);
        const numbers = value.lines.map(({ id, count }) => ({ id: Number(id), count: String(count) }));
        expect(decoded({ ...value, lines: numbers })).toEqual(value);
      }),
    );
  });
});

/** The words of the refusal. */
function refusal(args: unknown): string {
  try {
    parseInput(createSalesOrder.input, args, 'create_sales_order');
  } catch (error) {
    if (error instanceof InvalidArguments) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

const order = { customer_id: '1', line_items: [{ item_id: '2', quantity: 3 }] };

describe('a refusal', () => {
  it('names the nearest right field for a misspelt one, and what is known', () => {
    const { customer_id, ...rest } = order;
    expect(refusal({ ...rest, custmer_id: customer_id })).toMatch(
      /^Unknown field "custmer_id" in create_sales_order\. Did you mean "customer_id"\? Known: customer_id, line_items, .* customer_id is missing in create_sales_order: text\.$/,
    );
  });

  it('names the place of a misspelt field inside a line', () => {
    expect(refusal({ ...order, line_items: [{ item_id: '2', quantity: 3, warehouseid: '4' }] })).toMatch(
      /^Unknown field "warehouseid" in line_items\[0\] of create_sales_order\. Did you mean "warehouse_id"\? Known: item_id, quantity, /,
    );
  });

  it.each([
    ['qty', /Did you mean "quantity"\?/],
    ['price', /Did you mean "rate"\?/],
    ['location', /Known: /],
  ])('knows what others call a field: %s', (name, said) => {
    expect(refusal({ ...order, line_items: [{ item_id: '2', [name]: 3 }] })).toMatch(said);
  });

  it('sends nobody to leave out what is needed', () => {
    expect(refusal({ ...order, customer_id: null })).toBe('customer_id must be text, got null.');
  });

  it('does not guess at a name that is like nothing known', () => {
    expect(refusal({ ...order, colour: 'red' })).toMatch(/^Unknown field "colour" in create_sales_order\. Known: /);
  });

  it('says what is wanted and what came, for every wrong field at once', () => {
    expect(refusal({ ...order, priority: 5, notes: null, line_items: [{ item_id: 'x', quantity: -1 }] })).toBe(
      'line_items[0].item_id must be an id: 1 to 19 digits, as a string, got "x". find_items tells it by number or name. ' +
        'line_items[0].quantity must be at least 0, got -1. ' +
        'notes must be text, got null; leave the field out instead. ' +
        'priority must be text, got 5.',
    );
  });

  it('carries the fields as facts and says that nothing was sent', () => {
    expect.assertions(2);
    try {
      parseInput(createSalesOrder.input, { ...order, notes: 5, nots: 'x' }, 'create_sales_order');
    } catch (error) {
      if (!(error instanceof InvalidArguments)) throw error;
      expect(error.facts).toEqual({ fields: ['nots', 'notes'] });
      expect(error.nothingSent).toBe(true);
    }
  });

  it('cuts what it quotes and strips control characters', () => {
    const long = refusal({ ...order, date: `2025\u0007\u202e\n${'x'.repeat(10_000_000)}` });
    expect(long).toMatch(/^date must be a date as yyyy-mm-dd, got "2025 x+…"\.$/);
    expect(long.length).toBeLessThan(160);
    expect(refusal({ ...order, [`\u001b[31m${'y'.repeat(5_000)}`]: 1 }).length).toBeLessThan(700);
  });

  it('stays short when a thousand fields are wrong', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`field_${index}`, index]));
    const lines = Array.from({ length: 200 }, () => ({ item_id: 'x', quantity: 'many' }));
    expect(refusal({ ...order, ...many, line_items: lines }).length).toBeLessThan(3_000);
  });

  it.each([null, [], 'order', 5, true])('of %j says that an object is wanted', (args) => {
    expect(refusal(args)).toMatch(/^The input of create_sales_order must be an object, got /);
  });

  it('is the only other outcome, whatever JSON arrives', () => {
    const published = publishSchema(createSalesOrder.input);
    const text = fc.oneof(fc.string(), fc.constantFrom('customer_id', 'line_items', 'discount', 'notes', '5%'));
    const part = fc.oneof(fc.jsonValue(), fc.dictionary(text, fc.jsonValue()));
    const fields = fc.record(
      { customer_id: part, line_items: part, notes: part, billing_address: part },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fields, fc.jsonValue()), (args) => {
        try {
          parseInput(createSalesOrder.input, decodeArguments(published, args), 'create_sales_order');
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArguments);
          if (!(error instanceof InvalidArguments)) return;
          expect(error.message).not.toMatch(/\p{Cc}/u);
          expect(error.message.length).toBeLessThan(4_000);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
