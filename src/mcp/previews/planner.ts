import type { Reply } from '../../client/client.ts';
import type { Input, Operation } from '../../operations/define.ts';
import { baseCurrency } from '../../workflows/currency.ts';
import type { Api, Raise } from '../../workflows/define.ts';

/** How a preview reaches the API: reads only, by operation name. */
export interface Reads {
  call(operationName: string, input: Input): Promise<Reply>;
}

export interface PlanContext {
  readonly reads: Reads;
  /** Calendar day of the organization, yyyy-mm-dd. */
  readonly today: string;
  /** The operator's limit, base currency, minor units. Amounts are worked out only where it is set or known anyway. */
  readonly confirmAboveMinor?: number;
  /** Base currency code where the caller knows it; else one more read where money in base is shown. */
  readonly currency?: string;
}

/** What a planner is given. `mayRaise` is false where no reading could change the verdict: then nothing is read. */
export interface Planning {
  readonly operation: Operation;
  readonly input: Input;
  readonly today: string;
  readonly confirmAboveMinor: number | undefined;
  readonly mayRaise: boolean;
  readonly api: Api;
  /** Base currency code; read at most once a plan. */
  readonly base: () => Promise<string>;
}

/** A plan before the parts that are the same for every operation. */
export interface Draft {
  /** Any length and any characters; `planOperation` makes one plain line of it. */
  readonly summary: string;
  /** What follows the summary. */
  readonly lines: readonly string[];
  readonly restsOn: unknown;
  readonly raises?: readonly Raise[];
  /** Base currency, minor units. */
  readonly amount?: bigint;
  /** Of a change: what it adds to the amount that the order had. */
  readonly added?: bigint;
}

export type Planner = (planning: Planning) => Promise<Draft>;

/** The reads as the workflows' readers expect them; those read page by page through `call`. */
export function apiOver(reads: Reads): Api {
  return {
    call: (name, input) => reads.call(name, input),
    pages: (name) => {
      throw new Error(`a preview reads ${name} by single calls`);
    },
  };
}

export function baseOnce(api: Api, context: PlanContext): () => Promise<string> {
  let kept: Promise<string> | undefined;
  return () => {
    kept ??= baseCurrency(api, {
      today: context.today,
      progress: () => undefined,
      ...(context.currency === undefined ? {} : { currency: context.currency }),
    });
    return kept;
  };
}
