import { describe, expect, test } from 'vitest';
import { undoAction } from '../../src/mcp/undo-action.ts';
import { workflows } from '../../src/workflows/index.ts';
import { reads } from './reads.ts';
import { cellsOf } from './table.ts';
import { writes } from './writes.ts';

test('every job stands in the table once', () => {
  const jobs = [...workflows.map(({ name }) => name), undoAction.name].sort();
  expect([...writes, ...reads].map(({ tool }) => tool).sort()).toEqual(jobs);
  // A job that writes cannot stand among those that read.
  const writing = workflows.filter((workflow) => 'run' in workflow).map(({ name }) => name);
  expect(writes.map(({ tool }) => tool).sort()).toEqual([...writing, undoAction.name].sort());
});

for (const row of reads) {
  describe(row.tool, () => {
    for (const { name, run } of cellsOf(row)) test(name, { timeout: 30_000 }, run);
  });
}
