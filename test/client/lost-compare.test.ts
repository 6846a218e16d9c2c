import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreement, akin, alike, covers, goodsAgree, notShown } from '../../src/client/lost/compare.ts';

const text = fc.string({ minLength: 1, maxLength: 12 });
const key = fc.constantFrom('item_id', 'rate', 'quantity', 'description', 'warehouse_id', 'discount');
const scalar = fc.oneof(text, fc.integer({ min: -1e9, max: 1e9 }), fc.boolean());
const line = fc.dictionary(key, scalar, { minKeys: 1, noNullPrototype: true });
const record = fc.dictionary(
  fc.constantFrom('notes', 'date', 'line_items', 'billing_address'),
  fc.oneof(scalar, fc.array(line, { maxLength: 5 }), line),
  { minKeys: 1, noNullPrototype: true },
);
const figure = fc.integer({ min: -1e9, max: 1e9 }).map((micro) => micro / 1e6);
const goods = fc.array(
  fc.record({
    item_id: fc.constantFrom('1', '2', '3'),
    quantity: fc.integer({ min: 1, max: 1e6 }).map((n) => n / 1e3),
  }),
  { minLength: 1, maxLength: 6 },
);
const keys = { of: 'item_id', quantity: 'quantity' };

describe('agreement of what was given with what is printed', () => {
  it('is there with itself, and nothing contradicts', () => {
    fc.assert(
      fc.property(record, (given) => {
        expect(agreement(given, given)).toBe('yes');
        expect(notShown(given, given)).toEqual([]);
      }),
    );
  });

  it('does not depend on the order of lines, nor on what the API adds to them', () => {
    const shuffled = fc
      .array(line, { maxLength: 5 })
      .chain((lines) => fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })));
    fc.assert(
      fc.property(shuffled, ([given, found]) => {
        const printed = found.map((entry, index) => ({ ...entry, line_item_id: String(index), item_total: 7 }));
        expect(agreement(given, printed)).toBe('yes');
      }),
    );
  });

  it('takes a number for its digits', () => {
    fc.assert(
      fc.property(figure, (value) => {
        expect(agreement(value, value.toFixed(6))).toBe('yes');
        expect(agreement(value, value.toFixed(6).replace(/0+$/, ''))).toBe('yes');
      }),
    );
  });

  it('is never there with another quantity', () => {
    const changed = fc.tuple(goods, fc.nat(), fc.integer({ min: 1, max: 1e9 }), fc.boolean());
    fc.assert(
      fc.property(changed, ([given, at, micro, isText]) => {
        const found = given.map((entry, index) => {
          const quantity = index === at % given.length ? entry.quantity + micro / 1e6 : entry.quantity;
          return { ...entry, quantity: isText ? quantity.toFixed(6) : quantity };
        });
        expect(notShown({ line_items: given }, { line_items: found })).toEqual(['line_items']);
      }),
    );
  });

  it('is never there with a line more or less', () => {
    fc.assert(
      fc.property(goods, (given) => {
        expect(agreement(given, given.slice(1))).toBe('no');
        expect(agreement(given.slice(1), given)).toBe('no');
      }),
    );
  });

  it.each([
    ['460000000017962', '460000000018000', 'no'],
    ['460000000017962', 460000000017962, 'yes'],
    ['007', '7', 'no'],
    ['1e3', '1000', 'no'],
    ['5%', 5, 'yes'],
    [5, '5.00%', 'yes'],
    ['5%', '7%', 'no'],
    ['Lamp', 'lamp', 'no'],
    ['Lamp ', 'Lamp', 'yes'],
    ['one\ntwo', 'one\r\ntwo', 'yes'],
    ['', undefined, 'yes'],
    ['', null, 'yes'],
    ['', 'something', 'no'],
    ['something', '', 'no'],
    ['something', undefined, 'silent'],
    [undefined, 'something', 'silent'],
    [[], undefined, 'yes'],
    [[], [{ label: 'Color', value: 'Red' }], 'no'],
    [[], [{ label: 'Color', value: '' }], 'yes'],
    [
      [{ label: 'Color', value: 'Red' }],
      [
        { label: 'Size', value: '' },
        { label: 'Color', value: 'Red', index: 1 },
      ],
      'yes',
    ],
    [{ city: 'Oakland', fax: '' }, { city: 'Oakland', zip: '94601' }, 'yes'],
    [{ city: 'Oakland' }, { zip: '94601' }, 'silent'],
    [{ city: 'Oakland' }, { city: 'Newark', zip: '94601' }, 'no'],
    [[{ line_item_id: '1' }], [{ line_item_id: '1' }, { line_item_id: '2' }], 'no'],
    [
      [{ item_id: '1' }, { item_id: '1', quantity: 2 }],
      [
        { item_id: '1', quantity: 2 },
        { item_id: '1', quantity: 1 },
      ],
      'yes',
    ],
    [[{ item_id: '1', note: 'x' }], [{ item_id: '1' }], 'silent'],
  ])('of %j with %j: %s', (given, found, says) => {
    expect(agreement(given, found)).toBe(says);
  });

  it('of a name may leave aside what an API cleans', () => {
    expect(agreement('Salt & Co.', 'salt &amp; co', alike)).toBe('no');
    expect(agreement('Salt & Co.', 'salt &amp; co', akin)).toBe('yes');
    expect(agreement('Salt & Co', 'Sale & Co', akin)).toBe('no');
    expect(agreement('***', '---', akin)).toBe('no');
  });
});

