import * as z from 'zod';
import { quantity, someText } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { getPurchaseOrder, listPurchaseOrders } from '../../operations/purchase-orders.ts';
import { getTransfer, listTransfers } from '../../operations/transfers.ts';
import { listWarehouseItems, listWarehouses } from '../../operations/warehouses.ts';
import { allocate } from '../allocation.ts';
import { bindApi } from '../api.ts';
import { inTransitOf, isKit, isTracked, onOrderOf, warehousesOf } from '../availability.ts';
import type { Api, ReadWorkflow, WorkflowContext } from '../define.ts';
import { nothingComes, readIncoming } from '../incoming.ts';
import { parseMicro } from '../numbers.ts';
import { lookUpItems, lookUpWarehouses, type Problem, withoutWords } from '../resolve.ts';
import { parseBy, type Row, textIn } from '../rows.ts';
import { readSplits } from '../splits.ts';
import { readKits, readSupplies } from '../supply.ts';
import { plainText } from '../text.ts';
import { arrivalsOf, readTransit } from '../transit.ts';
import { type CheckedLine, isShort, type Stock, stockRow, verdictLine } from './check-stock-rows.ts';

const input = {
  items: z
    .array(
      z.strictObject({
        item: someText(200, 'Id, SKU, barcode or name'),
        quantity: quantity('Wanted, in its unit; left out: only the figures').optional(),
        warehouse: someText(200, 'Id or exact name; left out: all together').optional(),
      }),
    )
    .min(1)
    .max(100)
    .describe('What to check'),
};
const schema = z.strictObject(input);
type Asked = z.infer<typeof schema>['items'];

/** Orders read at most to tell what is on its way; each costs a call. */
const mostOrdersRead = 15;
const mostTransfersRead = 5;

/**
 * Answers `{ message, items, problems? }`: a row for each item found, in the order asked, and what could not be found.
 * Lines of one item are counted together, the first served first.
 */
async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const { items: asked } = parseBy(schema, raw);
  const api = bindApi(given, context);
  context.progress('Finding the items');
  const { lines, rows, problems } = await findLines(api, asked);
  context.progress('Reading stock per warehouse');
  const stock = await readStock(api, lines, rows, context);
  const table = lines.map((line, index) => stockRow(line, index, stock, context.today));
  const note = 'Not all orders and transfers were read for on_its_way.';
  return {
    message: verdictLine(table, problems.length),
    items: table,
    ...(problems.length > 0 ? { problems: problems.map(withoutWords) } : {}),
    ...(stock.isCut ? { note } : {}),
  };
}

async function findLines(
  api: Api,
  asked: Asked,
): Promise<{ lines: CheckedLine[]; rows: Map<string, Row>; problems: Problem[] }> {
  const lookup = await lookUpItems(
    api,
    asked.map(({ item }) => item),
    { forWrite: false },
  );
  const named = asked.flatMap(({ warehouse }) => (warehouse === undefined ? [] : [warehouse]));
  const places = await lookUpWarehouses(api, named, { forWrite: false });
  const lines = asked.flatMap((line): CheckedLine[] => {
    const row = lookup.found.get(line.item);
    const place = line.warehouse === undefined ? undefined : places.found.get(line.warehouse);
    if (!row || (line.warehouse !== undefined && !place)) return [];
    return [
      {
        row,
        itemId: textIn(row, 'item_id'),
        requested: line.quantity,
        quantity: parseMicro(line.quantity) ?? 0n,
        warehouseId: place ? textIn(place, 'warehouse_id') : undefined,
        warehouseName: place ? plainText(place.warehouse_name, 60) : '',
      },
    ];
  });
  return { lines, rows: new Map(lookup.rows), problems: [...lookup.problems, ...places.problems] };
}

async function readStock(
  api: Api,
  lines: readonly CheckedLine[],
  rows: Map<string, Row>,
  context: WorkflowContext,
): Promise<Stock> {
  const kits = new Set(lines.filter(({ row }) => isKit(row)).map(({ itemId }) => itemId));
  const recipes = await readKits(api, [...kits], rows, { split: true });
  const { supplies, place } = await readSupplies(api, lines, rows);
  // A line without a quantity takes nothing and waits for none: it is told what there is.
  const wanted = lines.filter(({ requested }) => requested !== undefined);
  const served = new Map(allocate(wanted, supplies, { beyond: false }).map((of, index) => [wanted[index], of]));
  const allocations = lines.flatMap((line) => served.get(line) ?? allocate([line], supplies, { beyond: false }));
  const short = lines.filter((line, index) => isShort(line, allocations[index]));
  // Where there is enough in all, nobody asked where it lies: the rows of the list suffice.
  const asked = new Set([...short, ...lines.filter(({ requested }) => requested === undefined)]);
  const goods = lines.filter(({ row }) => isTracked(row) && !isKit(row));
  const split = goods.filter((line) => asked.has(line) || warehousesOf(rows.get(line.itemId) ?? line.row).length > 0);
  const splits = await readSplits(api, [...new Set(split.map(({ itemId }) => itemId))], rows);
  const { arrivals, isCut } = await readOnTheWay(api, short, rows, context);
  return { rows, splits, recipes, place, allocations, arrivals, isCut };
}

async function readOnTheWay(
  api: Api,
  short: readonly CheckedLine[],
  rows: ReadonlyMap<string, Row>,
  context: WorkflowContext,
): Promise<Pick<Stock, 'arrivals' | 'isCut'>> {
  const wanted = new Map(short.map(({ itemId, row }) => [itemId, onOrderOf(rows.get(itemId) ?? row)]));
  for (const [itemId, onOrder] of wanted) if (onOrder <= 0n) wanted.delete(itemId);
  const isMoving = ({ itemId, row }: CheckedLine): boolean => inTransitOf(rows.get(itemId) ?? row) > 0n;
  const itemIds = new Set(short.filter(isMoving).map(({ itemId }) => itemId));
  if (wanted.size > 0 || itemIds.size > 0) context.progress('Looking up what is on its way');
  const bought = wanted.size === 0 ? nothingComes : await readIncoming(api, 'issued', { most: mostOrdersRead, wanted });
  const moved = await readTransit(api, { itemIds, most: mostTransfersRead });
  return { arrivals: arrivalsOf(bought, moved), isCut: bought.truncated || moved.truncated };
}

export const checkStock: ReadWorkflow = {
  name: 'check_stock',
  title: 'Check stock',
  description:
    'What can be promised now: on hand, committed; if short or without quantity also per warehouse, and what is on its way. Spends 1 call an item, or 1 for many, if short up to 23 more.',
  toolset: 'stock',
  input,
  uses: [
    ...[listItems, getItem, listWarehouses, listWarehouseItems],
    ...[listPurchaseOrders, getPurchaseOrder, listTransfers, getTransfer],
  ],
  read,
};
