import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAudit } from '../../src/state/audit.ts';
import { createClock, temporaryDirectory } from '../helpers/world.ts';

/** An audit in a folder of this test's own. */
export function trailIn(more: { maxBytes?: number; directory?: string } = {}) {
  const clock = createClock();
  const warnings: string[] = [];
  const directory = more.directory ?? join(temporaryDirectory(), 'audit');
  const open = () =>
    openAudit({
      directory,
      maxBytes: more.maxBytes ?? 1_000_000,
      now: clock.now,
      warn: (message) => void warnings.push(message),
    });
  const trail = open();
  const append = (count: number, from = 1) => {
    for (let step = from; step < from + count; step += 1) {
      clock.advance(1000);
      trail.append({ caller: 'local:ann', tool: 'delete_item', status: 'done', step });
    }
  };
  return { directory, trail, append, open, clock, warnings };
}

export const pathOf = (directory: string, number = 1) =>
  join(directory, `audit-${String(number).padStart(6, '0')}.jsonl`);

/** The lines of one file, as text. */
export const linesOf = (directory: string, number = 1): string[] =>
  readFileSync(pathOf(directory, number), 'utf8').split('\n').slice(0, -1);

export const entriesOf = (directory: string, number = 1): Record<string, unknown>[] =>
  linesOf(directory, number).map((line) => JSON.parse(line));

export function rewrite(directory: string, change: (lines: string[]) => string[], number = 1): void {
  const changed = change(linesOf(directory, number)).map((line) => `${line}\n`);
  writeFileSync(pathOf(directory, number), changed.join(''));
}
