import * as z from 'zod';
import type { KeptRun } from '../../state/state.ts';
import { readPages } from '../../workflows/bulk/catalog-pages.ts';
import type { Plan } from '../../workflows/define.ts';
import { formatRate, microToNumber, parseMicro } from '../../workflows/numbers.ts';
import { microIn, parseBy, type Row, rowIn, textIn } from '../../workflows/rows.ts';
import { itemWords } from '../../workflows/text.ts';
import type { Step } from '../journal.ts';
import type { Around, Reversing } from './reverse.ts';

const change = z.object({
  item_id: z.string(),
  sku: z.string(),
  name: z.string(),
  before: z.string(),
  after: z.string(),
});
const planned = z.object({ field: z.enum(['rate', 'purchase_rate']), changes: z.array(change) });

/** Items are read one by one up to here; beyond, pages of the list are fewer calls. */
const mostSingle = 5;

/** Old prices stand in the plan; one that somebody changed since stays. */
export async function reversePrices(
  run: KeptRun,
  steps: readonly Step[],
  { api, context }: Around,
): Promise<Reversing[]> {
  const plan = run.plan as Plan; // parse boundary: our own row, written when the run began
  const { field, changes } = parseBy(planned, plan.steps);
  const done = changes.filter((_, index) => steps[index]?.status === 'done').reverse();
  const rows = new Map<string, Row>();
  if (done.length <= mostSingle)
    for (const { item_id } of done) rows.set(item_id, rowIn(await api.call('get_item', { item_id }), 'item'));
  else {
    const listed = await readPages(api, 'list_items', 'items', {}, ['item_id', field], context);
    for (const row of listed.rows) rows.set(textIn(row, 'item_id'), row);
  }
  return done.map(({ item_id, sku, name, before, after }) => {
    const [now, was, then] = [microIn(rows.get(item_id) ?? {}, field), parseMicro(before) ?? 0n, parseMicro(after)];
    const words = itemWords({ sku, item: name });
    const restsOn = [item_id, field, now === undefined ? null : formatRate(now)];
    const base = { writes: [], lines: [], restsOn };
    if (now === undefined) return { ...base, already: `${words} does not exist any more.` };
    if (now === was) return { ...base, already: `${field} of ${words} is ${before} already.` };
    if (now !== then) return { ...base, stays: `${field} of ${words} was changed since, to ${formatRate(now)}.` };
    const input = { item_id, [field]: microToNumber(was) };
    const title = `putting ${field} of ${words} back to ${before}`;
    return {
      writes: [{ operation: 'update_item', input, title }],
      lines: [`${words}: ${field} ${after} -> ${before}`],
      restsOn,
    };
  });
}
