import * as z from 'zod';
import { InvalidArguments } from '../../errors.ts';
import { money, someText } from '../../operations/fields.ts';
import { getItem, listItems, updateItem } from '../../operations/items.ts';
import { listOrganizations } from '../../operations/organizations.ts';
import { bindApi } from '../api.ts';
import { baseCurrency } from '../currency.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { lookUpInCatalog } from '../look-up-catalog.ts';
import { parseMicro } from '../numbers.ts';
import { refuseProblems } from '../resolve.ts';
import { microIn, parseBy, type Row, textIn } from '../rows.ts';
import { counted, named, quoted } from '../text.ts';
import { readPages } from './catalog-pages.ts';
import { type NewPrice, type PriceField, pricePlan } from './update-prices-plan.ts';
import { changedBy, roundingOf } from './update-prices-rule.ts';
import { runPrices } from './update-prices-run.ts';

const input = {
  prices: z
    .array(z.strictObject({ item: someText(200, 'Id, SKU, name'), rate: money('New price') }))
    .min(1)
    .max(200)
    .describe('Or search_text and percent')
    .optional(),
  search_text: someText(100, '* = all').optional(),
  percent: z.number().min(-100).max(1_000).describe('e.g. -7.5').optional(),
  round_to: money('0.05 steps, .99 endings').optional(),
  field: z.enum(['rate', 'purchase_rate']).describe('Price or cost').default('rate'),
};
const schema = z.strictObject(input);
type Wish = z.infer<typeof schema>;

const refuse = (message: string) => new InvalidArguments(`${message} Nothing was written.`, { nothingSent: true });

const mostNamed = 5;
const keys = ['item_id', 'sku', 'name', 'upc', 'ean', 'isbn', 'part_number', 'status', 'rate', 'purchase_rate'];

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan> {
  const wish = parseBy(schema, raw);
  const api = bindApi(given, context);
  const isList = wish.prices !== undefined;
  const isFilter = wish.search_text !== undefined && wish.percent !== undefined;
  if (isList === isFilter || (isList && (wish.search_text ?? wish.percent ?? wish.round_to) !== undefined))
    throw refuse('Give either prices, or search_text with percent (and round_to).');
  const currency = await baseCurrency(api, context);
  const prices = isList ? await listed(api, wish, context) : await found(api, wish, { context, currency });
  const planned = pricePlan(prices, wish.field, currency);
  return isFilter && !planned.nothingToDo ? { ...planned, compounds: true } : planned;
}

async function listed(api: Api, { prices = [] }: Wish, context: WorkflowContext): Promise<NewPrice[]> {
  const terms = prices.map(({ item }) => item);
  const { items, problems } = await lookUpInCatalog(api, terms, context, keys);
  refuseProblems([...problems.values()]);
  const wanted = prices.map(({ item, rate }) => ({ row: items.get(item) ?? {}, after: parseMicro(rate) ?? 0n }));
  const ids = new Set<string>();
  for (const { row } of wanted) {
    const id = textIn(row, 'item_id');
    if (ids.has(id)) throw refuse(`${named(row.name)} stands in prices twice.`);
    ids.add(id);
  }
  return wanted;
}

interface Around {
  readonly context: WorkflowContext;
  readonly currency: string;
}

async function found(
  api: Api,
  { search_text = '', percent = 0, round_to, field }: Wish,
  { context, currency }: Around,
): Promise<NewPrice[]> {
  const filter = { filter_by: 'Status.Active', ...(search_text.trim() === '*' ? {} : { search_text }) };
  const { rows, complete } = await readPages(api, 'list_items', 'items', filter, keys, context);
  if (!complete) throw refuse('More items are found than one call may change. Narrow search_text.');
  if (rows.length === 0) throw refuse(`No active item is found by ${quoted(search_text, 60)}.`);
  const rounding = roundingOf(parseMicro(round_to), currency);
  const percentMicro = parseMicro(percent) ?? 0n;
  const after = (row: Row, which: PriceField) => changedBy(microIn(row, which) ?? 0n, percentMicro, rounding);
  const prices = rows.map((row) => ({ row, after: after(row, field) }));
  // Goods given away by a step that is coarser than their price are nobody's wish.
  const lost = percent === -100 ? [] : prices.filter(({ row, after: price }) => price === 0n && microIn(row, field));
  if (lost.length > 0) {
    const names = lost.slice(0, mostNamed).map(({ row }) => named(row.sku, 40) || named(row.name));
    const more = lost.length > names.length ? ` and ${lost.length - names.length} more` : '';
    throw refuse(
      `Rounded so, ${counted(lost.length, 'price')} would be 0: ${names.join(', ')}${more}. Give a smaller round_to or narrow search_text.`,
    );
  }
  return prices;
}

export const updatePrices: WriteWorkflow = {
  name: 'update_prices',
  title: 'Update prices',
  description:
    'Sets prices by a list or by percent. Shows old, new, margin and what falls below cost first; then 1 call an item.',
  toolset: 'catalog',
  input,
  uses: [listItems, getItem, listOrganizations, updateItem],
  alwaysConfirm: true,
  isLong: true,
  plan,
  run: runPrices,
};
