import { type OutcomeUnknown, Unavailable } from '../errors.ts';
import { isCallLimit, refusedByApi, waitAskedFor } from './call-limit.ts';
import type { ApiRequest, ApiResponse, Layer } from './compose.ts';
import { NetworkFailure, outcomeUnknown } from './failures.ts';
import { type Sleep, sleepUnlessCancelled } from './wait.ts';

export interface RetryOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: Sleep;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
  /** For all waits of one call together; the limiter below gets the same deadline. */
  readonly patienceMs: number;
}

const maxTries = 3;
const firstBackoffMs = 500;

/**
 * Outermost. What was refused before any work (429) or provably never left is tried again for every effect; a 5xx, a
 * broken connection and a timeout only for reads, because a write may have been done. What is left over in the end is
 * an error of `errors.ts` or a response for the envelope.
 */
export function createRetry({ now, sleep, random, patienceMs }: RetryOptions): Layer {
  return (next) => async (request, signal) => {
    const deadlineMs = request.deadlineMs ?? now() + patienceMs;
    const patient: ApiRequest = { ...request, deadlineMs };
    for (let tries = 1; ; tries += 1) {
      const outcome = await next(patient, signal).catch((error: unknown) => {
        if (error instanceof NetworkFailure) return error;
        throw error;
      });
      const backoffMs = firstBackoffMs * 2 ** (tries - 1) * (0.5 + random());
      const waitMs = outcome instanceof NetworkFailure ? backoffMs : (waitAskedFor(outcome, now()) ?? backoffMs);
      const mayTryAgain = isRepeatable(request, outcome) && tries < maxTries && now() + waitMs <= deadlineMs;
      if (!mayTryAgain) return concluded(request, outcome, waitMs, now());
      await sleepUnlessCancelled(sleep, waitMs, signal);
    }
  };
}

function isRepeatable(request: ApiRequest, outcome: ApiResponse | NetworkFailure): boolean {
  if (outcome instanceof NetworkFailure) {
    return outcome.outcome === 'notSent' || (outcome.outcome === 'lost' && request.effect === 'read');
  }
  return isCallLimit(outcome) || (outcome.status >= 500 && request.effect === 'read');
}

function concluded(
  request: ApiRequest,
  outcome: ApiResponse | NetworkFailure,
  waitMs: number,
  nowMs: number,
): ApiResponse {
  if (!(outcome instanceof NetworkFailure)) {
    if (!isCallLimit(outcome)) return outcome;
    throw refusedByApi(outcome, waitMs, nowMs);
  }
  throw lost(request, outcome);
}

function lost(request: ApiRequest, failure: NetworkFailure): Unavailable | OutcomeUnknown {
  const { outcome, reason } = failure;
  if (outcome === 'notSent') {
    return new Unavailable(`The API was not reached: ${reason}. Nothing was sent; try again in a minute.`, {
      cause: failure,
      nothingSent: true,
    });
  }
  if (request.effect !== 'read') return outcomeUnknown(request, reason, { cause: failure });
  const next = outcome === 'lost' ? 'Try again in a minute.' : 'Ask for fewer rows or one record.';
  return new Unavailable(`${request.operation} got no usable answer: ${reason}. ${next}`, { cause: failure });
}
