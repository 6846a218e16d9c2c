import * as z from 'zod';
import { quantity, someText } from '../operations/fields.ts';
import { getItem, listItems } from '../operations/items.ts';
import { getPurchaseOrder, listPurchaseOrders } from '../operations/purchase-orders.ts';
import { listWarehouseItems, listWarehouses } from '../operations/warehouses.ts';
import { type Allocation, allocate, type DemandLine } from './allocation.ts';
import { bindApi } from './api.ts';
import { figuresOf, isKit, isTracked, onOrderOf, type WarehouseFigures } from './availability.ts';
import type { Api, ReadWorkflow, WorkflowContext } from './define.ts';
import { type Incoming, readIncoming } from './incoming.ts';
import { formatMicro, microToNumber, parseMicro } from './numbers.ts';
import { lookUpItems, lookUpWarehouses, type Problem } from './resolve.ts';
import { parseBy, type Row, textIn } from './rows.ts';
import { readSplits } from './splits.ts';
import { buildableTogether, buildsOf, readKits, readSupplies } from './supply.ts';
import { counted, plainText } from './text.ts';

const input = {
  items: z
    .array(
      z.strictObject({
        item: someText(200, 'Id, SKU or exact name'),
        quantity: quantity('Wanted, in its unit; left out: only the figures').optional(),
        warehouse: someText(200, 'Id or exact name; left out: all together').optional(),
      }),
    )
    .min(1)
    .max(100)
    .describe('What to check'),
};
const schema = z.strictObject(input);
type Asked = z.infer<typeof schema>['items'][number];

/** Orders read at most to tell what is on its way. */
const mostOrdersRead = 15;

interface Line extends DemandLine {
  readonly asked: Asked;
  readonly row: Row;
  readonly warehouseName: string;
}

/**
 * Answers `{ message, items, problems? }`: a row an item asked for, in its order, and what could not be found. Lines
 * of one item are counted together, the first served first.
 */
async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const { items: asked } = parseBy(schema, raw);
  const api = bindApi(given, context);
  context.progress('Finding the items');
  const lookup = await lookUpItems(api, [...new Set(asked.map(({ item }) => item))], { forWrite: false });
  const named = asked.flatMap(({ warehouse }) => (warehouse === undefined ? [] : [warehouse]));
  const places = await lookUpWarehouses(api, named, { forWrite: false });
  const problems: Problem[] = [...lookup.problems, ...places.problems];

  const lines: Line[] = [];
  for (const line of asked) {
    const row = lookup.found.get(line.item);
    const place = line.warehouse === undefined ? undefined : places.found.get(line.warehouse);
    if (!row || (line.warehouse !== undefined && !place)) continue;
    lines.push({
      asked: line,
      row,
      itemId: textIn(row, 'item_id'),
      quantity: parseMicro(line.quantity) ?? 0n,
      warehouseId: place ? textIn(place, 'warehouse_id') : undefined,
      warehouseName: place ? plainText(place.warehouse_name, 60) : '',
    });
  }

  context.progress('Reading stock per warehouse');
  const rows = new Map(lookup.rows);
  const tracked = lines.filter(({ row }) => isTracked(row) && !isKit(row)).map(({ itemId }) => itemId);
  const splits = await readSplits(api, [...new Set(tracked)], rows);
  const { supplies, place } = await readSupplies(api, lines, rows);
  const kits = [...new Set(lines.filter(({ row }) => isKit(row)).map(({ itemId }) => itemId))];
  const recipes = await readKits(api, kits, rows, { split: true });
  const allocations = allocate(lines, supplies, { beyond: false });

  const short = lines.filter((_, index) => isShort(lines[index], allocations[index]));
  const wanted = new Map(short.map(({ itemId, row }) => [itemId, onOrderOf(rows.get(itemId) ?? row)]));
  for (const [itemId, onOrder] of wanted) if (onOrder <= 0n) wanted.delete(itemId);
  if (wanted.size > 0) context.progress('Looking up what is on its way');
  const incoming =
    wanted.size === 0
      ? { byItem: new Map<string, Incoming[]>(), truncated: false }
      : await readIncoming(api, 'issued', { most: mostOrdersRead, wanted });

  const table = lines.map((line, index) => {
    const { itemId, warehouseId, asked: wish } = line;
    const row = rows.get(itemId) ?? line.row;
    const base = {
      item: plainText(row.name),
      ...(textIn(row, 'sku') === '' ? {} : { sku: plainText(row.sku, 60) }),
      item_id: itemId,
      ...(textIn(row, 'unit') === '' ? {} : { unit: plainText(row.unit, 20) }),
      ...(textIn(row, 'status') === 'inactive' ? { status: 'inactive' } : {}),
      ...(warehouseId === undefined ? {} : { warehouse: line.warehouseName }),
      ...(wish.quantity === undefined ? {} : { requested: wish.quantity }),
    };
    const allocation = allocations[index];
    if (!isTracked(row) || allocation?.before === undefined) return { ...base, verdict: 'not tracked' };
    const verdict = isShort(line, allocation) ? 'short' : 'enough';
    const onTheWay =
      verdict === 'short' ? (incoming.byItem.get(itemId) ?? []).map((order) => shown(order, context)) : [];
    const ending = {
      ...(wish.quantity === undefined ? {} : { short: microToNumber(allocation.short) }),
      verdict,
      ...(onTheWay.length > 0 ? { on_its_way: onTheWay } : {}),
    };
    if (isKit(row)) return { ...base, buildable: microToNumber(allocation.before), ...build(itemId), ...ending };
    const there = warehouseId === undefined ? undefined : place(itemId, warehouseId);
    const all = figuresOf(row);
    const { onHand, committed } = warehouseId === undefined ? all : (there ?? { onHand: 0n, committed: 0n });
    return {
      ...base,
      on_hand: microToNumber(onHand),
      committed: microToNumber(committed),
      can_be_promised: microToNumber(allocation.before),
      on_order: microToNumber(onOrderOf(row)),
      ...ending,
      warehouses: (splits.get(itemId) ?? []).map(shownSplit),
    };
  });

  function build(kitId: string) {
    const parts = recipes.get(kitId) ?? [];
    const builds = buildsOf(parts, rows);
    const together = buildableTogether(parts, rows);
    return {
      limited_by: builds.map(({ warehouseName, limit, has }) => {
        const there = plainText(warehouseName, 60);
        return `${there}: ${limit.name}, ${formatMicro(has)} there, ${formatMicro(limit.needed)} a kit`;
      }),
      ...(parts.length > 0 ? { buildable_if_in_one_warehouse: microToNumber(together) } : {}),
    };
  }

  return {
    message: verdictLine(
      table.map(({ verdict, item }) => ({ verdict, item })),
      problems.length,
    ),
    items: table,
    ...(problems.length > 0 ? { problems } : {}),
    ...(incoming.truncated
      ? { note: `Only the ${mostOrdersRead} soonest purchase orders were read for on_its_way.` }
      : {}),
  };
}

