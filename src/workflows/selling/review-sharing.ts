import { minOf, sumOf } from '../numbers.ts';

export const sharingRules = ['oldest', 'most_complete'] as const;
export type SharingRule = (typeof sharingRules)[number];

/** What one order still needs to be packed: item and warehouse -> quantity in 1e-6 units. */
export interface Claimant {
  readonly id: string;
  readonly needs: ReadonlyMap<string, bigint>;
}

/** What an order gets under a rule, and what it then lacks. */
export interface Share {
  readonly gets: ReadonlyMap<string, bigint>;
  readonly lacks: ReadonlyMap<string, bigint>;
  readonly isWhole: boolean;
}

/** What there is of each; undefined where nothing limits it. */
export type Pool = (key: string) => bigint | undefined;

export const wantedOf = (claimants: readonly Claimant[], key: string): bigint =>
  sumOf(claimants.map(({ needs }) => needs.get(key) ?? 0n));

/** What is wanted beyond what there is. */
export function scarceKeys(claimants: readonly Claimant[], pool: Pool): string[] {
  const keys = new Set(claimants.flatMap(({ needs }) => [...needs.keys()]));
  return [...keys].filter((key) => {
    const there = pool(key);
    return there !== undefined && wantedOf(claimants, key) > there;
  });
}

/**
 * Shares what there is among orders that are given oldest first. `oldest`: each takes what it can get, even if it cannot
 * go whole. `most_complete`: orders that can go whole take first, those that use least of what is scarce before the
 * others, so that as many as possible go; the rest share what is left, oldest first.
 */
export function shareOut(claimants: readonly Claimant[], pool: Pool, rule: SharingRule): Map<string, Share> {
  const left = new Map<string, bigint>();
  const there = (key: string): bigint | undefined => left.get(key) ?? pool(key);
  const shares = new Map<string, Share>();
  const serve = ({ id, needs }: Claimant): void => {
    const gets = new Map<string, bigint>();
    const lacks = new Map<string, bigint>();
    for (const [key, need] of needs) {
      const stock = there(key);
      const got = stock === undefined ? need : stock <= 0n ? 0n : minOf(stock, need);
      if (stock !== undefined) left.set(key, stock - got);
      gets.set(key, got);
      if (got < need) lacks.set(key, need - got);
    }
    shares.set(id, { gets, lacks, isWhole: lacks.size === 0 });
  };
  if (rule === 'most_complete') {
    const scarce = scarceKeys(claimants, pool);
    const weight = ({ needs }: Claimant): bigint => sumOf(scarce.map((key) => needs.get(key) ?? 0n));
    const fits = ({ needs }: Claimant): boolean => [...needs].every(([key, need]) => (there(key) ?? need) >= need);
    // A sort keeps the order of equals: of two that weigh the same the older goes first.
    const lightest = [...claimants].sort((a, b) => (weight(a) < weight(b) ? -1 : weight(a) > weight(b) ? 1 : 0));
    for (const claimant of lightest) if (fits(claimant)) serve(claimant);
  }
  for (const claimant of claimants) if (!shares.has(claimant.id)) serve(claimant);
  return shares;
}

export const wholeOf = (shares: ReadonlyMap<string, Share>): number =>
  [...shares.values()].filter(({ isWhole }) => isWhole).length;
