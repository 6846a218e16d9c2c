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
import type { Around, Reversing } from './reverse.ts';
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

/** Items go back to what the plan says of before; one that somebody changed since stays. */
export async function reverseRows(
  run: KeptRun,
  steps: readonly Step[],
  { api, context }: Around,
): Promise<Reversing[]> {
  const writes = writesOf(run);
  const done = writes.filter(({ former }, index) => former && isUpdate(steps[index])).reverse();
  if (done.length === 0) return [];
  const keys = [...new Set(done.flatMap(({ former = {} }) => Object.keys(former)))];
  const rows = new Map<string, { readonly row: Row; readonly page?: number }>();
  if (done.length <= mostSingle)
    for (const { input } of done) {
      const item_id = textIn(input, 'item_id');
      const reply = await api.call('get_item', { item_id }).catch((error: unknown): Row => {
        if (error instanceof NotFound) return {};
        throw error;
      });
      if (isRow(reply.item)) rows.set(item_id, { row: reply.item });
    }
  else {
    const all = await readPages(api, 'list_items', 'items', listed, ['item_id', ...keys], context);
    for (const [index, row] of all.rows.entries())
      rows.set(textIn(row, 'item_id'), { row, page: Math.floor(index / pageSize) + 1 });
  }
  const found = done.map((one) => {
    const { row, page } = rows.get(textIn(one.input, 'item_id')) ?? {};
    return { back: rowBack(one, row, page), page: page ?? 0 };
  });
  // On which page a row stands is nothing that the preview rests on: others come and go.
  const restsOn = found.map(({ back }) => back.restsOn);
  // In the order of the list, so that each page is read again once.
  found.sort((a, b) => a.page - b.page);
  return found.map(({ back }, index) => ({ ...back, restsOn: index === 0 ? restsOn : null }));
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
