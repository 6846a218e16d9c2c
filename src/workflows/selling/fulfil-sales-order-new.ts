import type * as z from 'zod';
import { allocate } from '../allocation.ts';
import { isTracked, readItem, type WarehouseFigures } from '../availability.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { pageSize, type Row, rowsIn, textIn } from '../rows.ts';
import { readSupplies } from '../supply.ts';
import { plainText } from '../text.ts';
import { type Line, linesOfNew } from './fulfil-sales-order-lines.ts';
import type { Wanted } from './place-sales-order-found.ts';
import { planOf } from './place-sales-order-plan.ts';
import { type orderInput, prepareOrder, refuseShort } from './place-sales-order-prepare.ts';
import type { PlaceSteps } from './place-sales-order-steps.ts';

/** An order that is still to be written, with the stock it would be packed from. */
export interface NewOrder {
  readonly customer: string;
  readonly created: Plan<PlaceSteps>;
  readonly lines: readonly Line[];
  /** Item rows read on the way; gains more. */
  readonly rows: Map<string, Row>;
  readonly place: (itemId: string, warehouseId: string) => WarehouseFigures | undefined;
}

interface Asked {
  readonly customer: string;
  readonly items: z.infer<typeof orderInput.items>;
  readonly date: string | undefined;
}

/**
 * Plans the order as place_sales_order does, but each line in a warehouse: what is packed at once must lie where it is
 * held. Throws Rejected with a table where one warehouse has too little.
 */
export async function prepareNew(api: Api, asked: Asked, context: WorkflowContext): Promise<NewOrder> {
  const { lines: named, warehouses, ...prepared } = await prepareOrder(api, asked, context);
  context.progress('Checking the stock');
  const rows = new Map(prepared.rows);
  const lines = await inWarehouses(api, named, warehouses, rows);
  const { supplies, place } = await readSupplies(api, lines, rows);
  const allocations = allocate(lines, supplies, { beyond: false });
  refuseShort(lines, allocations, rows, 'Order less, or name for each line a warehouse that has it.');
  const placed = lines.flatMap((line, index) => {
    const allocation = allocations[index];
    return allocation ? [{ line, allocation, ordered: line.quantity }] : [];
  });
  const created = planOf({
    ...prepared,
    header: asked.date === undefined ? {} : { date: asked.date },
    confirm: true,
    placed,
    cuts: [],
    elsewhere: [],
    rows,
    today: context.today,
  });
  return {
    customer: plainText(prepared.customer.contact_name, 60),
    created,
    lines: linesOfNew(lines, (itemId) => supplies.get(itemId)?.parts ?? []),
    rows,
    place,
  };
}

/** Items of which each is read for its split, which also names the primary warehouse; of more the list of them is cheaper. */
const mostSplits = 2;

/** Lines without a warehouse get the primary one, as the API would hold them. */
async function inWarehouses(
  api: Api,
  lines: readonly Wanted[],
  warehouses: readonly Row[],
  rows: Map<string, Row>,
): Promise<readonly Wanted[]> {
  const open = lines.filter(({ warehouseId }) => warehouseId === undefined);
  const itemIds = [...new Set(open.filter(({ row }) => isTracked(row)).map(({ itemId }) => itemId))];
  if (itemIds.length === 0) return lines;
  let primary = warehouses.find(isPrimary);
  for (const itemId of primary || itemIds.length > mostSplits ? [] : itemIds) {
    const row = await readItem(api, itemId);
    if (row) rows.set(itemId, row);
    primary ??= rowsIn(row ?? {}, 'warehouses').find(isPrimary);
  }
  primary ??= rowsIn(await api.call('list_warehouses', { page: 1, per_page: pageSize }), 'warehouses').find(isPrimary);
  if (!primary) return lines;
  const warehouseId = textIn(primary, 'warehouse_id');
  const warehouseName = plainText(primary.warehouse_name, 60);
  return lines.map((line) => (line.warehouseId === undefined ? { ...line, warehouseId, warehouseName } : line));
}

const isPrimary = ({ is_primary }: Row): boolean => is_primary === true;
