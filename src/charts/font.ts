/** How wide a text is, in pixels at a size, and whether the font has all its letters. */
export interface Font {
  readonly width: (text: string, size: number) => number;
  readonly has: (text: string) => boolean;
}

/**
 * Reads the advance widths of a TrueType font (tables cmap, head, hhea, hmtx). Kerning is left out: it makes a line narrower
 * by a hair, never wider by more. Source of the layout: the OpenType specification 1.9.
 */
export function readFont(bytes: Uint8Array): Font {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, number>();
  for (let at = 12, left = view.getUint16(4); left > 0; at += 16, left -= 1)
    tables.set(String.fromCharCode(...bytes.subarray(at, at + 4)), view.getUint32(at + 8));
  const table = (name: string): number => {
    const at = tables.get(name);
    if (at === undefined) throw new Error(`the font has no table ${name}`);
    return at;
  };
  const perEm = view.getUint16(table('head') + 18);
  const measured = view.getUint16(table('hhea') + 34);
  const glyphOf = glyphsIn(view, table('cmap'));
  const advance = (glyph: number) => view.getUint16(table('hmtx') + 4 * Math.min(glyph, measured - 1));
  return {
    width: (text, size) =>
      ([...text].reduce((sum, letter) => sum + advance(glyphOf(letter.codePointAt(0) ?? 0)), 0) / perEm) * size,
    has: (text) => [...text].every((letter) => glyphOf(letter.codePointAt(0) ?? 0) !== 0),
  };
}

/** Format 4 holds the first 65,536 characters: all scripts this font has letters of. */
function glyphsIn(view: DataView, cmap: number): (code: number) => number {
  const count = view.getUint16(cmap + 2);
  const all = Array.from({ length: count }, (_, index) => cmap + view.getUint32(cmap + 4 + index * 8 + 4));
  const at = all.find((offset) => view.getUint16(offset) === 4);
  if (at === undefined) throw new Error('the font has no map of characters that is read here');
  const segments = view.getUint16(at + 6) / 2;
  const [ends, starts] = [at + 14, at + 16 + segments * 2];
  const [deltas, ranges] = [starts + segments * 2, starts + segments * 4];
  return (code) => {
    for (let index = 0; index < segments; index += 1) {
      if (view.getUint16(ends + index * 2) < code) continue;
      const start = view.getUint16(starts + index * 2);
      if (start > code) return 0;
      const delta = view.getUint16(deltas + index * 2);
      const range = view.getUint16(ranges + index * 2);
      if (range === 0) return (code + delta) & 0xffff;
      const glyph = view.getUint16(ranges + index * 2 + range + (code - start) * 2);
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

/** The text, or its beginning and an ellipsis, in so many pixels. */
export function fitting(font: Font, text: string, size: number, room: number): string {
  if (font.width(text, size) <= room) return text;
  const letters = [...text];
  while (letters.length > 0 && font.width(`${letters.join('').trimEnd()}…`, size) > room) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** Lines of whole words in so many pixels; a word that is longer is cut. */
export function wrapped(font: Font, text: string, size: number, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && font.width(`${last} ${word}`, size) <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(fitting(font, word, size, room));
  }
  return lines;
}
