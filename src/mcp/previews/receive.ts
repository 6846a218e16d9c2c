import { InvalidArguments } from '../../errors.ts';
import { type Availability, figuresOf, readAvailability } from '../../workflows/availability.ts';
import { amountMinor, formatMicro, formatMoney, sumOf } from '../../workflows/numbers.ts';
import { type OrderLine, outstanding } from '../../workflows/order-lines.ts';
import { restsOnStock } from '../../workflows/promises.ts';
import { microIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { counted, named, plainText } from '../../workflows/text.ts';
import { baseOf, inBase, type Order, purchase, readOrder, restsOnOrder } from './orders.ts';
import type { Planner, Planning } from './planner.ts';
import { beforeAfter, itemLabel, quantityText, quoted, refusal, unitOf } from './words.ts';

/** What arrives of one line in one warehouse; quantity in 1e-6 units. */
interface Arrival {
  readonly line: OrderLine;
  readonly quantity: bigint;
  readonly warehouseId: string;
}

function arrivalsOf(order: Order, planning: Planning): Arrival[] {
  return rowsIn(planning.input, 'line_items').map((given) => {
    const lineId = textIn(given, 'line_item_id');
    const line = order.lines.find((candidate) => candidate.lineId === lineId);
    if (!line) {
      const known = order.lines.map((one) => `${one.lineId} = ${one.label}`);
      throw new InvalidArguments(
        `${order.number} has no line ${lineId}, so nothing can be received on it. Its lines: ${known.join('; ')}.`,
        { nothingSent: true },
      );
    }
    const warehouseId = textIn(given, 'warehouse_id') || line.warehouseId;
    return { line, quantity: microIn(given, 'quantity_received') ?? 0n, warehouseId };
  });
}

const totalOf = (arrivals: readonly Arrival[]): bigint => sumOf(arrivals.map(({ quantity }) => quantity));

function lineWords(line: OrderLine, arrivals: readonly Arrival[]): string {
  const now = totalOf(arrivals.filter((arrival) => arrival.line === line));
  const after = line.done + now;
  const rest = line.quantity - after;
  const left =
    rest > 0n
      ? `${quantityText(rest, line.unit)} still to come`
      : rest < 0n
        ? `${quantityText(-rest, line.unit)} more than ordered`
        : 'complete';
  const before = line.done === 0n ? '' : `, ${formatMicro(line.done)} received before`;
  return `${line.label}: ${formatMicro(now)} of ${quantityText(line.quantity, line.unit)} ordered${before}; ${left}`;
}

/** Lines of the order that nothing arrives of, in one line. */
function waitingWords(order: Order, arrivals: readonly Arrival[]): string[] {
  const waiting = order.lines.filter(
    (line) => outstanding(line) > 0n && !arrivals.some((arrival) => arrival.line === line),
  );
  const words = waiting.map((line) => `${quantityText(outstanding(line), line.unit)} ${line.label}`);
  return words.length === 0 ? [] : [`Not in this receipt, still to come: ${plainText(words.join(', '), 300)}`];
}

/** On hand in the warehouse where the goods go, and of the item in all. */
function stockWords(figures: Availability, arrivals: readonly Arrival[], place: string): string {
  const unit = unitOf(figures.row);
  const arriving = arrivals.filter(({ line }) => line.itemId === figures.itemId);
  const here = totalOf(arriving.filter(({ warehouseId }) => warehouseId === (figures.warehouseId ?? '')));
  const all = figuresOf(figures.row).onHand;
  const inAll = beforeAfter('on hand', all, all + totalOf(arriving), unit);
  if (place === '') return inAll;
  const there = `in ${place} ${beforeAfter('on hand', figures.onHand, figures.onHand + here, unit)}`;
  return all === figures.onHand && totalOf(arriving) === here ? there : `${there}; in all ${inAll}`;
}

/** Each line that something arrives of, with its stock beside it where the item arrives on one line and in one place. */
function arrivalWords(
  order: Order,
  arrivals: readonly Arrival[],
  availability: readonly Availability[],
  names: ReadonlyMap<string, string>,
): string[] {
  const words = (figures: Availability) => stockWords(figures, arrivals, names.get(figures.warehouseId ?? '') ?? '');
  const arriving = order.lines.filter((line) => arrivals.some((arrival) => arrival.line === line));
  const alone = ({ itemId }: { itemId: string }): boolean =>
    arriving.filter((line) => line.itemId === itemId).length === 1 &&
    availability.filter((figures) => figures.itemId === itemId).length === 1;
  return [
    ...arriving.map((line) => {
      const own = availability.find((figures) => figures.itemId === line.itemId);
      return own && alone(line) ? `${lineWords(line, arrivals)}; ${words(own)}` : lineWords(line, arrivals);
    }),
    ...availability.filter((figures) => !alone(figures)).map((one) => `${itemLabel(one.row)}: ${words(one)}`),
  ];
}

async function placeNames({ api }: Planning, order: Order, arrivals: readonly Arrival[]): Promise<Map<string, string>> {
  const names = new Map(order.lines.map(({ warehouseId, warehouseName }) => [warehouseId, warehouseName]));
  if (arrivals.every(({ warehouseId }) => warehouseId === '' || names.get(warehouseId))) return names;
  const rows = rowsIn(await api.call('list_warehouses', { page: 1, per_page: 200 }), 'warehouses');
  for (const row of rows) names.set(textIn(row, 'warehouse_id'), named(row.warehouse_name, 60));
  return names;
}

function refusals(order: Order, arrivals: readonly Arrival[], { input, today }: Planning): string[] {
  const over = order.lines.filter((line) => totalOf(arrivals.filter((one) => one.line === line)) > outstanding(line));
  const date = textIn(input, 'receive_date');
  return [
    ...(/^(issued|partially_received)$/.test(order.status)
      ? []
      : [refusal(`the order is ${order.status}, not issued`)]),
    ...over.map(({ label }) => refusal(`more ${label} than was ordered; raise the line of the order first`)),
    ...(date > today ? [refusal(`the date ${date} lies ahead`)] : []),
  ];
}

export const receivePurchaseOrder: Planner = async (planning) => {
  const order = await readOrder(planning, purchase);
  const arrivals = arrivalsOf(order, planning);
  const places = new Map(arrivals.map((one) => [`${one.line.itemId} ${one.warehouseId}`, one]));
  const availability = await readAvailability(
    planning.api,
    [...places.values()].map(({ line, warehouseId, quantity }) => ({
      item_id: line.itemId,
      quantity,
      ...(warehouseId === '' ? {} : { warehouse_id: warehouseId }),
    })),
  );
  const names = await placeNames(planning, order, arrivals);
  const value = sumOf(
    arrivals.map(({ line, quantity }) => amountMinor(quantity, line.netRate ?? line.rate ?? 0n, order.currency)),
  );
  const base = await inBase(value, order, planning);
  const inOwn = formatMoney(value, order.currency);
  const worth = base === value ? inOwn : `${inOwn} (${formatMoney(base, await baseOf(order, planning))})`;
  const short = arrivals.map(({ line, quantity }) => `${quantityText(quantity, line.unit)} ${line.label}`);
  const what = short.join(', ').length <= 70 ? short.join(', ') : counted(arrivals.length, 'line');
  const notes = textIn(planning.input, 'notes');
  return {
    summary: `Receive on ${order.number} from ${order.party}: ${what}, worth ${inOwn}`,
    lines: [
      ...arrivalWords(order, arrivals, availability, names),
      ...waitingWords(order, arrivals),
      `Worth ${worth} at the prices of the order. Received on ${textIn(planning.input, 'receive_date') || `${planning.today} (today)`}.`,
      ...(notes === '' ? [] : [`Notes: ${quoted(notes)}`]),
      'Stock and its value rise by this; it cannot be undone by this server.',
      ...refusals(order, arrivals, planning),
    ],
    restsOn: { order: restsOnOrder(order), stock: restsOnStock(availability) },
    amount: base,
  };
};
