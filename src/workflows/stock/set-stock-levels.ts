import * as z from 'zod';
import { InvalidArguments } from '../../errors.ts';
import { day, flag, signedQuantity, someText, text } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { listOrganizations } from '../../operations/organizations.ts';
import { getStockOnHand } from '../../operations/reports.ts';
import { createStockAdjustment } from '../../operations/stock-adjustments.ts';
import { listWarehouses } from '../../operations/warehouses.ts';
import { bindApi } from '../api.ts';
import { baseCurrency } from '../currency.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { lookUpInCatalog } from '../look-up-catalog.ts';
import { isDigits } from '../match.ts';
import { parseMicro } from '../numbers.ts';
import { parseBy, type Row, textIn } from '../rows.ts';
import { readSheet, type Sheet, type SheetRow } from './count-csv.ts';
import { findWarehouses, placesMet } from './find-warehouses.ts';
import { readLevels } from './levels.ts';
import { levelsPlan, refuseBad } from './set-stock-levels-plan.ts';
import { type BadRow, badPlace, itemOf, judge, type Placed } from './set-stock-levels-rows.ts';
import { type LevelSteps, runLevels } from './set-stock-levels-run.ts';

const mostRows = 1_000;

const input = {
  rows: z
    .array(
      z.strictObject({
        item: someText(200, 'Id, SKU, barcode or name'),
        warehouse: someText(200).optional(),
        quantity: signedQuantity(),
      }),
    )
    .min(1)
    .max(mostRows)
    .optional(),
  csv: text(200_000, 'Or this, with a header: item, warehouse, quantity').optional(),
  warehouse: someText(200, 'Default the primary').optional(),
  mode: z.enum(['set_to', 'change']).describe('Default set_to: counted').optional(),
  skip_bad: flag('Else one bad row stops all').optional(),
  recount_above: z.number().min(0).max(1_000_000).describe('Percent, default 20').optional(),
  reason: text(500).optional(),
  date: day().optional(),
};
const schema = z.strictObject(input);
type Wish = z.infer<typeof schema>;

/** Percent off the book from which a level is counted again before anybody believes it. */
const recountAbove = 20;

const refused = (message: string) => new InvalidArguments(`${message} Nothing was written.`, { nothingSent: true });

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan<LevelSteps>> {
  const wish = parseBy(schema, raw);
  const sheet = sheetIn(wish, context);
  const api = bindApi(given, context);
  const { placed, badRows, book } = await readBook(api, sheet, wish, context);
  const judged = judge(placed, book);
  const allBad = [...badRows, ...judged.badRows].sort((a, b) => a.row - b.row);
  if (allBad.length > 0 && (!wish.skip_bad || judged.lines.length === 0)) throw refuseBad(allBad, sheet.rows.length);
  const { reason, date } = wish;
  return levelsPlan({ ...judged, ...book, badRows: allBad, sheet, reason, date, today: context.today });
}

function sheetIn({ rows, csv, date, mode = 'set_to' }: Wish, { today }: WorkflowContext): Sheet {
  if ((rows === undefined) === (csv === undefined)) throw refused('Give the levels as rows, or as csv; one of them.');
  if (date !== undefined && date > today) throw refused(`The date ${date} lies ahead; today is ${today}.`);
  const sheet = csv === undefined ? { ...ofRows, rows: (rows ?? []).map(rowGiven) } : readSheet(csv);
  // Three more, taken for a count of three, would cost the rest of the shelf.
  if (sheet.says !== undefined && sheet.says !== mode)
    throw refused(
      `The quantity of the CSV is headed as ${sheet.says === 'change' ? 'a change' : 'a count'}, and mode is ${mode}. Set mode ${sheet.says}, or head it quantity.`,
    );
  if (sheet.rows.length === 0) throw refused('The CSV has a header and no rows.');
  if (sheet.rows.length > mostRows)
    throw refused(`The CSV has ${sheet.rows.length} rows; ${mostRows} are the most for one call. Send it in parts.`);
  return sheet;
}

const ofRows = { unread: [], above: 0, says: undefined };

const rowGiven = (row: NonNullable<Wish['rows']>[number], index: number): SheetRow => ({
  row: index + 1,
  item: row.item,
  warehouse: row.warehouse ?? '',
  quantity: parseMicro(row.quantity),
});

/** Items, warehouses and levels of all rows; those that name none are bad rows. */
async function readBook(api: Api, sheet: Sheet, wish: Wish, context: WorkflowContext) {
  context.progress('Finding the items');
  const terms = sheet.rows.flatMap(({ item, fault }) => (fault === undefined ? [item] : []));
  const found = await lookUpInCatalog(api, terms, context);
  const badRows: BadRow[] = [];
  const known: { asked: SheetRow; item: Row }[] = [];
  for (const asked of sheet.rows) {
    const result = itemOf(asked, found.items, found.problems);
    if ('bad' in result) badRows.push(result.bad);
    else known.push({ asked, item: result.item });
  }
  const itemIds = [...new Set(known.map(({ item }) => textIn(item, 'item_id')))];
  const warehouseOf = ({ warehouse }: SheetRow): string => warehouse || (wish.warehouse ?? '');
  const texts = [...new Set(known.map(({ asked }) => warehouseOf(asked)))];

  context.progress('Reading the stock');
  const listed = texts.every(isDigits) ? undefined : await findWarehouses(api, texts);
  const [only] = listed && texts.length === 1 ? texts.map(listed) : [];
  const warehouseId = only && 'id' in only ? only.id : undefined;
  const levels = await readLevels(api, itemIds, found.rows, { context, warehouseId });
  const places = listed ?? placesMet(texts, levels.names) ?? (await findWarehouses(api, texts));

  const names = new Map<string, string>();
  const placed = known.flatMap(({ asked, item }): Placed[] => {
    const place = places(warehouseOf(asked));
    if ('why' in place) {
      badRows.push(badPlace(asked, place.why, place.isInactive ?? false));
      return [];
    }
    names.set(place.id, place.name);
    return [{ asked, item, itemId: textIn(item, 'item_id'), warehouseId: place.id }];
  });
  const currency = context.currency ?? (levels.currency || (placed.length > 0 ? await baseCurrency(api, context) : ''));
  const book = {
    mode: wish.mode ?? 'set_to',
    level: levels.at,
    nameOf: (id: string) => names.get(id) ?? '',
    currency,
    recountAbove: wish.recount_above ?? recountAbove,
  };
  return { placed, badRows, book };
}

export const setStockLevels: WriteWorkflow = {
  name: 'set_stock_levels',
  title: 'Set stock levels',
  description:
    'Sets up to 1,000 stock levels, as counted or by changes. Shows the count sheet first: differences, value, what to recount. Spends 2 calls + 1 a page of items and of stock.',
  toolset: 'stock',
  input,
  uses: [listItems, getItem, listWarehouses, getStockOnHand, listOrganizations, createStockAdjustment],
  plan,
  run: runLevels,
};
