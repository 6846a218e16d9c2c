import { type ErrorKind, InventoryError } from '../errors.ts';

/** Kinds that say for certain that a write was refused. */
const refusals: ReadonlySet<ErrorKind> = new Set([
  'invalid_arguments',
  'denied',
  'confirmation_invalid',
  'unauthorized',
  'missing_scope',
  'not_found',
  'rejected',
  'rate_limited',
]);

/** True for every error of a run that is not provably a refusal. */
export const mayHaveWritten = (error: unknown): boolean =>
  !(error instanceof InventoryError) || !(error.nothingSent || refusals.has(error.kind));

/** A job that stopped half way says itself what it has done. */
export function statusAfter(error: unknown): 'failed' | 'partly_done' | 'unknown' {
  if (error instanceof InventoryError && error.kind === 'partly_done') return 'partly_done';
  return mayHaveWritten(error) ? 'unknown' : 'failed';
}

/** An error as it is recorded, to be told again. No third party's text stands in it. */
export function failureOf(error: unknown): Record<string, unknown> {
  const known = error instanceof InventoryError ? error : undefined;
  return {
    ...known?.facts,
    kind: known?.kind ?? 'unavailable',
    message: known?.message ?? 'The call broke off.',
  };
}
