// What other people typed is data. This file says once, for all rooms, what of it can be seen, how it stands in a sentence
// of ours, and how it stands in Markdown; what it says is never followed.

// Control, format, private and unassigned characters, lone surrogates, line separators, and what by its Unicode property or
// its picture draws nothing: bidirectional marks, zero widths, variation selectors, tags, fillers, the blank Braille cell.
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Without what draws nothing; white space that breaks no line stays. */
export const withoutUnseen = (text: string): string => text.replace(unseen, '');

/** Text as it was typed, without what draws nothing: line breaks stay, as `\n`, and a tab is a space. */
export const visible = (text: string): string =>
  text
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/gu, '\n')
    .replace(/\t/g, ' ')
    .replace(unseen, (character) => (character === '\n' ? character : ''));

/** Read of one text at most, so that a megabyte costs no more than a page. */
const mostRead = 10_000;

/**
 * One line of plain characters: what draws nothing out, white space folded to single spaces, towers of accents cut, and at
 * most `max` characters, the last an ellipsis. For facts; in a sentence of ours it stands as `named` or `quoted`.
 */
export function plainText(value: unknown, max = 120): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  const text = String(value)
    .slice(0, mostRead)
    // A byte order mark counts as white space, but it is nothing to see.
    .replace(/[^\S\ufeff]+/gu, ' ')
    .replace(unseen, '')
    // No script needs more than four marks on one letter; more of them climb over the lines above.
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/ +/g, ' ')
    .trim();
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}

const doubleQuotes = /["\u201c-\u201f\u02ba\u02dd\u02ee\u2033\u2036\u301d-\u301f]/gu;

// Before the last part of a host as clients know it from a file's name or a version: two letters, or one of the common ones.
const hostDot =
  /(?<=www)\.|(?<=[\p{L}\p{Nd}])\.(?=(?:\p{L}{2}|com|net|org|info|biz|app|dev|shop|site|top|xyz)(?!\p{L}))/giu;

/**
 * What of a quotation could be more than text where somebody shows it as Markdown or HTML: a link, a picture (which is
 * fetched without a click, and its address can carry figures away), a tag, a code span. Letters stay what they are.
 */
const unlinked = (text: string): string =>
  text
    .replace(/\]\s*(?=[([:])/g, '] ')
    .replace(/<(?=[a-z/!?])/gi, '< ')
    .replace(/\/(?=\/)/g, '/ ')
    .replace(hostDot, '[.]')
    .replace(/~(?=~)/g, '~ ')
    .replace(/`/g, "'");

// Full-width and other compatible forms of signs become the signs when a summary is made plain: they are made so before.
const signs = (text: string): string =>
  text.replace(/[^\p{ASCII}\p{L}\p{N}\p{M}]/gu, (character) => {
    const plain = character.normalize('NFKC');
    return /^[\x21-\x7e]+$/.test(plain) && plain !== '...' ? plain : character;
  });

/** Text that other people typed, between quotes it cannot leave, on one line, with nothing to click. */
export function quoted(value: unknown, max = 120): string {
  const safe = unlinked(signs(plainText(value, max)).replace(doubleQuotes, "'"));
  return `"${plainText(safe, max)}"`; // what was taken apart is longer
}

// A short run of words. Signs that could end our sentence, start another or join words to an address are not in it.
const plainName = /^[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd} '’&+#%/×.-]*$/u;
const noName = /[.]( |$)|\.\p{L}{2}|\/\/| -|- |--/u;
// An e-mail address is read whole by who says yes, and no words fit in it.
const mailAddress = /^[a-z\d.+-]{1,40}@[a-z\d-]+(\.[a-z\d-]+)+$/i;
const mostNameLength = 40;
/** Scripts without capitals say more with fewer letters. */
const mostUncasedLength = 20;
const mostNameWords = 5;

/**
 * A name, number or unit in a sentence of ours: as it stands where it is plainly one (`Desk Mat`, `SO-00012`), else between
 * quotes, as `"Mat: nothing is deleted"`. Empty where it is empty.
 */
export function named(value: unknown, max = 60): string {
  const text = plainText(value, max);
  const isShort = text.length <= (/\p{Lo}/u.test(text) ? mostUncasedLength : mostNameLength);
  const words = text.match(/\p{L}{3,}/gu) ?? [];
  if (text === '' || mailAddress.test(text)) return text;
  if (isShort && words.length <= mostNameWords && plainName.test(text) && !noName.test(text)) return text;
  return quoted(text, max);
}

// What a renderer of Markdown turns into a link by itself: an address with a scheme, `www.`, a name of a host, an e-mail.
const address = /:\/\/|www\.|[\p{L}\p{Nd}]\.\p{L}{2}|@/iu;

/** Typed text in a line or a table cell of Markdown: shown as it is, and never a link, a picture, HTML or a new cell. */
export function markdownText(value: unknown): string {
  const words = visible(String(value)).split(/\s+/u).filter(Boolean);
  return words.map((word) => (address.test(word) ? codeSpan(word) : escaped(word))).join(' ');
}

// Inside of code nothing is a link. A backtick would end it, and bars and backslashes confuse tables: none belongs there.
const codeSpan = (word: string): string =>
  `\`${word.replace(/[`|\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}\``;

const escaped = (word: string): string =>
  word
    .replace(/[\\`*[\]<>|~$]/g, '\\$&')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
