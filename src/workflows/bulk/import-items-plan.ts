import { InvalidArguments } from '../../errors.ts';
import type { Plan, Raise } from '../define.ts';
import { formatMicro, formatRate, parseMicro, sumOf } from '../numbers.ts';
import { isPriceJump } from '../order-rules.ts';
import { counted, itemWords, named } from '../text.ts';
import type { Catalog } from './import-items-catalog.ts';
import { type Change, type Verdict, valuesAfter } from './import-items-judge.ts';
import type { ImportSteps } from './import-items-run.ts';
import { aboveWords, type Table } from './import-items-table.ts';

type Of<Kind extends Verdict['kind']> = Extract<Verdict, { kind: Kind }>;

const mostOfAKind = 10;
const mostBad = 20;

interface Judged {
  readonly table: Table;
  readonly verdicts: readonly Verdict[];
  readonly catalog: Catalog;
  readonly skipBad: boolean;
}

/** The dry run as a plan. Rows that are bad refuse the whole of it, unless they may be left out. */
export function importPlan({ table, verdicts, catalog, skipBad }: Judged): Plan<ImportSteps> {
  const of = <Kind extends Verdict['kind']>(kind: Kind) => verdicts.filter((one): one is Of<Kind> => one.kind === kind);
  const [creates, updates, bad] = [of('create'), of('update'), of('bad')];
  const counts = {
    rows: verdicts.length,
    create: creates.length,
    update: updates.length,
    same: of('same').length,
    skip: of('skip').length,
    bad: bad.length,
  };
  if (bad.length > 0 && !skipBad) throw badRows(counts, bad);
  const writes = creates.length + updates.length;
  const words = countWords(counts);
  return {
    summary: `Import items: ${words}`,
    preview: [
      `${counted(verdicts.length, 'row')}: ${words}`,
      ...sample('Create', creates, (one) => `${wordsOf(one)}: ${createWords(one.input)}`),
      ...sample('Update', updates, (one) => `${wordsOf(one)}: ${one.changes.map(changeWords).join(', ')}`),
      ...sample('Left out', bad, (one) => `${one.place} ${named(one.sku, 60)}: ${one.why}`.trim(), mostBad),
      ...untouched(table, verdicts),
      ...(writes === 0 ? [] : closing(writes)),
    ],
    facts: counts,
    restsOn: {
      counts,
      updates: updates.map(({ itemId, changes }) => [itemId, ...changes.map(({ field, before }) => [field, before])]),
      vendors: [...new Set(creates.map(({ input }) => input.vendor_id ?? ''))].sort(),
      complete: catalog.complete,
    },
    steps: {
      writes: verdicts.flatMap(writeOf),
      same: counts.same,
      skipped: counts.skip,
      bad: bad.slice(0, mostBad).map(({ place, sku, why }) => ({ place, sku, why })),
      badCount: bad.length,
      skipBad,
    },
    documents: writes,
    raises: [...priceRaise(updates), ...openingRaise(creates), ...identityRaise(updates)],
    amountMinor: 0,
    ...(writes === 0 ? { nothingToDo: true } : {}),
  };
}

type Counts = Readonly<Record<'rows' | 'create' | 'update' | 'same' | 'skip' | 'bad', number>>;

const countWords = ({ create, update, same, skip, bad }: Counts): string =>
  [
    `create ${create}`,
    `update ${update}`,
    `${same} the same`,
    ...(skip > 0 ? [`skip ${skip}`] : []),
    ...(bad > 0 ? [`leave out ${bad} bad`] : []),
  ].join(', ');

function badRows(counts: Counts, bad: readonly Of<'bad'>[]): InvalidArguments {
  const shown = bad.slice(0, mostBad);
  const which = bad.length > shown.length ? `the first ${shown.length} are told here` : 'they are told here';
  const rest = `The others: create ${counts.create}, update ${counts.update}, ${counts.same} the same.`;
  const next = 'Mend them and send all rows again, or send the same with skip_bad true to leave them out.';
  const lines = shown.slice(0, 5).map(({ place, sku, why }) => `${place} ${named(sku, 60)}: ${why}`.trim());
  return new InvalidArguments(
    `${counts.bad} of ${counts.rows} rows are bad (${which}): ${lines.join(' | ')}. ${rest} Nothing was written. ${next}`,
    { nothingSent: true, facts: { ...counts, bad_rows: shown.map(({ place, sku, why }) => ({ place, sku, why })) } },
  );
}

