import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitting, readFont } from '../../src/charts/font.ts';
import { face, fontBytes, widthOf } from './svg.ts';

const font = readFont(fontBytes);

test('a text is as wide as another reader of the font says', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !/[\u{10000}-\u{10ffff}]/u.test(text)),
      (text) => {
        expect(font.width(text, 13)).toBeCloseTo(widthOf(text, 13), 6);
        expect(font.has(text)).toBe([...text].every((letter) => face.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0)));
      },
    ),
  );
});

test('it has the letters of Latin with umlauts, Greek and Cyrillic, and none of Chinese', () => {
  expect(font.has('Grüße, Ωμέγα, Наушники, Łódź €½²')).toBe(true);
  expect(font.has('耳机')).toBe(false);
});

test('a cut text fits its room and ends with an ellipsis', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 20, max: 300 }), (text, room) => {
      const cut = fitting(font, text, 13, room);
      expect(font.width(cut, 13)).toBeLessThanOrEqual(room);
      expect(cut === text || cut.endsWith('…')).toBe(true);
    }),
  );
});
