import * as z from 'zod';
import { InvalidArguments } from '../../errors.ts';
import { day, flag, quantity, someText } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { listOrganizations } from '../../operations/organizations.ts';
import { getStockOnHand } from '../../operations/reports.ts';
import { createTransfer, receiveTransfer, sendTransfer } from '../../operations/transfers.ts';
import { listWarehouses } from '../../operations/warehouses.ts';
import { bindApi } from '../api.ts';
import { isKit, isTracked } from '../availability.ts';
import { baseCurrency } from '../currency.ts';
import type { Api, Plan, WorkflowContext, WriteWorkflow } from '../define.ts';
import { lookUpInCatalog } from '../look-up-catalog.ts';
import { parseMicro } from '../numbers.ts';
import { refuseProblems } from '../resolve.ts';
import { parseBy, type Row, textIn } from '../rows.ts';
import { named, plainText, quoted } from '../text.ts';
import { findWarehouses } from './find-warehouses.ts';
import { readLevels } from './levels.ts';
import { refuseBefore } from './move-stock-day.ts';
import { movePlan } from './move-stock-plan.ts';
import { type MoveSteps, runMove } from './move-stock-run.ts';
import { cutToFree, type Move, type Warehouse } from './move-stock-stock.ts';

const input = {
  from: someText(200, 'Warehouse, id or exact name'),
  to: someText(200),
  items: z
    .array(
      z.strictObject({
        item: someText(200, 'Id, SKU, barcode or name'),
        quantity: quantity().refine((value) => value > 0, 'must be more than 0'),
      }),
    )
    .min(1)
    .max(100),
  receive: flag('Has arrived').optional(),
  if_short: z.enum(['refuse', 'partial']).describe('Default refuse').optional(),
  date: day().optional(),
};
const schema = z.strictObject(input);
type Wish = z.infer<typeof schema>;

const refused = (message: string) => new InvalidArguments(`${message} Nothing was written.`, { nothingSent: true });

async function plan(given: Api, raw: unknown, context: WorkflowContext): Promise<Plan<MoveSteps>> {
  const wish = parseBy(schema, raw);
  const { date } = wish;
  if (date !== undefined && date > context.today)
    throw refused(`The date ${date} lies ahead; today is ${context.today}.`);
  const api = bindApi(given, context);
  const [from, to] = await readBoth(api, wish);
  context.progress('Finding the items');
  const { wanted, rows } = await readWanted(api, wish, context);

  context.progress('Checking the stock');
  const levels = await readLevels(api, [...wanted.keys()], rows, { context });
  const moves = [...wanted].map(([itemId, asked]): Move => {
    const row = rows.get(itemId) ?? {};
    return {
      row,
      itemId,
      sku: plainText(row.sku, 60),
      name: plainText(row.name),
      unit: plainText(row.unit, 20),
      asked,
      quantity: asked,
      source: levels.at(itemId, from.id),
      destination: levels.at(itemId, to.id),
      elsewhere: [...levels.names].flatMap(([id, name]) => {
        const { onHand, packed } = levels.at(itemId, id);
        return id === from.id || onHand <= packed ? [] : [{ name, free: onHand - packed }];
      }),
    };
  });
  const cut = cutToFree(moves, from, wish.if_short ?? 'refuse');
  if (date !== undefined && date < context.today) await refuseBefore(api, cut.moves, from, date);
  const currency = context.currency ?? (levels.currency || (await baseCurrency(api, context)));
  return movePlan({ ...cut, from, to, currency, receive: wish.receive ?? false, date });
}

async function readBoth(api: Api, { from, to }: Wish): Promise<[Warehouse, Warehouse]> {
  const places = await findWarehouses(api, [from, to]);
  const warehouse = (key: 'from' | 'to', term: string): Warehouse => {
    const place = places(term);
    if ('why' in place) throw refused(`${key} ${quoted(term, 80)} names no warehouse that can be used. ${place.why}`);
    return place;
  };
  const both: [Warehouse, Warehouse] = [warehouse('from', from), warehouse('to', to)];
  if (both[0].id === both[1].id)
    throw refused(`from and to are both ${named(both[0].name)}: give another warehouse to move the goods to.`);
  return both;
}

/** Quantities by item, those of an item named twice together. */
async function readWanted(api: Api, { items }: Wish, context: WorkflowContext) {
  const found = await lookUpInCatalog(
    api,
    items.map(({ item }) => item),
    context,
  );
  refuseProblems([...found.problems.values()]);
  const rows = new Map<string, Row>(found.rows);
  const wanted = new Map<string, bigint>();
  for (const { item, quantity } of items) {
    const row = found.items.get(item) ?? {};
    const itemId = textIn(row, 'item_id');
    rows.set(itemId, row);
    wanted.set(itemId, (wanted.get(itemId) ?? 0n) + (parseMicro(quantity) ?? 0n));
  }
  const unfit = [...wanted.keys()].flatMap((itemId) => unfitWords(rows.get(itemId) ?? {}));
  if (unfit.length > 0) throw refused(unfit.join(' '));
  return { wanted, rows };
}

function unfitWords(row: Row): string[] {
  const label = named(row.sku, 40) || named(row.name);
  if (isKit(row)) return [`${label} is a kit and has no stock of its own: move its parts.`];
  if (!isTracked(row)) return [`${label} is a service, or its stock is not kept: there is nothing to move.`];
  return textIn(row, 'status') === 'inactive' ? [`${label} is inactive: activate_item first.`] : [];
}

export const moveStock: WriteWorkflow = {
  name: 'move_stock',
  title: 'Move stock',
  description:
    'Moves items between warehouses: checks what is free, creates and sends a transfer, in transit unless receive. Short stock stops it. Only a move back takes it back. Spends about 7 calls.',
  toolset: 'stock',
  input,
  uses: [
    listItems,
    getItem,
    listWarehouses,
    getStockOnHand,
    listOrganizations,
    createTransfer,
    sendTransfer,
    receiveTransfer,
  ],
  alwaysConfirm: true,
  plan,
  run: runMove,
};
