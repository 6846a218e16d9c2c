import type { Plan } from '../../src/workflows/define.ts';
import { rowIn, rowsIn, textIn } from '../../src/workflows/rows.ts';

/** What a reorder leaves out, SKU -> reason; the plan keeps it for the result. */
export const reasonsIn = ({ steps }: Plan): Record<string, string> =>
  Object.fromEntries(
    rowsIn(rowIn({ steps }, 'steps'), 'leftOut').map((row) => [textIn(row, 'sku'), textIn(row, 'reason')]),
  );
