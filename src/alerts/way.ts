import type { Alert } from '../workflows/watching/alert-port.ts';

/**
 * One way out of this server. `send` throws Rejected where the other side said no, Unavailable (with `nothingSent`) where
 * nothing left, and OutcomeUnknown where it left and no answer came. No error tells what the other side wrote: that may
 * repeat a secret.
 */
export interface Way {
  readonly way: 'email' | 'webhook';
  /** Addresses, or the host of a webhook. No secret. */
  readonly to: readonly string[];
  /** In a sentence, behind "sent": `by e-mail to ops@example.com`. */
  readonly words: string;
  /** Tells one target from another of the same `to`: two webhooks of one host. Opens nothing. */
  readonly mark: string;
  /** `id` is the same for the same sending, so that whoever gets it twice can tell. */
  readonly send: (alert: Alert, id: string) => Promise<{ readonly refused: readonly string[] }>;
}

export const secondsOf = (ms: number): string => `${Math.round(ms / 100) / 10} s`;
