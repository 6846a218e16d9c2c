import type { Reply } from '../client/client.ts';
import { ConfirmationInvalid } from '../errors.ts';
import type { ActionStatus, KeptAction, PendingAction } from '../state/state.ts';
import type { Plan } from '../workflows/define.ts';

/** A taken action that has not ended after this long belongs to a process that is gone. */
const abandonedMs = 2 * 60_000;

/** What a gated call answers instead of running. Its text is preceded by "Nothing has been done yet." */
export function confirmationRequired(pending: PendingAction, plan: Plan, preface: readonly string[]): Reply {
  return {
    status: 'confirmation_required',
    ...(preface.length > 0 ? { changed: preface.join(' ') } : {}),
    summary: pending.summary,
    preview: pending.preview.split('\n'),
    ...(plan.facts ? { plan: plan.facts } : {}),
    confirmation: pending.id,
    expires_in_seconds: Math.round((pending.expiresAtMs - pending.createdAtMs) / 1000),
    next: 'Show the preview to the person. To go on, call confirm_action with this confirmation and this summary.',
  };
}

/** A confirmation used again: the recorded outcome, and nothing runs. */
export function recordedOutcome(row: KeptAction, nowMs: number): { reply: Reply; isError: boolean } {
  if (row.status === 'replaced') {
    throw new ConfirmationInvalid(
      `A newer preview of this ${row.tool} call took this one's place. Nothing was written by it. Confirm the newer one, or call ${row.tool} again.`,
      { nothingSent: true },
    );
  }
  const abandoned = row.status === 'running' && nowMs - row.changedAtMs > abandonedMs;
  const status = abandoned ? 'unknown' : row.status;
  return {
    reply: {
      status: `already_${status}`,
      note: noteOn(status, row),
      summary: row.summary,
      outcome: row.outcome ?? null,
    },
    isError: status === 'failed' || status === 'unknown',
  };
}

function noteOn(status: ActionStatus, { tool, outcome }: KeptAction): string {
  const used = 'This confirmation was used before';
  switch (status) {
    case 'running':
      return 'This confirmation is being carried out at this moment. Nothing was started again; ask once more in a few seconds.';
    case 'done':
      return `${used}; nothing was done now. The outcome then:`;
    case 'failed':
      return kindOf(outcome) === 'partly_done'
        ? `${used} and stopped half way; nothing was done now. What happened then:`
        : `${used} and failed; nothing was done now. The error then:`;
    default:
      return `${used} and its outcome is not known; nothing was done now. Look at the record before you call ${tool} again.`;
  }
}

const kindOf = (outcome: unknown): unknown =>
  typeof outcome === 'object' && outcome !== null && 'kind' in outcome ? outcome.kind : undefined;
