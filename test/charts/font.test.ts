import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asMeasured } from '../../src/charts/draw.ts';
import { fitting, font } from '../../src/charts/font.ts';
import { fontBytes } from './svg.ts';

const wasm = initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));

/** From the left edge of an upright letter before the text to that of one after it, as drawn. */
function drawnWidth(text: string, size: number): number {
  const between = (inside: string) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" style="${asMeasured}" width="12000" height="400"><text x="50" y="300" font-size="${size}" font-family="Noto Sans">H${inside}H</text></svg>`;
    const drawn = new Resvg(svg, { font: { fontBuffers: [fontBytes], defaultFontFamily: 'Noto Sans' } });
    return drawn.getBBox()?.width ?? 0;
  };
  return between(text) - between('');
}

test('a text is drawn as wide as it was measured', async () => {
  await wasm;
  const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ÄÖÜßéøŁžΩμέΔЖдщ€½²·-_()/.,;:+'];
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 40 }), (text) => {
      const [measured, drawn] = [font.width(text, 200), drawnWidth(text, 200)];
      expect(Math.abs(drawn - measured)).toBeLessThan(0.1);
    }),
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
