import type { KeptRun } from '../../state/state.ts';
import { isRow, type Row, rowIn, textIn } from '../../workflows/rows.ts';
import { named } from '../../workflows/text.ts';
import type { Step } from '../journal.ts';
import { irreversible, type KindName, kinds, otherwise, type Reversal, reversals } from './reversals.ts';

/** One record that a run wrote, with all the run did to it. */
export interface Touched {
  readonly kind: KindName;
  readonly id: string;
  /** Number or name as answered then; empty where nothing told. */
  readonly name: string;
  readonly operations: readonly string[];
  readonly reversal: Reversal;
}

export interface Done {
  /** Newest first: what was built on another is taken back before it. */
  readonly touched: readonly Touched[];
  /** Why the other writes stay, each reason once. */
  readonly stays: readonly string[];
}

const nameIn = (record: Row, kind: KindName): string => named(record[kinds[kind].name], 60);

/** By its id in the answer, else in the arguments where the run is that single call. */
function recordOf(step: Step, kind: KindName, run: KeptRun): { id: string; name: string } {
  const { reply, id } = kinds[kind];
  const answer: Row = isRow(step.reply) ? step.reply : {};
  const record = rowIn(answer, reply);
  const own = run.tool === step.operation ? textIn(run.arguments, id) : '';
  return { id: textIn(record, id) || textIn(answer, id) || own, name: nameIn(record, kind) };
}

/** What a run did, by its journal. A status call answers no record; inside a job it belongs to the record made before it. */
export function doneBy(run: KeptRun, steps: readonly Step[]): Done {
  const touched = new Map<string, Touched>();
  const newest = new Map<KindName, string>();
  const stays = new Set<string>();
  for (const step of steps.filter(({ status }) => status === 'done')) {
    const { operation } = step;
    const reversal = reversals[operation];
    if (!reversal) {
      stays.add(`${operation}: ${irreversible[operation] ?? otherwise}`);
      continue;
    }
    const { kind } = reversal;
    const { id, name } = recordOf(step, kind, run);
    const key = id === '' ? newest.get(kind) : `${kind} ${id}`;
    const before = key === undefined ? undefined : touched.get(key);
    if (key === undefined || (id === '' && !before)) {
      stays.add(`${operation}: its answer named no record; look with ${kinds[kind].get}`);
      continue;
    }
    newest.set(kind, key);
    touched.set(key, {
      kind,
      id: before?.id ?? id,
      name: name || before?.name || '',
      operations: [...(before?.operations ?? []), operation],
      // What the run made itself may be deleted, whatever it did to it afterwards.
      reversal: before?.reversal ?? reversal,
    });
  }
  return { touched: [...touched.values()].reverse(), stays: [...stays] };
}

/** `SO-00020`, `transfer_id 4601`. */
export const touchedName = ({ kind, id, name }: Touched): string => name || `${kinds[kind].id} ${id}`;
