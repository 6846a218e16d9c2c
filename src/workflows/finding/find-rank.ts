import { distance } from 'fastest-levenshtein';
import { barcodeOf } from '../match.ts';
import { type Row, textIn } from '../rows.ts';
import { fold } from '../text.ts';

/** A field that a record may be found by, the most telling first. */
export interface Field {
  readonly key: string;
  /** What the answer calls it. */
  readonly label: string;
  /** How texts of it compare: `name` also word by word, `code` without its signs, `barcode` and `phone` by their digits. */
  readonly as: 'name' | 'code' | 'barcode' | 'phone' | 'text';
}

export interface Ranked {
  readonly row: Row;
  /** What of the record matched, in words: `SKU`, `part of name`, `near spelling`. */
  readonly matched: string;
  /** The term is the whole of the field. */
  readonly exact: boolean;
  /** Worth showing, too little to act on: only some words, or another code by one sign. */
  readonly isGuess: boolean;
  /** Lower is nearer. */
  readonly distance: number;
}

/** Steps of nearness; what is between two of them orders records within the first. */
const steps = { exact: 0, start: 100, part: 200, words: 300, near: 400, some: 500, elsewhere: 600 } as const;

const mostWords = 8;
const longestWord = 40;
const wordsOf = (folded: string): string[] =>
  (folded.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).slice(0, mostWords).map((word) => word.slice(0, longestWord));

/** Texts as they are compared. */
export interface Texts {
  readonly fold: (text: string) => string;
  readonly words: (text: string) => readonly string[];
}

/** Each text is folded once for as long as a search lasts: every record is compared with every term. */
export function createTexts(): Texts {
  const known = new Map<string, { folded: string; words: readonly string[] }>();
  const read = (text: string) => {
    const kept = known.get(text);
    if (kept) return kept;
    const folded = fold(text);
    const made = { folded, words: wordsOf(folded) };
    known.set(text, made);
    return made;
  };
  return { fold: (text) => read(text).folded, words: (text) => read(text).words };
}

/** Digits of a text that looks like a telephone number; empty for any other. */
export function phoneOf(text: string): string {
  const digits = text.replace(/\D/g, '');
  return /^[\d\s()+./-]*$/.test(text) && digits.length >= 7 && digits.length <= 15 ? digits : '';
}

/** How many typing errors a word of so many letters may hold and still be meant. */
function slipsAllowed(word: string): number {
  // Another figure is another size, length or model.
  if (/\d/.test(word) || word.length <= 3) return 0;
  return word.length <= 5 ? 1 : word.length <= 8 ? 2 : 3;
}

interface Match {
  readonly matched: string;
  readonly isGuess?: true;
  readonly distance: number;
}

function matchField(
  { label, as }: Field,
  value: string,
  term: string,
  { texts, index }: { readonly texts: Texts; readonly index: number },
): Match | undefined {
  const [text, asked] = [texts.fold(value), texts.fold(term)];
  if (text === '' || asked === '') return undefined;
  const same =
    (as === 'barcode' && barcodeOf(term) !== '' && barcodeOf(value) === barcodeOf(term)) ||
    (as === 'phone' && isSamePhone(phoneOf(value), phoneOf(term)));
  if (text === asked || same) return { matched: label, distance: steps.exact + index };
  if (text.startsWith(asked)) return { matched: `start of ${label}`, distance: steps.start + index };
  if (text.includes(asked)) return { matched: `part of ${label}`, distance: steps.part + index };
  return undefined;
}

// One may have been written with the code of its country or area.
const isSamePhone = (a: string, b: string): boolean => a !== '' && b !== '' && (a.endsWith(b) || b.endsWith(a));

/** Word by word, whatever their order: all as they are, all but for typing errors, or most of their letters. */
function matchWords(names: readonly string[], term: string, { words }: Texts): Match | undefined {
  const asked = words(term);
  const own = names.flatMap(words);
  let [letters, met, slips] = [0, 0, 0];
  for (const word of asked) {
    const errors = slipsOf(word, own);
    letters += word.length;
    if (errors === undefined) continue;
    met += word.length;
    slips += errors;
  }
  if (letters === 0 || met === 0) return undefined;
  if (met < letters) {
    return met * 2 < letters
      ? undefined
      : { matched: 'some words', isGuess: true, distance: steps.some + 50 - (50 * met) / letters };
  }
  if (slips === 0) return { matched: 'all words', distance: steps.words };
  return { matched: 'near spelling', distance: steps.near + Math.min(slips, 50) };
}

