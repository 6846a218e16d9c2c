import * as z from 'zod';
import { quantity, someText } from '../../operations/fields.ts';
import { getItem, listItems } from '../../operations/items.ts';
import { getStockOnHand } from '../../operations/reports.ts';
import { getTransfer, listTransfers } from '../../operations/transfers.ts';
import { listWarehouseItems, listWarehouses } from '../../operations/warehouses.ts';
import { bindApi } from '../api.ts';
import type { Api, ReadWorkflow, WorkflowContext } from '../define.ts';
import { formatMicro, microToNumber, parseMicro } from '../numbers.ts';
import { resolveWarehouse } from '../resolve.ts';
import { parseBy, textIn } from '../rows.ts';
import { counted, itemWords, named, plainText } from '../text.ts';
import { isShortOf, type Placed, readAllPlaced, readNamedPlaced, withTransit } from './suggest-transfers-read.ts';
import { freeOf, type Move, planMoves, type Stand } from './transfer-moves.ts';

const input = {
  items: z.array(someText(200)).min(1).max(50).describe('Ids, SKUs or names').optional(),
  warehouse: someText(200, 'Only into it').optional(),
  keep: quantity('Free units each should have').default(0),
};
const schema = z.strictObject(input);

/** Lines of moves, and shortages that stay, shown at most. */
const mostLines = 40;
const mostShort = 15;

/**
 * Answers `{ message, moves, still_short }`. A warehouse is short where its orders hold more than it has (with `keep`: where
 * it has less than that free); reorder levels are of the company as a whole and say nothing of one warehouse. Of all items
 * only warehouses with a figure count, of those named every one.
 */
async function read(given: Api, raw: unknown, context: WorkflowContext) {
  const wish = parseBy(schema, raw);
  const api = bindApi(given, context);
  const keep = parseMicro(wish.keep) ?? 0n;
  const into =
    wish.warehouse === undefined ? undefined : await resolveWarehouse(api, wish.warehouse, { forWrite: false });
  const warehouseId = into && textIn(into, 'warehouse_id');
  context.progress('Reading stock per warehouse');
  const found = wish.items
    ? { ...(await readNamedPlaced(api, wish.items)), complete: true }
    : { ...(await readAllPlaced(api)), untracked: [] };
  const isShort = isShortOf(keep, warehouseId);
  context.progress('Reading what is on its way');
  const { placed, complete } = await withTransit(api, found.placed, isShort);
  const plans = placed.map((one) => ({ one, ...planMoves(one.stands, keep, isShort) }));
  const lines = plans.flatMap(({ one, moves }) => moves.map((move) => ({ one, move })));
  const short = plans.flatMap((plan) =>
    plan.short.map((lack) => ({ ...lack, one: plan.one, some: plan.moves.length > 0 })),
  );
  const notes = [
    ...found.untracked.map((row) => `${named(row.name)} has no stock to move.`),
    ...(found.complete ? [] : ['Not all stock was read: name items to look at others.']),
    ...(complete ? [] : ['Not all transfers in transit were read: more may be coming than is counted.']),
    ...(lines.length > mostLines ? [`${mostLines} of ${lines.length} moves shown.`] : []),
    ...(short.length > mostShort ? [`${mostShort} of ${short.length} shortages shown.`] : []),
  ];
  return {
    message: messageOf(lines, short, { keep, where: into ? named(into.warehouse_name) : 'any warehouse' }),
    moves: byWay(lines.slice(0, mostLines), keep),
    still_short: short.slice(0, mostShort).map(({ one, stand, quantity: lack, some }) => ({
      sku: plainText(one.row.sku, 60),
      item_id: one.itemId,
      warehouse: plainText(stand.warehouseName, 60),
      short: microToNumber(lack),
      why: some ? 'no more is free elsewhere: buy it' : 'none is free elsewhere: buy it',
    })),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
}

interface Line {
  readonly one: Placed;
  readonly move: Move;
}
interface Short {
  readonly one: Placed;
  readonly stand: Stand;
  readonly quantity: bigint;
}

const label = ({ row }: Placed): string => named(row.sku, 40) || named(row.name);

function messageOf(
  lines: readonly Line[],
  short: readonly Short[],
  { keep, where }: { keep: bigint; where: string },
): string {
  const moves = lines
    .slice(0, 5)
    .map(
      ({ one, move }) =>
        `${formatMicro(move.quantity)} ${label(one)} from ${named(move.from.warehouseName)} to ${named(move.to.warehouseName)}`,
    );
  const more = lines.length > moves.length ? ` and ${lines.length - moves.length} more` : '';
  const lacks = short
    .slice(0, 5)
    .map(({ one, stand, quantity: lack }) => `${formatMicro(lack)} ${label(one)} in ${named(stand.warehouseName)}`);
  const others = short.length > lacks.length ? ` and ${short.length - lacks.length} more` : '';
  const stays =
    short.length === 0
      ? ''
      : ` Moving cannot fill ${counted(short.length, 'shortage')}: ${lacks.join(', ')}${others}; reorder_low_stock buys.`;
  if (lines.length > 0)
    return `${counted(lines.length, 'move')} suggested: ${moves.join('; ')}${more}. Nothing was moved: move_stock does it.${stays}`;
  if (short.length > 0) return `Nothing to move.${stays}`;
  return keep > 0n
    ? `Nothing to move: nothing looked at has less than ${formatMicro(keep)} free in ${where}.`
    : `Nothing to move: nothing looked at is promised beyond its stock in ${where}.`;
}

/** One row for each pair of warehouses, as one transfer takes them. */
function byWay(lines: readonly Line[], keep: bigint) {
  const ways = new Map<string, Line[]>();
  for (const line of lines) {
    const way = `${line.move.from.warehouseId} ${line.move.to.warehouseId}`;
    ways.set(way, [...(ways.get(way) ?? []), line]);
  }
  return [...ways.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const { from, to } = first.move;
    return [
      {
        from_warehouse: plainText(from.warehouseName, 60),
        from_warehouse_id: from.warehouseId,
        to_warehouse: plainText(to.warehouseName, 60),
        to_warehouse_id: to.warehouseId,
        lines: own.map(({ one, move }) => ({
          item: itemWords({ sku: textIn(one.row, 'sku'), item: textIn(one.row, 'name') }),
          item_id: one.itemId,
          quantity: microToNumber(move.quantity),
          why: whyOf(move, keep),
        })),
      },
    ];
  });
}

function whyOf({ from, to, quantity: moved }: Move, keep: bigint): string {
  const coming = to.coming > 0n ? `, ${formatMicro(to.coming)} in transit to it` : '';
  const wanted = keep > 0n ? `, should have ${formatMicro(keep)} free` : '';
  const there = `${named(to.warehouseName)} has ${formatMicro(to.onHand)}, ${formatMicro(to.committed)} promised${coming}${wanted}`;
  return `${there}; ${named(from.warehouseName)} has ${formatMicro(freeOf(from))} free, ${formatMicro(freeOf(from) - moved)} after`;
}

export const suggestTransfers: ReadWorkflow = {
  name: 'suggest_transfers',
  title: 'Suggest transfers',
  description:
    'Moves that give a warehouse what it promised beyond its stock, from what others have free; no source falls short, goods in transit count, purchase orders do not. move_stock does them. Spends 2 calls, 1 more a transfer in transit, item or 200 rows.',
  toolset: 'stock',
  input,
  uses: [getStockOnHand, listTransfers, getTransfer, listItems, getItem, listWarehouses, listWarehouseItems],
  read,
};
