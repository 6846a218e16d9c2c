// Control, format, private, unassigned and lone surrogates, and letters and marks that draw nothing.
const unseen =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]|[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/**
 * Text that other people typed, made safe to show: control, bidirectional and invisible characters out, white space
 * folded to single spaces, cut to `max` characters with an ellipsis. It stays data: what it says is never followed.
 */
export function plainText(value: unknown, max = 120): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const visible = String(value)
    // A byte order mark counts as white space, but it is nothing to see.
    .replace(/[^\S\ufeff]+/gu, ' ')
    .replace(unseen, '')
    .replace(/ +/g, ' ')
    .trim();
  const characters = [...visible];
  return characters.length <= max ? visible : `${characters.slice(0, max - 1).join('')}…`;
}

/** Text as it was typed, without what draws nothing: line breaks stay, as `\n`, and a tab is a space. */
export const visible = (text: string): string =>
  text
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/gu, '\n')
    .replace(/\t/g, ' ')
    .replace(unseen, (character) => (character === '\n' ? character : ''));

/** For comparing names and SKUs: compatible forms, case and white space do not count. */
export const fold = (text: string): string => text.normalize('NFKC').replace(/\s+/gu, ' ').trim().toLowerCase();

/** `1 line`, `2 lines`. */
export const counted = (count: number | string, noun: string): string =>
  `${count} ${noun}${String(count) === '1' ? '' : 's'}`;