describe('agreement of goods', () => {
  it('goes by the sum of each, however the lines are ordered, joined or split', () => {
    fc.assert(
      fc.property(goods, fc.boolean(), (given, joins) => {
        const joined = ['1', '2', '3'].flatMap((item_id) => {
          const own = given.filter((entry) => entry.item_id === item_id);
          const quantity = own.reduce((sum, entry) => sum + entry.quantity, 0);
          return own.length === 0 ? [] : [{ item_id, quantity }];
        });
        const split = given.flatMap((entry) => {
          const half = { ...entry, quantity: entry.quantity / 2 };
          return [half, half];
        });
        expect(goodsAgree(given, joins ? joined : split.reverse(), keys)).toBe('yes');
      }),
    );
  });

  it('is not there with another whole quantity or other goods, and says nothing where none is printed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e3 }), (quantity, more) => {
        const given = [{ item_id: '1', quantity }];
        expect(goodsAgree(given, [{ item_id: '1', quantity: quantity + more }], keys)).toBe('no');
        expect(goodsAgree(given, [{ item_id: '2', quantity }], keys)).toBe('no');
        expect(goodsAgree(given, [{ item_id: '1' }], keys)).toBe('silent');
        expect(goodsAgree(given, undefined, keys)).toBe('silent');
      }),
    );
  });

  it('allows for the parts of a kit, and for rounded fractions', () => {
    const kit = [
      { item_id: '1', quantity: 2 },
      { item_id: '9', quantity: 4 },
    ];
    expect(goodsAgree([{ item_id: '1', quantity: 2 }], kit, keys)).toBe('yes');
    expect(goodsAgree([{ item_id: '1', quantity: 1.2345 }], [{ item_id: '1', quantity: 1.23 }], keys)).toBe('yes');
    expect(goodsAgree([{ item_id: '1', quantity: 1.2345 }], [{ item_id: '1', quantity: 2.2 }], keys)).toBe('no');
  });
});

describe('what is asked for', () => {
  const plain = { customer_id: '1', line_items: [{ item_id: '2', quantity: 1 }] };
  const priced = { customer_id: '1', line_items: [{ item_id: '2', quantity: 3, rate: 9 }], notes: undefined };
  it.each([
    ['the same', plain, plain, true],
    ['more than another', priced, plain, true],
    ['less in a line', plain, priced, false],
    ['less in one of two lines', { ...priced, line_items: [...priced.line_items, ...plain.line_items] }, priced, false],
    ['less beside the lines', plain, { ...plain, notes: 'Friday' }, false],
    ['another thing', { ...plain, date: '2026-11-23' }, { ...plain, notes: 'Friday' }, false],
    ['no lines where another has some', { customer_id: '1' }, plain, false],
  ])('%s: covers the other or not', (_, given, other, does) => {
    expect(covers(given, other)).toBe(does);
  });
});
