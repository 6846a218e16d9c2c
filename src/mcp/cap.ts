import type { Reply } from '../client/client.ts';

/** Clients cut or refuse replies over 25,000 tokens (read 2026-11-23); some of them read the text, some the structured content. */
const mostTokens = 24_000;
/** What is said of the cuts needs room too. */
const roomForNotes = 300;

const runs = /[A-Z]?[a-z]+|[A-Z]+|\d+|\P{ASCII}+|[!-/:-@[-`{-~]+/gu;

/**
 * About how many tokens a text takes, rather too many than too few: against o200k_base 1.0 to 2.2 times the count, for replies
 * of the API 1.2, for a list of random upper-case codes 1.0. A tokenizer would be exact, and larger than this whole server.
 */
function tokensAbout(text: string): number {
  let tokens = 0;
  for (const [run] of text.matchAll(runs)) {
    const first = run.charCodeAt(0);
    if (first > 0x7f) tokens += run.length * 0.8;
    else if (/^[A-Z]*$/.test(run)) tokens += Math.ceil(run.length / 1.5);
    else if (/[a-z]$/.test(run)) tokens += Math.ceil(run.length / 5);
    else tokens += Math.ceil(run.length / 3);
  }
  return tokens;
}

const sizeOf = (value: unknown): number => tokensAbout(JSON.stringify(value) ?? '');

type Container = Record<string, unknown>;
const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A preview is what somebody says yes to: it is whole or it is not shown. */
const isWhole = (path: string): boolean => path === 'preview' || path === 'typed_by_others';

interface List {
  readonly path: string;
  readonly within: Container;
  readonly key: string;
  readonly rows: readonly unknown[];
  readonly size: number;
}

/** Every list of more than one row, those inside of records too, but not those inside of rows. */
function listsIn(within: Container, path = ''): List[] {
  return Object.entries(within).flatMap(([key, value]) => {
    const where = path === '' ? key : `${path}.${key}`;
    if (isContainer(value)) return listsIn(value, where);
    if (!Array.isArray(value) || value.length < 2 || isWhole(where)) return [];
    return [{ path: where, within, key, rows: value, size: sizeOf(value) }];
  });
}

/** The leading rows that fit: one at least, and never all. */
function fitting(rows: readonly unknown[], room: number): unknown[] {
  let left = room;
  const until = rows.findIndex((row) => {
    left -= sizeOf(row) + 1;
    return left < 0;
  });
  return rows.slice(0, Math.max(1, until < 0 ? rows.length - 1 : until));
}

/**
 * The facts cut to what one answer may hold, in place: the plan that a preview tells already, then what of long texts
 * is more than their share, then the ends of the longest lists, and of texts again. `cut_short` counts what was left out and says how to see it.
 */
export function capFacts(facts: Reply): void {
  // No token is shorter than a character: most answers are known to fit at once.
  if (JSON.stringify(facts).length <= mostTokens || sizeOf(facts) <= mostTokens) return;
  const cuts: string[] = [];
  if (facts.preview !== undefined && facts.plan !== undefined) {
    delete facts.plan;
    cuts.push('plan: left out, the preview says the same.');
  }
  // Before the lists: one endless note must not push the other rows out of the answer.
  cutToShare(facts, cuts);
  const isPaged = facts.page_context !== undefined;
  for (
    let over = sizeOf(facts) - mostTokens + roomForNotes;
    over > 0;
    over = sizeOf(facts) - mostTokens + roomForNotes
  ) {
    const [longest] = listsIn(facts).sort((a, b) => b.size - a.size);
    if (!longest) break;
    const shown = fitting(longest.rows, longest.size - over);
    longest.within[longest.key] = shown;
    const next = isPaged ? ` Ask with per_page ${shown.length} or less, or name the fields you need.` : '';
    cuts.push(`${longest.path}: ${shown.length} of ${longest.rows.length} rows fit in one answer.${next}`);
  }
  cutLongest(facts, cuts);
  if (cuts.length > 0) facts.cut_short = cuts;
}

interface Text {
  readonly text: string;
  readonly cutTo: (length: number) => string;
}

function textsIn(within: unknown, path = ''): Text[] {
  if (typeof within !== 'object' || within === null || isWhole(path)) return [];
  return Object.entries(within).flatMap(([key, value]) => {
    const where = Array.isArray(within) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    if (typeof value !== 'string') return textsIn(value, where);
    const cutTo = (length: number): string => {
      // Half of a character that is stored as two would be left at the end.
      const kept = value.slice(0, length).replace(/[\ud800-\udbff]$/, '');
      Reflect.set(within, key, `${kept}…`);
      return `${where}: the first ${kept.length} of ${value.length} characters.`;
    };
    return [{ text: value, cutTo }];
  });
}

/** No note or name is worth more than this in an answer that is too long. */
const shortestCut = 500;
const longText = 2_000;
/** About what fits, in characters. */
const roomForTexts = 48_000;

/** Long texts share the room among them. */
function cutToShare(facts: Reply, cuts: string[]): void {
  const long = textsIn(facts).filter(({ text }) => text.length > longText);
  const share = Math.max(longText, Math.floor(roomForTexts / long.length));
  const told = long.filter(({ text }) => text.length > share).map(({ cutTo }) => cutTo(share));
  cuts.push(...told.slice(0, 3));
  if (told.length > 3) cuts.push(`and ${told.length - 3} more texts of more than ${share} characters.`);
}

/** What lists could not give: the longest texts, one after the other. */
function cutLongest(facts: Reply, cuts: string[]): void {
  for (const { text, cutTo } of textsIn(facts).sort((a, b) => b.text.length - a.text.length)) {
    const over = sizeOf(facts) - mostTokens + roomForNotes;
    if (over <= 0 || text.length <= shortestCut) return;
    cuts.push(cutTo(Math.max(shortestCut, Math.floor(text.length * (1 - over / sizeOf(text))))));
  }
}
