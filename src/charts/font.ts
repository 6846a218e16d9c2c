import prepared from './font-widths.generated.json' with { type: 'json' };

/** How wide a text is, in pixels at a size, and whether the font has all its letters. */
export interface Font {
  readonly width: (text: string, size: number) => number;
  readonly has: (text: string) => boolean;
}

interface Widths {
  readonly unitsPerEm: number;
  /** Of the box that stands for a letter it lacks. */
  readonly missing: number;
  readonly runs: readonly (readonly [first: number, advances: readonly number[]])[];
}

const widths = prepared as unknown as Widths; // parse boundary: generated, and a tuple is read as a list
const { unitsPerEm, missing } = widths;
const advances = new Map(
  widths.runs.flatMap(([first, run]) => run.map((advance, index) => [first + index, advance] as const)),
);
const codeOf = (letter: string): number => letter.codePointAt(0) ?? 0;

/** Noto Sans, which the charts are drawn in, without kerning. */
export const font: Font = {
  width: (text, size) =>
    ([...text].reduce((sum, letter) => sum + (advances.get(codeOf(letter)) ?? missing), 0) / unitsPerEm) * size,
  has: (text) => [...text].every((letter) => advances.has(codeOf(letter))),
};

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
