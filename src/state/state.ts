/** A gated call that waits for its yes. All of it is plain JSON. */
export interface PendingAction {
  /** Random, at least 128 bits; the confirmation. */
  readonly id: string;
  readonly tool: string;
  readonly arguments: Record<string, unknown>;
  /** The organization the plan was made for. */
  readonly organization: string;
  /** The verified principal over HTTP; the local user of the state folder over stdio. */
  readonly caller: string;
  /** Who may say yes: the model by `confirm_action` (`token`), or only a person by a form (`form`). */
  readonly via: 'token' | 'form';
  /** One line, at most 160 plain characters; the yes must repeat it. */
  readonly summary: string;
  readonly preview: string;
  /** What runs, and nothing else. */
  readonly plan: unknown;
  /** What the preview rested on; read again and compared before the plan runs. */
  readonly restsOn: unknown;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

export type ActionStatus = 'pending' | 'running' | 'done' | 'failed' | 'unknown' | 'replaced';

export interface KeptAction extends PendingAction {
  readonly status: ActionStatus;
  /** Since when it is running, or when it ended. */
  readonly changedAtMs: number;
  /** What was answered; answered again when the confirmation is used again. */
  readonly outcome?: unknown;
}

/** One write by one caller, noted before it runs so that counts and sums hold for calls that run side by side. */
export interface WriteNote {
  readonly id: string;
  readonly organization: string;
  readonly caller: string;
  readonly tool: string;
  /** Of tool and arguments; equal for identical calls. */
  readonly fingerprint: string;
  readonly isCreate: boolean;
  /** In the minor unit of the base currency; 0 where no money is meant. */
  readonly amountMinor: number;
  readonly atMs: number;
}

export interface WritesSince {
  readonly creates: number;
  readonly amountMinor: number;
}

/** What must outlive a call. Every method is atomic across processes; each throws `Unavailable` when the store cannot be used. */
export interface State {
  /** Keeps a pending action. One that waits for the same caller, tool and arguments is replaced (status `replaced`). */
  keep(action: PendingAction): void;
  find(id: string): KeptAction | undefined;
  /** pending -> running; true for exactly one of all who try. False also when it expired before `nowMs`. */
  take(id: string, nowMs: number): boolean;
  /** running -> pending: only when provably nothing was sent. -> replaced when the same question waits again by then. */
  giveBack(id: string, nowMs: number): void;
  /** running -> done, failed, unknown or replaced, with the answer to repeat. */
  settle(id: string, status: 'done' | 'failed' | 'unknown' | 'replaced', outcome: unknown, nowMs: number): void;
  /** Creates and summed amounts of this caller since then, failed ones not counted. */
  writesSince(organization: string, caller: string, sinceMs: number): WritesSince;
  /** The newest successful write with this fingerprint since then. */
  lastLike(
    organization: string,
    caller: string,
    fingerprint: string,
    sinceMs: number,
  ): { atMs: number; outcome: string } | undefined;
  /** Notes a write before it runs, if `admit` (given the sums inside the same transaction) says yes. */
  note(write: WriteNote, admit: () => boolean): boolean;
  /** Ends a noted write; `outcome` is one line that names the record, or null when nothing was written. */
  noteEnd(id: string, outcome: string | null): void;
  close(): void;
}
