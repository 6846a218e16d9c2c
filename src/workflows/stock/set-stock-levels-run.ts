import * as z from 'zod';
import { bindApi } from '../api.ts';
import type { Api, Plan, WorkflowContext } from '../define.ts';
import { createSteps, type Told } from '../partly-done.ts';
import { parseBy, type Row, rowIn, textIn } from '../rows.ts';
import { counted, named } from '../text.ts';
import { rangesOf } from './set-stock-levels-rows.ts';

const document = z.object({
  /** The very input of create_stock_adjustment. */
  create: z.record(z.string(), z.unknown()),
  lines: z.number(),
  /** Rows of the list that stand in it. */
  rows: z.array(z.number()),
});
const steps = z.object({
  mode: z.enum(['set_to', 'change']),
  documents: z.array(document),
  /** Lines of the result that the plan knows already. */
  counts: z.record(z.string(), z.unknown()),
  sheet: z.array(z.record(z.string(), z.unknown())),
  leftOut: z.array(z.record(z.string(), z.unknown())),
  shown: z.array(z.string()),
  message: z.string(),
});
export type LevelSteps = z.infer<typeof steps>;
type Document = LevelSteps['documents'][number];

/** Posts one adjustment after the other, in the plan's order, and stops at the first that fails. */
export async function runLevels(given: Api, plan: Plan, context: WorkflowContext) {
  const { mode, documents, counts, sheet, leftOut, shown, message } = parseBy(steps, plan.steps);
  const api = bindApi(given, context);
  const titles = documents.map(titleOf);
  const posted: Row[] = [];
  const step = createSteps({
    titles,
    goOn: (replies) => goOnWords(mode, documents, replies.length),
    progress: context.progress,
  });
  for (const one of documents) {
    const reply = await step({
      title: titleOf(one),
      write: () => api.call('create_stock_adjustment', one.create),
      told: (answer) => adjustmentPosted(one, rowIn(answer, 'inventory_adjustment')),
      look: 'Look with list_stock_adjustments whether it is there, and with get_stock_adjustment at its lines.',
    });
    posted.push(rowIn(reply, 'inventory_adjustment'));
  }
  const numbers = posted.map((row) => named(row.adjustment_number, 40));
  return {
    message: posted.length === 0 ? message : `${message} Posted as ${numbers.join(', ')}.`,
    ...counts,
    ...(posted.length === 0
      ? {}
      : {
          adjustments: posted.map((row, index) => ({
            inventory_adjustment_id: textIn(row, 'inventory_adjustment_id'),
            adjustment_number: textIn(row, 'adjustment_number'),
            lines: documents[index]?.lines ?? 0,
            ...(row.total === undefined ? {} : { value_booked: row.total }),
          })),
        }),
    ...(sheet.length === 0 ? {} : { count_sheet: sheet }),
    ...(leftOut.length === 0 ? {} : { left_out: leftOut }),
    ...(shown.length === 0 ? {} : { shown }),
  };
}

const titleOf = ({ lines, rows }: Document): string => `posting ${counted(lines, 'level')} of ${rowWords(rows, 5)}`;

const rowWords = (rows: readonly number[], most?: number): string =>
  `${rows.length === 1 ? 'row' : 'rows'} ${rangesOf(rows, most)}`;

/** A count may be given again whole: what is posted is the book's level by then. A change would be made twice. */
function goOnWords(mode: LevelSteps['mode'], documents: readonly Document[], posted: number): string {
  if (mode === 'set_to')
    return 'To go on call set_stock_levels again with the same rows: it reads the stock anew, and what is posted no longer differs.';
  const made = documents.slice(0, posted).flatMap(({ rows }) => rows);
  const open = documents.slice(posted).flatMap(({ rows }) => rows);
  const first = open.reduce((least, row) => Math.min(least, row), Number.POSITIVE_INFINITY);
  // Rows of one level are posted together, wherever they stand in the list.
  return made.every((row) => row < first)
    ? `To go on call set_stock_levels with row ${first} and those after it only: the changes before are made.`
    : `To go on call set_stock_levels with ${rowWords(open)} only: the changes of the others are made.`;
}

function adjustmentPosted({ lines, rows }: Document, row: Row): Told {
  const id = `inventory_adjustment_id ${textIn(row, 'inventory_adjustment_id')}`;
  return {
    done: `posted ${named(row.adjustment_number, 40)}, ${counted(lines, 'level')} of ${rowWords(rows, 5)} (${id})`,
    undo: `delete_stock_adjustment (${id})`,
  };
}
