import type { Database } from '../../sqlite.ts';
import { integerOf } from '../row.ts';
import { duplicate } from './fields.ts';

/** Prefix of a document number; each has its own counter. */
export type NumberSeries = 'SO' | 'PO' | 'PKG' | 'SHP' | 'TRN' | 'ADJ' | 'RCV';

const written = (series: NumberSeries, count: number) => `${series}-${String(count).padStart(5, '0')}`;

function claim(db: Database, series: NumberSeries, number: string): boolean {
  return (
    db.prepare('INSERT OR IGNORE INTO used_number (series, number) VALUES (?, ?)').run(series, number).changes === 1
  );
}

/**
 * The number of a new document: the given one, or the next of its series (`SO-00001`). Numbers are never used twice, not
 * even after their document was deleted: a given one that was seen before is a duplicate, and the counter skips it.
 */
export function takeNumber(db: Database, series: NumberSeries, field: string, wanted?: string): string {
  if (wanted !== undefined) {
    if (!claim(db, series, wanted)) throw duplicate(field, `${wanted} is or was the number of another document.`);
    return wanted;
  }
  for (;;) {
    const row = db
      .prepare(
        `INSERT INTO number_counter (series, last) VALUES (?, 1)
         ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last`,
      )
      .get(series);
    const number = written(series, row ? integerOf(row, 'last') : 1);
    if (claim(db, series, number)) return number;
  }
}

/** Lets a series go on after `last`: the next number is `last + 1`. Never goes back. */
export function continueAfter(db: Database, series: NumberSeries, last: number): void {
  db.prepare(
    `INSERT INTO number_counter (series, last) VALUES (?, ?)
     ON CONFLICT (series) DO UPDATE SET last = max(last, excluded.last)`,
  ).run(series, last);
}
