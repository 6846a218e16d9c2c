import type { Reply } from '../client/client.ts';
import { type ErrorKind, InventoryError } from '../errors.ts';
import type { WriteNote } from '../state/state.ts';
import type { Plan } from '../workflows/define.ts';
import { type Action, countedMinor, type GuardParts } from './action.ts';
import { fingerprintOf } from './canonical.ts';
import { batchFingerprint, begunBy, notCertain } from './store-rules.ts';

/**
 * Writes are noted before they run, so that counts and sums hold for calls that run side by side, and so that a write
 * whose process died is still known of.
 */
export function createWriteNotes({ state, settings, now, randomId, warn }: GuardParts) {
  function noteOf(action: Action, caller: string, more: Partial<WriteNote>): WriteNote {
    return {
      id: randomId(),
      organization: settings.organization,
      caller,
      tool: action.tool,
      fingerprint: fingerprintOf(action.tool, action.arguments),
      isCreate: action.creates,
      amountMinor: 0,
      atMs: now(),
      ...more,
    };
  }

  /** The write is over: a store that fails now must not turn a done write into an error. */
  function afterWrite(keepRecord: () => void): void {
    try {
      keepRecord();
    } catch (error) {
      const why = error instanceof InventoryError ? error.message : 'store failed';
      warn(`The outcome of a write could not be kept: ${why}`);
    }
  }

  /** Runs the action under its note; undefined, and nothing runs, where `admit` says no inside the store's transaction. */
  async function runNoted(
    action: Action,
    plan: Plan,
    caller: string,
    admit: () => boolean,
  ): Promise<Reply | undefined> {
    const note = noteOf(action, caller, { amountMinor: countedMinor(action, plan) });
    // A create is noted under its own fingerprint too: the store finds ended writes by that, but counts open ones by caller.
    const begun = action.creates
      ? [{ ...note, id: `${note.id}-begun`, caller: begunBy(caller, note), amountMinor: 0 }]
      : [];
    const admitted = state.note(note, () => admit() && begun.every((twin) => state.note(twin, () => true)));
    if (!admitted) return undefined;
    const end = (outcome: string | null) => afterWrite(() => state.noteEnd(note.id, outcome));
    try {
      const reply = await action.run(plan);
      end(plan.summary);
      return reply;
    } catch (error) {
      if (mayHaveWritten(error)) end(`${plan.summary} ${notCertain}`);
      else {
        end(null);
        for (const twin of begun) afterWrite(() => state.noteEnd(twin.id, null));
      }
      throw error;
    }
  }

  /** Keeps that a yes covers the batch which was announced. */
  function allowBatch(action: Action, caller: string): void {
    const note = noteOf(action, caller, { fingerprint: batchFingerprint(action.tool), isCreate: false });
    afterWrite(() => {
      state.note(note, () => true);
      state.noteEnd(note.id, 'batch allowed');
    });
  }

  return { runNoted, afterWrite, allowBatch };
}

/** Kinds that say for certain that a write was refused. */
const refusals: ReadonlySet<ErrorKind> = new Set([
  'invalid_arguments',
  'denied',
  'confirmation_invalid',
  'unauthorized',
  'missing_scope',
  'not_found',
  'rejected',
  'rate_limited',
]);

/** True for every error of a run that is not provably a refusal. */
export const mayHaveWritten = (error: unknown): boolean =>
  !(error instanceof InventoryError) || !(error.nothingSent || refusals.has(error.kind));
