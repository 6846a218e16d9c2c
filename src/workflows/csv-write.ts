import { stringify } from 'csv-stringify/sync';
import { guardCell } from './csv-cells.ts';

/** CSV text with a header; `guarded` counts the cells that were neutralised. */
export function writeCsv(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): { text: string; guarded: number } {
  let guarded = 0;
  const safe = rows.map((row) =>
    row.map((cell) => {
      const kept = guardCell(cell);
      if (kept !== cell) guarded += 1;
      return kept;
    }),
  );
  return { text: stringify([[...header], ...safe]), guarded };
}
