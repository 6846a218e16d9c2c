import type { Input } from '../../operations/define.ts';
import { changeLine, changesOf, givenLines, inShort, updateSummary } from '../../workflows/changes.ts';
import { formatMicro } from '../../workflows/numbers.ts';
import { type LineChanges, lineChanges } from '../../workflows/order-lines.ts';
import { microIn, type Row, rowIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { counted, named, plainText } from '../../workflows/text.ts';
import { raisesOf } from '../rules.ts';
import type { Draft, Planner, Planning } from './planner.ts';
import { itemLabel, notUndone, quantityText, refusal, unitOf } from './words.ts';

/** Quantities in 1e-6. */
export interface TransferLine {
  readonly lineId: string;
  readonly itemId: string;
  readonly label: string;
  readonly unit: string;
  readonly quantity: bigint;
  readonly inTransit: bigint;
  readonly received: bigint;
}

/** A transfer as read. */
export interface Transfer {
  readonly row: Row;
  readonly number: string;
  readonly status: string;
  readonly from: { readonly id: string; readonly name: string };
  readonly to: { readonly id: string; readonly name: string };
  readonly lines: readonly TransferLine[];
}

/** One call. */
export const readTransfer = async ({ api, input }: Planning): Promise<Transfer> => {
  const row = rowIn(await api.call('get_transfer', { transfer_id: input.transfer_id }), 'transfer');
  const place = (side: string) => {
    const id = textIn(row, `${side}_warehouse_id`);
    return { id, name: named(row[`${side}_warehouse_name`], 60) || `warehouse ${id}` };
  };
  return {
    row,
    number: named(row.transfer_number, 40) || `id ${textIn(row, 'transfer_id')}`,
    status: plainText(row.status, 40) || 'unknown',
    from: place('from'),
    to: place('to'),
    lines: rowsIn(row, 'line_items').map((line) => ({
      lineId: textIn(line, 'line_item_id'),
      itemId: textIn(line, 'item_id'),
      label: itemLabel(line),
      unit: unitOf(line),
      quantity: microIn(line, 'quantity') ?? 0n,
      inTransit: microIn(line, 'quantity_in_transit') ?? 0n,
      received: microIn(line, 'quantity_received') ?? 0n,
    })),
  };
};

/** `transfer TRN-00003 Oakland -> Newark`. */
export const titleOf = ({ number, from, to }: Transfer): string => `transfer ${number} ${from.name} -> ${to.name}`;

/** Status, age and counts, as plain JSON. */
export const restsOnTransfer = ({ row, lines }: Transfer) => ({
  transfer_id: row.transfer_id ?? null,
  status: row.status ?? null,
  last_modified_time: row.last_modified_time ?? null,
  lines: lines.map(({ lineId, quantity, inTransit }) => [lineId, formatMicro(quantity), formatMicro(inTransit)]),
});

/** Given lines of a transfer, one text each, for a preview that reads nothing. */
const givenLineTexts = (input: Input): string[] =>
  rowsIn(input, 'line_items').map(
    (row) => `${formatMicro(microIn(row, 'quantity') ?? 0n)} of item ${textIn(row, 'item_id')}`,
  );

export const createTransfer: Planner = async ({ input }) => ({
  summary: `Create transfer from warehouse ${String(input.from_warehouse_id)} to ${String(input.to_warehouse_id)}: ${counted(rowsIn(input, 'line_items').length, 'line')}`,
  lines: [...givenLineTexts(input), ...givenLines(input, ['line_items', 'from_warehouse_id', 'to_warehouse_id'])],
  restsOn: null,
});

export const notDraft = ({ status }: Transfer): string[] =>
  status === 'draft' ? [] : [refusal(`it is ${status}, not a draft`)];

const contents = ({ lines }: Transfer): string[] =>
  lines.map(({ quantity, unit, label }) => `${quantityText(quantity, unit)} ${label}`);

async function ending(planning: Planning, verb: string, end: (transfer: Transfer) => string[]): Promise<Draft> {
  const transfer = await readTransfer(planning);
  return {
    summary: `${verb} ${titleOf(transfer)}, ${transfer.status}: ${counted(transfer.lines.length, 'line')}`,
    lines: [...contents(transfer), ...end(transfer)],
    restsOn: restsOnTransfer(transfer),
  };
}

export const deleteTransfer: Planner = (planning) =>
  ending(planning, 'Delete', ({ status }) => [
    'The transfer is gone for good; its number is not used again. No stock changes.',
    notUndone,
    ...(/^(draft|cancelled)$/.test(status) ? [] : [refusal(`it is ${status}: its goods have left`)]),
  ]);

const lineWordsOf = ({ kept, added, dropped }: LineChanges): string[] => [
  ...dropped.map(({ quantity, unit, label }) => `drops ${quantityText(quantity, unit)} ${label}`),
  ...kept.flatMap(({ before, after }) => {
    if (before.itemId !== after.itemId)
      return [`${before.label} becomes ${quantityText(after.quantity, '')} ${after.label}`];
    if (before.quantity === after.quantity) return [];
    return [`${before.label} ${formatMicro(before.quantity)} -> ${quantityText(after.quantity, after.unit)}`];
  }),
  ...added.map(({ quantity, unit, label }) => `adds ${quantityText(quantity, unit)} ${label}`),
];

const skipped = ['transfer_id', 'line_items', 'status'];

export const updateTransfer: Planner = async (planning) => {
  const { operation, input } = planning;
  const cancels = input.status === 'cancelled';
  if (cancels)
    return ending(planning, 'Cancel', (transfer) => [
      ...givenLines(input, skipped),
      `Status ${transfer.status} -> cancelled. A draft reserves nothing, so no stock changes. ${notUndone}`,
      ...notDraft(transfer),
    ]);
  if (!planning.mayRaise)
    return {
      summary: `Update transfer ${String(input.transfer_id)}: ${Object.keys(input)
        .filter((key) => key !== 'transfer_id')
        .join(', ')}`,
      lines: givenLines(input, ['transfer_id']),
      restsOn: null,
    };
  const transfer = await readTransfer(planning);
  const fields = changesOf(transfer.row, input, { skip: skipped, currency: '' });
  const texts = lineWordsOf(lineChanges(transfer.row, input));
  return {
    summary: updateSummary(`Update ${titleOf(transfer)}`, [
      ...texts.map((text) => ({ whole: text, name: 'lines' })),
      ...inShort(fields),
    ]),
    lines: [...fields.map(changeLine), ...texts, ...notDraft(transfer)],
    restsOn: { transfer: restsOnTransfer(transfer), changed: fields.map(changeLine) },
    raises: raisesOf({ operation, input, before: transfer.row }),
  };
};
