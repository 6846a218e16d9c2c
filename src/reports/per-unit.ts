import { microToNumber } from '../workflows/numbers.ts';

/** Quantities of unlike units, kept apart: pieces and metres have no sum. */
export type PerUnit = ReadonlyMap<string, bigint>;

export function addUnits(sums: Map<string, bigint>, unit: string, micro: bigint): void {
  if (micro !== 0n) sums.set(unit || 'units', (sums.get(unit || 'units') ?? 0n) + micro);
}

/** `{ pcs: 12, m: 3.5 }`, by unit; what came to nothing is left out. */
export const unitsAsJson = (sums: PerUnit): Record<string, number> =>
  Object.fromEntries(
    [...sums]
      .filter(([, micro]) => micro !== 0n)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([unit, micro]) => [unit, microToNumber(micro)]),
  );
