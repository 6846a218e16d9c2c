import { summaryLength } from '../../workflows/record-words.ts';
import { counted, named, plainText } from '../../workflows/text.ts';

export * from '../../workflows/record-words.ts';
export { quoted } from '../../workflows/text.ts';

/**
 * One line of at most 160 characters that a model can repeat exactly: typographic quotes, dashes and ellipses are
 * written plainly, because models rewrite them.
 */
export function summaryLine(text: string): string {
  const plain = plainText(text.normalize('NFKC'), 2_000)
    .replace(/[\u2018\u2019\u201a\u2032]/g, "'")
    .replace(/[\u201c\u201d\u201e\u2033]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\u2026/g, '...');
  const characters = [...plain];
  return characters.length <= summaryLength ? plain : `${characters.slice(0, summaryLength - 3).join('')}...`;
}

/** `2 sales orders (SO-00012, SO-00014)`. */
export function namedList(noun: string, names: readonly string[], more: boolean): string {
  const shown = names.slice(0, 5).map((name) => named(name, 30));
  const cut = more || names.length > shown.length ? ', ...' : '';
  return `${more ? `${names.length} or more ${noun}s` : counted(names.length, noun)} (${shown.join(', ')}${cut})`;
}

/** What the API will probably say, from what the reading shows; the API decides when the call runs. */
export const refusal = (why: string): string => `${refusalWords}${why}.`;

const refusalWords = 'Likely to be refused: ';
export const isRefusal = (line: string): boolean => line.startsWith(refusalWords);

export const notUndone = 'This cannot be undone.';