function writeOf(verdict: Verdict): ImportSteps['writes'] {
  const { sku } = verdict;
  if (verdict.kind === 'create') return [{ sku, operation: 'create_item', input: { ...verdict.input } }];
  if (verdict.kind !== 'update') return [];
  const former = Object.fromEntries(verdict.changes.map(({ field, before }) => [field, before]));
  return [
    { sku, operation: 'update_item', input: { item_id: verdict.itemId, ...valuesAfter(verdict.changes) }, former },
  ];
}

function sample<T>(title: string, rows: readonly T[], words: (row: T) => string, most = mostOfAKind): string[] {
  if (rows.length === 0) return [];
  const head = rows.length > most ? `${title} (the first ${most} of ${rows.length}):` : `${title} ${rows.length}:`;
  return [head, ...rows.slice(0, most).map((row) => `- ${words(row)}`)];
}

const wordsOf = ({ sku, name }: Verdict): string => itemWords({ sku, item: name });

const isMoney = (field: string): boolean => field.endsWith('rate');
const valueWords = (field: string, value: string | number): string => {
  if (typeof value === 'string') return named(value, 60) || 'nothing';
  return isMoney(field) ? formatRate(parseMicro(value) ?? 0n) : formatMicro(parseMicro(value) ?? 0n);
};
const changeWords = ({ field, before, after }: Change): string =>
  `${field} ${valueWords(field, before)} -> ${valueWords(field, after)}`;

function createWords(input: Readonly<Record<string, string | number>>): string {
  const told = ['rate', 'purchase_rate', 'reorder_level', 'initial_stock', 'vendor_id'];
  return told
    .flatMap((field) => (input[field] === undefined ? [] : [`${field} ${valueWords(field, input[field])}`]))
    .join(', ');
}

/** Columns that an existing item does not take from a table. */
function untouched(table: Table, verdicts: readonly Verdict[]): string[] {
  const { columns } = table;
  const existing = verdicts.filter(({ kind }) => kind === 'update' || kind === 'same').length;
  return [
    ...aboveWords(table),
    ...(columns.includes('stock_on_hand') ? ['The column stock_on_hand is not read: adjustments change stock.'] : []),
    ...(existing > 0 && columns.includes('initial_stock')
      ? [`Opening stock is given to new items only; that of ${counted(existing, 'existing item')} stays.`]
      : []),
  ];
}

function closing(writes: number): string[] {
  const minutes = Math.ceil(writes / 100);
  const time = writes > 100 ? `, at 100 calls a minute about ${counted(minutes, 'minute')}` : '';
  return [
    `Takes ${counted(writes, 'call')}, one a row${time}. undo_action puts back what is overwritten; new items can be deleted while nothing has moved.`,
  ];
}

function priceRaise(updates: readonly Of<'update'>[]): Raise[] {
  const jumps = updates.flatMap((one) =>
    one.changes
      .filter(
        ({ field, before, after }) => isMoney(field) && isPriceJump(parseMicro(before) ?? 0n, parseMicro(after) ?? 0n),
      )
      .map((change) => `${named(one.sku, 40)} ${changeWords(change)}`),
  );
  return raise('price_change', jumps, (count) => `${counted(count, 'price')} would change by more than 25 %`);
}

function openingRaise(creates: readonly Of<'create'>[]): Raise[] {
  const opened = creates.map(({ input }) => parseMicro(input.initial_stock) ?? 0n).filter((stock) => stock > 0n);
  if (opened.length === 0) return [];
  const units = formatMicro(sumOf(opened));
  return [
    {
      rule: 'opening_stock',
      reason: `Opening stock appears from nowhere: ${counted(units, 'unit')} of ${counted(opened.length, 'new item')}, in the primary warehouse.`,
    },
  ];
}

function identityRaise(updates: readonly Of<'update'>[]): Raise[] {
  const changed = updates.flatMap((one) =>
    one.changes
      .filter(({ field }) => field === 'unit' || field === 'item_type')
      .map((change) => `${named(one.sku, 40)} ${changeWords(change)}`),
  );
  return raise('identity_change', changed, (count) => `What ${counted(count, 'item')} stand for would change`);
}

function raise(rule: string, rows: readonly string[], words: (count: number) => string): Raise[] {
  if (rows.length === 0) return [];
  const more = rows.length > 5 ? ` and ${rows.length - 5} more` : '';
  return [{ rule, reason: `${words(rows.length)}: ${rows.slice(0, 5).join('; ')}${more}.` }];
}
