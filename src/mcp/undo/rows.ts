import * as z from 'zod';
import { NotFound } from '../../errors.ts';
import type { KeptRun } from '../../state/state.ts';
import { readPages } from '../../workflows/bulk/catalog-pages.ts';
import { inWords, sameValue } from '../../workflows/changes.ts';
import type { Plan } from '../../workflows/define.ts';
import { microToNumber, parseMicro } from '../../workflows/numbers.ts';
import { isRow, pageSize, type Row, textIn } from '../../workflows/rows.ts';
import { itemWords } from '../../workflows/text.ts';
import { operationNamed } from '../actions.ts';
import type { Step } from '../journal.ts';
import { changedSince, fieldsOf, listed } from './anew.ts';
import { type Touched, touchedName } from './done.ts';
import { type Around, type Reversing, reverseEach } from './reverse.ts';
import { isUpdate } from './updates.ts';

const row = z.record(z.string(), z.unknown());
const write = z.looseObject({ sku: z.string(), name: z.string().optional(), input: row, former: row.optional() });
/** One item that a job created or changed; `former` stands where it was changed. */
type Write = z.infer<typeof write>;

const imported = z.object({ writes: z.array(write) });
const priced = z.object({
  field: z.enum(['rate', 'purchase_rate']),
  changes: z.array(
    z.object({ item_id: z.string(), sku: z.string(), name: z.string(), before: z.string(), after: z.string() }),
  ),
});

const numberIn = (price: string): number => microToNumber(parseMicro(price) ?? 0n);

/** How the plans of jobs that change many items tell of them, a write each in their order. */
const writesIn: Readonly<Record<string, (steps: unknown) => Write[]>> = {
  import_items: (steps) => imported.parse(steps).writes,
  update_prices: (steps) => {
    const { field, changes } = priced.parse(steps);
    return changes.map(({ item_id, sku, name, before, after }) => ({
      ...{ sku, name, input: { item_id, [field]: numberIn(after) }, former: { [field]: numberIn(before) } },
    }));
  },
};

/** Whether the plan of this tool keeps what stood in each item before. */
export const keepsRows = (tool: string): boolean => writesIn[tool] !== undefined;

const writesOf = ({ tool, plan }: KeptRun): Write[] => writesIn[tool]?.((plan as Plan).steps) ?? []; // parse boundary: our own row, written when the run began

/** Items are read one by one up to here; beyond, pages of the list are fewer calls. */
const mostSingle = 5;

interface At {
  readonly row: Row;
  /** Of the list. */
  readonly page?: number;
}

/** Items that were changed go back to what the plan says of before, one that somebody changed since stays; new ones go. */
export async function reverseRows(
  run: KeptRun,
  steps: readonly Step[],
  created: readonly Touched[],
  around: Around,
): Promise<Reversing[]> {
  const done = writesOf(run)
    .filter(({ former }, index) => former && isUpdate(steps[index]))
    .reverse();
  const [isListed, isMany] = [done.length > mostSingle, created.length > mostSingle];
  const keys = [...new Set(done.flatMap(({ former = {} }) => Object.keys(former)))];
  const listing =
    isListed || isMany ? await listedRows(around, ['item_id', 'name', 'sku', ...keys, ...goneKeys]) : undefined;
  const rows = isListed && listing ? listing : await singleRows(done, around);
  const found = done.map((one) => {
    const { row, page } = rows.get(textIn(one.input, 'item_id')) ?? {};
    return { back: rowBack(one, row, page), page: page ?? 0 };
  });
  // On which page a row stands is nothing that the preview rests on: others come and go.
  const restsOn = found.map(({ back }) => back.restsOn);
  // In the order of the list, so that each page is read again once.
  found.sort((a, b) => a.page - b.page);
  const backs = found.map(({ back }, index) => ({ ...back, restsOn: index === 0 ? restsOn : null }));
  if (!isMany || !listing) return [...backs, ...(await reverseEach(created, around))];
  return [...backs, ...created.map((one) => rowGone(one, listing.get(one.id)?.row))];
}

async function listedRows({ api, context }: Around, keys: readonly string[]): Promise<Map<string, At>> {
  const all = await readPages(api, 'list_items', 'items', listed, keys, context);
  return new Map(
    all.rows.map((row, index) => [textIn(row, 'item_id'), { row, page: Math.floor(index / pageSize) + 1 }]),
  );
}

async function singleRows(done: readonly Write[], { api }: Around): Promise<Map<string, At>> {
  const rows = new Map<string, At>();
  for (const { input } of done) {
    const item_id = textIn(input, 'item_id');
    const reply = await api.call('get_item', { item_id }).catch((error: unknown): Row => {
      if (error instanceof NotFound) return {};
      throw error;
    });
    if (isRow(reply.item)) rows.set(item_id, { row: reply.item });
  }
  return rows;
}

const goneKeys = ['stock_on_hand', 'committed_stock', 'quantity_ordered'];

/** One of many new items: by its row in the list, as a reading of each would use up the call limit before the yes. */
function rowGone(touched: Touched, now: Row | undefined): Reversing {
  const label = itemWords({ sku: textIn(now ?? {}, 'sku'), item: textIn(now ?? {}, 'name') });
  const name = now && label !== '' ? label : touchedName(touched);
  const figures = goneKeys.map((key) => textIn(now ?? {}, key) || '0');
  const base = { writes: [], lines: [], restsOn: [touched.id, now ? figures : 'gone'] };
  if (!now) return { ...base, already: `${name} does not exist any more.` };
  if (figures.some((figure) => parseMicro(figure) !== 0n))
    return { ...base, stays: `${name} has stock or orders; deactivate_item takes it out of use` };
  const write = { operation: 'delete_item', input: { item_id: touched.id }, title: `deleting ${name}`, mayStay: true };
  return { ...base, writes: [write], lines: [`Delete item ${name}; refused if it was ever moved or ordered`] };
}

function rowBack({ sku, name = '', input, former = {} }: Write, now: Row | undefined, page?: number): Reversing {
  const words = itemWords({ sku, item: name });
  const base = {
    writes: [],
    lines: [],
    restsOn: [input.item_id, Object.keys(former).map((key) => now?.[key] ?? null)],
  };
  if (!now) return { ...base, already: `${words} does not exist any more.` };
  const update = operationNamed('update_item').input;
  const stays: string[] = [];
  const back: Record<string, unknown> = {};
  for (const [key, was] of Object.entries(former)) {
    if (sameValue(now[key], was)) continue;
    if (!sameValue(now[key], input[key])) stays.push(changedSince(key, words, now[key]));
    else if (!update[key]?.safeParse(was).success) stays.push(`${key} of ${words} takes its former value no more`);
    else back[key] = was;
  }
  const changed = Object.keys(back);
  const why = stays.length > 0 ? { stays: stays.join('; ') } : {};
  if (changed.length === 0)
    return { ...base, ...why, ...(stays.length === 0 ? { already: `${words} is as it was before already.` } : {}) };
  const left = fieldsOf(operationNamed('update_item'), changed, now);
  const write = {
    operation: 'update_item',
    input: { item_id: input.item_id, ...back },
    title: `putting ${words} back`,
  };
  return {
    ...base,
    ...why,
    writes: [{ ...write, check: { name: words, left, ...(page === undefined ? {} : { page }) } }],
    lines: changed.map((key) => `${words}: ${key} ${inWords(now[key], key, '')} -> ${inWords(back[key], key, '')}`),
  };
}
