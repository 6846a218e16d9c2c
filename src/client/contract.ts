import type { Input, Operation } from '../operations/define.ts';
import type { JsonObject } from './json.ts';
import type { Attempt, Traced } from './lost/attempt.ts';

/** The JSON object of a reply without its `code`; keys as the reference spells them. */
export type Reply = JsonObject;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Told while the call waits for the rate limit, in words a person can read. */
  readonly onWait?: (message: string) => void;
  /** Told when a request really leaves: one API call of the quota. */
  readonly onSent?: () => void;
  /** The answer must not come from a cache: what a preview rests on, and what a lost write is looked for in. */
  readonly fresh?: boolean;
  /** Told of a write before its first request leaves; what is thrown here keeps it from leaving. */
  readonly onAttempt?: (attempt: Attempt) => void | Promise<void>;
  /** The attempt that this write continues: it was looked for, and is surely not there. */
  readonly attempt?: Attempt;
  /** When the caller's patience for waiting ends, in ms since 1970; default: the client's own. */
  readonly deadlineMs?: number;
  /** What a job needs of the answer to a write: a journal keeps this alone, and answers it now and when it is asked again. */
  readonly keep?: (reply: Reply) => Reply;
  /**
   * Asked of a job's write right before it leaves; what is answered stands in its place, and nothing is sent. A journal
   * does not ask again of what it has done, left, or found done.
   */
  readonly unless?: () => Promise<Reply | undefined>;
}

/** Calls the API: parsed input in, the reply's object out, or one of the errors of `errors.ts`. */
export interface Client {
  call(operation: Operation, input: Input, options?: CallOptions): Promise<Reply>;
  /** Walks the pages of a list (200 rows each) and stops after `cap` rows; `truncated` tells whether more were there. */
  pages(
    operation: Operation,
    input: Input,
    options?: CallOptions & { cap?: number },
  ): AsyncIterable<{ row: Record<string, unknown>; truncated: boolean }>;
  /** API calls sent so far (token calls not counted). */
  readonly callsSent: () => number;
  /** What became of a write that another call, or another process, began and whose answer never came. Only reads. */
  trace(operation: Operation, input: Input, attempt: Attempt, options?: CallOptions): Promise<Traced>;
  /** Takes the record `id` as the work of this attempt; false when another attempt took it before. */
  claim(operation: Operation, id: string, attempt: Attempt): Promise<boolean>;
}
