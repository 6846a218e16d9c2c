import type { Input, Operation } from '../operations/define.ts';

/** The JSON object of a reply without its `code`; keys as the reference spells them. */
export type Reply = Record<string, unknown>;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Told while the call waits for the rate limit, in words a person can read. */
  readonly onWait?: (message: string) => void;
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
}
