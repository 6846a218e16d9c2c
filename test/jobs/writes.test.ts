import { describe, test } from 'vitest';
import { cellsOf } from './table.ts';
import { writes } from './writes.ts';

for (const row of writes) {
  describe(row.tool, () => {
    for (const { name, run } of cellsOf(row)) test(name, { timeout: 30_000 }, run);
  });
}
