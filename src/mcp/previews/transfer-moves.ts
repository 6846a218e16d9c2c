import { InvalidArguments } from '../../errors.ts';
import { type Availability, readAvailability } from '../../workflows/availability.ts';
import { formatMicro, sumOf } from '../../workflows/numbers.ts';
import { restsOnStock } from '../../workflows/promises.ts';
import { microIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { counted } from '../../workflows/text.ts';
import type { Planner, Planning } from './planner.ts';
import { notDraft, readTransfer, restsOnTransfer, type Transfer, type TransferLine, titleOf } from './transfers.ts';
import { beforeAfter, itemLabel, notUndone, quantityText, refusal, unitOf } from './words.ts';

/** `20 pcs USB-C Cable 2 m (UCC-2M)`, or how many lines where that would be long. */
function inShortWords(moves: readonly { line: TransferLine; quantity: bigint }[]): string {
  const words = moves.map(({ line, quantity }) => `${quantityText(quantity, line.unit)} ${line.label}`).join(', ');
  return words.length <= 80 ? words : counted(moves.length, 'line');
}

interface Moves {
  readonly moves: readonly { readonly line: TransferLine; readonly quantity: bigint }[];
  readonly availability: readonly Availability[];
}

/** Figures of each item that moves, in both warehouses. */
const readBoth = (planning: Planning, { from, to }: Transfer, moves: Moves['moves']): Promise<Availability[]> =>
  readAvailability(
    planning.api,
    [...new Set(moves.map(({ line }) => line.itemId))].flatMap((item_id) =>
      [from, to].map(({ id }) => ({ item_id, quantity: 0n, warehouse_id: id })),
    ),
  );

const movedOf = ({ moves }: Moves, itemId: string): bigint =>
  sumOf(moves.filter(({ line }) => line.itemId === itemId).map(({ quantity }) => quantity));

/** Per item: the source, what is on the way, the destination; `sign` 1 when goods leave, -1 when they arrive. */
function moveLines(transfer: Transfer, found: Moves, leaves: boolean): string[] {
  const { from, to } = transfer;
  return found.availability.flatMap((source, index) => {
    const target = found.availability[index + 1];
    if (source.warehouseId !== from.id || !target) return [];
    const moved = movedOf(found, source.itemId);
    const unit = unitOf(source.row);
    const transit = microIn(source.row, 'quantity_in_transit');
    const after = (transit ?? 0n) + (leaves ? moved : -moved);
    return [
      [
        `${itemLabel(source.row)}: ${from.name} ${beforeAfter('on hand', source.onHand, leaves ? source.onHand - moved : source.onHand, unit)}`,
        ...(transit === undefined ? [] : [beforeAfter('in transit', transit, after, unit)]),
        `${to.name} ${beforeAfter('on hand', target.onHand, leaves ? target.onHand : target.onHand + moved, unit)}`,
      ].join('; '),
    ];
  });
}

/** Set aside in packages there; 0 where the record does not tell. */
const packedIn = ({ row, warehouseId }: Availability): bigint =>
  microIn(
    rowsIn(row, 'warehouses').find((place) => textIn(place, 'warehouse_id') === warehouseId) ?? {},
    'warehouse_quantity_packed',
  ) ?? 0n;

function notFree(source: Availability, place: string): string {
  const unit = unitOf(source.row);
  const packed = packedIn(source);
  const aside = packed > 0n ? `, ${quantityText(packed, unit)} of them packed` : '';
  return refusal(`${itemLabel(source.row)}: only ${quantityText(source.onHand, unit)} on hand in ${place}${aside}`);
}

export const sendTransfer: Planner = async (planning) => {
  const transfer = await readTransfer(planning);
  const moves = transfer.lines.map((line) => ({ line, quantity: line.quantity }));
  const found = { moves, availability: await readBoth(planning, transfer, moves) };
  const sources = found.availability.filter(({ warehouseId }) => warehouseId === transfer.from.id);
  const { name } = transfer.from;
  return {
    summary: `Send ${titleOf(transfer)}: ${inShortWords(moves)}`,
    lines: [
      ...moveLines(transfer, found, true),
      ...sources.flatMap((source) => {
        const left = (source.available ?? 0n) - movedOf(found, source.itemId);
        const short = source.onHand >= movedOf(found, source.itemId) && left < 0n;
        const unit = unitOf(source.row);
        return short
          ? [
              `${itemLabel(source.row)}: ${quantityText(-left, unit)} more would be promised in ${name} than are left there.`,
            ]
          : [];
      }),
      `Status ${transfer.status} -> in_transit. The goods can be sold from neither warehouse until receive_transfer.`,
      'A transfer that was sent cannot be cancelled or deleted; it can only be received.',
      ...notDraft(transfer),
      ...sources
        .filter((source) => movedOf(found, source.itemId) > source.onHand - packedIn(source))
        .map((source) => notFree(source, name)),
    ],
    restsOn: { transfer: restsOnTransfer(transfer), stock: restsOnStock(found.availability) },
  };
};

function arrivals(transfer: Transfer, { input }: Planning): Moves['moves'] {
  if (input.line_items === undefined)
    return transfer.lines.filter(({ inTransit }) => inTransit > 0n).map((line) => ({ line, quantity: line.inTransit }));
  return rowsIn(input, 'line_items').map((given) => {
    const lineId = textIn(given, 'line_item_id');
    const line = transfer.lines.find((one) => one.lineId === lineId);
    if (!line) {
      const known = transfer.lines.map((one) => `${one.lineId} = ${one.label}`).join('; ');
      throw new InvalidArguments(
        `${transfer.number} has no line ${lineId}, so nothing can be received on it. Its lines: ${known}.`,
        { nothingSent: true },
      );
    }
    return { line, quantity: microIn(given, 'quantity_received') ?? 0n };
  });
}

function lineWords(line: TransferLine, moves: Moves['moves']): string {
  const now = sumOf(moves.filter((move) => move.line === line).map(({ quantity }) => quantity));
  const rest = line.inTransit - now;
  const end =
    rest > 0n
      ? `${quantityText(rest, line.unit)} stay in transit`
      : rest === 0n
        ? 'complete'
        : 'more than is in transit';
  return `${line.label}: sent ${formatMicro(line.received + line.inTransit)}, received so far ${formatMicro(line.received)}, now ${formatMicro(now)}; ${end}`;
}

export const receiveTransfer: Planner = async (planning) => {
  const { input, today } = planning;
  const transfer = await readTransfer(planning);
  const moves = arrivals(transfer, planning);
  const found = { moves, availability: await readBoth(planning, transfer, moves) };
  const now = (line: TransferLine) => sumOf(moves.filter((move) => move.line === line).map(({ quantity }) => quantity));
  const over = transfer.lines.filter((line) => now(line) > line.inTransit);
  const isWhole = transfer.lines.every((line) => now(line) >= line.inTransit);
  const date = textIn(input, 'receive_date');
  return {
    summary: `Receive ${titleOf(transfer)}: ${moves.length === 0 ? 'nothing is in transit' : inShortWords(moves)}`,
    lines: [
      ...transfer.lines.map((line) => lineWords(line, moves)),
      ...moveLines(transfer, found, false),
      `Received on ${date || `${today} (today)`}. ${isWhole ? `Status ${transfer.status} -> received` : 'It stays in transit with the rest'}. ${notUndone}`,
      ...(transfer.status === 'in_transit' ? [] : [refusal(`it is ${transfer.status}, not in transit`)]),
      ...over.map(({ label, inTransit, unit }) =>
        refusal(`only ${quantityText(inTransit, unit)} ${label} are in transit`),
      ),
      ...(date > today ? [refusal(`the date ${date} lies ahead`)] : []),
    ],
    restsOn: { transfer: restsOnTransfer(transfer), stock: restsOnStock(found.availability) },
  };
};
