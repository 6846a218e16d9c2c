import { type Row, textIn } from './rows.ts';
import { fold, named, plainText, quoted } from './text.ts';

/** A record a person may have meant. */
export type Candidate = Readonly<Record<string, string>>;

/** Why a name could not be acted on, with at most 5 records that come near. */
export interface Problem {
  readonly asked: string;
  readonly reason: 'ambiguous' | 'not found' | 'inactive';
  readonly message: string;
  readonly candidates: readonly Candidate[];
}

export const mostCandidates = 5;

export const isDigits = (text: string): boolean => /^\d{1,19}$/.test(text);

const isActive = (row: Row): boolean => textIn(row, 'status') !== 'inactive';

/** Which fields of a record name it: the id, the names that must match whole. */
export interface Naming {
  readonly noun: string;
  readonly id: string;
  readonly names: readonly string[];
  /** Codes that name a record where nothing is called so; they need not be unique, and several bearers are ambiguous. */
  readonly codes?: { readonly barcodes: readonly string[]; readonly others: readonly string[] };
  /** Fields shown with a candidate. */
  readonly shown: readonly string[];
}

export const itemNaming: Naming = {
  noun: 'item',
  id: 'item_id',
  names: ['sku', 'name'],
  codes: { barcodes: ['upc', 'ean', 'isbn'], others: ['part_number'] },
  shown: ['item_id', 'name', 'sku', 'status'],
};

/** Only what tells it from the others: a status that is not active, and no name twice. */
export function candidateOf(row: Row, naming: Naming): Candidate {
  const shown = naming.shown.map((key) => [key, plainText(row[key], 80)] as const);
  const told = (key: string, value: string, index: number): boolean =>
    value !== '' &&
    !(key === 'status' && value === 'active') &&
    shown.findIndex(([, earlier]) => earlier === value) === index;
  return Object.fromEntries(shown.filter(([key, value], index) => told(key, value, index)));
}

/**
 * Rows whose id or one of whose names is the term, else those that bear it as a code; each record once. A code never
 * takes a name away from the record that is called so: part numbers are often the SKU of another item.
 */
export function exactMatches(rows: readonly Row[], term: string, naming: Naming): Row[] {
  const folded = fold(term);
  const isNamed = (row: Row): boolean =>
    textIn(row, naming.id) === term.trim() ||
    naming.names.some((key) => fold(textIn(row, key)) === folded && folded !== '');
  const named = rows.filter(isNamed);
  const found = named.length > 0 ? named : rows.filter((row) => bearsCode(row, term, naming));
  return [...new Map(found.map((row) => [textIn(row, naming.id), row])).values()];
}

function bearsCode(row: Row, term: string, { codes }: Naming): boolean {
  const folded = fold(term);
  const barcode = barcodeOf(term);
  return (
    (barcode !== '' && (codes?.barcodes ?? []).some((key) => barcodeOf(textIn(row, key)) === barcode)) ||
    (folded !== '' && (codes?.others ?? []).some((key) => fold(textIn(row, key)) === folded))
  );
}

/**
 * A barcode as digits only, or an empty text for what is none. Scanners send 12 digits as 13 or 14 with zeros before them,
 * and books print their hyphens.
 */
export function barcodeOf(text: string): string {
  const digits = fold(text).replace(/[\s-]/g, '');
  return /^\d{7,17}[\dx]$/.test(digits) ? digits.replace(/^0+/, '') : '';
}

/** Whether the last digit of 8, 12, 13 or 14 is the check digit of a barcode: such a text is hardly an id. */
export function isBarcode(text: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return false;
  const weighed = [...text].reverse().map((digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 3));
  return weighed.reduce((sum, value) => sum + value, 0) % 10 === 0;
}

/** The rows that come nearest to the term by the words they share, best first. */
export function nearest(rows: readonly Row[], term: string, naming: Naming): Row[] {
  const words = fold(term).split(' ');
  const score = (row: Row): number => {
    const names = fold(naming.names.map((key) => textIn(row, key)).join(' '));
    return words.reduce((sum, word) => {
      if (names.includes(word)) return sum + 2;
      return word.length >= 4 && names.includes(word.slice(0, 4)) ? sum + 1 : sum;
    }, 0);
  };
  const scored = rows.map((row) => ({ row, points: score(row) }));
  const best = Math.max(0, ...scored.map(({ points }) => points));
  // Where a row shares all of the words, one that shares half of them only distracts.
  return scored
    .filter(({ points }) => points * 2 > best)
    .sort((a, b) => b.points - a.points)
    .map(({ row }) => row);
}

/**
 * The one record the term names, or why there is none. Among several of one name the only active one is meant, then
 * the only one spelt exactly like the term. `forWrite` refuses inactive records.
 */
export function decide(
  rows: readonly Row[],
  term: string,
  naming: Naming,
  options: { forWrite: boolean; near?: readonly Row[] },
): { row: Row } | { problem: Problem } {
  const all = exactMatches(rows, term, naming);
  const active = all.filter(isActive);
  const preferred = active.length > 0 ? active : all;
  const spelt = preferred.filter((row) => [naming.id, ...naming.names].some((key) => textIn(row, key) === term.trim()));
  const found = preferred.length > 1 && spelt.length === 1 ? spelt : preferred;
  const [only] = found;
  if (only && found.length === 1) {
    if (!options.forWrite || isActive(only)) return { row: only };
    const candidates = [candidateOf(only, naming)];
    return { problem: problemOf(term, 'inactive', naming, candidates) };
  }
  const several = found.length > 1;
  const near = several ? found : (options.near ?? nearest(rows, term, naming));
  const candidates = near.slice(0, mostCandidates).map((row) => candidateOf(row, naming));
  return { problem: problemOf(term, several ? 'ambiguous' : 'not found', naming, candidates) };
}

function problemOf(
  asked: string,
  reason: Problem['reason'],
  naming: Naming,
  candidates: readonly Candidate[],
): Problem {
  const term = quoted(asked, 80);
  const list = candidates.map((candidate) => wordsOf(candidate, naming)).join('; ');
  // The sentence says that it is inactive.
  const shown = candidates.map(({ status: _, ...candidate }) => wordsOf(candidate, naming)).join('; ');
  const message = {
    ambiguous: `Several ${naming.noun}s are called ${term}: ${list}. Say which by its ${naming.id}.`,
    inactive: `The ${naming.noun} ${shown || term} is inactive and cannot be used. Activate it or choose another.`,
    'not found':
      list === ''
        ? `No ${naming.noun} is called ${term}.`
        : `No ${naming.noun} is called exactly ${term}. Near: ${list}. Use the full name or the ${naming.id}.`,
  }[reason];
  return { asked: plainText(asked), reason, message, candidates };
}

function wordsOf(candidate: Candidate, naming: Naming): string {
  const names = naming.names
    .map((key) => candidate[key])
    .flatMap((name) => (name === undefined ? [] : [named(name, 80)]));
  const status = candidate.status === 'inactive' ? ', inactive' : '';
  return `${[...new Set(names)].join(' ')} (${candidate[naming.id] ?? ''}${status})`;
}
