/** More than 25 % up or down; from nothing to something counts. Rates in 1e-6. */
export function isPriceJump(before: bigint, after: bigint): boolean {
  const change = after > before ? after - before : before - after;
  return change !== 0n && change * 4n > before;
}
