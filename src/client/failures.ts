import { type ErrorDetails, OutcomeUnknown } from '../errors.ts';
import type { ApiRequest } from './compose.ts';

/**
 * How a request failed below HTTP. `notSent`: provably nothing left this machine, so any effect may be tried again.
 * `lost`: it left and its answer never came whole, so a write may have happened. `unreadable`: an answer came that cannot be
 * used, and asking again would bring the same. Never reaches the model: the retry
 * layer turns it into Unavailable or OutcomeUnknown. `reason` is in our own words.
 */
export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure';
  constructor(
    readonly outcome: 'notSent' | 'lost' | 'unreadable',
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/** Which record or list shows whether a write happened: `salesorders 123` or `the newest of salesorders`. */
export function whereToLook({ method, path }: ApiRequest): string {
  const parts = path.split('/').filter((part) => part !== '');
  const id = parts.findIndex((part) => /^\d+$/.test(part));
  const name = parts[0] ?? 'the records';
  if (id > 0) {
    const record = `${parts.slice(0, id).join(' ')} ${parts[id]}`;
    return method === 'DELETE' && id === parts.length - 1 ? `whether ${record} still exists` : `${record} as it is now`;
  }
  return `the newest of ${name} for what was sent`;
}

/** Of a write whose answer never came or cannot be read. */
export function outcomeUnknown(request: ApiRequest, reason: string, details: ErrorDetails = {}): OutcomeUnknown {
  return new OutcomeUnknown(
    `${request.operation} was sent, but ${reason}: it may or may not have been done. Before trying again read ${whereToLook(request)}.`,
    {
      ...details,
      facts: { operation: request.operation, method: request.method, path: request.path, ...details.facts },
    },
  );
}