function slipsOf(word: string, own: readonly string[]): number | undefined {
  // Two letters are in every second word.
  if (own.some((other) => (word.length < 3 ? other === word : other.includes(word)))) return 0;
  // `mugs` names a `mug`; a longer rest would be another word.
  if (
    own.some((other) => other.length >= 3 && word.startsWith(other) && /^\p{L}{1,2}$/u.test(word.slice(other.length)))
  )
    return 0;
  const allowed = slipsAllowed(word);
  // A word that is longer or shorter by more is no slip of it, and need not be compared.
  const alike = allowed === 0 ? [] : own.filter((other) => Math.abs(other.length - word.length) <= allowed);
  const least = Math.min(longestWord, ...alike.map((other) => distance(word, other)));
  return least <= allowed ? least : undefined;
}

/**
 * Codes and names are also compared without what stands between their parts: `wbh001` is nearly `WBH-001`, and one slip makes
 * a code another, where a name may hold more.
 */
function matchSqueezed({ as }: Field, value: string, term: string, { words }: Texts): Match | undefined {
  const [own, asked] = [words(value).join(''), words(term).join('')];
  if (own.length < 4 || asked.length < 4) return undefined;
  const isOther = own.replace(/\D/g, '') !== asked.replace(/\D/g, '');
  const allowed = as === 'code' ? 1 : isOther ? 0 : slipsAllowed(asked.replace(/\d/g, ''));
  if (Math.abs(own.length - asked.length) > allowed) return undefined;
  const slips = distance(own, asked);
  if (slips > allowed) return undefined;
  const match = { matched: 'near spelling', distance: steps.near + slips };
  return as === 'code' && isOther ? { ...match, isGuess: true } : match;
}

interface How {
  readonly fields: readonly Field[];
  readonly id: string;
  readonly found: boolean;
  /** Kept over several terms where there are more. */
  readonly texts?: Texts;
}

function bestMatch(row: Row, term: string, { fields, id, texts }: Required<How>): Match | undefined {
  if (textIn(row, id) === term.trim()) return { matched: 'id', distance: -1 };
  const values = fields.map((field) => ({ field, value: textIn(row, field.key) }));
  const whole = values.flatMap(({ field, value }, index) => matchField(field, value, term, { texts, index }) ?? []);
  if (whole.length > 0) return whole.sort((a, b) => a.distance - b.distance)[0];
  const named = values.filter(({ field }) => field.as === 'name' || field.as === 'code');
  const squeezes = named.flatMap(({ field, value }) => matchSqueezed(field, value, term, texts) ?? []);
  const names = named.map(({ value }) => value);
  const words = matchWords(names, term, texts);
  return [...squeezes, ...(words ? [words] : [])].sort((a, b) => a.distance - b.distance)[0];
}

/**
 * The rows that the term may mean, nearest first, each with what of it matched. What shares only some words is left out where
 * others come nearer. `found` says that the API's own search gave the rows: then one that shows no match is told, last, as
 * one that matched elsewhere in the record, where nothing else was found.
 */
export function ranked(rows: readonly Row[], term: string, how: How): Ranked[] {
  const { fields, id, found, texts = createTexts() } = how;
  const name = fields.find(({ as }) => as === 'name')?.key ?? id;
  const unseen: Match | undefined = found
    ? { matched: 'elsewhere in the record', isGuess: true, distance: steps.elsewhere }
    : undefined;
  const all = rows.flatMap((row) => {
    const match = bestMatch(row, term, { fields, id, found, texts }) ?? unseen;
    return match ? [{ row, exact: match.distance < steps.start, isGuess: false, ...match }] : [];
  });
  const nearest = Math.min(Number.POSITIVE_INFINITY, ...all.map((entry) => entry.distance));
  const limit =
    nearest < steps.some ? steps.some : nearest < steps.elsewhere ? steps.elsewhere : Number.POSITIVE_INFINITY;
  return all
    .filter((entry) => entry.distance < limit)
    .sort((a, b) => a.distance - b.distance || compare(textIn(a.row, name), textIn(b.row, name)));
}

// Not by locale: the same catalog has one order on every host.
const compare = (a: string, b: string): number => (fold(a) < fold(b) ? -1 : fold(a) > fold(b) ? 1 : 0);
