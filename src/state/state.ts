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

export interface ActionStore {
  /** Keeps a pending action. One that waits for the same caller, tool and arguments is replaced (status `replaced`). */
  keep(action: PendingAction): Promise<void>;
  find(id: string): Promise<KeptAction | undefined>;
  /** pending -> running; true for exactly one of all who try. False also when it expired before `nowMs`. */
  take(id: string, nowMs: number): Promise<boolean>;
  /** running -> pending: only when provably nothing was sent. -> replaced when the same question waits again by then. */
  giveBack(id: string, nowMs: number): Promise<void>;
  /** running or unknown -> done, failed, unknown or replaced, with the answer to repeat. */
  settle(
    id: string,
    status: 'done' | 'failed' | 'unknown' | 'replaced',
    outcome: unknown,
    nowMs: number,
  ): Promise<void>;
}

export type RunStatus =
  /** Under way, or left so by a process that is gone: `isHeld('run:' + id)` tells which. */
  | 'running'
  /** Stopped between two steps, to be resumed. */
  | 'paused'
  | 'done'
  /** Provably nothing was written. */
  | 'failed'
  /** Some steps are done, one failed for good. */
  | 'partly_done'
  /** A write was sent and nobody knows what became of it. */
  | 'unknown';

/**
 * One writing call, of one request or of several: kept before the first of them leaves, so that counts and sums hold for
 * calls that run side by side and a write whose process died is still known of. All of it is plain JSON.
 */
export interface Run {
  /** Random, at least 128 bits. */
  readonly id: string;
  readonly organization: string;
  readonly caller: string;
  readonly tool: string;
  /** Of tool and arguments; equal for identical calls. */
  readonly fingerprint: string;
  readonly arguments: Record<string, unknown>;
  /** What runs, and nothing else. */
  readonly plan: unknown;
  /** Makes a new record. */
  readonly isCreate: boolean;
  /** In the minor unit of the base currency; 0 where no money is meant. */
  readonly amountMinor: number;
  readonly startedAtMs: number;
}

export interface KeptRun extends Run {
  readonly status: RunStatus;
  /** Of the last change of status or entry of the journal. */
  readonly changedAtMs: number;
  /** One line that names the record. */
  readonly outcome?: string;
  /** What was answered. */
  readonly reply?: unknown;
}

/** What the journal of a run holds: one entry before a step runs and one after. Plain JSON; the writer knows its shape. */
export type JournalEntry = Readonly<Record<string, unknown>>;

export interface KeptJournalEntry {
  readonly atMs: number;
  readonly entry: JournalEntry;
}

export interface WritesSince {
  readonly creates: number;
  readonly amountMinor: number;
  /** Another one after every run this caller begins, of whatever age: `begin` refuses when it is not the newest any more. */
  readonly revision: number;
}

/** Which of the same calls are meant. */
export interface Since {
  /** That moment included, in ms since 1970. */
  readonly ms: number;
  /** Also those kept after it was read, whatever their clock said: a run may wait for the store after it looked at its clock. */
  readonly revision?: number | undefined;
  /** Ids of runs that are not asked for. */
  readonly except?: ReadonlySet<string>;
}

