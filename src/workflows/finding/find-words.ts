import type { Reply } from '../../client/client.ts';
import { counted, quoted } from '../text.ts';
import type { Found } from './find.ts';
import type { Ranked } from './find-rank.ts';
import { isInactive } from './find-settled.ts';

/** What of a term's finds is shown. */
export interface Shown extends Found {
  readonly rows: readonly Ranked[];
  /** All that may be shown, of those read. */
  readonly matches: number;
  /** Left out because nobody asked for inactive ones. */
  readonly hidden: readonly Ranked[];
}

/** `onlyExact` leaves out what comes near where something is called so: the list of a scanner needs no guesses. */
export function shownOf(
  found: Found,
  { most, inactive, onlyExact }: { most: number; inactive: boolean; onlyExact: boolean },
): Shown {
  const wanted = found.ranked.filter((entry) => inactive || !isInactive(entry));
  const exact = wanted.filter((entry) => entry.exact);
  const matches = onlyExact && exact.length > 0 ? exact : wanted;
  const hidden = inactive ? [] : found.ranked.filter(isInactive);
  return { ...found, rows: matches.slice(0, most), matches: matches.length, hidden };
}

/** One term's sentence: what was found, how sure it is, and what was not looked at. */
export function foundWords(shown: Shown, noun: string, inWords: (entry: Ranked) => string): string {
  const { term, rows, matches, hidden, beyond } = shown;
  const [first, second] = rows;
  const asked = quoted(term, 80);
  const guessed = first !== undefined && !first.exact && /spelling|words/.test(first.matched);
  const parts: string[] = [];
  if (!first) parts.push(`No ${noun} matches ${asked}.`);
  else if (!second) parts.push(`${inWords(first)}${first.exact ? '.' : ` (${first.matched}: ${asked}).`}`);
  else if (guessed) parts.push(`No ${noun} is called ${asked}; the nearest is ${inWords(first)}.`);
  else parts.push(`${countWords(shown, noun)} ${asked}; the nearest is ${inWords(first)}.`);
  if (rows.length < matches && !beyond) parts.push(`${rows.length} of ${matches} are listed.`);
  if (beyond) parts.push(beyondWords(shown, noun));
  const [left] = hidden;
  if (left && (!first || left.exact)) {
    const others = hidden.length === 1 ? '' : `, ${hidden.length} in all`;
    parts.push(`Inactive, shown with inactive: ${inWords(left)}${others}.`);
  }
  return parts.join(' ');
}

const countWords = ({ matches, beyond }: Shown, noun: string): string =>
  beyond
    ? `${beyond.of === 'matches' && beyond.total !== undefined ? beyond.total : `More than ${matches}`} ${noun}s match`
    : `${counted(matches, noun)} match`;

function beyondWords({ beyond, rows, matches }: Shown, noun: string): string {
  const total = beyond?.total === undefined ? '' : ` of ${beyond.total}`;
  if (beyond?.of === 'all') return `Spelling was compared with a part of all ${noun}s only.`;
  return `${rows.length} are listed of ${matches} read${total}; a longer term finds fewer.`;
}

/** `{ message, [key]: rows }`, the rows of all terms in the order asked. */
export function answerOf(
  key: string,
  shown: readonly Shown[],
  rowOf: (entry: Ranked, shown: Shown) => Record<string, unknown>,
  words: (shown: Shown) => string,
): Reply {
  const rows = shown.flatMap((one) => one.rows.map((entry) => rowOf(entry, one)));
  const [only] = shown;
  if (only && shown.length === 1) return { message: words(only), [key]: rows };
  const clear = shown.filter((one) => one.rows.length === 1 && one.rows[0]?.exact === true && !one.beyond);
  const unclear = shown.filter((one) => !clear.includes(one));
  const message = [`${clear.length} of ${counted(shown.length, 'term')} found exactly.`, ...unclear.map(words)];
  return { message: message.join(' '), [key]: rows };
}
