import { aboutDocument, aboutItems } from '../about.ts';
import type { Plan, Raise } from '../define.ts';
import { formatMicro, microToNumber } from '../numbers.ts';
import { type Row, textIn } from '../rows.ts';
import { named, plainText } from '../text.ts';
import type { Line, OpenPackage, Packed } from './fulfil-sales-order-lines.ts';
import { type Found, leftOf, leftRow, previewOf, stayingOf, summaryOf } from './fulfil-sales-order-preview.ts';
import type { FulfilSteps } from './fulfil-sales-order-steps.ts';
import { restsOnStock, takenFromOthers } from './fulfil-sales-order-stock.ts';
import { type Carriage, contentsInShort } from './fulfil-sales-order-words.ts';

/** Of a package in a result, in characters: more would fill it. */
const longContents = 160;

/** Words and figures of one fulfilment, and the very inputs of its writes. */
export function planOf(found: Found): Plan<FulfilSteps> {
  const { customer, order, created, confirm, lines, open, choice, stood, carriage } = found;
  const isShipped = carriage.carrier !== undefined;
  const left = leftOf(found);
  const nothing = nothingToDo(found);
  const documents =
    (created || confirm ? 1 : 0) + choice.pack.length + choice.ship.length + (isShipped ? choice.pack.length : 0);
  return {
    summary: nothing ?? summaryOf(found, left),
    preview: nothing === undefined ? previewOf(found, left) : [nothing],
    facts: created?.facts ?? namesOf(order ?? {}),
    restsOn: {
      order: order ? restsOnOrder(order, lines, open) : created?.restsOn,
      stock: restsOnStock(stood),
    },
    steps: {
      customer,
      ...(order ? { order: namesOf(order) } : {}),
      ...(created ? { create: created.steps.create } : {}),
      confirm,
      pack: choice.pack.map((contents) => packStep(contents, lines)),
      packed: { ...(carriage.date ? { date: carriage.date } : {}), ...(found.notes ? { notes: found.notes } : {}) },
      ready: choice.ship.map(({ packageId, number, contents }) => ({
        package_id: packageId,
        package_number: number,
        warehouse: contents[0]?.warehouseName ?? '',
        contents: contentsInShort(contents, longContents),
      })),
      ...(isShipped ? { shipped: shippedInput(carriage) } : {}),
      left: left.map(leftRow),
      staying: stayingOf(found),
      ...(nothing === undefined ? {} : { nothing }),
    },
    documents,
    raises: [...(created?.raises ?? []), ...raisesOf(found)],
    amountMinor: created?.amountMinor ?? 0,
    ...(nothing === undefined ? {} : { nothingToDo: true }),
    about: [
      ...aboutDocument('salesorder_id', textIn(order ?? {}, 'salesorder_id')),
      ...aboutItems(lines.flatMap(({ itemId, parts }) => [itemId, ...parts.map((part) => part.itemId)])),
    ],
  };
}

const namesOf = (order: Row) => ({
  salesorder_id: textIn(order, 'salesorder_id'),
  salesorder_number: plainText(order.salesorder_number, 40),
});

const shippedInput = ({ carrier, tracking_number, date }: Carriage): Record<string, unknown> => ({
  carrier,
  ...(tracking_number === undefined ? {} : { tracking_number }),
  ...(date === undefined ? {} : { shipment_date: date }),
});

function packStep(contents: readonly Packed[], lines: readonly Line[]): FulfilSteps['pack'][number] {
  return {
    warehouse: contents[0]?.warehouseName ?? '',
    contents: contentsInShort(contents, longContents),
    lines: contents.map(({ line, quantity, warehouseId }) => ({
      ...(line.lineId === '' ? { line: lines.indexOf(line), item_id: line.itemId } : { so_line_item_id: line.lineId }),
      quantity: microToNumber(quantity),
      ...(warehouseId === '' ? {} : { warehouse_id: warehouseId }),
    })),
  };
}

/** Why there is nothing to do; undefined where there is. */
function nothingToDo({ customer, order, confirm, lines, open, choice }: Found): string | undefined {
  if (!order || confirm || choice.pack.length + choice.ship.length > 0) return undefined;
  const number = named(order.salesorder_number, 40);
  const party = named(customer);
  const numbers = open.map((one) => named(one.number, 40)).join(', ');
  if (open.length > 0)
    return `${number} for ${party} is packed already (${numbers}) and nothing was done. Give a carrier to ship it.`;
  return lines.some(({ isCarried }) => isCarried)
    ? `${number} for ${party} is shipped already; nothing was done.`
    : `${number} for ${party} has no goods to pack; nothing was done.`;
}

/** A draft that is confirmed promises its goods; what others are promised already is promised twice. */
function raisesOf({ created, confirm, stood }: Found): Raise[] {
  const others = takenFromOthers(stood);
  if (created || !confirm || others === '') return [];
  return [
    { rule: 'promises_more_than_there_is', reason: `It promises goods that other orders are promised: ${others}.` },
  ];
}

const restsOnOrder = (order: Row, lines: readonly Line[], open: readonly OpenPackage[]) => ({
  salesorder_id: textIn(order, 'salesorder_id'),
  status: textIn(order, 'status'),
  last_modified_time: textIn(order, 'last_modified_time'),
  lines: lines.map(({ lineId, itemId, warehouseId, quantity, packed, shipped }) => [
    ...[lineId, itemId, warehouseId, formatMicro(quantity), formatMicro(packed), formatMicro(shipped)],
  ]),
  packages: open.map(({ packageId, status }) => [packageId, status]),
});