/** Runs are forgotten, their journals with them, 30 days after their last change. */
export interface RunStore {
  /** Creates and summed amounts of this caller's runs begun since then, that moment included; failed ones not counted. */
  writesSince(organization: string, caller: string, sinceMs: number): Promise<WritesSince>;
  /** The `done` run with this fingerprint that ended last, if that was since then: a job may have been begun long before. */
  lastLike(organization: string, caller: string, fingerprint: string, since: Since): Promise<KeptRun | undefined>;
  /**
   * The newest run with this fingerprint begun since then that is running, paused, unknown or partly done. Who wants both
   * asks this before `lastLike`: a run that ends between the two questions is then found by the second.
   */
  openLike(organization: string, caller: string, fingerprint: string, since: Since): Promise<KeptRun | undefined>;
  /** Keeps a run as `running`, in place of a failed one with its id. False, and nothing is kept, when another run of this caller began since `revision` was read. */
  begin(run: Run, revision?: number): Promise<boolean>;
  findRun(id: string): Promise<KeptRun | undefined>;
  /** Of a run, without its plan: asked before each of its steps, and a plan may be as long as thousands of steps. */
  statusOf(id: string): Promise<RunStatus | undefined>;
  /** From any status but `done` and `failed`, which stay; the outcome and reply of before are gone. */
  endRun(
    id: string,
    status: Exclude<RunStatus, 'running'>,
    end: { readonly outcome?: string; readonly reply?: unknown },
    nowMs: number,
  ): Promise<void>;
  /**
   * paused, running, unknown or partly_done -> running, without outcome and reply. False when it is none of these. Whether
   * somebody else is at it is for a lease to say.
   */
  reopenRun(id: string, nowMs: number): Promise<boolean>;
  /** Running, paused, unknown and partly done, newest first. */
  unfinishedRuns(organization: string, caller: string): Promise<KeptRun[]>;
  /** Runs of this caller begun since then, that moment included, newest first, `most` of them; of one tool where it is named. */
  recentRuns(
    organization: string,
    caller: string,
    of: { readonly sinceMs: number; readonly most: number; readonly tool?: string },
  ): Promise<KeptRun[]>;
  /** Rejects when there is no such run. */
  append(runId: string, entry: JournalEntry, nowMs: number): Promise<void>;
  /** In the order of writing. */
  journal(runId: string): Promise<readonly KeptJournalEntry[]>;
}

/**
 * Small facts that processes share, times in whole milliseconds since 1970. Survives kill -9, not necessarily a power
 * cut. Keys, counters of `admit`, counters of `add` and leases are four sets of names.
 */
export interface SharedStore {
  /** Undefined at and after the value's expiry. */
  get(key: string, nowMs: number): Promise<unknown>;
  /** `value` is plain JSON, and not undefined. `durable`: it waits for the disk, and survives a power cut too. */
  put(key: string, value: unknown, expiresAtMs: number, options?: { readonly durable?: boolean }): Promise<void>;
  /** What stood there already, or undefined when `value` was put. Exactly one of all who try puts. */
  putIfAbsent(key: string, value: unknown, expiresAtMs: number, nowMs: number): Promise<unknown>;
  remove(key: string): Promise<void>;
  /**
   * Sliding window: counts one more unless `limit` (0 only reads) were counted in the `windowMs` (a day at most) before
   * `nowMs`, one counted exactly `windowMs` ago not among them. `waitMs` (0 when admitted) is how long until one fits if
   * nobody else comes; `used` is what the window holds now, this one included. A call counts no earlier than the newest
   * before it, so no window is over the limit also when processes come with a `nowMs` they read a while ago; one that is
   * more than a minute behind was read from a clock set back, and starts anew.
   */
  admit(
    counter: string,
    window: { readonly limit: number; readonly windowMs: number; readonly nowMs: number },
  ): Promise<{ readonly admitted: boolean; readonly waitMs: number; readonly used: number }>;
  /**
   * Adds to a plain counter that starts at 0 and is gone at its expiry, which each adding sets anew; answers the new
   * count. 0 reads, and changes nothing.
   */
  add(counter: string, by: number, expiresAtMs: number, nowMs: number): Promise<number>;
  /** One of `places` (default 1) until `untilMs`; a holder that has one renews it. False when all are taken by others. */
  lease(
    name: string,
    lease: { readonly holder: string; readonly places?: number; readonly untilMs: number; readonly nowMs: number },
  ): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
  /** Whether anybody holds a lease of this name now. */
  isHeld(name: string, nowMs: number): Promise<boolean>;
}

/**
 * What must outlive a call. Every method is atomic across processes, and rejects with `Unavailable` when the store cannot
 * be used; what is asked before a write then carries `nothingSent`.
 */
export interface State extends ActionStore, RunStore, SharedStore {
  close(): void;
}
