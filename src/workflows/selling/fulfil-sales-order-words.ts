import { formatMicro, sumOf } from '../numbers.ts';
import { type Row, rowIn } from '../rows.ts';
import { counted, named, plainText, quoted } from '../text.ts';
import type { OpenPackage, Packed } from './fulfil-sales-order-lines.ts';
import type { Stood } from './fulfil-sales-order-stock.ts';

const labelOf = ({ line }: Packed): string => `${named(line.name)} (${named(line.sku, 40) || `id ${line.itemId}`})`;

/** `Goes to: "..."`, as somebody typed it; empty where the order has no address of its own. */
export function addressLine(order: Row): string[] {
  const address = rowIn(order, 'shipping_address');
  const keys = ['attention', 'address', 'street2', 'city', 'state', 'zip', 'country'];
  const words = keys.map((key) => plainText(address[key], 80)).filter((part) => part !== '');
  return words.length === 0 ? [] : [`Goes to: ${quoted(words.join(', '), 300)}.`];
}

/** `10 of 30 pcs Desk Mat (DMAT)`; `30 pcs ...` where it is the whole line. */
export function packedWords(packed: Packed): string {
  const { quantity, line } = packed;
  const whole = quantity === line.quantity ? '' : ` of ${formatMicro(line.quantity)}`;
  return `${formatMicro(quantity)}${whole} ${named(line.unit, 20)}`.trim().concat(` ${labelOf(packed)}`);
}

/** All of it where that is short enough for one line, else how much. */
export function contentsInShort(contents: readonly Packed[], most = 70): string {
  const words = contents.map(
    (packed) => `${formatMicro(packed.quantity)} ${named(packed.line.unit, 20)} ${labelOf(packed)}`,
  );
  const all = words.join(', ');
  if (all.length <= most) return all;
  const units = formatMicro(sumOf(contents.map(({ quantity }) => quantity)));
  return `${counted(contents.length, 'line')}, ${counted(units, 'unit')}`;
}

/** `packing 30 pcs Desk Mat (DMAT) in Oakland`. */
export const packingTitle = ({ contents, warehouse }: { contents: string; warehouse: string }): string =>
  `packing ${contents}${warehouse === '' ? '' : ` in ${named(warehouse)}`}`;

/** `Pack in Oakland: 30 pcs Desk Mat (DMAT).`; many lines stand below it. */
export function packLines(contents: readonly Packed[]): string[] {
  const place = contents[0]?.warehouseName ?? '';
  const head = `Pack${place === '' ? '' : ` in ${named(place)}`}:`;
  if (contents.length > 3) return [head, ...contents.map((packed) => `- ${packedWords(packed)}`)];
  return [`${head} ${contents.map(packedWords).join('; ')}.`];
}

export const shipReadyLine = ({ number, contents }: OpenPackage): string =>
  `Ship ${named(number, 40)}, which is packed already: ${contents.map(packedWords).join('; ')}.`;

/** `Left to pack: 5 DMAT, 3 MUG.`; what is left of one item in two warehouses says where. */
export function leftWords(
  left: readonly { sku: string; item_id: string; name: string; left_to_pack: number; warehouse?: string | undefined }[],
): string {
  const words = left.map(({ sku, item_id, name, left_to_pack, warehouse = '' }) => {
    const isTwice = left.some((other) => other.item_id === item_id && other.warehouse !== warehouse);
    return `${left_to_pack} ${named(sku) || named(name)}${isTwice && warehouse !== '' ? ` in ${named(warehouse)}` : ''}`;
  });
  return words.length === 0 ? 'Nothing is left to pack.' : `Left to pack: ${words.join(', ')}.`;
}

export interface Carriage {
  readonly carrier?: string | undefined;
  readonly tracking_number?: string | undefined;
  readonly date?: string | undefined;
}

/** `Carrier "FedEx", tracking number "1Z999", on 2026-11-23 (today).` */
export function carriageLine(
  { carrier = '', tracking_number, date }: Carriage,
  today: string,
  packages: number,
): string {
  const tracking =
    tracking_number === undefined ? 'no tracking number' : `tracking number ${quoted(tracking_number, 60)}`;
  const each = packages > 1 && tracking_number !== undefined ? ` on each of the ${packages} packages` : '';
  return `Carrier ${quoted(carrier, 60)}, ${tracking}${each}, on ${date ?? `${today} (today)`}.`;
}

/** `Desk Mat (DMAT) in Oakland: on hand 44 -> 4 pcs`. */
export function stockLine({ label, unit: given, warehouseName, onHand, pack, ship }: Stood): string {
  const unit = named(given, 20);
  const place = warehouseName === '' ? '' : ` in ${named(warehouseName)}`;
  const figures =
    ship > 0n
      ? `on hand ${formatMicro(onHand)} -> ${formatMicro(onHand - ship)} ${unit}`
      : `on hand stays ${formatMicro(onHand)} ${unit}`.trim().concat(`, ${formatMicro(pack)} of them set aside`);
  return `${label}${place}: ${figures.trim()}`;
}
