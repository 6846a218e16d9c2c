import { changeLine, changesOf, givenLines, inShort, updateSummary } from '../../workflows/changes.ts';
import { formatMicro, sumOf } from '../../workflows/numbers.ts';
import {
  type LineChanges,
  lineChanges,
  lineChangeTexts,
  linesOf,
  type OrderLine,
} from '../../workflows/order-lines.ts';
import { microIn, type Row, rowIn, rowsIn, textIn } from '../../workflows/rows.ts';
import { counted, named, plainText } from '../../workflows/text.ts';
import { raisesOf } from '../rules.ts';
import type { Draft, Planner, Planning } from './planner.ts';
import { notUndone, partyLabel, quantityText, refusal } from './words.ts';

/** A package as read, with what every preview says of it. */
export interface Package {
  readonly row: Row;
  readonly number: string;
  readonly order: string;
  readonly party: string;
  readonly status: string;
  readonly lines: readonly OrderLine[];
}

/** One call. Errors go up: no preview, no write. */
export async function readPackage({ api }: Planning, packageId: unknown): Promise<Package> {
  const row = rowIn(await api.call('get_package', { package_id: packageId }), 'package');
  return {
    row,
    number: named(row.package_number, 40) || `id ${textIn(row, 'package_id')}`,
    order: named(row.salesorder_number, 40) || `order id ${textIn(row, 'salesorder_id')}`,
    party: partyLabel(row),
    status: plainText(row.status, 40) || 'unknown',
    lines: linesOf(row),
  };
}

/** Status, age and contents, as plain JSON. */
export const restsOnPackage = ({ row, lines }: Package) => ({
  package_id: row.package_id ?? null,
  status: row.status ?? null,
  last_modified_time: row.last_modified_time ?? null,
  lines: lines.map(({ lineId, itemId, quantity, warehouseId }) => [lineId, itemId, formatMicro(quantity), warehouseId]),
});

/** `package PKG-00009 of SO-00017, Bluebird Cafe, draft`. */
export const packageTitle = ({ number, order, party, status }: Package): string =>
  `package ${number} of ${order}, ${party}, ${status}`;

const placed = ({ warehouseName }: OrderLine): string => (warehouseName === '' ? '' : `, ${warehouseName}`);

/** `6 pcs USB-C Cable 2 m (UCC-2M), Oakland`. */
export const packedText = (line: OrderLine): string =>
  `${quantityText(line.quantity, line.unit)} ${line.label}${placed(line)}`;

/** What is in it, per item, where it fits into a summary; else how many lines there are. */
export function contentsInShort(lines: readonly OrderLine[]): string {
  const items = [...new Set(lines.map(({ itemId }) => itemId))].map((itemId) => {
    const own = lines.filter((line) => line.itemId === itemId);
    return `${quantityText(sumOf(own.map(({ quantity }) => quantity)), own[0]?.unit ?? '')} ${own[0]?.label ?? ''}`;
  });
  const words = items.join(', ');
  return words.length <= 70 ? words : counted(lines.length, 'line');
}

/** Whether the goods have left. The live service has more words for it than for a package that is still here. */
export const isGone = ({ status }: Package): boolean =>
  !/^(draft|ready[ _]to[ _]ship|not[ _]shipped|packed)$/i.test(status);

/** What a call says of a package that no rule can raise; nothing is read. */
const unread =
  (words: (planning: Planning) => string, skip: readonly string[]): Planner =>
  async (planning): Promise<Draft> => ({
    summary: words(planning),
    lines: givenLines(planning.input, skip),
    restsOn: null,
  });

export const createPackage: Planner = unread(
  ({ input }) => {
    const rows = rowsIn(input, 'line_items');
    const all = sumOf(rows.map((row) => microIn(row, 'quantity') ?? 0n));
    const number = input.package_number ? ` ${named(input.package_number, 40)}` : '';
    return `Create package${number} of sales order id ${textIn(input, 'salesorder_id')}: ${counted(rows.length, 'line')}, ${formatMicro(all)} in all`;
  },
  ['salesorder_id'],
);

export const deliverPackage: Planner = unread(
  ({ input }) => `Mark package id ${textIn(input, 'package_id')} as delivered`,
  ['package_id'],
);

export const deletePackage: Planner = async (planning) => {
  const found = await readPackage(planning, planning.input.package_id);
  return {
    summary: `Delete ${packageTitle(found)}: unpacks ${contentsInShort(found.lines)}`,
    lines: [
      ...found.lines.map(packedText),
      'Its goods are free to be packed again; what is on hand does not change.',
      `The package is gone for good; its number is not used again. ${notUndone}`,
      ...(isGone(found) ? [refusal(`it is ${found.status}`)] : []),
    ],
    restsOn: restsOnPackage(found),
  };
};

/**
 * Lines of a package are known again by the line of the order they fill, in their order where two fill the same one:
 * packing anew gives them new ids.
 */
function byOrderLine(record: Row): Row {
  const seen = new Map<string, number>();
  const line_items = rowsIn(record, 'line_items').map((row) => {
    const filled = textIn(row, 'so_line_item_id');
    const count = (seen.get(filled) ?? 0) + 1;
    seen.set(filled, count);
    return { ...row, line_item_id: `${filled} ${count}` };
  });
  return { ...record, line_items };
}

// A new line names only the line of the order that it fills.
const labelled = (line: OrderLine): OrderLine =>
  line.itemId === '' ? { ...line, label: `of order line ${line.lineId || 'new'}` } : line;

const unpackedShort = ({ kept, added, dropped }: LineChanges) => [
  ...dropped.map((line) => ({ whole: `unpacks ${packedText(line)}`, name: 'unpacked lines' })),
  ...kept.flatMap(({ before, after }) =>
    packedText(before) === packedText(after)
      ? []
      : [
          {
            whole: `${before.label} ${formatMicro(before.quantity)} -> ${quantityText(after.quantity, after.unit)}`,
            name: 'lines',
          },
        ],
  ),
  ...(added.length === 0 ? [] : [{ whole: `packs ${counted(added.length, 'more line')}`, name: 'added lines' }]),
];

export const updatePackage: Planner = async (planning) => {
  const { operation, input } = planning;
  const fields = Object.keys(input).filter((key) => key !== 'package_id');
  if (!planning.mayRaise) {
    const what = fields.length > 0 ? `: ${fields.join(', ')}` : '';
    return unread(() => `Update package id ${textIn(input, 'package_id')}${what}`, ['package_id'])(planning);
  }
  const found = await readPackage(planning, input.package_id);
  const before = byOrderLine(found.row);
  const given = input.line_items === undefined ? input : { ...input, ...byOrderLine(input) };
  const changes = changesOf(found.row, input, { skip: ['package_id', 'line_items'], currency: '' });
  const all = lineChanges(before, given);
  const lines: LineChanges = { ...all, added: all.added.map(labelled) };
  return {
    summary: updateSummary(`Update package ${found.number} of ${found.order}`, [
      ...unpackedShort(lines),
      ...inShort(changes),
    ]),
    lines: [
      ...lineChangeTexts(lines, ''),
      ...changes.map(changeLine),
      ...(isGone(found) && input.line_items !== undefined
        ? [refusal(`it is ${found.status} and its contents cannot change`)]
        : []),
    ],
    restsOn: restsOnPackage(found),
    raises: raisesOf({ operation, input: given, before }),
  };
};