// Without a quantity, having nothing at all to promise is what a person would call short.
function isShort(line: Line | undefined, allocation: Allocation | undefined): boolean {
  if (!line || allocation?.before === undefined) return false;
  return line.asked.quantity === undefined ? allocation.before <= 0n : allocation.short > 0n;
}

const shown = (
  { purchaseorderId, number, vendorName, expected, quantity: coming }: Incoming,
  { today }: WorkflowContext,
) => ({
  purchaseorder_number: number,
  purchaseorder_id: purchaseorderId,
  vendor: vendorName,
  quantity: microToNumber(coming),
  ...(expected === '' ? {} : { expected }),
  ...(expected !== '' && expected < today ? { overdue: true } : {}),
});

const shownSplit = ({ warehouseName, onHand, committed, available }: WarehouseFigures) => ({
  warehouse: plainText(warehouseName, 60),
  on_hand: microToNumber(onHand),
  committed: microToNumber(committed),
  ...(available === undefined ? {} : { can_be_promised: microToNumber(available) }),
});

function verdictLine(rows: readonly { verdict: string; item: string }[], unclear: number): string {
  const short = rows.filter(({ verdict }) => verdict === 'short');
  const missing = unclear === 0 ? '' : ` ${counted(unclear, 'name')} could not be settled, see problems.`;
  if (short.length === 0)
    return `${rows.length === 0 ? 'Nothing checked.' : 'Enough of everything checked.'}${missing}`;
  const names = short.slice(0, 5).map(({ item }) => item);
  const more = short.length > names.length ? ` and ${short.length - names.length} more` : '';
  return `Not enough: ${names.join(', ')}${more}.${missing}`;
}

export const checkStock: ReadWorkflow = {
  name: 'check_stock',
  title: 'Check stock',
  description:
    'What can be promised of items now: on hand, committed, per warehouse, and if short what is on its way. Items by id, SKU or exact name; unknown ones come back with candidates. Changes nothing. To sell use place_sales_order.',
  toolset: 'stock',
  input,
  uses: [listItems, getItem, listWarehouses, listWarehouseItems, listPurchaseOrders, getPurchaseOrder],
  read,
};
