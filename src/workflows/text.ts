import { named, withoutUnseen } from '../text.ts';

export { named, plainText, quoted, visible } from '../text.ts';

// Hyphens and dashes that a text takes on where it is set in print, and the minus sign.
const dashes = /[\u2010-\u2015\u2212]/g;

/** For comparing names and SKUs: compatible forms, case, kinds of dashes, white space and what draws nothing do not count. */
export const fold = (text: string): string =>
  // A byte order mark counts as white space, a line break of another kind does not, and both stand in pasted names.
  withoutUnseen(text.normalize('NFKC').replace(/[^\S\ufeff]|\u0085/gu, ' '))
    .replace(dashes, '-')
    .replace(/ +/g, ' ')
    .trim()
    .toLowerCase();

/** `WBH-001 Wireless Headphones`, in a sentence of ours. */
export const itemWords = ({ sku, item }: { readonly sku: string; readonly item: string }): string =>
  `${named(sku, 40)} ${named(item)}`.trim();

/** `1 line`, `2 lines`. */
export const counted = (count: number | string, noun: string): string =>
  `${count} ${noun}${String(count) === '1' ? '' : 's'}`;
