import { InvalidArguments } from '../../errors.ts';
import { aboutItems } from '../about.ts';
import type { Plan } from '../define.ts';
import { formatMicro, microToNumber, minorToNumber, sumOf } from '../numbers.ts';
import { counted, plainText } from '../text.ts';
import { type BadRow, type Line, magnitude, rowWords, sheetLine } from './set-stock-levels-rows.ts';
import type { LevelSteps } from './set-stock-levels-run.ts';
import {
  addedUpWords,
  type Found,
  headingOf,
  previewOf,
  reasonOf,
  type Sums,
  sumsOf,
} from './set-stock-levels-words.ts';

/** Lines of one adjustment: the most that create_stock_adjustment takes. */
const mostLines = 200;
/** Rows of a result; of bad rows where nothing is written more, so that a list is mended in one go. */
const mostRows = 50;
const mostBadRows = 200;
const mostBadInWords = 10;

/** All that is wrong at once; nothing was written. */
export function refuseBad(badRows: readonly BadRow[], rows: number): InvalidArguments {
  const shown = badRows.slice(0, mostBadInWords).map(rowWords);
  const more = badRows.length > shown.length ? [`... and ${badRows.length - shown.length} more, see bad_rows.`] : [];
  const canSkip = badRows.length < rows;
  const words = [
    `${badRows.length} of ${counted(rows, 'row')} cannot be written, so nothing was written.`,
    ...shown,
    ...more,
    canSkip ? 'Mend them, or set skip_bad to leave them out.' : 'Mend them and call again.',
  ];
  const facts = {
    bad_rows: badRows.slice(0, mostBadRows),
    ...(badRows.length > mostBadRows ? { bad_rows_in_all: badRows.length } : {}),
  };
  return new InvalidArguments(words.join('\n'), { nothingSent: true, facts });
}

/** Words and figures of the count sheet, and the fewest adjustments that post what differs. */
export function levelsPlan(found: Found): Plan<LevelSteps> {
  const { lines, badRows, mode, currency } = found;
  const sums = sumsOf(found);
  const { moved, sheet } = sums;
  const documents = documentsOf(found, moved);
  const counts = countsOf(found, sums);
  const isSame = moved.length === 0;
  const rows = lines.reduce((sum, line) => sum + line.rows.length, 0);
  const nothing = `Nothing differs from the book in ${counted(rows, 'row')}; nothing was written.`;
  const heading = headingOf(sums, currency);
  const what = mode === 'set_to' ? 'Set counted stock' : 'Change stock';
  const without = badRows.length > 0 ? `; ${badRows.length} left out` : '';
  const seeLeftOut = badRows.length > 0 ? ` ${counted(badRows.length, 'row')} left out, see left_out.` : '';
  return {
    summary: isSame ? `${what}: nothing differs` : plainText(`${what}: ${heading}${without}`, 160),
    preview: isSame ? [nothing, ...addedUpWords(lines)] : previewOf(found, sums, documents.length),
    facts: counts,
    // Of every row, those included that agree: one that moves since would differ.
    restsOn: {
      levels: lines.map(({ itemId, warehouseId, before, after }) => [
        itemId,
        warehouseId,
        formatMicro(before),
        formatMicro(after),
      ]),
      leftOut: badRows.map(({ row, verdict }) => [row, verdict]),
    },
    steps: {
      mode,
      documents,
      counts,
      sheet: sheet.slice(0, mostRows).map((line) => sheetLine(line, mode, (minor) => minorToNumber(minor, currency))),
      leftOut: badRows.slice(0, mostRows).map((row) => ({ ...row })),
      shown: [
        ...(sheet.length > mostRows ? [`count_sheet: the largest ${mostRows} of ${sheet.length} differences.`] : []),
        ...(badRows.length > mostRows ? [`left_out: the first ${mostRows} of ${badRows.length} rows.`] : []),
      ],
      message: [isSame ? nothing : `${mode === 'set_to' ? 'Set' : 'Changed'} ${heading}.`, ...addedUpWords(lines)]
        .join(' ')
        .concat(seeLeftOut),
    },
    documents: documents.length,
    raises: [],
    amountMinor: Number(sumOf(moved.map(({ value = 0n }) => magnitude(value)))),
    ...(isSame ? { nothingToDo: true } : {}),
    about: aboutItems(lines.map(({ itemId }) => itemId)),
  };
}

function countsOf({ sheet, lines, badRows, currency }: Found, { moved, plus, minus, total, unknown, recount }: Sums) {
  const money = (minor: bigint) => minorToNumber(minor, currency);
  return {
    rows: sheet.rows.length,
    changed: moved.length,
    same: lines.length - moved.length,
    ...(badRows.length > 0 ? { left_out_rows: badRows.length } : {}),
    ...(recount > 0 ? { to_recount: recount } : {}),
    ...(plus.levels > 0 ? { plus: plus.units, plus_value: money(plus.value) } : {}),
    ...(minus.levels > 0 ? { minus: minus.units, minus_value: money(minus.value) } : {}),
    ...(moved.length > 0 ? { value: money(total), currency_code: currency } : {}),
    ...(unknown.length > 0 ? { without_cost: unknown.length } : {}),
  };
}

/**
 * What differs, in the order of the rows. Written are the differences, never `set_to`: goods that are sold or received in the
 * moments between the last reading and the write, or before a job that stopped goes on, are then not counted away.
 */
function documentsOf({ mode, reason, date }: Found, moved: readonly Line[]): LevelSteps['documents'] {
  const head = {
    adjustment_type: mode === 'set_to' ? 'Stock Count' : 'Quantity Adjustment',
    reason: reasonOf({ mode, reason }),
    ...(date === undefined ? {} : { date }),
  };
  return Array.from({ length: Math.ceil(moved.length / mostLines) }, (_, index) => {
    const lines = moved.slice(index * mostLines, (index + 1) * mostLines);
    return {
      create: {
        ...head,
        line_items: lines.map(({ itemId, warehouseId, difference, before, after }) => ({
          item_id: itemId,
          warehouse_id: warehouseId,
          adjust_quantity_by: difference > 0n ? 'increase' : 'decrease',
          quantity_adjusted: microToNumber(difference),
          ...(mode === 'set_to' ? { description: `Counted ${formatMicro(after)}, book ${formatMicro(before)}` } : {}),
        })),
      },
      lines: lines.length,
      rows: lines.flatMap(({ rows }) => rows),
    };
  });
}
