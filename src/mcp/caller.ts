import type { CallWatch } from './watch.ts';

/** The person's answer to a form, or what came instead of one. */
export type FormAnswer = 'accepted' | 'declined' | 'cancelled' | 'silent';

/** Who calls, over which protocol, and what can be asked of them. Made per call by the transport's side. */
export interface CallContext {
  /** The verified principal over HTTP; the local user over stdio. A confirmation works only for the same caller. */
  readonly caller: string;
  readonly era: 'legacy' | 'modern';
  readonly clientName: string;
  /** The client declared form elicitation. */
  readonly declaresForms: boolean;
  readonly signal: AbortSignal;
  /** Given by a program in `_meta`: a call with the same key is the same call, and answers its one outcome. */
  readonly idempotencyKey?: string;
  /** Progress in words; goes nowhere when the client asked for none. */
  readonly progress: (message: string) => void;
  /** Second leg of an input-required round trip: the state we gave out and what the person answered. */
  readonly formReply?: { readonly state: string; readonly answer: FormAnswer };
  /** 2025-era push elicitation, where the transport can carry it. Resolves `silent` after the time limit. */
  readonly askByForm?: (message: string, timeLimitMs: number) => Promise<FormAnswer>;
  /** Told of what the call does, for the audit. */
  readonly watch?: CallWatch;
}

/**
 * Clients known to declare form elicitation and never show the form, so that a call would hang or be refused unseen.
 * They confirm by `confirm_action` instead. Names as sent in `clientInfo.name`, compared in lower case.
 */
export const neverShowsForms: readonly { name: string; source: string; read: string }[] = [
  {
    name: 'claude-ai',
    source: "users' reports: Claude Desktop answers elicitation/create with nothing, and the call hangs",
    read: '2026-11-23',
  },
];

export type Way = 'round-trip' | 'push' | 'token' | 'none';

/** How the yes may come for this caller under the operator's setting. */
export function wayToConfirm(setting: 'auto' | 'token' | 'elicitation', context: CallContext): Way {
  if (setting === 'token') return 'token';
  const hidden = neverShowsForms.some(({ name }) => name === context.clientName.toLowerCase());
  if (context.era === 'modern' && context.declaresForms && !hidden) return 'round-trip';
  if (setting === 'auto') return 'token';
  return context.declaresForms && context.askByForm ? 'push' : 'none';
}
