import { InvalidArguments, NotFound } from '../../errors.ts';
import type { Api } from '../define.ts';
import { decide, mostCandidates, type Naming } from '../match.ts';
import { type Row, textIn } from '../rows.ts';
import { named, quoted } from '../text.ts';
import { type Found, findRecords, readById } from './find.ts';
import type { Ranked } from './find-rank.ts';
import type { Finder } from './finders.ts';

export const isInactive = ({ row }: Ranked): boolean => textIn(row, 'status') === 'inactive';

/**
 * The one record that a reader means: called so exactly, else the only one that comes near, which the note then says. None,
 * several, or a mere guess: InvalidArguments with candidates.
 */
export function settled({ term, ranked: near }: Found, naming: Naming): { readonly row: Row; readonly note: string } {
  const exact = near.filter((entry) => entry.exact);
  const pool = exact.length > 0 ? exact : near;
  const active = pool.filter((entry) => !isInactive(entry));
  const preferred = active.length > 0 ? active : pool;
  const rows = preferred.map(({ row }) => row);
  const choice = decide(rows, term, naming, { forWrite: false, near: rows.slice(0, mostCandidates) });
  if ('row' in choice) return { row: choice.row, note: '' };
  const [only] = preferred;
  if (only && preferred.length === 1 && !only.isGuess && choice.problem.reason === 'not found') {
    const name = naming.names.map((key) => named(only.row[key])).find((words) => words !== '');
    return { row: only.row, note: ` ${quoted(term, 80)} was taken as ${name ?? ''} (${only.matched}).` };
  }
  const next = rows.length === 0 ? ' Check it, or look for a shorter part of it.' : '';
  throw new InvalidArguments(`${choice.problem.message}${next}`, {
    nothingSent: true,
    facts: { candidates: choice.problem.candidates },
  });
}

/** The one record that a reader means, whole: what `settled` chose, read by its own call where that was not made yet. */
export async function readRecord(api: Api, finder: Finder, term: string): Promise<{ row: Row; note: string }> {
  const [found] = await findRecords(api, finder, [term]);
  if (!found) throw new NotFound(`There is no ${finder.naming.noun} ${quoted(term, 80)}.`);
  if (found.whole) return { row: found.whole, note: '' };
  const { row, note } = settled(found, finder.naming);
  const id = textIn(row, finder.naming.id);
  const whole = finder.get === undefined ? row : await readById(api, finder, id);
  if (!whole) throw new NotFound(`The ${finder.naming.noun} ${id} is not there any more. Nothing was written.`);
  return { row: whole, note };
}
