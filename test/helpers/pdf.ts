import { inflateSync } from 'node:zlib';

/** What a page shows: its texts with their places, and its filled bars; points from the left and from the top. */
export interface Page {
  readonly texts: readonly { readonly text: string; readonly x: number; readonly y: number }[];
  readonly bars: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[];
}

// Node's own decoder of windows-1252 reads these as Latin-1.
const above7f = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const unhex = (hex: string) =>
  [...Buffer.from(hex, 'hex')]
    .map((byte) => (byte >= 0x80 && byte <= 0x9f ? above7f[byte - 0x80] : String.fromCharCode(byte)))
    .join('');

/** The drawing operators of every page, from a PDF whose pages are one compressed stream each. */
function contents(pdf: Uint8Array): string[] {
  const raw = Buffer.from(pdf).toString('latin1');
  return [...raw.matchAll(/\/Filter \/FlateDecode\s*>>\s*stream\n([\s\S]*?)\nendstream/g)]
    .map(([, stream = '']) => inflateSync(Buffer.from(stream, 'latin1')).toString('latin1'))
    .filter((text) => /\bBT\b/.test(text));
}

function pageOf(operators: string): Page {
  const texts = [...operators.matchAll(/1 0 0 1 ([\d.-]+) ([\d.-]+) Tm[\s\S]*?\[(.*?)\] TJ/g)].map(
    ([, x, y, shown = '']) => ({
      text: [...shown.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => unhex(hex)).join(''),
      x: Number(x),
      y: 792 - Number(y),
    }),
  );
  const bars = [...operators.matchAll(/([\d.-]+) ([\d.-]+) ([\d.-]+) ([\d.-]+) re\b/g)].map(
    ([, x, y, width, height]) => ({
      x: Number(x),
      y: Number(y),
      width: Number(width),
      height: Number(height),
    }),
  );
  return { texts, bars };
}

/** Pages of a PDF as pdfkit writes it: letter size, built-in fonts. */
export const readPages = (pdf: Uint8Array): Page[] => contents(pdf).map(pageOf);

// The table of ISO/IEC 15417: widths of bar, space, bar, space, bar, space of the symbols 0 to 105; the stop has one bar more.
const symbols = (
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 ' +
  '123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 ' +
  '232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 ' +
  '313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 ' +
  '111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 ' +
  '111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 ' +
  '114311 411113 411311 113141 114131 311141 411131 211412 211214 211232'
).split(' ');
const stop = '2331112';

/** Reads bars as a scanner of Code 128 does: symbols, check digit, code sets A, B and C. Throws where they are none. */
export function scan(bars: Page['bars']): string {
  const sorted = [...bars].sort((a, b) => a.x - b.x);
  const module = Math.min(...sorted.map(({ width }) => width));
  const widths = sorted.flatMap(({ x, width }, index) => {
    const next = sorted[index + 1];
    return next ? [width, next.x - x - width] : [width];
  });
  const digits = widths.map((width) => Math.round(width / module)).join('');
  if (!digits.endsWith(stop)) throw new Error(`no stop symbol in ${digits}`);
  const values = (digits.slice(0, -stop.length).match(/.{6}/g) ?? []).map((symbol) => symbols.indexOf(symbol));
  if (values.includes(-1)) throw new Error(`no symbol of Code 128 in ${digits}`);
  const check = values.pop();
  const sum = values.reduce((total, value, index) => total + value * Math.max(index, 1), 0);
  if (check !== sum % 103) throw new Error(`check digit ${check}, not ${sum % 103}`);
  let set = ({ 103: 'A', 104: 'B', 105: 'C' } as Record<number, string>)[values.shift() ?? -1] ?? '';
  let text = '';
  for (const value of values) {
    if (set === 'C' && value < 100) text += String(value).padStart(2, '0');
    else if (value === 99) set = 'C';
    else if (value === 100) set = 'B';
    else if (value === 101) set = 'A';
    else if (set === 'B' || value < 64) text += String.fromCharCode(value + 32);
    else throw new Error(`symbol ${value} in set ${set}`);
  }
  return text;
}
