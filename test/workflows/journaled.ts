import { expect } from 'vitest';
import type { Reply } from '../../src/client/client.ts';
import type { Input } from '../../src/operations/define.ts';
import { anyOperationByName } from '../../src/operations/index.ts';
import type { Api } from '../../src/workflows/define.ts';

/** The process died: no error of the family, so that no job can take it for an answer. */
export class Crash extends Error {}

export interface Journal {
  /** Writes that were done, with what was answered. */
  readonly done: { readonly name: string; readonly input: Input; readonly reply: Reply }[];
  /** Every call of the last run, reads too, in order. */
  calls: string[];
}

export const emptyJournal = (): Journal => ({ done: [], calls: [] });

export const isWrite = (name: string): boolean => anyOperationByName.get(name)?.effect !== 'read';

/**
 * The same API over a journal: writes it holds are answered from it and not sent, and must be asked for again in the same
 * order with the same input. Dies after `writes` more writes, before anybody hears the answer of the last.
 */
export function journaled(api: Api, journal: Journal, writes = Number.POSITIVE_INFINITY): Api {
  let next = 0;
  let left = writes;
  journal.calls = [];
  return {
    ...api,
    call: async (name, input, options) => {
      journal.calls.push(name);
      if (!isWrite(name)) return api.call(name, input, options);
      const kept = journal.done[next];
      next += 1;
      if (kept) {
        expect({ name, input }).toEqual({ name: kept.name, input: kept.input });
        return structuredClone(kept.reply);
      }
      if (left <= 0) throw new Crash();
      left -= 1;
      const reply = (await options?.unless?.()) ?? (await api.call(name, input, options));
      journal.done.push({ name, input: structuredClone(input), reply: structuredClone(reply) });
      return reply;
    },
  };
}
