import type { ErrorFacts } from '../../errors.ts';
import type { Input, Operation } from '../../operations/define.ts';
import type { Quantities } from '../../operations/trace.ts';
import type { JsonObject } from '../json.ts';

/** What must be known of a write to look for it later, also from another process. Plain JSON. */
export interface Attempt {
  /** Random; whose work a claimed record is. */
  readonly id: string;
  /** When it was first sent, in ms since 1970 by our clock: a record made earlier is not ours. */
  readonly startedAtMs: number;
  /** When it was sent again after it had been looked for; a record made much later than the newest is not ours either. */
  readonly sentAtMs?: number;
  /** The API's clock minus ours at the start, where an answer had told it: ours may be set meanwhile, or be another's. */
  readonly skewMs?: number;
  readonly before?: Before;
  /** Our mark in the field that the operator named, where the caller left it empty. */
  readonly mark?: { readonly field: string; readonly value: string };
}

/** What the record of the write's path showed before. */
export interface Before {
  /** Quantities, and by how much each should grow; of writes that are told by that. */
  readonly counts?: Quantities;
  readonly growth?: Quantities;
  /** Rows that it held of the kind that such a write adds. */
  readonly ids?: readonly string[];
  /** Its last_modified_time as printed; of changes, where it had been read a moment before. */
  readonly modified?: string;
}

/** What a look for a lost write found. */
export type Traced =
  | { readonly kind: 'done'; readonly reply: JsonObject; readonly id?: string }
  | { readonly kind: 'absent' }
  /** No way to tell; `why` says it and where to look. */
  | { readonly kind: 'unclear'; readonly why: string; readonly facts: ErrorFacts };

/**
 * Records that a write of ours is known to have made: none of them is the one that another write lost. `owner` is the
 * attempt's id, because a process may die between claiming a record and saying so.
 */
export interface Claims {
  /** By another attempt than `owner`, which was begun at `sinceMs`. */
  isClaimed(operation: Operation, id: string, owner: string, sinceMs: number): Promise<boolean>;
  /** False when another attempt claimed it since then. */
  claim(operation: Operation, id: string, owner: string, sinceMs: number): Promise<boolean>;
}

const mostClaims = 10_000;

/** Claims of this process alone. */
export function createClaims(): Claims {
  const owners = new Map<string, string>();
  const keyOf = (operation: Operation, id: string) => `${operation.name} ${id}`;
  return {
    isClaimed: async (operation, id, owner) => (owners.get(keyOf(operation, id)) ?? owner) !== owner,
    claim: async (operation, id, owner) => {
      const key = keyOf(operation, id);
      if ((owners.get(key) ?? owner) !== owner) return false;
      owners.set(key, owner);
      const oldest = owners.keys().next().value;
      if (owners.size > mostClaims && oldest !== undefined) owners.delete(oldest);
      return true;
    },
  };
}

/** `{item_id}` of `/items/{item_id}`; empty for a path without one. */
export const pathKey = ({ path }: Operation): string => /\{(\w+)\}/.exec(path)?.[1] ?? '';

export const idOf = (operation: Operation, input: Input): string => String(input[pathKey(operation)] ?? '');
