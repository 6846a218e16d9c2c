import { Rejected } from '../../errors.ts';
import type { Plan } from '../../workflows/define.ts';
import { counted, plainText } from '../../workflows/text.ts';
import { summaryLine } from '../previews/words.ts';
import { callsLine } from './anew.ts';
import type { Reversing } from './reverse.ts';

/** Reasons a preview or a refusal names. */
export const mostListed = 10;
const mostLines = 60;

export const refuse = (message: string) => new Rejected(`${message} Nothing was written.`, { nothingSent: true });

/** What a person reads before the yes, and what then runs. Refuses where nothing can be taken back. */
export function planOf(
  what: string,
  found: readonly Reversing[],
  left: readonly string[],
  told: readonly string[] = [],
): Plan {
  const writes = found.flatMap((one) => one.writes);
  const stays = [...found.flatMap((one) => one.stays ?? []), ...left];
  const already = [...found.flatMap((one) => one.already ?? []), ...told];
  if (writes.length === 0 && already.length === 0) {
    const why = stays.slice(0, mostListed).join('; ') || 'its journal names no write';
    throw refuse(`It cannot be undone: ${why.replace(/\.$/, '')}.`);
  }
  const action = plainText(what, 120);
  const nothing = `Nothing is left to undo of: ${action}. ${[...already, ...stays].slice(0, mostListed).join(' ')}`;
  const lines = found.flatMap((one) => one.lines);
  const isPart = stays.length > 0 ? `, ${counted(stays.length, 'part')} cannot` : '';
  return {
    summary: summaryLine(
      `Undo${isPart === '' ? '' : ' in part'} (${counted(writes.length, 'step')}${isPart}): ${action}`,
    ),
    preview: [
      `Undone is: ${action}`,
      ...lines.slice(0, mostLines),
      ...(lines.length > mostLines
        ? [`and ${lines.length - mostLines} more lines (${mostLines} of ${lines.length} shown).`]
        : []),
      ...already.slice(0, mostListed),
      ...stays.slice(0, mostListed).map((why) => `Stays as it is: ${why}`),
      ...(stays.length > mostListed ? [`and ${stays.length - mostListed} more that stay.`] : []),
      ...callsLine(writes),
    ],
    restsOn: [found.map(({ restsOn }) => restsOn), told],
    steps: { writes, stays, message: writes.length === 0 ? nothing : `Undone: ${action}.` },
    documents: writes.length,
    raises: [],
    amountMinor: 0,
    ...(writes.length === 0 ? { nothingToDo: true } : {}),
  };
}
