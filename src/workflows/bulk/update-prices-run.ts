import * as z from 'zod';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { formatRate, microToNumber, parseMicro } from '../numbers.ts';
import { createSteps } from '../partly-done.ts';
import { parseBy } from '../rows.ts';
import { counted, itemWords } from '../text.ts';

const change = z.object({
  item_id: z.string(),
  sku: z.string(),
  name: z.string(),
  before: z.string(),
  after: z.string(),
});
const steps = z.object({
  field: z.enum(['rate', 'purchase_rate']),
  changes: z.array(change),
  unchanged: z.number(),
});
export type PriceSteps = z.infer<typeof steps>;
type PriceChange = PriceSteps['changes'][number];

const mostShown = 50;

/** One update an item, in the plan's order. */
export async function runPrices(given: Api, plan: Plan, context: WorkflowContext) {
  const { field, changes, unchanged } = parseBy(steps, plan.steps);
  const api = bindApi(given, context);
  const step = createSteps({
    titles: changes.map((one) => titleOf(one, field)),
    goOn: () =>
      'Prices given as a list can be sent again: what is done is skipped. A percentage must not be: it would count twice.',
    progress: context.progress,
  });
  for (const one of changes) {
    const id = `item_id ${one.item_id}`;
    const rate = (value: string) => microToNumber(parseMicro(value) ?? 0n);
    await step({
      title: titleOf(one, field),
      write: async () => {
        // Hundreds of whole items would be kept until the end.
        await api.call('update_item', { item_id: one.item_id, [field]: rate(one.after) }, { keep: () => ({}) });
        return {};
      },
      told: () => ({
        done: `${itemWords({ sku: one.sku, item: one.name })} ${one.before} -> ${one.after} (${id})`,
        undo: `update_item (${id}, ${field} ${one.before})`,
      }),
      look: `Look with get_item (${id}) which price it has.`,
    });
  }
  const shown = changes.slice(0, mostShown);
  return {
    message:
      changes.length === 0
        ? `Nothing to change: ${counted(unchanged, 'price')} ${unchanged === 1 ? 'is' : 'are'} so already.`
        : `${counted(changes.length, 'price')} changed (${field}), ${unchanged} as before.`,
    changed: changes.length,
    unchanged,
    ...(shown.length > 0
      ? {
          items: shown.map(({ item_id, sku, before, after }) => ({
            item_id,
            sku,
            before: Number(before),
            after: Number(after),
          })),
        }
      : {}),
    ...(changes.length > shown.length ? { items_shown: `${shown.length} of ${changes.length}` } : {}),
  };
}

const titleOf = ({ sku, name, after }: PriceChange, field: string): string =>
  `setting ${field} of ${itemWords({ sku, item: name })} to ${formatRate(parseMicro(after) ?? 0n)}`;
