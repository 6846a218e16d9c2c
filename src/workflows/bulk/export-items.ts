import * as z from 'zod';
import { flag, someText, wholeNumber } from '../../operations/fields.ts';
import { listItems } from '../../operations/items.ts';
import { bindApi } from '../api.ts';
import { writeCsv } from '../csv-write.ts';
import type { Api, ReadWorkflow, WorkflowContext } from '../define.ts';
import { formatMicro } from '../numbers.ts';
import { microIn, pageSize, parseBy, type Row, readList, textIn } from '../rows.ts';
import { counted, visible } from '../text.ts';
import { readPages } from './catalog-pages.ts';
import { type ItemColumn, itemColumns } from './item-columns.ts';

const input = {
  status: z.enum(['active', 'inactive', 'all']).default('active'),
  search_text: someText(100, 'Name, SKU').optional(),
  from: wholeNumber(1, 1_000_000, 'First row').default(1),
  save: flag('All, as a file').optional(),
};
const schema = z.strictObject(input);
type Wish = z.infer<typeof schema>;

/** Rows of one answer, and characters: what is longer would be cut in the middle of a row. */
const mostRows = 500;
const mostCharacters = 30_000;

// Opening stock is not told by an item, and stock is not taken back by an import.
const columns = itemColumns.filter((column) => !column.startsWith('initial_'));
const figures: ReadonlySet<ItemColumn> = new Set(['rate', 'purchase_rate', 'reorder_level', 'stock_on_hand']);
const keyOf = (column: ItemColumn): string => (column === 'vendor' ? 'vendor_name' : column);

function cellOf(row: Row, column: ItemColumn): string {
  if (!figures.has(column)) return visible(textIn(row, keyOf(column))).trim();
  const micro = microIn(row, column);
  return micro === undefined ? '' : formatMicro(micro);
}

const cellsOf = (row: Row): string[] => columns.map((column) => cellOf(row, column));

const statusFilter = { active: 'Status.Active', inactive: 'Status.Inactive', all: 'Status.All' } as const;

const filterOf = ({ status, search_text }: Wish) => ({
  filter_by: statusFilter[status],
  ...(search_text === undefined ? {} : { search_text }),
});

async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const wish = parseBy(schema, raw);
  const api = bindApi(given, context);
  return wish.save && context.saveFile ? saved(api, wish, context, context.saveFile) : shown(api, wish);
}

/** All rows into one file. */
async function saved(api: Api, wish: Wish, context: WorkflowContext, save: NonNullable<WorkflowContext['saveFile']>) {
  const { rows, complete } = await readPages(api, 'list_items', 'items', filterOf(wish), columns.map(keyOf), context);
  const { text, guarded } = writeCsv(columns, rows.map(cellsOf));
  const bytes = new TextEncoder().encode(text);
  const path = await save(`items-${wish.status}-${context.today}.csv`, bytes);
  const cut = complete ? '' : ' The catalog is longer: these are its first rows.';
  return {
    message: `${counted(rows.length, 'item')} saved.${cut}${guardWords(guarded)}${skuWords(rows)}`,
    file: { saved_to: path, rows: rows.length, bytes: bytes.length },
  };
}

/** The rows from one on, as many as an answer may hold. */
async function shown(api: Api, wish: Wish) {
  const firstPage = Math.floor((wish.from - 1) / pageSize) + 1;
  const skipped = (wish.from - 1) % pageSize;
  const list = await readFrom(api, filterOf(wish), firstPage, skipped + mostRows);
  const rows = fitting(list.rows.slice(skipped, skipped + mostRows));
  const { text, guarded } = writeCsv(columns, rows.map(cellsOf));
  const last = wish.from + rows.length - 1;
  const isMore = !list.complete || list.rows.length > skipped + rows.length;
  const where = rows.length === 0 ? 'No item' : `Items ${wish.from} to ${last}`;
  const more = isMore ? `; more from ${last + 1}` : rows.length === 0 ? '' : ', the last';
  return {
    message: `${where}${more}.${guardWords(guarded)}${skuWords(rows)}`,
    rows: rows.length,
    ...(isMore ? { next_from: last + 1 } : {}),
    csv: text,
  };
}

async function readFrom(api: Api, filter: object, firstPage: number, wanted: number) {
  const rows: Row[] = [];
  for (let page = firstPage; ; page += 1) {
    const one = await readList(
      { ...api, call: (name, paged) => api.call(name, { ...paged, page }) },
      'list_items',
      'items',
      { ...filter },
      { maxPages: 1 },
    );
    rows.push(...one.rows);
    if (one.complete || rows.length >= wanted) return { rows, complete: one.complete };
  }
}

function fitting(rows: readonly Row[]): Row[] {
  let left = mostCharacters;
  const until = rows.findIndex((row) => {
    left -= cellsOf(row).join().length + 4;
    return left < 0;
  });
  return rows.slice(0, until < 0 ? rows.length : Math.max(1, until));
}

const guardWords = (guarded: number): string =>
  guarded === 0
    ? ''
    : ` ${counted(guarded, 'cell')} that a spreadsheet would take for a formula ${guarded === 1 ? 'has' : 'have'} an apostrophe before it; import_items takes it off.`;

function skuWords(rows: readonly Row[]): string {
  const without = rows.filter((row) => textIn(row, 'sku') === '').length;
  return without === 0 ? '' : ` ${counted(without, 'item')} without a SKU cannot be imported again.`;
}

export const exportItems: ReadWorkflow = {
  name: 'export_items',
  title: 'Export items',
  description: 'Items with stock as CSV that import_items takes, up to 500 rows an answer. 1 call per 200.',
  toolset: 'catalog',
  input,
  uses: [listItems],
  read,
};
