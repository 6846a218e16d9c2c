import * as z from 'zod';
import type { Reply } from '../../client/client.ts';
import { Rejected } from '../../errors.ts';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { createSteps, type Told } from '../partly-done.ts';
import { isRow, parseBy, rowIn, textIn } from '../rows.ts';
import { counted, named } from '../text.ts';

interface Write {
  readonly sku: string;
  readonly operation: 'create_item' | 'update_item';
  /** The very input of the operation. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Of an update: what stood in the fields it changes, for an undo. */
  readonly former?: Readonly<Record<string, unknown>>;
}
// Looked at and not copied: there may be thousands.
const write = z.custom<Write>(
  (value) =>
    isRow(value) &&
    typeof value.sku === 'string' &&
    (value.operation === 'create_item' || value.operation === 'update_item') &&
    isRow(value.input),
  'must be a write of an item',
);
const notWritten = z.object({ place: z.string(), sku: z.string(), why: z.string() });
const steps = z.object({
  writes: z.array(write),
  same: z.number(),
  skipped: z.number(),
  /** The first of them; `badCount` are all. */
  bad: z.array(notWritten),
  badCount: z.number(),
  /** What the API refuses is left out too, and the rest goes on. */
  skipBad: z.boolean(),
});
export type ImportSteps = z.infer<typeof steps>;

/** Rows of a list in an answer. */
const mostShown = 50;

/** One write a row, in the table's order. Of each reply only what is told is kept: thousands whole would not fit. */
export async function runImport(given: Api, plan: Plan, context: WorkflowContext) {
  const { writes, same, skipped, bad, badCount, skipBad } = parseBy(steps, plan.steps);
  const api = bindApi(given, context);
  const titles = writes.map(titleOf);
  const step = createSteps({
    titles,
    goOn: () => 'To go on with import_items itself, send the same rows again: what is done counts as the same.',
    progress: every(writes.length, context.progress),
  });
  const done: { item_id: string; sku: string }[] = [];
  const refused: { sku: string; why: string }[] = [];
  const counts = { create_item: 0, update_item: 0 };
  for (const [index, one] of writes.entries()) {
    const reply = await step({
      title: titles[index] ?? '',
      write: () => written(api, one, skipBad),
      told: (answer) => toldOf(one, answer),
      look: 'Look with list_items, by its sku, whether it is there.',
    });
    if (typeof reply.refused === 'string') refused.push({ sku: one.sku, why: reply.refused });
    else {
      counts[one.operation] += 1;
      if (done.length < mostShown) done.push({ item_id: textIn(reply, 'item_id'), sku: one.sku });
    }
  }
  const wrote = counts.create_item + counts.update_item;
  const left = badCount + refused.length;
  return {
    message:
      wrote + left === 0
        ? `Nothing to import: ${counted(same, 'item')} ${same === 1 ? 'is' : 'are'} as the table says${skipped > 0 ? `, ${skipped} skipped` : ''}.`
        : `${counted(counts.create_item, 'item')} created, ${counts.update_item} updated, ${same} as before${skipped > 0 ? `, ${skipped} skipped` : ''}${left > 0 ? `; ${left} left out` : ''}.`,
    created: counts.create_item,
    updated: counts.update_item,
    same,
    ...(skipped > 0 ? { skipped } : {}),
    ...(done.length > 0 ? { items: done } : {}),
    ...(wrote > done.length ? { items_shown: `${done.length} of ${wrote}; export_items lists all` } : {}),
    ...(left > 0 ? { left_out_count: left, left_out: [...refused, ...bad].slice(0, mostShown) } : {}),
  };
}

const titleOf = ({ sku, operation }: Write): string =>
  `${operation === 'create_item' ? 'creating' : 'updating'} ${named(sku, 60)}`;

/** Asked of what it has answered itself, it answers the same: a journal hands out what was kept. */
const keptOf = (reply: Reply) => ({ item_id: textIn(rowIn(reply, 'item'), 'item_id') || textIn(reply, 'item_id') });

async function written(api: Api, { operation, input }: Write, skipBad: boolean) {
  try {
    const { item_id } = keptOf(await api.call(operation, input, { keep: keptOf }));
    return { item_id: item_id || textIn(input, 'item_id') };
  } catch (error) {
    if (!skipBad || !(error instanceof Rejected)) throw error;
    return { refused: error.message };
  }
}

function toldOf({ sku, operation }: Write, reply: Readonly<Record<string, unknown>>): Told {
  const id = `item_id ${textIn(reply, 'item_id')}`;
  const name = named(sku, 60);
  if (typeof reply.refused === 'string') return { done: `left out ${name}` };
  if (operation === 'update_item') return { done: `updated ${name} (${id})` };
  return { done: `created ${name} (${id})`, undo: `delete_item (${id})` };
}

/** Of thousands of short steps a reader needs every third: calls come at least every second on average. */
function every(steps: number, progress: WorkflowContext['progress']): WorkflowContext['progress'] {
  const stride = steps > 100 ? 3 : 1;
  let told = 0;
  return (message) => {
    told += 1;
    if (told % stride === 1 || stride === 1 || told === steps) progress(message);
  };
}
