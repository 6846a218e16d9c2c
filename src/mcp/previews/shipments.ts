import type { Row } from '../../workflows/availability.ts';
import { formatMicro } from '../../workflows/numbers.ts';
import { linesOf, type OrderLine } from '../../workflows/order-lines.ts';
import { type Promises, readPromises, restsOnStock } from '../../workflows/promises.ts';
import { isRow, rowsIn, textIn } from '../../workflows/rows.ts';
import { counted, named, plainText } from '../../workflows/text.ts';
import {
  contentsInShort,
  isGone,
  type Package,
  packageTitle,
  packedText,
  readPackage,
  restsOnPackage,
} from './packages.ts';
import type { Draft, Planner, Planning } from './planner.ts';
import { beforeAfter, itemLabel, quoted, refusal, unitOf } from './words.ts';

const unit = 1_000_000n;

/** What really leaves: of a kit the parts, by the recipe that the package's record states. */
function leaving(found: Package): OrderLine[] {
  const rows = rowsIn(found.row, 'line_items');
  return found.lines.flatMap((line, index) => {
    const row = rows[index] ?? {};
    const { warehouseId, warehouseName } = line;
    const parts = linesOf({ line_items: rowsIn(row, 'mapped_items') });
    if (parts.length === 0) return [line];
    return parts.map((part) => ({
      ...part,
      quantity: (part.quantity * line.quantity) / unit,
      warehouseId,
      warehouseName,
    }));
  });
}

/** `on hand 60 -> 30 pcs` per item and warehouse whose stock is kept, and what there is too little of. */
function stockLines({ after, availability }: Promises): { lines: string[]; short: string[] } {
  const lines: string[] = [];
  const short: string[] = [];
  for (const { itemId, warehouseId, warehouseName, quantity } of after) {
    const figures = availability.find((one) => one.itemId === itemId && (one.warehouseId ?? '') === warehouseId);
    if (figures?.available === undefined) continue; // its stock is not kept
    const { row, onHand } = figures;
    const place = warehouseName || 'its warehouse';
    lines.push(`${itemLabel(row)} leaves ${place}: ${beforeAfter('on hand', onHand, onHand - quantity, unitOf(row))}`);
    if (onHand < quantity) short.push(`${itemLabel(row)}: only ${formatMicro(onHand)} on hand in ${place}`);
  }
  return { lines, short };
}

function addressText({ row }: Package): string[] {
  const address = row.shipping_address;
  if (!isRow(address)) return [];
  const parts = ['attention', 'address', 'street2', 'city', 'state', 'zip', 'country'].map((key) =>
    plainText(address[key], 80),
  );
  const words = parts.filter((part) => part !== '').join(', ');
  return words === '' ? [] : [`Goes to: ${quoted(words, 300)}`];
}

/** What the call says, else what the package planned. */
const planned = (input: Row, { row }: Package, key: string): string => textIn(input, key) || textIn(row, key);

function carriageText(input: Row, found: Package): string {
  const [carrier, service, tracking] = ['carrier', 'service_type', 'tracking_number'].map((key) =>
    planned(input, found, key),
  );
  const words = [
    carrier ? `Carrier ${quoted(carrier, 60)}` : 'No carrier is named',
    ...(service ? [`service ${quoted(service, 60)}`] : []),
    tracking ? `tracking number ${quoted(tracking, 60)}` : 'no tracking number',
  ];
  return `${words.join(', ')}.`;
}

function refusals(packages: readonly Package[], short: readonly string[], { input, today }: Planning): string[] {
  const day = textIn(input, 'shipment_date');
  const orderId = textIn(input, 'salesorder_id');
  return [
    ...packages.filter(isGone).map(({ number, status }) => refusal(`${number} is ${status} already`)),
    ...packages
      .filter(({ row }) => orderId !== '' && textIn(row, 'salesorder_id') !== orderId)
      .map(({ number, order }) => refusal(`${number} belongs to ${order}`)),
    ...packages
      .filter(({ row }) => day !== '' && textIn(row, 'date') > day)
      .map(({ number, row }) => refusal(`${number} was packed later, on ${textIn(row, 'date')}`)),
    ...(day > today ? [refusal(`the date ${day} lies ahead`)] : []),
    ...short.map(refusal),
  ];
}

async function shipping(planning: Planning, ids: readonly unknown[]): Promise<Draft> {
  const { input, api, today } = planning;
  const packages = await Promise.all(ids.map((id) => readPackage(planning, id)));
  const lines = packages.flatMap(({ lines: all }) => all);
  const promises = await readPromises(api, [], packages.flatMap(leaving));
  const stock = stockLines(promises);
  const [first] = packages;
  const what =
    packages.length === 1 && first
      ? `${first.number} of ${first.order} to ${first.party}`
      : `${counted(packages.length, 'package')} (${packages.map(({ number }) => number).join(', ')}) to ${first?.party ?? ''}`;
  const carrier = first ? planned(input, first, 'carrier') : '';
  const notes = textIn(input, 'notes');
  return {
    summary: `Ship ${what}: ${contentsInShort(lines)}${carrier === '' ? '' : `, by ${named(carrier, 30)}`}`,
    lines: [
      ...packages.flatMap((found) => [
        `${packageTitle(found)}:`,
        ...found.lines.map((line) => `- ${packedText(line)}`),
      ]),
      ...stock.lines,
      ...(first ? [carriageText(input, first), ...addressText(first)] : []),
      `Shipped on ${textIn(input, 'shipment_date') || `${today} (today)`}.`,
      ...(notes === '' ? [] : [`Notes: ${quoted(notes)}`]),
      'The goods leave stock; it cannot be undone by this server.',
      ...refusals(packages, stock.short, planning),
    ],
    restsOn: { packages: packages.map(restsOnPackage), stock: restsOnStock(promises.availability) },
  };
}

export const shipPackage: Planner = (planning) => shipping(planning, [planning.input.package_id]);

export const createShipmentOrder: Planner = (planning) => {
  const ids = planning.input.package_ids;
  return shipping(planning, Array.isArray(ids) ? [...new Set(ids)] : []);
};
