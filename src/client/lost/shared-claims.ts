import type { Operation } from '../../operations/define.ts';
import type { Shared } from '../shared-store.ts';
import { type Claims, createClaims } from './attempt.ts';

/** Lost writes are looked for by a repeated call for a day; a claim lives a little longer. */
const claimLifeMs = 25 * 3_600_000;

/** Records count as new from a little before the attempt on, for the API prints whole seconds; so do their claims. */
const slackMs = 5_000;

interface Kept {
  readonly owner: string;
  readonly atMs: number;
}

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' && value !== null && 'owner' in value && 'atMs' in value;

/** Claims that all processes on one data folder see; without their store, those of this process. */
export function createSharedClaims(shared: Shared, now: () => number): Claims {
  const own = createClaims();
  const keyOf = ({ name }: Operation, id: string) => shared.key(`made/${name}/${id}`);

  /** A claim of long before the attempt is of another record that had the same id: one that could be ours is newer. */
  const isOthers = (value: unknown, owner: string, sinceMs: number) =>
    isKept(value) && value.owner !== owner && value.atMs >= sinceMs - slackMs;

  return {
    isClaimed: async (operation, id, owner, sinceMs) => {
      if (await own.isClaimed(operation, id, owner, sinceMs)) return true;
      const kept = await shared.ask((store, nowMs) => store.get(keyOf(operation, id), nowMs));
      return isOthers(kept, owner, sinceMs);
    },
    claim: async (operation, id, owner, sinceMs) => {
      if (await own.isClaimed(operation, id, owner, sinceMs)) return false;
      const key = keyOf(operation, id);
      const mine: Kept = { owner, atMs: now() };
      const untilMs = now() + claimLifeMs;
      const kept = await shared.ask((store, nowMs) => store.putIfAbsent(key, mine, untilMs, nowMs));
      if (isOthers(kept, owner, sinceMs)) return false;
      if (kept !== undefined) await shared.ask((store) => store.put(key, mine, untilMs));
      return own.claim(operation, id, owner, sinceMs);
    },
  };
}
