import { expect } from 'vitest';
import { checkNever } from './check-nevers.ts';
import { readCancelled, readLost, readRefused } from './read-ways.ts';
import { type Case, type Never, nevers, type ReadRow, type Way, type WriteRow, ways } from './row.ts';
import { begun, plain } from './run.ts';
import { cancelled, killed, lostAnswer, movedBetween, stepRefused } from './write-ways.ts';

/** `npm run chaos:kills` kills at every write; else once a job, at its second write where it has one. */
const killsAtEach = process.env.KILLS !== undefined;

interface Cell {
  /** The way, or why it is none for this job. */
  readonly name: string;
  readonly run: () => Promise<void> | void;
}

/** Answered at once, with nothing written. */
async function answered(tool: string, { given, says }: Case): Promise<void> {
  const { world, ask, input, before } = await begun(given);
  const { text } = await ask(tool, input);
  for (const words of says) expect(text).toMatch(words);
  expect(world.gate.writes()).toEqual([]);
  expect(world.books()).toBe(before);
}

const neverCell = (tool: string, way: Way, given: Never): Cell => ({
  name: `never ${ways[way]}: ${nevers[given.never]}`,
  run: () => checkNever(given, tool),
});

const cell = (way: Way, run: Cell['run'], more = ''): Cell => ({ name: `${ways[way]}${more}`, run });

const caseCell = (tool: string, way: Way, given: Case | Never): Cell =>
  'never' in given ? neverCell(tool, way, given) : cell(way, () => answered(tool, given));

function writeCells(row: WriteRow): Record<Way, readonly Cell[]> {
  const { tool, moved_between: moved } = row;
  const steps = Array.from({ length: row.writes }, (_, index) => index + 1);
  const killedAt = killsAtEach ? steps : [Math.min(2, row.writes)];
  return {
    ...answerCells(row),
    step_refused: [cell('step_refused', () => stepRefused(row))],
    moved_between: [
      'never' in moved
        ? neverCell(tool, 'moved_between', moved)
        : cell('moved_between', () => movedBetween(row, moved)),
    ],
    cancelled: [cell('cancelled', () => cancelled(row))],
    killed: killedAt.map((nth) => cell('killed', () => killed(row, nth), `, at write ${nth} of ${row.writes}`)),
    lost_answer: [cell('lost_answer', () => lostAnswer(row))],
  };
}

function readCells(row: ReadRow): Record<Way, readonly Cell[]> {
  return {
    ...answerCells(row),
    step_refused: [cell('step_refused', () => readRefused(row))],
    moved_between: [neverCell(row.tool, 'moved_between', { never: 'never_asks' })],
    cancelled: [cell('cancelled', () => readCancelled(row))],
    killed: [neverCell(row.tool, 'killed', { never: 'writes_nothing' })],
    lost_answer: [cell('lost_answer', () => readLost(row))],
  };
}

const answerCells = (row: WriteRow | ReadRow) => ({
  well: [cell('well', async () => void (await plain(row)))],
  short_stock: [caseCell(row.tool, 'short_stock', row.short_stock)],
  ambiguous_name: [caseCell(row.tool, 'ambiguous_name', row.ambiguous_name)],
});

export const cellsOf = (row: WriteRow | ReadRow): readonly Cell[] =>
  Object.values('writes' in row ? writeCells(row) : readCells(row)).flat();
