import type { Input } from '../../src/operations/define.ts';
import type { Call, JobsWorld } from './world.ts';

/** Every way a job goes, once each. */
export const ways = {
  well: 'goes well',
  short_stock: 'meets short stock',
  ambiguous_name: 'is given an ambiguous name',
  step_refused: 'has a step refused',
  moved_between: 'finds that things moved between plan and yes',
  cancelled: 'is cancelled half way',
  killed: 'is killed half way',
  lost_answer: 'loses the answer at each step',
} as const;
export type Way = keyof typeof ways;

/** Why a job cannot go a way; each is checked of its tool. */
export const nevers = {
  takes_no_name: 'none of its arguments names a record',
  takes_no_stock: 'nothing it may call takes stock out, moves it or promises it',
  never_asks: 'it only reads, so that there is no yes',
  writes_nothing: 'it only reads, so that nothing is left half done',
} as const;
export interface Never {
  readonly never: keyof typeof nevers;
}

/** Made in the world of the test, where it rests on what was done before. */
export type Given = Input | ((world: JobsWorld, call: Call) => Promise<Input>);

/** A call that answers at once, with all of these words, and writes nothing. */
export interface Case {
  readonly given: Given;
  readonly says: readonly (RegExp | string)[];
}

/** What happens between plan and yes, after which the same job still can be done. */
export interface Move {
  /** Where the job's own arguments are not asked about. */
  readonly given?: Given;
  readonly by: (world: JobsWorld) => Promise<unknown>;
}

interface Row {
  readonly tool: string;
  readonly given: Given;
  /** What the answer says when all goes well. */
  readonly well: RegExp;
  readonly short_stock: Case | Never;
  readonly ambiguous_name: Case | Never;
}

/**
 * A job that writes. That a step is refused, the call cancelled, the server killed or an answer lost is tried at its
 * `writes`, as many as it makes when all goes well.
 */
export interface WriteRow extends Row {
  readonly writes: number;
  readonly moved_between: Move | Never;
  /** How a refused step is told, where it is not by the words of the API. */
  readonly refused?: RegExp;
  /** Leaves this server, so that it is never sent again unless somebody says so. */
  readonly outward?: true;
}

/** A job that reads: refused, cancelled and lost is each of its calls; it has no yes, and nothing half done. */
export interface ReadRow extends Row {
  /** A call of the API that it can do without, by its path; its answer then says what is missing. */
  readonly does_without?: RegExp;
}
